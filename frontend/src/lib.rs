//! The WASM entry. The islands themselves are exports of `ui`, each called by the page's script.

// Without a use, the linker drops the crate and with it the islands.
use ui as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Readies the page for its islands.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
