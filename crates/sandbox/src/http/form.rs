//! Decoding of form-encoded parameters with brackets: `line_items[0][price_data][currency]=usd`.

use std::collections::BTreeMap;

use super::error::ApiError;

/// The most `name=value` pairs of one request.
const MAX_PAIRS: usize = 10_000;

/// The deepest nesting; Stripe's own parameters have about six levels.
const MAX_DEPTH: usize = 12;

/// A parameter: a text, or a map from the text between brackets to more parameters. Arrays are maps
/// whose names are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    Map(Fields),
}

/// Parameters by name. Numbers are ordered as numbers, so that `[10]` comes after `[9]`.
pub(crate) type Fields = BTreeMap<Name, Node>;

/// The text between brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Index(u32),
    Text(String),
}

/// Adds the parameters of an encoded text, the later of two equal names winning.
pub(crate) fn decode(encoded: &[u8], fields: &mut Fields) -> Result<(), ApiError> {
    let pairs = encoded
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty());
    for (count, pair) in pairs.enumerate() {
        if count >= MAX_PAIRS {
            return Err(ApiError::invalid("The request has too many parameters."));
        }
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        let name = percent_decode(name)?;
        let path = path(&name)?;
        insert(fields, &path, &name, percent_decode(value)?)?;
    }
    Ok(())
}

impl Name {
    fn new(text: &str) -> Self {
        let canonical = text == "0" || !text.starts_with(['0', '+']);
        match text.parse() {
            Ok(index) if canonical => Self::Index(index),
            _ => Self::Text(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => index.fmt(formatter),
            Self::Text(text) => text.fmt(formatter),
        }
    }
}

/// Splits `a[b][]` into `a`, `b` and the empty text.
fn path(name: &str) -> Result<Vec<&str>, ApiError> {
    let malformed = || {
        ApiError::invalid(
            "Invalid request: a parameter's brackets are not balanced or nest too deep.",
        )
    };
    let (first, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    if first.is_empty() || first.contains(']') {
        return Err(malformed());
    }
    let mut path = vec![first];
    while let Some(inner) = rest.strip_prefix('[') {
        let (key, after) = inner.split_once(']').ok_or_else(malformed)?;
        if key.contains('[') || path.len() >= MAX_DEPTH {
            return Err(malformed());
        }
        path.push(key);
        rest = after;
    }
    if rest.is_empty() {
        Ok(path)
    } else {
        Err(malformed())
    }
}

fn insert(fields: &mut Fields, path: &[&str], whole: &str, value: String) -> Result<(), ApiError> {
    let Some((key, rest)) = path.split_first() else {
        return Ok(());
    };
    let key = if key.is_empty() {
        open_index(fields, rest)
    } else {
        Name::new(key)
    };
    if rest.is_empty() {
        return match fields.insert(key, Node::Text(value)) {
            Some(Node::Map(_)) => Err(mixed(whole)),
            _ => Ok(()),
        };
    }
    match fields
        .entry(key)
        .or_insert_with(|| Node::Map(Fields::new()))
    {
        Node::Map(inner) => insert(inner, rest, whole, value),
        Node::Text(_) => Err(mixed(whole)),
    }
}

/// The index at which `[]` puts its value: behind the last of the array, or into the last if that
/// is an object which lacks it, so that `a[][b]=1&a[][c]=2` is one object. Older SDKs write arrays
/// of objects like this.
fn open_index(fields: &Fields, rest: &[&str]) -> Name {
    let last = fields.iter().rev().find_map(|(name, node)| match name {
        Name::Index(index) => Some((*index, node)),
        Name::Text(_) => None,
    });
    match last {
        None => Name::Index(0),
        Some((index, Node::Map(element))) if !rest.is_empty() && lacks(element, rest) => {
            Name::Index(index)
        }
        Some((index, _)) => Name::Index(index.saturating_add(1)),
    }
}

/// True if nothing is at this path yet. An array at its end always has room for one more.
fn lacks(fields: &Fields, path: &[&str]) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return false;
    };
    match fields.get(&Name::new(key)) {
        Some(Node::Map(inner)) => lacks(inner, rest),
        Some(Node::Text(_)) => false,
        None => true,
    }
}

fn mixed(name: &str) -> ApiError {
    ApiError::parameter(
        name,
        format!("Invalid request: {name} is given both as a value and as an object."),
    )
}

fn percent_decode(encoded: &[u8]) -> Result<String, ApiError> {
    let bytes = unescape(encoded);
    if bytes.contains(&0) {
        return Err(ApiError::invalid(
            "Invalid request: the parameters contain null bytes.",
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| ApiError::invalid("Invalid request: the parameters are not valid UTF-8."))
}

/// Replaces `%41` and the like by their bytes and `+` by a blank; what is no such escape stays as
/// it is.
pub(crate) fn unescape(escaped: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((first, tail)) = rest.split_first() {
        let escape = match first {
            b'%' => tail.first_chunk().and_then(|digits| hex(*digits)),
            _ => None,
        };
        rest = match escape {
            Some(_) => &tail[2..],
            None => tail,
        };
        bytes.push(escape.unwrap_or(if *first == b'+' { b' ' } else { *first }));
    }
    bytes
}

fn hex([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Fields, Name, Node, decode};

    fn decoded(encoded: &[u8]) -> Result<Fields, String> {
        let mut fields = Fields::new();
        decode(encoded, &mut fields)
            .map(|()| fields)
            .map_err(|error| error.body().to_string())
    }

    fn text(fields: &Fields, path: &[&str]) -> Option<String> {
        let (first, rest) = path.split_first()?;
        match fields.get(&Name::new(first))? {
            Node::Text(text) if rest.is_empty() => Some(text.clone()),
            Node::Map(inner) => text(inner, rest),
            Node::Text(_) => None,
        }
    }

    #[test]
    fn raw_and_percent_encoded_brackets_mean_the_same() {
        let raw = decoded(b"a[0][b]=x+y&metadata[k%5D]=v").unwrap_err();
        assert!(
            raw.contains("brackets"),
            "a bracket inside a name is refused: {raw}"
        );
        assert_eq!(
            decoded(b"a[0][b]=x+y&c=%E2%82%AC"),
            decoded(b"a%5B0%5D%5Bb%5D=x%20y&c=\xe2\x82\xac")
        );
    }

    #[test]
    fn empty_brackets_append() {
        let fields = decoded(b"expand[]=one&expand[]=two&expand[7]=seven&expand[]=eight").unwrap();
        for (index, value) in [("0", "one"), ("1", "two"), ("7", "seven"), ("8", "eight")] {
            assert_eq!(text(&fields, &["expand", index]).as_deref(), Some(value));
        }
    }

    #[test]
    fn empty_brackets_before_a_name_fill_one_object_after_the_other() {
        let fields =
            decoded(b"a[][b]=1&a[][c][d]=2&a[][c][e]=3&a[][b]=4&a[][f][]=5&a[][f][]=6&a[]=7")
                .unwrap();
        for (path, value) in [
            (&["a", "0", "b"][..], Some("1")),
            (&["a", "0", "c", "d"], Some("2")),
            (&["a", "0", "c", "e"], Some("3")),
            (&["a", "1", "b"], Some("4")),
            (&["a", "1", "f", "0"], Some("5")),
            (&["a", "1", "f", "1"], Some("6")),
            (&["a", "2"], Some("7")),
        ] {
            assert_eq!(text(&fields, path).as_deref(), value, "{path:?}");
        }
    }

    #[test]
    fn array_indexes_are_ordered_as_numbers() {
        let fields = decoded(b"a[10]=x&a[9]=y&a[09]=z").unwrap();
        let array = match fields.get(&Name::new("a")) {
            Some(Node::Map(array)) => array.clone(),
            _ => Fields::new(),
        };
        let names: Vec<String> = array.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["9", "10", "09"]);
    }

    #[test]
    fn malformed_encoding_is_an_error() {
        let deep = format!("a{}=1", "[x]".repeat(20_000));
        let open = format!("a{}=1", "[".repeat(20_000));
        for bad in [
            deep.as_bytes(),
            open.as_bytes(),
            b"a=%ff",
            b"a=b%00c",
            b"a\0=1",
            b"=1",
            b"[a]=1",
            b"a[b=1",
            b"a]=1",
            b"a[b]c=1",
            b"a=1&a[b]=2",
        ] {
            assert!(
                decoded(bad).is_err(),
                "{}",
                String::from_utf8_lossy(&bad[..bad.len().min(20)])
            );
        }
        assert_eq!(
            text(&decoded(b"a=100%&b=%4").unwrap(), &["a"]).as_deref(),
            Some("100%")
        );
    }
}
