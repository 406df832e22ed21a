use std::fmt;

use crate::id::VariantId;
use crate::money::{Money, MoneyError};

use super::Cart;

/// A cart with the amounts of this moment, resolved from the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedCart {
    /// The lines, in the order of the cart.
    pub lines: Vec<PricedLine>,
    /// The sum of the line totals, before shipping and tax.
    pub subtotal: Money,
    /// The number of lines that were dropped because their variant is no longer sold.
    pub dropped: u32,
}

/// One line of a [`PricedCart`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedLine {
    /// The variant.
    pub variant: VariantId,
    /// Its SKU.
    pub sku: String,
    /// The product's slug.
    pub slug: String,
    /// The product's title.
    pub title: String,
    /// The variant's options, such as `A3 / Matte`; empty for a product without options.
    pub options: String,
    /// The product's picture.
    pub image: String,
    /// The quantity that can be bought, at most the wanted one.
    pub quantity: u32,
    /// The most that can be bought now.
    pub limit: u32,
    /// The price of one.
    pub unit_price: Money,
    /// The price of `quantity`.
    pub total: Money,
    /// True if the shopper has seen already that it is sold out.
    pub is_known_sold_out: bool,
    /// Changes since the shopper's last look.
    pub notices: Vec<LineNotice>,
}

/// Something that the shopper has to know about a line before paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineNotice {
    /// None can be bought any more.
    SoldOut,
    /// None can be bought now, because all there are, are in other shoppers' open checkouts.
    InCheckout,
    /// It can be bought, and could not at the last look.
    BackInStock,
    /// Fewer can be bought than were asked for.
    QuantityLowered {
        /// The quantity that can be bought.
        to: u32,
    },
    /// Fewer can be bought now, because others are in other shoppers' open checkouts.
    LoweredByCheckouts {
        /// The quantity that can be bought now.
        to: u32,
    },
    /// More were asked for than one order may have of the product.
    LoweredToLimit {
        /// The most of it in one order.
        to: u32,
    },
    /// The price is another than at the last look.
    PriceChanged {
        /// The price of one at the last look.
        from: Money,
        /// The price of one now.
        to: Money,
    },
}

impl PricedCart {
    /// True if there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// True if the shopper should look before paying: the amount or the goods differ from the last
    /// look.
    pub fn needs_review(&self) -> bool {
        let has_notice = |line: &PricedLine| !line.is_known_sold_out && !line.notices.is_empty();
        self.dropped > 0 || self.lines.iter().any(has_notice)
    }

    /// The lines that can be bought, as the next cookie. A line that is sold out stays, so that it
    /// is not lost unseen.
    pub fn to_cart(&self) -> Cart {
        let mut cart = Cart::default();
        for line in &self.lines {
            cart.set(line.variant.clone(), line.quantity.max(1));
        }
        cart
    }

    /// Adds up the lines.
    ///
    /// # Errors
    /// When a line is in another currency than `zero`, or the sum does not fit.
    pub fn sum(lines: &[PricedLine], zero: Money) -> Result<Money, MoneyError> {
        lines
            .iter()
            .try_fold(zero, |sum, line| sum.checked_add(line.total))
    }
}

/// The unit prices that the shopper last saw, and what was sold out then, kept in a cookie of their
/// own. They are only ever compared with, to say what changed; nothing is charged by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenPrices(Vec<(VariantId, i64)>);

impl SeenPrices {
    /// The name of the cookie that they live in.
    pub const COOKIE: &str = "cart_seen";

    /// The mark in place of a price of what is sold out: nobody saw it as one to be paid.
    const SOLD_OUT: i64 = -1;

    /// The most bytes of the cookie. It holds a full cart at prices of up to 8 digits.
    const MAX_BYTES: usize = 1500;

    /// The prices that `cart` shows.
    pub fn of(cart: &PricedCart) -> Self {
        let seen = |line: &PricedLine| match line.limit {
            0 => Self::SOLD_OUT,
            _ => line.unit_price.amount(),
        };
        let lines = cart.lines.iter();
        Self(
            lines
                .map(|line| (line.variant.clone(), seen(line)))
                .collect(),
        )
    }

    /// True if `variant` was last shown as sold out.
    pub fn is_sold_out(&self, variant: &VariantId) -> bool {
        self.amount(variant) == Some(Self::SOLD_OUT)
    }

    /// Reads the cookie's value; what does not fit is dropped.
    pub fn from_cookie(value: &str) -> Self {
        Self(
            value
                .split('~')
                .filter_map(|line| line.rsplit_once('.'))
                .filter_map(|(variant, amount)| {
                    Some((VariantId::parse(variant).ok()?, amount.parse().ok()?))
                })
                .take(super::MAX_LINES)
                .collect(),
        )
    }

    /// The unit amount, in minor units, that was last shown for `variant`.
    pub fn amount(&self, variant: &VariantId) -> Option<i64> {
        self.0
            .iter()
            .find(|(seen, _)| seen == variant)
            .map(|(_, amount)| *amount)
    }
}

/// The cookie's value.
impl fmt::Display for SeenPrices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = 0;
        for (variant, amount) in &self.0 {
            let line = format!("{variant}.{amount}");
            let separator = if bytes == 0 { "" } else { "~" };
            bytes += separator.len() + line.len();
            if bytes > Self::MAX_BYTES {
                break;
            }
            write!(f, "{separator}{line}")?;
        }
        Ok(())
    }
}
