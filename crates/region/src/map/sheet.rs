//! What every map of the country is drawn on: its elements so far, and the labels that must not cover one another.

use super::labels::Labels;
use super::outline::{self, Point};
use super::{MARGIN, OUTLINE_ID, WIDTH, closed, escaped, project};
use std::fmt::Write as _;

pub(super) struct Sheet {
    out: String,
    pub(super) labels: Labels,
}

impl Sheet {
    pub(super) fn new() -> Self {
        Self { out: String::new(), labels: Labels::new(WIDTH) }
    }

    pub(super) fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
    }

    pub(super) fn text(&mut self, x: f64, y: f64, size: f64, colour: &str, text: &str) {
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\">{text}</text>"
        ));
    }

    /// A label where it meets no other; it is left out where there is no room at all.
    pub(super) fn label(&mut self, at: Point, text: &str, size: f64, colour: &str, centred: bool) {
        let Some((x, y)) = self.labels.place(at, text, size, centred) else { return };
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">{text}</text>"
        ));
    }

    pub(super) fn title(&mut self, title: &str) {
        self.text(MARGIN, 32.0, 22.0, "#1d1b16", title);
    }

    pub(super) fn country(&mut self) {
        let path: String = outline::rings().iter().map(|ring| closed(ring)).collect();
        self.put(format_args!(
            "<clipPath id=\"{OUTLINE_ID}\"><path d=\"{path}\" clip-rule=\"evenodd\"/></clipPath>"
        ));
        self.put(format_args!("<path d=\"{path}\" fill=\"#f5f1e6\" fill-rule=\"evenodd\" stroke=\"#8a8474\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>"));
    }

    /// The province that a zone is named after, inside the country.
    pub(super) fn province(&mut self, ring: &[Point], colour: &str, opacity: f64) {
        let path = closed(ring);
        self.put(format_args!("<path d=\"{path}\" clip-path=\"url(#{OUTLINE_ID})\" fill=\"{colour}\" fill-opacity=\"{opacity}\" stroke=\"#8a8474\" stroke-width=\"0.8\" stroke-dasharray=\"3 3\" stroke-linejoin=\"round\"/>"));
    }

    pub(super) fn towns(&mut self, lang: &str) {
        for town in outline::towns() {
            let (x, y) = project(town.at);
            self.put(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"#6b665c\"/>"));
            let name = if lang == "en" { town.latin } else { town.cyrillic };
            self.label((x, y), name, 11.5, "#6b665c", false);
        }
    }

    /// The whole drawing.
    pub(super) fn finish(self, title: &str, bottom: f64) -> String {
        let title = escaped(title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {bottom:.0}\" width=\"{WIDTH}\" height=\"{bottom:.0}\" \
             role=\"img\" aria-label=\"{title}\" font-family=\"DejaVu Sans, Noto Sans, Arial, sans-serif\">\n<title>{title}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{bottom:.0}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.out
        )
    }
}
