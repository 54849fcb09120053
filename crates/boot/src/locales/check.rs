//! Whether all languages say the same things: the check behind [`Locales::discrepancies`](super::Locales).

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::{File, Language};

/// The sentences of one language: an id (`id.attribute` for attributes) and the variables its text uses.
type Sentences = BTreeMap<String, BTreeSet<String>>;

pub(super) fn discrepancies(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let mut languages: BTreeMap<Language, Sentences> =
        Language::ALL.map(|one| (one, Sentences::new())).into();
    let mut references = Vec::new();
    for (folder, name, text) in files {
        match folder.parse().ok().and_then(|language| languages.get_mut(&language)) {
            Some(sentences) => read(folder, name, text, sentences, &mut references, &mut found),
            None => found.push(format!("config/locales/{folder} is no language of this program")),
        }
    }
    compare(&languages, &mut found);
    for (folder, id, target) in references {
        let known = folder.parse::<Language>().ok().and_then(|language| languages.get(&language));
        if known.is_some_and(|sentences| !sentences.contains_key(&target)) {
            found.push(format!("{folder}: {id} refers to {target}, which does not exist"));
        }
    }
    found
}

fn compare(languages: &BTreeMap<Language, Sentences>, found: &mut Vec<String>) {
    let ids: BTreeSet<&String> = languages.values().flat_map(BTreeMap::keys).collect();
    for id in ids.into_iter().filter(|id| !id.starts_with('-')) {
        let mut first: Option<(Language, &BTreeSet<String>)> = None;
        for (language, sentences) in languages {
            match (sentences.get(id), first) {
                (None, _) => found.push(format!("{language}: {id} is missing")),
                (Some(variables), None) => first = Some((*language, variables)),
                (Some(variables), Some((other, expected))) if variables != expected => {
                    found.push(format!("{id}: {other} uses {expected:?}, {language} uses {variables:?}"));
                }
                _ => {}
            }
        }
    }
}

fn read(
    folder: &'static str,
    name: &str,
    text: &str,
    sentences: &mut Sentences,
    references: &mut Vec<(&'static str, String, String)>,
    found: &mut Vec<String>,
) {
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, errors)| {
        found.extend(errors.iter().map(|error| format!("{folder}/{name}: {error}")));
        resource
    });
    for (id, pattern) in resource.entries().flat_map(patterns) {
        let mut names = Names::default();
        names.pattern(pattern);
        references.extend(names.references.into_iter().map(|target| (folder, id.clone(), target)));
        if sentences.insert(id.clone(), names.variables).is_some() {
            found.push(format!("{folder}/{name}: {id} stands twice in this language"));
        }
    }
}

/// The patterns of an entry, each with its id; a term's begins with a hyphen.
fn patterns<'a>(entry: &'a Entry<&'a str>) -> Vec<(String, &'a Pattern<&'a str>)> {
    let (id, value, attributes) = match entry {
        Entry::Message(message) => (message.id.name.to_owned(), message.value.as_ref(), &message.attributes),
        Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
        _ => return Vec::new(),
    };
    let attributes = attributes.iter().map(|one| (format!("{id}.{}", one.id.name), &one.value));
    value.map(|value| (id.clone(), value)).into_iter().chain(attributes).collect()
}

/// The names of the variables that a text uses.
pub(super) fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut names = Names::default();
    names.pattern(pattern);
    names.variables
}

/// The variables that a text uses, and the ids that it refers to.
#[derive(Default)]
struct Names {
    variables: BTreeSet<String>,
    references: BTreeSet<String>,
}

impl Names {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|one| format!(".{}", one.name)).unwrap_or_default();
                self.references.insert(format!("{}{attribute}", id.name));
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                arguments.iter().for_each(|arguments| self.arguments(arguments));
            }
            InlineExpression::FunctionReference { arguments, .. } => self.arguments(arguments),
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&str>) {
        arguments.positional.iter().for_each(|one| self.inline(one));
        arguments.named.iter().for_each(|one| self.inline(&one.value));
    }
}
