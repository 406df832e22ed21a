//! Web and e-mail addresses.

use reqwest::Url;

/// True for an http or https URL with a host, and nothing that a browser would have to guess at.
pub(crate) fn is_http_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#']))
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
        && Url::parse(text).is_ok()
}

/// True for a text that looks like an e-mail address; only sending one could tell more.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    plain
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_http_url;

    #[test]
    fn only_addresses_that_can_be_visited_are_web_addresses() {
        for good in [
            "http://localhost:3000",
            "https://shop.example/done?session={CHECKOUT_SESSION_ID}#top",
            "http://[::1]:8080/",
            "https://ada:secret@shop.example/",
            "https://münchen.example/",
        ] {
            assert!(is_http_url(good), "{good}");
        }
        for bad in [
            "",
            "shop.example",
            "ftp://shop.example",
            "javascript:alert(1)",
            "http://",
            "http:///x",
            "http://?x",
            "http://a b",
            "http://[::1",
            "http://shop.example:99999/",
            "https://shop.example\n.evil.example",
        ] {
            assert!(!is_http_url(bad), "{bad}");
        }
    }
}
