//! Every code that a scanner may deliver at a barrier is told from every other.

use super::*;
use crate::specimen::fixtures::{anna, number, sealed};
use crate::specimen::mrz;

fn what(text: &str) -> What {
    recognise(text, None).what
}

#[test]
fn seals_are_found_in_every_layout_and_case() {
    let seal = sealed(1);
    let whole = What::Seal { text: seal.clone(), mrz: vec![] };
    assert_eq!(recognise(&seal, None), Scanned { what: whole.clone(), layout: None });
    for layout in Layout::ALL {
        // Letters and digits stand on the same keys in Russian and Kyrgyz: either undoes the other.
        let typed = layout.types(&seal).unwrap();
        let found = recognise(&typed, None);
        assert_eq!(found.what, whole, "{layout:?}");
        assert!(found.layout.is_some(), "{layout:?}");
        let small = layout.types(&seal.to_lowercase()).unwrap();
        assert!(matches!(recognise(&small, None).what, What::Seal { .. }), "{layout:?} without shift");
    }
}

#[test]
fn an_mrz_is_found_line_by_line_glued_and_in_every_layout() {
    let lines = mrz(&anna());
    assert_eq!(what(&lines.join("\r\n")), What::Mrz(lines.clone()));
    assert_eq!(what(&lines.concat()), What::Mrz(lines.clone()), "88 characters in one");
    assert_eq!(what(&lines[1]), What::Mrz(vec![lines[1].clone()]));
    for layout in Layout::ALL {
        let typed = layout.types(&lines.concat()).unwrap();
        assert_eq!(recognise(&typed, None).what, What::Mrz(lines.clone()), "{layout:?}");
    }
    let td1 = [
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ];
    assert_eq!(what(&td1.concat()), What::Mrz(td1.map(str::to_owned).to_vec()));
}

#[test]
fn a_line_that_fits_two_layouts_follows_the_line_before_it() {
    // No filler, and Y and Z: German and American both make sense of it.
    let line = "Y898902Z36UTO7408122F1204159ZE184226BYYYYY10";
    let typed = Layout::German.types(line).unwrap();
    assert_eq!(recognise(&typed, Some(Layout::German)).what, What::Mrz(vec![line.to_owned()]));
    assert_ne!(recognise(&typed, None).what, What::Mrz(vec![line.to_owned()]));
}

#[test]
fn half_a_scan_torn_codes_and_two_scans_are_told_apart() {
    let (seal, other) = (sealed(1), sealed(2));
    for cut in [SHORTEST_CODE, 100, seal.len() - 1] {
        assert_eq!(what(&seal[..cut]), What::HalfSeal, "{cut} characters");
    }
    assert_eq!(what(&format!("{}0{}", &seal[..90], &seal[91..])), What::TornSeal);
    assert_eq!(what(&format!("{seal}{other}")), What::TwoScans);
    assert_eq!(what(&format!("{seal}https://example.org/ticket")), What::TwoScans);
    assert_eq!(
        what(&format!("{seal}{seal}")),
        What::Seal { text: seal.clone(), mrz: vec![] },
        "one code, twice"
    );
    let lines = mrz(&anna());
    let glued = format!("{seal}{}", lines.concat());
    assert_eq!(what(&glued), What::Seal { text: seal, mrz: lines.clone() }, "the passport came along");
    assert_eq!(what(&lines.concat()[..70]), What::HalfMrz);
}

#[test]
fn foreign_codes_have_names() {
    let boarding = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100";
    let cases = [
        ("https://example.org/ticket?x=1", ForeignCode::Url),
        ("www.example.org", ForeignCode::Url),
        ("HC1:6BFOXN%TSMAHN-HISCN0KLI5J5CW8", ForeignCode::HealthCertificate),
        (boarding, ForeignCode::BoardingPass),
        ("WIFI:S:guest;T:WPA;P:secret;;", ForeignCode::Other),
    ];
    for (text, code) in cases {
        assert_eq!(what(text), What::Foreign(code), "{text}");
        if code == ForeignCode::Other {
            continue;
        }
        for layout in Layout::ALL {
            let typed = layout.types(text).unwrap();
            assert_eq!(recognise(&typed, None).what, What::Foreign(code), "{layout:?} {text}");
        }
    }
    assert_eq!(what("hello"), What::Unknown);
    assert_eq!(what(""), What::Unknown);
}

#[test]
fn a_number_may_be_typed_on_any_keyboard() {
    let number = number();
    for text in [number.to_string(), number.compact().to_lowercase()] {
        assert_eq!(what(&text), What::Number(number));
        for layout in Layout::ALL {
            assert_eq!(
                recognise(&layout.types(&text).unwrap(), None).what,
                What::Number(number),
                "{layout:?}"
            );
        }
    }
}

#[test]
fn every_message_of_the_page_is_another_one() {
    let seal = sealed(1);
    let lines = mrz(&anna()).concat();
    let boarding = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100";
    let texts = [
        seal[..200].to_owned(),
        format!("{}0{}", &seal[..90], &seal[91..]),
        format!("{seal}{}", sealed(2)),
        lines[..60].to_owned(),
        lines,
        "https://example.org/ticket".to_owned(),
        "HC1:6BFOXN%TSMAHN-HISCN".to_owned(),
        boarding.to_owned(),
        "0012345678905123456789012".to_owned(),
        "what".to_owned(),
    ];
    let said: std::collections::BTreeSet<&str> =
        texts.iter().filter_map(|text| what(text).sentence()).collect();
    assert_eq!(said.len(), texts.len(), "{said:?}");
    for id in said {
        for language in [propusk_boot::Language::En, propusk_boot::Language::Ru, propusk_boot::Language::Ky] {
            assert!(propusk_boot::Locales::embedded().has(language, id), "{id} in {language:?}");
        }
    }
}
