//! Issuing and changing permits: a checked order becomes a permit, a permit its next version.

use jiff::Timestamp;
use jiff::civil::Date;
use propusk_boot::{Clock, random};
use propusk_passport::{Person, read_mrz, td3_lines};
use propusk_permit::order::{Applicant, Contents, Order, Traveller};
use propusk_permit::{CopyPlan, Permit, PermitNumber};
use propusk_proto::{Change, NumberKey, PermitDetails, PermitKey, PermitStatus, SealedDetails};
use propusk_region::{CheckpointId, posts_on};

use crate::DeskError;
use crate::office::Office;
use crate::register::{Done, Entry, HistoryEntry, NamedRequest, Register};
use crate::seals::zone_mask;

/// Issues a permit for an order that was checked. When this returns, it is on disk and in the outbox. An order that
/// was issued under the same name before is not issued again.
pub(crate) fn issue(
    order: &Order,
    named: Option<&NamedRequest>,
    overrides: Option<&str>,
    office: &Office,
    register: &Register,
    clock: Clock,
) -> anyhow::Result<Entry> {
    loop {
        // Sealing and drawing take nearly all of the time, and need no turn.
        let number = PermitNumber::try_draw(random::bytes)?;
        let (entry, change) = prepare(order, number, overrides, office, clock)?;
        must_print(&entry, office)?;
        let _writing = register.lock();
        if let Some(done) = done_before(named, register)? {
            return Ok(done.entry);
        }
        if !register.is_taken(&number)? {
            let at_ms = clock.now().as_millisecond();
            return register.save(entry, &number, named, &office.config.issuing_office, change, at_ms);
        }
    }
}

/// The new permit under `number`, and what is told of it.
fn prepare(
    order: &Order,
    number: PermitNumber,
    overrides: Option<&str>,
    office: &Office,
    clock: Clock,
) -> anyhow::Result<(Entry, Change)> {
    let now = clock.now();
    let plan = CopyPlan::new(posts_on(&order.route), office.config.spares, order.copies);
    let id = random::uuid_v7(now, random::bytes()?);
    let permit = Permit::issue(id, number, contents(order, clock.today())?, plan.count(), clock.today());
    let key = PermitKey(random::bytes()?);
    let (status, details, sealed) = describe(&permit, &key, office)?;
    let mut history = vec![note(now.as_millisecond(), 1, "issued", None)];
    if let Some(reason) = overrides {
        history.push(note(now.as_millisecond(), 1, "overridden", Some(reason.to_owned())));
    }
    let group = status.travellers;
    let counts = vec![permit.copies];
    let entry = Entry { counts, details, events: 0, history, group, key: Some(key), purged: None };
    Ok((entry, Change::Issued { status, details: sealed }))
}

/// What may be done to an issued permit.
pub(crate) enum Amendment {
    /// Other contents.
    Correct { order: Box<Order> },
    /// A longer validity, months in total.
    Extend { months: u8 },
    /// Withdrawn.
    Revoke,
}

/// What a clerk or a program decided to do to a permit.
pub(crate) struct Decision<'a> {
    pub number: &'a PermitNumber,
    /// The version on which it was decided; another one by now is a conflict.
    pub seen: Option<u8>,
    pub amendment: Amendment,
    pub reason: &'a str,
    /// The name of the request; under one name it is done once.
    pub named: Option<&'a NamedRequest>,
}

/// Changes a permit.
pub(crate) fn amend(
    decision: Decision<'_>,
    office: &Office,
    register: &Register,
    clock: Clock,
) -> anyhow::Result<Entry> {
    let Decision { number, seen, amendment, reason, named } = decision;
    let _writing = register.lock();
    if let Some(done) = done_before(named, register)? {
        return Ok(done.entry);
    }
    let entry = register.find(number)?;
    let permit = entry.permit()?;
    if let Some(seen) = seen.filter(|seen| *seen != permit.version) {
        let (number, current) = (number.to_string(), permit.version);
        return Err(DeskError::Conflict { number, current, seen }.into());
    }
    let (now, today) = (clock.now(), clock.today());
    if entry.purged.is_some() && matches!(amendment, Amendment::Revoke) {
        return revoke_forgotten(entry, number, reason, office, register, now);
    }
    let key = *entry.with_people()?;
    let (permit, what) = match amendment {
        Amendment::Correct { order } => {
            let plan = CopyPlan::new(posts_on(&order.route), office.config.spares, order.copies);
            (permit.correct(contents(&order, today)?, plan.count(), today)?, "corrected")
        }
        Amendment::Extend { months } => {
            (permit.extend(months, office.config.max_total_months, today)?, "extended")
        }
        Amendment::Revoke => (permit.revoke(now, reason.to_owned())?, "revoked"),
    };
    let (status, details, sealed) = describe(&permit, &key, office)?;
    let mut history = entry.history;
    history.push(note(now.as_millisecond(), permit.version, what, Some(reason.to_owned())));
    let change = match what {
        "corrected" => Change::Corrected { status, details: sealed },
        "extended" => Change::Extended { status, details: sealed },
        _ => Change::Revoked,
    };
    let counts = if what == "revoked" { entry.counts } else { vec![permit.copies] };
    let group = status_group(&details)?;
    let entry = Entry { details, counts, history, group, ..entry };
    must_print(&entry, office)?;
    register.save(entry, number, named, &office.config.issuing_office, change, now.as_millisecond())
}

/// What a named request did when it came before.
fn done_before(named: Option<&NamedRequest>, register: &Register) -> anyhow::Result<Option<Done>> {
    Ok(named.map(|named| register.done(named)).transpose()?.flatten())
}

/// Withdraws a permit whose people are forgotten: nothing about them is needed for that.
fn revoke_forgotten(
    entry: Entry,
    number: &PermitNumber,
    reason: &str,
    office: &Office,
    register: &Register,
    now: Timestamp,
) -> anyhow::Result<Entry> {
    let permit = entry.permit()?.revoke(now, reason.to_owned())?;
    let details = PermitDetails::of(&permit, &entry.details.agency);
    let mut history = entry.history;
    history.push(note(now.as_millisecond(), permit.version, "revoked", Some(reason.to_owned())));
    let entry = Entry { details, history, ..entry };
    let office = &office.config.issuing_office;
    register.save(entry, number, None, office, Change::Revoked, now.as_millisecond())
}

/// Which copies are to be printed.
pub(crate) struct Printing<'a> {
    pub number: &'a PermitNumber,
    /// As `parse_copies` reads them; empty for the new spares, or for all where there are none.
    pub typed: &'a str,
    /// Spares to add.
    pub more: u8,
    /// The name of the request; under one name it is noted once.
    pub named: Option<&'a NamedRequest>,
}

/// Adds spares and notes which copies are printed. Returns them too.
pub(crate) fn note_printed(
    printing: &Printing<'_>,
    office: &Office,
    register: &Register,
    clock: Clock,
) -> anyhow::Result<(Entry, Vec<u8>)> {
    let Printing { number, typed, more, named } = *printing;
    let _writing = register.lock();
    if let Some(Done { entry, printed }) = done_before(named, register)? {
        return Ok((entry, printed));
    }
    let mut entry = register.find(number)?;
    entry.with_people()?;
    let mut permit = entry.permit()?;
    let before = permit.copies;
    if more > 0 {
        permit = permit.add_copies(more)?;
        entry.counts.push(permit.copies);
        entry.details.copies = permit.copies;
    }
    let copies: Vec<u8> = match typed.trim() {
        "" if more > 0 => (before..permit.copies).map(|copy| copy + 1).collect(),
        typed => crate::print::parse_copies(typed, permit.copies)?,
    };
    let at_ms = clock.now().as_millisecond();
    let listed: Vec<String> = copies.iter().map(ToString::to_string).collect();
    entry.history.push(note(at_ms, permit.version, "printed", Some(listed.join(", "))));
    let change =
        Change::Printed { copies: copies.clone(), of: permit.copies, by: office.config.agency.clone() };
    Ok((register.save(entry, number, named, &office.config.issuing_office, change, at_ms)?, copies))
}

/// Seals and draws every sheet: what can't be sealed or printed must be found before the permit exists.
fn must_print(entry: &Entry, office: &Office) -> anyhow::Result<()> {
    let all: Vec<u8> = (0..=entry.details.copies).collect();
    crate::print::pdf(entry, None, &all, office).map(drop)
}

/// The post that a copy is meant for.
pub(crate) fn post_of(permit: &Permit, copy: u8) -> Option<CheckpointId> {
    CopyPlan::new(posts_on(&permit.contents.route), 0, Some(permit.copies)).post_of(copy).cloned()
}

fn note(at_ms: i64, version: u8, what: &str, note: Option<String>) -> HistoryEntry {
    HistoryEntry { at_ms, version, what: what.to_owned(), note: note.filter(|note| !note.is_empty()) }
}

/// Status for everybody, details for the desk, and the details encrypted for whoever holds the number.
fn describe(
    permit: &Permit,
    key: &PermitKey,
    office: &Office,
) -> anyhow::Result<(PermitStatus, PermitDetails, SealedDetails)> {
    let details = PermitDetails::of(permit, &office.config.agency);
    let status = status(permit, status_group(&details)?, office)?;
    let sealed = SealedDetails::seal(&details, &NumberKey::derive(&permit.number)?, key, &random::bytes()?)?;
    Ok((status, details, sealed))
}

/// The size of a group.
fn status_group(details: &PermitDetails) -> anyhow::Result<u8> {
    Ok(u8::try_from(details.travellers.len())?)
}

/// What checkpoints are told of a permit: no personal data.
pub(crate) fn status(permit: &Permit, travellers: u8, office: &Office) -> anyhow::Result<PermitStatus> {
    // A permit whose people are forgotten has no list of them, but their number.
    Ok(PermitStatus { travellers, ..PermitStatus::of(permit, zone_mask(permit, &office.region)?.0) })
}

fn contents(order: &Order, today: Date) -> anyhow::Result<Contents> {
    let travellers = order.applicants.iter().map(|applicant| traveller(applicant, today));
    Ok(Contents {
        zones: order.zones.clone(),
        route: order.route.clone(),
        valid_from: order.valid_from,
        valid_to: order.valid_to,
        authority_reference: order.authority_reference.clone(),
        purpose: order.purpose.clone(),
        vehicle: order.vehicle.clone(),
        travellers: travellers.collect::<anyhow::Result<_>>()?,
    })
}

/// The traveller as sheet and seal name them: as the MRZ does, which is generated where none was given. Full dates
/// of the visual zone win over the MRZ's two-digit years (PASSPORT.md, "Dates").
fn traveller(applicant: &Applicant, today: Date) -> anyhow::Result<Traveller> {
    let typed = &applicant.typed;
    let (mrz, mrz_generated) = match applicant.document(today) {
        Some(document) => (document.lines, false),
        None => {
            let issuer = typed.issuing_state.as_deref().or(typed.nationality.as_deref()).unwrap_or_default();
            (td3_lines(typed, issuer)?.to_vec(), true)
        }
    };
    let read = read_mrz(&mrz, today).person();
    let person = Person {
        birth_date: typed.birth_date.or(read.birth_date),
        expiry_date: typed.expiry_date.or(read.expiry_date),
        ..read
    };
    let visual_name = applicant.visual_name.clone().or_else(|| other_spelling(typed, &person));
    Ok(Traveller { person, mrz, mrz_generated, visual_name, role: applicant.role })
}

/// The typed name, where it is not letter for letter the MRZ's.
fn other_spelling(typed: &Person, printed: &Person) -> Option<String> {
    let full = |person: &Person| {
        let parts = [person.surname.as_deref(), person.given_names.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    Some(full(typed)).filter(|name| !name.trim().is_empty() && *name != full(printed))
}
