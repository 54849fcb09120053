//! The lower part of a sheet: the details at the left, signature and stamp below them, and the seal at the right.

use super::canvas::{Block, Shape};
use super::details;
use super::error::Field;
use super::flow::{Span, fit};
use super::fonts::Face;
use super::labels::Pair;
use super::qr::{MAX_MODULES, MODULE_MM, QUIET_MODULES, Qr};
use super::sheet::{HAIRLINE, LEFT, Scene, THICK, WIDTH};

/// The least width of the column of the code: what stands below the code needs as much.
const CODE_COLUMN: f32 = 46.0;
/// The top of the dark square below the block's rule: more than the quiet zone.
pub(super) const QR_TOP: f32 = 4.5;

/// Between the two columns of details, and between them and the code's quiet zone.
pub(super) const COLUMN_GAP: f32 = 6.0;
/// What a round stamp of 38 mm needs beside the words that it may touch.
const STAMP_HEIGHT: f32 = 32.0;
const STAMP_WIDTH: f32 = 44.0;

/// The width of the code's column: the largest code fits.
pub(super) fn code_column(scene: &Scene<'_>) -> f32 {
    CODE_COLUMN.max(scene.on_page(modules_mm(MAX_MODULES)))
}

/// The width of each of the two columns of details.
pub(super) fn column_width(scene: &Scene<'_>) -> f32 {
    let quiet = scene.on_page(modules_mm(QUIET_MODULES));
    (scene.qr_left() - quiet - COLUMN_GAP - LEFT - COLUMN_GAP) / 2.0
}

fn modules_mm(modules: usize) -> f32 {
    f32::from(u16::try_from(modules).unwrap_or(u16::MAX)) * MODULE_MM
}

/// On a full sheet the stamp has to reach a little into what stands around it.
fn stamp_height(scene: &Scene<'_>) -> f32 {
    STAMP_HEIGHT * scene.scale.clamp(0.6, 1.0)
}

/// The block; its top is its rule.
pub(super) fn block<'a>(scene: &Scene<'a>, qr: &Qr) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    block.rule(LEFT, 0.0, WIDTH, THICK);
    let details = details::draw(scene, &mut block, 2.0);
    let seal = under_the_code(scene, &mut block, QR_TOP + scene.on_page(qr.side_mm()) + 2.5);
    let bottom = seal.max(details + stamp_height(scene));
    signature_and_stamp(scene, &mut block, bottom);
    block.height = bottom + 3.0 * scene.scale;
    block
}

/// A line to sign on, and corners that leave room for a stamp, both standing on `bottom`.
fn signature_and_stamp(scene: &Scene<'_>, block: &mut Block<'_>, bottom: f32) {
    let column = column_width(scene);
    let signature = scene.caption(&scene.labels.signature, column);
    let line = bottom - signature.height() - 0.6;
    block.rule(LEFT, line, column, HAIRLINE * 1.5);
    block.paragraph((LEFT, line + 0.6), &signature);
    let left = LEFT + column + COLUMN_GAP;
    let (right, top) = (left + STAMP_WIDTH, bottom - stamp_height(scene) + 2.0);
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
    let (x, width) = (scene.qr_left(), code_column(scene));
    let number = scene.one_line(block, &number, width, scene.sizes(14.0, 11.0));
    let mut y = top + block.paragraph((x, top), &number);
    let (first, second) = version_and_copy(scene);
    block.is_own = true;
    let field = scene.labels.version.field();
    let lines = [(Face::Bold, first, scene.sizes(9.0, 7.0)), (Face::Regular, second, scene.sizes(8.5, 7.0))];
    for (face, text, sizes) in lines {
        let line = fit(scene.fonts, &[Span::new(face, text, field)], width, sizes, 1);
        y += block.paragraph((x, y), &line);
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
