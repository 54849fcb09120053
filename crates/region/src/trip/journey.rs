//! From the trip as it was typed to one whose names are known and whose days are in order.

use super::country::two_letters;
use super::input::{
    DayStop, EarlierStay, HeldPermit, Passage, TravelDocument, Trip, Vehicle, Visa, kyrgyz_time,
};
use super::stay_days::Stay;
use super::zones::RoutePlan;
use crate::ids::{CrossingId, ZoneId};
use crate::model::{Direction, Mode};
use crate::region::Region;
use crate::route::Stop;
use crate::spelling::UnknownName;
use jiff::civil::{Date, Time};

/// The most crossings, stays, permits or lists of places of one trip.
pub const MAX_ENTRIES: usize = 400;
/// The first and last year that a trip may touch.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// What is wrong with a trip's description, with the key that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {rule}")]
pub struct TripFault {
    /// The key's path, for instance `crossing[2].at` (tables of an array are counted from 1).
    pub key: String,
    /// The line of a TOML file, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The rule that is broken.
    pub rule: TripRule,
}

/// The rules that a trip's description must keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TripRule {
    /// Not TOML, an unknown or missing key, or a value of the wrong form.
    #[error("{reason}")]
    Shape {
        /// What was met and what was expected.
        reason: String,
    },
    /// A name that the region file does not have.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// Not a country's code.
    #[error(
        "`{code}` is not a country: write two letters like FR, or the code of the passport's MRZ like FRA"
    )]
    Country {
        /// What stood there.
        code: String,
    },
    /// Days the wrong way round.
    #[error("{last} is before {first}")]
    Backwards {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
    /// A day outside of [`YEARS`].
    #[error("{day} is outside of the years 2000 to 2100")]
    Year {
        /// The day.
        day: Date,
    },
    /// Neither a date nor a moment, or both.
    #[error("give either `date` (with `time`, where known) or `moment`")]
    When,
    /// A moment without its offset, or none.
    #[error("`{moment}` is not a moment with its offset, like 2026-06-01T23:30+08:00")]
    Moment {
        /// What stood there.
        moment: String,
    },
    /// `direction = "either"`.
    #[error("a crossing is either `entering` or `leaving`")]
    Direction,
    /// Entering twice, or leaving without having entered.
    #[error(
        "{direction} Kyrgyzstan here does not follow from the crossing before; write every entry and every exit, past ones too"
    )]
    Order {
        /// `entering` or `leaving`.
        direction: &'static str,
    },
    /// A vehicle that is none.
    #[error("a vehicle is a `motorcycle`, a `car` or a `truck`")]
    VehicleKind,
    /// A stay that overlaps the one after it.
    #[error("this stay overlaps the one that begins on {next}")]
    Overlap {
        /// The next stay's first day.
        next: Date,
    },
    /// More than [`MAX_ENTRIES`].
    #[error("{count} entries are more than {MAX_ENTRIES}, the most that is read")]
    TooMany {
        /// How many there are.
        count: usize,
    },
}

/// Where somebody crosses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gate {
    /// A crossing of the region file.
    Crossing(CrossingId),
    /// An entry point of the e-visa's list of which only the name is known; its position in the list.
    EntryPoint(usize),
}

/// A crossing of the border, understood.
#[derive(Debug, Clone)]
pub(crate) struct Passing {
    pub(crate) gate: Gate,
    pub(crate) direction: Direction,
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    pub(crate) mode: Option<Mode>,
}

impl Passing {
    pub(crate) fn enters(&self) -> bool {
        self.direction == Direction::Entering
    }

    /// The id that findings name.
    pub(crate) fn name<'r>(&'r self, region: &'r Region) -> &'r str {
        match &self.gate {
            Gate::Crossing(id) => id.as_str(),
            Gate::EntryPoint(at) => {
                region.e_visa().entry_points.get(*at).map_or("", |point| point.name.as_str())
            }
        }
    }
}

/// A stop of the route and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) stop: Stop,
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// A permit held, its zones known.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) copies: Option<usize>,
}

/// A trip whose names are known and whose days are in order; made by [`Region::understand`].
#[derive(Debug, Clone)]
pub struct Journey {
    pub(crate) nationality: String,
    pub(crate) document: TravelDocument,
    pub(crate) expiry: Option<Date>,
    pub(crate) organised_group: Option<usize>,
    pub(crate) carries: Vec<String>,
    pub(crate) holds: Vec<String>,
    pub(crate) visa: Option<Visa>,
    pub(crate) vehicle: Option<Vehicle>,
    pub(crate) passings: Vec<Passing>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) permits: Vec<Held>,
    pub(crate) earlier: Vec<Stay>,
}

impl Journey {
    /// The stays of this trip; the last one ends with the last known day where no exit is given.
    pub(crate) fn stays(&self) -> Vec<Stay> {
        let mut stays = Vec::new();
        let mut inside: Option<Date> = None;
        for passing in &self.passings {
            match (passing.enters(), inside) {
                (true, _) => inside = Some(passing.date),
                (false, Some(entered)) => {
                    stays.push(Stay { entered, left: passing.date });
                    inside = None;
                }
                (false, None) => {}
            }
        }
        stays.extend(
            inside.map(|entered| Stay { entered, left: self.last_visit().unwrap_or(entered).max(entered) }),
        );
        stays
    }

    /// An order's route as a trip: every stop on every day of the permit, nobody's passport.
    pub(crate) fn of_route(plan: &RoutePlan) -> Self {
        let visit = |stop: &Stop| Visit { stop: stop.clone(), first: plan.valid_from, last: plan.valid_to };
        Self {
            nationality: String::new(),
            document: TravelDocument::Passport,
            expiry: None,
            organised_group: None,
            carries: Vec::new(),
            holds: Vec::new(),
            visa: None,
            vehicle: None,
            passings: Vec::new(),
            visits: plan.route.iter().map(visit).collect(),
            permits: Vec::new(),
            earlier: Vec::new(),
        }
    }

    /// True where the last crossing is an entry.
    pub(crate) fn is_open(&self) -> bool {
        self.passings.last().is_some_and(Passing::enters)
    }

    fn last_visit(&self) -> Option<Date> {
        self.visits.iter().map(|visit| visit.last).max()
    }

    /// The last day that the trip is known to take.
    pub(crate) fn last_day(&self) -> Option<Date> {
        self.passings.iter().map(|passing| passing.date).chain(self.last_visit()).max()
    }

    pub(crate) fn holds(&self, paper: &str) -> bool {
        self.holds.iter().any(|held| held.eq_ignore_ascii_case(paper))
    }

    /// The zones that the trip touches, in the order of travel.
    pub fn zones(&self, region: &Region) -> Vec<ZoneId> {
        region.zones_on(&self.route())
    }

    /// The stops in the order of travel.
    pub fn route(&self) -> Vec<Stop> {
        self.visits.iter().map(|visit| visit.stop.clone()).collect()
    }
}

impl Region {
    /// Finds every name of a trip and puts its days in order.
    ///
    /// # Errors
    /// Every fault of the description, in its own order.
    pub fn understand(&self, trip: &Trip) -> Result<Journey, Vec<TripFault>> {
        let mut faults = Faults(Vec::new());
        let nationality = country(&trip.nationality, "nationality", &mut faults);
        let vehicle = trip.vehicle.as_ref().map(|vehicle| {
            let plate = country(&vehicle.registered_in, "vehicle.registered_in", &mut faults);
            if !matches!(vehicle.kind, Mode::Motorcycle | Mode::Car | Mode::Truck) {
                faults.add("vehicle.kind", TripRule::VehicleKind);
            }
            faults.days("vehicle.union_entry", vehicle.union_entry, None);
            Vehicle { registered_in: plate, ..vehicle.clone() }
        });
        faults.days("passport_expiry", trip.passport_expiry, None);
        if let Some(visa) = &trip.visa {
            faults.days("visa.valid_to", Some(visa.valid_from), Some(visa.valid_to));
        }
        for (key, count) in [
            ("crossing", trip.crossing.len()),
            ("stop", trip.stop.iter().map(|stop| stop.places.len().max(1)).sum()),
            ("permit", trip.permit.len()),
            ("earlier_stay", trip.earlier_stay.len()),
        ] {
            if count > MAX_ENTRIES {
                faults.add(key, TripRule::TooMany { count });
                return Err(faults.0);
            }
        }
        let passings = passings(&trip.crossing, self, &mut faults);
        let visits = visits(&trip.stop, self, &mut faults);
        let permits = permits(&trip.permit, self, &mut faults);
        let earlier = earlier(&trip.earlier_stay, passings.first(), &mut faults);
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Ok(Journey {
            nationality,
            document: trip.document,
            expiry: trip.passport_expiry,
            organised_group: trip.organised_group,
            carries: trip.carries.clone(),
            holds: trip.holds.clone(),
            visa: trip.visa.clone(),
            vehicle,
            passings,
            visits,
            permits,
            earlier,
        })
    }

    /// The gate with this name: a crossing, or an entry point of the e-visa's list.
    fn gate(&self, typed: &str) -> Result<Gate, UnknownName> {
        if let Some(at) = self.entry_index().find(typed) {
            return Ok(Gate::EntryPoint(at));
        }
        let crossing = self.crossing(typed).map_err(|_| self.unknown_gate(typed))?;
        Ok(Gate::Crossing(crossing.id.clone()))
    }
}

fn country(typed: &str, key: &str, faults: &mut Faults) -> String {
    two_letters(typed).unwrap_or_else(|| {
        let code = typed.chars().filter(|c| !c.is_control()).take(40).collect();
        faults.add(key, TripRule::Country { code });
        String::new()
    })
}

fn passings(typed: &[Passage], region: &Region, faults: &mut Faults) -> Vec<Passing> {
    let mut passings: Vec<Passing> = Vec::new();
    let mut before = Direction::Leaving;
    for (index, passage) in typed.iter().enumerate() {
        let key = |name: &str| format!("crossing[{}].{name}", index + 1);
        let gate = region.gate(&passage.at).map_err(|unknown| faults.add(key("at"), unknown));
        match passage.direction {
            Direction::Either => faults.add(key("direction"), TripRule::Direction),
            same if same == before => {
                let direction = if same == Direction::Entering { "entering" } else { "leaving" };
                faults.add(key("direction"), TripRule::Order { direction });
            }
            other => before = other,
        }
        let when = when(passage).map_err(|rule| {
            let name = if matches!(rule, TripRule::Moment { .. }) { "moment" } else { "date" };
            faults.add(key(name), rule);
        });
        let (Ok(gate), Ok((date, time))) = (gate, when) else { continue };
        faults.days(&key("date"), passings.last().map(|last| last.date), Some(date));
        passings.push(Passing { gate, direction: passage.direction, date, time, mode: passage.mode });
    }
    passings
}

fn when(passage: &Passage) -> Result<(Date, Option<Time>), TripRule> {
    match (passage.date, &passage.moment) {
        (Some(date), None) => Ok((date, passage.time)),
        (None, Some(moment)) if passage.time.is_none() => {
            let read = kyrgyz_time(moment).map(|(date, time)| (date, Some(time)));
            read.ok_or_else(|| TripRule::Moment { moment: moment.chars().take(40).collect() })
        }
        _ => Err(TripRule::When),
    }
}

fn visits(typed: &[DayStop], region: &Region, faults: &mut Faults) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (index, stop) in typed.iter().enumerate() {
        let last = stop.until.unwrap_or(stop.date);
        faults.days(&format!("stop[{}].until", index + 1), Some(stop.date), Some(last));
        for (place, name) in stop.places.iter().enumerate() {
            match region.resolve_route(std::slice::from_ref(name)) {
                Ok(stops) => {
                    visits.extend(stops.into_iter().map(|stop| Visit {
                        stop,
                        first: typed[index].date,
                        last,
                    }));
                }
                Err(unknown) => faults.add(format!("stop[{}].places[{}]", index + 1, place + 1), unknown),
            }
        }
    }
    visits.sort_by_key(|visit: &Visit| visit.first);
    visits
}

fn permits(typed: &[HeldPermit], region: &Region, faults: &mut Faults) -> Vec<Held> {
    let mut permits = Vec::new();
    for (index, permit) in typed.iter().enumerate() {
        faults.days(
            &format!("permit[{}].valid_to", index + 1),
            Some(permit.valid_from),
            Some(permit.valid_to),
        );
        let mut zones = Vec::new();
        for (at, name) in permit.zones.iter().enumerate() {
            match region.zone(name) {
                Ok(zone) => zones.push(zone.id.clone()),
                Err(unknown) => faults.add(format!("permit[{}].zones[{}]", index + 1, at + 1), unknown),
            }
        }
        permits.push(Held { zones, from: permit.valid_from, to: permit.valid_to, copies: permit.copies });
    }
    permits
}

fn earlier(typed: &[EarlierStay], first: Option<&Passing>, faults: &mut Faults) -> Vec<Stay> {
    let mut stays = Vec::new();
    let mut order: Vec<usize> = (0..typed.len()).collect();
    order.sort_by_key(|index| typed.get(*index).map(|stay| stay.entered));
    for (position, &index) in order.iter().enumerate() {
        let Some(stay) = typed.get(index) else { continue };
        let key = format!("earlier_stay[{}].left", index + 1);
        faults.days(&key, Some(stay.entered), Some(stay.left));
        let next = order.get(position + 1).and_then(|next| typed.get(*next)).map(|next| next.entered);
        if let Some(next) = next.or(first.map(|first| first.date)).filter(|next| *next < stay.left) {
            faults.add(key, TripRule::Overlap { next });
        }
        stays.push(Stay { entered: stay.entered, left: stay.left });
    }
    stays
}

/// Collects faults.
struct Faults(Vec<TripFault>);

impl Faults {
    fn add(&mut self, key: impl Into<String>, rule: impl Into<TripRule>) {
        self.0.push(TripFault { key: key.into(), line: None, rule: rule.into() });
    }

    /// Both days in possible years, and the last not before the first.
    fn days(&mut self, key: &str, first: Option<Date>, last: Option<Date>) {
        if let Some(day) = first.iter().chain(&last).find(|day| !YEARS.contains(&day.year())) {
            self.add(key, TripRule::Year { day: *day });
            return;
        }
        if let (Some(first), Some(last)) = (first, last)
            && last < first
        {
            self.add(key, TripRule::Backwards { first, last });
        }
    }
}
