use super::*;
use propusk_passport::{PartialDate, Sex, read_mrz};

fn today() -> Date {
    jiff::civil::date(2026, 6, 1)
}

fn anna() -> Person {
    Person {
        surname: Some("ERIKSSON".into()),
        given_names: Some("ANNA MARIA".into()),
        document_number: Some("L8989O2C3".into()),
        nationality: Some("UTO".into()),
        birth_date: PartialDate::new(1974, 8, 12).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2031, 4, 15).ok(),
        issuing_state: None,
    }
}

fn said_only(typed: Person) -> Asked {
    Asked { typed, passport: None }
}

fn passport() -> Document {
    let lines =
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
    read_mrz(&lines, today())
}

#[test]
fn a_misprinted_number_does_not_lock_its_owner_out() {
    let person = |number: &str| Person { document_number: Some(number.into()), ..Person::default() };
    for near in ["L8989O2C3", "L898902C3", "l8989 o2c3", "L8989O2C", "8L989O2C3"] {
        assert_eq!(pick(&[anna()], &person(near)), Some(0), "{near}");
    }
    for far in ["L898902C4", "", "L", "C01X0006H"] {
        assert_eq!(pick(&[anna()], &person(far)), None, "{far}");
    }
}

#[test]
fn a_surname_or_a_birth_date_will_do_and_a_list_of_names_will_not() {
    let surname = |name: &str| Person { surname: Some(name.into()), ..Person::default() };
    assert_eq!(pick(&[anna()], &surname("Eriksson")), Some(0));
    assert_eq!(pick(&[anna()], &surname("Эрикссон")), Some(0), "a Cyrillic spelling of the same letters");
    for stranger in ["ERIKSSON SMITH JONES", "ERIKSON", "", "<<<", "ANNA MARIA"] {
        assert_eq!(pick(&[anna()], &surname(stranger)), None, "{stranger}");
    }
    let born = |date| Person { birth_date: Some(date), ..Person::default() };
    assert_eq!(pick(&[anna()], &born(PartialDate::new(1974, 8, 12).unwrap())), Some(0));
    assert_eq!(pick(&[anna()], &born(PartialDate::new(1974, 12, 8).unwrap())), None);
    let unknown = PartialDate { year: None, month: None, day: None };
    let nobody = Person { birth_date: Some(unknown), ..anna() };
    assert_eq!(pick(&[nobody], &born(unknown)), None);
    assert_eq!(pick(&[anna()], &Person { sex: Some(Sex::Female), ..Person::default() }), None);
}

#[test]
fn of_two_with_one_surname_the_right_one_is_answered() {
    let son =
        Person { given_names: Some("LARS".into()), document_number: Some("Z12345678".into()), ..anna() };
    let asked = Person {
        surname: Some("ERIKSSON".into()),
        document_number: Some("Z12345679".into()),
        ..Person::default()
    };
    assert_eq!(pick(&[anna(), son.clone()], &asked), Some(1));
    let by_name =
        Person { surname: Some("ERIKSSON".into()), given_names: Some("LARS".into()), ..Person::default() };
    assert_eq!(pick(&[anna(), son], &by_name), Some(1));
}

#[test]
fn the_character_that_differs_is_named() {
    let asked = Asked { typed: Person::default(), passport: Some(passport()) };
    let (fields, rows) = answer(&anna(), &asked, today(), None, Language::En);
    let of = |name: &str| fields.iter().find(|field| field.field == name).unwrap().clone();
    assert_eq!(of("surname").result, "same");
    assert_eq!(of("birth_date").result, "same");
    let number = of("document_number");
    assert_eq!(number.result, "differs");
    let [one] = number.characters.as_slice() else { panic!("{number:?}") };
    assert_eq!((one.position, one.yours.as_str(), one.permit.as_str()), (6, "0", "O"));
    assert!(rows.iter().any(|row| row.code == "number-lookalike" && row.is_error()));
    assert_eq!(of("expiry_date").result, "differs");
}

#[test]
fn a_stored_value_is_never_told_to_somebody_who_does_not_have_it() {
    let wrong = Person {
        surname: Some("ERIKSSON".into()),
        given_names: Some("PETRA".into()),
        document_number: Some("X00000000".into()),
        nationality: Some("FRA".into()),
        birth_date: PartialDate::new(1990, 1, 1).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2029, 12, 31).ok(),
        issuing_state: Some("FRA".into()),
    };
    let (fields, rows) = answer(&anna(), &said_only(wrong), today(), None, Language::En);
    let told = serde_json::to_string(&(&fields, &rows)).unwrap();
    for secret in ["ANNA", "MARIA", "L8989", "UTO", "1974", "08-12", "2031", "04-15"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    let differing = fields.iter().filter(|field| field.result == "differs").count();
    assert_eq!(differing, 5, "{fields:?}");
    assert!(fields.iter().any(|field| field.field == "issuing_state" && field.result == "not-on-permit"));
    assert_eq!(rows.iter().filter(|row| row.code == "differs").count(), 5);
}

#[test]
fn what_was_not_asked_is_not_told() {
    let typed = Person { surname: Some("ERIKSSON".into()), ..Person::default() };
    let (fields, rows) = answer(&anna(), &said_only(typed), today(), Some(today()), Language::En);
    assert_eq!(fields.len(), 1);
    assert!(rows.is_empty(), "{:?}", rows.iter().map(|row| &row.code).collect::<Vec<_>>());
}
