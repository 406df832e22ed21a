use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network that a request comes from, which is what limits count: an IPv4 address, or the /64
/// of an IPv6 address, because a client has all of it. An IPv4-mapped IPv6 address is its IPv4
/// address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Client(IpAddr);

impl Client {
    /// The client with this address.
    pub fn new(addr: IpAddr) -> Self {
        Self(match addr.to_canonical() {
            IpAddr::V4(addr) => IpAddr::V4(addr),
            IpAddr::V6(addr) => IpAddr::V6(masked(addr, 64)),
        })
    }

    /// All clients whose address the server does not know, as one.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The network as logs name it: shortened to a /24, or a /48 of IPv6, so that it names no
    /// person.
    pub fn shortened(self) -> impl fmt::Display {
        Shortened(self.0)
    }

    /// The first address of the network.
    pub const fn network(self) -> IpAddr {
        self.0
    }
}

struct Shortened(IpAddr);

impl fmt::Display for Shortened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(addr) => {
                let [a, b, c, _] = addr.octets();
                write!(f, "{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(addr) => write!(f, "{}/48", masked(addr, 48)),
        }
    }
}

/// The first `bits` of an address; the others are zero.
fn masked(addr: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(addr.to_bits() & (u128::MAX << (128 - bits)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn client(addr: &str) -> Client {
        Client::new(addr.parse().unwrap())
    }

    #[test]
    fn client_is_an_ipv4_address_or_a_network_of_64_bits() {
        assert_eq!(client("203.0.113.9"), client("::ffff:203.0.113.9"));
        assert_ne!(client("203.0.113.9"), client("203.0.113.10"));
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff:4:5:6"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
    }

    #[test]
    fn shortened_address_names_no_person() {
        let shortened = |addr| client(addr).shortened().to_string();
        assert_eq!(shortened("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(shortened("::ffff:203.0.113.9"), "203.0.113.0/24");
        assert_eq!(shortened("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    }
}
