use propusk_passport::{Date, Typed, read_typed};
use propusk_region::Region;

use super::*;

const TODAY: Date = Date::constant(2026, 6, 1);

fn order(applicants: Vec<Applicant>) -> Order {
    Order {
        zones: vec![],
        route: vec![],
        valid_from: TODAY,
        valid_to: TODAY,
        copies: None,
        authority_reference: None,
        purpose: None,
        vehicle: None,
        applicants,
    }
}

const ERIKSSON: Typed<'static> = Typed {
    surname: "Eriksson",
    given_names: "Anna Maria",
    document_number: "L898902C3",
    nationality: "UTO",
    birth_date: "1974-08-12",
    sex: "F",
    expiry_date: "2031-01-01",
    issuing_state: "",
};

/// (field, reason, k, typed) of every MRZ that can't be generated.
fn obstacles(typed: Typed<'_>) -> Vec<(String, String, String, String)> {
    let (person, unread) = read_typed(&typed, TODAY);
    let applicant = Applicant { typed: person, unread, ..Applicant::default() };
    let region = Region::from_toml(include_str!("../../../../config/region.toml"), "region.toml").unwrap();
    let found = check_order(&order(vec![applicant]), &region, TODAY);
    let mine = found.iter().filter(|finding| finding.code == OrderCode::MrzNotGenerated.as_str());
    mine.map(|finding| {
        assert_eq!((finding.row, finding.severity), (Some(0), Severity::Error));
        let arg = |name: &str| {
            let found = finding.args.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        (finding.field.clone().unwrap(), arg("reason"), arg("k"), arg("typed"))
    })
    .collect()
}

fn one(field: &str, reason: &str, k: &str, typed: &str) -> Vec<(String, String, String, String)> {
    vec![(field.to_owned(), reason.to_owned(), k.to_owned(), typed.to_owned())]
}

#[test]
fn what_no_mrz_can_hold_is_found_by_the_check() {
    assert_eq!(obstacles(ERIKSSON), vec![]);
    assert_eq!(obstacles(Typed { surname: "Өмүрбекова-Ñandú", ..ERIKSSON }), vec![]);
    assert_eq!(obstacles(Typed { surname: "王", ..ERIKSSON }), one("surname", "letter", "1", "王"));
    assert_eq!(obstacles(Typed { given_names: "Ann4", ..ERIKSSON }), one("given_names", "letter", "4", "4"));
    assert_eq!(
        obstacles(Typed { document_number: "L898902C36", ..ERIKSSON }),
        one("document_number", "length", "", "")
    );
    assert_eq!(
        obstacles(Typed { document_number: "L8Я", ..ERIKSSON }),
        one("document_number", "character", "3", "Я")
    );
    assert_eq!(
        obstacles(Typed { nationality: "Utopia", ..ERIKSSON }),
        one("nationality", "length", "", ""),
        "the issuer that nobody typed is not named, and it is said once"
    );
    assert_eq!(
        obstacles(Typed { surname: "-", given_names: "", ..ERIKSSON }),
        one("surname", "missing", "", "")
    );
}

#[test]
fn every_obstacle_is_found_at_once_and_none_twice() {
    let all = obstacles(Typed { given_names: "Ann4", nationality: "U7", issuing_state: "UTOP", ..ERIKSSON });
    let fields: Vec<&str> = all.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["issuing_state", "nationality", "given_names"]);
    // Missing and unreadable fields have findings of their own.
    assert_eq!(obstacles(Typed { birth_date: "soon", document_number: "", ..ERIKSSON }), vec![]);
    assert_eq!(obstacles(Typed::default()), vec![]);
}

#[test]
fn a_given_mrz_needs_no_generation() {
    let region = Region::from_toml(include_str!("../../../../config/region.toml"), "region.toml").unwrap();
    let lines =
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
    let (typed, unread) = read_typed(&Typed { surname: "王", ..ERIKSSON }, TODAY);
    let applicant =
        Applicant { mrz: Some(lines.map(str::to_owned).to_vec()), typed, unread, ..Applicant::default() };
    let found = check_order(&order(vec![applicant]), &region, TODAY);
    assert!(found.iter().all(|finding| finding.code != "mrz-not-generated"), "{found:?}");
}

/// Nobody needs an MRZ to have a passport that ends too early.
#[test]
fn a_passport_that_ends_too_early_is_found_without_its_mrz() {
    let expiry_findings = |expiry_date: &'static str| {
        let (person, unread) = read_typed(&Typed { expiry_date, ..ERIKSSON }, TODAY);
        let applicant = Applicant { typed: person, unread, ..Applicant::default() };
        let region =
            Region::from_toml(include_str!("../../../../config/region.toml"), "region.toml").unwrap();
        let order = Order { valid_to: Date::constant(2026, 7, 31), ..order(vec![applicant]) };
        let found = check_order(&order, &region, TODAY);
        found.into_iter().filter(|finding| finding.code == "expired-or-short").count()
    };
    assert_eq!(expiry_findings("2026-07-30"), 1);
    assert_eq!(expiry_findings("2026-07-31"), 0);
}
