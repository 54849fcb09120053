//! What callers are told of an error.

use axum::http::StatusCode;
use propusk_boot::http::Problem;
use propusk_permit::{PermitNumber, TransitionError};
use tokio::task::block_in_place;

use crate::DeskError;
use crate::order::OrderError;
use crate::paper::UnknownLanguages;
use crate::tokens::TokenError;

/// A permit number as somebody typed it.
pub(super) fn parse_number(typed: &str) -> Result<PermitNumber, Problem> {
    typed.parse().map_err(|error: propusk_permit::NumberError| {
        Problem::bad_request("permit-number", error.to_string())
    })
}

/// Runs blocking work outside the async scheduler; what the caller can mend is told to the caller.
pub(super) fn run<T>(work: impl FnOnce() -> anyhow::Result<T>) -> Result<T, Problem> {
    block_in_place(work).map_err(problem)
}

/// What the caller is told of an error.
pub(crate) fn problem(error: anyhow::Error) -> Problem {
    let text = error.to_string();
    if let Some(error) = error.downcast_ref::<DeskError>() {
        return match error {
            DeskError::UnknownPermit { .. } => Problem::not_found("unknown-permit", text),
            DeskError::Conflict { .. } => Problem::conflict("conflict", text),
            DeskError::NameReused { .. } => Problem::refused("idempotency-key-reused", text),
            DeskError::Damaged { .. } | DeskError::KeyLost { .. } => Problem::internal(error),
            DeskError::Purged { .. } => Problem::new(StatusCode::GONE, "purged", text),
            _ => Problem::bad_request("order", text),
        };
    }
    if let Some(error) = error.downcast_ref::<TokenError>() {
        return match error {
            TokenError::Unknown { .. } => Problem::not_found("unknown-token", text),
            _ => Problem::refused("token", text),
        };
    }
    if error.is::<OrderError>() || error.is::<UnknownLanguages>() {
        return Problem::bad_request("order", text);
    }
    if error.is::<TransitionError>()
        || error.is::<propusk_seal::Overreach>()
        || error.is::<propusk_seal::ProfileError>()
        || error.is::<propusk_passport::PrintError>()
        || error.is::<crate::paper::PaperError>()
    {
        return Problem::refused("not-allowed", text);
    }
    // What is left is about users, or a fault.
    propusk_staff::problem(error)
}
