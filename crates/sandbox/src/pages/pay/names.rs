//! The names that the merchant asks for besides the one on the card: the shopper's own, and that of
//! a business.

use super::fields::{BUSINESS_NAME, Field, INDIVIDUAL_NAME};
use super::form::{required, too_long};
use super::view::View;
use crate::cards::FieldError;
use crate::forms::Form;
use crate::objects::CheckoutSession;
use crate::objects::checkout_session::{LONGEST_NAME, Name, Shopper, Wanted};

/// The names, as typed.
#[derive(Debug, Default)]
pub(super) struct Names {
    individual: String,
    business: String,
}

impl Names {
    /// The names of an earlier attempt.
    pub(super) fn at_first(known: Option<&Shopper>) -> Self {
        let name = |which: Name| known.and_then(|known| known.named(which).clone());
        Self {
            individual: name(Name::Individual).unwrap_or_default(),
            business: name(Name::Business).unwrap_or_default(),
        }
    }

    pub(super) fn read(form: &Form) -> Self {
        Self {
            individual: form.text(INDIVIDUAL_NAME.name).to_owned(),
            business: form.text(BUSINESS_NAME.name).to_owned(),
        }
    }

    /// Everything that is wrong with the names.
    pub(super) fn wrong(&self, session: &CheckoutSession) -> Vec<FieldError> {
        let wrong = |name: Name| {
            let wanted = name.wanted(session)?;
            let (typed, field) = (self.typed(name), field(name).name);
            if typed.is_empty() && wanted == Wanted::Required {
                Some(required(field))
            } else {
                (typed.chars().count() > LONGEST_NAME).then(|| too_long(field))
            }
        };
        Name::ALL.into_iter().filter_map(wrong).collect()
    }

    /// Adds the names that the session asks for to what is known of the shopper.
    pub(super) fn fill(&self, session: &CheckoutSession, customer: &mut Shopper) {
        for name in Name::ALL {
            let typed = Some(self.typed(name)).filter(|typed| !typed.is_empty());
            *customer.named_mut(name) = typed
                .filter(|_| name.wanted(session).is_some())
                .map(ToOwned::to_owned);
        }
    }

    fn typed(&self, name: Name) -> &str {
        match name {
            Name::Individual => &self.individual,
            Name::Business => &self.business,
        }
    }
}

/// The fields that the session asks for.
pub(super) fn render(view: &View<'_>) -> String {
    let input = |name: Name| {
        let field = match name.wanted(view.session)? {
            Wanted::Required => field(name),
            Wanted::Optional => field(name).optional(),
        };
        Some(view.fields().input(field, view.typed.names.typed(name)))
    };
    Name::ALL.into_iter().filter_map(input).collect()
}

fn field(name: Name) -> Field {
    match name {
        Name::Individual => INDIVIDUAL_NAME,
        Name::Business => BUSINESS_NAME,
    }
}
