use domain::address::{Field, Problem};
use domain::money::Money;
use http::StatusCode;
use shop::checkout::CheckoutProblem;
use text::CheckoutText;

use crate::response;

/// The part of the checkout's form that a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Email,
    Address(Field),
    VatNumber,
    Delivery,
    Code,
    Note,
    Total,
}

/// A problem of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormProblem {
    /// The part of the form.
    pub(super) target: Target,
    /// The text that says what to do about it.
    pub(super) message: String,
}

/// The problems of a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Problems(Vec<FormProblem>);

impl Target {
    /// The id of the element.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Address(field) => field_name(field),
            Self::VatNumber => "vat_number",
            Self::Delivery => "delivery",
            Self::Code => "code",
            Self::Note => "note",
            Self::Total => "pay",
        }
    }
}

/// The name of an address field in the form: what browsers call it when they fill it in.
///
/// Source: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill>
pub(super) const fn field_name(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Company => "organization",
        Field::Line1 => "address-line1",
        Field::Line2 => "address-line2",
        Field::City => "address-level2",
        Field::Region => "address-level1",
        Field::PostalCode => "postal-code",
        Field::Country => "country",
        Field::Phone => "tel",
    }
}

impl Problems {
    pub(super) fn add(&mut self, target: Target, message: impl Into<String>) {
        let message = message.into();
        self.0.push(FormProblem { target, message });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &FormProblem> {
        self.0.iter()
    }

    /// The message about an element, if there is one; of several the first.
    pub(super) fn of(&self, target: Target) -> Option<&str> {
        let found = self.0.iter().find(|problem| problem.target == target);
        found.map(|problem| problem.message.as_str())
    }

    /// Takes over what else is in the way of paying, `total` being the total of now. What the cart's
    /// page has to say is not among it.
    pub(super) fn add_quoted(
        &mut self,
        text: CheckoutText,
        problems: &[CheckoutProblem],
        total: Money,
    ) {
        for problem in problems {
            let (target, message) = match problem {
                CheckoutProblem::CartChanged | CheckoutProblem::EmptyCart => continue,
                CheckoutProblem::NoDestination => {
                    let message = text.address_problem(Field::Country, Problem::Missing, None);
                    (Target::Address(Field::Country), message)
                }
                CheckoutProblem::NoDelivery { country } => {
                    (Target::Delivery, text.no_delivery(*country))
                }
                CheckoutProblem::NoRateForOrder => (Target::Delivery, text.no_rate().to_owned()),
                CheckoutProblem::DeliveryGone => {
                    (Target::Delivery, text.delivery_gone().to_owned())
                }
                CheckoutProblem::NotDeliverable { titles } => {
                    (Target::Delivery, text.not_deliverable(titles))
                }
                CheckoutProblem::Code(problem) => (Target::Code, text.code_problem(problem)),
                CheckoutProblem::BelowMinimum { minimum } => {
                    (Target::Total, text.below_minimum(*minimum))
                }
                CheckoutProblem::AboveMaximum { maximum } => {
                    (Target::Total, text.above_maximum(*maximum))
                }
                CheckoutProblem::TotalChanged { from } => {
                    (Target::Total, text.total_changed(*from, total))
                }
            };
            if self.of(target).is_none() {
                self.add(target, message);
            }
        }
    }

    /// Answers that the form cannot stay as it is, if anything is wrong with it.
    pub(super) fn set_status(&self) {
        if !self.is_empty() {
            response::set_status(StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
}
