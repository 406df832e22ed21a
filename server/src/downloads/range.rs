use axum::http::{HeaderMap, StatusCode, header};

/// A part of a file: its bytes from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) end: u64,
    /// 200 for all of it, 206 for a part that was asked for.
    pub(super) status: StatusCode,
}

/// The part of a file of `size` bytes that a request asks for (RFC 9110, section 14). Several ranges
/// at once, other units and a range of another version of the file are answered with all of it.
///
/// # Errors
/// The `Content-Range` of an answer 416, when the file has no such part.
pub(super) fn part(headers: &HeaderMap, size: u64, etag: &str) -> Result<Part, String> {
    let whole = Part {
        start: 0,
        end: size,
        status: StatusCode::OK,
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Ok(whole);
    }
    let Some((first, last)) = text(header::RANGE)
        .and_then(|range| range.strip_prefix("bytes="))
        .filter(|range| !range.contains(','))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Ok(whole);
    };
    let unsatisfiable = format!("bytes */{size}");
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) if last >= start => (start, last.saturating_add(1).min(size)),
        (Ok(start), _) if last.is_empty() => (start, size),
        (Err(_), Ok(count)) if first.is_empty() => (size.saturating_sub(count), size),
        _ => return Ok(whole),
    };
    if start >= end {
        return Err(unsatisfiable);
    }
    Ok(Part {
        start,
        end,
        status: StatusCode::PARTIAL_CONTENT,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::part;

    #[test]
    fn range_is_read_as_the_standard_says() {
        let ask = |range: &'static str, version: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(range));
            if let Some(version) = version {
                headers.insert(header::IF_RANGE, HeaderValue::from_static(version));
            }
            part(&headers, 10, "\"v1\"").map(|part| (part.start, part.end, part.status.as_u16()))
        };
        for (range, expected) in [
            ("bytes=0-3", (0, 4, 206)),
            ("bytes=4-", (4, 10, 206)),
            ("bytes=-3", (7, 10, 206)),
            ("bytes=-99", (0, 10, 206)),
            ("bytes=8-99", (8, 10, 206)),
            ("bytes=0-1,4-5", (0, 10, 200)),
            ("lines=0-1", (0, 10, 200)),
            ("bytes=5-1", (0, 10, 200)),
            ("bytes=x-y", (0, 10, 200)),
        ] {
            assert_eq!(ask(range, None), Ok(expected), "{range}");
        }
        for range in ["bytes=10-", "bytes=99-100", "bytes=-0"] {
            assert_eq!(ask(range, None), Err("bytes */10".to_owned()), "{range}");
        }
        assert_eq!(ask("bytes=4-", Some("\"v1\"")), Ok((4, 10, 206)));
        assert_eq!(
            ask("bytes=4-", Some("\"v2\"")),
            Ok((0, 10, StatusCode::OK.as_u16()))
        );
    }
}
