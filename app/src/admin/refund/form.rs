use std::fmt::Write;

use domain::id::{RefundId, VariantId};
use domain::money::{Currency, Locale, Money};
use domain::order::{RefundLine, RefundReason, RefundRequest, RefundSource};
use leptos_router::location::Url;
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::request;

/// The longest note that is kept, in characters.
pub(crate) const LONGEST_NOTE: usize = 200;

/// The longest amount, reason, quantity or id that is carried along, in characters.
const LONGEST_FIELD: usize = 64;

/// The most lines of an order.
const MOST_LINES: usize = 50;

/// Pieces of one line that are given back, as the admin typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PiecesForm {
    /// The variant.
    pub variant: String,
    /// The number of pieces that are paid back.
    pub quantity: String,
    /// The number of them that are in stock again.
    pub restocked: String,
}

/// A refund as the admin typed it.
#[derive(Clone)]
pub(crate) struct RefundForm {
    /// The name of the decision, so that a second click is the same refund.
    pub(crate) decision: String,
    pub(crate) amount: String,
    /// The amount that the field held before the admin typed.
    pub(crate) offered: String,
    pub(crate) reason: String,
    pub(crate) note: String,
    pub(crate) pieces: Vec<PiecesForm>,
    /// True if what was paid for the delivery goes back, too.
    pub(crate) with_shipping: bool,
}

impl RefundForm {
    /// Reads what [`RefundForm::query`] wrote into the address of the page.
    pub(crate) fn from_query() -> Self {
        let value = |name: &str| request::query_param(name).unwrap_or_default();
        let pieces = (0..MOST_LINES).map_while(|index| {
            Some(PiecesForm {
                variant: request::query_param(&format!("variant{index}"))?,
                quantity: value(&format!("quantity{index}")),
                restocked: value(&format!("restocked{index}")),
            })
        });
        Self {
            decision: value("decision"),
            amount: value("amount"),
            offered: value("offered"),
            reason: value("reason"),
            note: value("note"),
            pieces: pieces.collect(),
            with_shipping: !value("shipping").is_empty(),
        }
    }

    /// The form as typed, as the query of an address.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        let mut push = |name: &str, value: &str, longest: usize| {
            let value: String = value.trim().chars().take(longest).collect();
            let separator = if query.is_empty() { "" } else { "&" };
            let _ = write!(query, "{separator}{name}={}", Url::escape(&value));
        };
        push("decision", &self.decision, LONGEST_FIELD);
        push("amount", &self.amount, LONGEST_FIELD);
        push("offered", &self.offered, LONGEST_FIELD);
        push("reason", &self.reason, LONGEST_FIELD);
        push("note", &self.note, LONGEST_NOTE);
        if self.with_shipping {
            push("shipping", "yes", LONGEST_FIELD);
        }
        let is_typed = |pieces: &&PiecesForm| {
            !pieces.quantity.trim().is_empty() || !pieces.restocked.trim().is_empty()
        };
        let typed = self.pieces.iter().filter(is_typed).take(MOST_LINES);
        for (index, pieces) in typed.enumerate() {
            push(&format!("variant{index}"), &pieces.variant, LONGEST_FIELD);
            push(&format!("quantity{index}"), &pieces.quantity, LONGEST_FIELD);
            push(
                &format!("restocked{index}"),
                &pieces.restocked,
                LONGEST_FIELD,
            );
        }
        query
    }

    /// The fields as typed for a variant.
    pub(crate) fn pieces_of(&self, variant: &VariantId) -> PiecesForm {
        let found = self
            .pieces
            .iter()
            .find(|pieces| pieces.variant == variant.as_str());
        found.cloned().unwrap_or_default()
    }

    /// Reads it as a request. Pieces without another amount are refunded at their price.
    pub(super) fn read(&self, id: RefundId, currency: Currency) -> Result<RefundRequest, Problem> {
        let lines = self
            .pieces
            .iter()
            .map(read_pieces)
            .filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>()?;
        let typed = self.amount.trim();
        let is_left_alone = typed.is_empty() || typed == self.offered.trim();
        let is_for_nothing = lines.is_empty() && !self.with_shipping;
        let amount = match (is_for_nothing, is_left_alone) {
            (false, true) => None,
            (true, _) if typed.is_empty() => return Err(Problem::NoAmount),
            _ => Some(
                Money::parse_charge(typed, currency, Locale::default())
                    .map_err(|_| Problem::NotAnAmount)?,
            ),
        };
        let note: String = self.note.trim().chars().take(LONGEST_NOTE).collect();
        Ok(RefundRequest {
            id,
            amount,
            lines,
            with_shipping: self.with_shipping,
            source: RefundSource::Admin,
            reason: RefundReason::parse(&self.reason),
            note: Some(note).filter(|note| !note.is_empty()),
        })
    }
}

/// `None` for a line of which nothing is given back.
fn read_pieces(form: &PiecesForm) -> Result<Option<RefundLine>, Problem> {
    let count = |text: &str| match text.trim() {
        "" => Ok(0_u32),
        typed => typed.parse().map_err(|_| Problem::TooManyPieces),
    };
    let (quantity, restocked) = (count(&form.quantity)?, count(&form.restocked)?);
    if restocked > quantity {
        return Err(Problem::TooManyRestocked);
    }
    if quantity == 0 {
        return Ok(None);
    }
    let variant = VariantId::parse(&form.variant).map_err(|_| Problem::TooManyPieces)?;
    Ok(Some(RefundLine {
        variant,
        quantity,
        restocked,
    }))
}
