//! On which days a crossing behind a checkpoint is shut, or may be: for a permit, which names no crossing.

use super::journey::{Gate, Passing};
use super::{
    Assessment, Check, Journey, MAX_ENTRIES, RoutePlan, TripFinding, TripSeverity, crossings, gate_times,
};
use crate::ids::CheckpointId;
use crate::model::{Crossing, Direction};
use crate::region::Region;
use jiff::ToSpan;
use jiff::civil::Date;

/// An answer about a crossing that is the same on several days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateDays {
    /// The answer as the trip check gives it on the first of these days.
    pub finding: TripFinding,
    /// The days, each a first and a last one.
    pub days: Vec<(Date, Date)>,
}

impl Region {
    /// What the trip check says against crossing on the days from `first` to `last`, at each crossing to which the road
    /// leads through `post`: hours, season, closures, whether it is open at all. For whoever may cross and in whatever way.
    pub fn gate_days(
        &self,
        post: &CheckpointId,
        (first, last): (Date, Date),
        asked_on: Date,
    ) -> Vec<GateDays> {
        let plan = RoutePlan { route: Vec::new(), zones: Vec::new(), valid_from: first, valid_to: last };
        let journey = Journey::of_route(&plan);
        let mut told: Vec<GateDays> = Vec::new();
        for crossing in self.crossings().iter().filter(|crossing| crossing.posts.contains(post)) {
            for date in first.series(1.day()).take_while(|date| *date <= last).take(MAX_ENTRIES) {
                let mut check =
                    Check { region: self, journey: &journey, asked_on, out: Assessment::default() };
                on(&mut check, crossing, date);
                for finding in check.out.findings {
                    add(&mut told, finding, date);
                }
            }
        }
        told
    }
}

fn on(check: &mut Check<'_>, crossing: &Crossing, date: Date) {
    let gate = Gate::Crossing(crossing.id.clone());
    let passing = Passing { gate, direction: Direction::Leaving, date, time: None, mode: None };
    crossings::status(check, crossing, &passing);
    gate_times::check(check, crossing, &passing);
    check
        .out
        .findings
        .retain(|finding| matches!(finding.severity, TripSeverity::Blocks | TripSeverity::Warns));
}

fn add(told: &mut Vec<GateDays>, finding: TripFinding, date: Date) {
    let Some(known) = told.iter_mut().find(|known| is_same(&known.finding, &finding)) else {
        return told.push(GateDays { finding, days: vec![(date, date)] });
    };
    match known.days.last_mut() {
        Some((_, last)) if last.tomorrow().is_ok_and(|next| next >= date) => *last = date,
        _ => known.days.push((date, date)),
    }
}

/// The same but for the day.
fn is_same(one: &TripFinding, other: &TripFinding) -> bool {
    let args = |finding: &TripFinding| {
        finding.args.iter().filter(|(name, _)| *name != "date").cloned().collect::<Vec<_>>()
    };
    (one.code, &one.subject, &one.source) == (other.code, &other.subject, &other.source)
        && args(one) == args(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trip::TripCode;
    use jiff::civil::date;

    #[test]
    fn weekends_and_closures_behind_a_checkpoint_are_told_by_their_days() {
        let region = Region::default_region().unwrap();
        let days = |post: &str, first, last| {
            region.gate_days(&CheckpointId::new(post), (first, last), date(2026, 1, 1))
        };
        let june = days("torugart", date(2026, 6, 1), date(2026, 6, 14));
        let weekends = june.iter().find(|told| told.finding.code == TripCode::CrossingWeekend).unwrap();
        assert_eq!(
            weekends.days,
            [(date(2026, 6, 6), date(2026, 6, 7)), (date(2026, 6, 13), date(2026, 6, 14))]
        );
        let february = days("irkeshtam-inner", date(2026, 2, 10), date(2026, 2, 25));
        let closed = february.iter().find(|told| told.finding.code == TripCode::CrossingClosed).unwrap();
        assert_eq!(closed.days, [(date(2026, 2, 17), date(2026, 2, 19))], "{february:?}");
        assert_eq!(days("karasay", date(2026, 6, 1), date(2026, 6, 30)), [], "no crossing lies behind it");
    }
}
