//! Names, part by part and by role, never by a score.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Facts;
use super::align::{Step, align};
use super::spelling::{Manner, Spelling, variant};
use crate::edit::{self, Edit};
use crate::finding::{Code, Field, Finding};
use crate::name::{Token, is_cut, tokens};

/// One role (surname or given names) in both sources.
struct Role<'a> {
    field: Field,
    a: &'a str,
    b: &'a str,
    tokens_a: Vec<Token>,
    tokens_b: Vec<Token>,
}

/// How the two sides of a role relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    /// Equal after 9303-3 §4.6 folding.
    Folded,
    /// Spellings of the same letters.
    Variant,
    /// The passport's side is a cut form of the permit's.
    Cut,
    Different,
}

impl<'a> Role<'a> {
    fn new(field: Field, a: &'a str, b: &'a str) -> Self {
        Self { field, a, b, tokens_a: tokens(a), tokens_b: tokens(b) }
    }

    fn relation(&self, manner: Manner) -> Relation {
        if self.a == self.b {
            return Relation::Same;
        }
        relation(&self.tokens_a, &self.tokens_b, manner, self.field == Field::GivenNames)
    }

    fn finding(&self, code: Code) -> Finding {
        Finding::new(code, self.field).with("a", self.a).with("b", self.b)
    }

    fn parts(&self, code: Code) -> Finding {
        Finding::new(code, self.field).with("permit", self.a).with("mrz", self.b)
    }
}

fn relation(a: &[Token], b: &[Token], manner: Manner, last: bool) -> Relation {
    if a.iter().flat_map(|token| &token.folded).eq(b.iter().flat_map(|token| &token.folded)) {
        return Relation::Folded;
    }
    let each_variant = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| variant(a, b, manner.spelling));
    if each_variant {
        return Relation::Variant;
    }
    if manner.truncated && !b.is_empty() && is_cut(a, b, last) {
        return Relation::Cut;
    }
    Relation::Different
}

pub(super) fn compare(permit: &Facts<'_>, passport: &Facts<'_>, findings: &mut Vec<Finding>) {
    let spelling = Spelling::of(passport.nationality.or(permit.nationality).or(passport.issuing_state));
    let manner = Manner { spelling, truncated: passport.truncated() };
    let roles: Vec<Role<'_>> = [
        (Field::Surname, permit.surname, passport.surname),
        (Field::GivenNames, permit.given_names, passport.given_names),
    ]
    .into_iter()
    .filter_map(|(field, a, b)| match (a, b) {
        (Some(a), Some(b)) if a != b => Some(Role::new(field, a, b)),
        _ => None,
    })
    .collect();
    let relations: Vec<Relation> = roles.iter().map(|role| role.relation(manner)).collect();
    if let ([surname, given], true) = (roles.as_slice(), relations.contains(&Relation::Different))
        && let Some(finding) = exchanged(surname, given, manner)
    {
        findings.push(finding);
        return;
    }
    for (role, relation) in roles.iter().zip(relations) {
        match relation {
            Relation::Same => {}
            Relation::Folded => findings.push(role.finding(Code::NameCasePunctOnly)),
            Relation::Variant => findings.push(spelled(role, spelling)),
            Relation::Cut => findings.push(role.finding(Code::NameMayBeTruncated)),
            Relation::Different => different(role, manner, findings),
        }
    }
}

/// Both roles are there and at least one differs: surname and given names may stand in each other's place.
fn exchanged(surname: &Role<'_>, given: &Role<'_>, manner: Manner) -> Option<Finding> {
    let cross = |a: &[Token], b: &[Token], last: bool| relation(a, b, manner, last) != Relation::Different;
    let one_name = surname.tokens_b.is_empty() || given.tokens_b.is_empty();
    let swapped =
        cross(&surname.tokens_a, &given.tokens_b, true) && cross(&given.tokens_a, &surname.tokens_b, false);
    let names = |finding: Finding| {
        let both = |a: &str, b: &str| alloc::format!("{a}, {b}");
        finding.with("permit", both(surname.a, given.a)).with("mrz", both(surname.b, given.b))
    };
    let moved = moved(surname, given);
    if one_name && (swapped || moved.is_some()) {
        // Into which box the parts of a single name go is for the office to say.
        let name = if surname.b.is_empty() { given.b } else { surname.b };
        return Some(Finding::new(Code::NoSurname, Field::Surname).with("name", name));
    }
    if swapped {
        return Some(names(Finding::new(Code::SurnameGivenSwapped, Field::Surname)));
    }
    let moved = moved?;
    Some(names(Finding::new(Code::SurnameGivenSwapped, Field::Surname)).with("moved", moved))
}

/// The parts that stand in the other field, if the whole name is otherwise the same.
fn moved(surname: &Role<'_>, given: &Role<'_>) -> Option<String> {
    let sorted = |parts: [&Vec<Token>; 2]| {
        let mut all: Vec<Vec<char>> = parts.into_iter().flatten().map(|token| token.folded.clone()).collect();
        all.sort();
        all
    };
    let length =
        |parts: [&Vec<Token>; 2]| parts.into_iter().flatten().map(|token| token.folded.len()).sum::<usize>();
    if length([&surname.tokens_a, &given.tokens_a]) != length([&surname.tokens_b, &given.tokens_b]) {
        return None;
    }
    let pool_a = sorted([&surname.tokens_a, &given.tokens_a]);
    if pool_a != sorted([&surname.tokens_b, &given.tokens_b]) {
        return None;
    }
    let elsewhere = |tokens: &[Token], others: &[Token]| -> Vec<String> {
        let is_there = |token: &&Token| others.iter().any(|other| other.folded == token.folded);
        tokens.iter().filter(|token| !is_there(token)).map(Token::text).collect()
    };
    let mut parts = elsewhere(&surname.tokens_a, &surname.tokens_b);
    parts.extend(elsewhere(&given.tokens_a, &given.tokens_b));
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The warning of two spellings; names the first character that differs.
fn spelled(role: &Role<'_>, spelling: Spelling) -> Finding {
    let pair = role.tokens_a.iter().zip(&role.tokens_b).find(|(a, b)| a.folded != b.folded);
    let finding = role.finding(Code::NameTranslitVariant).suggest(role.b);
    match pair.filter(|(a, b)| variant(a, b, spelling)) {
        Some((a, b)) => first_difference(finding, a, b),
        None => finding,
    }
}

fn first_difference(finding: Finding, a: &Token, b: &Token) -> Finding {
    let at = a.folded.iter().zip(&b.folded).take_while(|(a, b)| a == b).count();
    let character = |token: &Token| token.folded.get(at).map_or(String::new(), char::to_string);
    finding.at(place(a, at)).with("typed", character(a)).with("correct", character(b))
}

/// The index in the text of a folded character; one past the last for what is missing at the end.
fn place(token: &Token, at: usize) -> usize {
    match token.source.get(at) {
        Some(place) => *place,
        None => token.source.last().map_or(0, |last| last + 1),
    }
}

/// A mismatch: the same parts in another order, or typos, missing and extra parts one by one.
fn different(role: &Role<'_>, manner: Manner, findings: &mut Vec<Finding>) {
    if same_parts(&role.tokens_a, &role.tokens_b) {
        findings.push(role.finding(Code::NameOrder).suggest(role.b));
        return;
    }
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    for step in align(&role.tokens_a, &role.tokens_b, manner) {
        match step {
            Step::Same | Step::Cut => {}
            Step::Variant(a, b) => {
                let finding = Finding::new(Code::NameTranslitVariant, role.field);
                let finding = finding.with("a", a.text()).with("b", b.text()).suggest(b.text());
                findings.push(first_difference(finding, a, b));
            }
            Step::Typo(a, b) => findings.push(typo(role, a, b)),
            Step::Missing(b) => missing.push(b),
            Step::Extra(a) => extra.push(a),
        }
    }
    // Of a cut name the last given names may be missing.
    let cut_off = manner.truncated && missing.is_empty() && role.field == Field::GivenNames;
    if !cut_off {
        findings.extend(parts(role, &missing, &extra));
    }
}

/// Whether both sides have the same parts, in whatever order.
fn same_parts(a: &[Token], b: &[Token]) -> bool {
    if a.len() < 2 || a.len() != b.len() {
        return false;
    }
    let sorted = |tokens: &[Token]| {
        let mut parts: Vec<String> = tokens.iter().map(Token::text).collect();
        parts.sort_unstable();
        parts
    };
    sorted(a) == sorted(b)
}

fn typo(role: &Role<'_>, a: &Token, b: &Token) -> Finding {
    let finding =
        Finding::new(Code::NameTypo, role.field).with("a", a.text()).with("b", b.text()).suggest(b.text());
    match edit::single(&a.folded, &b.folded) {
        Some(Edit::Transpose { at, first, second }) => finding
            .at(place(a, at))
            .with("typed", String::from_iter([first, second]))
            .with("correct", String::from_iter([second, first])),
        Some(Edit::Missing { at, missing }) => {
            finding.at(place(a, at)).with("typed", "").with("correct", missing)
        }
        Some(Edit::Extra { at, extra }) => finding.at(place(a, at)).with("typed", extra).with("correct", ""),
        _ => first_difference(finding, a, b),
    }
}

/// Parts that stand on one side only. Where both lack something, one part stands for another: one finding.
fn parts(role: &Role<'_>, missing: &[&Token], extra: &[&Token]) -> Option<Finding> {
    let text = |tokens: &[&Token]| tokens.iter().map(|token| token.text()).collect::<Vec<_>>().join(" ");
    if !missing.is_empty() {
        let finding = role.parts(Code::NameMissingPart).with("part", text(missing)).suggest(role.b);
        return Some(match extra.first() {
            Some(first) => finding.at(place(first, 0)).with("instead", text(extra)),
            None => finding,
        });
    }
    let first = extra.first()?;
    let kind = extra_kind(extra);
    let finding =
        role.parts(Code::NameExtraPart).at(place(first, 0)).with("part", text(extra)).with("kind", kind);
    Some(finding.with("part", text(extra)).with("kind", kind))
}

/// `patronymic` by its ending, `title`, or `other`.
fn extra_kind(extra: &[&Token]) -> &'static str {
    const PATRONYMICS: [&str; 13] = [
        "OVICH", "EVICH", "ICH", "OVNA", "EVNA", "ICHNA", "INICHNA", "UULU", "KYZY", "KIZI", "OGLY", "OGLU",
        "QIZI",
    ];
    const TITLES: [&str; 14] =
        ["MR", "MRS", "MS", "MISS", "DR", "PROF", "SIR", "LORD", "LADY", "HERR", "FRAU", "MME", "MLLE", "JR"];
    let is = |token: &Token, list: &[&str]| list.contains(&token.text().as_str());
    if extra.iter().any(|token| PATRONYMICS.iter().any(|ending| token.text().ends_with(ending))) {
        "patronymic"
    } else if extra.iter().all(|token| is(token, &TITLES)) {
        "title"
    } else {
        "other"
    }
}
