//! Seals and passports in any order end in one verdict.

use super::*;
use crate::specimen::fixtures::{UNTIL, anna, berg, number, press, sealed};
use crate::specimen::{Wanted, mrz};

fn judged(steps: &[Step]) -> Vec<Scan> {
    steps
        .iter()
        .filter_map(|step| if let Step::Judge(scan) = step { Some((**scan).clone()) } else { None })
        .collect()
}

fn alone() -> String {
    let dates = (UNTIL, UNTIL);
    let travellers = [anna()];
    let zones = propusk_seal::ZoneMask(0b10);
    let wanted = Wanted { number: number(), copy: 2, copies: 3, dates, zones, travellers: &travellers };
    press().seal(&wanted).unwrap()
}

#[test]
fn one_traveller_needs_no_key_whatever_comes_first() {
    let (seal, passport) = (alone(), mrz(&anna()));
    let mut lane = Lane::default();
    assert_eq!(lane.take(&seal), [Step::Opened]);
    assert_eq!(lane.take(&passport[0]), [Step::Added]);
    let steps = lane.take(&passport[1]);
    let scans = judged(&steps);
    assert_eq!(
        (steps.len(), scans.len(), &scans[0].mrz),
        (1, 1, &passport),
        "a verdict and no word about a permit"
    );

    assert_eq!(lane.take(&passport.concat()), [Step::Say("scanned-mrz-first")]);
    let scans = judged(&lane.take(&seal));
    assert_eq!((scans.len(), &scans[0].held, &scans[0].mrz), (1, &Held::Seal(seal.clone()), &passport));

    let scans = judged(&lane.take(&format!("{seal}{}", passport.concat())));
    assert_eq!((scans.len(), &scans[0].mrz), (1, &passport), "glued together");
    assert!(lane.held().is_none() && lane.mrz().is_empty());
}

#[test]
fn a_group_closes_with_its_last_passport_or_with_enter() {
    let seal = sealed(1);
    let mut lane = Lane::default();
    lane.take(&seal);
    assert_eq!(lane.take(&mrz(&anna()).concat()), [Step::Added]);
    assert!(lane.take(&mrz(&anna()).concat()).is_empty(), "the same passport again");
    assert_eq!(lane.passports(), 1);
    assert_eq!(judged(&lane.take(&mrz(&berg()).concat())).len(), 1);

    lane.take(&seal);
    assert_eq!(lane.take("2"), [Step::Added]);
    let scans = judged(&lane.take(""));
    assert_eq!((scans.len(), scans[0].rows), (1, 0b10));

    lane.take(&seal);
    assert_eq!(lane.take("3"), [Step::Say("rows-too-many")]);
    assert_eq!(judged(&lane.take("*"))[0].rows, 0b11);

    lane.take(&seal);
    assert_eq!(judged(&lane.take("1-2"))[0].rows, 0b11, "everybody ticked off by number");
}

#[test]
fn the_next_permit_ends_the_last_and_a_double_scan_does_not() {
    let mut lane = Lane::default();
    lane.take(&sealed(1));
    assert_eq!(lane.take(&sealed(1)), [Step::Say("scanned-again")]);
    let steps = lane.take(&sealed(2));
    assert_eq!(judged(&steps).len(), 1);
    assert_eq!(steps.last(), Some(&Step::Opened));
    assert_eq!(lane.permit().map(|permit| permit.copy), Some(2));
}

#[test]
fn a_foreign_code_is_judged_alone_and_never_ends_a_permit() {
    let mut lane = Lane::default();
    let steps = lane.take("https://example.org/ticket");
    assert_eq!(steps[0], Step::Say("scanned-url"));
    assert_eq!(judged(&steps)[0].held, Held::Seal("https://example.org/ticket".to_owned()));
    lane.take(&sealed(1));
    assert_eq!(lane.take("https://example.org/ticket"), [Step::Say("scanned-url")]);
    assert!(lane.held().is_some());
    for (text, sentence) in [(&sealed(2)[..100], "scanned-half"), ("what", "scanned-unknown")] {
        assert_eq!(lane.take(text), [Step::Say(sentence)]);
    }
}

#[test]
fn the_layout_is_told_once_and_kept() {
    let mut lane = Lane::default();
    let typed = Layout::German.types(&sealed(1)).unwrap();
    assert_eq!(lane.take(&typed), [Step::Layout(Layout::German), Step::Opened]);
    let passport = Layout::German.types(&mrz(&anna()).concat()).unwrap();
    assert_eq!(lane.take(&passport), [Step::Added]);
}

#[test]
fn directions_stay_and_a_torn_code_is_an_event() {
    let mut lane = Lane::default();
    assert_eq!(lane.take("x"), [Step::Command(Command::Exit)]);
    assert_eq!(
        judged(&lane.take("t"))[0],
        Scan { held: Held::Unreadable, sheets: vec![], mrz: vec![], rows: 0, kind: Kind::Exit }
    );
    lane.take(&sealed(1));
    lane.clear();
    assert!(lane.held().is_none() && *lane.kind() == Kind::Exit);
}
