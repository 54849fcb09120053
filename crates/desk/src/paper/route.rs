//! The route: the stops with arrows between them, and which copy is for which checkpoint.

use super::booklet::RouteStop;
use super::canvas::{Block, Ink, PT_PER_MM, Shape};
use super::error::Field;
use super::flow::flow;
use super::fonts::Face;
use super::sheet::{HAIRLINE, LEFT, Scene, WIDTH};

/// The route: names with arrows between them, checkpoints behind a black box with the number of their copy.
pub(super) fn draw(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    if scene.booklet.route.is_empty() {
        return 0.0;
    }
    block.rule(LEFT, top, WIDTH, HAIRLINE);
    let caption = scene.caption(&scene.labels.route, 60.0);
    let mut y = top + 1.5;
    block.paragraph((LEFT, y), &caption);
    let hint = scene.caption(&scene.labels.route_hint, 110.0);
    let hint_width: f32 = hint
        .lines
        .first()
        .and_then(|line| line.last())
        .map_or(0.0, |piece| piece.x + block.width(piece.face, hint.size, &piece.text));
    y += block.paragraph((LEFT + WIDTH - hint_width, y), &hint).max(caption.height()) + 0.6;
    let mut line = RouteLine { x: LEFT, y, size: scene.points(10.5) };
    for (index, stop) in scene.booklet.route.iter().enumerate() {
        line.stop(scene, block, index, stop);
    }
    line.y + line.pitch() - top
}

struct RouteLine {
    x: f32,
    /// The top of the current line.
    y: f32,
    size: f32,
}

impl RouteLine {
    fn pitch(&self) -> f32 {
        self.size * 1.45 / PT_PER_MM
    }

    fn stop(&mut self, scene: &Scene<'_>, block: &mut Block<'_>, index: usize, stop: &RouteStop) {
        let em = self.size / PT_PER_MM;
        let arrow = if index == 0 { 0.0 } else { 2.2 * em };
        let marker = if stop.is_post { 1.75 * em } else { 0.0 };
        let spans = scene.named(&stop.name, Field::at("route", index, "name"));
        let name = flow(scene.fonts, &spans, WIDTH - arrow - marker, self.size);
        let last = name.lines.last().and_then(|line| line.last());
        let end = last.map_or(0.0, |piece| piece.x + block.width(piece.face, self.size, &piece.text));
        let width = if name.lines.len() > 1 { WIDTH } else { arrow + marker + end };
        if self.x > LEFT && self.x + width > LEFT + WIDTH {
            self.x = LEFT;
            self.y += self.pitch();
        }
        let baseline = self.y + name.first_baseline();
        if index > 0 {
            let before = if self.x > LEFT { 0.5 * em } else { 0.0 };
            draw_arrow(block, self.x + before, baseline - 0.33 * em, 1.1 * em);
            self.x += before + 1.7 * em;
        }
        if stop.is_post {
            self.marker(block, baseline, stop.copy, index);
            self.x += marker;
        }
        block.paragraph((self.x, self.y), &name);
        self.x += end;
        let further = name.height() - name.pitch();
        self.y += further.max(0.0);
    }

    /// A black box with the copy's number in white.
    fn marker(&self, block: &mut Block<'_>, baseline: f32, copy: Option<u8>, index: usize) {
        let em = self.size / PT_PER_MM;
        let (side, y) = (1.25 * em, baseline - 0.98 * em);
        block.shapes.push(Shape::Fill { x: self.x, y, width: 1.4 * em, height: side });
        let Some(copy) = copy else { return };
        let (number, size) = (copy.to_string(), self.size * 0.86);
        let x = self.x + (1.4 * em - block.width(Face::Bold, size, &number)) / 2.0;
        block.ink = Ink::White;
        block.text(Face::Bold, size, (x, baseline - 0.05 * em), &number, Field::at("route", index, "copy"));
        block.ink = Ink::Black;
    }
}

/// An arrow to the right of the given length, its shaft at `y`. It is drawn because Noto Sans has none.
fn draw_arrow(block: &mut Block<'_>, x: f32, y: f32, length: f32) {
    let (tip, barb, width) = ((x + length, y), length * 0.28, 0.7);
    block.shapes.push(Shape::Line { from: (x, y), to: tip, width });
    block.shapes.push(Shape::Line { from: (tip.0 - barb, y - barb), to: tip, width });
    block.shapes.push(Shape::Line { from: (tip.0 - barb, y + barb), to: tip, width });
}
