//! A schematic map as SVG, from the same data as the answers.
//!
//! In scope: the outline, zones as the provinces they lie in and as clusters of the places whose position a source
//! gives, crossings with their status on
//! the trip, the route. Out of scope: the zones' legal limits (no source has them), roads, anything loaded from elsewhere:
//! the drawing has no script, no style sheet and no link, so that it can stand in a page with a strict policy.

mod crossings;
mod labels;
mod legend;
mod outline;
mod sheet;
mod watch;
mod zones;

use crate::ids::ZoneId;
use crate::model::Position;
use crate::region::Region;
use crate::route::Stop;
use crate::trip::{Assessment, Gate, Journey, RoutePlan};
use jiff::civil::Date;
use outline::Point;
use sheet::Sheet;
use std::fmt::Write as _;

pub use watch::{Count, WatchWords};

/// Width of the drawing.
const WIDTH: f64 = 1000.0;
/// The edges of what is drawn, in degrees.
const WEST: f64 = 69.0;
const EAST: f64 = 80.6;
const NORTH: f64 = 43.55;
const SOUTH: f64 = 38.95;
/// Where the map begins below the title, and the margin at the sides.
const TOP: f64 = 30.0;
const MARGIN: f64 = 20.0;
/// A degree of longitude beside one of latitude at 41.3° north.
const SHRINK: f64 = 0.751;
/// The one id of the drawing, unlike any of a page around it.
const OUTLINE_ID: &str = "propusk-kyrgyzstan";
/// The words of the drawing, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapWords {
    /// The language: `en`, `ru` or `ky`.
    pub lang: String,
    /// The title.
    pub title: String,
    /// That this is a scheme, and where the outline comes from.
    pub schematic: String,
    /// A crossing that is open.
    pub open: String,
    /// A crossing with a warning.
    pub warned: String,
    /// A crossing that can't be used, or needs something first.
    pub blocked: String,
    /// A crossing that is not on the trip.
    pub other: String,
    /// A place of the route.
    pub place: String,
    /// A zone.
    pub zone: String,
    /// What stands before the names of what has no position.
    pub no_position: String,
}

impl Region {
    /// The map of a journey with its answers. The same input gives the same bytes.
    pub fn map(&self, journey: &Journey, assessment: &Assessment, words: &MapWords) -> String {
        let zones = journey.zones(self);
        Drawing { region: self, journey, zones, assessment, words, sheet: Sheet::new() }.draw()
    }

    /// The map of an order: its route and the zones that it asks for, without a traveller, a day or a crossing.
    pub fn order_map(&self, route: &[Stop], zones: &[ZoneId], words: &MapWords) -> String {
        let plan = RoutePlan {
            route: route.to_vec(),
            zones: zones.to_vec(),
            valid_from: Date::MIN,
            valid_to: Date::MIN,
        };
        let (journey, assessment) = (Journey::of_route(&plan), Assessment::default());
        let drawing = Drawing {
            region: self,
            journey: &journey,
            zones: plan.zones,
            assessment: &assessment,
            words,
            sheet: Sheet::new(),
        };
        drawing.draw()
    }
}

struct Drawing<'a> {
    region: &'a Region,
    journey: &'a Journey,
    /// The zones that are drawn stronger.
    zones: Vec<ZoneId>,
    assessment: &'a Assessment,
    words: &'a MapWords,
    sheet: Sheet,
}

impl Drawing<'_> {
    fn draw(mut self) -> String {
        self.sheet.title(&self.words.title);
        self.sheet.country();
        self.zones();
        self.route();
        self.crossings();
        self.places();
        self.zone_names();
        self.sheet.towns(&self.words.lang);
        let bottom = self.legend();
        self.sheet.finish(&self.words.title, bottom)
    }

    /// A line through what has a position, in the order of travel.
    fn route(&mut self) {
        let visits =
            self.journey.visits.iter().filter_map(|visit| Some((visit.first, self.point_of(&visit.stop)?)));
        let gates = self.journey.passings.iter().filter_map(|passing| {
            let Gate::Crossing(id) = &passing.gate else { return None };
            Some((passing.date, self.region.crossing_by_id(id)?.position.first().map(at)?))
        });
        let mut points: Vec<_> = gates.chain(visits).collect();
        points.sort_by_key(|(day, _)| *day);
        // An exit on the day of a visit comes after it.
        let line: Vec<String> = points.iter().map(|(_, (x, y))| format!("{x:.1},{y:.1}")).collect();
        if line.len() > 1 {
            let line = line.join(" ");
            self.sheet.put(format_args!("<polyline points=\"{line}\" fill=\"none\" stroke=\"#1f4e9c\" stroke-width=\"2.5\" stroke-dasharray=\"7 5\"/>"));
        }
    }

    /// The places of the route.
    fn places(&mut self) {
        for stop in distinct_stops(self.journey) {
            let Some((x, y)) = self.point_of(&stop) else { continue };
            self.sheet.labels.keep_clear(x, y, 6.0);
            self.sheet.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.5\" fill=\"#1f4e9c\" stroke=\"#ffffff\" stroke-width=\"1.2\"/>"));
            let name = self
                .region
                .names_of(&stop)
                .map(|names| names.get(&self.words.lang).to_owned())
                .unwrap_or_default();
            self.sheet.label((x, y), &name, 13.0, "#1f4e9c", false);
        }
    }

    fn point_of(&self, stop: &Stop) -> Option<Point> {
        let Stop::Place(id) = stop else { return None };
        self.region.place_by_id(id)?.position.first().map(at)
    }
}

fn distinct_stops(journey: &Journey) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for stop in journey.route() {
        if !stops.contains(&stop) {
            stops.push(stop);
        }
    }
    stops
}

fn at(position: &Position) -> Point {
    project((position.lon, position.lat))
}

/// Units a degree of latitude.
fn scale() -> f64 {
    (WIDTH - 2.0 * MARGIN) / ((EAST - WEST) * SHRINK)
}

/// Degrees as a point of the drawing; what lies far outside is drawn at its edge.
fn project((lon, lat): Point) -> Point {
    let (lon, lat) = (lon.clamp(WEST, EAST), lat.clamp(SOUTH, NORTH));
    (MARGIN + (lon - WEST) * SHRINK * scale(), TOP + (NORTH - lat) * scale())
}

/// A ring of degrees as a closed path of the drawing.
fn closed(ring: &[Point]) -> String {
    let mut path = String::new();
    for (index, point) in ring.iter().enumerate() {
        let (x, y) = project(*point);
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
    }
    path.push('Z');
    path
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
