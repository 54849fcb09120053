//! How often somebody may guess: attempts per permit number and per address (DESIGN.md §5).

use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderValue;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use propusk_boot::http::network;
use propusk_boot::{Language, Locales};
use propusk_permit::PermitNumber;

use crate::config::VerifyConfig;

/// Counts attempts. Known and unknown permit numbers count alike.
pub(crate) struct Limits {
    numbers: DefaultKeyedRateLimiter<PermitNumber>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

/// Asked too often: when to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooOften {
    pub retry_after: Duration,
}

impl TooOften {
    /// How long to wait, in words.
    pub(crate) fn text(self, language: Language) -> String {
        let minutes = self.retry_after.as_secs().div_ceil(60).max(1).to_string();
        Locales::embedded().tell(language, "permit-too-often", &[("minutes", minutes)])
    }

    /// The value of `Retry-After`, in seconds.
    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from(self.retry_after.as_secs().max(1))
    }
}

impl Limits {
    pub(crate) fn new(config: &VerifyConfig) -> Self {
        Self {
            numbers: RateLimiter::keyed(Quota::per_hour(config.attempts_per_number_per_hour)),
            addresses: RateLimiter::keyed(Quota::per_hour(config.attempts_per_address_per_hour)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one attempt of an address; does not look at the number.
    pub(crate) fn address(&self, address: IpAddr) -> Result<(), TooOften> {
        self.addresses
            .check_key(&network(address))
            .map_err(|until| TooOften { retry_after: until.wait_time_from(self.clock.now()) })
    }

    /// Counts one attempt at a number.
    pub(crate) fn number(&self, number: &PermitNumber) -> Result<(), TooOften> {
        self.numbers
            .check_key(number)
            .map_err(|until| TooOften { retry_after: until.wait_time_from(self.clock.now()) })
    }

    /// Forgets whoever has all attempts left again, so that memory follows the attempts of the last hour.
    pub(crate) fn tidy(&self) {
        self.numbers.retain_recent();
        self.addresses.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn attempts_run_out_per_number_and_per_network() {
        let limits = Limits::new(&VerifyConfig {
            listen: String::new(),
            attempts_per_number_per_hour: NonZeroU32::new(2).unwrap(),
            attempts_per_address_per_hour: NonZeroU32::new(3).unwrap(),
        });
        let (one, other) = (PermitNumber::draw(|| [1; 8]), PermitNumber::draw(|| [4; 8]));
        assert!(limits.number(&one).is_ok() && limits.number(&one).is_ok());
        let wait = limits.number(&one).unwrap_err().retry_after;
        assert!(wait > Duration::from_secs(60) && wait <= Duration::from_secs(1800), "{wait:?}");
        assert!(limits.number(&other).is_ok());
        for host in 1..=3 {
            assert!(limits.address(format!("2001:db8:1:2::{host}").parse().unwrap()).is_ok());
        }
        assert!(limits.address("2001:db8:1:2:ffff::1".parse().unwrap()).is_err());
        assert!(limits.address("2001:db8:1:3::1".parse().unwrap()).is_ok());
        limits.tidy();
        assert!(limits.address("2001:db8:1:2::9".parse().unwrap()).is_err());
    }
}
