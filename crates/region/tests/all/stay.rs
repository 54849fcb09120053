//! The stay rules by table: leap days, same-day exits and entries, date lines, and each version of the rule.

use crate::guide::{ask_on, find};
use jiff::civil::date;
use propusk_region::{Trip, TripCode as Code, TripSeverity as Severity};
use std::fmt::Write as _;

const GUIDE: &str = "visa-free-60-guide";
const R541: &str = "resolution-541";

/// Stays through the airport; the last is the trip, the others are earlier.
fn trip(stays: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let Some(((entered, left), earlier)) = stays.split_last() else { return text };
    for (entered, left) in earlier {
        let _ = writeln!(text, "[[earlier_stay]]\nentered = \"{entered}\"\nleft = \"{left}\"");
    }
    for (direction, day) in [("entering", entered), ("leaving", left)] {
        let _ = writeln!(text, "[[crossing]]\nat = \"Manas\"\ndirection = \"{direction}\"\ndate = \"{day}\"");
    }
    text
}

/// What one rule says of the trip: used, left, latest exit, earliest re-entry after it.
fn says(rule: &str, stays: &[(&str, &str)]) -> [String; 4] {
    let answer = ask_on(date(2024, 1, 1), &trip(stays));
    let days = find(&answer, Code::StayDays, rule).unwrap();
    let back = find(&answer, Code::EarliestReentry, rule).unwrap();
    let arg = |name| days.arg(name).unwrap_or("-").to_owned();
    [arg("used"), arg("days_left"), arg("latest_exit"), back.arg("earliest").unwrap().to_owned()]
}

#[test]
fn days_of_entry_and_exit_count_and_february_has_its_leap_day() {
    for (rule, stays, expected) in [
        // One day: entered and left on the same day.
        (GUIDE, &[("2024-06-01", "2024-06-01")][..], ["1", "59", "2024-07-30", "2024-06-03"]),
        // 2024 has a 29 February, 2025 has none.
        (GUIDE, &[("2024-02-01", "2024-03-31")], ["60", "0", "2024-03-31", "2024-05-31"]),
        (GUIDE, &[("2025-02-01", "2025-03-31")], ["59", "1", "2025-04-01", "2025-05-30"]),
        (R541, &[("2024-02-01", "2024-03-31")], ["60", "0", "2024-03-31", "2024-05-31"]),
        (R541, &[("2028-02-29", "2028-02-29")], ["1", "59", "2028-04-28", "2028-03-01"]),
        // "Leaving with X < 60 used: at least X days outside; 60 - X days remain."
        (
            GUIDE,
            &[("2024-06-01", "2024-06-20"), ("2024-07-11", "2024-07-20")],
            ["30", "30", "2024-08-19", "2024-08-20"],
        ),
        // "Leaving with all 60 days used: 60 days outside before re-entry", and everything begins anew.
        (
            GUIDE,
            &[("2024-06-01", "2024-07-30"), ("2024-09-29", "2024-09-30")],
            ["2", "58", "2024-11-27", "2024-10-03"],
        ),
        // Same-day exit and entry: that day is used once.
        (
            R541,
            &[("2024-06-01", "2024-06-10"), ("2024-06-10", "2024-06-20")],
            ["20", "40", "2024-07-30", "2024-06-21"],
        ),
        // The window moves on: the first stay's days have left it.
        (
            R541,
            &[("2024-01-01", "2024-02-29"), ("2024-04-30", "2024-05-09")],
            ["60", "0", "2024-06-28", "2024-05-10"],
        ),
    ] {
        let expected = expected.map(str::to_owned);
        let mut found = says(rule, stays);
        if expected[3] == "-" {
            "-".clone_into(&mut found[3]);
        }
        assert_eq!(found, expected, "{rule} {stays:?}");
    }
}

#[test]
fn an_overstay_is_counted_to_the_day() {
    for (left, over) in [("2024-07-30", None), ("2024-07-31", Some("1")), ("2024-08-09", Some("10"))] {
        let answer = ask_on(date(2024, 1, 1), &trip(&[("2024-06-01", left)]));
        for rule in [GUIDE, R541] {
            let found = find(&answer, Code::StayOverstay, rule);
            assert_eq!(found.and_then(|found| found.arg("over")), over, "{rule} {left}");
            let last = found.map(|found| found.arg("latest_exit"));
            assert!(last.is_none_or(|day| day == Some("2024-07-30")), "{rule} {left}");
        }
        // The guide names France; the resolution's list does not.
        let severity = |rule| find(&answer, Code::StayOverstay, rule).map(|found| found.severity);
        assert_eq!(severity(GUIDE), over.map(|_| Severity::Blocks));
        assert_eq!(severity(R541), over.map(|_| Severity::Needs));
    }
}

#[test]
fn re_entry_one_day_too_early_is_refused_by_the_guide_and_not_by_the_window() {
    for (entered, early) in [("2024-07-10", true), ("2024-07-11", false)] {
        let answer =
            ask_on(date(2024, 1, 1), &trip(&[("2024-06-01", "2024-06-20"), (entered, "2024-07-12")]));
        let found = find(&answer, Code::ReentryTooEarly, GUIDE);
        assert_eq!(found.is_some(), early, "{entered}");
        assert!(found.is_none_or(|found| found.arg("earliest") == Some("2024-07-11")));
        assert!(find(&answer, Code::ReentryTooEarly, R541).is_none());
        // Once the guide's wait is over both allow the same days.
        assert_eq!(find(&answer, Code::StaySourcesDisagree, "stay").is_some(), early);
    }
    // By the window: all sixty days are used, and the first of them leaves the window 120 days after it.
    let answer =
        ask_on(date(2024, 1, 1), &trip(&[("2024-06-01", "2024-07-30"), ("2024-09-27", "2024-09-28")]));
    let found = find(&answer, Code::ReentryTooEarly, R541).unwrap();
    assert_eq!(found.arg("earliest"), Some("2024-09-29"));
}

/// "The exit does not suspend the period": the guide against itself, told and not decided.
#[test]
fn the_guides_contradiction_is_told() {
    let answer =
        ask_on(date(2024, 1, 1), &trip(&[("2024-06-01", "2024-06-20"), ("2024-07-11", "2024-07-20")]));
    let found = find(&answer, Code::StayPeriodRunsOn, GUIDE).unwrap();
    assert_eq!(
        (found.severity, found.arg("latest_exit"), found.source.as_str()),
        (Severity::Warns, Some("2024-07-30"), "guide")
    );
    assert!(found.arg("note").is_some_and(|note| note.contains("clashes")));
}

#[test]
fn the_version_is_picked_by_the_day_of_entry() {
    let rules = |nationality: &str, document: &str, group: &str, day: &str| {
        let text = format!(
            "nationality = \"{nationality}\"\n{document}{group}passport_expiry = \"2035-01-01\"\n[[crossing]]\nat = \"Manas\"\ndirection = \"entering\"\ndate = \"{day}\"\n"
        );
        let answer = crate::shipped().check_trip(&Trip::from_toml(&text).unwrap(), date(2024, 1, 1)).unwrap();
        let days = answer.findings.iter().filter(|finding| finding.code == Code::StayDays);
        let told: Vec<String> =
            days.map(|f| format!("{} {}", f.subject, f.arg("applies").unwrap())).collect();
        (told.join("; "), answer.findings.iter().any(|f| f.code == Code::VisaFreeNotConfirmed))
    };
    let (guide, r541, r855) =
        (format!("{GUIDE} named"), format!("{R541} perhaps"), "resolution-855-55-countries perhaps");
    for (nationality, day, expected, unconfirmed) in [
        ("FR", "2023-10-27", guide.clone(), false),
        ("FR", "2023-10-28", format!("{guide}; {r541}"), false),
        ("FR", "2025-12-30", format!("{guide}; {r541}"), false),
        ("FR", "2025-12-31", format!("{guide}; {r541}; {r855}"), false),
        ("AUT", "2026-06-01", format!("{GUIDE} perhaps; {r541}; resolution-855-55-countries named"), false),
        ("UZ", "2026-06-01", format!("{R541} named; uz-2026 named"), false),
        ("KZ", "2026-06-01", "eaeu-2026 named".to_owned(), false),
        ("TR", "2026-06-01", "rs-tr-ua-mn-2026 named".to_owned(), false),
        ("SA", "2026-06-01", "gulf-2026 named".to_owned(), false),
        ("VN", "2026-06-01", format!("{GUIDE} perhaps; {r541}; {r855}"), true),
        ("KG", "2026-06-01", String::new(), false),
    ] {
        assert_eq!(rules(nationality, "", "", day), (expected, unconfirmed), "{nationality} {day}");
    }
    let laissez_passer = rules("FR", "document = \"un-laissez-passer\"\n", "", "2026-06-01");
    assert_eq!(laissez_passer, ("un-laissez-passer-2026 named".to_owned(), false));
    assert_eq!(
        rules("CN", "", "organised_group = 10\n", "2026-06-01"),
        ("cn-groups named".to_owned(), false)
    );
    assert!(rules("CN", "", "organised_group = 4\n", "2026-06-01").1);
}

/// A ticket has another country's date: what counts is the day in Kyrgyzstan (UTC+6).
#[test]
fn a_moment_with_its_offset_is_a_kyrgyz_day() {
    for (moment, day) in [
        ("2024-06-01T23:30+08:00", "2024-06-01"),
        ("2024-06-02T01:59+08:00", "2024-06-01"),
        ("2024-06-02T02:00+08:00", "2024-06-02"),
        ("2024-06-01T20:00-07:00", "2024-06-02"),
        ("2024-02-29T11:00-10:00", "2024-03-01"),
        ("2024-06-01T18:00:00Z", "2024-06-02"),
    ] {
        let text = format!("[[crossing]]\nat = \"Manas\"\ndirection = \"entering\"\nmoment = \"{moment}\"\n");
        let answer = ask_on(date(2024, 1, 1), &text);
        let found = find(&answer, Code::StayDays, GUIDE).unwrap();
        assert_eq!(found.arg("entered"), Some(day), "{moment}");
    }
}
