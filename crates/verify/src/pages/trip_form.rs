//! A trip as fields of a form, and back. The fields are named as the keys of a trip's file: `crossing[2].at`.

use propusk_boot::pages::{Fields, Frame};
use propusk_region::{
    DayStop, Direction, EarlierStay, HeldPermit, Mode, Passage, TravelDocument, Trip, TripFault, TripRule,
    Vehicle, Visa, VisaKind,
};

use super::input::Wrong;

/// The most rows of a kind that a form is read for.
pub(super) const MOST_ROWS: usize = 40;
/// Ways of crossing by their names in files.
pub(super) const MODES: [(&str, Mode); 7] = [
    ("pedestrian", Mode::Pedestrian),
    ("bicycle", Mode::Bicycle),
    ("motorcycle", Mode::Motorcycle),
    ("car", Mode::Car),
    ("bus", Mode::Bus),
    ("truck", Mode::Truck),
    ("train", Mode::Train),
];
/// The fields of a row, by its table.
pub(super) const CROSSING: [&str; 5] = ["at", "direction", "date", "time", "mode"];
pub(super) const STOP: [&str; 3] = ["places", "date", "until"];
pub(super) const PERMIT: [&str; 4] = ["zones", "valid_from", "valid_to", "copies"];
pub(super) const EARLIER: [&str; 2] = ["entered", "left"];

/// The name of a field of a row, rows counted from 1.
pub(super) fn name(table: &str, row: usize, field: &str) -> String {
    format!("{table}[{row}].{field}")
}

/// The number of the last row of a table in which something was typed; 0 where there is none.
pub(super) fn last_row(typed: &Fields, table: &str, fields: &[&str]) -> usize {
    rows(typed, table, fields).last().copied().unwrap_or_default()
}

/// Reads the trip of a form. Rows in which nothing is typed are left out; faults name fields of the form.
pub(super) fn read(typed: &Fields, frame: &Frame) -> Result<Trip, Vec<Wrong>> {
    let mut reader = Reader { typed, frame, wrong: Vec::new() };
    let trip = reader.trip();
    if reader.wrong.is_empty() { Ok(trip) } else { Err(reader.wrong) }
}

/// A fault of the trip at the field of the form that has to be mended.
pub(super) fn wrong(fault: &TripFault, typed: &Fields, frame: &Frame) -> Wrong {
    let say = |id: &str, args: &[(&str, String)]| frame.tell(id, args);
    let text = match &fault.rule {
        TripRule::Unknown(unknown) => {
            say(unknown.code(), &[("typed", unknown.typed.clone()), ("nearest", unknown.nearest_argument())])
        }
        TripRule::Country { code } => say("trip-wrong-country", &[("code", code.clone())]),
        TripRule::Backwards { first, last } => {
            say("trip-wrong-backwards", &[("first", first.to_string()), ("last", last.to_string())])
        }
        TripRule::Year { day } => say("trip-wrong-year", &[("day", day.to_string())]),
        TripRule::When | TripRule::Moment { .. } => say("trip-wrong-when", &[]),
        TripRule::Order { direction } => say("trip-wrong-order", &[("direction", (*direction).to_owned())]),
        TripRule::Overlap { next } => say("trip-wrong-overlap", &[("next", next.to_string())]),
        TripRule::TooMany { count } => say("trip-wrong-too-many", &[("count", count.to_string())]),
        rule @ (TripRule::Shape { .. } | TripRule::Direction | TripRule::VehicleKind) => rule.to_string(),
    };
    Wrong { field: field_of(&fault.key, typed), text }
}

/// `stop[2].places[1]`, the second row that was read, as the field of the form: blank rows were left out.
fn field_of(key: &str, typed: &Fields) -> String {
    let row_of = |table: &str, fields: &[&str], rest: &str| {
        let (number, field) = rest.split_once("].")?;
        let field = field.split('[').next()?;
        let row = rows(typed, table, fields).get(number.parse::<usize>().ok()?.checked_sub(1)?).copied()?;
        Some(name(table, row, field))
    };
    let tables: [(&str, &[&str]); 4] =
        [("crossing", &CROSSING), ("stop", &STOP), ("permit", &PERMIT), ("earlier_stay", &EARLIER)];
    let found = tables
        .iter()
        .find_map(|(table, fields)| row_of(table, fields, key.strip_prefix(table)?.strip_prefix('[')?));
    found.unwrap_or_else(|| key.to_owned())
}

/// The numbers of the rows in which something was typed; a direction, which is always chosen, is nothing typed.
fn rows(typed: &Fields, table: &str, fields: &[&str]) -> Vec<usize> {
    let said = |row: usize, field: &str| !typed.get(&name(table, row, field)).is_empty();
    let filled = |row: &usize| fields.iter().any(|field| *field != "direction" && said(*row, field));
    (1..=MOST_ROWS).filter(filled).collect()
}

struct Reader<'a> {
    typed: &'a Fields,
    frame: &'a Frame,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn trip(&mut self) -> Trip {
        let typed = self.typed;
        let crossing = rows(typed, "crossing", &CROSSING).into_iter().map(|row| self.passage(row)).collect();
        let stop = rows(typed, "stop", &STOP).into_iter().map(|row| self.stop(row)).collect();
        let permit = rows(typed, "permit", &PERMIT).into_iter().map(|row| self.permit(row)).collect();
        let earlier_stay =
            rows(typed, "earlier_stay", &EARLIER).into_iter().map(|row| self.earlier(row)).collect();
        Trip {
            about: None,
            nationality: typed.get("nationality").to_owned(),
            document: match typed.get("document") {
                "un-laissez-passer" => TravelDocument::UnLaissezPasser,
                _ => TravelDocument::Passport,
            },
            passport_expiry: self.some_day("passport_expiry"),
            organised_group: self.count("organised_group"),
            carries: typed.all("carries"),
            holds: typed.all("holds"),
            visa: self.visa(),
            vehicle: self.vehicle(),
            crossing,
            stop,
            permit,
            earlier_stay,
        }
    }

    fn visa(&mut self) -> Option<Visa> {
        let kind = match self.typed.get("visa.kind") {
            "e-visa" => VisaKind::EVisa,
            "visa" => VisaKind::Visa,
            _ => return None,
        };
        Some(Visa { kind, valid_from: self.day("visa.valid_from"), valid_to: self.day("visa.valid_to") })
    }

    fn vehicle(&mut self) -> Option<Vehicle> {
        Some(Vehicle {
            kind: mode(self.typed.get("vehicle.kind"))?,
            registered_in: self.typed.get("vehicle.registered_in").to_owned(),
            rental: !self.typed.get("vehicle.rental").is_empty(),
            union_entry: self.some_day("vehicle.union_entry"),
        })
    }

    fn passage(&mut self, row: usize) -> Passage {
        let get = |field| self.typed.get(&name("crossing", row, field));
        let at = get("at").to_owned();
        let direction = if get("direction") == "leaving" { Direction::Leaving } else { Direction::Entering };
        let mode = mode(get("mode"));
        let date = self.some_day(&name("crossing", row, "date"));
        let time = self.read(&name("crossing", row, "time"), "trip-wrong-time");
        Passage { at, direction, date, time, moment: None, mode }
    }

    fn stop(&mut self, row: usize) -> DayStop {
        let places = self.list(&name("stop", row, "places"));
        let (date, until) =
            (self.day(&name("stop", row, "date")), self.some_day(&name("stop", row, "until")));
        DayStop { date, until, places }
    }

    fn permit(&mut self, row: usize) -> HeldPermit {
        HeldPermit {
            zones: self.list(&name("permit", row, "zones")),
            valid_from: self.day(&name("permit", row, "valid_from")),
            valid_to: self.day(&name("permit", row, "valid_to")),
            copies: self.count(&name("permit", row, "copies")),
        }
    }

    fn earlier(&mut self, row: usize) -> EarlierStay {
        EarlierStay {
            entered: self.day(&name("earlier_stay", row, "entered")),
            left: self.day(&name("earlier_stay", row, "left")),
        }
    }

    /// Names with commas between them; none is a fault.
    fn list(&mut self, field: &str) -> Vec<String> {
        let text = self.typed.get(field);
        let names: Vec<String> = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        if names.is_empty() {
            self.refuse(field, "trip-wrong-empty");
        }
        names
    }

    fn day(&mut self, field: &str) -> jiff::civil::Date {
        if self.typed.get(field).is_empty() {
            self.refuse(field, "trip-wrong-day");
        }
        self.some_day(field).unwrap_or_default()
    }

    fn some_day(&mut self, field: &str) -> Option<jiff::civil::Date> {
        self.read(field, "trip-wrong-day")
    }

    fn count(&mut self, field: &str) -> Option<usize> {
        self.read(field, "trip-wrong-count")
    }

    /// A value, where something was typed; a fault where it can't be read.
    fn read<T: std::str::FromStr>(&mut self, field: &str, sentence: &str) -> Option<T> {
        let text = self.typed.said(field)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.refuse(field, sentence);
        }
        value
    }

    fn refuse(&mut self, field: &str, sentence: &str) {
        self.wrong.push(Wrong { field: field.to_owned(), text: self.frame.say(sentence) });
    }
}

fn mode(name: &str) -> Option<Mode> {
    MODES.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode)
}
