//! What a page says when something was not done.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Frame, Page};

use super::Clerk;
use crate::DeskError;
use crate::api::problem;
use crate::draft::Overtaken;
use crate::online::OnlineError;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble {
    frame: Frame,
    clerk: Clerk,
    title: String,
    text: String,
    back: String,
}

/// The page for what was refused, with a way back to `back`. A conflict says that nothing was overwritten.
pub(crate) fn refused(frame: Frame, clerk: Clerk, error: anyhow::Error, back: &str) -> Response {
    let overtaken =
        error.is::<Overtaken>() || matches!(error.downcast_ref(), Some(DeskError::Conflict { .. }));
    let (status, title, text) = if overtaken {
        (StatusCode::CONFLICT, frame.say("trouble-conflict"), frame.say("trouble-conflict-todo"))
    } else if let Some(online) = error.downcast_ref::<OnlineError>() {
        (StatusCode::UNPROCESSABLE_ENTITY, frame.say("trouble-refused"), frame.say(online.id()))
    } else {
        let problem = problem(error);
        (problem.status, frame.say("trouble-refused"), problem.body.detail)
    };
    said(frame, clerk, (status, title, text), back)
}

/// A page that says why something was not done, in words that are the reader's already.
pub(crate) fn said(
    frame: Frame,
    clerk: Clerk,
    (status, title, text): (StatusCode, String, String),
    back: &str,
) -> Response {
    let back = back.to_owned();
    (status, Page(Trouble { frame: frame.at(back.clone()), clerk, title, text, back })).into_response()
}
