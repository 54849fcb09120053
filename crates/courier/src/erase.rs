//! Erasing messages from a stream: what may not be kept any longer.

use serde::{Deserialize, Serialize};

use crate::connect::check_token;
use crate::{Courier, CourierError};

/// JetStream's code for a message that isn't there (nats-server `errors.json`, JSNoMessageFoundErr).
const NO_MESSAGE_FOUND: u64 = 10037;
/// JetStream's code for a sequence that holds no message any more (JSSequenceNotFoundErrF).
const SEQUENCE_NOT_FOUND: u64 = 10043;

impl Courier {
    /// Erases every message on `subject`, a whole one without wildcards, and returns how many there were. The server
    /// writes over their bytes in its files before it forgets them (`STREAM.MSG.DELETE` without `no_erase`).
    ///
    /// A broker that loses power within its two minutes may come back with them: whoever needs them gone asks again
    /// for a lost stream.
    ///
    /// # Errors
    /// [`CourierError`]; some may be erased then, and the rest by asking again.
    pub async fn erase(&self, stream: &str, subject: &str) -> Result<u64, CourierError> {
        #[derive(Serialize)]
        struct Next<'a> {
            seq: u64,
            next_by_subj: &'a str,
        }
        #[derive(Serialize)]
        struct Delete {
            seq: u64,
        }
        #[derive(Deserialize)]
        struct Deleted {}
        check_token("a stream's name", stream)?;
        let (mut erased, mut from) = (0, 1);
        // From the first one on: asked for the last of a subject, nats-server 2.9 forgets those before one that it has
        // just erased.
        while let Some(message) =
            self.stored_message(stream, &Next { seq: from, next_by_subj: subject }).await?
        {
            let doing = format!("erase a message of {stream}");
            let api = format!("STREAM.MSG.DELETE.{stream}");
            let gone = [NO_MESSAGE_FOUND, SEQUENCE_NOT_FOUND];
            let deleted: Option<Deleted> =
                self.ask(&doing, api, &Delete { seq: message.sequence }, &gone).await?;
            erased += u64::from(deleted.is_some());
            from = message.sequence + 1;
        }
        Ok(erased)
    }
}
