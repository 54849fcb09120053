//! MRZs as people give them.

use propusk_passport::{Code, Document, Field, Format, Place, Severity, read_mrz, split_documents};

use crate::specimen::today;

const FIRST: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const SECOND: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const CARD: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];

fn read(lines: &[&str]) -> Document {
    read_mrz(lines, today())
}

fn shape_findings(document: &Document) -> Vec<&propusk_passport::Finding> {
    document.findings.iter().filter(|finding| finding.code == Code::MrzShape).collect()
}

#[test]
fn careless_typing_is_read_for_what_it_is() {
    let lower = (FIRST.to_lowercase(), SECOND.to_lowercase());
    let glued = format!("{FIRST}{SECOND}");
    let glued_with_blank = format!("{FIRST} {SECOND}");
    let cyrillic = FIRST.replace('A', "А").replace('O', "О").replace('E', "Е").replace('P', "Р");
    let full_width: String = SECOND.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let blanks = SECOND.replace("UTO", " UTO ").replace("ZE", "\u{A0}ZE");
    let guillemets = FIRST.replace("<<", "«");
    let marked = format!("\u{FEFF}{FIRST}");
    for lines in [
        vec![lower.0.as_str(), lower.1.as_str()],
        vec![glued.as_str()],
        vec![glued_with_blank.as_str()],
        vec![cyrillic.as_str(), SECOND],
        vec![FIRST, full_width.as_str()],
        vec![FIRST, blanks.as_str()],
        vec![guillemets.as_str(), SECOND],
        vec![marked.as_str(), SECOND, "  "],
        vec![&FIRST[..20], &FIRST[20..], SECOND],
    ] {
        let document = read(&lines);
        assert!(document.valid(), "{lines:?} {document:?}");
        assert_eq!(document.lines, [FIRST, SECOND], "{lines:?}");
    }
    let card = CARD.concat();
    assert!(read(&[&card]).valid());
    let spaces_for_fillers = FIRST.replace('<', " ");
    assert!(read(&[&spaces_for_fillers, SECOND]).valid());
}

#[test]
fn a_wrong_length_is_told_and_a_record_formed() {
    let document = read(&[&FIRST[..40], SECOND]);
    let found = shape_findings(&document);
    assert_eq!((document.format, document.valid(), found.len()), (Format::Td3, false, 1));
    assert_eq!(found[0].field, Field::Line(1));
    assert_eq!(
        (found[0].arg("n"), found[0].arg("len"), found[0].arg("want")),
        (Some("1"), Some("40"), Some("44"))
    );
    assert_eq!((document.surname.as_str(), document.document_number.as_str()), ("ERIKSSON", "L898902C3"));
    let two_of_three = read(&CARD[..2]);
    assert_eq!(two_of_three.format, Format::Td1);
    assert_eq!(shape_findings(&two_of_three)[0].field, Field::Line(3));
    let four = read(&[FIRST, SECOND, "X", "Y"]);
    assert_eq!(shape_findings(&four).len(), 2);
    assert_eq!(shape_findings(&read(&[""; 0])).len(), 2);
}

#[test]
fn a_lost_character_is_located_by_the_digits() {
    for (column, field) in
        [(3, "document_number"), (14, "birth_date"), (23, "expiry_date"), (31, "optional_data")]
    {
        let mut short = SECOND.to_string();
        short.remove(column);
        let document = read(&[FIRST, &short]);
        let found = shape_findings(&document);
        assert_eq!(found[0].arg("field"), Some(field), "{column}");
        assert!(!document.valid());
        assert_eq!(document.sex.code(), "F", "the fields behind it are read all the same");
    }
    let mut certain = 0;
    for extra in ['7', 'W', 'X', '3', '<'] {
        let mut long = SECOND.to_string();
        long.insert(5, extra);
        let document = read(&[FIRST, &long]);
        let found = shape_findings(&document);
        assert_eq!(found[0].arg("field"), Some("document_number"), "{extra}");
        if let Some(suggestion) = &found[0].suggestion {
            assert_eq!((suggestion.as_str(), found[0].place), (SECOND, Some(Place { line: 1, column: 5 })));
            certain += 1;
        }
    }
    assert!(certain > 0);
}

#[test]
fn characters_that_do_not_belong_are_named() {
    let document = read(&[FIRST, &SECOND.replace('L', "!")]);
    let found = shape_findings(&document);
    assert_eq!((found[0].field, found[0].position, found[0].arg("c")), (Field::Line(2), Some(0), Some("!")));
    let sex = read(&[FIRST, &SECOND.replace("2F1", "2Q1")]);
    assert!(!sex.valid());
    let filler = read(&["P<UTOERIKSSON<<ANNA<MARIA<<<<<K<<<<<<<<<<<<<", SECOND]);
    let found = shape_findings(&filler);
    assert_eq!((found[0].position, found[0].severity), (Some(30), Severity::Warning));
    assert_eq!(found[0].suggestion.as_deref(), Some("<"));
    let third = read(&["P<UTOERIKSSON<<ANNA<<MARIA<<<<<<<<<<<<<<<<<<", SECOND]);
    assert_eq!((shape_findings(&third).len(), third.given_names.as_str()), (0, "ANNA MARIA"));
    let card = read(&[CARD[0], "7408122F1204159UTO<<<<O<<<<<<6", CARD[2]]);
    assert_eq!(
        (card.findings[0].code, card.findings[0].severity),
        (Code::CompositeOnlyFails, Severity::Warning)
    );
    assert_eq!(card.findings[0].place, Some(Place { line: 1, column: 22 }));
    let digit = read(&["P<UT0ERIKSS0N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", SECOND]);
    let found: Vec<_> = shape_findings(&digit).iter().map(|finding| finding.suggestion.clone()).collect();
    assert_eq!(found, [Some("O".to_string()), Some("O".to_string())]);
}

#[test]
fn partial_dates_are_proper_and_impossible_ones_are_null() {
    let born = |six: &str| {
        let digit = propusk_passport::check_digit(six).unwrap();
        let card = format!("{six}{digit}F1204159UTO<<<<<<<<<<<");
        let covered = format!("D231458907<<<<<<<<<<<<<<<{}{}<<<<<<<<<<<", &card[..7], &card[8..15]);
        let card = format!("{card}{}", propusk_passport::check_digit(&covered).unwrap());
        let document = read(&[CARD[0], &card, CARD[2]]);
        (document.birth_date.map(|date| date.to_string()), document.valid(), document.findings[0].code)
    };
    let partial = |text: &str| (Some(text.to_string()), true, Code::BirthDatePartial);
    assert_eq!(born("83<<<<"), partial("1983-XX-XX"));
    assert_eq!(born("8308<<"), partial("1983-08-XX"));
    assert_eq!(born("<<<<<<"), partial("XXXX-XX-XX"));
    assert_eq!(born("26<<<<"), partial("2026-XX-XX"));
    assert_eq!(born("2607<<"), partial("1926-07-XX"));
    for impossible in ["741312", "740832", "000230", "8<0812", "830<<<", "74O812", "000000"] {
        assert_eq!(born(impossible), (None, false, Code::DateNotCalendar), "{impossible}");
    }
    assert_eq!(born("000229").0.as_deref(), Some("2000-02-29"));
}

#[test]
fn a_wrong_digit_lists_candidates_and_proposes_only_one() {
    let document = read(&[FIRST, &SECOND.replace("L898902C36", "L898920C36")]);
    let finding = &document.findings[0];
    assert_eq!((finding.code, finding.field), (Code::CheckDigit, Field::DocumentNumber));
    assert!(finding.arg("candidates").unwrap().contains("L898902C3"));
    let two_edits = read(&[FIRST, &SECOND.replace("L898902C36", "L888802C36")]);
    assert!(!two_edits.valid());
    let composite = read(&[FIRST, &SECOND.replace("B<<<<<10", "B<<<<<11")]);
    assert_eq!(composite.findings[0].code, Code::CompositeOnlyFails);
    assert_eq!(composite.findings[0].arg("expected"), Some("0"));
}

#[test]
fn documents_are_split_at_blank_lines() {
    let text = format!("{FIRST}\r\n{SECOND}  \r\n\r\n\r\n{}\r\n{}\r\n{}\r\n", CARD[0], CARD[1], CARD[2]);
    let documents = split_documents(&text);
    assert_eq!(documents, [vec![FIRST, SECOND], CARD.to_vec()]);
    assert_eq!(split_documents(&format!("{FIRST}\n{SECOND}\n{FIRST}\n{SECOND}")).len(), 2);
    assert_eq!(split_documents(&format!("{FIRST}\r{SECOND}")), [vec![FIRST, SECOND]]);
    assert!(split_documents(" \r\n\n").is_empty());
}

#[test]
fn what_an_mrz_leaves_open_is_told() {
    let full = read(&["P<UTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", SECOND]);
    assert!(full.valid() && full.names_truncated);
    assert_eq!(full.findings[0].code, Code::NameMayBeTruncated);
    let one_name = read(&["P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", SECOND]);
    assert_eq!(
        (one_name.findings[0].code, one_name.findings[0].arg("name")),
        (Code::NoSurname, Some("ARKFREITH"))
    );
    let plain = read(&[FIRST, SECOND]);
    assert_eq!(plain.findings.len(), 1);
    assert_eq!(plain.findings[0].code, Code::NationalityOrSexUnproven);
}

#[test]
fn german_numbers_have_an_alphabet() {
    let german = |number: &str| {
        let person = crate::specimen::person("MUSTERMANN", "ERIKA", number, "D");
        crate::specimen::passport(&person).findings[0].clone()
    };
    let vowel = german("C01X0006E");
    assert_eq!(
        (vowel.code, vowel.severity, vowel.position),
        (Code::NumberLengthOrAlphabet, Severity::Warning, Some(8))
    );
    assert_eq!((vowel.arg("c"), vowel.arg("country")), (Some("E"), Some("D")));
    assert_eq!(german("C01X000").arg("expected"), Some("9"));
    assert_eq!(german("C01X0006H").code, Code::NationalityOrSexUnproven);
    // Provisional and children's passports have a letter and seven digits.
    assert_eq!(german("E1234567").code, Code::NationalityOrSexUnproven);
}
