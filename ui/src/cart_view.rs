use serde::Serialize;

use crate::wire::{FromScalars, scalars};

/// A priced cart as islands show it: amounts come as text from the server, so no browser computes
/// one. Numbers are the few that a control needs. [`FromScalars`] relies on the order of the
/// fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CartView {
    /// The lines, in the order of the cart.
    pub lines: Vec<LineView>,
    /// The sum of the lines.
    pub subtotal: String,
    /// The text about lines that are no longer sold; empty when there is none.
    pub dropped: String,
}

/// The part of a line that can change while it is looked at, and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineView {
    /// The variant.
    pub variant: String,
    /// The quantity that can be bought.
    pub quantity: u32,
    /// The most that could be.
    pub limit: u32,
    /// The price of one.
    pub price: String,
    /// The price of all.
    pub total: String,
    /// The notice for the shopper before paying, if there is one.
    pub notice: String,
    /// Product and options, for those who hear the page.
    pub name: String,
}

impl CartView {
    /// Reads the JSON of a cart; an unreadable one is empty.
    pub fn from_json(json: &str) -> Self {
        Self::from_scalars(scalars(json)).unwrap_or_default()
    }

    /// The line of a variant.
    pub fn line(&self, variant: &str) -> Option<&LineView> {
        self.lines.iter().find(|line| line.variant == variant)
    }
}

impl FromScalars for CartView {
    fn from_scalars(mut scalars: Vec<String>) -> Option<Self> {
        let dropped = scalars.pop()?;
        let subtotal = scalars.pop()?;
        // An amount has digits; what has none was written by another version of the shop.
        if !subtotal.is_empty() && !subtotal.contains(|each: char| each.is_ascii_digit()) {
            return None;
        }
        let mut scalars = scalars.into_iter();
        let mut lines = Vec::new();
        while let Some(variant) = scalars.next() {
            lines.push(LineView {
                variant,
                quantity: scalars.next()?.parse().ok()?,
                limit: scalars.next()?.parse().ok()?,
                price: scalars.next()?,
                total: scalars.next()?,
                notice: scalars.next()?,
                name: scalars.next()?,
            });
        }
        Some(Self {
            lines,
            subtotal,
            dropped,
        })
    }
}
