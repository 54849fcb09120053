//! Purging: a permit's people are forgotten, because somebody asked for it or because they were kept long enough.
//!
//! The key of their data is destroyed. Number, versions, zones, days, copies and history stay.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Span;
use jiff::civil::Date;
use propusk_permit::PermitNumber;
use propusk_proto::{Change, Day, NumberKey};
use serde::{Deserialize, Serialize};
use tokio::task::block_in_place;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use uuid::Uuid;

use crate::DeskError;
use crate::issue::status;
use crate::lookups::{self, Act, OPERATOR};
use crate::register::Purged;
use crate::service::Desk;

/// How often the service looks whether a day has begun.
const ROUND: Duration = Duration::from_secs(60);
/// Who purges when it is time.
const RETENTION: &str = "retention";

/// `POST /v1/purges`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurgeRequest {
    /// These permits, whatever their days are.
    #[serde(default)]
    pub permits: Vec<String>,
    /// And all whose last valid day is longer ago than so many days.
    #[serde(default)]
    pub older_than_days: Option<u32>,
    /// The same by the configured retention.
    #[serde(default)]
    pub expired: bool,
    /// Only say which.
    #[serde(default)]
    pub dry_run: bool,
    pub reason: String,
    /// Who asks for it, by name.
    #[serde(default)]
    pub by: String,
}

/// What was purged.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PurgeReply {
    /// Nothing was done: these would be purged.
    pub dry_run: bool,
    pub purged: Vec<String>,
    /// Purged before.
    pub already: Vec<String>,
}

/// Who purges, and why.
#[derive(Clone, Copy)]
struct Order<'a> {
    by: &'a str,
    why: &'a str,
}

/// Purges one permit; false where that was done before. When this returns, the key is destroyed.
fn purge(number: &PermitNumber, order: Order<'_>, desk: &Desk) -> anyhow::Result<bool> {
    let register = &desk.register;
    let lookup = NumberKey::derive(number)?.lookup;
    let _writing = register.lock();
    let entry = register.find(number)?;
    if entry.purged.is_some() {
        return Ok(false);
    }
    let status = status(&entry.permit()?, entry.group, &desk.office)?;
    let revoked_at_ms = entry.details.revoked.as_ref().map(|(at_ms, _)| *at_ms);
    let at_ms = desk.now_ms();
    let purged = Purged { at_ms, by: order.by.to_owned(), why: order.why.to_owned() };
    let act = Act { who: order.by, what: "purge", why: Some(order.why), at_ms };
    let tombstone = Change::Purged { lookup, status, revoked_at_ms };
    register.forget(entry, purged, tombstone, &desk.office.config.issuing_office, |draft| {
        lookups::note_purge(draft, act, number)
    })?;
    Ok(true)
}

/// Does what was asked for. Every permit has to be known before the first is forgotten.
pub(crate) fn purge_asked(request: &PurgeRequest, desk: &Desk) -> anyhow::Result<PurgeReply> {
    if request.reason.trim().is_empty() && !request.dry_run {
        return Err(DeskError::Missing { what: "why it is purged", option: "--reason" }.into());
    }
    let retention = Some(desk.office.config.keep_personal_days).filter(|days| request.expired && *days > 0);
    let Some(numbers) = asked(request, retention, desk)? else {
        let what = "which permits to purge";
        return Err(
            DeskError::Missing { what, option: "their numbers, --expired or --older-than DAYS" }.into()
        );
    };
    let by = if request.by.trim().is_empty() { OPERATOR } else { request.by.trim() };
    let order = Order { by, why: request.reason.trim() };
    let mut reply = PurgeReply { dry_run: request.dry_run, ..PurgeReply::default() };
    if !request.dry_run {
        forget_online(numbers.keys(), desk)?;
    }
    for (number, is_purged) in numbers {
        let new = !is_purged && (request.dry_run || purge(&number, order, desk)?);
        if new { &mut reply.purged } else { &mut reply.already }.push(number.to_string());
    }
    Ok(reply)
}

/// The permits that are asked for, and which of them are purged already; `None` where none were named in any way.
fn asked(
    request: &PurgeRequest,
    retention: Option<u32>,
    desk: &Desk,
) -> anyhow::Result<Option<BTreeMap<PermitNumber, bool>>> {
    let mut numbers = BTreeMap::new();
    for number in &request.permits {
        let number: PermitNumber = number.parse()?;
        numbers.insert(number, desk.register.find(&number)?.purged.is_some());
    }
    let ages = [request.older_than_days, retention];
    for days in ages.into_iter().flatten() {
        numbers.extend(older(days, desk)?.into_iter().map(|number| (number, false)));
    }
    let named = !request.permits.is_empty() || request.expired || request.older_than_days.is_some();
    Ok(named.then_some(numbers))
}

/// The day that is `days` before today; the first of all that permits can name where there is none.
fn days_before(today: Date, days: u32) -> Date {
    let back = Span::new().try_days(i64::from(days)).and_then(|back| today.checked_sub(back));
    // A [`Day`] has no sign: a year before 0 would be read as one long after today, and everything be purged.
    back.map_or(Date::ZERO, |day| day.max(Date::ZERO))
}

/// The permits with people whose last valid day is longer ago than `days`.
fn older(days: u32, desk: &Desk) -> anyhow::Result<Vec<PermitNumber>> {
    let first_kept = days_before(desk.service.setting.clock.today(), days);
    let numbers = desk.register.expired_before(Day::from(first_kept))?;
    numbers.iter().map(|number| Ok(number.parse()?)).collect()
}

/// Forgets the orders that came online for these permits, with what was typed and said there. They go first: a purge that
/// breaks off is asked for again.
fn forget_online<'a>(numbers: impl IntoIterator<Item = &'a PermitNumber>, desk: &Desk) -> anyhow::Result<()> {
    let id = |number| Ok(desk.register.find(number)?.details.id);
    let permits = numbers.into_iter().map(id).collect::<anyhow::Result<BTreeSet<Uuid>>>()?;
    desk.online.forget(|order| order.permit.is_some_and(|permit| permits.contains(&permit)))
}

/// Purges every permit whose last valid day is longer ago than `days`.
fn purge_older(days: u32, order: Order<'_>, desk: &Desk) -> anyhow::Result<usize> {
    let mut purged = 0;
    let numbers = older(days, desk)?;
    forget_online(&numbers, desk)?;
    for number in numbers {
        purged += usize::from(purge(&number, order, desk)?);
    }
    Ok(purged)
}

/// A register that was restored from a backup may not know of purges; the key ring does. They are made once more.
fn purge_again(desk: &Desk) -> anyhow::Result<usize> {
    let why = "erased before this copy of the register was restored";
    let mut purged = 0;
    for number in desk.register.destroyed_unknowingly()? {
        let order = Order { by: RETENTION, why };
        purged += usize::from(purge(&number.parse()?, order, desk)?);
    }
    Ok(purged)
}

/// Purges at the start and once on every new day, until the stop. 0 days keep everything.
pub(crate) async fn run(desk: &Desk, stop: &CancellationToken) -> anyhow::Result<()> {
    let days = desk.office.config.keep_personal_days;
    let why = format!("kept for {days} days after the last valid day");
    let order = Order { by: RETENTION, why: &why };
    let again = block_in_place(|| purge_again(desk))?;
    if again > 0 {
        warn!(permits = again, "This register is older than purges that were made; they are made once more.");
    }
    let mut done = None;
    while days > 0 && !stop.is_cancelled() {
        let today = desk.service.setting.clock.today();
        if done != Some(today) {
            match block_in_place(|| purge_older(days, order, desk)) {
                Ok(purged) => {
                    done = Some(today);
                    if purged > 0 {
                        info!(permits = purged, days, "Personal data were kept long enough and are purged.");
                    }
                }
                Err(error) => warn!(%error, "Personal data could not be purged; trying again in a minute."),
            }
        }
        tokio::select! { () = tokio::time::sleep(ROUND) => {}, () = stop.cancelled() => {} }
    }
    stop.cancelled().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_days_than_there_are_dates_purge_nothing() {
        let today = jiff::civil::date(2026, 6, 1);
        assert_eq!(days_before(today, 1), jiff::civil::date(2026, 5, 31));
        for days in [1_000_000, 3_000_000, 4_000_000, u32::MAX] {
            assert!(Day::from(days_before(today, days)) < Day(20_000_101), "{days}");
        }
    }
}
