//! Who asked for the permit, who issued it and why, the office's own fields, and what corrections and extensions did.

use super::booklet::{Change, TravellerRow};
use super::canvas::Block;
use super::error::Field;
use super::flow::{Span, fit, flow};
use super::fonts::Face;
use super::head::day_month_year;
use super::labels::Pair;
use super::seal_block::{COLUMN_GAP, column_width};
use super::sheet::{LEFT, Scene, both};
use super::style::Optional;

/// So many guides and drivers are named; every row of the table names its own role.
const MOST_GUIDES: usize = 2;

/// Details do not grow with a short list: they would wrap instead.
const LARGEST: f32 = 10.5;

/// A caption and what stands below it.
struct Entry<'s> {
    caption: Vec<Span<'s>>,
    value: Vec<Span<'s>>,
}

/// Draws the details in two columns from `top` on; returns where they end.
pub(super) fn draw(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let column = column_width(scene);
    let issued_on = day_month_year(scene.booklet.issued_on);
    let mut y = top;
    for row in entries(scene, &issued_on).chunks(2) {
        let mut height: f32 = 0.0;
        for (entry, x) in row.iter().zip([LEFT, LEFT + column + COLUMN_GAP]) {
            let sizes = |smallest| (scene.points(9.5).min(LARGEST), scene.points(smallest).min(LARGEST));
            let mut value = fit(scene.fonts, &entry.value, column, sizes(7.6), 1);
            if value.lines.len() > 1 {
                value = fit(scene.fonts, &entry.value, column, sizes(7.6), 2);
            }
            let caption = fit(scene.fonts, &entry.caption, column, scene.sizes(6.5, 5.5), 1);
            let below = y + block.paragraph((x, y), &caption) + 0.5;
            height = height.max(below + block.paragraph((x, below), &value) - y);
        }
        y += height + 2.2 * scene.scale.min(1.1);
    }
    y + history(scene, block, y)
}

fn entries<'s>(scene: &Scene<'s>, issued_on: &str) -> Vec<Entry<'s>> {
    let (booklet, labels) = (scene.booklet, scene.labels);
    let shown = |optional, value: &'s Option<String>| {
        value.as_deref().filter(|_| scene.style.shows(optional)).map(ToOwned::to_owned)
    };
    let fields: [(&'s Pair, Option<String>, &'static str); 6] = [
        (&labels.agency, Some(booklet.agency.clone()), "agency"),
        (&labels.issuing_office, Some(booklet.issuing_office.clone()), "issuing_office"),
        (
            &labels.authority_reference,
            shown(Optional::AuthorityReference, &booklet.authority_reference),
            "authority_reference",
        ),
        (&labels.issued_on, Some(issued_on.to_owned()), "issued_on"),
        (&labels.purpose, shown(Optional::Purpose, &booklet.purpose), "purpose"),
        (&labels.vehicle, shown(Optional::Vehicle, &booklet.vehicle), "vehicle"),
    ];
    let entry = |(pair, value, name): (&'s Pair, Option<String>, &'static str)| {
        let value = vec![Span::new(Face::Regular, value?, Field::of(name))];
        Some(Entry { caption: pair.spans(Face::Regular, Face::Regular), value })
    };
    let mut entries: Vec<_> = fields.into_iter().filter_map(entry).collect();
    entries.extend(guides(scene));
    for (index, extra) in scene.style.extra_fields.iter().enumerate() {
        let field = |name| Field::at("extra_fields", index, name);
        let label = |language| extra.label.in_language(language);
        let (first, second) = (label(labels.primary), label(labels.secondary));
        entries.push(Entry {
            caption: both(first, second, Face::Regular, Face::Regular, field("label")),
            value: vec![Span::new(Face::Regular, extra.value.as_str(), field("value"))],
        });
    }
    entries
}

/// Guide and driver: they may stand on another sheet's part of the list.
fn guides<'s>(scene: &Scene<'s>) -> Option<Entry<'s>> {
    if !scene.style.shows(Optional::Guide) {
        return None;
    }
    let mut value = Vec::new();
    let with_role =
        |(index, traveller): (usize, &'s TravellerRow)| Some((index, traveller, traveller.role.as_ref()?));
    let mut all = scene.booklet.travellers.iter().enumerate().filter_map(with_role);
    for (index, traveller, role) in all.by_ref().take(MOST_GUIDES) {
        let field = |name| Field::at("travellers", index, name);
        let (first, second) =
            (role.in_language(scene.labels.primary), role.in_language(scene.labels.secondary));
        let before = if value.is_empty() { "" } else { ", " };
        let name = format!("{before}{} ", traveller.surname);
        value.push(Span::new(Face::Regular, name, field("surname")));
        let role = if first == second { format!("({first})") } else { format!("({first} / {second})") };
        value.push(Span::new(Face::Regular, role, field("role")));
    }
    if all.next().is_some() {
        value.push(Span::new(Face::Regular, ", …", Field::of("travellers")));
    }
    let caption = scene.labels.guide.spans(Face::Regular, Face::Regular);
    (!value.is_empty()).then_some(Entry { caption, value })
}

/// What corrections and extensions did, over both columns; returns the height.
fn history(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    if scene.booklet.history.is_empty() {
        return 0.0;
    }
    let width = 2.0 * column_width(scene) + COLUMN_GAP;
    let mut y = top + block.paragraph((LEFT, top), &scene.caption(&scene.labels.history, width)) + 0.5;
    for (index, change) in scene.booklet.history.iter().enumerate() {
        y += block.paragraph(
            (LEFT, y),
            &flow(scene.fonts, &sentence(scene, index, change), width, scene.points(8.0)),
        );
    }
    y + 1.4 - top
}

/// The sentence in both languages, and the reason once.
fn sentence<'s>(scene: &Scene<'s>, index: usize, change: &'s Change) -> Vec<Span<'s>> {
    let field = Field::at("history", index, "what");
    let (first, second) =
        (change.what.in_language(scene.labels.primary), change.what.in_language(scene.labels.secondary));
    let mut spans = both(first, second, Face::Regular, Face::Regular, field);
    let end = change.reason.as_ref().map_or_else(|| ".".to_owned(), |reason| format!(": {reason}"));
    spans.push(Span::new(Face::Regular, end, Field::at("history", index, "reason")));
    spans
}
