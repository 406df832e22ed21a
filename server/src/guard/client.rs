use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// Where a request comes from, as far as counting goes. A proxy on this machine or in its private network is believed
/// about whom it speaks for; an IPv6 address stands for its network, because a client has all of it.
pub(super) fn of(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|client| client.trim().parse().ok());
    match forwarded {
        Some(client) if is_near(peer) => network(client),
        _ => network(peer),
    }
}

fn is_near(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    }
}

fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(client) => IpAddr::V4(client),
        IpAddr::V6(client) => IpAddr::V6(Ipv6Addr::from_bits(client.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        of(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_near_proxy_is_believed_about_its_last_client() {
        assert_eq!(client("127.0.0.1", "6.6.6.6, 203.0.113.9"), "203.0.113.9");
        assert_eq!(client("10.0.0.2", "2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn a_far_peer_is_believed_about_nothing() {
        assert_eq!(client("198.51.100.7", "203.0.113.9"), "198.51.100.7");
    }

    #[test]
    fn nonsense_falls_back_on_the_peer() {
        assert_eq!(client("127.0.0.1", "unknown"), "127.0.0.1");
    }
}
