use crate::percent;

/// True if every part of the way means the same by a path: no dot segments, empty segments,
/// backslashes, encoded slashes or control characters, in any encoding. A proxy, a file system or a
/// second decoding would read those differently from the router, and a guard that decides by the
/// path would watch another door than the one that opens.
pub(super) fn is_unambiguous(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    let mut segments: Vec<&str> = rest.split('/').collect();
    // A slash at the end makes no segment.
    if segments.last() == Some(&"") {
        segments.pop();
    }
    segments
        .into_iter()
        .all(|segment| !segment.is_empty() && is_plain(segment))
}

/// The number of times that a segment may be encoded on top of itself. Nobody does it twice; each
/// time costs a walk over the segment.
const DEEPEST_ENCODING: usize = 4;

/// Decodes a segment until nothing is left to decode, and looks at each step.
fn is_plain(segment: &str) -> bool {
    let mut bytes = segment.as_bytes().to_vec();
    for _ in 0..DEEPEST_ENCODING {
        let is_odd = matches!(bytes.as_slice(), b"." | b"..")
            || bytes
                .iter()
                .any(|byte| matches!(byte, b'/' | b'\\') || byte.is_ascii_control());
        if is_odd {
            return false;
        }
        let decoded = percent::decode(&bytes);
        if decoded.len() == bytes.len() {
            return true;
        }
        bytes = decoded;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_of_a_page_is_unambiguous() {
        for path in [
            "/",
            "/cart",
            "/products/",
            "/pkg/start.1a2b.js",
            "/.well-known/security.txt",
            "/products/%F0%9F%8C%8A",
            "/products/%ff",
            "/products/100%",
            "/products/a...b",
            "/products/...",
            "/products/%zz",
        ] {
            assert!(is_unambiguous(path), "{path}");
        }
    }

    #[test]
    fn dot_segment_in_any_encoding_is_ambiguous() {
        for segment in [
            ".",
            "..",
            "%2e",
            "%2E",
            "%2e%2e",
            "%2E%2e",
            ".%2e",
            "%2e.",
            "%252e%252e",
            "%25252e.",
            "..%2f",
            "%5c",
            "..%5C..",
            "\\",
            "..\\..",
            "%2f",
            "%252F",
            "%00",
            "a%00",
            "%0d%0a",
            "%7f",
            "",
        ] {
            for path in [
                format!("/pkg/{segment}/admin/orders"),
                format!("/{segment}/admin"),
            ] {
                assert!(!is_unambiguous(&path), "{path}");
            }
        }
        for path in [
            "",
            "*",
            "cart",
            "//",
            "/pkg/..",
            "/cart//",
            "//evil.example",
        ] {
            assert!(!is_unambiguous(path), "{path}");
        }
    }

    #[test]
    fn deep_encoding_is_ambiguous_and_costs_little() {
        assert!(is_unambiguous(&format!("/{}", "%25".repeat(20_000))));
        assert!(!is_unambiguous(&format!("/%{}41", "25".repeat(30_000))));
    }
}
