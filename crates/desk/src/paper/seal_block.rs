//! The lower part of a sheet: who asked for the permit and who issued it, signature and stamp, and the seal.

use super::canvas::{Block, Shape};
use super::error::Field;
use super::flow::{Span, fit, flow};
use super::fonts::Face;
use super::head::day_month_year;
use super::labels::Pair;
use super::qr::Qr;
use super::sheet::{HAIRLINE, LEFT, Scene, THICK, WIDTH, both};

/// The left edge of the QR code's dark square. Its column ends at the right margin.
pub(super) const QR_LEFT: f32 = 148.0;
/// The top of the dark square below the block's rule: more than the quiet zone.
pub(super) const QR_TOP: f32 = 4.5;

const QR_COLUMN_WIDTH: f32 = LEFT + WIDTH - QR_LEFT;
/// The two columns of details end before the code's quiet zone.
const COLUMN_WIDTH: f32 = 59.0;
const COLUMN_STEP: f32 = 65.0;
/// What a round stamp of 38 mm needs beside the words that it may touch.
const STAMP_HEIGHT: f32 = 32.0;
const STAMP_WIDTH: f32 = 44.0;

/// On a full sheet the stamp has to reach a little into what stands around it.
fn stamp_height(scene: &Scene<'_>) -> f32 {
    STAMP_HEIGHT * scene.scale.clamp(0.7, 1.0)
}

/// The block; its top is its rule.
pub(super) fn block<'a>(scene: &Scene<'a>, qr: &Qr) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    block.rule(LEFT, 0.0, WIDTH, THICK);
    let details = details(scene, &mut block, 2.0);
    let seal = under_the_code(scene, &mut block, QR_TOP + qr.side_mm() + 2.5);
    let bottom = seal.max(details + stamp_height(scene));
    signature_and_stamp(scene, &mut block, bottom);
    block.height = bottom + 3.0 * scene.scale;
    block
}

/// Agency, office, reference and so on in two columns; returns where they end.
fn details(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let (booklet, labels) = (scene.booklet, scene.labels);
    let issued_on = day_month_year(booklet.issued_on);
    let entries: [(&Pair, Option<&str>, &'static str); 6] = [
        (&labels.agency, Some(&booklet.agency), "agency"),
        (&labels.issuing_office, Some(&booklet.issuing_office), "issuing_office"),
        (&labels.authority_reference, booklet.authority_reference.as_deref(), "authority_reference"),
        (&labels.issued_on, Some(&issued_on), "issued_on"),
        (&labels.purpose, booklet.purpose.as_deref(), "purpose"),
        (&labels.vehicle, booklet.vehicle.as_deref(), "vehicle"),
    ];
    let present: Vec<_> =
        entries.into_iter().filter_map(|(pair, value, name)| Some((pair, value?, name))).collect();
    let mut y = top;
    for row in present.chunks(2) {
        let mut height: f32 = 0.0;
        for (&(pair, value, name), x) in row.iter().zip([LEFT, LEFT + COLUMN_STEP]) {
            let spans = [Span::new(Face::Regular, value, Field::of(name))];
            let sizes = |smallest| (scene.points(9.5), scene.points(smallest));
            let mut value = fit(scene.fonts, &spans, COLUMN_WIDTH, sizes(8.6), 1);
            if value.lines.len() > 1 {
                value = fit(scene.fonts, &spans, COLUMN_WIDTH, sizes(8.0), 2);
            }
            height = height.max(scene.labelled(block, (x, y), pair, COLUMN_WIDTH, &value));
        }
        y += height + 2.2 * scene.scale;
    }
    y + history(scene, block, y)
}

/// What corrections and extensions did, over both columns; returns the height.
fn history(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    if scene.booklet.history.is_empty() {
        return 0.0;
    }
    let width = COLUMN_STEP + COLUMN_WIDTH;
    let mut y = top + block.paragraph((LEFT, top), &scene.caption(&scene.labels.history, width)) + 0.5;
    for (index, sentence) in scene.booklet.history.iter().enumerate() {
        let field = Field::at("history", index, "");
        let (first, second) =
            (sentence.in_language(scene.labels.primary), sentence.in_language(scene.labels.secondary));
        let spans = both(first, second, Face::Regular, Face::Regular, field);
        y += block.paragraph((LEFT, y), &flow(scene.fonts, &spans, width, scene.points(8.0)));
    }
    y + 1.4 - top
}

/// A line to sign on, and corners that leave room for a stamp, both standing on `bottom`.
fn signature_and_stamp(scene: &Scene<'_>, block: &mut Block<'_>, bottom: f32) {
    let signature = scene.caption(&scene.labels.signature, COLUMN_WIDTH);
    let line = bottom - signature.height() - 0.6;
    block.rule(LEFT, line, COLUMN_WIDTH, HAIRLINE * 1.5);
    block.paragraph((LEFT, line + 0.6), &signature);
    let (left, right, top) =
        (LEFT + COLUMN_STEP, LEFT + COLUMN_STEP + STAMP_WIDTH, bottom - stamp_height(scene) + 2.0);
    for (x, inwards) in [(left, 1.0), (right, -1.0)] {
        for (y, down) in [(top, 1.0), (bottom, -1.0)] {
            block.rule(x, y, 4.0 * inwards, HAIRLINE * 1.5);
            block.shapes.push(Shape::Line { from: (x, y), to: (x, y + 4.0 * down), width: HAIRLINE * 1.5 });
        }
    }
    let stamp = scene.caption(&scene.labels.stamp, STAMP_WIDTH - 6.0);
    block.paragraph((left + 3.0, bottom - stamp.height() - 1.6), &stamp);
}

/// What can be typed when the code can't be read: permit number, version, copy; returns where it ends.
fn under_the_code(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let number = [Span::new(Face::Bold, scene.booklet.permit_number.as_str(), Field::of("permit_number"))];
    let number = scene.one_line(block, &number, QR_COLUMN_WIDTH, (14.0, 11.0));
    let mut y = top + block.paragraph((QR_LEFT, top), &number);
    let (first, second) = version_and_copy(scene);
    block.is_own = true;
    let field = scene.labels.version.field();
    let lines = [(Face::Bold, first, (9.0, 7.0)), (Face::Regular, second, (8.5, 7.0))];
    for (face, text, sizes) in lines {
        let line = fit(scene.fonts, &[Span::new(face, text, field)], QR_COLUMN_WIDTH, sizes, 1);
        y += block.paragraph((QR_LEFT, y), &line);
    }
    block.is_own = false;
    y
}

/// `Версия 1 · КОПИЯ 2 из 5` in both languages; the foot names the sheet right below.
fn version_and_copy(scene: &Scene<'_>) -> (String, String) {
    let labels = scene.labels;
    let copy = scene.copy;
    let in_language = |pick: fn(&Pair) -> &str| {
        let of = pick(&labels.of);
        let mut text = format!("{} {}  ·  ", pick(&labels.version), scene.booklet.version);
        if copy.number == 0 {
            text.push_str(pick(&labels.original));
        } else {
            text.push_str(&format!("{} {} {of} {}", pick(&labels.copy), copy.number, copy.of));
        }
        text
    };
    (in_language(|pair| &pair.primary), in_language(|pair| &pair.secondary))
}
