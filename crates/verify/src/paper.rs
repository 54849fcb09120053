//! Typed fields from a TOML or JSON file: a passport's visual zone, or a paper permit of which there is no record.

use jiff::civil::Date;
use propusk_passport::{Finding, PartialDate, Person, Typed, read_typed};
use propusk_region::Region;
use serde_json::{Map, Value};

use crate::{VerifyError, input};

/// The fields of a visual zone.
const PERSON: [&str; 8] = [
    "surname",
    "given_names",
    "document_number",
    "nationality",
    "issuing_state",
    "birth_date",
    "sex",
    "expiry_date",
];
/// What a paper permit says beside them.
const PERMIT: [&str; 7] =
    ["valid_from", "valid_to", "zones", "permit_number", "authority_reference", "purpose", "vehicle"];

/// A paper permit, typed.
#[derive(Clone, Debug)]
pub struct PaperPermit {
    /// What it says of the traveller.
    pub person: Person,
    /// What of that can't be read.
    pub findings: Vec<Finding>,
    /// The first valid day, where it was typed.
    pub valid_from: Option<Date>,
    /// The last valid day.
    pub valid_to: Option<Date>,
    /// Its zones, by id.
    pub zones: Vec<String>,
    /// Its number as typed; any paper's, so no check character is asked for.
    pub number: Option<String>,
}

/// Reads a visual zone from `name` (`-` for standard input).
///
/// # Errors
/// [`VerifyError`] for a file that can't be read, a field that is not known, a value that is no text.
pub fn read_visual(name: &str, today: Date) -> Result<(Person, Vec<Finding>), VerifyError> {
    let text = input::text(name, "the fields of a visual zone as TOML or JSON")?;
    let fields = Fields::parse(name, &text, &[&PERSON])?;
    fields.person(today)
}

/// Reads a paper permit from `name` (`-` for standard input).
///
/// # Errors
/// As [`read_visual`]; also an unknown zone, with the nearest known.
pub fn read_permit(name: &str, region: &Region, today: Date) -> Result<PaperPermit, VerifyError> {
    let text = input::text(name, "the fields of a permit as TOML or JSON")?;
    parse_permit(name, &text, region, today)
}

/// As [`read_permit`], from the text itself; `name` is for messages.
///
/// # Errors
/// As [`read_permit`].
pub fn parse_permit(
    name: &str,
    text: &str,
    region: &Region,
    today: Date,
) -> Result<PaperPermit, VerifyError> {
    let fields = Fields::parse(name, text, &[&PERSON, &PERMIT])?;
    let (person, findings) = fields.person(today)?;
    let zone = |typed: &String| match region.zone(typed) {
        Ok(zone) => Ok(zone.id.to_string()),
        Err(unknown) => Err(fields.wrong(&format!("zones: {unknown}"))),
    };
    let zones = fields.texts("zones")?.iter().map(zone).collect::<Result<_, _>>()?;
    let (valid_from, valid_to) = (fields.day("valid_from")?, fields.day("valid_to")?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        return Err(fields.wrong(&format!("valid_to ({to}) is before valid_from ({from})")));
    }
    let number = fields.text("permit_number")?;
    Ok(PaperPermit { person, findings, valid_from, valid_to, zones, number })
}

/// The top level of a file, all of its keys known.
struct Fields<'a> {
    name: &'a str,
    values: Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn parse(name: &'a str, text: &str, known: &[&[&str]]) -> Result<Self, VerifyError> {
        let wrong = |why: String| VerifyError::Typed { name: name.to_owned(), why };
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?
        } else {
            let table: toml::Table = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
            Value::Object(table.into_iter().map(|(key, value)| (key, plain(value))).collect())
        };
        let Value::Object(values) = value else {
            return Err(wrong("expected one object with named fields".into()));
        };
        let known: Vec<&str> = known.iter().flat_map(|part| part.iter().copied()).collect();
        if let Some(unknown) = values.keys().find(|key| !known.contains(&key.as_str())) {
            let nearest = known.iter().max_by(|a, b| {
                let likeness = |name: &str| strsim::jaro_winkler(name, unknown);
                likeness(a).total_cmp(&likeness(b))
            });
            let nearest = nearest.copied().unwrap_or_default();
            return Err(wrong(format!("there is no field `{unknown}`; did you mean `{nearest}`?")));
        }
        Ok(Self { name, values })
    }

    fn wrong(&self, why: &str) -> VerifyError {
        VerifyError::Typed { name: self.name.to_owned(), why: why.to_owned() }
    }

    fn text(&self, key: &str) -> Result<Option<String>, VerifyError> {
        match self.values.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            // A document number of digits only is often written without quotation marks.
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.wrong(&format!("{key}: expected text"))),
        }
    }

    fn texts(&self, key: &str) -> Result<Vec<String>, VerifyError> {
        match self.values.get(key) {
            Some(Value::Array(list)) => {
                let text = |item: &Value| item.as_str().map(str::to_owned);
                let all: Option<Vec<String>> = list.iter().map(text).collect();
                all.ok_or_else(|| self.wrong(&format!("{key}: expected a list of texts")))
            }
            _ => {
                let listed = self.text(key)?.unwrap_or_default();
                Ok(listed.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect())
            }
        }
    }

    fn day(&self, key: &str) -> Result<Option<Date>, VerifyError> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let date: PartialDate = text
            .parse()
            .map_err(|error: propusk_passport::DateError| self.wrong(&format!("{key}: {error}")))?;
        let whole = date.to_date();
        whole.map(Some).ok_or_else(|| self.wrong(&format!("{key}: year, month and day are needed")))
    }

    fn person(&self, today: Date) -> Result<(Person, Vec<Finding>), VerifyError> {
        let text = |key| self.text(key).map(Option::unwrap_or_default);
        let (surname, given_names) = (text("surname")?, text("given_names")?);
        let (document_number, nationality) = (text("document_number")?, text("nationality")?);
        let (birth_date, expiry_date) = (text("birth_date")?, text("expiry_date")?);
        let (sex, issuing_state) = (text("sex")?, text("issuing_state")?);
        let typed = Typed {
            surname: &surname,
            given_names: &given_names,
            document_number: &document_number,
            nationality: &nationality,
            birth_date: &birth_date,
            sex: &sex,
            expiry_date: &expiry_date,
            issuing_state: &issuing_state,
        };
        let (person, findings) = read_typed(&typed, today);
        if person == Person::default() && findings.is_empty() {
            return Err(self.wrong(&format!("none of the fields to compare is there: {}", PERSON.join(", "))));
        }
        Ok((person, findings))
    }
}

/// TOML's own dates become text, as a person would have typed them.
fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        toml::Value::Boolean(yes) => Value::Bool(yes),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, one)| (key, plain(one))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn parse(text: &str) -> Result<PaperPermit, String> {
        let region = Region::default_region().unwrap();
        parse_permit("paper.toml", text, &region, date(2026, 6, 1)).map_err(|error| error.to_string())
    }

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = parse(
            "surname = \"Eriksson\"\nbirth_date = 1974-08-12\nzones = [\"naryn\"]\nvalid_to = \"30.06.2026\"",
        );
        let json =
            r#"{"surname":"Eriksson","birth_date":"1974-08-12","zones":"naryn","valid_to":"2026-06-30"}"#;
        let (toml, json) = (toml.unwrap(), parse(json).unwrap());
        assert!(toml.person == json.person && toml.person.birth_date.is_some());
        assert_eq!((toml.valid_to, toml.zones), (json.valid_to, json.zones));
    }

    #[test]
    fn what_can_t_be_understood_is_named() {
        let error = parse("surnme = \"X\"").unwrap_err();
        assert!(error.contains("`surnme`") && error.contains("`surname`"), "{error}");
        assert!(parse("surname = \"X\"\nzones = [\"atlantis\"]").unwrap_err().contains("atlantis"));
        assert!(parse("zones = [\"naryn\"]").unwrap_err().contains("document_number"));
        assert!(parse("surname = [1]").unwrap_err().contains("surname"));
        let error =
            parse("surname = \"X\"\nvalid_from = \"2026-06-02\"\nvalid_to = \"2026-06-01\"").unwrap_err();
        assert!(error.contains("before"), "{error}");
        let permit = parse("surname = \"X\"\nbirth_date = \"31.02.1990\"").unwrap();
        assert_eq!(permit.findings.first().map(|finding| finding.code.as_str()), Some("date-not-calendar"));
    }
}
