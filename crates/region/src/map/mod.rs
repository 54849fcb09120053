//! A schematic map as SVG, from the same data as the answers.
//!
//! In scope: the outline, zones as clusters of the places whose position a source gives, crossings with their status on
//! the trip, the route. Out of scope: the zones' legal limits (no source has them), roads, anything loaded from elsewhere:
//! the drawing has no script, no style sheet and no link, so that it can stand in a page with a strict policy.

mod labels;
mod outline;

use crate::ids::{CrossingId, ZoneId};
use crate::model::{Crossing, Position};
use crate::names::SideNames;
use crate::region::Region;
use crate::route::Stop;
use crate::trip::{Assessment, Gate, Journey, TripSeverity};
use labels::Labels;
use outline::Point;
use std::fmt::Write as _;

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
/// Height of a line of the legend.
const LINE: f64 = 20.0;
/// The most letters of a line of the legend of size 1.
const LINE_LETTERS: f64 = 1650.0;
/// One colour for each zone, in the order of the file; colour-blind safe (Okabe and Ito).
const ZONE_COLOURS: [&str; 6] = ["#56b4e9", "#009e73", "#cc79a7", "#e69f00", "#0072b2", "#999999"];
/// The one id of the drawing, unlike any of a page around it.
const OUTLINE_ID: &str = "propusk-kyrgyzstan";
/// What road posts' official Russian names end with, and what nobody says.
const ROAD_POST: &str = "-автодорожный";

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

/// How a crossing is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Blocked,
    Warned,
    Open,
    Other,
}

impl Look {
    fn colour(self) -> &'static str {
        match self {
            Self::Blocked => "#b3261e",
            Self::Warned => "#d98200",
            Self::Open => "#1b7f3b",
            Self::Other => "#77716a",
        }
    }

    fn word(self, words: &MapWords) -> &str {
        match self {
            Self::Blocked => &words.blocked,
            Self::Warned => &words.warned,
            Self::Open => &words.open,
            Self::Other => &words.other,
        }
    }
}

impl Crossing {
    /// The crossing's names in a language, the Kyrgyz side's first: `Ak-Zhol / Korday`; its id where it has none in
    /// that script.
    pub fn label(&self, lang: &str) -> String {
        let own = |names: &Option<SideNames>| -> Option<String> {
            let names = names.as_ref()?;
            let name = match lang {
                "ru" => names.ru.as_deref(),
                "ky" => names.ky.as_deref().or(names.ru.as_deref()),
                _ => names.en.as_deref(),
            }?;
            Some(name.strip_suffix(ROAD_POST).unwrap_or(name).to_owned())
        };
        let mut found: Vec<String> =
            [own(&self.name_kg), own(&self.name_other)].into_iter().flatten().collect();
        found.dedup();
        if found.is_empty() { title(self.id.as_str()) } else { found.join(" / ") }
    }
}

/// `ken-sai` as `Ken-Sai`: what an English reader types.
fn title(id: &str) -> String {
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    id.split('-').map(capital).collect::<Vec<_>>().join("-")
}

impl Region {
    /// The map of a journey with its answers. The same input gives the same bytes.
    pub fn map(&self, journey: &Journey, assessment: &Assessment, words: &MapWords) -> String {
        Drawing { region: self, journey, assessment, words, out: String::new(), labels: Labels::new(WIDTH) }
            .draw()
    }
}

struct Drawing<'a> {
    region: &'a Region,
    journey: &'a Journey,
    assessment: &'a Assessment,
    words: &'a MapWords,
    out: String,
    labels: Labels,
}

impl Drawing<'_> {
    fn draw(mut self) -> String {
        self.frontiers();
        self.zones();
        self.route();
        self.crossings();
        self.places();
        self.zone_names();
        self.towns();
        let bottom = self.legend();
        let title = escaped(&self.words.title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {bottom:.0}\" width=\"{WIDTH}\" height=\"{bottom:.0}\" \
             role=\"img\" aria-label=\"{title}\" font-family=\"DejaVu Sans, Noto Sans, Arial, sans-serif\">\n<title>{title}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{bottom:.0}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.out
        )
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
    }

    fn text(&mut self, x: f64, y: f64, size: f64, colour: &str, text: &str) {
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\">{text}</text>"
        ));
    }

    fn frontiers(&mut self) {
        let title = self.words.title.clone();
        self.text(MARGIN, 32.0, 22.0, "#1d1b16", &title);
        let mut path = String::new();
        for ring in outline::rings() {
            for (index, point) in ring.iter().enumerate() {
                let (x, y) = project(*point);
                let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
            }
            path.push('Z');
        }
        self.put(format_args!(
            "<clipPath id=\"{OUTLINE_ID}\"><path d=\"{path}\" clip-rule=\"evenodd\"/></clipPath>"
        ));
        self.put(format_args!("<path d=\"{path}\" fill=\"#f5f1e6\" fill-rule=\"evenodd\" stroke=\"#8a8474\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>"));
    }

    /// Each zone as a cluster of its known points; those of the trip stronger.
    fn zones(&mut self) {
        let touched = self.journey.zones(self.region);
        for (index, zone) in self.region.zones().iter().enumerate() {
            let points = self.points_of(&zone.id);
            let Some(first) = points.first().copied() else { continue };
            let colour = ZONE_COLOURS.get(index).copied().unwrap_or("#999999");
            let opacity = if touched.contains(&zone.id) { 0.5 } else { 0.22 };
            let mut path = format!("M{:.1} {:.1}", first.0, first.1);
            for (x, y) in &points {
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
            self.put(format_args!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" clip-path=\"url(#{OUTLINE_ID})\" stroke-opacity=\"{opacity}\" stroke-width=\"54\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"));
        }
    }

    /// The zones' names, after everything that they must not be crossed by.
    fn zone_names(&mut self) {
        for zone in self.region.zones() {
            let points = self.points_of(&zone.id);
            if points.is_empty() {
                continue;
            }
            let name = format!("{}: {}", self.words.zone, zone.name.get(&self.words.lang));
            let middle = points.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
            let count = points.len().max(1) as f64;
            let below = points.iter().map(|at| at.1).fold(0.0, f64::max) + 32.0;
            self.label((middle.0 / count, below), &name, 13.0, "#4a463d", true);
        }
    }

    /// The points of a zone, from west to east: its places, and crossings whose road has a post in it.
    fn points_of(&self, zone: &ZoneId) -> Vec<Point> {
        let places =
            self.region.places().iter().filter(|place| place.zone == *zone).flat_map(|place| &place.position);
        let in_zone = |crossing: &&Crossing| {
            crossing
                .posts
                .iter()
                .filter_map(|id| self.region.checkpoint_by_id(id))
                .any(|post| post.zone == *zone)
        };
        let crossings =
            self.region.crossings().iter().filter(in_zone).flat_map(|crossing| &crossing.position);
        let mut points: Vec<Point> = places.chain(crossings).map(at).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
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
            self.put(format_args!("<polyline points=\"{line}\" fill=\"none\" stroke=\"#1f4e9c\" stroke-width=\"2.5\" stroke-dasharray=\"7 5\"/>"));
        }
    }

    fn crossings(&mut self) {
        let mut drawn: Vec<(&Crossing, Look)> =
            self.region.crossings().iter().map(|c| (c, self.look(&c.id))).collect();
        drawn.sort_by_key(|(_, look)| *look);
        for (crossing, look) in drawn {
            let Some((x, y)) = crossing.position.first().map(at) else { continue };
            self.diamond(x, y, look);
            let name = crossing.label(&self.words.lang);
            self.label((x, y), &name, 12.5, look.colour(), false);
        }
    }

    /// How a crossing fares on this trip.
    fn look(&self, id: &CrossingId) -> Look {
        let crossed = self.journey.passings.iter().any(|passing| passing.gate == Gate::Crossing(id.clone()));
        if !crossed {
            return Look::Other;
        }
        let about = |subject: &str| subject == id.as_str() || subject.split(':').next() == Some(id.as_str());
        let worst = self
            .assessment
            .findings
            .iter()
            .filter(|finding| about(&finding.subject))
            .map(|f| f.severity)
            .min();
        match worst {
            Some(TripSeverity::Blocks | TripSeverity::Needs) => Look::Blocked,
            Some(TripSeverity::Warns) => Look::Warned,
            _ => Look::Open,
        }
    }

    fn diamond(&mut self, x: f64, y: f64, look: Look) {
        let (size, colour) = (if look == Look::Other { 5.0 } else { 8.0 }, look.colour());
        self.labels.keep_clear(x, y, size);
        self.put(format_args!(
            "<path d=\"M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"1.2\"/>",
            y - size, x + size, y + size, x - size
        ));
    }

    /// The places of the route.
    fn places(&mut self) {
        for stop in distinct_stops(self.journey) {
            let Some((x, y)) = self.point_of(&stop) else { continue };
            self.labels.keep_clear(x, y, 6.0);
            self.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.5\" fill=\"#1f4e9c\" stroke=\"#ffffff\" stroke-width=\"1.2\"/>"));
            let name = self
                .region
                .names_of(&stop)
                .map(|names| names.get(&self.words.lang).to_owned())
                .unwrap_or_default();
            self.label((x, y), &name, 13.0, "#1f4e9c", false);
        }
    }

    fn towns(&mut self) {
        for town in outline::towns() {
            let (x, y) = project(town.at);
            self.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"#6b665c\"/>"));
            let name = if self.words.lang == "en" { town.latin } else { town.cyrillic };
            self.label((x, y), name, 11.5, "#6b665c", false);
        }
    }

    /// A label where it meets no other; it is left out where there is no room at all.
    fn label(&mut self, at: Point, text: &str, size: f64, colour: &str, centred: bool) {
        let Some((x, y)) = self.labels.place(at, text, size, centred) else { return };
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">{text}</text>"
        ));
    }

    /// The signs, this trip's crossings with their status, and what has no position. Gives the drawing's height.
    fn legend(&mut self) -> f64 {
        let words = self.words;
        let mut y = TOP + (NORTH - SOUTH) * scale() + 24.0;
        let mut x = MARGIN + 8.0;
        for look in [Look::Open, Look::Warned, Look::Blocked, Look::Other] {
            self.diamond(x, y - 4.0, look);
            self.text(x + 14.0, y, 13.0, "#1d1b16", look.word(words));
            x += 40.0 + labels::width(look.word(words), 13.0);
        }
        self.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"5.5\" fill=\"#1f4e9c\"/>", y - 4.0));
        self.text(x + 14.0, y, 13.0, "#1d1b16", &words.place);
        y += LINE + 4.0;
        for passing in &self.journey.passings {
            let Gate::Crossing(id) = &passing.gate else { continue };
            let Some(crossing) = self.region.crossing_by_id(id) else { continue };
            let look = self.look(id);
            self.diamond(MARGIN + 8.0, y - 4.0, look);
            let arrow = if passing.enters() { "→" } else { "←" };
            let text = format!(
                "{}  {arrow} KG  {}: {}",
                passing.date,
                crossing.label(&words.lang),
                look.word(words)
            );
            self.text(MARGIN + 22.0, y, 13.0, "#1d1b16", &text);
            y += LINE;
        }
        let lost = self.without_position();
        if !lost.is_empty() {
            let text = format!("{} {}", words.no_position, lost.join(", "));
            y = self.lines(y + 4.0, 12.0, "#4a463d", &text);
        }
        y = self.lines(y + 4.0, 11.0, "#6b665c", &words.schematic);
        y
    }

    fn lines(&mut self, mut y: f64, size: f64, colour: &str, text: &str) -> f64 {
        for line in wrapped(text, (LINE_LETTERS / size) as usize) {
            self.text(MARGIN, y, size, colour, &line);
            y += LINE - 3.0;
        }
        y
    }

    /// The names of the trip's places and crossings that no source gives a position for.
    fn without_position(&self) -> Vec<String> {
        let lang = &self.words.lang;
        let stops = distinct_stops(self.journey).into_iter().filter(|stop| self.point_of(stop).is_none());
        let stops =
            stops.filter_map(|stop| self.region.names_of(&stop).map(|names| names.get(lang).to_owned()));
        let gates = self.journey.passings.iter().filter_map(|passing| {
            let Gate::Crossing(id) = &passing.gate else { return None };
            self.region.crossing_by_id(id).filter(|crossing| crossing.position.is_empty())
        });
        let mut names: Vec<String> = stops.chain(gates.map(|crossing| crossing.label(lang))).collect();
        let mut seen: Vec<String> = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        names
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

/// A text in lines of at most `letters`, broken between words.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
