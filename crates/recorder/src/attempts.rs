//! How often an address may try something: an enrolment code, or to bring a parcel. A code has 80 random bits and a short life, so nobody guesses one;
//! what this limits is the noise and the work of trying.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use propusk_boot::http::network;

/// From so many addresses on, those that have all their attempts left are forgotten.
const MANY: usize = 10_000;

/// Attempts by address.
pub(crate) struct Attempts(DefaultKeyedRateLimiter<IpAddr>);

impl Attempts {
    pub(crate) fn new(per_hour: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(per_hour)))
    }

    /// Counts one attempt; false when there were too many.
    pub(crate) fn may_try(&self, address: IpAddr) -> bool {
        if self.0.len() > MANY {
            self.0.retain_recent();
        }
        self.0.check_key(&network(address)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_its_attempts() {
        let attempts = Attempts::new(NonZeroU32::new(2).unwrap());
        let tries = |text: &str| attempts.may_try(text.parse().unwrap());
        assert!(tries("203.0.113.9") && tries("203.0.113.9") && !tries("203.0.113.9"));
        assert!(!tries("::ffff:203.0.113.9"), "the same address in other clothes");
        assert!(tries("203.0.113.10"));
        assert!(tries("2001:db8::1") && tries("2001:db8::2") && !tries("2001:db8::3"));
    }
}
