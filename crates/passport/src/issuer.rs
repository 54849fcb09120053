//! What is known of issuers' document numbers, and of state codes. Only what a source states.

use crate::finding::{Code, Field, Finding, decimal};
use crate::input::latin_look_alike;

/// What an issuer's passport numbers look like.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// The characters that occur in its numbers.
    pub(crate) alphabet: &'static str,
    /// The number of characters, fillers not counted.
    pub(crate) length: usize,
}

/// Germany: since 1 November 2007 nine characters, the digits and C F G H J K L M N P R T V W X Y Z, without vowels
/// and without B, D, Q and S (Federal Ministry of the Interior, "German Electronic Passports: Introduction of
/// Alphanumeric Serial Numbers on 1 November 2007"). Provisional and children's passports are exempt there.
static GERMANY: Issuer = Issuer { alphabet: "0123456789CFGHJKLMNPRTVWXYZ", length: 9 };

/// The table's row of an issuing state, for passports (`document_code` beginning with `P`).
pub(crate) fn of(issuing_state: &str, document_code: &str) -> Option<&'static Issuer> {
    (document_code.starts_with('P') && same_state(issuing_state, "D")).then_some(&GERMANY)
}

/// A warning where a passport number cannot be one of its issuer's: a character outside its alphabet, or
/// another length. `None` where nothing is known of the issuer.
pub(crate) fn number_finding(number: &str, issuing_state: &str, document_code: &str) -> Option<Finding> {
    let issuer = of(issuing_state, document_code).filter(|_| !is_provisional(number))?;
    let chars = || number.chars().enumerate().filter(|(_, c)| c.is_alphanumeric());
    let finding = || {
        Finding::new(Code::NumberLengthOrAlphabet, Field::DocumentNumber)
            .with("country", canonical(issuing_state))
    };
    let upper = |c: char| latin_look_alike(c.to_uppercase().next().unwrap_or(c));
    if let Some((index, c)) = chars().find(|(_, c)| !issuer.alphabet.contains(upper(*c))) {
        return Some(finding().at(index).with("c", upper(c)));
    }
    let length = chars().count();
    (length > 0 && length != issuer.length)
        .then(|| finding().with("length", decimal(length)).with("expected", decimal(issuer.length)))
}

/// One letter and seven digits: the serial number of German provisional and children's passports, which keep to no other
/// rule (reported from the passport regulation's annex 11; taken only to be silent, never to warn).
fn is_provisional(number: &str) -> bool {
    let mut chars = number.chars().filter(|c| c.is_alphanumeric());
    chars.next().is_some_and(|first| first.is_ascii_alphabetic())
        && number.chars().filter(|c| c.is_alphanumeric()).count() == 8
        && chars.all(|c| c.is_ascii_digit())
}

/// Whether two state codes mean the same state. Germany's MRZ code is `D` and Kosovo's `RKS` (9303-3 §5 part A); lists of
/// other origin have `DEU` and `XKX`, and both `ROU` and `ROM` for Romania. To take such a pair for two states would
/// be a false alarm.
pub(crate) fn same_state(a: &str, b: &str) -> bool {
    a == b || canonical(a).eq_ignore_ascii_case(canonical(b))
}

/// The one of several codes of a state that 9303-3 §5 has; blanks and fillers around it are dropped.
pub(crate) fn canonical(code: &str) -> &str {
    let code = code.trim().trim_end_matches('<');
    if code.eq_ignore_ascii_case("DEU") {
        "D"
    } else if code.eq_ignore_ascii_case("XKX") {
        "RKS"
    } else if code.eq_ignore_ascii_case("ROM") {
        "ROU"
    } else {
        code
    }
}

/// The code as 9303-3 §4.7 and §5 write it in an MRZ, in upper case without fillers.
pub(crate) fn mrz_state(code: &str) -> alloc::string::String {
    let code = code.trim().trim_end_matches('<').to_ascii_uppercase();
    if code == "DEU" { "D".into() } else { code }
}
