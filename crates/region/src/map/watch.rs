//! The map of who is inside: the zones and the posts whose position a source gives, each with its count.

use super::outline::{self, Point};
use super::sheet::Sheet;
use super::zones::{ZONE_COLOURS, middle, points_of};
use super::{MARGIN, NORTH, SOUTH, TOP, at, labels, scale};
use crate::ids::CheckpointId;
use crate::model::Zone;
use crate::region::Region;

/// What a count is written on.
const PEOPLE: &str = "#17456b";
/// The same where somebody should have come out.
const OVERDUE: &str = "#a31d1d";
const INK: &str = "#1d1b16";
/// Radius of a zone's count, and half the side of a post's.
const ZONE_RADIUS: f64 = 30.0;
const POST_HALF: f64 = 15.0;
/// A post with a longer name stands without it: it would lie across the country.
const LONGEST_NAME: usize = 24;
/// Height of the legend.
const LEGEND: f64 = 62.0;

/// How many people are inside a zone, or went in at a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The id of the zone or post.
    pub id: String,
    /// People inside.
    pub people: usize,
    /// How many of them should have come out: the last valid day has passed.
    pub overdue: usize,
}

/// The words of the drawing, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchWords {
    /// The language: `en`, `ru` or `ky`.
    pub lang: String,
    /// What the drawing shows, for who can't see it.
    pub title: String,
    /// People inside a zone.
    pub zone: String,
    /// People who went in at a post.
    pub post: String,
    /// That somebody is overdue.
    pub overdue: String,
}

impl Region {
    /// The map of who is inside. Zones and posts that are not counted show 0; posts without a position are left out. The
    /// same input gives the same bytes.
    pub fn watch_map(&self, zones: &[Count], posts: &[Count], words: &WatchWords) -> String {
        let mut sheet = Sheet::new();
        sheet.country();
        for (index, zone) in self.zones().iter().enumerate() {
            let Some(ring) = outline::province(zone.id.as_str()) else { continue };
            let colour = ZONE_COLOURS.get(index).copied().unwrap_or("#999999");
            let somebody = of(zones, zone.id.as_str()).people > 0;
            sheet.province(&ring, colour, if somebody { 0.35 } else { 0.1 });
        }
        for zone in self.zones() {
            let Some(place) = self.middle_of(zone) else { continue };
            circle(&mut sheet, place, &of(zones, zone.id.as_str()));
        }
        for post in self.checkpoints() {
            let Some(place) = self.position_of(&post.id) else { continue };
            square(&mut sheet, place, &of(posts, post.id.as_str()));
        }
        // Only now, since no label may cover a sign.
        for post in self.checkpoints() {
            let (Some(place), name) = (self.position_of(&post.id), post.name.get(&words.lang)) else {
                continue;
            };
            if name.chars().count() <= LONGEST_NAME {
                sheet.label(place, name, 16.0, INK, false);
            }
        }
        for zone in self.zones() {
            let Some((x, y)) = self.middle_of(zone) else { continue };
            sheet.label((x, y + ZONE_RADIUS + 2.0), zone.name.get(&words.lang), 19.0, INK, true);
        }
        sheet.towns(&words.lang);
        let bottom = legend(&mut sheet, words);
        sheet.finish(&words.title, bottom)
    }

    fn middle_of(&self, zone: &Zone) -> Option<Point> {
        match outline::province(zone.id.as_str()) {
            Some(ring) => Some(middle(&ring)),
            None => points_of(self, &zone.id).last().copied(),
        }
    }

    /// A post stands on the road to its crossing.
    fn position_of(&self, post: &CheckpointId) -> Option<Point> {
        let crossing = self.crossings().iter().find(|crossing| crossing.posts.contains(post))?;
        crossing.position.first().map(at)
    }
}

fn of(counts: &[Count], id: &str) -> Count {
    let nobody = || Count { id: id.to_owned(), people: 0, overdue: 0 };
    counts.iter().find(|count| count.id == id).cloned().unwrap_or_else(nobody)
}

fn colour(count: &Count) -> &'static str {
    if count.overdue > 0 { OVERDUE } else { PEOPLE }
}

fn circle(sheet: &mut Sheet, (x, y): Point, count: &Count) {
    sheet.labels.keep_clear(x, y, ZONE_RADIUS);
    let colour = colour(count);
    sheet.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{ZONE_RADIUS}\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"2\"/>"));
    number(sheet, (x, y + 10.0), 28.0, count.people);
}

fn square(sheet: &mut Sheet, (x, y): Point, count: &Count) {
    sheet.labels.keep_clear(x, y, POST_HALF);
    let (left, top, side, colour) = (x - POST_HALF, y - POST_HALF, 2.0 * POST_HALF, colour(count));
    sheet.put(format_args!("<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{side}\" height=\"{side}\" rx=\"4\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"2\"/>"));
    number(sheet, (x, y + 6.0), 17.0, count.people);
}

fn number(sheet: &mut Sheet, (x, y): Point, size: f64, people: usize) {
    // Four digits and more have to fit, too.
    let size = if people > 999 { size * 0.7 } else { size };
    sheet.put(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"700\" text-anchor=\"middle\" fill=\"#ffffff\">{people}</text>"));
}

/// The signs. Gives the drawing's height.
fn legend(sheet: &mut Sheet, words: &WatchWords) -> f64 {
    const SIZE: f64 = 17.0;
    let y = TOP + (NORTH - SOUTH) * scale() + 34.0;
    let mut x = MARGIN + 10.0;
    let mut sign = |sheet: &mut Sheet, shape: &str, word: &str| {
        sheet.put(format_args!("<g transform=\"translate({x:.1} {:.1})\">{shape}</g>", y - 6.0));
        sheet.text(x + 18.0, y, SIZE, INK, word);
        x += 46.0 + labels::width(word, SIZE);
    };
    sign(sheet, &format!("<circle r=\"10\" fill=\"{PEOPLE}\"/>"), &words.zone);
    sign(
        sheet,
        &format!("<rect x=\"-9\" y=\"-9\" width=\"18\" height=\"18\" rx=\"3\" fill=\"{PEOPLE}\"/>"),
        &words.post,
    );
    sign(sheet, &format!("<circle r=\"10\" fill=\"{OVERDUE}\"/>"), &words.overdue);
    y + LEGEND - 34.0
}
