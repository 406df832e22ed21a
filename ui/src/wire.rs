use std::fmt;

use leptos::server_fn::codec::{JsonEncoding, Post};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;

/// The answers that islands read: JSON, written by serde on the server. Browsers read it with
/// [`scalars`], because serde's reader, with all that it can say about wrong numbers, would be a
/// tenth of the WASM.
pub struct WireEncoding;

/// The codec of server functions that islands call.
pub type WireJson = Post<WireEncoding>;

/// A type that can be read from the scalars of its JSON.
pub trait FromScalars: Sized {
    /// Reads the strings and numbers of the JSON, in the order in which serde wrote them.
    fn from_scalars(scalars: Vec<String>) -> Option<Self>;
}

/// The answer is not one of this version of the shop.
#[derive(Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl ContentType for WireEncoding {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for WireEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for WireEncoding {
    type Error = <JsonEncoding as Encodes<T>>::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        JsonEncoding::encode(output)
    }
}

impl<T: FromScalars> Decodes<T> for WireEncoding {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Unreadable> {
        let json = String::from_utf8_lossy(&bytes);
        T::from_scalars(scalars(&json)).ok_or(Unreadable)
    }
}

impl FromScalars for String {
    fn from_scalars(mut scalars: Vec<String>) -> Option<Self> {
        scalars.pop()
    }
}

/// The strings and whole numbers of a JSON text, in order; keys and structure are left out.
pub(crate) fn scalars(json: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut text = String::new();
        if letter.is_ascii_digit() {
            text.push(letter);
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                text.push(digit);
            }
        } else if letter == '"' {
            while let Some(letter) = letters.next() {
                match letter {
                    '"' => break,
                    '\\' => text.push(match letters.next() {
                        // Control characters alone are written by their number.
                        Some('u') => {
                            letters.by_ref().take(4).for_each(drop);
                            ' '
                        }
                        Some('b' | 'f' | 'n' | 'r' | 't') | None => ' ',
                        Some(letter) => letter,
                    }),
                    letter => text.push(letter),
                }
            }
            if letters.peek() == Some(&':') {
                continue;
            }
        } else {
            continue;
        }
        found.push(text);
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use leptos::server_fn::{Decodes, Encodes};

    use super::WireEncoding;
    use crate::cart_view::{CartView, LineView};

    fn line(variant: &str, quantity: u32) -> LineView {
        LineView {
            variant: variant.to_owned(),
            quantity,
            limit: 99,
            price: "1.234,50\u{a0}€".to_owned(),
            total: "$0.00".to_owned(),
            notice: "\"12\": {[x], \\ }".to_owned(),
            name: "مطبوعة 🎨: \"A4\" / 2".to_owned(),
        }
    }

    #[test]
    fn cart_is_read_as_it_was_written() {
        let full = CartView {
            lines: vec![line("low-a4-mat", 2), line("17", 0)],
            subtotal: "¥10,000".to_owned(),
            dropped: String::new(),
        };
        for view in [CartView::default(), full] {
            let read: CartView =
                WireEncoding::decode(WireEncoding::encode(&view).unwrap()).unwrap();
            assert_eq!(read, view);
        }
    }

    #[test]
    fn answer_of_another_version_is_refused() {
        for text in [
            "",
            "{}",
            "[1,2,3]",
            "{\"lines\":[{\"variant\":\"a\"}],\"subtotal\":\"b\"}",
        ] {
            let read: Result<CartView, _> = WireEncoding::decode(text.to_owned().into());
            assert!(read.is_err(), "{text}");
        }
    }
}
