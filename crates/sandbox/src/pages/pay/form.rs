//! The fields of the pay page: what is asked for, and reading what was typed.

use serde_json::json;

use crate::api::is_email;
use crate::cards::{self, Card, CardForm, FieldError};
use crate::clock::YearMonth;
use crate::countries;
use crate::debits::{self, Account, Scheme};
use crate::forms::Form;
use crate::objects::Object;
use crate::objects::payment_method::Instrument;
use crate::objects::session::Customer;

/// The most letters that a field may hold.
const LONGEST: usize = 500;

/// Where a shopper lives who does not say.
pub(super) const DEFAULT_COUNTRY: &str = "US";

/// Which fields a session asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) card: bool,
    /// The kind of bank account that can be debited.
    pub(super) debit: Option<Scheme>,
    pub(super) address: bool,
    pub(super) phone: bool,
}

/// What the fields hold, as typed.
#[derive(Debug, Default)]
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
    /// Two letters.
    pub(super) country: String,
    pub(super) line1: String,
    pub(super) line2: String,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) postal_code: String,
    pub(super) phone: String,
}

impl Asked {
    pub(super) fn of(session: &Object) -> Self {
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

    /// Whether there is something to pay.
    pub(super) fn payment(self) -> bool {
        self.card || self.debit.is_some()
    }
}

impl Typed {
    /// Reads the fields. The e-mail that the merchant gave cannot be changed by the shopper.
    pub(super) fn read(form: &Form, session: &Object) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let given = session.text("customer_email");
        Self {
            email: if given.is_empty() {
                text("email")
            } else {
                given.to_owned()
            },
            method: text("paymentMethod"),
            card_number: text("cardNumber"),
            card_expiry: text("cardExpiry"),
            card_cvc: text("cardCvc"),
            name: text("billingName"),
            account_holder: text("accountHolderName"),
            routing_number: text("routingNumber"),
            account_number: text("accountNumber"),
            iban: text("iban"),
            country: match form.text("billingCountry") {
                "" => DEFAULT_COUNTRY.to_owned(),
                country => country.to_owned(),
            },
            line1: text("billingAddressLine1"),
            line2: text("billingAddressLine2"),
            city: text("billingLocality"),
            state: text("billingAdministrativeArea"),
            postal_code: text("billingPostalCode"),
            phone: text("phoneNumber"),
        }
    }

    /// The customer and, where something is to be paid, what with; or everything that is wrong.
    pub(super) fn check(
        &self,
        asked: Asked,
        now: YearMonth,
    ) -> Result<(Customer, Option<Instrument>), Vec<FieldError>> {
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
        let debit = self.debit(asked);
        let instrument = match debit {
            Some(scheme) => Some(self.account(scheme).map(Instrument::Debit)),
            None => asked.card.then(|| self.card(now).map(Instrument::Card)),
        };
        let instrument =
            instrument.and_then(|read| read.map_err(|wrong| errors.extend(wrong)).ok());
        if countries::name(&self.country).is_none() {
            errors.push(FieldError::new(
                "billingCountry",
                "country_unsupported",
                "Choose a country from the list.",
            ));
        }
        let has_postal_code = countries::has_postal_codes(&self.country);
        let has_state = countries::has_states(&self.country);
        let by_card = asked.card && debit.is_none();
        for (field, value, is_needed) in [
            ("phoneNumber", &self.phone, asked.phone),
            ("billingName", &self.name, by_card),
            ("accountHolderName", &self.account_holder, debit.is_some()),
            ("billingAddressLine1", &self.line1, asked.address),
            ("billingAddressLine2", &self.line2, false),
            ("billingLocality", &self.city, asked.address),
            (
                "billingPostalCode",
                &self.postal_code,
                asked.address && has_postal_code,
            ),
            (
                "billingAdministrativeArea",
                &self.state,
                asked.address && has_state,
            ),
        ] {
            if value.is_empty() && is_needed {
                errors.push(required(field));
            } else if value.chars().count() > LONGEST {
                errors.push(FieldError::new(
                    field,
                    "parameter_invalid_string",
                    "This is too long.",
                ));
            }
        }
        if errors.is_empty() {
            Ok((self.customer(debit.is_some()), instrument))
        } else {
            Err(errors)
        }
    }

    /// The kind of bank account to debit, if the shopper chose one or there is nothing else.
    fn debit(&self, asked: Asked) -> Option<Scheme> {
        asked
            .debit
            .filter(|scheme| !asked.card || self.method == scheme.name())
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

    fn customer(&self, by_debit: bool) -> Customer {
        let name = if by_debit {
            &self.account_holder
        } else {
            &self.name
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Customer {
            email: self.email.clone(),
            name: given(name),
            phone: given(&self.phone),
            address: json!({
                "city": given(&self.city),
                "country": self.country,
                "line1": given(&self.line1),
                "line2": given(&self.line2),
                "postal_code": given(&self.postal_code),
                "state": given(&self.state),
            }),
            shipping: None,
        }
    }
}

fn required(field: &'static str) -> FieldError {
    FieldError::new(field, "parameter_missing", "Required")
}
