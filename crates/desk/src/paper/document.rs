//! From pages to a PDF file: fonts, form XObjects, text, and outline.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{ObjectStreamConfig, SaveOptions};
use printpdf::{
    Color, CurTransMat, Greyscale, Mm, Op, PageAnnotId, PageAnnotation, PdfDocument, PdfFont, PdfFontHandle,
    PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Pt, TextItem, TextMatrix, TextRenderingMode, XObject,
    XObjectId, XObjectTransform,
};

use super::booklet::Booklet;
use super::canvas::{Ink, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, PT_PER_MM, Page, Run, Shape, Watermark};
use super::describe::{compress, describe};
use super::error::PaperError;
use super::fonts::{Face, Fonts};
use super::forms::{Forms, drawing};
use super::labels::Labels;
use super::qr::MODULE_MM;
use super::shared_texts::SharedTexts;
use super::style::{PaperSize, Style};

/// The name of the logo's XObject; those of [`Forms`] begin with an X.
const LOGO: &str = "L";
/// Where two A5 pages are cut apart: the length of the marks at the edges.
const CUT_MARK_MM: f32 = 4.0;

/// The sheets of paper that pages are put on.
#[derive(Clone, Copy)]
struct Paper {
    width: f32,
    height: f32,
    /// How many pages one carries, side by side.
    pages: usize,
    shrink: f32,
}

impl Paper {
    fn of(size: PaperSize) -> Self {
        let shrink = size.shrink();
        let (width, height) = (PAGE_WIDTH_MM, PAGE_HEIGHT_MM);
        match size {
            PaperSize::A4 => Self { width, height, pages: 1, shrink },
            PaperSize::A5 => Self { width: height, height: width, pages: 2, shrink },
        }
    }

    /// Where a page begins, in points from the left.
    fn offset(self, place: usize) -> f32 {
        let pages = f32::from(u8::try_from(self.pages).unwrap_or(1));
        self.width / pages * f32::from(u8::try_from(place).unwrap_or(0)) * PT_PER_MM
    }

    /// A place of a page's layout in points from the bottom left of that page.
    fn points(self, x: f32, y: f32) -> (f32, f32) {
        (x * PT_PER_MM * self.shrink, (PAGE_HEIGHT_MM - y) * PT_PER_MM * self.shrink)
    }

    fn size_in_points(self) -> [f32; 2] {
        [self.width * PT_PER_MM, self.height * PT_PER_MM]
    }

    fn page(self, ops: Vec<Op>) -> PdfPage {
        PdfPage::new(Mm(self.width), Mm(self.height), ops)
    }
}

/// Writes the pages as one PDF file.
pub(super) fn assemble(
    style: &Style,
    size: PaperSize,
    booklet: &Booklet,
    labels: &Labels,
    pages: &[Page],
    fonts: &Fonts,
) -> Result<Vec<u8>, PaperError> {
    if pages.is_empty() {
        return Err(PaperError::NoSheets);
    }
    let mut document = PdfDocument::new("");
    add_fonts(&mut document, pages, fonts)?;
    let mut forms = Forms::default();
    let mut shared = SharedTexts::default();
    let paper = Paper::of(size);
    let sheets = pages.chunks(paper.pages);
    document.pages = sheets.map(|pages| pdf_page(paper, pages, &mut forms, &mut shared)).collect();
    let count = document.pages.len();
    forms.move_into(&mut document);
    if let Some(logo) = &style.letterhead.logo {
        let id = XObjectId(LOGO.to_owned());
        document.resources.xobjects.map.insert(id, XObject::External(logo.xobject()));
    }
    document.pages.extend(shared.take_pages().map(|ops| paper.page(ops)));
    for (index, page) in pages.iter().enumerate() {
        let bookmark = PageAnnotation { name: page.bookmark.clone(), page: index / paper.pages + 1 };
        document.bookmarks.map.insert(PageAnnotId(format!("B{index:05}")), bookmark);
    }
    let options =
        PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let mut file = document.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.iter().find(|warning| warning.severity == PdfParseErrorSeverity::Error) {
        return Err(fault(&warning.msg));
    }
    shared.attach(&mut file, count)?;
    describe(&mut file, booklet, labels)?;
    compress(&mut file, style.compression)?;
    let mut bytes = Vec::new();
    // Dictionaries are compressed too (ISO 32000-1, 7.5.7): nearly a tenth of the file.
    let level = style.compression.min(9);
    let streams = ObjectStreamConfig { compression_level: level, ..ObjectStreamConfig::default() };
    let options = SaveOptions {
        use_object_streams: true,
        use_xref_streams: true,
        object_stream_config: streams,
        ..SaveOptions::default()
    };
    file.save_with_options(&mut bytes, options).map_err(fault)?;
    Ok(bytes)
}

pub(super) fn fault(error: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf { reason: error.to_string() }
}

/// Embeds each face that is used with the glyphs that are used, once for all pages.
fn add_fonts(document: &mut PdfDocument, pages: &[Page], fonts: &Fonts) -> Result<(), PaperError> {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for page in pages {
        for run in &page.runs {
            used.entry(run.face).or_default().extend(run.text.chars());
        }
        for watermark in &page.watermarks {
            used.entry(Face::Bold).or_default().extend(watermark.text.chars());
        }
    }
    for (face, characters) in &used {
        let font = PdfFont::new(fonts.subset(*face, characters)?);
        document.resources.fonts.map.insert(face.id(), font);
    }
    Ok(())
}

/// A sheet of paper with the pages that it carries. Texts that sheets have in common come last, each page's moved to its
/// place by a transformation that stays in force: nothing follows them.
fn pdf_page(paper: Paper, pages: &[Page], forms: &mut Forms, shared: &mut SharedTexts) -> PdfPage {
    let mut ops = Vec::with_capacity(pages.iter().map(|page| page.runs.len() * 3 + 32).sum());
    if pages.len() > 1 {
        let id = forms.id(drawing(&cut_marks(paper), paper.shrink), paper.size_in_points());
        ops.push(Op::UseXobject { id, transform: placed((0.0, 0.0), None) });
    }
    let mut common = Vec::new();
    for (place, page) in pages.iter().enumerate() {
        let offset = paper.offset(place);
        for watermark in &page.watermarks {
            outline(&mut ops, watermark, paper, offset);
        }
        let shapes = forms.id(drawing(&page.shapes, paper.shrink), paper.size_in_points());
        ops.push(Op::UseXobject { id: shapes, transform: placed((offset, 0.0), None) });
        for picture in &page.pictures {
            let (x, y) = paper.points(picture.x, picture.y + picture.height);
            let size = [picture.width, picture.height].map(|mm| mm * PT_PER_MM * paper.shrink);
            let id = XObjectId(LOGO.to_owned());
            ops.push(Op::UseXobject { id, transform: placed((x + offset, y), Some(size)) });
        }
        let (own, of_all): (Vec<_>, Vec<_>) = page.runs.iter().partition(|run| run.is_own);
        texts(&mut ops, &own, paper, offset);
        if place > 0 {
            let by = CurTransMat::Translate(Pt(hundredth(paper.offset(1))), Pt(0.0));
            common.push(vec![Op::SetTransformationMatrix { matrix: by }]);
        }
        let mut set = Vec::new();
        texts(&mut set, &of_all, paper, 0.0);
        common.push(set);
        code(&mut ops, page, paper, offset, forms);
    }
    shared.use_on_next_page(common);
    paper.page(ops)
}

/// The QR code: its modules keep their size on every paper.
fn code(ops: &mut Vec<Op>, page: &Page, paper: Paper, offset: f32, forms: &mut Forms) {
    let modules = f32::from(u16::try_from(page.qr.modules).unwrap_or(u16::MAX));
    let id = forms.id(page.qr.content.clone(), [modules, modules]);
    let (left, top) = page.qr_at;
    let (x, y) = paper.points(left, top);
    let module = MODULE_MM * PT_PER_MM;
    let at = (x + offset, y - page.qr.side_mm() * PT_PER_MM);
    ops.push(Op::UseXobject { id, transform: placed(at, Some([module, module])) });
}

/// An XObject with its origin at a place in points, and so many points to each of its units.
fn placed((x, y): (f32, f32), scale: Option<[f32; 2]>) -> XObjectTransform {
    XObjectTransform {
        translate_x: (x != 0.0).then_some(Pt(x)),
        translate_y: (y != 0.0).then_some(Pt(y)),
        scale_x: scale.map(|[x, _]| x),
        scale_y: scale.map(|[_, y]| y),
        no_auto_scale: true,
        ..XObjectTransform::default()
    }
}

/// Short lines at the upper and lower edge between two pages.
fn cut_marks(paper: Paper) -> [Shape; 2] {
    let (x, length) = (paper.width / 2.0 / paper.shrink, CUT_MARK_MM / paper.shrink);
    let line = |from: f32, to: f32| Shape::Line { from: (x, from), to: (x, to), width: 0.35 };
    [line(0.0, length), line(PAGE_HEIGHT_MM - length, PAGE_HEIGHT_MM)]
}

fn grey(percent: f32) -> Color {
    Color::Greyscale(Greyscale::new(percent, None))
}

/// Texts in one text section, in the order in which they were set.
fn texts(ops: &mut Vec<Op>, runs: &[&Run], paper: Paper, offset: f32) {
    let (mut font, mut ink) = (None, Ink::Black);
    ops.push(Op::StartTextSection);
    ops.push(Op::SetFillColor { col: grey(0.0) });
    for run in runs {
        if font != Some((run.face, run.size)) {
            font = Some((run.face, run.size));
            ops.push(Op::SetFont {
                font: PdfFontHandle::External(run.face.id()),
                size: Pt(hundredth(run.size * paper.shrink)),
            });
        }
        if ink != run.ink {
            ink = run.ink;
            ops.push(Op::SetFillColor { col: grey(if ink == Ink::White { 1.0 } else { 0.0 }) });
        }
        let (x, y) = paper.points(run.x, run.y);
        let matrix = TextMatrix::Translate(Pt(hundredth(x + offset)), Pt(hundredth(y)));
        ops.push(Op::SetTextMatrix { matrix });
        ops.push(Op::ShowText { items: vec![TextItem::Text(run.text.clone())] });
    }
    ops.push(Op::EndTextSection);
}

/// A hundredth of a point is finer than any printer, and short in the file.
fn hundredth(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn outline(ops: &mut Vec<Op>, watermark: &Watermark, paper: Paper, offset: f32) {
    let (sine, cosine) = watermark.angle.sin_cos();
    let (x, y) = paper.points(watermark.x, watermark.y);
    let x = x + offset;
    ops.extend([
        Op::SaveGraphicsState,
        Op::SetOutlineColor { col: grey(0.0) },
        Op::SetOutlineThickness { pt: Pt(0.6) },
        Op::StartTextSection,
        Op::SetTextRenderingMode { mode: TextRenderingMode::Stroke },
        Op::SetFont {
            font: PdfFontHandle::External(Face::Bold.id()),
            size: Pt(hundredth(watermark.size * paper.shrink)),
        },
        Op::SetTextMatrix {
            matrix: TextMatrix::Raw(
                [cosine, sine, -sine, cosine, x, y].map(|number| (number * 10_000.0).round() / 10_000.0),
            ),
        },
        Op::ShowText { items: vec![TextItem::Text(watermark.text.clone())] },
        Op::EndTextSection,
        Op::RestoreGraphicsState,
    ]);
}
