use std::net::SocketAddr;

use anyhow::{anyhow, bail};
use url::{Host, Url};

/// Reads an origin and answers it as browsers send it in `Origin`: scheme and host in lower case,
/// an international name in its ASCII form, no default port, nothing behind it.
///
/// # Errors
/// When it is no http(s) origin. The text names `setting` and, where it can be told, the right
/// spelling.
pub(super) fn origin(setting: &str, text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    let example = || anyhow!("{setting} must be an origin such as https://shop.example");
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        // Also `shop.example:8080`, whose host reads as a scheme.
        _ => {
            let guess = Url::parse(&format!("https://{text}")).ok();
            let guess = guess.filter(|_| !text.contains("://"));
            return Err(match guess.as_ref().and_then(canonical) {
                Some(origin) => anyhow!("{setting} has no https:// before it; write {origin}"),
                None => example(),
            });
        }
    };
    let Some(origin) = canonical(&url) else {
        return Err(example());
    };
    let wrong = if !url.username().is_empty() || url.password().is_some() {
        "a user name"
    } else if url.path() != "/" {
        "a path"
    } else if url.query().is_some() {
        "a query"
    } else if url.fragment().is_some() {
        "a fragment"
    } else if url.host_str().is_some_and(|host| host.ends_with('.')) {
        "a dot at the end of its host"
    } else {
        return Ok(origin);
    };
    bail!("{setting} is an origin, without {wrong}; write {origin}")
}

/// The origin of an address, without the dot that may end a host; `None` when the address has no
/// host that can be named.
fn canonical(url: &Url) -> Option<String> {
    let mut url = url.clone();
    if let Some(Host::Domain(name)) = url.host() {
        let name = name.trim_end_matches('.').to_owned();
        url.set_host(Some(&name)).ok()?;
    }
    if url.port() == Some(0) {
        return None;
    }
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Reads the address of a mail server, and answers it with its host in lower case and ASCII and
/// without a dot at its end, as certificates name it. What is wrong otherwise the mailer says.
///
/// # Errors
/// When it has a path or a fragment.
pub(super) fn mail_server(setting: &str, text: &str) -> anyhow::Result<String> {
    let Ok(mut url) = Url::parse(text.trim()) else {
        return Ok(text.to_owned());
    };
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        bail!(
            "{setting} has more behind its host than a port and ?tls=…; write smtps://user:password@mail.example.com"
        );
    }
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    // The URL standard leaves the host of a scheme that it does not know as it is typed.
    if let Ok(host) = Host::parse(host) {
        let _ = url.set_host(Some(&host.to_string()));
    }
    Ok(url.into())
}

/// Reads an address to listen on.
///
/// # Errors
/// When it is no IP address with a port; the text gives the right spelling where it can be told.
pub(super) fn listener(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    if let Ok(addr) = text.parse() {
        return Ok(addr);
    }
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let guess = match authority.rsplit_once(':') {
        Some(("" | "*", port)) => format!("0.0.0.0:{port}"),
        Some((name, port)) if name.eq_ignore_ascii_case("localhost") => format!("127.0.0.1:{port}"),
        Some(_) => authority.to_owned(),
        None => format!("127.0.0.1:{authority}"),
    };
    Err(match guess.parse::<SocketAddr>() {
        Ok(addr) => format!("it has to be an IP address with a port; write {addr}"),
        Err(_) => "it has to be an IP address with a port, such as 127.0.0.1:3000".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn origin_is_what_browsers_send() {
        for (text, sent) in [
            ("https://shop.example", "https://shop.example"),
            ("https://shop.example/", "https://shop.example"),
            (" https://shop.example ", "https://shop.example"),
            ("HTTPS://Shop.EXAMPLE", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://shop.example:80/", "http://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
            ("https://日本.example", "https://xn--wgv71a.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
            ("http://127.1:3000", "http://127.0.0.1:3000"),
            ("http://LOCALHOST:3000", "http://localhost:3000"),
        ] {
            assert_eq!(origin("SITE_URL", text).unwrap(), sent, "{text}");
        }
    }

    #[test]
    fn other_address_is_refused_with_the_right_spelling() {
        for (text, spelling) in [
            ("shop.example", "write https://shop.example"),
            ("shop.example:8443", "write https://shop.example:8443"),
            ("Shop.example/de", "write https://shop.example"),
            ("https://shop.example/de", "write https://shop.example"),
            ("https://shop.example./", "write https://shop.example"),
            ("https://shop.example?a", "write https://shop.example"),
            ("https://shop.example#a", "write https://shop.example"),
            (
                "https://user:hush@shop.example",
                "write https://shop.example",
            ),
            ("ftp://shop.example", "such as https://shop.example"),
            ("https://", "such as https://shop.example"),
            ("https://shop example", "such as https://shop.example"),
            ("https://shop.example:0", "such as https://shop.example"),
            ("https://shop.example:99999", "such as https://shop.example"),
        ] {
            let error = origin("SITE_URL", text).unwrap_err().to_string();
            assert!(error.ends_with(spelling), "{text}: {error}");
            assert!(error.starts_with("SITE_URL "), "{text}: {error}");
            assert!(!error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn mail_server_has_the_host_of_its_certificate() {
        for (text, host) in [
            (
                "SMTPS://u:P%40ss@Mail.Example.com:465",
                "smtps://u:P%40ss@mail.example.com:465",
            ),
            ("smtps://mail.example.com./", "smtps://mail.example.com/"),
            ("smtps://bücher.example", "smtps://xn--bcher-kva.example"),
            (
                "smtp://[::1]:25?tls=required",
                "smtp://[::1]:25?tls=required",
            ),
        ] {
            assert_eq!(mail_server("SMTP_URL", text).unwrap(), host, "{text}");
        }
        let error = mail_server("SMTP_URL", "smtps://u:hush@mail.example/x").unwrap_err();
        assert!(error.to_string().starts_with("SMTP_URL "), "{error}");
        assert!(!error.to_string().contains("hush"), "{error}");
    }

    #[test]
    fn listener_is_refused_with_the_right_spelling() {
        for (text, spelling) in [
            ("localhost:3000", "write 127.0.0.1:3000"),
            ("http://127.0.0.1:3000/", "write 127.0.0.1:3000"),
            (":3000", "write 0.0.0.0:3000"),
            ("3000", "write 127.0.0.1:3000"),
            ("shop.example:3000", "such as 127.0.0.1:3000"),
            ("127.0.0.1", "such as 127.0.0.1:3000"),
        ] {
            let error = listener(text).unwrap_err();
            assert!(error.ends_with(spelling), "{text}: {error}");
        }
        assert_eq!(listener("[::1]:3000").unwrap().port(), 3000);
    }
}
