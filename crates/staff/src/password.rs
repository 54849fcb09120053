//! Passwords: what may be one, and how it is kept.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// The shortest password, in characters (NIST SP 800-63B §3.1.1.2 asks for 8 where it is not the only factor, 15 where
/// it is; an office's own network and the lock-out stand between).
const SHORTEST: usize = 10;
/// The longest, in bytes: hashing takes as long for anything longer.
const LONGEST: usize = 200;
/// Argon2id's cost: 19 MiB, two passes, one lane (OWASP's password storage cheat sheet, 2024).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;

/// A password that can't be one; each has its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// Too long.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
    /// The name, or one character again and again.
    #[error("this password is the first that anybody would guess")]
    Guessable,
}

impl PasswordError {
    /// The id of its sentence.
    pub fn id(self) -> &'static str {
        match self {
            Self::Short => "staff-password-short",
            Self::Long => "staff-password-long",
            Self::Guessable => "staff-password-guessable",
        }
    }
}

/// A password as it is kept: with its salt and the cost that it was hashed at, so that the cost can be raised later.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Hashed {
    memory_kib: u32,
    passes: u32,
    salt: [u8; 16],
    hash: [u8; HASH_BYTES],
}

impl Hashed {
    /// Hashes a password that may be one for the user `name`.
    pub(crate) fn of(password: &str, name: &str, salt: [u8; 16]) -> anyhow::Result<Self> {
        check(password, name)?;
        let mut hashed = Self { memory_kib: MEMORY_KIB, passes: PASSES, salt, hash: [0; HASH_BYTES] };
        hashed.hash = hashed.hash(password)?;
        Ok(hashed)
    }

    /// A hash that no password has: it is compared with where there is no such user, so that both take the same time.
    pub(crate) fn of_nobody() -> Self {
        Self { memory_kib: MEMORY_KIB, passes: PASSES, salt: [0; 16], hash: [0; HASH_BYTES] }
    }

    /// Whether this is the password.
    pub(crate) fn matches(&self, password: &str) -> anyhow::Result<bool> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let given = self.hash(password)?;
        let difference =
            self.hash.iter().zip(given).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
        Ok(difference == 0)
    }

    fn hash(&self, password: &str) -> anyhow::Result<[u8; HASH_BYTES]> {
        let broken = |error: argon2::Error| anyhow::anyhow!("argon2: {error}");
        let params = Params::new(self.memory_kib, self.passes, LANES, Some(HASH_BYTES)).map_err(broken)?;
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), &self.salt, &mut hash)
            .map_err(broken)?;
        Ok(hash)
    }
}

fn check(password: &str, name: &str) -> Result<(), PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::Long);
    }
    let folded = password.to_lowercase();
    let mut letters: Vec<char> = folded.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let is_name = folded.trim_matches(|c: char| !c.is_alphabetic()) == name.to_lowercase();
    if is_name || letters.len() < 4 { Err(PasswordError::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_matches() {
        let hashed = Hashed::of("Ысык-Көл 2026 жай", "aida", [7; 16]).unwrap();
        assert!(hashed.matches("Ысык-Көл 2026 жай").unwrap());
        assert!(!hashed.matches("Ысык-Көл 2026 жаз").unwrap() && !hashed.matches("").unwrap());
        assert!(!Hashed::of_nobody().matches("").unwrap());
    }

    #[test]
    fn what_anybody_would_guess_is_refused() {
        assert_eq!(check("123456789", "aida"), Err(PasswordError::Short));
        assert_eq!(check("aidabekovna2026", "aidabekovna"), Err(PasswordError::Guessable));
        assert_eq!(check("1111111111111", "aida"), Err(PasswordError::Guessable));
        assert_eq!(check(&"ab12".repeat(100), "aida"), Err(PasswordError::Long));
        assert_eq!(check("three copies for Karasay", "aida"), Ok(()));
    }
}
