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
        let line = fit(scene.fonts, &spans, WIDTH - SHEET_NUMBER - 4.0, (7.5, 6.0), 1);
        y += block.paragraph((LEFT, y), &line);
    }
    sheet_number(scene, &mut block, top + 0.9);
    block.height = y;
    block
}

/// The MRZ at the right, so that it stands under the seal; returns the height.
fn machine_readable_zone(scene: &Scene<'_>, block: &mut Block<'_>) -> f32 {
    let lines = &scene.booklet.lead_mrz;
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    if longest == 0 {
        return 0.0;
    }
    let width = MRZ_PITCH * f32::from(u16::try_from(longest).unwrap_or(u16::MAX));
    if width > WIDTH - MRZ_LABEL {
        block.report(PaperError::TooLong { field: Field::of("lead_mrz") });
    }
    block.rule(LEFT, 0.0, WIDTH, HAIRLINE);
    let size = MRZ_PITCH * PT_PER_MM / scene.fonts.advance(Face::OcrB, '<').max(0.1);
    let mut baseline = 0.0;
    for (index, line) in lines.iter().enumerate() {
        baseline = 5.4 + MRZ_LINE * f32::from(u16::try_from(index).unwrap_or(u16::MAX));
        block.text(
            Face::OcrB,
            size,
            (LEFT + WIDTH - width, baseline),
            line,
            Field::at("lead_mrz", index, ""),
        );
    }
    let mut y = 1.6;
    let mut labels = vec![(&scene.labels.mrz, Face::Regular)];
    if scene.booklet.lead_mrz_generated {
        labels.push((&scene.labels.mrz_generated, Face::Bold));
    }
    for (label, face) in labels {
        let column = (WIDTH - width - 5.0).max(MRZ_LABEL - 5.0);
        y += block.paragraph((LEFT, y), &fit(scene.fonts, &label.spans(face, face), column, (6.5, 5.5), 2));
    }
    (baseline + 3.0).max(y + 1.0)
}

/// `Лист 1 из 3 / Sheet 1 of 3`, under the seal's column.
fn sheet_number(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) {
    let labels = scene.labels;
    let (p, q) = (scene.sheet.number, scene.sheet.of);
    let first = format!("{} {p} {} {q}", labels.sheet.primary, labels.of.primary);
    let second = format!("{} {p} {} {q}", labels.sheet.secondary, labels.of.secondary);
    let spans = both(&first, &second, Face::Bold, Face::Regular, labels.sheet.field());
    let line = fit(scene.fonts, &spans, SHEET_NUMBER, (9.0, 6.5), 1);
    block.paragraph((LEFT + WIDTH - SHEET_NUMBER, top), &line);
}
