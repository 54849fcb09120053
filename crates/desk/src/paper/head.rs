//! The head of a sheet: title and number, which copy it is, dates, zones and route.

use jiff::civil::Date;

use super::booklet::{Mark, RouteStop};
use super::canvas::{Block, Ink, PT_PER_MM, Shape};
use super::error::Field;
use super::flow::{Paragraph, Span, fit, flow};
use super::fonts::Face;
use super::labels::Pair;
use super::sheet::{HAIRLINE, LEFT, Scene, WIDTH};

/// Where the right column of title and bar begins.
const RIGHT_COLUMN: f32 = 128.0;
const BAR_TOP: f32 = 31.0;
/// Enough for the name of a checkpoint in both languages, so that all copies have bars of one height.
const BAR_HEIGHT: f32 = 16.0;
const BAR_PADDING: f32 = 4.0;

/// The head; its top is the page's.
pub(super) fn block<'a>(scene: &Scene<'a>) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    title(scene, &mut block);
    let mut top = BAR_TOP + bar(scene, &mut block);
    top += mark_band(scene, &mut block, top);
    top += dates_and_zones(scene, &mut block, top + 3.5 * scene.scale.min(1.0)) + 5.0 * scene.scale.min(1.0);
    top += route(scene, &mut block, top);
    block.height = top;
    block
}

fn title(scene: &Scene<'_>, block: &mut Block<'_>) {
    let labels = scene.labels;
    let width = RIGHT_COLUMN - LEFT - 4.0;
    for (text, face, size, baseline) in [
        (&labels.title.primary, Face::Bold, 18.0, 20.0),
        (&labels.title.secondary, Face::Regular, 14.0, 26.5),
    ] {
        let line = scene.one_line(
            block,
            &[Span::new(face, text.as_str(), labels.title.field())],
            width,
            (size, 14.0),
        );
        block.paragraph((LEFT, baseline - line.first_baseline()), &line);
    }
    let width = LEFT + WIDTH - RIGHT_COLUMN;
    let caption = scene.caption(&labels.permit_number, width);
    block.paragraph((RIGHT_COLUMN, 13.2 - caption.first_baseline()), &caption);
    let number = [Span::new(Face::Bold, scene.booklet.permit_number.as_str(), Field::of("permit_number"))];
    let number = scene.one_line(block, &number, width, (18.0, 14.0));
    block.paragraph((RIGHT_COLUMN, 20.0 - number.first_baseline()), &number);
    let version = scene.booklet.version;
    let (first, second) =
        (format!("{} {version}", labels.version.primary), format!("{} {version}", labels.version.secondary));
    let version = super::sheet::both(&first, &second, Face::Bold, Face::Regular, labels.version.field());
    let version = scene.one_line(block, &version, width, (10.0, 7.0));
    block.paragraph((RIGHT_COLUMN, 26.5 - version.first_baseline()), &version);
}

/// The bar that tells original and copies apart: white on black, or black in a frame. Returns its height.
fn bar(scene: &Scene<'_>, block: &mut Block<'_>) -> f32 {
    let is_original = scene.copy.number == 0;
    let (first, second) = name_of_copy(scene);
    let field = scene.labels.copy.field();
    let headline = super::sheet::both(&first, &second, Face::Bold, Face::Regular, field);
    let headline = scene.one_line(block, &headline, RIGHT_COLUMN - LEFT - 3.0 * BAR_PADDING, (24.0, 14.0));
    let cell_width = LEFT + WIDTH - RIGHT_COLUMN - BAR_PADDING;
    let cell = bar_cell(scene, cell_width);
    let content: f32 = cell.iter().map(Paragraph::height).sum();
    let height = BAR_HEIGHT.max(content + 2.6);
    let (x, y, width) = (LEFT, BAR_TOP, WIDTH);
    if is_original {
        block.shapes.push(Shape::Fill { x, y, width, height });
        block.ink = Ink::White;
    } else {
        let line = 1.6;
        let half = line / 2.0 / PT_PER_MM;
        block.shapes.push(Shape::Frame {
            x: x + half,
            y: y + half,
            width: width - line / PT_PER_MM,
            height: height - line / PT_PER_MM,
            line,
        });
        let divider = RIGHT_COLUMN - BAR_PADDING;
        block.shapes.push(Shape::Line { from: (divider, y), to: (divider, y + height), width: line / 2.0 });
    }
    block.is_own = true;
    let cap_height = headline.size * 0.714 / PT_PER_MM;
    let baseline = BAR_TOP + f32::midpoint(height, cap_height);
    block.paragraph((LEFT + BAR_PADDING, baseline - headline.first_baseline()), &headline);
    let mut top = BAR_TOP + (height - content) / 2.0;
    for paragraph in &cell {
        top += block.paragraph((RIGHT_COLUMN, top), paragraph);
    }
    block.is_own = false;
    block.ink = Ink::Black;
    height
}

/// What stands in the bar's right part: where this copy belongs.
fn bar_cell(scene: &Scene<'_>, width: f32) -> Vec<Paragraph> {
    let labels = scene.labels;
    let two = |first: &str, second: &str, field: Field| {
        let primary = fit(scene.fonts, &[Span::new(Face::Bold, first, field)], width, (13.0, 8.0), 2);
        let secondary = fit(scene.fonts, &[Span::new(Face::Regular, second, field)], width, (10.0, 7.0), 2);
        if first == second { vec![primary] } else { vec![primary, secondary] }
    };
    let of_pair = |pair: &Pair| two(&pair.primary, &pair.secondary, pair.field());
    match &scene.copy.post {
        None if scene.copy.number == 0 => of_pair(&labels.original_keeper),
        None => of_pair(&labels.spare),
        Some(post) => {
            let mut cell = vec![scene.caption(&labels.copy_for, width)];
            let field = Field::at("copies", usize::from(scene.copy.number), "post");
            cell.extend(two(post.in_language(labels.primary), post.in_language(labels.secondary), field));
            cell
        }
    }
}

/// `ОРИГИНАЛ`, `ORIGINAL` or `КОПИЯ 2/5`, `COPY 2 OF 5`.
fn name_of_copy(scene: &Scene<'_>) -> (String, String) {
    let labels = scene.labels;
    let (k, n) = (scene.copy.number, scene.copy.of);
    if k == 0 {
        return (labels.original.primary.clone(), labels.original.secondary.clone());
    }
    let of = labels.of.secondary.to_uppercase();
    (format!("{} {k}/{n}", labels.copy.primary), format!("{} {k} {of} {n}", labels.copy.secondary))
}

/// The page's entry in the outline of the file.
pub(super) fn bookmark(scene: &Scene<'_>) -> String {
    let (first, second) = name_of_copy(scene);
    let post = scene.copy.post.as_ref().map(|post| format!(": {}", post.in_language(scene.labels.secondary)));
    let sheet = if scene.sheet.of > 1 {
        format!(" ({}/{})", scene.sheet.number, scene.sheet.of)
    } else {
        String::new()
    };
    format!("{first} / {second}{}{sheet}", post.unwrap_or_default())
}

/// A framed line that says what happened to this version; returns its height with the space above.
fn mark_band(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let (word, note) = match scene.booklet.mark {
        Mark::None => return 0.0,
        Mark::Superseded => (&scene.labels.superseded, &scene.labels.superseded_note),
        Mark::Revoked => (&scene.labels.revoked, &scene.labels.revoked_note),
    };
    let (height, hatched) = (12.0, 14.0);
    let y = top + 2.0;
    block.shapes.push(Shape::Frame { x: LEFT, y, width: WIDTH, height, line: 1.6 });
    for left in [LEFT, LEFT + WIDTH - hatched] {
        for step in [0.0, 3.5, 7.0, 10.5] {
            let foot = left + step;
            block.shapes.push(Shape::Line { from: (foot, y + height), to: (foot + 3.2, y), width: 1.6 });
        }
    }
    let width = WIDTH - 2.0 * hatched - 4.0;
    let x = LEFT + hatched + 2.0;
    let word = scene.one_line(block, &word.spans(Face::Bold, Face::Bold), width, (14.0, 9.0));
    let note = scene.one_line(block, &note.spans(Face::Regular, Face::Regular), width, (8.5, 6.0));
    let first = block.paragraph((x, y + 0.6), &word);
    block.paragraph((x, y + 0.8 + first), &note);
    height + 2.0
}

/// Dates at the left, zones at the right; returns the height.
fn dates_and_zones(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let booklet = scene.booklet;
    let dates = format!("{} – {}", day_month_year(booklet.valid_from), day_month_year(booklet.valid_to));
    let column = 78.0;
    let dates =
        fit(scene.fonts, &[Span::new(Face::Bold, dates, Field::of("valid_from"))], column, (16.0, 14.0), 1);
    let left = scene.labelled(block, (LEFT, top), &scene.labels.valid, column, &dates);
    let x = LEFT + column + 8.0;
    let mut spans = Vec::new();
    for (index, zone) in booklet.zones.iter().enumerate() {
        let mut name = scene.named(zone, Field::at("zones", index, ""));
        if let (true, Some(last)) = (index + 1 < booklet.zones.len(), name.last_mut()) {
            last.text.to_mut().push_str("  ·  ");
        }
        spans.extend(name);
    }
    let width = LEFT + WIDTH - x;
    let zones = flow(scene.fonts, &spans, width, scene.points(11.0));
    let right = scene.labelled(block, (x, top), &scene.labels.zones, width, &zones);
    left.max(right)
}

/// `01.06.2026`.
pub(super) fn day_month_year(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// The route: names with arrows between them, checkpoints behind a black box with the number of their copy.
fn route(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
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
