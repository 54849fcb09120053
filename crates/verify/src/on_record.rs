//! What the record says of a sheet's permit, for somebody who may hear it (DESIGN.md §5, "Who may ask what").

use std::net::IpAddr;
use std::sync::Arc;

use metrics::counter;
use propusk_boot::http::Problem;
use propusk_passport::Document;
use propusk_permit::PermitNumber;
use propusk_proto::{KnownPermit, PermitStatus};
use propusk_seal::PermitSeal;

use crate::api::{self, Refusal};
use crate::rehearsal::Record;
use crate::service::Verify;
use crate::shelf::Opened;
use crate::{answer, lookups, permits};

/// Asks the record about a sheet, by the number in its code. The passport has to be of somebody whom the permit names, or
/// whom the sheet does where its code is `genuine`: a number that nobody was given and a stranger are one and the same
/// answer, [`Record::Withheld`]. Counted, and an attempt like any other.
pub(crate) async fn ask(
    verify: &Arc<Verify>,
    address: IpAddr,
    sheet: &PermitSeal,
    genuine: bool,
    passport: &Document,
) -> Result<Record, Refusal> {
    let answer = look_up(verify, address, sheet, genuine, passport).await;
    let outcome = match &answer {
        Ok(Record::Known(_)) => "known",
        Ok(Record::Unknown) => "unknown",
        Ok(Record::Withheld) => "withheld",
        Err(Refusal::TooOften(_)) => "too-often",
        Err(Refusal::Problem(_)) => "failed",
    };
    counter!("propusk_verify_rehearsals_total", "outcome" => outcome).increment(1);
    answer
}

async fn look_up(
    verify: &Arc<Verify>,
    address: IpAddr,
    sheet: &PermitSeal,
    genuine: bool,
    passport: &Document,
) -> Result<Record, Refusal> {
    verify.limits.address(address)?;
    let Ok(number) = sheet.permit_number.parse::<PermitNumber>() else { return Ok(Record::Withheld) };
    let opened = api::open(verify, number).await?;
    let named = |opened: &Opened| answer::pick(&api::people(&opened.details), &passport.person()).is_some();
    let by_record = opened.as_ref().is_some_and(named);
    let by_sheet = genuine && permits::nearest(sheet, passport, verify.today()).is_some();
    if !by_record && !by_sheet {
        return Ok(Record::Withheld);
    }
    let Some(opened) = opened else { return Ok(Record::Unknown) };
    lookups::note(verify, &number).map_err(Problem::fault)?;
    Ok(Record::Known(Box::new(known(verify, &opened)?)))
}

/// The permit as handhelds know it.
fn known(verify: &Verify, opened: &Opened) -> Result<KnownPermit, Problem> {
    let permit = opened.details.permit().map_err(|error| Problem::internal(&error))?;
    let zones = verify.region.mask(&permit.contents.zones).map_err(|error| Problem::internal(&error))?;
    Ok(KnownPermit {
        id: permit.id,
        status: PermitStatus::of(&permit, zones.0),
        recorded_at_ms: opened.recorded_at_ms,
        revoked_at_ms: opened.revoked_at_ms,
    })
}
