use crate::id::DiscountId;
use crate::money::Money;
use crate::pricing::Item;
use crate::tax::Rate;

/// Which of several discounts an order gets.
mod choice;

pub use choice::{Choice, choose};

/// A reduction of what an order costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// The discount.
    pub id: DiscountId,
    /// The title that shoppers read beside its amount, such as `Spring sale`.
    pub title: String,
    /// The code that is typed to get it; `None` for an automatic discount.
    pub code: Option<DiscountCode>,
    /// The amount or the share.
    pub value: DiscountValue,
    /// The goods that it is on.
    pub scope: DiscountScope,
    /// The least that the goods of the cart cost together.
    pub minimum: Option<Money>,
    /// From when it is given, in Unix seconds.
    pub starts_at: Option<i64>,
    /// Until when, exclusive.
    pub ends_at: Option<i64>,
    /// The number of orders that get it.
    pub limit: Option<i64>,
    /// The number of orders with the same e-mail address that get it.
    pub limit_per_email: Option<i64>,
    /// The number of orders that have it, open ones included.
    pub uses: i64,
    /// True if an order may have other discounts beside it.
    pub is_combinable: bool,
    /// True if it is given at all.
    pub is_active: bool,
}

/// The amount or the share that a discount takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountValue {
    /// A part of what the goods in its scope cost, rounded half up.
    Percent(Rate),
    /// An amount, at most what the goods in its scope cost.
    Amount(Money),
    /// Delivery costs nothing.
    FreeShipping,
}

/// The goods that a discount is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscountScope {
    /// All of them.
    Everything,
    /// Those of any of these collections, by slug.
    Collections(Vec<String>),
    /// These products, by slug.
    Products(Vec<String>),
}

/// A discount code, in the form in which codes are compared: upper case, without white space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiscountCode(String);

/// The reason why a code takes nothing off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// There is no such code, or it is switched off.
    Unknown,
    /// It is not given yet.
    NotYet,
    /// It is no longer given.
    Ended,
    /// As many orders as may have it do.
    UsedUp,
    /// As many orders with this e-mail address as may have it do.
    UsedByEmail,
    /// The cart comes to less than it asks for.
    BelowMinimum {
        /// The least that the goods cost.
        minimum: Money,
    },
    /// Nothing in the cart is in its scope, or it would take nothing off.
    NothingInScope,
    /// Another discount, which it cannot be combined with, takes more off.
    OtherIsBetter {
        /// The other's title.
        title: String,
    },
}

impl Discount {
    /// True if a cart gets it at a time in Unix seconds. Neither the uses by e-mail address nor
    /// other discounts are looked at.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, items: &[Item], subtotal: Money, now: i64) -> Result<(), CodeProblem> {
        if !self.is_active {
            return Err(CodeProblem::Unknown);
        }
        if self.starts_at.is_some_and(|starts| now < starts) {
            return Err(CodeProblem::NotYet);
        }
        if self.ends_at.is_some_and(|ends| now >= ends) {
            return Err(CodeProblem::Ended);
        }
        if self.limit.is_some_and(|limit| self.uses >= limit) {
            return Err(CodeProblem::UsedUp);
        }
        if let Some(minimum) = self.minimum
            && (subtotal.currency() != minimum.currency() || subtotal.amount() < minimum.amount())
        {
            return Err(CodeProblem::BelowMinimum { minimum });
        }
        if !items.iter().any(|item| self.scope.covers(item)) {
            return Err(CodeProblem::NothingInScope);
        }
        Ok(())
    }
}

impl DiscountScope {
    /// True if a line is in it.
    pub fn covers(&self, item: &Item) -> bool {
        match self {
            Self::Everything => true,
            Self::Collections(slugs) => slugs.iter().any(|slug| item.collections.contains(slug)),
            Self::Products(slugs) => slugs.contains(&item.product),
        }
    }
}

impl DiscountCode {
    /// The most characters of a code.
    pub const MAX: usize = 40;

    /// Reads what was typed; `None` when no code can look like that.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = String::new();
        for each in text.chars().filter(|each| !each.is_whitespace()) {
            if each.is_control() || code.chars().count() >= Self::MAX {
                return None;
            }
            code.extend(each.to_uppercase());
        }
        (!code.is_empty()).then_some(Self(code))
    }

    /// The code, in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
