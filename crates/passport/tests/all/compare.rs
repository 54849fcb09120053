//! Each finding of a comparison, with the character that it names.

use propusk_passport::{
    Code, Finding, Person, Place, Rules, Severity, Sex, compare, compare_persons, merge, read_mrz, td3_lines,
};

use crate::specimen::{against, codes, date, eriksson, passport, person, rules, today};

/// The only finding.
fn one(findings: &[Finding]) -> &Finding {
    let [finding] = findings else { panic!("{findings:?}") };
    finding
}

fn number(permit: &str, holder: &str) -> Finding {
    let permit = Person { document_number: Some(permit.into()), ..eriksson() };
    let holder = Person { document_number: Some(holder.into()), ..eriksson() };
    one(&against(&permit, &holder)).clone()
}

/// The only finding of a permit with that name, for a passport with the other.
fn named(permit: (&str, &str), holder: (&str, &str), state: &str) -> Finding {
    let findings = against(
        &person(permit.0, permit.1, "A1234567", state),
        &person(holder.0, holder.1, "A1234567", state),
    );
    one(&findings).clone()
}

fn args<'a>(finding: &'a Finding, names: &[&str]) -> Vec<&'a str> {
    names
        .iter()
        .map(|name| finding.arg(name).unwrap_or_else(|| panic!("{finding:?} has no {name}")))
        .collect()
}

#[test]
fn the_same_data_has_no_finding() {
    assert_eq!(against(&eriksson(), &eriksson()), []);
    let spaced = Person { document_number: Some("l898 902-c3".into()), ..eriksson() };
    assert_eq!(against(&spaced, &eriksson()), []);
    assert_eq!(against(&Person::default(), &eriksson()), [], "what is not said is not compared");
}

#[test]
fn a_number_names_its_character() {
    let finding = number("L898902C4", "L898902C3");
    assert_eq!((finding.code, finding.severity), (Code::NumberMismatch, Severity::Error));
    assert_eq!(
        args(&finding, &["k", "typed", "correct", "permit", "mrz"]),
        ["9", "4", "3", "L898902C4", "L898902C3"]
    );
    assert_eq!(finding.suggestion.as_deref(), Some("L898902C3"));

    let finding = number("L898 9O2C3", "L898902C3");
    assert_eq!(finding.code, Code::NumberLookalike);
    assert_eq!(
        (finding.position, args(&finding, &["k", "typed", "correct"])),
        (Some(6), vec!["7", "O", "0"])
    );

    let finding = number("L898920C3", "L898902C3");
    assert_eq!(finding.code, Code::NumberTransposed);
    assert_eq!(args(&finding, &["ab", "ba", "k"]), ["20", "02", "6"]);

    let finding = number("L898902C36", "L898902C3");
    assert_eq!(finding.code, Code::NumberHasCheckDigit);
    assert_eq!(args(&finding, &["n", "k"]), ["10", "10"]);

    let finding = number("L89902C3", "L898902C3");
    assert_eq!((finding.code, finding.position), (Code::NumberMismatch, Some(3)));
    assert_eq!(args(&finding, &["typed", "correct"]), ["", "8"]);

    let finding = number("L8988902C3", "L898902C3");
    assert_eq!(
        (finding.code, finding.position, finding.arg("correct")),
        (Code::NumberMismatch, Some(4), Some(""))
    );

    let finding = number("5467", "0005467");
    assert_eq!(args(&finding, &["correct", "k"]), ["000", "1"]);

    let finding = number("X898902D3", "L898902C3");
    assert_eq!(args(&finding, &["count", "k"]), ["2", "1"]);
}

#[test]
fn the_second_source_says_that_the_mrz_was_misread() {
    let [first, second] = td3_lines(&eriksson(), "UTO").unwrap();
    let lines = [first, second.replace("L898902C3", "L8989O2C3")];
    let document = read_mrz(&lines, today());
    assert!(document.findings.iter().any(|finding| finding.code == Code::CheckDigit));
    let compared = compare(&eriksson(), &document, &rules());
    let finding = one(&compared);
    assert_eq!(finding.code, Code::NumberLookalike);
    assert_eq!(args(finding, &["source", "typed", "correct"]), ["mrz", "O", "0"]);
    assert_eq!(finding.place, Some(Place { line: 1, column: 5 }));
    let all = merge(&document.findings, compared);
    assert_eq!(all.iter().filter(|finding| finding.severity == Severity::Error).count(), 1, "{all:?}");
}

#[test]
fn dates_of_birth_are_compared_as_dates() {
    let born = |permit: &str, holder: &str| {
        let permit = Person { birth_date: Some(date(permit)), ..eriksson() };
        let holder = Person { birth_date: Some(date(holder)), ..eriksson() };
        against(&permit, &holder)
    };
    let swap = born("1974-12-08", "1974-08-12");
    assert_eq!(one(&swap).code, Code::BirthDateDayMonthSwap);
    assert_eq!(one(&swap).suggestion.as_deref(), Some("1974-08-12"));
    let typo = born("1974-08-13", "1974-08-12");
    assert_eq!((one(&typo).code, one(&typo).position), (Code::BirthDateMismatch, Some(9)));
    assert_eq!(args(one(&typo), &["a", "b", "typed", "correct"]), ["1974-08-13", "1974-08-12", "3", "2"]);
    let partial = born("1974-08-12", "1974-XX-XX");
    assert_eq!((one(&partial).code, one(&partial).severity), (Code::BirthDatePartial, Severity::Info));
    assert_eq!(codes(&born("1974-XX-XX", "1974-08-12")), ["birth-date-mismatch"]);
    assert_eq!(codes(&born("1975-08-12", "1974-XX-XX")), ["birth-date-mismatch"]);
}

#[test]
fn a_date_that_its_digit_refutes_is_no_proof() {
    let [first, second] = td3_lines(&eriksson(), "UTO").unwrap();
    let document = read_mrz(&[first, second.replace("UTO740812", "UTO740813")], today());
    let findings = compare(&eriksson(), &document, &rules());
    assert_eq!(
        (one(&findings).arg("source"), one(&findings).suggestion.as_deref()),
        (Some("mrz"), Some("1974-08-12"))
    );
    let third = Person { birth_date: Some(date("1974-08-19")), ..eriksson() };
    let findings = compare(&third, &document, &rules());
    assert_eq!((one(&findings).arg("source"), one(&findings).suggestion.as_deref()), (Some("permit"), None));
}

#[test]
fn the_century_is_proven_by_four_digits_never_by_a_pivot() {
    let born = |permit: &str, holder: &str| {
        let permit = Person { birth_date: Some(date(permit)), ..eriksson() };
        let holder = Person { birth_date: Some(date(holder)), ..eriksson() };
        (compare(&permit, &passport(&holder), &rules()), compare_persons(&permit, &holder, &rules()))
    };
    let (mrz, visual) = born("2074-08-12", "1974-08-12");
    assert_eq!((one(&mrz).code, one(&mrz).severity), (Code::BirthDateCentury, Severity::Error));
    assert_eq!(one(&mrz).suggestion.as_deref(), Some("1974-08-12"));
    assert_eq!(one(&visual).code, Code::BirthDateCentury);
    // An MRZ with 30 can be 1930 only; with 22 it can be 2022 or 1922, and the permit's four digits win.
    assert_eq!(born("1930-08-12", "1930-08-12").0, []);
    let (mrz, _) = born("1922-08-12", "1922-08-12");
    assert_eq!((one(&mrz).code, one(&mrz).severity), (Code::BirthDateCentury, Severity::Warning));
    assert_eq!(codes(&born("1822-08-12", "1922-08-12").0), ["birth-date-century"]);
}

#[test]
fn expiry_is_compared_and_judged() {
    let permit = Person { expiry_date: Some(date("2032-04-16")), ..eriksson() };
    let findings = against(&permit, &eriksson());
    assert_eq!((one(&findings).code, one(&findings).position), (Code::ExpiryMismatch, Some(9)));
    let needed = Rules { valid_through: Some(date("2032-04-16").to_date().unwrap()), ..rules() };
    let short = compare(&eriksson(), &passport(&eriksson()), &needed);
    assert_eq!(one(&short).code, Code::ExpiredOrShort);
    assert_eq!(args(one(&short), &["d", "needed"]), ["2032-04-15", "2032-04-16"]);
    let unknown = Person { expiry_date: Some(date("XXXX-XX-XX")), ..eriksson() };
    let unknown = compare(&Person::default(), &passport(&unknown), &needed);
    assert_eq!((one(&unknown).code, one(&unknown).severity), (Code::ExpiredOrShort, Severity::Warning));
}

#[test]
fn nationality_and_sex_are_proven_by_nothing_but_reading() {
    let permit = Person { nationality: Some("UTC".into()), sex: Some(Sex::Male), ..eriksson() };
    let findings = against(&permit, &eriksson());
    assert_eq!(codes(&findings), ["nationality-or-sex-unproven"; 2]);
    assert!(findings.iter().all(|finding| finding.severity == Severity::Error));
    let both = Person { issuing_state: Some("UTC".into()), ..permit };
    assert_eq!(codes(&against(&both, &eriksson())).len(), 2, "the same slip in both codes is one");
    let german = Person { nationality: Some("DEU".into()), issuing_state: Some("DEU".into()), ..eriksson() };
    let iso = Person { document_number: Some("C01X0006H".into()), ..german };
    assert_eq!(against(&iso, &iso), [], "D and DEU are the same state");
}

#[test]
fn exchanged_names_are_one_finding() {
    let finding = named(("ANNA MARIA", "ERIKSSON"), ("ERIKSSON", "ANNA MARIA"), "UTO");
    assert_eq!(finding.code, Code::SurnameGivenSwapped);
    let finding = named(("KOWALSKA", "KWIATKOWSKA JOANNA"), ("KOWALSKA KWIATKOWSKA", "JOANNA"), "POL");
    assert_eq!((finding.code, finding.arg("moved")), (Code::SurnameGivenSwapped, Some("KWIATKOWSKA")));
    let finding = named(("ERIKSSON", "MARIA ANNA"), ("ERIKSSON", "ANNA MARIA"), "UTO");
    assert_eq!(finding.code, Code::NameOrder);
    let finding = named(("", "FIRST NAME"), ("FIRST NAME", ""), "IND");
    assert_eq!(finding.code, Code::NoSurname, "one name in the other box is for the office to settle");
    let finding = named(("FIRST", "NAME"), ("FIRST NAME", ""), "IND");
    assert_eq!(finding.code, Code::NoSurname);
}

#[test]
fn missing_and_extra_parts_are_named() {
    let finding = named(("ERIKSSON", "ANNA"), ("ERIKSSON", "ANNA MARIA"), "UTO");
    assert_eq!((finding.code, finding.arg("part")), (Code::NameMissingPart, Some("MARIA")));
    let finding = named(("ASANOV", "USON JANYBAEVICH"), ("ASANOV", "USON"), "KGZ");
    assert_eq!((finding.code, finding.severity), (Code::NameExtraPart, Severity::Warning));
    assert_eq!(args(&finding, &["part", "kind"]), ["JANYBAEVICH", "patronymic"]);
    assert_eq!(finding.position, Some(5));
    let finding = named(("ASANOV", "USON"), ("ASANOV", "USON JANYBAEVICH"), "KGZ");
    assert_eq!((finding.code, finding.severity), (Code::NameMissingPart, Severity::Error));
    let finding = named(("DR SMITH", "JOHN"), ("SMITH", "JOHN"), "GBR");
    assert_eq!(args(&finding, &["part", "kind"]), ["DR", "title"]);
    let finding = named(("JONES", "JOHN"), ("SMITH", "JOHN"), "GBR");
    assert_eq!(
        (finding.code, args(&finding, &["part", "instead"])),
        (Code::NameMissingPart, vec!["SMITH", "JONES"])
    );
}

#[test]
fn a_letter_of_a_name_is_named() {
    let finding = named(("ERIKSON", "ANNA MARIA"), ("ERIKSSON", "ANNA MARIA"), "UTO");
    assert_eq!((finding.code, finding.position), (Code::NameTypo, Some(5)));
    assert_eq!(args(&finding, &["a", "b", "typed", "correct"]), ["ERIKSON", "ERIKSSON", "", "S"]);
    let finding = named(("ERIKSSON", "Anna Mraia"), ("ERIKSSON", "ANNA MARIA"), "UTO");
    assert_eq!((finding.code, finding.position), (Code::NameTypo, Some(6)));
    assert_eq!(args(&finding, &["typed", "correct"]), ["RA", "AR"]);
}

#[test]
fn spellings_of_the_same_letters_are_warnings() {
    for (permit, holder, state) in [
        ("Müller", "MULLER", "D"),
        ("MULLER", "MUELLER", "D"),
        ("Жумагулов", "JUMAGULOV", "KGZ"),
        ("DZHUMAGULOV", "JUMAGULOV", "KGZ"),
        ("KHAMID", "HAMID", "KGZ"),
        ("Щербаков", "SHTERBAKOV", "BGR"),
        ("NUÑEZ", "NUNXXEZ", "ESP"),
        ("Касымова", "KASYMOVA", "KGZ"),
    ] {
        let finding = named((permit, "A"), (holder, "A"), state);
        let expected =
            if permit == "Касымова" { Code::NameCasePunctOnly } else { Code::NameTranslitVariant };
        assert_eq!(finding.code, expected, "{permit} {holder}");
        assert!(finding.severity < Severity::Error);
    }
    let uson = named(("ASANOV", "ҮСӨН"), ("ASANOV", "USON"), "KGZ");
    assert_eq!(uson.code, Code::NameCasePunctOnly);
    assert_eq!(named(("ZHUMAGULOV", "A"), ("SHUMAGULOV", "A"), "KGZ").code, Code::NameTypo);
}

#[test]
fn case_and_punctuation_are_only_shown() {
    for (permit, holder) in [
        ("O’Connor", "OCONNOR"),
        ("Al-Basri", "AL BASRI"),
        ("Ærø", "AEROE"),
        ("de Bruijn", "DE BRUIJN"),
        ("DEBRUIJN", "DE BRUIJN"),
        ("E\u{301}LODIE", "ELODIE"),
        ("Straße", "STRASSE"),
        ("ER\u{418}KSSON", "ER\u{418}KSSON"),
    ] {
        let findings =
            against(&person(permit, "A", "A1234567", "UTO"), &person(holder, "A", "A1234567", "UTO"));
        assert!(
            codes(&findings).iter().all(|code| *code == "name-case-punct-only"),
            "{permit}: {findings:?}"
        );
    }
}

#[test]
fn a_name_that_fills_its_field_may_be_cut() {
    let holder = ("NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG");
    assert_eq!(named(holder, holder, "UTO").code, Code::NameMayBeTruncated);
    let wrong = named(("NILAVADHANANANDA", "ARNPOL PETSH CHARONGUANG"), holder, "UTO");
    assert_eq!(wrong.severity, Severity::Error);
    let short = named(("ERIKSSON", "ANNA MARIA"), ("ERIKSSON", "ANNA"), "UTO");
    assert_eq!(short.code, Code::NameExtraPart, "a name with room after it is not cut");
}

#[test]
fn the_most_severe_comes_first_and_every_code_is_documented_once() {
    let permit = Person {
        document_number: Some("L898902C4".into()),
        birth_date: Some(date("1974-12-08")),
        given_names: Some("Anna-Maria".into()),
        ..eriksson()
    };
    let findings = against(&permit, &eriksson());
    assert_eq!(codes(&findings), ["number-mismatch", "birth-date-day-month-swap", "name-case-punct-only"]);
    let mut texts: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), Code::ALL.len());
}

#[test]
fn debug_shows_no_personal_data() {
    let permit = Person { document_number: Some("L898902C4".into()), ..eriksson() };
    let holder = passport(&eriksson());
    let shown = format!("{permit:?} {holder:?} {:?}", compare(&permit, &holder, &rules()));
    for secret in ["ERIKSSON", "ANNA", "L898902", "1974", "2032"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
