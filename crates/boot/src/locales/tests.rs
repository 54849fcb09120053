use super::*;

const SAMPLE: &[File] = &[
    (
        "en",
        "a.ftl",
        "copies = { $n ->\n    [one] one copy\n   *[other] { $n } copies\n }\nonly-english = Only { $what }\n",
    ),
    (
        "ru",
        "a.ftl",
        "copies = { $n ->\n    [one] { $n } копия\n    [few] { $n } копии\n   *[many] { $n } копий\n }\n",
    ),
    ("ky", "a.ftl", "copies = { $n ->\n    [one] { $n } нуска\n   *[other] { $n } нуска\n }\n"),
];

#[test]
fn sentences_follow_each_languages_plural() {
    let locales = Locales::from_files(SAMPLE);
    let copies = |language, n: i64| locales.text(language, "copies", &[("n", n.into())]);
    assert_eq!(copies(Language::En, 1), "one copy");
    assert_eq!(copies(Language::En, 3), "3 copies");
    assert_eq!(copies(Language::Ru, 1), "1 копия");
    assert_eq!(copies(Language::Ru, 3), "3 копии");
    assert_eq!(copies(Language::Ru, 11), "11 копий");
    assert_eq!(copies(Language::Ky, 5), "5 нуска");
}

#[test]
fn a_missing_sentence_comes_in_english_and_then_as_its_id() {
    let locales = Locales::from_files(SAMPLE);
    // No direction marks stand around the argument.
    assert_eq!(locales.text(Language::Ky, "only-english", &[("what", "нуска".into())]), "Only нуска");
    assert_eq!(locales.text(Language::Ky, "only-english", &[]), "Only {$what}");
    assert_eq!(locales.text(Language::Ru, "no-such-id", &[]), "no-such-id");
    assert!(locales.has(Language::En, "only-english") && !locales.has(Language::Ru, "only-english"));
}

#[test]
fn every_embedded_sentence_exists_in_all_three_languages_with_the_same_variables() {
    assert_eq!(Locales::discrepancies(), Vec::<String>::new());
    let _ = Locales::embedded();
}

#[test]
fn the_check_finds_every_kind_of_difference() {
    let found = check::discrepancies(&[
        (
            "en",
            "a.ftl",
            "one = { $a }\ntwo = { one } { nowhere }\n    .label = x\nnumber = { NUMBER($n, minimumFractionDigits: 2) }\n",
        ),
        ("en", "b.ftl", "one = again { $a }\n"),
        ("ru", "a.ftl", "one = { $b }\ntwo = 2\nnumber = { $n }\n"),
        ("ky", "a.ftl", "one = { $a }\n= broken\ntwo = 2\n    .label = x\nnumber = { $n }\n"),
        ("kg", "a.ftl", ""),
    ]);
    let expected = [
        "en/b.ftl: one stands twice",
        "ky/a.ftl: ",
        "config/locales/kg is no language",
        "one: en uses {\"a\"}, ru uses {\"b\"}",
        "ru: two.label is missing",
        "en: two refers to nowhere",
    ];
    for start in expected {
        assert!(found.iter().any(|line| line.starts_with(start)), "{start} is not in {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn languages_are_read_as_people_and_systems_write_them() {
    for (text, language) in
        [("en", Language::En), ("ru-RU", Language::Ru), ("ky_KG.UTF-8", Language::Ky), ("RU", Language::Ru)]
    {
        assert_eq!(text.parse(), Ok(language));
    }
    assert!("kg".parse::<Language>().is_err() && "".parse::<Language>().is_err());
}

#[test]
fn the_environment_is_read_in_its_order() {
    let environment = |pairs: &'static [(&str, &str)]| {
        Language::from_environment(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(environment(&[("LANG", "ru_RU.UTF-8")]), Language::Ru);
    assert_eq!(environment(&[("LANG", "ru_RU.UTF-8"), ("LC_ALL", "ky_KG")]), Language::Ky);
    assert_eq!(environment(&[("LC_ALL", ""), ("LC_MESSAGES", "C"), ("LANG", "ru")]), Language::En);
    assert_eq!(environment(&[]), Language::En);
}
