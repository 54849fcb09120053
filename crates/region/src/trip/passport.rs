//! The passport's own validity against the trip and the permits.

use super::{Check, Deadline, DeadlineCode as Day, TripCode as Code, TripFinding, TripSeverity as Severity};

/// The rule behind it: the passport is shown with the permit at every post (the paper permit's table).
pub(super) fn check(check: &mut Check<'_>) {
    let paper = check.region.permit_paper();
    let Some(last_day) = check.journey.last_day() else { return };
    let told = |code, severity| TripFinding::new(code, severity, "passport", paper);
    let Some(expiry) = check.journey.expiry else {
        check.add(told(Code::PassportExpiryNotGiven, Severity::Warns).with("last_day", last_day));
        return;
    };
    check.remind(Deadline::new(Day::PassportExpires, expiry, "passport", paper));
    if expiry < last_day {
        let finding = told(Code::PassportExpiresOnTrip, Severity::Blocks).on(expiry);
        check.add(finding.with("expiry", expiry).with("last_day", last_day));
    } else {
        check
            .add(told(Code::PassportGood, Severity::Tells).with("expiry", expiry).with("last_day", last_day));
    }
    if let Some(valid_to) =
        check.journey.permits.iter().map(|permit| permit.to).max().filter(|to| expiry < *to)
    {
        let finding = told(Code::PassportExpiresBeforePermit, Severity::Needs).on(expiry);
        check.add(finding.with("expiry", expiry).with("valid_to", valid_to));
    }
}
