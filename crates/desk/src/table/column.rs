//! The columns of a group's table, and which one a header means.

use super::error::Damage;
use super::sheet::Cell;
use super::spelling::{self, Known};
use crate::order::TravellerEntry;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// A line of the MRZ, from 0.
    Mrz(usize),
    /// Surname.
    Surname,
    /// Given names.
    GivenNames,
    /// A patronymic or middle name: it follows the given names.
    Patronymic,
    /// Document number.
    DocumentNumber,
    /// Nationality.
    Nationality,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// Date of expiry.
    ExpiryDate,
    /// Issuing state.
    IssuingState,
    /// The name as the passport writes it.
    VisualName,
    /// A part of the name as the passport writes it, beside a column of the same part in Latin letters.
    VisualPart,
    /// Guide or driver.
    Role,
    /// A column that orders don't need.
    Ignored,
}

/// The letters that a header of a name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    /// It says Cyrillic.
    Cyrillic,
    /// It does not say.
    Any,
    /// It says Latin: as in the MRZ.
    Latin,
}

/// What a header means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This column.
    Column(Column, Script),
    /// The whole name in one column.
    FullName,
    /// Nothing known.
    Unknown,
}

/// Reads a header: as a whole, else by its parts (`Surname / Фамилия`, `Sex (M/F)`), where they agree.
pub(super) fn meaning(header: &str) -> Meaning {
    let folded = spelling::fold(header);
    let script = script(&folded);
    match spelling::known(&folded) {
        Some(Known::Column(column)) => return Meaning::Column(column, script),
        Some(Known::FullName) => return Meaning::FullName,
        None => {}
    }
    let parts = header.split(['/', '\\', '|', '(', ')', '[', ']', ',', ';', '\n', '–', '—']);
    let mut columns: Vec<Column> = Vec::new();
    for part in parts.map(spelling::fold).filter(|part| !part.is_empty()) {
        match spelling::known(&part) {
            Some(Known::Column(column)) if !columns.contains(&column) => columns.push(column),
            Some(Known::FullName) => return Meaning::FullName,
            _ => {}
        }
    }
    match columns.as_slice() {
        [column] => Meaning::Column(*column, script),
        _ => Meaning::Unknown,
    }
}

fn script(folded: &str) -> Script {
    let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if says(&["latin", "латин", "лат", "латын", "английск", "english"]) {
        Script::Latin
    } else if says(&["cyrillic", "кирил", "русск", "кыргызча"]) {
        Script::Cyrillic
    } else {
        Script::Any
    }
}

impl Column {
    /// The name of the JSON field; the label of the column is `column-<field>`.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Mrz(0) => "line_1",
            Self::Mrz(1) => "line_2",
            Self::Mrz(_) => "line_3",
            Self::Surname => "surname",
            Self::GivenNames | Self::Patronymic => "given_names",
            Self::DocumentNumber => "document_number",
            Self::Nationality => "nationality",
            Self::BirthDate => "birth_date",
            Self::Sex => "sex",
            Self::ExpiryDate => "expiry_date",
            Self::IssuingState => "issuing_state",
            Self::VisualName | Self::VisualPart => "visual_name",
            Self::Role => "role",
            Self::Ignored => "",
        }
    }

    fn is_date(self) -> bool {
        matches!(self, Self::BirthDate | Self::ExpiryDate)
    }

    fn is_name(self) -> bool {
        matches!(
            self,
            Self::Surname | Self::GivenNames | Self::Patronymic | Self::VisualName | Self::VisualPart
        )
    }

    /// The text of a cell in this column, or what the spreadsheet did to it.
    pub(super) fn read(self, cell: &Cell) -> Result<String, Damage> {
        match cell {
            Cell::Error(error) => Err(Damage::ErrorValue(error.clone())),
            Cell::Uncomputed => Err(Damage::Uncomputed),
            Cell::Date(_) if !self.is_date() => Err(Damage::TurnedIntoDate),
            Cell::Time => Err(Damage::TurnedIntoDate),
            Cell::Text(text) if text.contains('\u{fffd}') => Err(Damage::LostLetter),
            // Saved in an encoding that lacks them, Ң, Ө and Ү become question marks.
            Cell::Text(text) if self.is_name() && text.contains('?') => Err(Damage::LostLetter),
            Cell::Text(text) if self == Self::Sex => Ok(sex(text)),
            cell => Ok(cell.text()),
        }
    }

    /// Puts a cell's text into the traveller's field.
    pub(super) fn put(self, text: String, entry: &mut TravellerEntry) {
        match self {
            Self::Mrz(line) => {
                let lines = entry.mrz.get_or_insert_with(Vec::new);
                lines.resize(lines.len().max(line + 1), String::new());
                if let Some(place) = lines.get_mut(line) {
                    *place = text;
                }
            }
            Self::Surname => entry.surname = text,
            Self::GivenNames => entry.given_names = joined(text, &entry.given_names),
            Self::Patronymic => entry.given_names = joined(std::mem::take(&mut entry.given_names), &text),
            Self::DocumentNumber => entry.document_number = text,
            Self::Nationality => entry.nationality = text,
            Self::BirthDate => entry.birth_date = text,
            Self::Sex => entry.sex = text,
            Self::ExpiryDate => entry.expiry_date = text,
            Self::IssuingState => entry.issuing_state = text,
            Self::VisualName => entry.visual_name = text,
            Self::VisualPart => entry.visual_name = joined(std::mem::take(&mut entry.visual_name), &text),
            Self::Role => entry.role = text,
            Self::Ignored => {}
        }
    }
}

fn joined(first: String, second: &str) -> String {
    if first.is_empty() || second.is_empty() { first + second } else { first + " " + second }
}

/// Words for a sex as its letter; what else is there stays, and the check names it.
fn sex(text: &str) -> String {
    match spelling::fold(text).as_str() {
        "male" | "man" | "mr" | "муж" | "мужской" | "мужчина" | "эркек" | "э" => {
            "M".to_owned()
        }
        "female" | "woman" | "mrs" | "ms" | "жен" | "женский" | "женщина" | "аял" | "а" => {
            "F".to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_two_languages_or_with_a_hint_are_understood() {
        let column = |header| match meaning(header) {
            Meaning::Column(column, _) => Some(column),
            _ => None,
        };
        assert_eq!(column("Surname / Фамилия"), Some(Column::Surname));
        assert_eq!(column("Фамилия\n(Surname)"), Some(Column::Surname));
        assert_eq!(column("Sex (M/F)"), Some(Column::Sex));
        assert_eq!(column("Date of birth (dd.mm.yyyy)"), Some(Column::BirthDate));
        assert_eq!(column("№ паспорта / срок действия"), None, "two fields in one column");
        assert_eq!(column("Кем выдан"), Some(Column::Ignored));
        assert_eq!(meaning("Фамилия (лат.)"), Meaning::Column(Column::Surname, Script::Latin));
        assert_eq!(meaning("ФИО"), Meaning::FullName);
        assert_eq!(meaning("Ф.И.О. (латиницей)"), Meaning::FullName);
        assert_eq!(meaning("Hobby"), Meaning::Unknown);
    }

    #[test]
    fn damaged_cells_are_found_where_they_matter() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(Column::Surname.read(&text("Жа?ыбаев")), Err(Damage::LostLetter));
        assert_eq!(Column::BirthDate.read(&text("??.08.1974")), Ok("??.08.1974".to_owned()));
        assert_eq!(Column::DocumentNumber.read(&Cell::Time), Err(Damage::TurnedIntoDate));
        assert_eq!(Column::DocumentNumber.read(&Cell::Number(1_234_567.0)), Ok("1234567".to_owned()));
        assert_eq!(Column::Sex.read(&text("Муж.")), Ok("M".to_owned()));
        assert_eq!(Column::Sex.read(&text("?")), Ok("?".to_owned()));
    }
}
