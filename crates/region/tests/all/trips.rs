//! Trips drawn at random: no panic, and two things that may never happen.

use crate::shipped;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use propusk_region::{Assessment, Region, Trip, TripCode as Code};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

static REGION: LazyLock<Region> = LazyLock::new(shipped);

/// The first day of every drawn trip.
const START: Date = date(2026, 5, 1);

fn day(offset: u16) -> Date {
    START.saturating_add(i64::from(offset).days())
}

/// The names that a drawn trip may use.
fn names() -> (Vec<String>, Vec<String>) {
    let stops = REGION.places().iter().map(|place| place.id.to_string());
    let stops = stops.chain(REGION.checkpoints().iter().map(|post| post.id.to_string()));
    let gates = REGION.crossings().iter().map(|crossing| crossing.id.to_string());
    (stops.collect(), gates.chain(["Manas airport".to_owned(), "Chon-Kapka".to_owned()]).collect())
}

/// A trip's head: who travels, with what, and what is held.
fn head() -> impl Strategy<Value = String> {
    let nationality = prop::sample::select(vec!["FR", "D", "VN", "KG", "UZ", "RU", "SA", "CN", "TJ"]);
    let vehicle = prop::option::of((
        prop::sample::select(vec!["motorcycle", "car", "truck"]),
        prop::sample::select(vec!["FR", "KZ", "KG"]),
    ));
    let permit =
        prop::option::of((0u16..60, 0u16..60, prop::sample::select(vec!["naryn", "osh", "issyk-kul"])));
    let earlier = prop::option::of((1i64..200, 1i64..90));
    (nationality, 0u16..500, any::<bool>(), vehicle, permit, earlier).prop_map(
        |(nationality, expiry, drone, vehicle, permit, earlier)| {
            let mut text =
                format!("nationality = \"{nationality}\"\npassport_expiry = \"{}\"\n", day(expiry));
            if drone {
                text.push_str("carries = [\"drone\"]\n");
            }
            if let Some((kind, plate)) = vehicle {
                let _ = write!(text, "[vehicle]\nkind = \"{kind}\"\nregistered_in = \"{plate}\"\n");
            }
            if let Some((from, days, zone)) = permit {
                let _ = write!(
                    text,
                    "[[permit]]\nzones = [\"{zone}\"]\nvalid_from = \"{}\"\nvalid_to = \"{}\"\ncopies = 1\n",
                    day(from),
                    day(from + days)
                );
            }
            if let Some((before, days)) = earlier {
                let left = START.saturating_sub(before.days());
                let _ = write!(
                    text,
                    "[[earlier_stay]]\nentered = \"{}\"\nleft = \"{left}\"\n",
                    left.saturating_sub(days.days())
                );
            }
            text
        },
    )
}

fn stop(place: &str, first: u16, days: u16) -> String {
    format!(
        "[[stop]]\ndate = \"{}\"\nuntil = \"{}\"\nplaces = [\"{place}\"]\n",
        day(first),
        day(first + days)
    )
}

fn stops() -> impl Strategy<Value = String> {
    let one = (prop::sample::select(names().0), 0u16..90, 0u16..20);
    prop::collection::vec(one, 0..6)
        .prop_map(|list| list.iter().map(|(place, first, days)| stop(place, *first, *days)).collect())
}

fn gate(at: &str, direction: &str, day: Date, mode: &str) -> String {
    format!("[[crossing]]\nat = \"{at}\"\ndirection = \"{direction}\"\ndate = \"{day}\"\nmode = \"{mode}\"\n")
}

/// Entries and exits at any gates, in order.
fn gates() -> impl Strategy<Value = String> {
    let modes = vec!["pedestrian", "bicycle", "motorcycle", "car", "bus", "truck", "train"];
    let one = (prop::sample::select(names().1), 0u16..40, prop::sample::select(modes));
    prop::collection::vec(one, 0..7).prop_map(|list| {
        let (mut at, mut text) = (0, String::new());
        for (index, (name, later, mode)) in list.iter().enumerate() {
            at += later;
            let direction = if index % 2 == 0 { "entering" } else { "leaving" };
            text.push_str(&gate(name, direction, day(at), mode));
        }
        text
    })
}

fn check(text: &str, asked: u16) -> Assessment {
    let trip = Trip::from_toml(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    REGION.check_trip(&trip, day(asked)).unwrap_or_else(|faults| panic!("{faults:?}\n{text}"))
}

/// What must be got or changed: the code and what it is about.
fn requirements(assessment: &Assessment) -> BTreeSet<(Code, String)> {
    let no = assessment.findings.iter().filter(|finding| finding.severity.is_no());
    no.map(|finding| (finding.code, finding.subject.clone())).collect()
}

fn is_of_stay(code: Code) -> bool {
    matches!(
        code,
        Code::StayOverstay | Code::ReentryTooEarly | Code::VisaFreeNotConfirmed | Code::PassportExpiresOnTrip
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_trip_gets_an_answer_with_a_source(head in head(), gates in gates(), stops in stops(), asked in 0u16..60) {
        let answer = check(&format!("{head}{gates}{stops}"), asked);
        for finding in &answer.findings {
            prop_assert!(!finding.source.is_empty(), "{:?}", finding);
        }
        prop_assert!(answer.findings.is_sorted_by_key(|finding| finding.severity));
        prop_assert!(answer.deadlines.is_sorted_by_key(|deadline| deadline.day));
    }

    #[test]
    fn no_description_panics(text in "[a-z_\\[\\]\"=0-9 \n-]{0,200}", at in "\\PC{0,40}", when in "[0-9T:+Z-]{0,30}") {
        let _ = Trip::from_toml(&text);
        let odd = format!("nationality = \"FR\"\n[[crossing]]\nat = {at:?}\ndirection = \"entering\"\nmoment = {when:?}\n[[stop]]\ndate = \"2100-12-31\"\nplaces = [{at:?}]\n");
        if let Ok(trip) = Trip::from_toml(&odd) {
            let _ = REGION.check_trip(&trip, Date::MAX);
            let _ = REGION.check_trip(&trip, Date::MIN);
        }
    }

    #[test]
    fn a_place_more_never_removes_a_requirement(
        head in head(), gates in gates(), stops in stops(), asked in 0u16..60,
        place in prop::sample::select(names().0), first in 0u16..90, days in 0u16..20,
    ) {
        let trip = format!("{head}{gates}{stops}");
        let (before, after) = (requirements(&check(&trip, asked)), requirements(&check(&format!("{trip}{}", stop(&place, first, days)), asked)));
        prop_assert!(before.is_subset(&after), "lost: {:?}\n{trip}", before.difference(&after).collect::<Vec<_>>());
    }

    /// Through an airport, so that no closure or season has a say in the day of the exit.
    #[test]
    fn a_longer_stay_never_gets_a_better_answer(head in head(), stops in stops(), entered in 0u16..30, days in 0u16..120, more in 1u16..90, asked in 0u16..60) {
        let stay = |days: u16| {
            let out = gate("Manas airport", "leaving", day(entered + days), "bus");
            check(&format!("{head}{}{out}{stops}", gate("Manas airport", "entering", day(entered), "bus")), asked)
        };
        let (short, long) = (stay(days), stay(days + more));
        prop_assert!(short.is_yes() || !long.is_yes());
        let of_stay = |answer: &Assessment| -> BTreeSet<(Code, String)> {
            requirements(answer).into_iter().filter(|(code, _)| is_of_stay(*code)).collect()
        };
        prop_assert!(of_stay(&short).is_subset(&of_stay(&long)));
    }
}
