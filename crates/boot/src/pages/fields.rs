//! A form as it was sent: names and values in their order.

use axum::Form;
use axum::extract::{FromRequest, Request};

use crate::http::Problem;

/// The fields of a form, repeated ones too; an extractor. It has no `Debug`: what was typed belongs in no log.
#[derive(Clone, Default)]
pub struct Fields(
    /// Names and values, as they were sent.
    pub Vec<(String, String)>,
);

impl Fields {
    /// The first value of a field, without blanks at its ends; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value as it was typed: a password's blanks are part of it.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).collect()
    }

    /// The value, where something was typed.
    pub fn said(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields)).map_err(|error| {
            let why = "the form could not be read; open the page again and send it anew";
            Problem::new(error.status(), "form", why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_trimmed_and_passwords_as_typed() {
        let pairs = [("name", " Aida "), ("zone", "naryn"), ("zone", " osh"), ("empty", " ")];
        let fields = Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!((fields.get("name"), fields.raw("name"), fields.get("other")), ("Aida", " Aida ", ""));
        assert_eq!(fields.all("zone"), ["naryn", "osh"]);
        assert_eq!((fields.said("empty"), fields.said("zone")), (None, Some("naryn".to_owned())));
    }
}
