//! The zones: the province each is named after, pale, and what is known to lie in it, stronger.

use super::outline::{self, Point};
use super::{Drawing, OUTLINE_ID, at, project};
use crate::ids::ZoneId;
use crate::model::Crossing;
use crate::region::Region;
use std::fmt::Write as _;

/// One colour for each zone, in the order of the file; colour-blind safe (Okabe and Ito).
pub(super) const ZONE_COLOURS: [&str; 6] = ["#56b4e9", "#009e73", "#cc79a7", "#e69f00", "#0072b2", "#999999"];

impl Drawing<'_> {
    /// Each zone as its province, pale, and a cluster of its known points; those of the trip stronger.
    pub(super) fn zones(&mut self) {
        for (index, zone) in self.region.zones().iter().enumerate() {
            let colour = ZONE_COLOURS.get(index).copied().unwrap_or("#999999");
            if let Some(province) = outline::province(zone.id.as_str()) {
                let opacity = if self.zones.contains(&zone.id) { 0.2 } else { 0.08 };
                self.sheet.province(&province, colour, opacity);
            }
            let points = points_of(self.region, &zone.id);
            let Some(first) = points.first().copied() else { continue };
            let opacity = if self.zones.contains(&zone.id) { 0.5 } else { 0.22 };
            let mut path = format!("M{:.1} {:.1}", first.0, first.1);
            for (x, y) in &points {
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
            self.sheet.put(format_args!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" clip-path=\"url(#{OUTLINE_ID})\" stroke-opacity=\"{opacity}\" stroke-width=\"54\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"));
        }
    }

    /// The zones' names, after everything that they must not be crossed by.
    pub(super) fn zone_names(&mut self) {
        for zone in self.region.zones() {
            let name = format!("{}: {}", self.words.zone, zone.name.get(&self.words.lang));
            let (across, below) = match outline::province(zone.id.as_str()) {
                Some(province) => middle(&province),
                None => match points_of(self.region, &zone.id).last() {
                    Some((x, y)) => (*x, y + 32.0),
                    None => continue,
                },
            };
            self.sheet.label((across, below), &name, 13.0, "#4a463d", true);
        }
    }
}

/// The points of a zone, from west to east: its places, and crossings whose road has a post in it.
pub(super) fn points_of(region: &Region, zone: &ZoneId) -> Vec<Point> {
    let places = region.places().iter().filter(|place| place.zone == *zone).flat_map(|place| &place.position);
    let in_zone = |crossing: &&Crossing| {
        crossing.posts.iter().filter_map(|id| region.checkpoint_by_id(id)).any(|post| post.zone == *zone)
    };
    let crossings = region.crossings().iter().filter(in_zone).flat_map(|crossing| &crossing.position);
    let mut points: Vec<Point> = places.chain(crossings).map(at).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

/// The middle of a ring's box, in the drawing.
pub(super) fn middle(ring: &[Point]) -> Point {
    let points = || ring.iter().map(|point| project(*point));
    let low = points().fold((f64::MAX, f64::MAX), |low, at| (low.0.min(at.0), low.1.min(at.1)));
    let high = points().fold((0.0, 0.0), |high: Point, at| (high.0.max(at.0), high.1.max(at.1)));
    ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0)
}
