//! A document as its MRZ states it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use jiff::civil::Date;

use crate::checks::{Check, Checks};
use crate::date::{DateError, PartialDate};
use crate::finding::{self, Code, Field, Finding, Place, Severity};
use crate::format::{Format, Span};
use crate::person::{Person, Sex};
use crate::zone::Zone;
use crate::{input, issuer, repair, stray};

/// What an MRZ says, with everything that is wrong with it.
///
/// Text fields come without fillers, a filler inside as a blank, codes as printed (`D`, not `D<<`).
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// The format, or the closest one where the shape is wrong.
    pub format: Format,
    /// One or two characters: `P`, `PP`, `ID`, `V`.
    pub document_code: String,
    /// Issuing state or organisation as printed, one to three letters.
    pub issuing_state: String,
    /// Primary identifier; empty where the document has one name only and gives it as secondary.
    pub surname: String,
    /// Secondary identifier, its parts separated by one blank.
    pub given_names: String,
    /// Document number; a long number of TD1 or TD2 joined, without its check digit.
    pub document_number: String,
    /// Nationality as printed.
    pub nationality: String,
    /// Date of birth, in the latest century that is not after `today`. `None` when it is no date.
    pub birth_date: Option<PartialDate>,
    /// Sex.
    pub sex: Sex,
    /// Date of expiry in 20YY. `None` when it is no date.
    pub expiry_date: Option<PartialDate>,
    /// Optional data, without what a long document number took of it.
    pub optional_data: String,
    /// TD1's second optional field; empty in the other formats.
    pub optional_data_2: String,
    /// The last position of the name field is a letter, so the name must be assumed to be cut (9303-4 §4.2.3).
    pub names_truncated: bool,
    /// Every check digit.
    pub checks: Checks,
    /// The check character of the document number, wherever it stands.
    pub number_check: char,
    /// Most severe first, each root cause once.
    pub findings: Vec<Finding>,
    /// The lines in upper case, without blanks, look-alikes of other scripts read as Latin.
    pub lines: Vec<String>,
    valid: bool,
}

/// Prints format, verdict and findings without their arguments, never the data.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("format", &self.format)
            .field("valid", &self.valid)
            .field("checks", &self.checks)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Document {
    /// The right shape, every check digit right, and dates that exist or are properly partial.
    #[must_use]
    pub fn valid(&self) -> bool {
        self.valid
    }

    /// The character at an index that counts through all lines of the right length.
    pub(crate) fn char_at(&self, index: usize) -> Option<char> {
        let length = self.format.line_length();
        self.lines.get(index / length)?.chars().nth(index % length)
    }

    /// The name field as it stands in the MRZ, fillers included: what a seal's name digest covers. Empty where the
    /// lines have no shape.
    #[must_use]
    pub fn name_field(&self) -> &str {
        let (line, from) = match self.format {
            Format::Td1 => (2, 0),
            _ => (0, 5),
        };
        self.lines.get(line).and_then(|line| line.get(from..)).unwrap_or_default()
    }

    /// What the MRZ says of its holder, every field said; a date that is no date is not said.
    #[must_use]
    pub fn person(&self) -> Person {
        Person {
            surname: Some(self.surname.clone()),
            given_names: Some(self.given_names.clone()),
            document_number: Some(self.document_number.clone()),
            nationality: Some(self.nationality.clone()),
            birth_date: self.birth_date,
            sex: Some(self.sex),
            expiry_date: self.expiry_date,
            issuing_state: Some(self.issuing_state.clone()),
        }
    }
}

/// Reads an MRZ of 2 or 3 lines, as carelessly as people give it: lower case, blanks, glued lines, look-alike
/// Cyrillic letters and full-width digits are taken for what they stand for. What cannot be mended that way
/// is a finding; a document is formed in any case. `today` decides the century of the birth date.
///
/// ```
/// use propusk_passport::{Code, Date, read_mrz};
/// let lines = ["v<utoeriksson<<anna<maria<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226"];
/// let visa = read_mrz(&lines, Date::constant(2026, 6, 1));
/// assert!(visa.valid());
/// assert_eq!((visa.format.as_str(), visa.surname.as_str()), ("MRV-B", "ERIKSSON"));
/// let cut = read_mrz(&[lines[0], "L898902C<3UTO6908061F940623"], Date::constant(2026, 6, 1));
/// assert_eq!((cut.valid(), cut.findings[0].code), (false, Code::MrzShape));
/// ```
#[must_use]
pub fn read_mrz(lines: &[impl AsRef<str>], today: Date) -> Document {
    if let Ok(zone) = Zone::read(lines) {
        return form(&zone, zone.lines(), Vec::new(), today);
    }
    let shaped = input::shape(lines);
    let (zone, findings) = crate::shape::fit(&shaped);
    form(&zone, shaped.lines, findings, today)
}

fn form(zone: &Zone, lines: Vec<String>, mut findings: Vec<Finding>, today: Date) -> Document {
    let birth_date = zone.birth_date(today);
    let expiry_date = zone.expiry_date();
    let shape_right = findings.is_empty();
    let checks = zone.checks();
    if shape_right {
        stray::characters(zone, &mut findings);
        check_digits(zone, [birth_date.is_ok(), expiry_date.is_ok()], &mut findings);
    }
    let layout = zone.layout();
    date_finding(zone, Field::BirthDate, layout.birth, &birth_date, &mut findings);
    date_finding(zone, Field::ExpiryDate, layout.expiry, &expiry_date, &mut findings);
    let valid = shape_right
        && checks.all_right()
        && birth_date.is_ok()
        && expiry_date.is_ok()
        && !findings.iter().any(|finding| finding.severity == Severity::Error);
    name_findings(zone, &mut findings);
    let (surname, given_names) = zone.names();
    if checks.document_number == Check::Right {
        let number = zone.document_number();
        findings.extend(issuer::number_finding(number, zone.issuing_state(), zone.document_code()));
    }
    findings.push(Finding::new(Code::NationalityOrSexUnproven, Field::Nationality));
    finding::sort(&mut findings);
    Document {
        format: zone.format(),
        document_code: zone.document_code().to_string(),
        issuing_state: zone.issuing_state().to_string(),
        surname: single_spaced(surname),
        given_names: single_spaced(given_names),
        document_number: printed_field(zone, Field::DocumentNumber),
        nationality: zone.nationality().to_string(),
        birth_date: birth_date.ok(),
        sex: zone.sex(),
        expiry_date: expiry_date.ok(),
        optional_data: zone.optional_data().to_string(),
        optional_data_2: zone.optional_data_2().to_string(),
        names_truncated: zone.names_truncated(),
        checks,
        number_check: zone.number_check(),
        findings,
        lines,
        valid,
    }
}

fn single_spaced(name: &str) -> String {
    if !name.contains("  ") {
        return name.to_string();
    }
    name.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value of a field that has a check digit, as [`Document`] shows it.
pub(crate) fn printed_field(zone: &Zone, field: Field) -> String {
    match field {
        Field::DocumentNumber => {
            let mut number = zone.document_number().to_string();
            number.push_str(zone.number_continuation());
            number
        }
        Field::BirthDate => zone.raw(zone.layout().birth),
        Field::ExpiryDate => zone.raw(zone.layout().expiry),
        _ => zone.optional_data().to_string(),
    }
}

/// One finding per wrong digit; the composite's only where it alone is wrong, and none for a field whose
/// characters already are a finding of another code.
fn check_digits(zone: &Zone, [birth_reads, expiry_reads]: [bool; 2], findings: &mut Vec<Finding>) {
    let checks = zone.checks();
    let layout = zone.layout();
    let number_check = zone.number_check_index();
    let fields = [
        (Field::DocumentNumber, checks.document_number, number_check, true),
        (Field::BirthDate, checks.date_of_birth, layout.birth_check, birth_reads),
        (Field::ExpiryDate, checks.date_of_expiry, layout.expiry_check, expiry_reads),
        (Field::OptionalData, checks.optional, layout.optional_check.unwrap_or(number_check), true),
    ];
    for (field, check, index, readable) in fields {
        if check == Check::Wrong && readable {
            findings.push(wrong_digit(zone, field, index));
        }
    }
    let others = fields.iter().any(|(_, check, ..)| *check == Check::Wrong);
    if let (Check::Wrong, false, Some((_, index))) = (checks.composite, others, layout.composite) {
        let expected = zone.composite_digit().map_or(String::new(), |digit| digit.to_string());
        let finding = Finding::new(Code::CompositeOnlyFails, Field::Composite)
            .with("found", char::from(zone.byte(index)))
            .with("expected", expected);
        findings.push(filler_slip(zone, finding));
    }
}

/// Names the character among fillers that explains a wrong digit, if there is one.
fn filler_slip(zone: &Zone, mut finding: Finding) -> Finding {
    let Some(place) = stray::in_fillers(zone) else { return finding };
    let typed = zone.byte(place.line * zone.layout().line_length + place.column);
    finding.place = Some(place);
    finding.with("typed", char::from(typed)).with("correct", '<')
}

fn wrong_digit(zone: &Zone, field: Field, index: usize) -> Finding {
    let mut finding = Finding::new(Code::CheckDigit, field)
        .with("field", field.as_str())
        .with("found", char::from(zone.byte(index)))
        .with("expected", zone.field_digit(field).map_or(String::new(), |digit| digit.to_string()));
    let repairs = repair::of_field(zone, field);
    if repairs.is_empty() {
        return if field == Field::OptionalData { filler_slip(zone, finding) } else { finding };
    }
    let values: Vec<&str> = repairs.iter().map(|repair| repair.value.as_str()).collect();
    finding = finding.with("candidates", values.join(", "));
    apply(finding, &repairs)
}

/// Puts the proposed repair into a finding, if one is proposed.
fn apply(finding: Finding, repairs: &[repair::Repair]) -> Finding {
    let Some(best) = repairs.first().filter(|repair| repair.proposed) else { return finding };
    let typed: String = best.changes.iter().map(|change| change.typed).collect();
    let correct: String = best.changes.iter().map(|change| change.correct).collect();
    let mut finding =
        finding.at(best.position).with("typed", typed).with("correct", correct).suggest(best.value.as_str());
    finding.place = best.changes.first().map(|change| change.place);
    finding
}

fn date_finding(
    zone: &Zone,
    field: Field,
    span: Span,
    date: &Result<PartialDate, DateError>,
    findings: &mut Vec<Finding>,
) {
    match date {
        Ok(date) if field == Field::BirthDate && date.is_partial() => {
            findings.push(Finding::new(Code::BirthDatePartial, field).with("b", date.to_string()));
        }
        Ok(_) => {}
        Err(error) => {
            let finding = Finding::new(Code::DateNotCalendar, field).with("date", printed_field(zone, field));
            let finding = apply(finding, &repair::of_field(zone, field));
            findings.push(match error {
                DateError::Unreadable { position: Some(position), .. } if finding.position.is_none() => {
                    let column = (span.start + position) % zone.layout().line_length;
                    let line = (span.start + position) / zone.layout().line_length;
                    let typed = char::from(zone.byte(span.start + position));
                    Finding {
                        place: Some(Place { line, column }),
                        ..finding.at(*position).with("typed", typed)
                    }
                }
                _ => finding,
            });
        }
    }
}

fn name_findings(zone: &Zone, findings: &mut Vec<Finding>) {
    let (surname, given) = zone.names();
    if surname.is_empty() || given.is_empty() {
        let name = if surname.is_empty() { given } else { surname };
        findings.push(Finding::new(Code::NoSurname, Field::Surname).with("name", single_spaced(name)));
    }
    if zone.names_truncated() {
        let (field, name) =
            if given.is_empty() { (Field::Surname, surname) } else { (Field::GivenNames, given) };
        findings.push(Finding::new(Code::NameMayBeTruncated, field).with("b", single_spaced(name)));
    }
}
