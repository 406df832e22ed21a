#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue};

use super::*;

const OWN: &str = "127.0.0.1";
const XFF: &str = "x-forwarded-for";

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(HeaderName::from_static(name), value);
    }
    headers
}

/// Whom a shop takes a request for that trusts proxies on its machine and in 10.0.0.0/8.
fn client(peer: &str, lines: &[(&'static str, &str)]) -> Client {
    let proxies = TrustedProxies::parse("127.0.0.0/8, ::1, 10.0.0.0/8").unwrap();
    ClientResolver::new(proxies).client(peer.parse().unwrap(), &headers(lines))
}

fn of(addr: &str) -> Client {
    Client::new(addr.parse().unwrap())
}

#[test]
fn every_spelling_of_a_hop_is_its_address() {
    for (spelling, expected) in [
        ("203.0.113.10", "203.0.113.10"),
        ("203.0.113.10:51234", "203.0.113.10"),
        ("203.0.113.10:_gazonk", "203.0.113.10"),
        ("\"203.0.113.10\"", "203.0.113.10"),
        ("\"203.0.113.10:51234\"", "203.0.113.10"),
        (" \t203.0.113.10 ", "203.0.113.10"),
        ("::ffff:203.0.113.10", "203.0.113.10"),
        ("::ffff:cb00:710a", "203.0.113.10"),
        ("[::ffff:203.0.113.10]:443", "203.0.113.10"),
        ("2001:db8:1::5", "2001:db8:1::"),
        ("2001:DB8:1:0::5", "2001:db8:1::"),
        ("[2001:db8:1::5]", "2001:db8:1::"),
        ("[2001:db8:1::5]:443", "2001:db8:1::"),
        ("\"[2001:db8:1::5]:443\"", "2001:db8:1::"),
        ("\"[2001:db8:1::5]\"", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("[fe80::1%25eth0]:443", "fe80::"),
    ] {
        assert_eq!(client(OWN, &[(XFF, spelling)]), of(expected), "{spelling}");
        for element in [
            format!("for={spelling}"),
            format!("For={spelling};proto=https;by=10.0.0.1"),
            format!("proto=https; by=\"[::1]:80\" ; FOR = {spelling}"),
        ] {
            let found = client(OWN, &[("forwarded", &element)]);
            assert_eq!(found, of(expected), "{element}");
        }
    }
}

#[test]
fn hop_that_is_no_address_ends_at_the_proxy_that_named_it() {
    let long = "1".repeat(65_000);
    for hop in [
        "unknown",
        "_hidden",
        "\"_SEVKISEK\"",
        "-",
        "garbage",
        "203.0.113",
        "203.0.113.10:",
        "203.0.113.10:99999999",
        "203.0.113.10:80:80",
        "[2001:db8::5",
        "2001:db8::5]",
        "[2001:db8::5]x",
        "[203.0.113.10]",
        "\"203.0.113.10",
        "256.1.1.1",
        "0x7f.1",
        "\u{e9}",
        &long,
    ] {
        assert_eq!(client(OWN, &[(XFF, hop)]), of(OWN), "{hop:.40}");
        // What stands to the left of it is a client's own word.
        let list = format!("198.51.100.7, {hop}");
        assert_eq!(client(OWN, &[(XFF, &list)]), of(OWN), "{hop:.40}");
        let list = format!("198.51.100.7, {hop}, 10.0.0.4");
        assert_eq!(client(OWN, &[(XFF, &list)]), of("10.0.0.4"), "{hop:.40}");
    }
    for element in [
        "for=unknown",
        "for=\"_hidden\"",
        "proto=https",
        "for=",
        "for",
        ";;",
        "for=1.2.3.4;for=1.2.3.4",
    ] {
        let list = format!("for=198.51.100.7, {element}");
        assert_eq!(client(OWN, &[("forwarded", &list)]), of(OWN), "{element}");
    }
}

#[test]
fn hops_are_walked_from_the_right_over_trusted_ones() {
    for (list, expected) in [
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9, 10.0.0.4", "203.0.113.9"),
        (
            "198.51.100.7, 203.0.113.9:1, 10.0.0.4:80, 10.9.9.9",
            "203.0.113.9",
        ),
        ("127.0.0.1, 203.0.113.9, 127.0.0.1", "203.0.113.9"),
        ("203.0.113.9, ::ffff:10.0.0.4", "203.0.113.9"),
        ("203.0.113.9,,10.0.0.4, ,", "203.0.113.9"),
        ("10.0.0.5, 10.0.0.4", "10.0.0.5"),
        (", ,", OWN),
        ("", OWN),
    ] {
        assert_eq!(client(OWN, &[(XFF, list)]), of(expected), "{list}");
        let elements: Vec<_> = list
            .split(',')
            .map(|hop| match hop.trim() {
                "" => String::new(),
                hop => format!("for=\"{hop}\";proto=http"),
            })
            .collect();
        let forwarded = elements.join(",");
        assert_eq!(
            client(OWN, &[("forwarded", &forwarded)]),
            of(expected),
            "{forwarded}"
        );
        let lines: Vec<_> = list.split(',').map(|hop| (XFF, hop)).collect();
        assert_eq!(
            client(OWN, &lines),
            of(expected),
            "{list} in lines of their own"
        );
    }
}

#[test]
fn peer_that_is_not_trusted_is_believed_about_nothing() {
    for peer in ["198.51.100.7", "192.168.0.1", "2001:db8::1", "11.0.0.1"] {
        for lines in [
            [(XFF, "203.0.113.9")],
            [("forwarded", "for=203.0.113.9")],
            [(XFF, "127.0.0.1")],
        ] {
            assert_eq!(client(peer, &lines), of(peer), "{peer}");
        }
    }
    assert_eq!(
        client("::ffff:10.0.0.1", &[(XFF, "203.0.113.9")]),
        of("203.0.113.9")
    );
    assert_eq!(client(OWN, &[]), of(OWN));
}

#[test]
fn two_headers_are_believed_when_they_agree() {
    let both =
        |forwarded_for, forwarded| client(OWN, &[(XFF, forwarded_for), ("forwarded", forwarded)]);
    let same = both("203.0.113.9:1", "for=198.51.100.7, for=\"203.0.113.9:2\"");
    assert_eq!(same, of("203.0.113.9"));
    // A proxy wrote one of them; the other is the client's own, whichever it is.
    for other in [
        "for=198.51.100.7",
        "for=198.51.100.8",
        "for=unknown",
        "garbage",
        "",
    ] {
        assert_eq!(both("203.0.113.9", other), of(OWN), "{other}");
    }
}

#[test]
fn open_quote_of_a_client_does_not_swallow_what_a_proxy_appends() {
    for forged in [
        "for=\"",
        "for=\"198.51.100.7",
        "\"",
        "for=\"\\\"",
        "\\",
        "for=\"a, b\\",
    ] {
        let list = format!("{forged}, for=\"203.0.113.9:80\";by=\"a, b; c\"");
        assert_eq!(
            client(OWN, &[("forwarded", &list)]),
            of("203.0.113.9"),
            "{forged}"
        );
        let list = format!("{forged}, for=203.0.113.9");
        assert_eq!(
            client(OWN, &[("forwarded", &list)]),
            of("203.0.113.9"),
            "{forged}"
        );
    }
}

#[test]
fn header_of_64_kilobytes_costs_next_to_nothing() {
    let started = Instant::now();
    for hop in [
        "127.0.0.1, ",
        "203.0.113.9, ",
        "x",
        ",",
        "\"",
        "[",
        "\\\"",
        "unknown, ",
    ] {
        let list = hop.repeat(65_536 / hop.len());
        client(OWN, &[(XFF, &list)]);
        client(OWN, &[("forwarded", &list)]);
        client(OWN, &[("forwarded", &format!("for={list}"))]);
    }
    let hops = "for=127.0.0.1, ".repeat(4_000);
    assert_eq!(client(OWN, &[("forwarded", &hops)]), of(OWN));
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn untrusted_proxy_is_warned_about_once() {
    let resolver = ClientResolver::new(TrustedProxies::default());
    let warned = |warning: Warning| resolver.0.has_warned[warning as usize].load(Ordering::Relaxed);
    let forwarded = headers(&[(XFF, "203.0.113.9")]);
    resolver.client("192.168.0.1".parse().unwrap(), &headers(&[]));
    assert!(!warned(Warning::NearPeer));
    resolver.client("192.168.0.1".parse().unwrap(), &forwarded);
    assert!(warned(Warning::NearPeer) && !warned(Warning::FarPeer));
    resolver.client("198.51.100.7".parse().unwrap(), &forwarded);
    assert!(warned(Warning::FarPeer) && !warned(Warning::Contradiction));
    assert!(!resolver.is_first(Warning::NearPeer));
}
