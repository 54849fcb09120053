//! The agency's letterhead above the title: a logo at the left, name and address beside it.

use super::canvas::{Block, Picture};
use super::error::Field;
use super::flow::{Span, fit};
use super::fonts::Face;
use super::sheet::{HAIRLINE, LEFT, Scene, WIDTH};

/// The top of the letterhead.
const TOP: f32 = 9.0;
/// The room for a logo.
pub(super) const LOGO_WIDTH: f32 = 48.0;
/// The room for a logo.
pub(super) const LOGO_HEIGHT: f32 = 14.0;
const GAP: f32 = 5.0;

/// Draws the letterhead; returns by how much everything below has to move down.
pub(super) fn letterhead(scene: &Scene<'_>, block: &mut Block<'_>) -> f32 {
    let letterhead = &scene.style.letterhead;
    if letterhead.is_empty() {
        return 0.0;
    }
    let mut x = LEFT;
    let mut height: f32 = 0.0;
    if let Some(logo) = &letterhead.logo {
        let (width, logo_height) = logo.fitted(LOGO_WIDTH, LOGO_HEIGHT);
        block.pictures.push(Picture { x, y: TOP, width, height: logo_height });
        x += width + GAP;
        height = logo_height;
    }
    let width = LEFT + WIDTH - x;
    let agency = [Span::new(Face::Bold, scene.booklet.agency.as_str(), Field::of("agency"))];
    let mut lines = vec![fit(scene.fonts, &agency, width, scene.sizes(11.0, 8.0), 1)];
    for (index, line) in letterhead.lines.iter().enumerate() {
        let spans = [Span::new(Face::Regular, line.as_str(), Field::at("address", index, ""))];
        lines.push(fit(scene.fonts, &spans, width, scene.sizes(8.0, 6.5), 1));
    }
    let text: f32 = lines.iter().map(super::flow::Paragraph::height).sum();
    let mut top = TOP + ((height - text) / 2.0).max(0.0);
    for line in &lines {
        top += block.paragraph((x, top), line);
    }
    height = height.max(text);
    let rule = TOP + height + 2.0;
    block.rule(LEFT, rule, WIDTH, HAIRLINE * 1.5);
    // The title keeps the distance from the rule that it has from the page's edge, less what printers can't reach.
    rule - TOP + 1.0
}
