use super::*;
use serde::Deserialize;

const DEFAULTS: &str = "\
[desk]
spares = 2
agency = \"A\"
rate = 0.5
[desk.paper]
copies = [1, 2]
[recorder]
shards = 64
[names]
";

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Desk {
    spares: u8,
    agency: String,
    rate: f64,
    paper: Paper,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Paper {
    copies: Vec<u8>,
}

fn with(user: &str) -> Result<Config, ConfigError> {
    Config::parse(DEFAULTS, Some((Path::new("my.toml"), user)))
}

fn refused(user: &str) -> String {
    with(user).unwrap_err().to_string()
}

#[test]
fn the_shipped_file_is_complete() {
    let config = Config::load(None).unwrap();
    let sections: Vec<_> = config.merged.keys().map(String::as_str).collect();
    assert_eq!(
        sections,
        [
            "desk", "handheld", "http", "instance", "log", "nats", "paper", "recorder", "region", "verify",
            "webhooks"
        ]
    );
    for (section, values) in &config.merged {
        assert!(!values.as_table().unwrap().is_empty(), "[{section}] is empty");
    }
}

#[test]
fn a_user_file_overrides_key_by_key() {
    let config = with("[desk]\nspares = 5\nrate = 1\npaper.copies = [9]\n").unwrap();
    let desk: Desk = config.section("desk").unwrap();
    let expected = Desk { spares: 5, agency: "A".into(), rate: 1.0, paper: Paper { copies: vec![9] } };
    assert_eq!(desk, expected);
}

#[test]
fn a_table_without_keys_takes_the_users_names() {
    let config = with("[names]\nkarasay = \"x\"\n").unwrap();
    let names: std::collections::BTreeMap<String, String> = config.section("names").unwrap();
    assert_eq!(names.get("karasay").map(String::as_str), Some("x"));
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_nearest_key() {
    let message = refused("# mine\n[desk]\nagency = \"B\"\nspare = 3\n");
    assert!(message.starts_with("my.toml, line 4: there is no setting `desk.spare`"), "{message}");
    assert!(message.contains("did you mean `desk.spares`?"), "{message}");
}

#[test]
fn an_unknown_section_and_a_key_in_the_wrong_place_are_refused() {
    let message = refused("[recoder]\nshards = 1\n");
    assert!(message.contains("line 1") && message.contains("did you mean `recorder`?"), "{message}");
    let message = refused("shards = 1\n");
    assert!(message.contains("did you mean `recorder.shards`?"), "{message}");
    let message = refused("[desk]\nfrobnicate = 1\n");
    assert!(!message.contains("did you mean"), "{message}");
}

#[test]
fn a_value_of_another_kind_is_refused_with_its_line() {
    let message = refused("[desk]\n\nspares = \"two\"\n");
    assert_eq!(message, "my.toml, line 3: `desk.spares` is a text in quotes, but has to be a whole number");
    let message = refused("desk = 4\n");
    assert!(message.contains("`desk` is a whole number, but has to be a section"), "{message}");
}

#[test]
fn a_value_out_of_range_names_its_key_though_others_are_set_too() {
    let config = with("[desk]\nagency = \"B\"\nspares = 300\npaper.copies = [3]\n").unwrap();
    let message = config.section::<Desk>("desk").unwrap_err().to_string();
    assert!(message.starts_with("my.toml, line 3: `desk.spares` can't be used: "), "{message}");
    let config = with("[desk]\nagency = \"B\"\n[desk.paper]\ncopies = [3, -1]\n").unwrap();
    let message = config.section::<Desk>("desk").unwrap_err().to_string();
    assert!(message.starts_with("my.toml, line 4: `desk.paper.copies` can't be used: "), "{message}");
}

#[test]
fn a_rule_of_a_room_names_file_and_line() {
    let config = with("[recorder]\nshards = 0\n").unwrap();
    let message = config.invalid("recorder", "shards", "at least one shard is needed").to_string();
    assert_eq!(message, "my.toml, line 2: `recorder.shards` can't be used: at least one shard is needed");
    let message = config.invalid("desk", "spares", "x").to_string();
    assert!(message.contains("shipped with the program"), "{message}");
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let message = refused("[desk]\nspares = \n");
    assert!(message.starts_with("my.toml, line 2: this is no TOML: "), "{message}");
    let message = refused("[desk]\nspares = 1\nspares = 2\n");
    assert!(message.starts_with("my.toml, line 3: this is no TOML: "), "{message}");
}

#[test]
fn a_missing_file_and_a_missing_section_are_refused() {
    let error = Config::load(Some(Path::new("/nonexistent/propusk.toml"))).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/propusk.toml"), "{error}");
    let error = Config::load(None).unwrap().section::<Desk>("dusk").unwrap_err();
    assert!(matches!(error, ConfigError::NoSection { .. }));
}
