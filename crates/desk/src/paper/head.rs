//! The head of a sheet: title and number, which copy it is, dates, zones and route.

use jiff::civil::Date;

use super::booklet::Mark;
use super::canvas::{Block, Ink, PT_PER_MM, Shape};
use super::error::Field;
use super::flow::{Paragraph, Span, fit};
use super::fonts::Face;
use super::labels::Pair;
use super::letterhead::letterhead;
use super::sheet::{LEFT, Scene, WIDTH, both};
use super::{route, zones};

/// Where the right column of title and bar begins.
const RIGHT_COLUMN: f32 = 126.0;
/// The height of a title that has the row to itself.
const TITLE_ROW: f32 = 11.0;
const BAR_TOP: f32 = 31.0;
/// Enough for the name of a checkpoint in both languages, so that all copies have bars of one height.
const BAR_HEIGHT: f32 = 16.0;
const BAR_PADDING: f32 = 4.0;

/// The column of the dates; on paper it has to hold them at the size that is read at arm's length.
const DATES: f32 = 78.0;
/// See [`DATES`].
const DATES_ON_PAPER: f32 = 59.0;

/// The head; its top is the page's.
pub(super) fn block<'a>(scene: &Scene<'a>) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    let mut page_top = letterhead(scene, &mut block);
    page_top += title(scene, &mut block, page_top);
    let mut top = page_top + BAR_TOP;
    top += bar(scene, &mut block, top);
    top += mark_band(scene, &mut block, top);
    top += dates_and_zones(scene, &mut block, top + 3.5 * scene.scale.min(1.0)) + 5.0 * scene.scale.min(1.0);
    top += route::draw(scene, &mut block, top);
    block.height = top;
    block
}

/// Title and number side by side, or the number below a title that leaves no room. Returns by how much everything below
/// has to move down.
fn title(scene: &Scene<'_>, block: &mut Block<'_>, page_top: f32) -> f32 {
    let labels = scene.labels;
    let field = labels.title.field();
    let beside = RIGHT_COLUMN - LEFT - 6.0;
    let spans = [Span::new(Face::Bold, labels.title.primary.as_str(), field)];
    let mut line = fit(scene.fonts, &spans, beside, scene.prominent(18.0), 1);
    let mut further = 0.0;
    if line.lines.len() > 1 {
        line = scene.one_line(block, &spans, WIDTH, scene.prominent(18.0));
        further = TITLE_ROW;
    }
    block.paragraph((LEFT, page_top + 20.0 - line.first_baseline()), &line);
    let spans = [Span::new(Face::Regular, labels.title.secondary.as_str(), field)];
    let line = scene.one_line(block, &spans, beside, scene.sizes(14.0, 10.0));
    let baseline = if further > 0.0 { 20.0 + further } else { 26.5 };
    block.paragraph((LEFT, page_top + baseline - line.first_baseline()), &line);
    number(scene, block, page_top + further);
    further
}

fn number(scene: &Scene<'_>, block: &mut Block<'_>, page_top: f32) {
    let labels = scene.labels;
    let width = LEFT + WIDTH - RIGHT_COLUMN;
    let caption = scene.caption(&labels.permit_number, width);
    block.paragraph((RIGHT_COLUMN, page_top + 13.2 - caption.first_baseline()), &caption);
    let number = [Span::new(Face::Bold, scene.booklet.permit_number.as_str(), Field::of("permit_number"))];
    let number = scene.one_line(block, &number, width, scene.prominent(18.0));
    block.paragraph((RIGHT_COLUMN, page_top + 20.0 - number.first_baseline()), &number);
    let version = version_and_sheet(scene);
    let version = both(&version.0, &version.1, Face::Bold, Face::Regular, labels.version.field());
    let version = scene.one_line(block, &version, width, scene.sizes(10.0, 6.5));
    block.paragraph((RIGHT_COLUMN, page_top + 26.5 - version.first_baseline()), &version);
}

/// `Версия 1`, and on one of several sheets `Версия 1 · Лист 2 из 3`.
fn version_and_sheet(scene: &Scene<'_>) -> (String, String) {
    let (labels, sheet) = (scene.labels, scene.sheet);
    let in_language = |pick: fn(&Pair) -> &str| {
        let mut text = format!("{} {}", pick(&labels.version), scene.booklet.version);
        if sheet.of > 1 {
            let (word, of) = (pick(&labels.sheet), pick(&labels.of));
            text.push_str(&format!(" · {word} {} {of} {}", sheet.number, sheet.of));
        }
        text
    };
    (in_language(|pair| &pair.primary), in_language(|pair| &pair.secondary))
}

/// The bar that tells original and copies apart: white on black, or black in a frame. Returns its height.
fn bar(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let is_original = scene.copy.number == 0;
    let (first, second) = name_of_copy(scene);
    let field = scene.labels.copy.field();
    let headline = both(&first, &second, Face::Bold, Face::Regular, field);
    let headline =
        scene.one_line(block, &headline, RIGHT_COLUMN - LEFT - 3.0 * BAR_PADDING, scene.prominent(24.0));
    let cell_width = LEFT + WIDTH - RIGHT_COLUMN - BAR_PADDING;
    let cell = bar_cell(scene, cell_width);
    let content: f32 = cell.iter().map(Paragraph::height).sum();
    let height = BAR_HEIGHT.max(content + 2.6);
    let (x, y, width) = (LEFT, top, WIDTH);
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
    let baseline = top + f32::midpoint(height, cap_height);
    block.paragraph((LEFT + BAR_PADDING, baseline - headline.first_baseline()), &headline);
    let mut line = top + (height - content) / 2.0;
    for paragraph in &cell {
        line += block.paragraph((RIGHT_COLUMN, line), paragraph);
    }
    block.is_own = false;
    block.ink = Ink::Black;
    height
}

/// What stands in the bar's right part: where this copy belongs.
fn bar_cell(scene: &Scene<'_>, width: f32) -> Vec<Paragraph> {
    let labels = scene.labels;
    let two = |first: &str, second: &str, field: Field| {
        let primary =
            fit(scene.fonts, &[Span::new(Face::Bold, first, field)], width, scene.sizes(13.0, 8.0), 2);
        let secondary =
            fit(scene.fonts, &[Span::new(Face::Regular, second, field)], width, scene.sizes(10.0, 7.0), 2);
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
    let word = scene.one_line(block, &word.spans(Face::Bold, Face::Bold), width, scene.sizes(14.0, 9.0));
    let note = scene.one_line(block, &note.spans(Face::Regular, Face::Regular), width, scene.sizes(8.5, 6.0));
    let first = block.paragraph((x, y + 0.6), &word);
    block.paragraph((x, y + 0.8 + first), &note);
    height + 2.0
}

/// Dates at the left, zones at the right or below; returns the height.
fn dates_and_zones(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let booklet = scene.booklet;
    let dates = format!("{} – {}", day_month_year(booklet.valid_from), day_month_year(booklet.valid_to));
    let (column, sizes) = (DATES.max(scene.on_page(DATES_ON_PAPER)), scene.prominent(18.0));
    let dates = fit(scene.fonts, &[Span::new(Face::Bold, dates, Field::of("valid_from"))], column, sizes, 1);
    let left = scene.labelled(block, (LEFT, top), &scene.labels.valid, column, &dates);
    zones::draw(scene, block, top, LEFT + column + 8.0, top + left) - top
}

/// `01.06.2026`.
pub(super) fn day_month_year(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}
