//! Nationality, issuing state and sex: no check digit covers them.

use alloc::string::String;
use alloc::vec::Vec;

use super::Facts;
use crate::finding::{Code, Field, Finding, Severity};
use crate::issuer::same_state;

pub(super) fn compare(permit: &Facts<'_>, passport: &Facts<'_>, findings: &mut Vec<Finding>) {
    let differs = |field: Field, a: &str, b: &str| {
        let at = a.chars().zip(b.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
        let character = |text: &str| text.chars().nth(at).map_or(String::new(), String::from);
        Finding::new(Code::NationalityOrSexUnproven, field)
            .severe(Severity::Error)
            .with("field", field.as_str())
            .with("a", a)
            .with("b", b)
            .at(at)
            .with("typed", character(a))
            .with("correct", character(b))
            .suggest(b)
    };
    let nationality = (permit.nationality, passport.nationality);
    let issuer = (permit.issuing_state, passport.issuing_state);
    // One slip that stands in both codes is one finding.
    let issuer = if issuer == nationality { (None, None) } else { issuer };
    for (field, (a, b)) in [(Field::Nationality, nationality), (Field::IssuingState, issuer)] {
        if let (Some(a), Some(b)) = (a, b)
            && !same_state(a, b)
        {
            findings.push(differs(field, a, b));
        }
    }
    if let (Some(a), Some(b)) = (permit.sex, passport.sex)
        && a != b
    {
        findings.push(differs(Field::Sex, a.code(), b.code()));
    }
}
