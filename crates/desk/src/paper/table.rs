//! The table of travellers.

use super::booklet::TravellerRow;
use super::canvas::{Block, width};
use super::error::Field;
use super::flow::{Paragraph, Span, fit};
use super::fonts::Face;
use super::labels::Pair;
use super::sheet::{HAIRLINE, LEFT, Scene, THICK, WIDTH, both};
use super::style::Optional;

/// A column: its left end from the margin, and its width.
#[derive(Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
}

const NUMBER: Column = Column { x: 0.0, width: 7.0 };
const NAME: Column = Column { x: 8.0, width: 67.5 };
const NATIONALITY: Column = Column { x: 77.5, width: 16.8 };
/// On a row's second line, below nationality, date of birth and sex.
const ROLE: Column = Column { x: 77.5, width: 48.5 };
const BIRTH_DATE: Column = Column { x: 95.5, width: 19.4 };
const SEX: Column = Column { x: 116.8, width: 10.4 };
const DOCUMENT: Column = Column { x: 128.0, width: 27.0 };
const EXPIRY: Column = Column { x: 157.5, width: 20.5 };

/// Rows keep their rhythm where a name has nothing below it.
const LEAST_ROW: f32 = 8.6;
/// The least size of the words above a column.
const HEADER_POINTS: f32 = 5.5;
/// The same on paper, which may be half as large.
const HEADER_ON_PAPER: f32 = 4.2;
/// A name is not made to take two lines only because its sheet has few rows.
const FINE_FOR_ANY_NAME: f32 = 9.5;
/// The sizes of names, in points.
const LARGEST_NAME: f32 = 10.5;
/// See [`LARGEST_NAME`].
const SMALLEST_NAME: f32 = 8.5;
/// See [`LARGEST_NAME`]: the size at which the longest word that an MRZ can hold fits.
const LONGEST_NAME: f32 = 7.0;
/// How many characters of a document number stand together.
const GROUP: usize = 3;

/// The table of this sheet's travellers; its top is the header's rule.
pub(super) fn block<'a>(scene: &Scene<'a>) -> Block<'a> {
    let mut block = Block::new(scene.fonts);
    let mut y = header(scene, &mut block);
    let size = name_size(scene);
    for index in scene.sheet.rows.clone() {
        let Some(traveller) = scene.booklet.travellers.get(index) else { continue };
        y += row(scene, &mut block, y, (index, traveller), size).max(LEAST_ROW * scene.scale);
        block.rule(LEFT, y, WIDTH, HAIRLINE);
    }
    y += closing(scene, &mut block, y + 0.8) + 1.6;
    block.rule(LEFT, y, WIDTH, THICK);
    block.height = y;
    block
}

fn header(scene: &Scene<'_>, block: &mut Block<'_>) -> f32 {
    let labels = scene.labels;
    block.rule(LEFT, 0.0, WIDTH, THICK);
    let columns: [(Column, &Pair); 7] = [
        (NUMBER, &labels.column_number),
        (NAME, &labels.column_name),
        (NATIONALITY, &labels.column_nationality),
        (BIRTH_DATE, &labels.column_birth_date),
        (SEX, &labels.column_sex),
        (DOCUMENT, &labels.column_document),
        (EXPIRY, &labels.column_expiry),
    ];
    let mut height: f32 = 0.0;
    for (column, label) in columns {
        let mut y = 0.8;
        for (face, text) in [(Face::Bold, &label.primary), (Face::Regular, &label.secondary)] {
            let cell = fit(
                scene.fonts,
                &[Span::new(face, text.as_str(), label.field())],
                column.width,
                (7.0, HEADER_POINTS.max(scene.on_page(HEADER_ON_PAPER))),
                1,
            );
            y += block.paragraph((LEFT + column.x, y), &cell);
        }
        height = height.max(y + 0.8);
    }
    block.rule(LEFT, height, WIDTH, THICK);
    height
}

/// One traveller; returns the row's height.
fn row(
    scene: &Scene<'_>,
    block: &mut Block<'_>,
    top: f32,
    (index, traveller): (usize, &TravellerRow),
    name_size: f32,
) -> f32 {
    let padding = 1.1 * scene.scale;
    let field = |name| Field::at("travellers", index, name);
    let name = name(scene, traveller, index, name_size);
    let first_baseline = top + padding + name.first_baseline();
    let mut bottom = top + padding;
    bottom += block.paragraph((LEFT + NAME.x, bottom), &name);
    let second_line = bottom;
    let shows_visual_name = scene.style.shows(Optional::VisualName);
    if let Some(visual_name) = traveller.visual_name.as_ref().filter(|_| shows_visual_name) {
        let spans = [Span::new(Face::Regular, visual_name.as_str(), field("visual_name"))];
        let below = fit(scene.fonts, &spans, NAME.width, second_line_sizes(scene), 1);
        bottom += block.paragraph((LEFT + NAME.x, second_line), &below);
    }
    if let Some(role) = &traveller.role {
        let role =
            fit(scene.fonts, &scene.named(role, field("role")), ROLE.width, second_line_sizes(scene), 1);
        bottom = bottom.max(second_line + block.paragraph((LEFT + ROLE.x, second_line), &role));
    }
    let number = (index + 1).to_string();
    let document = grouped(&traveller.document_number);
    let cells = [
        (NUMBER, Face::Regular, number.as_str(), "number", 9.5),
        (NATIONALITY, Face::Regular, &traveller.nationality, "nationality", 9.5),
        (BIRTH_DATE, Face::Regular, &traveller.birth_date, "birth_date", 9.2),
        (SEX, Face::Regular, &traveller.sex, "sex", 9.5),
        (DOCUMENT, Face::Mono, &document, "document_number", 10.2),
        (EXPIRY, Face::Regular, &traveller.expiry_date, "expiry_date", 9.2),
    ];
    for (column, face, text, field_name, size) in cells {
        let sizes = (scene.points(size), scene.points(size * 0.7));
        let cell = fit(scene.fonts, &[Span::new(face, text, field(field_name))], column.width, sizes, 1);
        let cell_top = first_baseline - cell.first_baseline();
        bottom = bottom.max(cell_top + block.paragraph((LEFT + column.x, cell_top), &cell));
    }
    bottom + padding - top
}

/// Surname in bold and given names, as in the MRZ; what is too long for a line takes two, a little smaller.
fn name(scene: &Scene<'_>, traveller: &TravellerRow, index: usize, size: f32) -> Paragraph {
    let field = |name| Field::at("travellers", index, name);
    let spans = [
        Span::new(Face::Bold, traveller.surname.as_str(), field("surname")),
        Span::new(Face::Regular, " ", field("surname")),
        Span::new(Face::Regular, traveller.given_names.as_str(), field("given_names")),
    ];
    let name = fit(scene.fonts, &spans, NAME.width, (size, smallest_name(scene).min(size)), 1);
    if !name.broke_a_word {
        return name;
    }
    // A surname of 39 letters, the most that an MRZ has, is better set smaller than broken.
    fit(scene.fonts, &spans, NAME.width, (size, scene.points(LONGEST_NAME)), 2)
}

fn smallest_name(scene: &Scene<'_>) -> f32 {
    scene.points(SMALLEST_NAME).min(FINE_FOR_ANY_NAME)
}

/// The size of all names on this sheet: the largest at which every name fits a line, those apart that fit none.
fn name_size(scene: &Scene<'_>) -> f32 {
    let (mut size, smallest) = (scene.points(LARGEST_NAME), smallest_name(scene));
    for traveller in scene.booklet.travellers.get(scene.sheet.rows.clone()).unwrap_or_default() {
        let bold = width(scene.fonts, Face::Bold, 1.0, &traveller.surname);
        let regular = width(scene.fonts, Face::Regular, 1.0, &traveller.given_names);
        let space = width(scene.fonts, Face::Regular, 1.0, " ");
        let fitting = NAME.width / (bold + space + regular).max(0.001);
        if fitting >= smallest {
            size = size.min(fitting);
        }
    }
    (size * 10.0).floor() / 10.0
}

/// Of the name in the other script, and of what the person does for the group.
fn second_line_sizes(scene: &Scene<'_>) -> (f32, f32) {
    (scene.points(8.5), scene.points(7.0))
}

/// A document number in groups, so that two of them can be compared at a glance.
fn grouped(document_number: &str) -> String {
    let mut text = String::new();
    for (position, character) in
        document_number.chars().filter(|character| !character.is_whitespace()).enumerate()
    {
        if position > 0 && position % GROUP == 0 {
            text.push(' ');
        }
        text.push(character);
    }
    text
}

/// Closes the table with the number of its rows, so that none can be added below.
fn closing(scene: &Scene<'_>, block: &mut Block<'_>, top: f32) -> f32 {
    let labels = scene.labels;
    let (here, all) = (scene.sheet.rows.len(), scene.booklet.travellers.len());
    let in_language = |on_sheet: &str, in_all: &str| format!("{on_sheet}: {here}  ·  {in_all}: {all}");
    let first = in_language(&labels.on_sheet.primary, &labels.in_all.primary);
    let second = in_language(&labels.on_sheet.secondary, &labels.in_all.secondary);
    let spans = both(&first, &second, Face::Bold, Face::Regular, labels.on_sheet.field());
    let line = fit(scene.fonts, &spans, NATIONALITY.x + 96.0 - NAME.x, scene.sizes(7.5, 6.5), 1);
    block.paragraph((LEFT + NAME.x, top), &line)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn document_numbers_are_grouped_in_threes() {
        assert_eq!(grouped("L898902C3"), "L89 890 2C3");
        assert_eq!(grouped("AN 1234567"), "AN1 234 567");
        assert_eq!(grouped("75"), "75");
        assert_eq!(grouped(""), "");
    }
}
