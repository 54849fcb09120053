//! What is an alert, and what is none.

use propusk_proto::{Day, KnownPermit, NumberTag, PermitStatus};
use uuid::Uuid;

use super::*;

/// Noon in Bishkek on 2026-12-10.
const NOON: i64 = 1_796_882_400_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const OF: Of<'static> = Of { number: "NUMBER", shard: 3 };

fn zones() -> Zones {
    let post = |post: &str, zone: &str, mask| (post.to_owned(), zone.to_owned(), mask);
    Zones::new([post("karasay", "issyk-kul", 1), post("torugart", "naryn", 2)])
}

/// Version 2, made on the 9th, for issyk-kul from the 8th to the 12th.
fn known() -> StoredPermit {
    let status = PermitStatus {
        tag: NumberTag([0; 5]),
        version: 2,
        valid_from: Day(20_261_208),
        valid_to: Day(20_261_212),
        zones: 1,
        posts: vec![],
        copies: 5,
        travellers: 4,
    };
    let known = KnownPermit { id: Uuid::nil(), status, recorded_at_ms: 0, revoked_at_ms: None };
    StoredPermit { known, position: 1, version_at_ms: NOON - DAY }
}

fn entered(post: &str, at_ms: i64) -> Fact {
    Fact {
        index: 9,
        id: Uuid::from_u128(at_ms.unsigned_abs().into()),
        deed: Deed::Entered,
        version: Some(2),
        copy: Some(1),
        post: post.to_owned(),
        at_ms,
        present: 0,
        clock_suspect: false,
    }
}

fn against(fact: &Fact, known: &StoredPermit) -> Vec<AlertKind> {
    OF.against_permit(fact, known, &zones()).iter().map(|raised| raised.kind).collect()
}

#[test]
fn a_good_copy_on_a_good_day_is_no_alert() {
    assert_eq!(against(&entered("karasay", NOON), &known()), []);
    assert_eq!(against(&entered("elsewhere", NOON), &known()), [], "a post of which no zone is known");
}

#[test]
fn an_older_version_is_one_once_there_is_a_newer_one() {
    let old = |at_ms| Fact { version: Some(1), ..entered("karasay", at_ms) };
    assert_eq!(against(&old(NOON), &known()), [AlertKind::CopySuperseded]);
    assert_eq!(against(&old(NOON - 2 * DAY), &known()), [], "it was the newest one then");
    let shown = Fact { deed: Deed::Showed, ..old(NOON) };
    assert_eq!(against(&shown, &known()), [AlertKind::CopySuperseded], "held out and refused");
    let left = Fact { deed: Deed::Left, ..old(NOON) };
    assert_eq!(against(&left, &known()), [], "they come out with what they have");
    let unsure = Fact { clock_suspect: true, ..old(NOON) };
    assert_eq!(against(&unsure, &known()), [], "nobody knows whether it was after");
}

#[test]
fn a_revoked_permit_is_one_from_its_revocation_on() {
    let mut known = known();
    known.known.revoked_at_ms = Some(NOON);
    assert_eq!(against(&entered("karasay", NOON - 1), &known), []);
    assert_eq!(against(&entered("karasay", NOON), &known), [AlertKind::PermitRevoked]);
}

#[test]
fn the_wrong_zone_or_day_is_one_for_who_went_in() {
    assert_eq!(against(&entered("torugart", NOON), &known()), [AlertKind::OutsideZone]);
    for (days, expected) in
        [(-3, vec![AlertKind::OutsideDates]), (-2, vec![]), (2, vec![]), (3, vec![AlertKind::OutsideDates])]
    {
        assert_eq!(against(&entered("karasay", NOON + days * DAY), &known()), expected, "{days} days on");
    }
    let refused = Fact { deed: Deed::Showed, ..entered("torugart", NOON + 3 * DAY) };
    assert_eq!(against(&refused, &known()), [], "the soldier saw it and sent them back");
}

#[test]
fn each_use_of_a_copy_is_about_the_same_however_often_it_is_looked_at() {
    let about = |fact: &Fact| OF.against_permit(fact, &known(), &zones())[0].about.clone();
    let first = entered("torugart", NOON);
    assert_eq!(about(&first), about(&Fact { index: 10, ..first.clone() }));
    assert_ne!(about(&first), about(&Fact { copy: Some(2), ..first.clone() }));
}

fn story_of(facts: &[Fact]) -> Story {
    let mut story = Story::empty(OF.shard, OF.number);
    for fact in facts {
        story.push(fact.clone());
    }
    story
}

#[test]
fn nobody_is_faster_than_the_way() {
    let ways = Ways::new(10, [("karasay".to_owned(), "torugart".to_owned(), 240)]);
    let story = story_of(&[entered("karasay", NOON)]);
    let travel = |fact: &Fact| OF.impossible_travel(fact, &story, &ways).map(|raised| raised.evidence);
    let fast = Fact { index: 12, ..entered("torugart", NOON + 4 * HOUR - 1) };
    assert_eq!(travel(&fast), Some(vec![(3, 9), (3, 12)]));
    assert_eq!(travel(&entered("torugart", NOON - 4 * HOUR + 1)).map(|it| it.len()), Some(2), "either way");
    assert_eq!(travel(&entered("torugart", NOON + 4 * HOUR)), None);
    assert_eq!(travel(&entered("karasay", NOON + 1)), None, "a post is no way from itself");
    assert_eq!(travel(&entered("elsewhere", NOON + HOUR)), None, "ten minutes between any two posts");
    assert_eq!(travel(&entered("elsewhere", NOON + HOUR / 12)).map(|it| it.len()), Some(2));
    assert_eq!(travel(&Fact { clock_suspect: true, ..fast.clone() }), None);
    assert_eq!(
        travel(&Fact { deed: Deed::Showed, ..fast }),
        None,
        "they may have shown a copy for somebody else"
    );
}

#[test]
fn a_group_that_split_is_at_two_posts() {
    let ways = Ways::new(60, []);
    let story = story_of(&[Fact { present: 0b0011, ..entered("karasay", NOON) }]);
    let seen = |present| {
        OF.impossible_travel(&Fact { present, ..entered("torugart", NOON) }, &story, &ways).is_some()
    };
    assert_eq!([seen(0b1100), seen(0b0010), seen(0)], [false, true, true]);
}

#[test]
fn what_was_undone_was_nowhere() {
    let ways = Ways::new(60, []);
    let first = entered("karasay", NOON);
    let undo = Fact { deed: Deed::Undid(first.id), id: Uuid::from_u128(1), ..entered("karasay", NOON + 1) };
    let story = story_of(&[first, undo]);
    assert_eq!(OF.impossible_travel(&entered("torugart", NOON), &story, &ways), None);
}
