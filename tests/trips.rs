//! Trips that read like real ones, through the real binary: `tests/trips/*.toml`, each with what it expects.

use std::path::Path;

use scenarios::Instance;
use serde_json::Value;

/// Where a trip's file ends and what is expected begins.
const EXPECTED: &str = "# ---- expected ----";

/// The trips: name, the traveller's part, and what is expected.
fn trips() -> Vec<(String, String, toml::Table)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("trips");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let (trip, expected) = text.split_once(EXPECTED).unwrap_or_else(|| panic!("{}", path.display()));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, trip.to_owned(), expected.parse().unwrap())
    };
    files.iter().map(read).collect()
}

/// True where a finding has the code, severity, subject and arguments that are expected.
fn fits(finding: &Value, expected: &toml::Table) -> bool {
    expected.iter().all(|(key, value)| {
        let found = match key.as_str() {
            "code" | "severity" | "subject" => &finding[key],
            argument => &finding["args"][argument],
        };
        found.as_str() == value.as_str()
    })
}

#[test]
fn every_trip_gets_the_answer_that_it_expects() {
    let instance = Instance::new();
    let trips = trips();
    assert!(trips.len() >= 20, "{}", trips.len());
    for (name, trip, expected) in &trips {
        let file = instance.write(&format!("{name}.toml"), trip);
        let today = expected["today"].as_str().unwrap();
        let run = |more: &[&str]| {
            instance.run(&[&["verify", "trip", file.to_str().unwrap(), "--today", today], more].concat())
        };
        let answer = run(&["--json"]);
        assert_eq!(
            i64::from(answer.status),
            expected["exit"].as_integer().unwrap(),
            "{name}\n{}{}",
            answer.stdout,
            answer.stderr
        );
        let findings = answer.json_lines();
        for wanted in expected["expect"].as_array().unwrap() {
            let wanted = wanted.as_table().unwrap();
            assert!(
                findings.iter().any(|found| fits(found, wanted)),
                "{name}: no {wanted}\n{}",
                answer.stdout
            );
        }
        for absent in expected["absent"].as_array().unwrap() {
            assert!(
                findings.iter().all(|found| found["code"] != absent.as_str().unwrap()),
                "{name}: {absent}"
            );
        }
        for finding in &findings {
            for key in ["code", "severity", "message", "source", "as_of"] {
                assert!(
                    finding[key].as_str().is_some_and(|text| !text.is_empty()),
                    "{name}: {key} of {finding}"
                );
            }
        }
        let no = findings.iter().any(|found| found["severity"] == "blocks" || found["severity"] == "needs");
        assert_eq!(answer.status, i32::from(no), "{name}");
        for (language, source) in [("en", "Source: "), ("ru", "Источник: "), ("ky", "Булак: ")] {
            let told = run(&["--lang", language]);
            assert_eq!(told.status, answer.status);
            assert_eq!(told.stdout.matches(source).count(), findings.len(), "{name}\n{}", told.stdout);
            assert!(!told.stdout.contains("none") && !told.stdout.contains("{$"), "{name}\n{}", told.stdout);
        }
    }
}

#[test]
fn a_misspelt_name_is_answered_with_its_line_and_the_nearest_spelling() {
    let instance = Instance::new();
    let trip = "nationality = \"FR\"\n\n[[crossing]]\nat = \"Irkestam\"\ndirection = \"entering\"\ndate = \"2026-06-01\"\n\n[[stop]]\ndate = \"2026-06-02\"\nplaces = [\"Kol-Su\"]\n\n[[permit]]\nzones = [\"Narin\"]\nvalid_from = \"2026-06-01\"\nvalid_to = \"2026-06-30\"\n";
    let check = |name: &str, text: &str| {
        let file = instance.write(name, text);
        instance.run(&["verify", "trip", file.to_str().unwrap()]).expect(2).stderr
    };
    let said = check("typo.toml", trip);
    for words in [
        ["4: crossing[1].at", "irkeshtam"],
        ["10: stop[1].places[1]", "kol-suu"],
        ["13: permit[1].zones[1]", "naryn"],
    ] {
        assert!(words.iter().all(|word| said.contains(word)), "{words:?}: {said}");
    }
    assert!(check("key.toml", "nationality = \"FR\"\nnation = 1\n").contains("nation"));
    assert!(
        check("date.toml", "nationality = \"FR\"\npassport_expiry = \"31.02.2026\"\n").contains("31.02.2026")
    );
    assert!(check("who.toml", "nationality = \"UTO\"\n").contains("UTO"));
    assert!(check("not.json", "{").contains("not.json"));
    let backwards = "{\"nationality\":\"FR\",\"stop\":[{\"date\":\"2026-06-02\",\"until\":\"2026-06-01\",\"places\":[\"Arpa\"]}]}";
    assert!(check("back.json", backwards).contains("stop[1].until"));
    assert!(instance.run(&["verify", "trip", "nowhere.toml"]).expect(2).stderr.contains("nowhere.toml"));
}

#[test]
fn the_deadlines_go_into_a_calendar() {
    let instance = Instance::new();
    let (_, trip, _) = trips().swap_remove(6);
    let file = instance.write("trip.toml", trip);
    let make = |name: &str, lang: &str| {
        let out = instance.path(name);
        let arguments = ["verify", "trip", file.to_str().unwrap(), "--today", "2026-05-01", "--lang", lang];
        let _ = instance.run(&[&arguments[..], &["--calendar", out.to_str().unwrap()]].concat());
        std::fs::read_to_string(out).unwrap()
    };
    let calendar = make("a.ics", "ky");
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && calendar.ends_with("END:VCALENDAR\r\n")
    );
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{calendar}");
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), calendar.matches("END:VEVENT").count());
    assert_eq!(calendar, make("b.ics", "ky"), "the same trip gives the same bytes");
    let plain = make("c.ics", "en").replace("\r\n ", "");
    for part in [
        "UID:tip-ends-tip-2026-04-01-20270401@propusk",
        "DTSTART;VALUE=DATE:20270401",
        "DTEND;VALUE=DATE:20270402",
    ] {
        assert!(plain.contains(part), "{part}\n{plain}");
    }
    let ids: Vec<&str> = plain.lines().filter(|line| line.starts_with("UID:")).collect();
    let once: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), once.len(), "{ids:?}");
}

#[test]
fn a_region_file_is_checked_with_line_numbers() {
    let instance = Instance::new();
    let shipped = propusk_region::DEFAULT_TOML;
    assert!(instance.run(&["verify", "region"]).expect(0).stdout.contains("no fault"));
    assert_eq!(instance.run(&["verify", "region", "--json"]).expect(0).stdout, "");
    let broken = shipped.replacen("source = \"guide\"\n", "", 1).replacen(
        "posts = [\"bor-dobo\"]",
        "posts = [\"bor-doba\"]",
        1,
    );
    let file = instance.write("region.toml", &broken);
    let answer = instance.run(&["verify", "region", file.to_str().unwrap(), "--json"]).expect(1);
    let faults = answer.json_lines();
    assert_eq!(faults.len(), 2, "{}", answer.stdout);
    assert_eq!(
        (faults[0]["code"].as_str(), faults[1]["code"].as_str()),
        (Some("missing-source"), Some("unknown-reference"))
    );
    let line = broken.lines().position(|line| line.contains("bor-doba")).unwrap() + 1;
    assert_eq!(faults[1]["line"], line);
    assert!(faults[1]["message"].as_str().unwrap().contains("bor-dobo"), "{}", answer.stdout);

    let state = |day: &str, id: &str| {
        let rows = instance.run(&["verify", "region", "--as-of", day, "--json"]).expect(0).json_lines();
        rows.iter().find(|row| row["id"] == id).map(|row| row["state"].as_str().unwrap().to_owned()).unwrap()
    };
    assert_eq!(state("2025-06-01", "resolution-855-55-countries"), "not-yet");
    assert_eq!(state("2026-06-01", "resolution-855-55-countries"), "start-unknown");
    assert_eq!(state("2026-02-18", "spring-festival-2026"), "in-force");
    assert_eq!(state("2026-02-18", "spring-festival-2026-first-irkeshtam"), "replaced");
    assert_eq!(state("2026-03-01", "spring-festival-2026"), "ended");
}

#[test]
fn the_desk_says_of_an_order_s_route_what_the_traveller_is_told() {
    let instance = Instance::new();
    let order =
        r#"{"zones":["naryn"],"route":["kol-suu","karasay"],"valid_from":"2026-06-01","travellers":[]}"#;
    let file = instance.write("order.json", order);
    let check = |today: &str| {
        let run = ["desk", "check", file.to_str().unwrap(), "--today", today, "--json"];
        let findings = instance.run(&run).expect(1).json_lines();
        let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
        findings
            .iter()
            .map(|finding| (code(finding), finding["severity"].as_str().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let times = |found: &[(String, String)], code: &str| found.iter().filter(|(one, _)| one == code).count();
    let early = check("2026-03-01");
    assert_eq!(times(&early, "stop-not-covered"), 1, "said once: {early:?}");
    assert!(early.contains(&("posts-unnamed".to_owned(), "warning".to_owned())), "{early:?}");
    assert_eq!(times(&early, "lead-time-too-short"), 0);
    assert_eq!(times(&check("2026-05-31"), "lead-time-too-short"), 1);
}
