//! Sentences for scripts: what a browser needs to tell a finding by itself, without Fluent's own machinery.

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use serde_json::{Map, Value, json};

use super::{FILES, Language};

/// The sentences of a language whose ids begin with one of `prefixes`, as JSON: `{id: pattern}`.
///
/// A pattern is a list of texts, of arguments `{"$": name}`, and of choices `{"$": name, "of": {value: pattern},
/// "else": pattern}`. An argument that is not given counts as `none`, an empty one as `nothing`, as in
/// [`Locales::tell`](super::Locales::tell). A sentence that needs more (a plural, a function, another sentence) is left
/// out.
pub(super) fn sentences(language: Language, prefixes: &[&str]) -> Value {
    let files = FILES.iter().filter(|(folder, ..)| *folder == language.code());
    let mut all = Map::new();
    for (.., text) in files {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(rest, _)| rest);
        let wanted = |id: &str| prefixes.iter().any(|prefix| id.starts_with(prefix));
        for entry in resource.entries() {
            let Entry::Message(message) = entry else { continue };
            let id = message.id.name;
            let pattern = message.value.as_ref().filter(|_| wanted(id)).and_then(pattern);
            all.extend(pattern.map(|pattern| (id.to_owned(), pattern)));
        }
    }
    Value::Object(all)
}

fn pattern(pattern: &Pattern<&str>) -> Option<Value> {
    let part = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(json!(value)),
        PatternElement::Placeable { expression } => part(expression),
    };
    pattern.elements.iter().map(part).collect::<Option<Vec<Value>>>().map(Value::Array)
}

fn part(expression: &Expression<&str>) -> Option<Value> {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => Some(json!(value)),
        Expression::Inline(InlineExpression::VariableReference { id }) => Some(json!({ "$": id.name })),
        Expression::Inline(InlineExpression::Placeable { expression }) => part(expression),
        Expression::Inline(_) => None,
        Expression::Select { selector, variants } => {
            let InlineExpression::VariableReference { id } = selector else { return None };
            let (mut of, mut other) = (Map::new(), None);
            for variant in variants {
                let pattern = pattern(&variant.value)?;
                let (VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name }) =
                    &variant.key;
                if variant.default {
                    other = Some(pattern.clone());
                }
                of.insert((*name).to_owned(), pattern);
            }
            Some(json!({ "$": id.name, "of": of, "else": other? }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Locales;

    /// What the script of a page does with a pattern.
    fn fill(pattern: &Value, given: &[(&str, &str)]) -> String {
        let value = |name: &Value| match given.iter().find(|(key, _)| Some(*key) == name.as_str()) {
            None => "none".to_owned(),
            Some((_, "")) => "nothing".to_owned(),
            Some((_, text)) => (*text).to_owned(),
        };
        let part = |part: &Value| match (part.as_str(), part.get("of")) {
            (Some(text), _) => text.to_owned(),
            (None, Some(of)) => fill(of.get(value(&part["$"])).unwrap_or(&part["else"]), given),
            (None, None) => value(&part["$"]),
        };
        pattern.as_array().unwrap().iter().map(part).collect()
    }

    #[test]
    fn a_script_says_what_the_program_says() {
        let given = [
            ("source", "visual"),
            ("permit", "L8989O2C3"),
            ("mrz", "L898902C3"),
            ("k", "6"),
            ("typed", ""),
            ("correct", "0"),
            ("field", "sex"),
            ("a", "M"),
        ];
        let owned: Vec<(&str, String)> =
            given.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        for language in Language::ALL {
            let all = sentences(language, &["finding-", "severity-"]);
            let ids: Vec<&String> = all.as_object().unwrap().keys().collect();
            assert!(ids.len() > 40, "{language}: {}", ids.len());
            for id in ids {
                let told = Locales::embedded().tell(language, id, &owned);
                assert_eq!(fill(&all[id], &given), told, "{language}: {id}");
            }
        }
    }
}
