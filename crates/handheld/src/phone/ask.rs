//! What a page may ask, as JSON.

use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use serde::Deserialize;

use crate::HandheldError;

/// A question with the time and the random bytes that it may need: a phone's rules have neither.
#[derive(Debug, Deserialize)]
pub(super) struct Ask {
    #[serde(flatten)]
    pub what: What,
    /// The phone's clock, Unix milliseconds.
    pub now_ms: i64,
    /// Ten random bytes in hexadecimal; drawn once for a question and the same when it is asked again.
    pub random: String,
    /// Who is on duty.
    #[serde(default)]
    pub soldier: String,
}

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(super) enum What {
    /// Take a text that was scanned, typed or pasted, or one of the prompt's commands.
    Take { text: String },
    /// No more is to come for what lies on the table.
    Close,
    /// Give and record the verdict on the oldest scan that is complete.
    Judge,
    /// Take the last hand-in back.
    Undo,
    /// Let the last one through against the verdict.
    Overrule { reason: String },
    /// What waits, and how old the lists are.
    State,
    /// Make the next parcel for the recorder.
    Send,
    /// Take what the recorder has given back, in Base64.
    Returned { back: String },
    /// Make a bundle of all that has no receipt, before the phone is wiped.
    Kept,
}

impl Ask {
    pub(super) fn now(&self) -> anyhow::Result<Timestamp> {
        Ok(Timestamp::from_millisecond(self.now_ms).map_err(|_| HandheldError::Clock)?)
    }

    pub(super) fn random(&self) -> anyhow::Result<[u8; 10]> {
        let bytes = HEXLOWER.decode(self.random.as_bytes())?;
        <[u8; 10]>::try_from(bytes)
            .map_err(|bytes| anyhow::anyhow!("{} random bytes instead of 10", bytes.len()))
    }

    /// Four of the random bytes, for what needs no more.
    pub(super) fn draw(&self) -> anyhow::Result<u32> {
        let [a, b, c, d, ..] = self.random()?;
        Ok(u32::from_be_bytes([a, b, c, d]))
    }
}

/// What the page knows of a phone when it opens it, beside its rows.
#[derive(Debug, Deserialize)]
pub(super) struct Opening {
    /// The profile as [`super::enrolled`] gave it.
    pub profile: crate::device::Profile,
    /// The public half of its key: `U…`.
    pub public_key: String,
    /// The phone's clock, Unix milliseconds.
    pub now_ms: i64,
    /// 28 random bytes in hexadecimal, others each time: each opening begins a new epoch, so a copied database does too.
    pub random: String,
}

impl Opening {
    /// The mark of this opening, and the random bits of its epoch.
    pub(super) fn random(&self) -> anyhow::Result<([u8; 24], u32)> {
        let bytes = HEXLOWER.decode(self.random.as_bytes())?;
        let (mark, rest) =
            bytes.split_first_chunk().ok_or_else(|| anyhow::anyhow!("too few random bytes"))?;
        Ok((*mark, u32::from_be_bytes(rest.try_into()?)))
    }
}

/// Base64 in, bytes out; what it is stands in the error.
pub(super) fn bytes(text: &str, what: &'static str) -> anyhow::Result<Vec<u8>> {
    BASE64.decode(text.as_bytes()).map_err(|error| anyhow::anyhow!("{what} is not Base64: {error}"))
}
