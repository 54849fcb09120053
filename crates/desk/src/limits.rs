//! How often strangers may do what fills our disk: by address, in memory.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use propusk_boot::http::network;

/// Orders that an address may begin in an hour. A hotel's guests share one.
const ORDERS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Messages that an address may send in an hour.
const MESSAGES: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// Counts what strangers do.
pub(crate) struct Limits {
    orders: DefaultKeyedRateLimiter<IpAddr>,
    messages: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |quota| RateLimiter::keyed(Quota::per_hour(quota));
        Self { orders: limit(ORDERS), messages: limit(MESSAGES) }
    }
}

impl Limits {
    /// Counts an order; how long to wait where it is one too many.
    pub(crate) fn order(&self, address: IpAddr) -> Result<(), Duration> {
        self.orders.retain_recent();
        count(&self.orders, address)
    }

    /// Counts a message; how long to wait where it is one too many.
    pub(crate) fn message(&self, address: IpAddr) -> Result<(), Duration> {
        self.messages.retain_recent();
        count(&self.messages, address)
    }
}

fn count(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<(), Duration> {
    limiter.check_key(&network(address)).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_stopped_and_its_neighbour_is_not() {
        let limits = Limits::default();
        let address = |host: u32| -> IpAddr { format!("2001:db8::{host:x}").parse().unwrap() };
        assert!((0..ORDERS.get()).all(|host| limits.order(address(host)).is_ok()));
        assert!(limits.order(address(9999)).is_err());
        assert!(limits.order("2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(limits.message(address(1)).is_ok());
    }
}
