//! Drawings as form XObjects.

use std::collections::BTreeMap;
use std::io::Write as _;

use printpdf::{DictItem, ExternalStream, ExternalXObject, PdfDocument, XObject, XObjectId};

use super::canvas::{PAGE_HEIGHT_MM, PT_PER_MM, Shape};

/// The form XObjects of a document. Equal drawings are stored once: all copies share theirs.
#[derive(Default)]
pub(super) struct Forms {
    ids: BTreeMap<Vec<u8>, (XObjectId, [f32; 2])>,
}

impl Forms {
    pub(super) fn id(&mut self, content: Vec<u8>, size: [f32; 2]) -> XObjectId {
        let next = XObjectId(format!("X{}", self.ids.len()));
        self.ids.entry(content).or_insert((next, size)).0.clone()
    }

    pub(super) fn move_into(self, document: &mut PdfDocument) {
        for (content, (id, size)) in self.ids {
            document.resources.xobjects.map.insert(id, XObject::External(form(content, size)));
        }
    }
}

fn form(content: Vec<u8>, [width, height]: [f32; 2]) -> ExternalXObject {
    let name = |name: &str| DictItem::Name(name.into());
    let bounds = [0.0, 0.0, width, height].map(DictItem::Real).to_vec();
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Form")),
        ("FormType".to_owned(), DictItem::Int(1)),
        ("BBox".to_owned(), DictItem::Array(bounds)),
        ("Resources".to_owned(), DictItem::Dict { map: BTreeMap::new() }),
    ]);
    ExternalXObject {
        stream: ExternalStream { dict, content, compress: true },
        width: None,
        height: None,
        dpi: None,
    }
}

/// Shapes as the content of a form XObject of the page's size, `shrink` times as large as they are laid out.
pub(super) fn drawing(shapes: &[Shape], shrink: f32) -> Vec<u8> {
    let mut content = Vec::new();
    let mut line_width = f32::NAN;
    let x = |x: f32| x * PT_PER_MM * shrink;
    let y = |y: f32| (PAGE_HEIGHT_MM - y) * PT_PER_MM * shrink;
    for shape in shapes {
        if let Shape::Line { width, .. } | Shape::Frame { line: width, .. } = *shape
            && width.to_bits() != line_width.to_bits()
        {
            line_width = width;
            let _ = writeln!(content, "{width:.2} w");
        }
        let _ = match *shape {
            Shape::Line { from, to, .. } => {
                writeln!(content, "{:.2} {:.2} m {:.2} {:.2} l S", x(from.0), y(from.1), x(to.0), y(to.1))
            }
            Shape::Fill { x: left, y: top, width, height } => {
                writeln!(
                    content,
                    "{:.2} {:.2} {:.2} {:.2} re f",
                    x(left),
                    y(top + height),
                    x(width),
                    x(height)
                )
            }
            Shape::Frame { x: left, y: top, width, height, .. } => {
                writeln!(
                    content,
                    "{:.2} {:.2} {:.2} {:.2} re S",
                    x(left),
                    y(top + height),
                    x(width),
                    x(height)
                )
            }
        };
    }
    content
}
