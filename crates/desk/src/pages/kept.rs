//! Forms that outlived their session.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Frame, Page};
use tokio::task::block_in_place;
use uuid::Uuid;

use super::{Clerk, Shared, internal};
use crate::draft::KeptForm;

#[derive(Template)]
#[template(path = "kept.html")]
struct Kept {
    frame: Frame,
    clerk: Clerk,
    id: Uuid,
    form: KeptForm,
}

/// Offers a form that was sent after its session had ended, to the same person only.
pub(crate) async fn show(State(desk): Shared, frame: Frame, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    match block_in_place(|| desk.drafts.kept(id)) {
        Ok(Some(form)) if form.user == clerk.user.name => {
            Page(Kept { frame, clerk, id, form }).into_response()
        }
        Ok(_) => Redirect::to("/").into_response(),
        Err(error) => internal(error),
    }
}

pub(crate) async fn discard(State(desk): Shared, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    let dropped = block_in_place(|| -> anyhow::Result<()> {
        if desk.drafts.kept(id)?.is_some_and(|form| form.user == clerk.user.name) {
            desk.drafts.drop_kept(id)?;
        }
        Ok(())
    });
    match dropped {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => internal(error),
    }
}
