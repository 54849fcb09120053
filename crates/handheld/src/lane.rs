//! What lies on the barrier's table: the permit and the passports since the last verdict, in whatever order they were
//! scanned, and when that is enough for a verdict. Pure.

use propusk_permit::PermitNumber;
use propusk_proto::Kind;
use propusk_seal::{PermitSeal, from_text, parse};

use crate::command::{Command, Typed};
use crate::layout::Layout;
use crate::scanned::{What, recognise};

/// What the soldier holds in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A seal's text from the scanner, or whatever else the code said.
    Seal(String),
    /// A permit number typed from the sheet.
    Number(PermitNumber),
    /// A code that no scanner reads.
    Unreadable,
}

/// Everything that one verdict is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The permit.
    pub held: Held,
    /// Seals of further sheets of the same copy.
    pub sheets: Vec<String>,
    /// The passports' MRZ lines.
    pub mrz: Vec<String>,
    /// Travellers ticked off by their row: bit i is row i of the permit.
    pub rows: u64,
    /// What happens at the barrier.
    pub kind: Kind,
}

/// What follows from a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A permit lies on the table now: look whether its seal alone decides.
    Opened,
    /// Something was added to it.
    Added,
    /// Give a verdict.
    Judge(Box<Scan>),
    /// Tell the soldier this Fluent sentence.
    Say(&'static str),
    /// The scanner types in this layout; it was understood all the same.
    Layout(Layout),
    /// Do this.
    Command(Command),
}

/// The table. It keeps the direction and the scanner's layout from one traveller to the next.
#[derive(Clone, Debug)]
pub struct Lane {
    kind: Kind,
    held: Option<Held>,
    permit: Option<PermitSeal>,
    sheets: Vec<(u8, String)>,
    mrz: Vec<String>,
    rows: u64,
    layout: Option<Layout>,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            kind: Kind::Entry,
            held: None,
            permit: None,
            sheets: vec![],
            mrz: vec![],
            rows: 0,
            layout: None,
        }
    }
}

impl Lane {
    /// Takes one complete text and says what follows, in this order.
    pub fn take(&mut self, text: &str) -> Vec<Step> {
        let text = text.trim();
        if text.is_empty() {
            return self.close().map(|scan| Step::Judge(Box::new(scan))).into_iter().collect();
        }
        match Typed::read(text) {
            Some(Typed::Command(command)) => return self.command(command),
            Some(Typed::Rows(rows)) if self.held.is_some() => return self.tick(rows),
            Some(Typed::Everybody) if self.held.is_some() => return self.tick(self.everybody()),
            _ => {}
        }
        let scanned = recognise(text, self.layout);
        let mut steps = vec![];
        if scanned.layout.is_some() && scanned.layout != self.layout {
            steps.extend(scanned.layout.map(Step::Layout));
        }
        self.layout = scanned.layout;
        let sentence = scanned.what.sentence();
        match scanned.what {
            What::Seal { text, mrz } => {
                steps.extend(self.seal(text));
                steps.extend(self.passport(mrz));
            }
            What::Number(number) => steps.extend(self.open(Held::Number(number), None)),
            What::Mrz(lines) => {
                let permit_first = self.held.is_some();
                steps.extend(self.passport(lines));
                steps.extend(sentence.filter(|_| !permit_first).map(Step::Say));
            }
            // A foreign or a torn code is refused, and that is recorded; while a permit lies on the table it is only
            // named, lest it ends what is going on.
            What::Foreign(_) | What::TornSeal => {
                steps.extend(sentence.map(Step::Say));
                if self.held.is_none() {
                    self.held = Some(Held::Seal(text.to_owned()));
                    steps.extend(self.close().map(|scan| Step::Judge(Box::new(scan))));
                }
            }
            What::HalfSeal | What::TwoScans | What::HalfMrz | What::Unknown => {
                steps.extend(sentence.map(Step::Say));
            }
        }
        steps
    }

    /// Ends what is on the table, where there is a permit.
    pub fn close(&mut self) -> Option<Scan> {
        let held = self.held.take()?;
        self.permit = None;
        Some(Scan {
            held,
            sheets: std::mem::take(&mut self.sheets).into_iter().map(|(_, text)| text).skip(1).collect(),
            mrz: std::mem::take(&mut self.mrz),
            rows: std::mem::take(&mut self.rows),
            kind: self.kind.clone(),
        })
    }

    /// Clears the table without a verdict: for the lock.
    pub fn clear(&mut self) {
        let (kind, layout) = (self.kind.clone(), self.layout);
        *self = Self { kind, layout, ..Self::default() };
    }

    /// What happens at the barrier.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The permit on the table, as its seal has it; its signature is not looked at here.
    #[must_use]
    pub fn permit(&self) -> Option<&PermitSeal> {
        self.permit.as_ref()
    }

    /// What is held, where something is.
    #[must_use]
    pub fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// The passports' lines so far.
    #[must_use]
    pub fn mrz(&self) -> &[String] {
        &self.mrz
    }

    /// The rows that were ticked off by number.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many whole passports lie on the table.
    #[must_use]
    pub fn passports(&self) -> usize {
        let of_three = self.mrz.iter().filter(|line| line.len() == 30).count();
        of_three / 3 + (self.mrz.len() - of_three) / 2
    }

    fn command(&mut self, command: Command) -> Vec<Step> {
        match command {
            Command::Entry => self.kind = Kind::Entry,
            Command::Exit => self.kind = Kind::Exit,
            Command::Shown => self.kind = Kind::Shown,
            Command::Torn if self.held.is_none() => {
                self.held = Some(Held::Unreadable);
                return self.close().map(|scan| Step::Judge(Box::new(scan))).into_iter().collect();
            }
            _ => {}
        }
        vec![Step::Command(command)]
    }

    fn seal(&mut self, text: String) -> Vec<Step> {
        let read = from_text(&text).ok().and_then(|bytes| parse(&bytes).ok());
        let permit = read.and_then(|seal| PermitSeal::from_seal(&seal).ok());
        let copy = |permit: &PermitSeal| (permit.permit_number.clone(), permit.version, permit.copy);
        if let (Some(open), Some(new)) = (&self.permit, &permit)
            && copy(open) == copy(new)
        {
            if self.sheets.iter().any(|(sheet, _)| *sheet == new.sheet) {
                return vec![Step::Say("scanned-again")];
            }
            self.sheets.push((new.sheet, text));
            return self.whole_group().map_or(vec![Step::Added], |scan| vec![Step::Judge(Box::new(scan))]);
        }
        self.open(Held::Seal(text), permit)
    }

    fn open(&mut self, held: Held, permit: Option<PermitSeal>) -> Vec<Step> {
        // Passports that were scanned before the first permit belong to this one; else the next permit ends the last.
        let mut steps: Vec<Step> = self.close().map(|scan| Step::Judge(Box::new(scan))).into_iter().collect();
        if let (Held::Seal(text), Some(permit)) = (&held, &permit) {
            self.sheets = vec![(permit.sheet, text.clone())];
        }
        (self.held, self.permit) = (Some(held), permit);
        steps.push(Step::Opened);
        steps.extend(self.whole_group().map(|scan| Step::Judge(Box::new(scan))));
        steps
    }

    fn passport(&mut self, lines: Vec<String>) -> Vec<Step> {
        if lines.is_empty() || self.has(&lines) {
            return vec![];
        }
        self.mrz.extend(lines);
        if self.held.is_none() {
            return vec![];
        }
        self.whole_group().map_or(vec![Step::Added], |scan| vec![Step::Judge(Box::new(scan))])
    }

    /// A passport that was read twice counts once.
    fn has(&self, lines: &[String]) -> bool {
        self.mrz.windows(lines.len()).any(|known| known == lines)
    }

    fn tick(&mut self, rows: u64) -> Vec<Step> {
        if rows & !self.everybody() != 0 {
            return vec![Step::Say("rows-too-many")];
        }
        self.rows |= rows;
        self.whole_group().map_or(vec![Step::Added], |scan| vec![Step::Judge(Box::new(scan))])
    }

    /// One bit for each traveller of the permit; every bit that fits where their number is not known.
    fn everybody(&self) -> u64 {
        let people = self.permit.as_ref().map_or(50, |permit| u32::from(permit.group_size).min(50));
        (1 << people) - 1
    }

    /// Once everybody of the group has shown a passport or was ticked off, nothing has to be waited for.
    fn whole_group(&mut self) -> Option<Scan> {
        let people = usize::from(self.permit.as_ref()?.group_size);
        let everybody = self.rows == self.everybody() || self.passports() >= people;
        if everybody { self.close() } else { None }
    }
}

#[cfg(test)]
#[path = "lane_tests.rs"]
mod tests;
