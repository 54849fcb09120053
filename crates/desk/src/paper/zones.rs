//! The zones with their places.

use super::booklet::Zone;
use super::canvas::Block;
use super::error::Field;
use super::flow::{Paragraph, Span, fit, flow};
use super::fonts::Face;
use super::sheet::{LEFT, Scene, WIDTH};
use super::style::Optional;

/// The zones stand beside the dates while they need no more than this: two zones of two lines.
const BESIDE_THE_DATES: f32 = 18.5;
/// Between two zones.
const GAP: f32 = 0.5;

/// Draws the zones at the right of the dates or, where they need more room, below them over the whole width. `dates`
/// is where the dates end. Returns where the zones end.
pub(super) fn draw(scene: &Scene<'_>, block: &mut Block<'_>, top: f32, column_x: f32, dates: f32) -> f32 {
    let (x, y, zones) = {
        let beside = paragraphs(scene, LEFT + WIDTH - column_x);
        let allowed = BESIDE_THE_DATES * scene.scale.max(1.0);
        if height(&beside) <= allowed {
            (column_x, top, beside)
        } else {
            (LEFT, dates + 2.2, paragraphs(scene, WIDTH))
        }
    };
    let caption = scene.caption(&scene.labels.zones, LEFT + WIDTH - x);
    let mut bottom = y + block.paragraph((x, y), &caption) + 0.5;
    for zone in &zones {
        bottom += block.paragraph((x, bottom), zone) + GAP;
    }
    bottom.max(dates)
}

fn height(paragraphs: &[Paragraph]) -> f32 {
    paragraphs.iter().map(|paragraph| paragraph.height() + GAP).sum()
}

/// Zones without places flow one behind the other; with places each begins a line.
fn paragraphs(scene: &Scene<'_>, width: f32) -> Vec<Paragraph> {
    let zones = &scene.booklet.zones;
    let with_places = scene.style.shows(Optional::Places) && zones.iter().any(|zone| !zone.places.is_empty());
    if with_places {
        let size = scene.points(9.5);
        let zone = |(index, zone)| flow(scene.fonts, &with_its_places(scene, index, zone), width, size);
        return zones.iter().enumerate().map(zone).collect();
    }
    let mut spans = Vec::new();
    for (index, zone) in zones.iter().enumerate() {
        let mut name = scene.named(&zone.name, Field::at("zones", index, "name"));
        if let (true, Some(last)) = (index + 1 < zones.len(), name.last_mut()) {
            last.text.to_mut().push_str("  ·  ");
        }
        spans.extend(name);
    }
    vec![fit(scene.fonts, &spans, width, (scene.points(11.0), scene.points(9.0)), 1)]
}

/// `Нарынская область / Naryn: Торугарт, озеро Кёль-Суу / Torugart, Kol-Suu lake`.
fn with_its_places<'a>(scene: &Scene<'a>, index: usize, zone: &'a Zone) -> Vec<Span<'a>> {
    let mut spans = scene.named(&zone.name, Field::at("zones", index, "name"));
    if zone.places.is_empty() {
        return spans;
    }
    let field = Field::at("zones", index, "places");
    let names =
        |language| zone.places.iter().map(|place| place.in_language(language)).collect::<Vec<_>>().join(", ");
    let (first, second) = (names(scene.labels.primary), names(scene.labels.secondary));
    spans.push(Span::new(Face::Regular, ": ", field));
    let same = first == second;
    spans.push(Span::new(Face::Regular, first, field));
    if !same {
        spans.push(Span::new(Face::Regular, format!(" / {second}"), field));
    }
    spans
}
