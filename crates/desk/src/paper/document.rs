//! From pages to a PDF file: fonts, form XObjects, text, outline, and what printpdf leaves out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, text_string};
use printpdf::{
    Color, Greyscale, Mm, Op, PageAnnotId, PageAnnotation, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfParseErrorSeverity, PdfSaveOptions, Pt, TextItem, TextMatrix, TextRenderingMode, XObjectTransform,
};

use super::booklet::Booklet;
use super::canvas::{Ink, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, PT_PER_MM, Page, Run, Watermark};
use super::error::PaperError;
use super::fonts::{Face, Fonts};
use super::forms::{Forms, drawing};
use super::labels::Labels;
use super::qr::MODULE_MM;
use super::shared_texts::SharedTexts;

/// The level of zlib: 6 makes files a fifth smaller than 1; 9 gains nothing more.
const COMPRESSION: u32 = 6;

/// Writes the pages as one PDF file.
pub(super) fn assemble(
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
    document.pages = pages.iter().map(|page| pdf_page(page, &mut forms, &mut shared)).collect();
    forms.move_into(&mut document);
    shared.append_pages(&mut document);
    for (index, page) in pages.iter().enumerate() {
        let bookmark = PageAnnotation { name: page.bookmark.clone(), page: index + 1 };
        document.bookmarks.map.insert(PageAnnotId(format!("B{index:05}")), bookmark);
    }
    let options =
        PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let mut file = document.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.iter().find(|warning| warning.severity == PdfParseErrorSeverity::Error) {
        return Err(fault(&warning.msg));
    }
    shared.attach(&mut file, pages.len())?;
    describe(&mut file, booklet, labels)?;
    compress(&mut file)?;
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(fault)?;
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

fn pdf_page(page: &Page, forms: &mut Forms, shared: &mut SharedTexts) -> PdfPage {
    let mut ops = Vec::with_capacity(page.runs.len() * 3 + 32);
    for watermark in &page.watermarks {
        outline(&mut ops, watermark);
    }
    let shapes = forms.id(drawing(&page.shapes), [PAGE_WIDTH_MM * PT_PER_MM, PAGE_HEIGHT_MM * PT_PER_MM]);
    let as_it_is = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
    ops.push(Op::UseXobject { id: shapes, transform: as_it_is });
    let (own, common): (Vec<_>, Vec<_>) = page.runs.iter().partition(|run| run.is_own);
    texts(&mut ops, &own);
    shared.use_on_next_page(&common);
    let modules = f32::from(u16::try_from(page.qr.modules).unwrap_or(u16::MAX));
    let code = forms.id(page.qr.content.clone(), [modules, modules]);
    let (left, top) = page.qr_at;
    let scale = Some(MODULE_MM * PT_PER_MM);
    let transform = XObjectTransform {
        translate_x: Some(Pt(left * PT_PER_MM)),
        translate_y: Some(Pt((PAGE_HEIGHT_MM - top - page.qr.side_mm()) * PT_PER_MM)),
        scale_x: scale,
        scale_y: scale,
        no_auto_scale: true,
        ..XObjectTransform::default()
    };
    ops.push(Op::UseXobject { id: code, transform });
    PdfPage::new(Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM), ops)
}

fn grey(percent: f32) -> Color {
    Color::Greyscale(Greyscale::new(percent, None))
}

/// Texts in one text section, in the order in which they were set.
pub(super) fn texts(ops: &mut Vec<Op>, runs: &[&Run]) {
    let (mut font, mut ink) = (None, Ink::Black);
    ops.push(Op::StartTextSection);
    ops.push(Op::SetFillColor { col: grey(0.0) });
    for run in runs {
        if font != Some((run.face, run.size)) {
            font = Some((run.face, run.size));
            ops.push(Op::SetFont { font: PdfFontHandle::External(run.face.id()), size: Pt(run.size) });
        }
        if ink != run.ink {
            ink = run.ink;
            ops.push(Op::SetFillColor { col: grey(if ink == Ink::White { 1.0 } else { 0.0 }) });
        }
        let (x, y) = (hundredth(run.x * PT_PER_MM), hundredth((PAGE_HEIGHT_MM - run.y) * PT_PER_MM));
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(y)) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(run.text.clone())] });
    }
    ops.push(Op::EndTextSection);
}

/// A hundredth of a point is finer than any printer, and short in the file.
fn hundredth(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn outline(ops: &mut Vec<Op>, watermark: &Watermark) {
    let (sine, cosine) = watermark.angle.sin_cos();
    let (x, y) = (watermark.x * PT_PER_MM, (PAGE_HEIGHT_MM - watermark.y) * PT_PER_MM);
    ops.extend([
        Op::SaveGraphicsState,
        Op::SetOutlineColor { col: grey(0.0) },
        Op::SetOutlineThickness { pt: Pt(0.6) },
        Op::StartTextSection,
        Op::SetTextRenderingMode { mode: TextRenderingMode::Stroke },
        Op::SetFont { font: PdfFontHandle::External(Face::Bold.id()), size: Pt(watermark.size) },
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

/// Sets what printpdf leaves out or draws at random: language, how to print, a description without a clock, and an
/// identifier that is a hash of the content.
fn describe(file: &mut lopdf::Document, booklet: &Booklet, labels: &Labels) -> Result<(), PaperError> {
    file.version = "1.7".to_owned();
    let name = |name: &str| Object::Name(name.into());
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    // A viewer that shrinks the page to fit would make the modules of the code smaller than they have to be, and a
    // printer that prints on both sides would put two copies on one sheet.
    preferences.set("PrintScaling", name("None"));
    preferences.set("Duplex", name("Simplex"));
    let catalog = file.catalog_mut().map_err(fault)?;
    catalog.set("Lang", text_string(labels.primary.code()));
    catalog.set("ViewerPreferences", preferences);
    catalog.set("PageMode", name("UseOutlines"));
    let title = format!(
        "{} / {} {}, {} {}",
        labels.title.primary,
        labels.title.secondary,
        booklet.permit_number,
        labels.version.secondary,
        booklet.version
    );
    let issued = booklet.issued_on;
    let issued = format!("D:{:04}{:02}{:02}000000Z", issued.year(), issued.month(), issued.day());
    let mut info = Dictionary::new();
    info.set("Title", text_string(&title));
    info.set("Author", text_string(&booklet.agency));
    info.set("Creator", text_string("propusk"));
    info.set("Producer", text_string("propusk"));
    info.set("CreationDate", text_string(&issued));
    info.set("ModDate", text_string(&issued));
    let info = file.add_object(info);
    let printpdfs = file.trailer.get(b"Info").and_then(Object::as_reference).map_err(fault)?;
    file.objects.remove(&printpdfs);
    file.trailer.set("Info", info);
    let identifier =
        Object::String(content_hash(file).to_be_bytes().to_vec(), lopdf::StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![identifier.clone(), identifier]);
    Ok(())
}

/// FNV-1a over every stream, the permit's dates and all seals among them.
fn content_hash(file: &lopdf::Document) -> u128 {
    let streams = file.objects.values().filter_map(|object| object.as_stream().ok());
    streams
        .flat_map(|stream| &stream.content)
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, &byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

fn compress(file: &mut lopdf::Document) -> Result<(), PaperError> {
    for object in file.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if stream.dict.has(b"Filter") {
            continue;
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(COMPRESSION));
        encoder.write_all(&stream.content).map_err(fault)?;
        stream.set_content(encoder.finish().map_err(fault)?);
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    }
    Ok(())
}
