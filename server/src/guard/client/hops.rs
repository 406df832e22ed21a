use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// The hops of `X-Forwarded-For`, the one next to the server first; `None` without the header. A
/// hop that is no address (`unknown`, `_hidden`, anything) is `None`.
pub(super) fn forwarded_for(
    headers: &HeaderMap,
) -> Option<impl Iterator<Item = Option<IpAddr>> + '_> {
    let name = "x-forwarded-for";
    headers.contains_key(name).then(|| {
        lines_from_the_end(headers, name)
            .flat_map(|line| line.rsplit(|byte: &u8| *byte == b','))
            .map(|hop| hop.trim_ascii())
            .filter(|hop| !hop.is_empty())
            .map(|hop| addr(unquoted(hop)))
    })
}

/// The hops of `Forwarded` (RFC 7239), in the same way.
pub(super) fn forwarded(headers: &HeaderMap) -> Option<impl Iterator<Item = Option<IpAddr>> + '_> {
    let name = "forwarded";
    headers.contains_key(name).then(|| {
        lines_from_the_end(headers, name)
            .flat_map(|line| SplitFromEnd::new(line, b','))
            .map(|element| element.trim_ascii())
            .filter(|element| !element.is_empty())
            .map(|element| addr(unquoted(node(element)?)))
    })
}

/// The values of a header, which may come in several lines, from the last.
fn lines_from_the_end<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(name).iter();
    lines.rev().map(|value| value.as_bytes())
}

/// Splits text at a separator outside quotes, from its end: what a trusted proxy appended is read
/// as it was written, whatever quotes a client left open before it.
struct SplitFromEnd<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> SplitFromEnd<'a> {
    const fn new(text: &'a [u8], separator: u8) -> Self {
        Self {
            rest: Some(text),
            separator,
        }
    }
}

impl<'a> Iterator for SplitFromEnd<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.take()?;
        let mut is_quoted = false;
        for at in (0..text.len()).rev() {
            if text[at] == b'"' && !is_escaped(text, at) {
                is_quoted = !is_quoted;
            } else if text[at] == self.separator && !is_quoted {
                self.rest = Some(&text[..at]);
                return Some(&text[at + 1..]);
            }
        }
        Some(text)
    }
}

/// True if the byte at `at` follows an odd number of backslashes.
fn is_escaped(text: &[u8], at: usize) -> bool {
    let backslashes = text[..at].iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

/// The value of the one parameter `for` of an element of `Forwarded`.
fn node(element: &[u8]) -> Option<&[u8]> {
    let mut nodes = SplitFromEnd::new(element, b';').filter_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let is_for = pair[..at].trim_ascii().eq_ignore_ascii_case(b"for");
        is_for.then(|| pair[at + 1..].trim_ascii())
    });
    let node = nodes.next()?;
    nodes.next().is_none().then_some(node)
}

/// A quoted value without its quotes; any other as it is. An address never needs an escape.
fn unquoted(value: &[u8]) -> &[u8] {
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""));
    inner.unwrap_or(value).trim_ascii()
}

/// An address as proxies write it: bare, with a port, IPv6 in brackets or with a zone.
fn addr(text: &[u8]) -> Option<IpAddr> {
    // No address with its zone and port is longer.
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| text.len() <= 100)?;
    if let Some(rest) = text.strip_prefix('[') {
        let (inner, rest) = rest.split_once(']')?;
        let is_whole = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return v6(inner).filter(|_| is_whole);
    }
    match text.parse() {
        Ok(addr) => Some(addr),
        Err(_) => match text.split_once(':') {
            Some((host, port)) if is_port(port) => host.parse().ok().map(IpAddr::V4),
            _ => v6(text),
        },
    }
}

/// An IPv6 address, with or without the zone of a link-local one (`fe80::1%eth0`).
fn v6(text: &str) -> Option<IpAddr> {
    let address = text.split('%').next()?;
    address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

/// A port as RFC 7239 has it: up to five digits, or a name that begins with `_`.
fn is_port(text: &str) -> bool {
    let is_number = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = text.strip_prefix('_').is_some_and(|name| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        !name.is_empty() && name.bytes().all(is_allowed)
    });
    is_number || is_name
}
