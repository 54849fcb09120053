//! The limit on wrong guesses of a password: after five for a name, or twenty from an address, no further guess is looked
//! at for a quarter of an hour.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const FOR_A_NAME: u32 = 5;
const FROM_AN_ADDRESS: u32 = 20;
const LOCKED_MS: i64 = 15 * 60 * 1000;
/// So many names and addresses are remembered; beyond that the oldest go.
const REMEMBERED: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(IpAddr),
}

struct Failures {
    count: u32,
    last_ms: i64,
}

/// Counts of failures, in memory.
#[derive(Default)]
pub(crate) struct Attempts {
    failures: Mutex<HashMap<Who, Failures>>,
}

impl Attempts {
    /// Minutes until another guess is looked at, or `None` where one may be made now.
    pub(crate) fn locked_for(&self, name: &str, address: IpAddr, now_ms: i64) -> Option<i64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |(who, most): (Who, u32)| {
            let failed = failures.get(&who).filter(|failed| failed.count >= most)?;
            Some(failed.last_ms + LOCKED_MS - now_ms).filter(|left| *left > 0)
        };
        let longest = limits(name, address).into_iter().filter_map(left).max()?;
        Some((longest + 59_999) / 60_000)
    }

    /// Notes a wrong guess.
    pub(crate) fn failed(&self, name: &str, address: IpAddr, now_ms: i64) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, failed| now_ms - failed.last_ms < LOCKED_MS);
        if failures.len() >= REMEMBERED {
            let oldest = failures.iter().min_by_key(|(_, failed)| failed.last_ms).map(|(who, _)| who.clone());
            oldest.map(|who| failures.remove(&who));
        }
        for (who, _) in limits(name, address) {
            let failed = failures.entry(who).or_insert(Failures { count: 0, last_ms: now_ms });
            failed.count += 1;
            failed.last_ms = now_ms;
        }
    }

    /// Forgets a name's wrong guesses after the right one; an address's stay.
    pub(crate) fn succeeded(&self, name: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Who::Name(fold(name)));
    }
}

fn limits(name: &str, address: IpAddr) -> [(Who, u32); 2] {
    [(Who::Name(fold(name)), FOR_A_NAME), (Who::Address(address), FROM_AN_ADDRESS)]
}

fn fold(name: &str) -> String {
    name.trim().chars().take(64).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));

    #[test]
    fn the_sixth_guess_waits_a_quarter_of_an_hour_from_anywhere() {
        let attempts = Attempts::default();
        for minute in 0..5 {
            assert_eq!(attempts.locked_for("Aida", HOME, minute * 60_000), None);
            attempts.failed("Aida", HOME, minute * 60_000);
        }
        assert_eq!(attempts.locked_for("aida ", AWAY, 4 * 60_000), Some(15));
        assert_eq!(attempts.locked_for("bakyt", HOME, 4 * 60_000), None, "a colleague at the same place");
        assert_eq!(attempts.locked_for("aida", HOME, 19 * 60_000), None);
    }

    #[test]
    fn an_address_that_tries_many_names_is_locked_out_and_a_right_guess_clears_the_name() {
        let attempts = Attempts::default();
        for guess in 0..20 {
            attempts.failed(&format!("name{guess}"), AWAY, 0);
        }
        assert_eq!(attempts.locked_for("aida", AWAY, 1), Some(15));
        assert_eq!(attempts.locked_for("aida", HOME, 1), None);
        for _ in 0..4 {
            attempts.failed("aida", HOME, 2);
        }
        attempts.succeeded("aida");
        attempts.failed("aida", HOME, 3);
        assert_eq!(attempts.locked_for("aida", HOME, 4), None);
    }
}
