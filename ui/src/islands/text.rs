use leptos::prelude::*;

// Attributes and texts take signals rather than closures: each closure would be an effect of its
// own in the WASM.

// A browser that translates a page puts other nodes in the place of its text nodes. A text that an
// island would write into a text node of its own is then written where nobody sees it, so these set
// the content of their element anew. The same holds while a page wakes: the content of an element
// with `inner_html` is not looked at.

/// A text that changes while the page is open and that a translation leaves alone: an amount, a
/// count, a state.
pub(super) fn untranslated(text: Signal<String>) -> impl IntoView {
    view! { <span translate="no" inner_html=html(text)></span> }
}

/// A text that changes while the page is open and that a translation may put into other words.
pub(super) fn translated(text: Signal<String>) -> impl IntoView {
    view! { <span inner_html=html(text)></span> }
}

/// An amount inside a sentence that may be translated, as HTML.
pub(super) fn amount_html(amount: &str) -> String {
    format!("<span translate=\"no\">{}</span>", escape(amount))
}

/// A text or an attribute that stays as the server wrote it. A browser never sets it, so the WASM
/// need not hold it.
pub(super) fn fixed<T: Default>(text: impl FnOnce() -> T) -> T {
    if cfg!(target_family = "wasm") {
        T::default()
    } else {
        text()
    }
}

fn html(text: Signal<String>) -> Signal<String> {
    Signal::derive(move || text.with(|text| escape(text)))
}

/// Text as the content of an element.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
