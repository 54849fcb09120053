//! Whom a limit counts by.

use std::net::{IpAddr, Ipv6Addr};

/// The network part of an IPv6 address: whoever has one has 2⁶⁴ of them.
const NETWORK_V6: u128 = !0 << 64;

/// The address that a limit counts a caller by: of an IPv6 address its network, of an IPv4 address in the clothes of
/// IPv6 the address.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK_V6).into(),
        v4 => v4,
    }
}
