//! Permit and passport beside each other, the characters that differ marked. Pure.

use propusk_boot::pages::Frame;
use propusk_passport::{Beside, Field, Person, Piece, SHARED_FIELDS, Standing, aligned, comparable};

use crate::answer::FieldAnswer;
use crate::differences::Difference;
use crate::findings::FindingRow;

/// A field of the table.
pub(super) struct Row {
    /// Its JSON name.
    pub field: &'static str,
    /// Its name in the reader's language.
    pub name: String,
    /// `same`, `spelled`, `differs` or `not-on-permit`.
    pub state: &'static str,
    /// What the permit says, as far as it may be told; empty where nothing is.
    pub permit: Vec<Piece>,
    /// What the asker says.
    pub passport: Vec<Piece>,
}

impl Row {
    /// The colour of the state.
    pub(super) fn tone(&self) -> &'static str {
        match self.state {
            "same" => "good",
            "differs" => "error",
            _ => "warning",
        }
    }

    fn new(
        field: Field,
        standing: Standing,
        permit: Vec<Piece>,
        passport: Vec<Piece>,
        frame: &Frame,
    ) -> Self {
        let state = standing.as_str();
        let name = frame.say(&format!("field-{}", field.as_str().replace('_', "-")));
        Self { field: field.as_str(), name, state, permit, passport }
    }
}

/// The rows where the asker holds both papers.
pub(super) fn whole(rows: Vec<Beside>, frame: &Frame) -> Vec<Row> {
    rows.into_iter().map(|row| Row::new(row.field, row.standing, row.permit, row.passport, frame)).collect()
}

/// The rows of an answer: of the permit no more is shown than the answer tells (DESIGN.md §5).
pub(super) fn told(fields: &[FieldAnswer], findings: &[FindingRow], own: &Person, frame: &Frame) -> Vec<Row> {
    let row = |answer: &FieldAnswer| {
        let field = SHARED_FIELDS.into_iter().find(|field| field.as_str() == answer.field)?;
        let yours = comparable(own, field)?;
        let near: Vec<_> = answer.characters.iter().map(Difference::unlike).collect();
        let about = |row: &&FindingRow| row.field.as_deref() == Some(answer.field.as_str());
        let spelled = findings.iter().filter(about).any(|row| row.code == "spelled-otherwise");
        let standing = match answer.result.as_str() {
            "differs" => Standing::Differs,
            "not-on-permit" => Standing::NotOnPermit,
            _ if spelled || !near.is_empty() => Standing::Spelled,
            _ => Standing::Same,
        };
        let (passport, permit) = aligned(&yours, &near);
        let known = standing == Standing::Same || !near.is_empty();
        Some(Row::new(field, standing, if known { permit } else { Vec::new() }, passport, frame))
    };
    fields.iter().filter_map(row).collect()
}
