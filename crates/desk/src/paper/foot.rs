//! The foot of a sheet: the lead traveller's MRZ, who keeps which copy, and the sheet's number.

use super::canvas::{Block, PT_PER_MM};
use super::error::{Field, PaperError};
use super::flow::{Span, fit};
use super::fonts::Face;
use super::sheet::{HAIRLINE, LEFT, Scene, WIDTH, both};

/// Where the foot ends; printers can't print much below.
pub(super) const BOTTOM: f32 = 289.0;

/// OCR-B size 1: ten characters an inch (Doc 9303-3, 4.4).
const MRZ_PITCH: f32 = 2.54;
/// From one MRZ line to the next (Doc 9303-4, appendix; 6.35 mm in a passport).
const MRZ_LINE: f32 = 6.35;
/// The least width that the words beside the MRZ need.
const MRZ_LABEL: f32 = 36.0;
const SHEET_NUMBER: f32 = 46.0;

/// The block; its top is the first rule.
pub(super) fn block<'a>(scene: &Scene<'a>) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    let top = machine_readable_zone(scene, &mut block);
    block.rule(LEFT, top, WIDTH, HAIRLINE);
    let retention = &scene.labels.retention;
    let mut y = top + 0.9;
    for (face, text) in [(Face::Bold, &retention.primary), (Face::Regular, &retention.secondary)] {
        let spans = [Span::new(face, text.as_str(), retention.field())];
        let line = fit(scene.fonts, &spans, WIDTH - SHEET_NUMBER - 4.0, scene.sizes(7.5, 6.0), 1);
        y += block.paragraph((LEFT, y), &line);
    }
    sheet_number(scene, &mut block, top + 0.9);
    block.height = y;
    block
}

/// The MRZ at the right, so that it stands under the seal; returns the height. Its label stands at the left of it or,
/// where there is no room, above.
fn machine_readable_zone(scene: &Scene<'_>, block: &mut Block<'_>) -> f32 {
    let lines = &scene.booklet.lead_mrz;
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    if longest == 0 {
        return 0.0;
    }
    let width = scene.on_page(MRZ_PITCH) * f32::from(u16::try_from(longest).unwrap_or(u16::MAX));
    if width > WIDTH {
        block.report(PaperError::TooLong { field: Field::of("lead_mrz") });
    }
    block.rule(LEFT, 0.0, WIDTH, HAIRLINE);
    let is_beside = width + MRZ_LABEL <= WIDTH;
    let column = if is_beside { WIDTH - width - 5.0 } else { WIDTH };
    let label_top = if is_beside { 1.6 } else { 0.9 };
    let label_end = mrz_label(scene, block, label_top, column);
    let size = scene.on_page(MRZ_PITCH) * PT_PER_MM / scene.fonts.advance(Face::OcrB, '<').max(0.1);
    let mut baseline = if is_beside { 5.4 } else { label_end + scene.on_page(3.2) };
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            baseline += scene.on_page(MRZ_LINE);
        }
        let at = (LEFT + WIDTH - width, baseline);
        block.text(Face::OcrB, size, at, line, Field::at("lead_mrz", index, ""));
    }
    (baseline + 3.0).max(label_end + 1.0)
}

/// Says what the MRZ is, and whether it was generated; returns where the words end.
fn mrz_label(scene: &Scene<'_>, block: &mut Block<'_>, top: f32, column: f32) -> f32 {
    let mut y = top;
    let mut labels = vec![(&scene.labels.mrz, Face::Regular)];
    if scene.booklet.lead_mrz_generated {
        labels.push((&scene.labels.mrz_generated, Face::Bold));
    }
    for (label, face) in labels {
        let words = fit(scene.fonts, &label.spans(face, face), column, scene.sizes(6.5, 5.5), 2);
        y += block.paragraph((LEFT, y), &words);
    }
    y
}

/// `Лист 1 из 3 / Sheet 1 of 3`, under the seal's column.
fn sheet_number(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) {
    let labels = scene.labels;
    let (p, q) = (scene.sheet.number, scene.sheet.of);
    let first = format!("{} {p} {} {q}", labels.sheet.primary, labels.of.primary);
    let second = format!("{} {p} {} {q}", labels.sheet.secondary, labels.of.secondary);
    let spans = both(&first, &second, Face::Bold, Face::Regular, labels.sheet.field());
    let line = fit(scene.fonts, &spans, SHEET_NUMBER, scene.sizes(9.0, 6.5), 1);
    block.paragraph((LEFT + WIDTH - SHEET_NUMBER, top), &line);
}
