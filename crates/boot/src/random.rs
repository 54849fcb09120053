//! The only place that asks the system for random bytes, and the identifiers made of them.

use jiff::Timestamp;
use uuid::Uuid;

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error(
    "the operating system gave no random bytes ({0}); no number, key or token can be made safely without them"
)]
pub struct RandomError(getrandom::Error);

/// Random bytes that an operator or service token carries: 256 bits.
const TOKEN_BYTES: usize = 32;

/// `N` bytes from the operating system's cryptographic random source.
///
/// # Errors
/// [`RandomError`] when the system has no such source or it fails.
#[allow(clippy::disallowed_methods)] // The one place where the system is asked for randomness.
pub fn bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(RandomError)?;
    Ok(bytes)
}

/// A UUID of version 7 (RFC 9562 §5.7): 48 bits of milliseconds since 1970, then 74 of the 80 random bits.
///
/// A time before 1970 counts as 1970.
pub fn uuid_v7(now: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A fresh secret for a bearer token: 64 lower-case hexadecimal characters, 256 random bits.
///
/// # Errors
/// As [`bytes`].
pub fn token() -> Result<String, RandomError> {
    let bytes = bytes::<TOKEN_BYTES>()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(bytes::<16>().unwrap(), bytes::<16>().unwrap());
        let token = token().unwrap();
        assert_eq!(token.len(), 64);
        assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn uuid_v7_has_the_example_layout_of_rfc_9562() {
        // RFC 9562, appendix A.6: 22 February 2022 19:22:22 UTC, unix_ts_ms 0x017F22E279B0, rand_a 0xCC3,
        // rand_b 0x18C4DC0C0C07398F.
        let now: Timestamp = "2022-02-22T19:22:22Z".parse().unwrap();
        let random = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F];
        assert_eq!(uuid_v7(now, random).to_string(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    #[test]
    fn ids_sort_by_time() {
        let earlier: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-06-01T00:00:00.001Z".parse().unwrap();
        assert!(uuid_v7(earlier, [0xFF; 10]) < uuid_v7(later, [0; 10]));
    }
}
