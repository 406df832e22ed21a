use axum::http::{HeaderMap, HeaderValue, header};

/// The encoding of a body on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The best encoding that a request accepts. One that it does not mention is not accepted.
    ///
    /// Source: RFC 9110, section 12.5.3
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let accepts = |wanted: &str| {
            let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
            let lines = lines.filter_map(|line| line.to_str().ok());
            lines.flat_map(|line| line.split(',')).any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let is_wanted = parts
                    .next()
                    .is_some_and(|name| name.eq_ignore_ascii_case(wanted));
                is_wanted && !parts.any(is_zero)
            })
        };
        if accepts("br") {
            Self::Brotli
        } else if accepts("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// The end of an entity tag: each encoding is a representation of its own.
    pub(crate) const fn etag_suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }

    /// The `Content-Encoding`, if there is one.
    pub(crate) const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// True if `If-None-Match` names this entity tag.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

/// True if a parameter is a quality of zero, which means "not this one".
fn is_zero(parameter: &str) -> bool {
    let quality = parameter
        .split_once('=')
        .filter(|(name, _)| name.trim() == "q");
    quality.is_some_and(|(_, value)| {
        let value = value.trim();
        value.starts_with('0') && value.bytes().all(|byte| matches!(byte, b'0' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_one_that_the_request_accepts() {
        for (accepted, encoding) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("GZIP", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("br;q=0.000,gzip; q=0", Encoding::Identity),
            ("brotli, x-gzip", Encoding::Identity),
            ("*", Encoding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Encoding::accepted(&headers), encoding, "{accepted}");
        }
    }
}
