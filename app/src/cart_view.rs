use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::{Decodes, Encodes};
use serde::{Deserialize, Serialize};

/// A priced cart as islands show it: amounts come as text from the server, so no browser computes one. Numbers are the
/// few that a control needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartView {
    /// The lines, in the order of the cart.
    pub lines: Vec<LineView>,
    /// The sum of the lines.
    pub subtotal: String,
    /// What became of lines that are no longer sold, in words; empty when there is none.
    pub dropped: String,
}

/// The part of a line that can change while it is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// What it is a line of.
    pub variant: String,
    /// How many can be bought.
    pub quantity: u32,
    /// The most that could be.
    pub limit: u32,
    /// The price of one.
    pub price: String,
    /// The price of all.
    pub total: String,
    /// What the shopper has to know before paying, if anything.
    pub notice: String,
}

impl CartView {
    /// The cart as text, for the props of an island.
    pub fn to_json(&self) -> String {
        let bytes = JsonEncoding::encode(self).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads what [`CartView::to_json`] wrote. It is read as the answer of a server function is, because a second way
    /// of reading would be a second copy of the reader in the WASM.
    pub fn from_json(text: String) -> Self {
        JsonEncoding::decode(text.into()).unwrap_or_default()
    }

    /// The line of a variant.
    pub fn line(&self, variant: &str) -> Option<&LineView> {
        self.lines.iter().find(|line| line.variant == variant)
    }
}
