//! printpdf in the best way known: fonts subset once per process, one text section a page, drawings and codes as raw
//! form XObjects, equal ones once, nothing optimised, streams compressed by zlib directly.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};
use printpdf::{
    Color, DictItem, ExternalStream, ExternalXObject, FontId, Greyscale, Mm, Op, ParsedFont, PdfDocument,
    PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix, XObject, XObjectId,
    XObjectTransform,
};
use propusk_desk::paper::export::{DrawnPage, DrawnShape, code};
use subsetter::GlyphRemapper;

/// A bare printpdf program, ready to draw.
pub(crate) struct Bare {
    pages: Vec<DrawnPage>,
    fonts: Vec<(FontId, ParsedFont)>,
}

impl Bare {
    pub(crate) fn new(pages: Vec<DrawnPage>, faces: &[(&'static str, Vec<u8>)]) -> Self {
        let fonts = subsets(&pages, faces);
        Self { pages, fonts }
    }

    /// Draws the pages with these seals. Subsets the fonts anew where `faces` are given.
    pub(crate) fn draw(
        &self,
        seals: &[String],
        level: u32,
        faces: Option<&[(&'static str, Vec<u8>)]>,
    ) -> Vec<u8> {
        let mut document = PdfDocument::new("permit");
        let fresh = faces.map(|faces| subsets(&self.pages, faces));
        for (id, font) in fresh.as_ref().unwrap_or(&self.fonts) {
            document.resources.fonts.map.insert(id.clone(), PdfFont::new(font.clone()));
        }
        let mut forms: BTreeMap<Vec<u8>, XObjectId> = BTreeMap::new();
        let mut form = |content: Vec<u8>, size: [f32; 2], document: &mut PdfDocument| {
            if let Some(known) = forms.get(&content) {
                return known.clone();
            }
            let id = XObjectId(format!("X{}", forms.len()));
            forms.insert(content.clone(), id.clone());
            document.resources.xobjects.map.insert(id.clone(), XObject::External(external(content, size)));
            id
        };
        for (page, seal) in self.pages.iter().zip(seals) {
            let mut ops = Vec::with_capacity(page.runs.len() * 3 + 8);
            let id = form(shapes(page), [595.3, 841.9], &mut document);
            let as_it_is = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
            ops.push(Op::UseXobject { id, transform: as_it_is });
            self.texts(page, &mut ops);
            let (modules, content) = code(seal).unwrap();
            let id = form(content, [modules as f32; 2], &mut document);
            let transform = XObjectTransform {
                translate_x: Some(Pt(page.code_at[0])),
                translate_y: Some(Pt(page.code_at[1])),
                scale_x: Some(page.module),
                scale_y: Some(page.module),
                no_auto_scale: true,
                ..XObjectTransform::default()
            };
            ops.push(Op::UseXobject { id, transform });
            document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), ops));
        }
        save(&document, level)
    }

    fn texts(&self, page: &DrawnPage, ops: &mut Vec<Op>) {
        let grey = |percent| Color::Greyscale(Greyscale::new(percent, None));
        let (mut font, mut is_white) = (None, false);
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFillColor { col: grey(0.0) });
        for run in &page.runs {
            if font != Some((run.face, run.size)) {
                font = Some((run.face, run.size));
                let handle = PdfFontHandle::External(font_id(run.face));
                ops.push(Op::SetFont { font: handle, size: Pt(run.size) });
            }
            if is_white != run.is_white {
                is_white = run.is_white;
                ops.push(Op::SetFillColor { col: grey(if is_white { 1.0 } else { 0.0 }) });
            }
            let [x, y] = run.at.map(|number| Pt((number * 100.0).round() / 100.0));
            ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(x, y) });
            ops.push(Op::ShowText { items: vec![TextItem::Text(run.text.clone())] });
        }
        ops.push(Op::EndTextSection);
    }
}

fn font_id(face: usize) -> FontId {
    FontId(format!("P{face}"))
}

fn subsets(pages: &[DrawnPage], faces: &[(&'static str, Vec<u8>)]) -> Vec<(FontId, ParsedFont)> {
    let mut used: BTreeMap<usize, BTreeSet<char>> = BTreeMap::new();
    for run in pages.iter().flat_map(|page| &page.runs) {
        used.entry(run.face).or_default().extend(run.text.chars());
    }
    used.iter().map(|(&face, characters)| (font_id(face), subset(&faces[face], characters))).collect()
}

fn subset((name, bytes): &(&'static str, Vec<u8>), characters: &BTreeSet<char>) -> ParsedFont {
    let whole = ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).unwrap();
    let mut remapper = GlyphRemapper::new();
    let (mut glyphs, mut widths) = (BTreeMap::new(), BTreeMap::new());
    for &character in characters {
        let glyph = whole.lookup_glyph_index(u32::from(character)).unwrap();
        let renumbered = remapper.remap(glyph);
        glyphs.insert(u32::from(character), renumbered);
        widths.insert(renumbered, whole.get_glyph_width(glyph).unwrap_or(0));
    }
    let program = subsetter::subset(bytes, 0, &remapper).unwrap();
    let name = Some(format!("ABCDEF+{name}"));
    let (units, metrics) = (whole.units_per_em, whole.font_metrics.clone());
    let mut font = ParsedFont::with_glyph_data(program, 0, name, glyphs, widths, units, metrics);
    font.font_type = whole.font_type;
    font.pdf_font_metrics = whole.pdf_font_metrics;
    font
}

fn external(content: Vec<u8>, [width, height]: [f32; 2]) -> ExternalXObject {
    let name = |name: &str| DictItem::Name(name.into());
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Form")),
        ("BBox".to_owned(), DictItem::Array([0.0, 0.0, width, height].map(DictItem::Real).to_vec())),
        ("Resources".to_owned(), DictItem::Dict { map: BTreeMap::new() }),
    ]);
    let stream = ExternalStream { dict, content, compress: true };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}

fn shapes(page: &DrawnPage) -> Vec<u8> {
    let mut content = Vec::new();
    let mut pen = f32::NAN;
    for shape in &page.shapes {
        if let DrawnShape::Line(_, _, width) | DrawnShape::Frame(_, width) = *shape
            && width.to_bits() != pen.to_bits()
        {
            pen = width;
            let _ = writeln!(content, "{width:.2} w");
        }
        let _ = match *shape {
            DrawnShape::Line([x, y], [to_x, to_y], _) => {
                writeln!(content, "{x:.2} {y:.2} m {to_x:.2} {to_y:.2} l S")
            }
            DrawnShape::Fill([x, y, width, height]) => {
                writeln!(content, "{x:.2} {y:.2} {width:.2} {height:.2} re f")
            }
            DrawnShape::Frame([x, y, width, height], _) => {
                writeln!(content, "{x:.2} {y:.2} {width:.2} {height:.2} re S")
            }
        };
    }
    content
}

fn save(document: &PdfDocument, level: u32) -> Vec<u8> {
    let options =
        PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut file = document.to_lopdf_document(&options, &mut Vec::new());
    for object in file.objects.values_mut() {
        let lopdf::Object::Stream(stream) = object else { continue };
        if stream.dict.has(b"Filter") {
            continue;
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(&stream.content).unwrap();
        stream.set_content(encoder.finish().unwrap());
        stream.dict.set("Filter", lopdf::Object::Name(b"FlateDecode".to_vec()));
    }
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}
