use leptos::prelude::use_context;
use text::{Language, Text};

use super::browser;

/// The texts of the page: on the server a context, in a browser those in the language of the
/// document.
pub(super) fn text() -> Text {
    if cfg!(target_family = "wasm") {
        let language = Language::parse(&browser::language());
        Text::new(language.unwrap_or_default())
    } else {
        use_context::<Text>().unwrap_or_default()
    }
}
