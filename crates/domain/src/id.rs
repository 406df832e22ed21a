use std::fmt;

/// The text is not of the form that this kind of name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct ParseIdError(&'static str);

/// Declares a name that is text of a known form, so that one kind cannot be taken for another.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a name of ASCII letters, digits and `-`.
            ///
            /// # Errors
            /// When the text is empty, too long, or has any other character.
            pub fn parse(text: &str) -> Result<Self, ParseIdError> {
                let fits = (1..=$max).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                if fits { Ok(Self(text.to_owned())) } else { Err(ParseIdError($what)) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// One buyable form of a product: its size and finish. Stands in the cart cookie.
    VariantId, "variant id", 64
}

text_id! {
    /// An order, for the shop and for Stripe (`client_reference_id`).
    OrderId, "order id", 64
}

text_id! {
    /// The unguessable part of an order page's address. Whoever holds it may read the order.
    OrderToken, "order token", 64
}

text_id! {
    /// A payment of an order. With its attempt it makes the idempotency key.
    PaymentId, "payment id", 64
}

text_id! {
    /// A refund, as the shop decided it. Makes the idempotency key, so that a decision moves money
    /// once.
    RefundId, "refund id", 64
}

text_id! {
    /// A parcel of an order, as the shop decided to send it.
    ParcelId, "parcel id", 64
}

text_id! {
    /// One cart of one browser, so that it is never paid twice. Not guessable, and not shown.
    CartKey, "cart key", 64
}

text_id! {
    /// A shipping zone.
    ZoneId, "zone id", 64
}

text_id! {
    /// A delivery rate. The checkout's form names it.
    RateId, "rate id", 64
}

text_id! {
    /// A discount.
    DiscountId, "discount id", 64
}

text_id! {
    /// A tax rate.
    TaxRateId, "tax rate id", 64
}

impl RefundId {
    /// The refund of an order that was paid when its goods were gone: there is one.
    pub fn of_late_payment(order: &OrderId) -> Self {
        Self(format!("late-{order}").chars().take(64).collect())
    }

    /// A refund that was made elsewhere, by Stripe's id for it (`re_…`): the same however often it
    /// is told.
    pub fn of_stripe(stripe_id: &str) -> Self {
        let dashed = |each: char| {
            if each.is_ascii_alphanumeric() {
                each
            } else {
                '-'
            }
        };
        Self(stripe_id.chars().map(dashed).take(64).collect())
    }
}
