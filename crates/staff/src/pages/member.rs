//! Who is signed in.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use propusk_boot::http::Problem;

use super::Entrance;
use crate::{Right, User};

/// Somebody who is signed in; an extractor of every handler behind the gate.
#[derive(Clone)]
pub struct Member {
    /// Who it is.
    pub user: User,
    /// The token of their session.
    pub token: String,
    pub(super) room: &'static Entrance,
}

impl Member {
    /// Whether they may do the room's work.
    pub fn works(&self) -> bool {
        self.user.role.may(Right::Work)
    }

    /// Whether they decide who works here.
    pub fn manages(&self) -> bool {
        self.user.role.may(Right::Manage)
    }

    /// The sentence that names the menu.
    pub fn menu(&self) -> &'static str {
        self.room.menu
    }

    /// Where the menu leads them, and the sentences that say so.
    pub fn links(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let role = self.user.role;
        self.room
            .links
            .iter()
            .filter(move |(right, ..)| role.may(*right))
            .map(|(_, path, name)| (*path, *name))
    }
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(signed_out)
    }
}

/// 401.
pub(super) fn signed_out() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in first")
}
