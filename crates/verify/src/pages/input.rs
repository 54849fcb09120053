//! The fields of a form as they are shown again: what was typed, and what is wrong with it.

use propusk_boot::pages::{Fields, Frame};

/// One field.
pub(super) struct Input {
    /// Its name and id.
    pub id: String,
    pub label: String,
    /// How to fill it in; empty where its label says it all.
    pub hint: String,
    pub value: String,
    /// Why it was refused; empty where it was not.
    pub wrong: String,
    /// What the browser may offer to fill in: the token of HTML.
    pub autocomplete: &'static str,
    /// `mrz` for a text area of lines, `select`, or a type of HTML.
    pub kind: &'static str,
    /// What a `select` offers: values and names.
    pub options: Vec<(String, String)>,
    /// The id of the list of what is known, for a `text`; empty where there is none.
    pub list: &'static str,
}

/// Why a form has no answer.
pub(super) struct Wrong {
    /// The name of the field that has to be mended; empty where no single one is at fault.
    pub field: String,
    pub text: String,
}

/// A form while its fields are laid out.
pub(super) struct Form<'a> {
    pub frame: &'a Frame,
    pub typed: &'a Fields,
    pub wrong: &'a [Wrong],
}

impl Form<'_> {
    /// A field whose label is the sentence `label`.
    pub(super) fn input(&self, id: &str, label: &str) -> Input {
        let wrong = self.wrong.iter().find(|wrong| wrong.field == id);
        Input {
            id: id.to_owned(),
            label: self.frame.say(label),
            hint: String::new(),
            value: self.typed.get(id).to_owned(),
            wrong: wrong.map(|wrong| wrong.text.clone()).unwrap_or_default(),
            autocomplete: "off",
            kind: "text",
            options: Vec::new(),
            list: "",
        }
    }

    /// As [`Form::input`], with the sentence `hint` below its label.
    pub(super) fn hinted(&self, id: &str, label: &str, hint: &str) -> Input {
        Input { hint: self.frame.say(hint), ..self.input(id, label) }
    }

    /// The lines at the bottom of the passport.
    pub(super) fn mrz(&self) -> Input {
        Input { kind: "mrz", ..self.hinted("mrz", "check-mrz", "check-mrz-hint") }
    }

    /// The asker's own passport, field by field, with what the browser may fill in.
    pub(super) fn own(&self, ids: &[&str]) -> Vec<Input> {
        let autocomplete = |id: &str| match id {
            "surname" => "family-name",
            "given_names" => "given-name",
            "birth_date" => "bday",
            "sex" => "sex",
            _ => "off",
        };
        ids.iter().map(|id| Input { autocomplete: autocomplete(id), ..self.passport(id) }).collect()
    }

    /// A field of a passport's data page.
    pub(super) fn passport(&self, id: &str) -> Input {
        let label = format!("field-{}", id.replace('_', "-"));
        match id {
            "birth_date" | "expiry_date" => self.hinted(id, &label, "check-date-hint"),
            "nationality" => self.hinted(id, &label, "check-country-hint"),
            "sex" => self.hinted(id, &label, "check-sex-hint"),
            _ => self.input(id, &label),
        }
    }

    /// A choice; an empty value stands for none of it.
    pub(super) fn select(&self, id: &str, label: &str, options: Vec<(String, String)>) -> Input {
        Input { kind: "select", options, ..self.input(id, label) }
    }

    /// A field of a type of HTML.
    pub(super) fn of_kind(&self, kind: &'static str, id: &str, label: &str) -> Input {
        Input { kind, ..self.input(id, label) }
    }
}
