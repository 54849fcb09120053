//! One page: measures its parts, and makes them smaller until they fit.

use super::booklet::{Booklet, Copy, Mark, Named, Sheet};
use super::canvas::{Block, PAGE_WIDTH_MM, PT_PER_MM, Page, Shape, Watermark, width};
use super::error::{Field, PaperError};
use super::flow::{Paragraph, Span, fit};
use super::fonts::{Face, Fonts};
use super::labels::{Labels, Pair};
use super::qr::{self, Qr};
use super::style::{PaperSize, Style};
use super::{foot, head, seal_block, table};

/// How many travellers a sheet lists at most.
pub const MAX_ROWS: usize = 12;
/// Texts of variable length are set no smaller than this part of their normal size.
pub const SMALLEST_SCALE: f32 = 0.6;

/// Below this size on paper nothing survives a photocopy.
const SMALLEST_POINTS: f32 = 6.0;
/// Captions repeat in two languages what is known anyway; they may be smaller on half a page.
const SMALLEST_CAPTION: f32 = 5.0;
/// What has to be read at arm's length.
const PROMINENT_POINTS: f32 = 14.0;

/// The left margin; the right one is the same.
pub(super) const LEFT: f32 = 16.0;
/// The width between the margins.
pub(super) const WIDTH: f32 = PAGE_WIDTH_MM - 2.0 * LEFT;
/// Thick and thin rules, in points: thinner ones get lost in a photocopy.
pub(super) const THICK: f32 = 0.9;
/// See [`THICK`].
pub(super) const HAIRLINE: f32 = 0.35;
/// Between the table and what stands above and below it.
const GAP: f32 = 4.5;

/// A larger space below the table is crossed out.
const LARGEST_SPACE: f32 = 40.0;
/// Between what crosses a space out and what stands around it.
const CLEAR: f32 = 8.0;
/// Two watermarks need this height, one above the other; with less the two languages stand on one line.
const TWO_WATERMARKS: f32 = 95.0;

/// Everything that the parts of one sheet are drawn from.
pub(super) struct Scene<'a> {
    pub(super) style: &'a Style,
    pub(super) size: PaperSize,
    pub(super) booklet: &'a Booklet,
    pub(super) labels: &'a Labels,
    pub(super) copy: &'a Copy,
    pub(super) sheet: &'a Sheet,
    pub(super) fonts: &'a Fonts,
    /// 1 normally, larger on a short sheet, smaller on a full one.
    pub(super) scale: f32,
}

/// Draws one sheet, at the largest scale at which it fits and no larger than `largest`; returns the scale too.
pub(super) fn draw(
    style: &Style,
    size: PaperSize,
    booklet: &Booklet,
    labels: &Labels,
    (copy, sheet): (&Copy, &Sheet),
    fonts: &Fonts,
    largest: Option<f32>,
) -> Result<(Page, f32), PaperError> {
    check_rows(booklet, copy, sheet)?;
    let qr = qr::encode(&sheet.seal_text, copy.number, sheet.number)?;
    let scale = largest.unwrap_or_else(|| largest_scale(sheet.rows.len()));
    let mut scene = Scene { style, size, booklet, labels, copy, sheet, fonts, scale };
    loop {
        let arranged = arrange(&scene, &qr);
        if let Some(fault) = arranged.block.fault {
            return Err(fault);
        }
        if arranged.excess <= 0.0 {
            let page = Page {
                bookmark: head::bookmark(&scene),
                runs: arranged.block.runs,
                shapes: arranged.block.shapes,
                pictures: arranged.block.pictures,
                watermarks: arranged.watermarks,
                qr,
                qr_at: arranged.qr_at,
            };
            return Ok((page, scene.scale));
        }
        if scene.scale <= SMALLEST_SCALE {
            let excess_mm = format!("{:.0}", arranged.excess.ceil()).parse().unwrap_or(u16::MAX);
            return Err(PaperError::DoesNotFit { copy: copy.number, sheet: sheet.number, excess_mm });
        }
        scene.scale = (scene.scale - 0.05).max(SMALLEST_SCALE);
    }
}

/// A short list is set larger: whoever reads it may stand in the dark.
const fn largest_scale(rows: usize) -> f32 {
    match rows {
        0..=2 => 1.3,
        3..=4 => 1.2,
        5..=8 => 1.1,
        _ => 1.0,
    }
}

fn check_rows(booklet: &Booklet, copy: &Copy, sheet: &Sheet) -> Result<(), PaperError> {
    let rows = &sheet.rows;
    let travellers = booklet.travellers.len();
    if rows.is_empty() || rows.len() > MAX_ROWS || rows.end > travellers {
        let (start, end) = (rows.start, rows.end);
        return Err(PaperError::Rows { copy: copy.number, sheet: sheet.number, start, end, travellers });
    }
    Ok(())
}

struct Arranged<'f> {
    block: Block<'f>,
    watermarks: Vec<Watermark>,
    qr_at: (f32, f32),
    /// By how much the parts overlap, in millimetres; not above 0 when they fit.
    excess: f32,
}

/// Head and table hang from the top of the page, seal and foot stand on its bottom.
fn arrange<'a>(scene: &Scene<'a>, qr: &Qr) -> Arranged<'a> {
    let (head, table, foot) = (head::block(scene), table::block(scene), foot::block(scene));
    let seal = seal_block::block(scene, qr);
    let gap = GAP * scene.scale;
    let table_top = head.height + gap;
    let foot_height = foot.height;
    let seal_top = foot::BOTTOM - foot_height - seal.height;
    let excess = table_top + table.height + gap - seal_top;
    let watermarks = watermarks(scene, table_top, seal_top);
    let mut page = Block::new(scene.fonts);
    page.place(0.0, head);
    cross_out(&mut page, table_top + table.height, seal_top);
    page.place(table_top, table);
    page.place(seal_top, seal);
    page.place(foot::BOTTOM - foot_height, foot);
    Arranged { block: page, watermarks, qr_at: (scene.qr_left(), seal_top + seal_block::QR_TOP), excess }
}

/// A space in which something could be added is crossed out with a fine line.
fn cross_out(page: &mut Block<'_>, top: f32, bottom: f32) {
    if bottom - top < LARGEST_SPACE {
        return;
    }
    let (from, to) = ((LEFT, bottom - CLEAR), (LEFT + WIDTH, top + CLEAR));
    page.shapes.push(Shape::Line { from, to, width: HAIRLINE });
}

/// A superseded or revoked version says so across the table, in outline so that the table stays legible; the seal stays
/// clear of it, so that a reader can tell a soldier why.
fn watermarks(scene: &Scene<'_>, top: f32, bottom: f32) -> Vec<Watermark> {
    let label = match scene.booklet.mark {
        Mark::None => return Vec::new(),
        Mark::Superseded => &scene.labels.superseded,
        Mark::Revoked => &scene.labels.revoked,
    };
    let angle = ((bottom - top) * 0.8 / WIDTH).atan().clamp(0.08, 0.30);
    let line = |text: String, centre: f32| {
        let span = WIDTH * 0.92 / angle.cos();
        let size = (span / width(scene.fonts, Face::Bold, 1.0, &text).max(0.1)).min(64.0);
        let length = width(scene.fonts, Face::Bold, size, &text);
        let cap = size * 0.714 / PT_PER_MM;
        let x = LEFT + WIDTH / 2.0 - length / 2.0 * angle.cos() + cap / 2.0 * angle.sin();
        let y = centre + length / 2.0 * angle.sin() + cap / 2.0 * angle.cos();
        Watermark { text, size, x, y, angle }
    };
    let middle = f32::midpoint(top, bottom);
    if bottom - top < TWO_WATERMARKS {
        return vec![line(format!("{} / {}", label.primary, label.secondary), middle)];
    }
    vec![line(label.primary.clone(), middle - 14.0), line(label.secondary.clone(), middle + 14.0)]
}

impl Scene<'_> {
    /// A size in points, scaled for this sheet.
    pub(super) fn points(&self, size: f32) -> f32 {
        (size * self.scale).max(self.on_page(SMALLEST_POINTS))
    }

    /// What is this long or large on paper, as the layout measures it.
    pub(super) fn on_page(&self, on_paper: f32) -> f32 {
        on_paper / self.size.shrink()
    }

    /// The largest and smallest size of a text that does not grow with the sheet.
    pub(super) fn sizes(&self, largest: f32, smallest: f32) -> (f32, f32) {
        let smallest = smallest.max(self.on_page(SMALLEST_CAPTION));
        (largest.max(smallest), smallest)
    }

    /// The sizes of what has to be read at arm's length.
    pub(super) fn prominent(&self, largest: f32) -> (f32, f32) {
        let smallest = self.on_page(PROMINENT_POINTS);
        (largest.max(smallest), smallest)
    }

    /// The left edge of the code's dark square. Its column ends at the right margin.
    pub(super) fn qr_left(&self) -> f32 {
        LEFT + WIDTH - seal_block::code_column(self)
    }

    /// A label in both languages, as a caption above what it names.
    pub(super) fn caption(&self, pair: &Pair, line_width: f32) -> Paragraph {
        fit(self.fonts, &pair.spans(Face::Regular, Face::Regular), line_width, self.sizes(6.5, 5.5), 1)
    }

    /// A caption with its value below; returns the height.
    pub(super) fn labelled(
        &self,
        block: &mut Block<'_>,
        (x, top): (f32, f32),
        pair: &Pair,
        line_width: f32,
        value: &Paragraph,
    ) -> f32 {
        let caption = block.paragraph((x, top), &self.caption(pair, line_width));
        caption + 0.5 + block.paragraph((x, top + caption + 0.5), value)
    }

    /// A name in both languages, the first in bold.
    pub(super) fn named<'n>(&self, named: &'n Named, field: Field) -> Vec<Span<'n>> {
        let (primary, secondary) =
            (named.in_language(self.labels.primary), named.in_language(self.labels.secondary));
        both(primary, secondary, Face::Bold, Face::Regular, field)
    }

    /// A text that must stand on one line; reports it as too long otherwise.
    pub(super) fn one_line(
        &self,
        block: &mut Block<'_>,
        spans: &[Span<'_>],
        line_width: f32,
        sizes: (f32, f32),
    ) -> Paragraph {
        let paragraph = fit(self.fonts, spans, line_width, sizes, 1);
        if let (true, Some(span)) = (paragraph.lines.len() > 1, spans.first()) {
            block.report(PaperError::TooLong { field: span.field });
        }
        paragraph
    }
}

impl Pair {
    /// The label's place in an error.
    pub(super) const fn field(&self) -> Field {
        Field::of(self.id)
    }

    /// Both languages with a slash between.
    pub(super) fn spans(&self, first: Face, second: Face) -> Vec<Span<'_>> {
        both(&self.primary, &self.secondary, first, second, self.field())
    }
}

/// Two texts with a slash between, or one where they are equal.
pub(super) fn both<'t>(
    primary: &'t str,
    secondary: &'t str,
    first: Face,
    second: Face,
    field: Field,
) -> Vec<Span<'t>> {
    if primary == secondary || secondary.is_empty() {
        return vec![Span::new(first, primary, field)];
    }
    vec![
        Span::new(first, primary, field),
        Span::new(second, " / ", field),
        Span::new(second, secondary, field),
    ]
}
