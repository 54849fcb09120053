//! krilla: fonts parsed once per process, glyphs looked up beforehand (no shaping), every code one path.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use printpdf::ParsedFont;
use propusk_desk::paper::export::{DrawnPage, DrawnShape, code};

const HEIGHT: f32 = 297.0 / 25.4 * 72.0;
const WIDTH: f32 = 210.0 / 25.4 * 72.0;

/// krilla, ready to draw.
pub(crate) struct Krilla {
    pages: Vec<(DrawnPage, Vec<Vec<KrillaGlyph>>)>,
    fonts: Vec<Font>,
}

impl Krilla {
    pub(crate) fn new(pages: Vec<DrawnPage>, faces: &[(&'static str, Vec<u8>)]) -> Self {
        let parsed: Vec<_> = faces
            .iter()
            .map(|(_, bytes)| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).unwrap())
            .collect();
        let fonts = faces.iter().map(|(_, bytes)| Font::new(bytes.clone().into(), 0).unwrap()).collect();
        let glyphs = |page: &DrawnPage| {
            page.runs.iter().map(|run| glyphs(&parsed[run.face], &run.text)).collect::<Vec<_>>()
        };
        let pages = pages
            .into_iter()
            .map(|page| {
                let glyphs = glyphs(&page);
                (page, glyphs)
            })
            .collect();
        Self { pages, fonts }
    }

    /// Draws the pages with these seals.
    pub(crate) fn draw(&self, seals: &[String]) -> Vec<u8> {
        let settings =
            SerializeSettings { xmp_metadata: false, enable_tagging: false, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        for ((page, glyphs), seal) in self.pages.iter().zip(seals) {
            let mut sheet = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).unwrap());
            let mut surface = sheet.surface();
            page.shapes.iter().for_each(|shape| draw_shape(&mut surface, shape));
            surface.set_stroke(None);
            for (run, glyphs) in page.runs.iter().zip(glyphs) {
                surface.set_fill(Some(ink(run.is_white)));
                let start = Point::from_xy(run.at[0], HEIGHT - run.at[1]);
                let font = self.fonts[run.face].clone();
                surface.draw_glyphs(start, glyphs, font, &run.text, run.size, false);
            }
            surface.set_fill(Some(ink(false)));
            draw_code(&mut surface, page, seal);
            surface.finish();
            sheet.finish();
        }
        document.finish().unwrap()
    }
}

fn glyphs(font: &ParsedFont, text: &str) -> Vec<KrillaGlyph> {
    let glyph = |(at, character): (usize, char)| {
        let glyph = font.lookup_glyph_index(u32::from(character)).unwrap();
        let advance = f32::from(font.get_glyph_width(glyph).unwrap_or(0)) / f32::from(font.units_per_em);
        let range = at..at + character.len_utf8();
        KrillaGlyph {
            glyph_id: GlyphId::new(u32::from(glyph)),
            text_range: range,
            x_advance: advance,
            x_offset: 0.0,
            y_offset: 0.0,
            y_advance: 0.0,
            location: None,
        }
    };
    text.char_indices().map(glyph).collect()
}

fn ink(is_white: bool) -> Fill {
    let paint = if is_white { luma::Color::white() } else { luma::Color::black() };
    Fill { paint: paint.into(), ..Fill::default() }
}

fn draw_shape(surface: &mut Surface<'_>, shape: &DrawnShape) {
    let mut path = PathBuilder::new();
    let mut rectangle = |[x, y, width, height]: [f32; 4]| {
        path.push_rect(Rect::from_xywh(x, HEIGHT - y - height, width, height).unwrap());
    };
    let pen = match *shape {
        DrawnShape::Line([x, y], [to_x, to_y], width) => {
            path.move_to(x, HEIGHT - y);
            path.line_to(to_x, HEIGHT - to_y);
            Some(width)
        }
        DrawnShape::Fill(at) => {
            rectangle(at);
            None
        }
        DrawnShape::Frame(at, width) => {
            rectangle(at);
            Some(width)
        }
    };
    surface.set_fill(pen.is_none().then(|| ink(false)));
    surface.set_stroke(pen.map(|width| Stroke {
        paint: luma::Color::black().into(),
        width,
        ..Stroke::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn draw_code(surface: &mut Surface<'_>, page: &DrawnPage, seal: &str) {
    let (_, content) = code(seal).unwrap();
    let mut path = PathBuilder::new();
    for line in std::str::from_utf8(&content).unwrap().lines() {
        let mut numbers = line.split(' ').map_while(|number| number.parse::<f32>().ok());
        let mut next = || numbers.next();
        let (Some(x), Some(y), Some(width), Some(height)) = (next(), next(), next(), next()) else {
            continue;
        };
        path.push_rect(Rect::from_xywh(x, -y - height, width, height).unwrap());
    }
    let (module, [left, bottom]) = (page.module, page.code_at);
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, HEIGHT - bottom));
    surface.draw_path(&path.finish().unwrap());
    surface.pop();
}
