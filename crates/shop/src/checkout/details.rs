use domain::address::{Address, Country};
use domain::cart::PricedCart;
use domain::discount::CodeProblem;
use domain::email::EmailAddress;
use domain::id::RateId;
use domain::money::Money;
use domain::pricing::Quote;
use domain::shipping::{DeliveryOption, Destination};

/// The details that the price of a checkout depends on besides the cart, as far as the shopper said
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteRequest {
    /// The destination.
    pub destination: Option<Destination>,
    /// The chosen delivery; the first one that is offered unless given.
    pub delivery: Option<RateId>,
    /// The discount code, as it was typed.
    pub code: Option<String>,
    /// The shopper's address, by which the uses of a code are counted.
    pub email: Option<EmailAddress>,
}

/// A checkout with its amounts of this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedCheckout {
    /// The cart.
    pub cart: PricedCart,
    /// The price. Its lines are those of the cart that can be bought.
    pub quote: Quote,
    /// True if anything in it is shipped, so that an address and a delivery are needed.
    pub needs_delivery: bool,
    /// The deliveries to choose from; none without a destination.
    pub options: Vec<DeliveryOption>,
    /// The chosen one of them.
    pub chosen: Option<RateId>,
    /// The problems in the way of paying, and those of the code.
    pub problems: Vec<CheckoutProblem>,
}

/// Something that the shopper has to change, or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutProblem {
    /// The cart differs from what the shopper last saw; the cart page says how.
    CartChanged,
    /// Nothing that can be bought is in the cart.
    EmptyCart,
    /// No destination was given, and something is to be shipped or taxed.
    NoDestination,
    /// Nothing is delivered there at all.
    NoDelivery {
        /// The country.
        country: Country,
    },
    /// No delivery there takes this order: it is too heavy, or costs too much or too little.
    NoRateForOrder,
    /// The chosen delivery is not offered, or no longer.
    DeliveryGone,
    /// Some goods are not delivered there.
    NotDeliverable {
        /// Their titles.
        titles: Vec<String>,
    },
    /// The code takes nothing off.
    Code(CodeProblem),
    /// It comes to less than can be paid.
    BelowMinimum {
        /// The least that can be paid.
        minimum: Money,
    },
    /// It comes to more than can be paid at once.
    AboveMaximum {
        /// The most that can be paid.
        maximum: Money,
    },
    /// The total is another one than the shopper agreed to.
    TotalChanged {
        /// The total that the button said.
        from: Money,
    },
}

/// The details of a shopper who pays for a cart that is shipped or taxed.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckoutDetails {
    /// The shopper's address, for the receipt and the payment.
    pub email: EmailAddress,
    /// The address of the delivery; none when nothing is shipped.
    pub address: Option<Address>,
    /// The place of taxation, and the VAT number: [`Destination::of`] the address if there is one.
    pub destination: Destination,
    /// The buyer's company, for the receipt.
    pub company: Option<String>,
    /// The chosen delivery; none when nothing is shipped.
    pub delivery: Option<RateId>,
    /// The discount code, as it was typed.
    pub code: Option<String>,
    /// A note to the shop.
    pub note: Option<String>,
    /// True if the parcel is a gift, and has no prices in it.
    pub is_gift: bool,
    /// True if the shopper asked for the newsletter.
    pub newsletter: bool,
    /// The total that the button said; another one is not charged but shown.
    pub expected_total: Money,
}

impl CheckoutDetails {
    /// The part that its price depends on.
    pub fn quote_request(&self) -> QuoteRequest {
        QuoteRequest {
            destination: Some(self.destination.clone()),
            delivery: self.delivery.clone(),
            code: self.code.clone(),
            email: Some(self.email.clone()),
        }
    }
}

/// Addresses of people do not belong into logs.
impl std::fmt::Debug for CheckoutDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckoutDetails")
            .field("country", &self.destination.country)
            .field("delivery", &self.delivery)
            .field("expected_total", &self.expected_total)
            .finish_non_exhaustive()
    }
}
