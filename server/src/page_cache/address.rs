use axum::http::{Method, Uri};

use crate::percent;

/// The address of a store page, written in one way: whatever else a request's path and query have
/// does not change the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address(Box<str>);

/// The parameters of lists that lead from page to page. A list has one of them at most.
const CURSORS: [&str; 2] = ["after", "before"];

/// The longest address, in bytes; far longer than those of a shop.
const LONGEST: usize = 512;

impl Address {
    /// The address of a request for a store page; `None` for any other request, and for a page with
    /// a notice about what was just done.
    pub(super) fn of(method: &Method, uri: &Uri) -> Option<Self> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        Self::parse(uri.path(), uri.query().unwrap_or_default())
    }

    /// The address that a link of one of our own pages leads to.
    pub(super) fn of_link(link: &str) -> Option<Self> {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        Self::parse(path, query)
    }

    pub(super) fn has_parameter(&self) -> bool {
        self.0.contains('?')
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn uri(&self) -> Uri {
        // Nothing but letters, digits and encoded bytes is in it.
        self.0.parse().unwrap_or_default()
    }

    fn parse(path: &str, query: &str) -> Option<Self> {
        if path.len().saturating_add(query.len()) > 4 * LONGEST {
            return None;
        }
        let mut segments = path.strip_prefix('/')?.split('/');
        let (mut address, is_list) = match (segments.next()?, segments.next(), segments.next()) {
            ("", None, None) => ("/".to_owned(), false),
            ("products", None, None) => ("/products".to_owned(), true),
            (folder @ ("products" | "collections"), Some(slug), None) => {
                let slug = canonical(slug)?;
                (format!("/{folder}/{slug}"), folder == "collections")
            }
            _ => return None,
        };
        // The framework's note that an action failed.
        if query.contains("__err=") {
            return None;
        }
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let cursor = pairs
            .filter(|(name, value)| is_list && CURSORS.contains(name) && !value.is_empty())
            .map(|(name, value)| Some(format!("?{name}={}", canonical(value)?)))
            .next();
        if let Some(cursor) = cursor {
            address.push_str(&cursor?);
        }
        (address.len() <= LONGEST).then(|| Self(address.into()))
    }
}

/// A part of an address with all of its bytes encoded that may be; `None` when it is empty, no text,
/// or would mean something else to who decodes it twice.
fn canonical(part: &str) -> Option<String> {
    if !part.is_empty() && part.bytes().all(percent::is_unreserved) {
        return Some(part.to_owned());
    }
    let decoded = String::from_utf8(percent::decode(part.as_bytes())).ok()?;
    let is_plain = |letter: char| !letter.is_control() && !matches!(letter, '%' | '/' | '\\' | '+');
    (!decoded.is_empty() && decoded.chars().all(is_plain))
        .then(|| percent::encode(decoded.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &str) -> Option<String> {
        let uri = uri.parse().ok()?;
        Address::of(&Method::GET, &uri).map(|address| address.0.into())
    }

    #[test]
    fn address_is_the_same_however_it_is_written() {
        for (written, canonical) in [
            ("/", "/"),
            ("/?utm_source=x&after=1.a", "/"),
            ("/products", "/products"),
            ("/products?x=1", "/products"),
            ("/products?after=", "/products"),
            (
                "/products?x=1&after=2.low-water&y",
                "/products?after=2.low-water",
            ),
            ("/products?before=2.a&after=3.b", "/products?before=2.a"),
            ("/products/low-water?after=2.a", "/products/low-water"),
            ("/products/%6cow%2Dwater", "/products/low-water"),
            ("/products/%f0%9f%8c%8a", "/products/%F0%9F%8C%8A"),
            ("/products/it's", "/products/it%27s"),
            (
                "/collections/tides?after=1.a",
                "/collections/tides?after=1.a",
            ),
            (
                "/collections/tides?after=1%2Ea",
                "/collections/tides?after=1.a",
            ),
        ] {
            assert_eq!(address(written).as_deref(), Some(canonical), "{written}");
        }
    }

    #[test]
    fn address_of_another_page_or_of_a_notice_is_none() {
        for uri in [
            "/cart",
            "/orders/abc",
            "/admin",
            "/collections",
            "/products/",
            "/products/a/b",
            "/products/a/",
            "/products/%25",
            "/products/%252e",
            "/products/%ff",
            "/products/%0a",
            "/products/low-water?__err=e30",
            "/products?x=__err=1",
            "/products?after=1%00",
            "/products?after=%25",
        ] {
            assert_eq!(address(uri), None, "{uri}");
        }
        for length in [600, 30_000] {
            assert_eq!(address(&format!("/products/{}", "x".repeat(length))), None);
        }
        let uri = Uri::from_static("/products");
        assert_eq!(Address::of(&Method::POST, &uri), None);
        assert!(Address::of(&Method::HEAD, &uri).is_some());
    }
}
