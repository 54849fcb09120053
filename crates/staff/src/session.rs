//! Sessions: a random token in a cookie, its hash in the store. A new one at every sign-in, so that a token that
//! somebody planted before is worth nothing.

use propusk_boot::random;
use propusk_store::Store;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{StaffError, User, Users};

/// The time of the last request is written at most so often.
const NOTE_EVERY_MS: i64 = 60_000;
/// A session that is over is known for so long: what was typed in it is offered after the next sign-in.
const REMEMBERED_MS: i64 = 30 * 24 * 3_600_000;

#[derive(Clone, Serialize, Deserialize)]
struct Session {
    user: String,
    begun_ms: i64,
    seen_ms: i64,
    ended: bool,
}

/// What a token means.
pub enum Found {
    /// Somebody who is signed in.
    Alive(User),
    /// Somebody who was.
    Over(String),
    /// Nobody.
    Nobody,
}

/// All sessions.
pub struct Sessions {
    store: Store,
    /// A session without a request for so long is over.
    idle_ms: i64,
}

impl Sessions {
    pub(crate) fn new(store: Store, idle_minutes: u32) -> Self {
        Self { store, idle_ms: i64::from(idle_minutes) * 60_000 }
    }

    /// Begins a session and gives its token.
    pub fn begin(&self, user: &User, now_ms: i64) -> anyhow::Result<String> {
        let token = random::token()?;
        let name = user.name.clone();
        self.put(&token, &Session { user: name, begun_ms: now_ms, seen_ms: now_ms, ended: false })?;
        self.forget_old(now_ms)?;
        Ok(token)
    }

    /// Whose session this is.
    pub fn find(&self, token: &str, users: &Users, now_ms: i64) -> anyhow::Result<Found> {
        let Some(mut session) = self.get(token)? else { return Ok(Found::Nobody) };
        let Some(user) = users.find(&session.user)? else { return Ok(Found::Nobody) };
        let idle = now_ms - session.seen_ms > self.idle_ms;
        if session.ended || idle || user.barred || session.begun_ms < user.sessions_since_ms {
            return Ok(Found::Over(user.name));
        }
        if now_ms - session.seen_ms > NOTE_EVERY_MS {
            session.seen_ms = now_ms;
            self.put(token, &session)?;
        }
        Ok(Found::Alive(user))
    }

    /// Ends one session.
    pub fn end(&self, token: &str) -> anyhow::Result<()> {
        let Some(session) = self.get(token)? else { return Ok(()) };
        self.put(token, &Session { ended: true, ..session })
    }

    fn forget_old(&self, now_ms: i64) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        for row in self.store.scan(b"S") {
            let (key, bytes) = row?;
            if now_ms - parse(&bytes)?.seen_ms > REMEMBERED_MS {
                draft.delete(key);
            }
        }
        Ok(self.store.commit(draft)?)
    }

    fn get(&self, token: &str) -> anyhow::Result<Option<Session>> {
        self.store.get(key(token))?.map(|bytes| parse(&bytes)).transpose()
    }

    fn put(&self, token: &str, session: &Session) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        draft.put(key(token), postcard::to_allocvec(session)?);
        Ok(self.store.commit(draft)?)
    }
}

fn parse(bytes: &[u8]) -> anyhow::Result<Session> {
    let damaged = |error: postcard::Error| StaffError::Damaged { what: "session", why: error.to_string() };
    Ok(postcard::from_bytes(bytes).map_err(damaged)?)
}

fn key(token: &str) -> Vec<u8> {
    [b"S".as_slice(), &Sha256::digest(token.as_bytes())].concat()
}
