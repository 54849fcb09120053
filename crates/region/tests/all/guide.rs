//! The guide's own sentences (DOMAIN.md, "From the guide"), each as a case of the trip check, with its source.

use crate::shipped;
use jiff::civil::{Date, date};
use propusk_region::{Assessment, Trip, TripCode as Code, TripFinding, TripSeverity as Severity};

/// A French traveller with a good passport, and what a test adds.
pub(crate) fn ask_on(today: Date, more: &str) -> Assessment {
    let text = format!("nationality = \"FR\"\npassport_expiry = \"2035-01-01\"\n{more}");
    shipped().check_trip(&Trip::from_toml(&text).unwrap(), today).unwrap()
}

pub(crate) fn ask(more: &str) -> Assessment {
    ask_on(date(2024, 3, 1), more)
}

fn crossing(at: &str, direction: &str, mode: &str) -> String {
    format!(
        "[[crossing]]\nat = \"{at}\"\ndirection = \"{direction}\"\ndate = \"2024-07-10\"\nmode = \"{mode}\"\n"
    )
}

pub(crate) fn find<'a>(assessment: &'a Assessment, code: Code, subject: &str) -> Option<&'a TripFinding> {
    assessment.findings.iter().find(|finding| finding.code == code && finding.subject == subject)
}

/// The finding, which must be there and be the guide's.
fn by_guide(assessment: &Assessment, code: Code, subject: &str) -> TripFinding {
    let found = find(assessment, code, subject).unwrap_or_else(|| panic!("no {code} {subject}"));
    assert_eq!((found.source.as_str(), found.as_of.to_string().as_str()), ("guide", "2024"), "{found:?}");
    found.clone()
}

/// "Five restricted zones: Chuy (Chong-Kemin valley); Issyk-Kul (Karkyra, …); Naryn …; Osh …; Batken …".
#[test]
fn each_place_of_the_guide_needs_its_zone() {
    for (zone, places) in [
        ("chuy", &["Chong-Kemin valley"][..]),
        (
            "issyk-kul",
            &[
                "Karkyra",
                "Sary-Jaz",
                "Engilchek",
                "Khan-Tengri national park",
                "Sarychat-Ertash reserve",
                "Ak-Shyrak",
                "Karasay checkpoint",
            ],
        ),
        (
            "naryn",
            &["Ak-Say valley", "Kol-Suu lake", "Kok-Kiya canyon", "Chatyr-Kul lake", "Torugart checkpoint"],
        ),
        ("osh", &["Trans-Alai range", "Lenin peak"]),
        ("batken", &["Kadamjay", "Leilek", "Batken district"]),
    ] {
        for place in places {
            let answer = ask(&format!("[[stop]]\ndate = \"2024-07-10\"\nplaces = [\"{place}\"]\n"));
            assert_eq!(by_guide(&answer, Code::ZonePermitNeeded, zone).severity, Severity::Needs, "{place}");
            assert!(!answer.is_yes(), "{place}");
        }
    }
}

/// "About 2,500 som for one zone, 3,500 for two, 5,000 for all (4–5). No price for three."
#[test]
fn the_price_is_the_guides_and_none_for_three_zones() {
    let places = ["Chong-Kemin", "Karkyra", "Kol-Suu", "Lenin peak", "Leilek"];
    for (count, price) in
        [(1, Some("2500")), (2, Some("3500")), (3, None), (4, Some("5000")), (5, Some("5000"))]
    {
        let answer = ask(&format!("[[stop]]\ndate = \"2024-07-10\"\nplaces = {:?}\n", &places[..count]));
        match price {
            Some(price) => {
                assert_eq!(by_guide(&answer, Code::PermitPrice, "price").arg("amount"), Some(price));
            }
            None => assert_eq!(by_guide(&answer, Code::PermitPriceUnknown, "price").arg("zones"), Some("3")),
        }
    }
}

/// "A permit is valid one month; it can be extended 'up to 2 months'. Total or extra is not said."
#[test]
fn a_permit_lasts_a_month_and_can_be_extended() {
    let stay = |until: &str| {
        ask(&format!("[[stop]]\ndate = \"2024-07-01\"\nuntil = \"{until}\"\nplaces = [\"Arpa\"]\n"))
    };
    assert!(find(&stay("2024-07-31"), Code::PermitTermShort, "term").is_none());
    let short = by_guide(&stay("2024-08-01"), Code::PermitTermShort, "term");
    assert_eq!((short.severity, short.arg("until")), (Severity::Warns, Some("2024-07-31")));
    assert!(short.arg("note").is_some_and(|note| note.contains("not stated")));
    assert_eq!(by_guide(&stay("2024-09-01"), Code::PermitTermTooLong, "term").severity, Severity::Needs);
    let held = ask(
        "[[stop]]\ndate = \"2024-07-01\"\nplaces = [\"Arpa\"]\n[[permit]]\nzones = [\"naryn\"]\nvalid_from = \"2024-07-01\"\nvalid_to = \"2024-07-31\"\n",
    );
    assert_eq!(by_guide(&held, Code::PermitExtension, "permit-1").arg("until"), Some("2024-08-31"));
}

/// "Leaves a copy at each military checkpoint; the passport is asked for."
#[test]
fn a_copy_for_each_checkpoint() {
    let answer = ask(
        "[[stop]]\ndate = \"2024-07-10\"\nplaces = [\"Karasay\", \"Tash Rabat - Torugart - Ak-Say - Kol-Suu\"]\n",
    );
    let copies = by_guide(&answer, Code::CopiesNeeded, "copies");
    assert_eq!((copies.arg("copies"), copies.arg("posts")), (Some("2"), Some("karasay, torugart")));
}

/// "Ak-Tilek is for goods trucks only"; "Izboskan for pedestrians and cyclists only".
#[test]
fn two_crossings_are_for_some_only() {
    for (at, allowed) in [("Ak-Tilek", &["truck"][..]), ("Izboskan", &["pedestrian", "bicycle"])] {
        let id = at.to_lowercase();
        for mode in ["pedestrian", "bicycle", "motorcycle", "car", "bus", "truck"] {
            let answer = ask(&crossing(at, "entering", mode));
            let denied = find(&answer, Code::CrossingModeDenied, &id).map(|found| found.severity);
            assert_eq!(denied.is_none(), allowed.contains(&mode), "{at} {mode}");
            if denied.is_some() {
                assert_eq!(by_guide(&answer, Code::CrossingModeDenied, &id).severity, Severity::Blocks);
            }
        }
    }
}

/// "Kyzyl-Art needs a permission of the Tourism Department and, towards Tajikistan, a GBAO permit."
#[test]
fn kyzyl_art_needs_papers_by_direction() {
    let entering = ask(&crossing("Kyzyl-Art", "entering", "car"));
    let leaving = ask(&format!(
        "[[crossing]]\nat = \"Manas\"\ndirection = \"entering\"\ndate = \"2024-07-01\"\n{}",
        crossing("Kyzyl-Art", "leaving", "car")
    ));
    for (answer, gbao) in [(&entering, false), (&leaving, true)] {
        by_guide(answer, Code::CrossingPaperNeeded, "kyzyl-art:tourism-department-permission");
        assert_eq!(find(answer, Code::CrossingPaperNeeded, "kyzyl-art:gbao-permit").is_some(), gbao);
        // Two later pages disagree, and both are shown.
        let dropped = find(answer, Code::CrossingPaperDropped, "kyzyl-art").unwrap();
        let disputed = find(answer, Code::CrossingDisputed, "kyzyl-art").unwrap();
        assert!(dropped.source != disputed.source && dropped.source != "guide");
    }
}

/// "Irkeshtam closes 11–14 on the Kyrgyz side and 13–16 on the Chinese (Kyrgyz time)."
#[test]
fn irkeshtam_has_two_lunch_breaks() {
    for (time, sides) in [
        ("10:59", &[][..]),
        ("11:00", &["kg"]),
        ("13:30", &["kg", "other"]),
        ("14:00", &["other"]),
        ("16:00", &[]),
    ] {
        let answer = ask(&format!("{}time = \"{time}\"\n", crossing("Irkeshtam", "entering", "bus")));
        let met: Vec<_> = answer.findings.iter().filter(|f| f.code == Code::CrossingLunch).collect();
        let found: Vec<_> = met.iter().filter_map(|finding| finding.arg("side")).collect();
        assert_eq!(found, sides, "{time}");
        assert!(met.iter().all(|finding| finding.source == "guide"));
    }
}

/// "Torugart is snow-free late May to late September."
#[test]
fn torugart_has_a_season() {
    for (day, inside) in [
        ("2024-05-20", false),
        ("2024-05-21", true),
        ("2024-09-30", true),
        ("2024-10-01", false),
        ("2024-02-29", false),
    ] {
        let text = crossing("Torugart", "entering", "bus").replace("2024-07-10", day);
        let answer = ask(&text);
        assert_eq!(find(&answer, Code::CrossingOutOfSeason, "torugart").is_none(), inside, "{day}");
    }
}

/// "The other Tajik crossings were closed."
#[test]
fn the_other_tajik_crossings_are_spoken_of() {
    let answer = ask(&crossing("Kyzyl-Bel", "entering", "car"));
    assert!(
        by_guide(&answer, Code::CountryNote, "tj-others-closed")
            .arg("note")
            .is_some_and(|n| n.contains("closed"))
    );
    // Reopened in 2025 by a later page: in 2024 it was not open.
    assert_eq!(find(&answer, Code::CrossingNotYetOpen, "kyzyl-bel").unwrap().severity, Severity::Blocks);
}

/// "A TIP for 6–12 months, renewed at each entry to the customs union; no carnet; ecotax 500 / 1,000 / 2,500 som, not
/// when arriving through Kazakhstan; insurance compulsory since 2018."
#[test]
fn vehicles_need_a_tip_an_ecotax_and_insurance_but_no_carnet() {
    for (kind, amount) in [("motorcycle", "500"), ("car", "1000"), ("truck", "2500")] {
        let vehicle = format!("[vehicle]\nkind = \"{kind}\"\nregistered_in = \"FR\"\n");
        let answer = ask(&format!("{vehicle}{}", crossing("Dostyk", "entering", kind)));
        assert_eq!(by_guide(&answer, Code::VehicleEcotaxDue, "ecotax").arg("amount"), Some(amount));
        let tip = by_guide(&answer, Code::VehicleTipAtEntry, "dostyk");
        assert_eq!((tip.arg("until_shortest"), tip.arg("until")), (Some("2025-01-10"), Some("2025-07-10")));
        by_guide(&answer, Code::VehicleNoCarnet, "carnet");
        assert_eq!(by_guide(&answer, Code::VehicleInsuranceNeeded, "insurance").severity, Severity::Needs);
        let by_kazakhstan = ask(&format!("{vehicle}{}", crossing("Korday", "entering", kind)));
        assert_eq!(by_guide(&by_kazakhstan, Code::VehicleEcotaxNotDue, "ecotax").arg("country"), Some("KZ"));
        by_guide(&by_kazakhstan, Code::VehicleTipFromUnion, "tip");
    }
    let own = ask(&format!(
        "[vehicle]\nkind = \"car\"\nregistered_in = \"KZ\"\n{}",
        crossing("Dostyk", "entering", "car")
    ));
    by_guide(&own, Code::VehicleNoTip, "tip");
}

/// The "passport validity against trip and permit".
#[test]
fn a_passport_must_outlast_trip_and_permit() {
    let trip = "[[stop]]\ndate = \"2024-07-10\"\nplaces = [\"Arpa\"]\n[[permit]]\nzones = [\"naryn\"]\nvalid_from = \"2024-07-01\"\nvalid_to = \"2024-07-31\"\n";
    for (expiry, code, severity) in [
        ("2024-07-09", Code::PassportExpiresOnTrip, Severity::Blocks),
        ("2024-07-10", Code::PassportExpiresBeforePermit, Severity::Needs),
        ("2024-07-31", Code::PassportGood, Severity::Tells),
    ] {
        let text = format!("nationality = \"FR\"\npassport_expiry = \"{expiry}\"\n{trip}");
        let answer = shipped().check_trip(&Trip::from_toml(&text).unwrap(), date(2024, 6, 1)).unwrap();
        assert_eq!(find(&answer, code, "passport").map(|found| found.severity), Some(severity), "{expiry}");
    }
}
