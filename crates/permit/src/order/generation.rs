//! Whether the MRZ can be generated that a traveller without one gets, and if not, every reason at once.

use propusk_passport::{Field, Person, PrintError, td3_lines};

use super::{Applicant, OrderCode, OrderFinding};

/// The fields of which an MRZ is made; each can keep it from being made once.
const FIELDS: usize = 7;

/// What keeps this traveller's MRZ from being generated, beyond fields that are missing or can't be read: those have
/// findings of their own. Nothing where an MRZ was given.
pub(super) fn obstacles(row: usize, applicant: &Applicant) -> Vec<OrderFinding> {
    if applicant.mrz.is_some() {
        return vec![];
    }
    let mut person = applicant.typed.clone();
    let mut findings = Vec::new();
    for _ in 0..FIELDS {
        let issuer = person.issuing_state.clone().or_else(|| person.nationality.clone()).unwrap_or_default();
        let Err(error) = td3_lines(&person, &issuer) else { break };
        let field = typed_in(field_of(&error), &person);
        if !is_open(field, applicant) {
            findings.push(finding(row, field, &error, &applicant.typed));
        }
        // The rest is looked at as if this field were right.
        make_right(field, &mut person);
    }
    findings
}

fn field_of(error: &PrintError) -> Field {
    match error {
        PrintError::Missing { field }
        | PrintError::Letter { field, .. }
        | PrintError::DoesNotFit { field, .. }
        | PrintError::Character { field, .. } => *field,
        // The enumeration may grow; the name is what an MRZ most often can't hold.
        _ => Field::Surname,
    }
}

/// The field where the text stands: a state that issues nothing by name is the nationality.
fn typed_in(field: Field, person: &Person) -> Field {
    match field {
        Field::IssuingState if person.issuing_state.is_none() => Field::Nationality,
        other => other,
    }
}

/// True where nothing was typed, or nothing that could be read: that is said already.
fn is_open(field: Field, applicant: &Applicant) -> bool {
    let typed = &applicant.typed;
    match field {
        Field::BirthDate => typed.birth_date.is_none(),
        Field::ExpiryDate => typed.expiry_date.is_none(),
        Field::Surname => typed.surname.is_none() && typed.given_names.is_none(),
        other => text(other, typed).is_none(),
    }
}

fn text(field: Field, person: &Person) -> Option<&str> {
    match field {
        Field::Surname => person.surname.as_deref(),
        Field::GivenNames => person.given_names.as_deref(),
        Field::DocumentNumber => person.document_number.as_deref(),
        Field::Nationality => person.nationality.as_deref(),
        Field::IssuingState => person.issuing_state.as_deref(),
        _ => None,
    }
}

fn make_right(field: Field, person: &mut Person) {
    let right = Some("A".to_owned());
    match field {
        Field::GivenNames => person.given_names = right,
        Field::DocumentNumber => person.document_number = right,
        Field::Nationality => person.nationality = right,
        Field::IssuingState => person.issuing_state = right,
        Field::BirthDate => person.birth_date = "1974-08-12".parse().ok(),
        Field::ExpiryDate => person.expiry_date = "1974-08-12".parse().ok(),
        _ => person.surname = right,
    }
}

fn finding(row: usize, field: Field, error: &PrintError, typed: &Person) -> OrderFinding {
    let mut args = vec![("field", field.as_str().to_owned())];
    let mut at = |reason: &str, position: usize| {
        let character = text(field, typed).and_then(|text| text.trim().chars().nth(position));
        args.push(("reason", reason.to_owned()));
        args.push(("k", (position + 1).to_string()));
        args.push(("typed", character.map(String::from).unwrap_or_default()));
    };
    match error {
        PrintError::Letter { letter, .. } => at("letter", letter.position),
        PrintError::Character { position, .. } => at("character", *position),
        PrintError::DoesNotFit { length, most, .. } => {
            args.push(("reason", "length".to_owned()));
            args.push(("length", length.to_string()));
            args.push(("most", most.to_string()));
        }
        _ => args.push(("reason", "missing".to_owned())),
    }
    OrderFinding {
        row: Some(row),
        field: Some(field.as_str().to_owned()),
        ..OrderFinding::of_order(OrderCode::MrzNotGenerated, args)
    }
}
