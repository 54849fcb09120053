//! A soldier's PIN: what may be one, how it is kept, and how long to wait after wrong ones.
//!
//! A PIN keeps people at the post from working under each other's names. Whoever takes the disk out can try all the
//! digits there are, however slow the hash is: `ops/stolen-device.md` says what that gains.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// Fewest digits: with the pauses below, guessing six of them at the prompt takes a year for one chance in thirty.
pub const SHORTEST: usize = 6;
/// Most digits.
pub const LONGEST: usize = 12;
/// Argon2id's cost, as for the desk's passwords: 19 MiB, two passes, one lane (OWASP, 2024).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
/// So many wrong PINs, one after the other, cost nothing.
pub const FREE: u32 = 5;
/// The pause after the next one, in milliseconds; it doubles with each.
const FIRST_PAUSE_MS: u64 = 30_000;
/// The longest pause, in milliseconds.
pub const LONGEST_PAUSE_MS: u64 = 15 * 60_000;

/// Digits that can't be a PIN. The Fluent sentence is `pin-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Not 6 to 12 digits.
    #[error("a PIN has {SHORTEST} to {LONGEST} digits")]
    Digits,
    /// One digit again and again, or digits in their order.
    #[error("this PIN is the first that anybody would guess")]
    Guessable,
}

impl PinError {
    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Guessable => "guessable",
        }
    }
}

/// A PIN as it is kept: with its salt and the cost that it was hashed at, so that the cost can be raised later.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Hashed {
    memory_kib: u32,
    passes: u32,
    salt: [u8; 16],
    hash: [u8; HASH_BYTES],
}

impl Hashed {
    /// Hashes digits that may be a PIN.
    pub(crate) fn of(pin: &str, salt: [u8; 16]) -> anyhow::Result<Self> {
        check(pin)?;
        let mut hashed = Self { memory_kib: MEMORY_KIB, passes: PASSES, salt, hash: [0; HASH_BYTES] };
        hashed.hash = hashed.hash(pin)?;
        Ok(hashed)
    }

    /// A hash that no PIN has, for a name that nobody has: both take the same time.
    pub(crate) fn of_nobody() -> Self {
        Self { memory_kib: MEMORY_KIB, passes: PASSES, salt: [0; 16], hash: [0; HASH_BYTES] }
    }

    /// Whether this is the PIN.
    pub(crate) fn matches(&self, pin: &str) -> anyhow::Result<bool> {
        let given = self.hash(pin.get(..LONGEST + 1).unwrap_or(pin))?;
        let difference =
            self.hash.iter().zip(given).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
        Ok(difference == 0)
    }

    fn hash(&self, pin: &str) -> anyhow::Result<[u8; HASH_BYTES]> {
        let broken = |error: argon2::Error| anyhow::anyhow!("argon2: {error}");
        let params = Params::new(self.memory_kib, self.passes, LANES, Some(HASH_BYTES)).map_err(broken)?;
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(pin.as_bytes(), &self.salt, &mut hash)
            .map_err(broken)?;
        Ok(hash)
    }
}

fn check(pin: &str) -> Result<(), PinError> {
    let digits = pin.as_bytes();
    if !(SHORTEST..=LONGEST).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(PinError::Digits);
    }
    let step = |pair: &[u8]| (i16::from(pair[1]) - i16::from(pair[0])).rem_euclid(10);
    let mut steps = digits.windows(2).map(step);
    let first = steps.next();
    if matches!(first, Some(0 | 1 | 9)) && steps.all(|step| Some(step) == first) {
        return Err(PinError::Guessable);
    }
    Ok(())
}

/// Wrong PINs since the last right one, and when the last of them was typed: on the monotonic clock, because the other
/// one can be set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// How many.
    pub count: u32,
    /// The boot epoch of the last one.
    pub epoch: u64,
    /// The monotonic clock then, in milliseconds.
    pub uptime_ms: u64,
}

impl Wrong {
    /// One more.
    #[must_use]
    pub fn again(self, epoch: u64, uptime_ms: u64) -> Self {
        Self { count: self.count.saturating_add(1), epoch, uptime_ms }
    }

    /// How long no PIN is looked at, in milliseconds. After a start of the machine the whole pause begins anew, with the
    /// start: no restart shortens it.
    #[must_use]
    pub fn wait_ms(self, epoch: u64, uptime_ms: u64) -> u64 {
        let Some(beyond) = self.count.checked_sub(FREE) else { return 0 };
        let pause = FIRST_PAUSE_MS.checked_shl(beyond.min(16)).unwrap_or(u64::MAX).min(LONGEST_PAUSE_MS);
        let same_start = epoch == self.epoch && uptime_ms >= self.uptime_ms;
        let since = if same_start { self.uptime_ms } else { 0 };
        since.saturating_add(pause).saturating_sub(uptime_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pin_matches() {
        let hashed = Hashed::of("270418", [7; 16]).unwrap();
        assert!(hashed.matches("270418").unwrap());
        for other in ["270419", "", "2704180", "27041", &"9".repeat(5000)] {
            assert!(!hashed.matches(other).unwrap(), "{other}");
        }
        assert!(!Hashed::of_nobody().matches("").unwrap());
        let salted = Hashed::of("270418", [8; 16]).unwrap();
        assert_ne!(hashed.hash, salted.hash);
    }

    #[test]
    fn what_anybody_would_guess_is_refused() {
        for pin in ["000000", "111111", "123456", "654321", "890123", "210987"] {
            assert_eq!(check(pin), Err(PinError::Guessable), "{pin}");
        }
        for pin in ["", "27041", "1234567890123", "27041a", "२७०४१८", " 270418"] {
            assert_eq!(check(pin), Err(PinError::Digits), "{pin}");
        }
        assert_eq!(check("270418"), Ok(()));
    }

    #[test]
    fn pauses_grow_and_neither_clock_nor_restart_shortens_them() {
        let mut wrong = Wrong::default();
        for _ in 0..FREE - 1 {
            wrong = wrong.again(1, 1000);
        }
        assert_eq!(wrong.wait_ms(1, 1000), 0);
        wrong = wrong.again(1, 2000);
        assert_eq!((wrong.wait_ms(1, 2000), wrong.wait_ms(1, 31_999)), (30_000, 1));
        assert_eq!(wrong.wait_ms(1, 32_000), 0);
        assert_eq!(wrong.wait_ms(2, 500), 29_500, "after a restart it begins with the start");
        for _ in 0..40 {
            wrong = wrong.again(1, 2000);
        }
        assert_eq!(wrong.wait_ms(1, 2000), LONGEST_PAUSE_MS);
    }
}
