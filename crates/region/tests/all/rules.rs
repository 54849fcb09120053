//! Each rule of a region file, broken once in the shipped file.

use propusk_region::{BrokenRule, DEFAULT_TOML, NameKind, Region, RegionError};

/// The shipped file with the first `from` replaced; the line where it stood.
fn broken(from: &str, to: &str) -> (String, usize) {
    let offset = DEFAULT_TOML.find(from).unwrap_or_else(|| panic!("`{from}` is not in the shipped file"));
    let line = DEFAULT_TOML[..offset].matches('\n').count() + 1;
    (DEFAULT_TOML.replacen(from, to, 1), line)
}

/// Why a text is refused.
fn fault(text: &str) -> RegionError {
    let error = Region::from_toml(text, "my.toml").unwrap_err();
    assert!(error.to_string().starts_with(&format!("my.toml:{}: ", error.line)));
    error
}

/// The line (from 0) of the first header of each sort of table.
fn first_headers() -> Vec<usize> {
    let mut seen = std::collections::BTreeSet::new();
    let headers = DEFAULT_TOML.lines().enumerate().filter(|(_, line)| line.starts_with('['));
    let first: Vec<usize> = headers.filter(|(_, line)| seen.insert(*line)).map(|(index, _)| index).collect();
    assert!(first.len() >= 30, "{}", first.len());
    first
}

/// Appends tables to the shipped file.
fn with(tables: &str) -> String {
    format!("{DEFAULT_TOML}\n{tables}\nsource = \"guide\"\nas_of = \"2024\"\n")
}

/// Replaces once and expects a rule at the line (counted from where the replacement starts).
fn expect(from: &str, to: &str, lines_on: isize, rule: impl Fn(&BrokenRule) -> bool) -> RegionError {
    let (text, line) = broken(from, to);
    let error = fault(&text);
    assert!(rule(&error.rule), "{error}");
    assert_eq!(Some(error.line), line.checked_add_signed(lines_on), "{error}");
    error
}

#[test]
fn text_that_is_not_toml() {
    let error = expect("id = \"chuy\"", "id = \"chuy", 0, |rule| matches!(rule, BrokenRule::Syntax { .. }));
    assert_eq!(error.file, "my.toml");
}

#[test]
fn unknown_missing_and_mistyped_keys() {
    let shape = |rule: &BrokenRule| matches!(rule, BrokenRule::Shape { .. });
    let error = expect("bit = 0", "bits = 0", 0, shape);
    assert!(error.to_string().contains("unknown field `bits`, expected one of"), "{error}");
    let error = expect("bit = 0", "bit = \"0\"", 0, shape);
    assert_eq!(error.key, "zone[1].bit");
    let error = expect(
        "bit = 0\n",
        "",
        -2,
        |rule| matches!(rule, BrokenRule::Shape { reason } if reason.contains("bit")),
    );
    assert!(error.key.starts_with("zone"), "{error}");
}

#[test]
fn unknown_keys_are_refused_in_every_table() {
    for index in first_headers() {
        let mut lines: Vec<&str> = DEFAULT_TOML.lines().collect();
        lines.insert(index + 1, "surprise = 1");
        let error = fault(&lines.join("\n"));
        assert!(matches!(error.rule, BrokenRule::Shape { .. }), "{error}");
        assert_eq!(error.line, index + 2, "{error}");
    }
}

#[test]
fn another_schema() {
    expect("schema = 1", "schema = 2", 0, |rule| *rule == BrokenRule::Schema { found: 2, supported: 1 });
}

#[test]
fn a_table_without_source_or_date() {
    let missing_source = |rule: &BrokenRule| *rule == BrokenRule::MissingSource;
    for (key, rule) in [("source = ", BrokenRule::MissingSource), ("as_of = ", BrokenRule::MissingAsOf)] {
        let lines: Vec<&str> = DEFAULT_TOML.lines().collect();
        for index in first_headers().into_iter().filter(|index| lines[*index] != "[[source]]") {
            let taken = index + lines[index..].iter().position(|line| line.starts_with(key)).unwrap();
            let mut kept = lines.clone();
            kept.remove(taken);
            let error = fault(&kept.join("\n"));
            assert_eq!((&error.rule, error.line), (&rule, index + 1), "{}", lines[index]);
        }
    }
    expect("source = \"guide\"", "source = \" \"", 0, missing_source);
    let typo = |rule: &BrokenRule| matches!(rule, BrokenRule::UnknownSource { typed } if typed == "gudie");
    expect("source = \"guide\"", "source = \"gudie\"", 0, typo);
    expect("as_of = \"2024\"", "as_of = \"last year\"", 0, |rule| matches!(rule, BrokenRule::Shape { .. }));
}

#[test]
fn ids_must_be_well_formed_and_unique() {
    for id in ["Karasay", "kara_say", "-karasay", "kara--say", ""] {
        let (text, line) = broken("id = \"karasay\"", &format!("id = \"{id}\""));
        let found = Region::faults(&text, "f");
        let malformed = BrokenRule::MalformedId { id: id.to_owned() };
        assert!(found.iter().any(|fault| fault.rule == malformed && fault.line == line), "{id}: {found:?}");
    }
    let same = |rule: &BrokenRule| matches!(rule, BrokenRule::DuplicateId { id, .. } if id == "one-zone");
    let error = expect("id = \"two-zones\"", "id = \"one-zone\"", 0, same);
    let first = DEFAULT_TOML.lines().position(|line| line == "id = \"one-zone\"").unwrap() + 1;
    assert!(matches!(error.rule, BrokenRule::DuplicateId { first_line, .. } if first_line == first));
}

#[test]
fn a_spelling_leads_to_one_thing() {
    let error = expect("spellings = [\"Нарын\"", "spellings = [\"ЧУЙ\"", 0, |rule| {
        *rule
            == BrokenRule::DuplicateSpelling {
                spelling: "ЧУЙ".to_owned(),
                kind: NameKind::Zone,
                taken_by: "chuy".to_owned(),
            }
    });
    assert_eq!(error.key, "zone[3].spellings");
    let empty = |rule: &BrokenRule| matches!(rule, BrokenRule::EmptySpelling { .. });
    expect("spellings = [\"Нарын\"", "spellings = [\"-\"", 0, empty);
    // A route that is called like a place, and a place whose id is a post's spelling, could never be reached.
    let place =
        |rule: &BrokenRule| matches!(rule, BrokenRule::DuplicateSpelling { kind: NameKind::Place, .. });
    expect("spellings = [\"Naryn - Torugart\"]", "spellings = [\"Kol Suu\"]", 0, place);
    let post =
        |rule: &BrokenRule| matches!(rule, BrokenRule::DuplicateSpelling { kind: NameKind::Checkpoint, .. });
    expect("spellings = [\"Naryn - Torugart\"]", "spellings = [\"Torugart\"]", 0, post);
    expect("id = \"nurgazyk\"", "id = \"torougart\"", 0, post);
}

#[test]
fn references_lead_somewhere() {
    let to = |wanted: NameKind, name: &'static str, near: &'static str| {
        move |rule: &BrokenRule| match rule {
            BrokenRule::UnknownReference { kind, reference, nearest } => {
                *kind == wanted && reference == name && nearest.iter().any(|n| n == near)
            }
            _ => false,
        }
    };
    expect("zone = \"chuy\"", "zone = \"chui\"", 0, to(NameKind::Zone, "chui", "chuy"));
    expect(
        "zone = \"osh\"\nname = { en = \"Entry",
        "zone = \"ohs\"\nname = { en = \"Entry",
        0,
        to(NameKind::Zone, "ohs", "osh"),
    );
    let stops = "stops = [\"torugart\", \"ak-say\", \"kol-suu\"]";
    expect(
        stops,
        "stops = [\"torugart\", \"ak-say\", \"kel-suu\"]",
        0,
        to(NameKind::Place, "kel-suu", "kol-suu"),
    );
    expect("near = [\"kol-suu\"", "near = [\"kolsu\"", 0, to(NameKind::Place, "kolsu", "kol-suu"));
    expect("\nzones = [\"naryn\"]", "\nzones = [\"narin\"]", 1, to(NameKind::Zone, "narin", "naryn"));
    let express = "express_zones = [\"naryn\"]";
    expect(express, "express_zones = [\"narin\"]", 0, to(NameKind::Zone, "narin", "naryn"));
    let crossing = to(NameKind::Crossing, "torugat", "torugart");
    expect("crossings = [\"torugart\"]", "crossings = [\"torugat\"]", 0, crossing);
    expect("crossing = \"torugart\"", "crossing = \"torugat\"", 0, crossing);
    let rule = to(NameKind::VisaRule, "resolution-514", "resolution-541");
    expect("\"resolution-541\"]", "\"resolution-514\"]", 0, rule);
    // The overlap that this brings stands on an earlier line, so it is told first.
    let (text, line) = broken("\"spring-festival-2026-first-irkeshtam\",", "\"spring-festival\",");
    let notice = to(NameKind::Closure, "spring-festival", "spring-festival-2026");
    assert!(Region::faults(&text, "f").iter().any(|fault| notice(&fault.rule) && fault.line == line));
}

#[test]
fn a_bit_belongs_to_one_zone_and_fits_the_seal() {
    expect("bit = 4", "bit = 3", 0, |rule| {
        *rule == BrokenRule::DuplicateBit { bit: 3, taken_by: "osh".to_owned() }
    });
    expect("bit = 4", "bit = 32", 0, |rule| *rule == BrokenRule::BitOutOfRange { bit: 32 });
}

#[test]
fn a_tariff_has_a_range_of_its_own() {
    expect("zones_max = 5", "zones_max = 3", -1, |rule| *rule == BrokenRule::Range { min: 4, max: 3 });
}

#[test]
fn two_tariffs_never_meet() {
    let text = with("[[tariff]]\nid = \"x\"\nzones_min = 3\nzones_max = 4\namount = 1\ncurrency = \"KGS\"");
    let error = fault(&text);
    assert_eq!(error.rule, BrokenRule::OverlappingTariffs { zones: 4, other: "all-zones".to_owned() });
    let priced =
        with("[[tariff]]\nid = \"x\"\nzones_min = 3\nzones_max = 3\namount = 4200\ncurrency = \"KGS\"");
    assert_eq!(Region::from_toml(&priced, "f").unwrap().price(3).unwrap().amount, 4200);
}

#[test]
fn terms_make_sense() {
    expect("max_total_months = 2\nambiguity", "max_total_months = 0\nambiguity", 0, |rule| {
        *rule == BrokenRule::Validity { months: 1, max_total: 0 }
    });
    expect("\ndays = 14", "\ndays = 14\nweeks = 2", -2, |rule| *rule == BrokenRule::LeadTime { found: 2 });
    expect("months_min = 6", "months_min = 13", 0, |rule| *rule == BrokenRule::Range { min: 13, max: 12 });
    expect("group = { min = 5, max", "group = { min = 50, max", 0, |rule| {
        *rule == BrokenRule::Range { min: 50, max: 25 }
    });
    expect("effective_from = \"2023-10-28\"", "until = \"2023\"\neffective_from = \"2024-01\"", 0, |rule| {
        matches!(rule, BrokenRule::EndsBeforeStart { .. })
    });
}

#[test]
fn a_route_goes_somewhere() {
    expect("stops = [\"bor-dobo\"]", "stops = []", 0, |rule| *rule == BrokenRule::EmptyRoute);
}

#[test]
fn points_countries_months_and_breaks_exist() {
    expect("lat = 42.033", "lat = 142.033", 0, |rule| matches!(rule, BrokenRule::Position { .. }));
    expect("lon = 73.3225", "lon = nan", 0, |rule| matches!(rule, BrokenRule::Position { .. }));
    for (from, to) in [
        ("country = \"KZ\"", "country = \"KAZ\""),
        ("border = \"CN\"", "border = \"cn\""),
        ("countries = [\"CN\"]", "countries = [\"China\"]"),
        ("union = [\"AM\"", "union = [\"\""),
        ("not_due_via = [\"KZ\"]", "not_due_via = [\"K2\"]"),
    ] {
        expect(from, to, 0, |rule| matches!(rule, BrokenRule::Country { .. }));
    }
    expect("open_from = { month = 5 }", "open_from = { month = 0 }", 0, |rule| {
        *rule == BrokenRule::Month { month: 0 }
    });
    expect("month = 9, part", "month = 13, part", 0, |rule| *rule == BrokenRule::Month { month: 13 });
    expect("to = \"14:00\"", "to = \"10:00\"", 0, |rule| matches!(rule, BrokenRule::EndsBeforeStart { .. }));
    expect("to = \"14:00\"", "to = \"25:00\"", 0, |rule| matches!(rule, BrokenRule::Shape { .. }));
    expect("name_pass = { ky = \"Бедел ашуусу\" }", "name_pass = {}", 0, |rule| {
        *rule == BrokenRule::NoName
    });
}

#[test]
fn closures_neither_overlap_nor_run_backwards() {
    expect("to = \"2025-10-06\"", "to = \"2025-10-05\"", 0, |rule| {
        matches!(rule, BrokenRule::EndsBeforeStart { .. })
    });
    let text = DEFAULT_TOML.replacen("\"spring-festival-2026-first-irkeshtam\", ", "", 1);
    let error = fault(&text);
    assert!(matches!(
        &error.rule,
        BrokenRule::OverlappingClosures { crossing, other, .. }
            if crossing.as_str() == "irkeshtam" && other == "spring-festival-2026-first-irkeshtam"
    ));
    expect("id = \"new-year-2024\"", "id = \"new-year-2024\"\nsupersedes = [\"new-year-2024\"]", 1, |rule| {
        matches!(rule, BrokenRule::SupersedesItself { .. })
    });
}

#[test]
fn all_faults_are_told_in_the_order_of_lines() {
    let text =
        DEFAULT_TOML.replacen("bit = 4", "bit = 40", 1).replacen("country = \"KZ\"", "country = \"kz\"", 1);
    let text = text.replacen("zone = \"chuy\"", "zone = \"nowhere\"", 1);
    let found = Region::faults(&text, "f");
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted_by_key(|fault| fault.line));
    assert_eq!(fault(&text).rule, found[0].rule);
}
