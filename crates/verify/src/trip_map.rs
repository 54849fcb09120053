//! Stub.
use crate::trip::TripReport;
use propusk_boot::Language;
/// Stub.
#[must_use]
pub fn map(_report: &TripReport<'_>, _language: Language) -> String {
    String::new()
}
