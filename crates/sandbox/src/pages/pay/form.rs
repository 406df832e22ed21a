//! The fields of the pay page: what is asked for, and reading what was typed.

use std::borrow::Cow;

use super::address::Address;
use super::fields::{BILLING, SHIPPING};
use super::names::Names;
use super::quantities::Quantities;
use super::questions::Answers;
use crate::cards::{self, Card, CardForm, FieldError};
use crate::checkout::Summary;
use crate::clock::YearMonth;
use crate::debits::{self, Account, Scheme};
use crate::forms::Form;
use crate::http::validation::is_email;
use crate::objects::CheckoutSession;
use crate::objects::checkout_session::{Recipient, Shopper};
use crate::objects::payment_method::Instrument;

/// The most letters that a field may hold.
pub(super) const LONGEST: usize = 500;

/// The name of the box that says that the billing address is the shipping address.
pub(super) const LIVES_THERE: &str = "cardUseShippingAsBilling";

/// The fields that a session asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestedFields {
    pub(super) card: bool,
    /// The kind of bank account that can be debited.
    pub(super) debit: Option<Scheme>,
    pub(super) address: bool,
    pub(super) phone: bool,
}

/// The contents of the fields, as typed.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) email: String,
    /// The kind of payment method that was chosen; empty where there is no choice.
    pub(super) method: String,
    pub(super) card_number: String,
    pub(super) card_expiry: String,
    pub(super) card_cvc: String,
    pub(super) name: String,
    pub(super) account_holder: String,
    pub(super) routing_number: String,
    pub(super) account_number: String,
    pub(super) iban: String,
    pub(super) phone: String,
    pub(super) billing: Address,
    pub(super) shipping_name: String,
    pub(super) shipping: Address,
    /// True if the card's holder lives where the goods go.
    pub(super) lives_there: bool,
    /// The shipping option that was chosen, by the id of its rate.
    pub(super) shipping_rate: String,
    /// A code that is not applied yet.
    pub(super) promotion_code: String,
    pub(super) quantities: Quantities,
    pub(super) names: Names,
    pub(super) answers: Answers,
    /// The total that the page showed, in minor units; empty if the form was not the page's.
    pub(super) expected_amount: String,
}

impl RequestedFields {
    pub(super) fn of_session(session: &CheckoutSession) -> Self {
        let to_pay = session.integer("amount_total") > 0;
        let types = session.get("payment_method_types").as_array();
        let offers = |kind| types.is_some_and(|types| types.iter().any(|other| other == kind));
        Self {
            card: to_pay && offers("card"),
            debit: Scheme::of_currency(session.text("currency"))
                .filter(|scheme| to_pay && offers(scheme.name())),
            address: session.text("billing_address_collection") == "required",
            phone: session.get("phone_number_collection")["enabled"] == true,
        }
    }

    /// True if there is something to pay.
    pub(super) fn payment(self) -> bool {
        self.card || self.debit.is_some()
    }
}

impl Typed {
    /// Nothing but what is known of the shopper: from the merchant, or from an attempt that failed.
    pub(super) fn at_first(order: &Summary, known: Option<Shopper>) -> Self {
        let mut typed = Self::read(&Form::default(), order);
        typed.lives_there = true;
        let Some(known) = known else {
            return typed;
        };
        typed.name = known.name.clone().unwrap_or_default();
        typed.account_holder = known.name.unwrap_or_default();
        typed.phone = known.phone.unwrap_or_default();
        typed.billing = Address::from_json(&known.address);
        if order.email.is_none() {
            typed.email = known.email;
        }
        if let Some(to) = known.shipping {
            typed.shipping_name = to.name;
            typed.shipping = Address::from_json(&to.address);
            typed.lives_there = to.address == known.address;
        }
        typed
    }

    /// Reads the fields. The e-mail that the merchant gave cannot be changed by the shopper.
    pub(super) fn read(form: &Form, order: &Summary) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            email: order.email.clone().unwrap_or_else(|| text("email")),
            method: text("paymentMethod"),
            card_number: text("cardNumber"),
            card_expiry: text("cardExpiry"),
            card_cvc: text("cardCvc"),
            name: text("billingName"),
            account_holder: text("accountHolderName"),
            routing_number: text("routingNumber"),
            account_number: text("accountNumber"),
            iban: text("iban"),
            phone: text("phoneNumber"),
            billing: Address::read(form, &BILLING, &[], order.currency),
            shipping_name: text("shippingName"),
            shipping: Address::read(form, &SHIPPING, &order.shipping_countries, order.currency),
            lives_there: form.text(LIVES_THERE) == "on",
            shipping_rate: text("shippingRate"),
            promotion_code: text("promotionCode"),
            quantities: Quantities::read(form, order),
            names: Names::read(form),
            answers: Answers::read(form),
            expected_amount: text("expectedAmount"),
        }
    }

    /// The customer and, where something is to be paid, what with; or everything that is wrong.
    pub(super) fn check(
        &self,
        requested: RequestedFields,
        order: &Summary,
        now: YearMonth,
    ) -> Result<(Shopper, Option<Instrument>), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.email.is_empty() {
            errors.push(required("email"));
        } else if !is_email(&self.email) || self.email.len() > LONGEST {
            errors.push(FieldError::new(
                "email",
                "email_invalid",
                "Your email is invalid.",
            ));
        }
        let debit = self.debit(requested);
        let instrument = match debit {
            Some(scheme) => Some(self.account(scheme).map(Instrument::Debit)),
            None => requested.card.then(|| self.card(now).map(Instrument::Card)),
        };
        let instrument =
            instrument.and_then(|read| read.map_err(|wrong| errors.extend(wrong)).ok());
        let to = &order.shipping_countries;
        let is_shipped = !to.is_empty();
        if is_shipped {
            errors.extend(self.shipping.wrong(&SHIPPING, to, true));
        }
        if !(is_shipped && self.lives_there) {
            errors.extend(self.billing.wrong(&BILLING, &[], requested.address));
        }
        let by_card = requested.card && debit.is_none();
        for (field, value, is_needed) in [
            ("phoneNumber", &self.phone, requested.phone),
            ("shippingName", &self.shipping_name, is_shipped),
            ("billingName", &self.name, by_card),
            ("accountHolderName", &self.account_holder, debit.is_some()),
        ] {
            if value.is_empty() && is_needed {
                errors.push(required(field));
            } else if value.chars().count() > LONGEST {
                errors.push(too_long(field));
            }
        }
        if errors.is_empty() {
            let customer = self.customer(requested, is_shipped, instrument.as_ref());
            Ok((customer, instrument))
        } else {
            Err(errors)
        }
    }

    /// The kind of bank account to debit, if the shopper chose one or there is nothing else.
    fn debit(&self, requested: RequestedFields) -> Option<Scheme> {
        requested
            .debit
            .filter(|scheme| !requested.card || self.method == scheme.name())
    }

    fn account(&self, scheme: Scheme) -> Result<Account, Vec<FieldError>> {
        match scheme {
            Scheme::UsBankAccount => debits::read_us(&self.routing_number, &self.account_number),
            Scheme::SepaDebit => debits::read_sepa(&self.iban),
        }
    }

    fn card(&self, now: YearMonth) -> Result<Card, Vec<FieldError>> {
        cards::read(
            CardForm {
                number: &self.card_number,
                expiry: &self.card_expiry,
                cvc: &self.card_cvc,
            },
            now,
        )
    }

    fn customer(
        &self,
        requested: RequestedFields,
        is_shipped: bool,
        instrument: Option<&Instrument>,
    ) -> Shopper {
        let account = match instrument {
            Some(Instrument::Debit(account)) => Some(account),
            _ => None,
        };
        let name = match account {
            Some(_) => &self.account_holder,
            None => &self.name,
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let is_asked = requested.address || (requested.card && is_shipped);
        let billing = match account {
            _ if is_shipped && self.lives_there => &self.shipping,
            // The country beside the card was not for this.
            Some(account) if !is_asked => &Address::empty(&account.country),
            _ => &self.billing,
        };
        Shopper {
            email: self.email.clone(),
            name: given(name),
            phone: given(&self.phone),
            address: billing.body(),
            shipping: is_shipped.then(|| Recipient {
                name: self.shipping_name.clone(),
                address: self.shipping.body(),
            }),
            ..Shopper::default()
        }
    }
}

pub(super) fn required(field: impl Into<Cow<'static, str>>) -> FieldError {
    FieldError::new(field, "parameter_missing", "Required")
}

pub(super) fn too_long(field: &'static str) -> FieldError {
    FieldError::new(field, "parameter_invalid_string", "This is too long.")
}
