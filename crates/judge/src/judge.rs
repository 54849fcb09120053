//! The offline verdict: what the seal says, what the device knows, what the passport shows. Pure.

use propusk_passport::{Date, Finding, Severity};
use propusk_proto::{Day, Kind, KnownPermit, PermitStatus, Reason, Scope, Verdict};
use propusk_seal::PermitSeal;

use crate::{Holders, Reading};

/// What the device knows at the moment of the scan.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The post.
    pub post: &'a str,
    /// Bit of the post's zone (SEAL.md, feature 05).
    pub zone_bit: u8,
    /// Today at the post.
    pub today: Date,
    /// Permits that the number may mean, by its tag.
    pub known: &'a [KnownPermit],
    /// Of which permits the device is told; `None` before it ever was.
    pub scope: Option<Scope>,
    /// True when this very copy was handed in on this device before.
    pub handed_in_before: bool,
    /// True when it may also be any day after `today`: nothing is "not yet valid" then.
    pub today_at_least: bool,
    /// True when copies count: an entry, not a glance or an exit.
    pub hands_in: bool,
    /// True when the trust list is older than the limit.
    pub trust_stale: bool,
    /// True when the clock can't be right.
    pub clock_suspect: bool,
}

/// The verdict with every reason, worst first.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The worst reason decides.
    pub verdict: Verdict,
    /// All reasons.
    pub reasons: Vec<Reason>,
    /// Rows of the travellers whose passports were shown and recognised.
    pub rows: Vec<usize>,
    /// Their names as their passports have them, by row; shown here, never sent.
    pub names: Vec<(usize, String)>,
    /// What the passport comparison found, information aside; shown here, never sent.
    pub findings: Vec<Finding>,
}

/// What happens at the barrier when `asked` is what the soldier has chosen: the original stays with the traveller, so it is
/// looked at and not handed in.
#[must_use]
pub fn kind_of(asked: Kind, reading: &Reading) -> Kind {
    let original = reading.permit.as_ref().is_some_and(|permit| permit.copy == Some(0));
    if original && asked.hands_in() { Kind::Shown } else { asked }
}

/// Judges a reading (DESIGN.md §5, Verdicts).
#[must_use]
pub fn judge(reading: &Reading, holders: Option<Holders>, situation: &Situation<'_>) -> Judgement {
    let newest = newest(reading, situation.known);
    let fault = reading.fault(newest.map(|permit| permit.recorded_at_ms / 1000));
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    if reasons.is_empty() {
        reasons.extend(by_seal(reading, situation));
        // Not to know a permit of another zone or time says nothing: its own seal has said already why it is refused.
        if newest.is_some() || reasons.is_empty() || is_told(reading, situation) {
            reasons.extend(by_record(reading, newest, situation));
        }
        if situation.hands_in && situation.handed_in_before {
            reasons.push(Reason::CopyAlreadyHandedIn);
        }
    }
    let holders = holders.unwrap_or_default();
    reasons.extend(holders.reasons);
    if situation.trust_stale {
        reasons.push(Reason::TrustListStale);
    }
    if situation.clock_suspect {
        reasons.push(Reason::ClockSuspect);
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(weigh(*reason, reading)));
    let warned = holders.findings.iter().any(|finding| finding.severity == Severity::Warning);
    let by_findings = if warned { Verdict::Attention } else { Verdict::Accept };
    let verdict = reasons.iter().map(|reason| weigh(*reason, reading)).fold(by_findings, Verdict::max);
    Judgement { verdict, reasons, rows: holders.rows, names: holders.names, findings: holders.findings }
}

/// What a reason leads to. Somebody who is not on this sheet may be on another one of the same copy.
fn weigh(reason: Reason, reading: &Reading) -> Verdict {
    let other_sheets = reading.seal.as_ref().is_some_and(|seal| seal.sheets > 1);
    if reason == Reason::NotInGroup && other_sheets { Verdict::Attention } else { reason.verdict() }
}

/// The permit that the reading means: the tag may, very rarely, belong to another one too, so the seal's own facts
/// choose.
fn newest<'a>(reading: &Reading, known: &'a [KnownPermit]) -> Option<&'a KnownPermit> {
    let plausible = |permit: &&KnownPermit| match &reading.seal {
        None => true,
        Some(seal) => permit.status.version >= seal.version,
    };
    known.iter().filter(plausible).max_by_key(|permit| permit.status.version)
}

/// Whether the device would have been told of a permit with these facts.
fn is_told(reading: &Reading, situation: &Situation<'_>) -> bool {
    let (Some(seal), Some(scope)) = (&reading.seal, &situation.scope) else { return true };
    scope.covers(seal.zones.0, seal.valid_from.into(), seal.valid_to.into())
}

fn by_seal(reading: &Reading, situation: &Situation<'_>) -> Vec<Reason> {
    let Some(seal) = &reading.seal else { return vec![] };
    by_facts(seal.valid_from, seal.valid_to, seal.zones.0, situation)
}

fn by_facts(valid_from: Date, valid_to: Date, zones: u32, situation: &Situation<'_>) -> Vec<Reason> {
    let checks = [
        (situation.today < valid_from && !situation.today_at_least, Reason::NotYetValid),
        (situation.today > valid_to, Reason::Expired),
        (zones & (1 << situation.zone_bit) == 0, Reason::WrongZone),
    ];
    checks.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
}

fn by_record(reading: &Reading, newest: Option<&KnownPermit>, situation: &Situation<'_>) -> Vec<Reason> {
    let Some(permit) = newest else { return vec![Reason::UnknownPermit] };
    let status = &permit.status;
    let mut reasons = Vec::new();
    if permit.revoked_at_ms.is_some() {
        reasons.push(Reason::Revoked);
    }
    if !status.posts.is_empty() && !status.posts.iter().any(|post| post == situation.post) {
        reasons.push(Reason::WrongPost);
    }
    match &reading.seal {
        Some(seal) if seal.version < status.version => reasons.push(Reason::Superseded),
        // The same version says something else: whoever sealed this has a stolen key, not this permit.
        Some(seal) if !same_facts(seal, status) => reasons.push(Reason::BadSignature),
        Some(_) => {}
        // A typed number has no seal to read dates and zones from: the record has them.
        None => {
            if let (Ok(from), Ok(to)) = (Date::try_from(status.valid_from), Date::try_from(status.valid_to)) {
                reasons.extend(by_facts(from, to, status.zones, situation));
            }
        }
    }
    reasons
}

fn same_facts(seal: &PermitSeal, status: &PermitStatus) -> bool {
    let dates = (Day::from(seal.valid_from), Day::from(seal.valid_to));
    dates == (status.valid_from, status.valid_to)
        && seal.zones.0 == status.zones
        && seal.group_size == status.travellers
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
