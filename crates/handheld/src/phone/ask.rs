//! What a page may ask, as JSON.

use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::HandheldError;

/// A question with the time and the random bytes that it may need: a phone's rules have neither.
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(flatten)]
    pub what: What,
    /// The phone's clock, Unix milliseconds.
    pub now_ms: i64,
    /// Ten random bytes in hexadecimal; drawn once for a question and the same when it is asked again.
    pub random: String,
    /// Who is on duty, where nobody has a PIN.
    #[serde(default)]
    pub soldier: String,
    /// Milliseconds since the phone was opened, on a clock that nobody sets. It stands still while a phone sleeps: good
    /// enough for the pauses after wrong PINs, which then only grow.
    #[serde(default)]
    pub uptime_ms: u64,
}

/// What is asked.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(super) enum What {
    /// Take a text that was scanned, typed or pasted, or one of the prompt's commands.
    Take { text: String },
    /// No more is to come for what lies on the table.
    Close,
    /// Give and record the verdict on the oldest scan that is complete.
    Judge,
    /// What would be taken back?
    Last,
    /// Take back the hand-in with this id, where it is still the last.
    Undo { of: Uuid },
    /// Let the last one through against the verdict.
    Overrule { reason: String },
    /// Enter a line of the post's paper list.
    Late { line: String },
    /// What waits, and how old the lists are.
    State,
    /// Make the next parcel for the recorder.
    Send,
    /// Take what the recorder has given back, in Base64.
    Returned { back: String },
    /// Make a bundle of all that has no receipt: for a driver, or before the phone is wiped.
    Export,
    /// Take a bundle in Base64 that a driver has brought.
    Import { bundle: String },
    /// Lock the phone.
    Lock,
    /// Count an attempt with a PIN; what it is for comes in the next question.
    Try { name: String, pin: String },
    /// Unlock with the PIN that was tried.
    Unlock,
    /// Who has a PIN.
    Soldiers,
    /// Give a soldier a PIN, by the senior soldier whose PIN was tried.
    AddSoldier { name: String, pin: String, senior: bool, salt: String },
    /// Take a soldier off the list, by the senior soldier whose PIN was tried.
    RemoveSoldier { name: String },
    /// What can be scanned in a training.
    Lessons,
    /// Scan a specimen.
    Lesson { key: String },
}

impl What {
    /// Whether it needs somebody on duty. What waits is sent, carried and counted behind the lock too.
    pub(super) fn is_work(&self) -> bool {
        matches!(
            self,
            Self::Take { .. }
                | Self::Close
                | Self::Judge
                | Self::Last
                | Self::Undo { .. }
                | Self::Overrule { .. }
                | Self::Late { .. }
                | Self::Soldiers
                | Self::AddSoldier { .. }
                | Self::RemoveSoldier { .. }
                | Self::Lesson { .. }
        )
    }

    /// Whether a training knows it: there is nobody to send to, nothing to carry and nobody to lock out.
    pub(super) fn is_for_training(&self) -> bool {
        let of_duty = matches!(self, Self::Soldiers | Self::AddSoldier { .. } | Self::RemoveSoldier { .. });
        self.is_work() && !of_duty || matches!(self, Self::State | Self::Lessons)
    }
}

impl Ask {
    pub(super) fn now(&self) -> anyhow::Result<Timestamp> {
        moment(self.now_ms)
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

/// What the page brings for a training.
#[derive(Debug, Deserialize)]
pub(super) struct TrainingOpening {
    /// The public half of a key that is thrown away with it: `U…`.
    pub public_key: String,
    /// The phone's clock, Unix milliseconds.
    pub now_ms: i64,
    /// At least 16 random bytes in hexadecimal: the specimens' keys and numbers come of them.
    pub random: String,
}

impl TrainingOpening {
    pub(super) fn now(&self) -> anyhow::Result<Timestamp> {
        moment(self.now_ms)
    }
}

fn moment(ms: i64) -> anyhow::Result<Timestamp> {
    Ok(Timestamp::from_millisecond(ms).map_err(|_| HandheldError::Clock)?)
}

/// Base64 in, bytes out; what it is stands in the error.
pub(super) fn bytes(text: &str, what: &'static str) -> anyhow::Result<Vec<u8>> {
    BASE64.decode(text.as_bytes()).map_err(|error| anyhow::anyhow!("{what} is not Base64: {error}"))
}
