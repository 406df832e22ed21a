//! The fields of the pay page: what is asked for, and reading what was typed.

use serde_json::{Value, json};

use crate::api::is_email;
use crate::cards::{self, Card, CardForm, FieldError};
use crate::clock::YearMonth;
use crate::forms::Form;
use crate::objects::Object;
use crate::objects::session::Customer;

const LONGEST: usize = 500;

/// Which fields a session asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) card: bool,
    pub(super) address: bool,
    pub(super) phone: bool,
}

/// What the fields hold, as typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) email: String,
    pub(super) card_number: String,
    pub(super) card_expiry: String,
    pub(super) card_cvc: String,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) line1: String,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) phone: String,
}

impl Asked {
    pub(super) fn of(session: &Object) -> Self {
        Self {
            card: session.integer("amount_total") > 0,
            address: session.text("billing_address_collection") == "required",
            phone: session.get("phone_number_collection")["enabled"] == true,
        }
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
            card_number: text("cardNumber"),
            card_expiry: text("cardExpiry"),
            card_cvc: text("cardCvc"),
            name: text("billingName"),
            country: text("billingCountry"),
            line1: text("billingAddressLine1"),
            city: text("billingLocality"),
            postal_code: text("billingPostalCode"),
            phone: text("phoneNumber"),
        }
    }

    /// The customer and, where something is to be paid, the card; or everything that is wrong.
    pub(super) fn check(
        &self,
        asked: Asked,
        now: YearMonth,
    ) -> Result<(Customer, Option<Card>), Vec<FieldError>> {
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
        let card = if asked.card {
            self.card(now).map_err(|wrong| errors.extend(wrong)).ok()
        } else {
            None
        };
        let mut needed = vec![("billingName", &self.name, asked.card)];
        needed.push(("phoneNumber", &self.phone, asked.phone));
        for (field, value) in [
            ("billingCountry", &self.country),
            ("billingAddressLine1", &self.line1),
            ("billingLocality", &self.city),
            ("billingPostalCode", &self.postal_code),
        ] {
            needed.push((field, value, asked.address));
        }
        for (field, value, is_needed) in needed {
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
            Ok((self.customer(), card))
        } else {
            Err(errors)
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

    fn customer(&self) -> Customer {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Customer {
            email: self.email.clone(),
            name: given(&self.name),
            phone: given(&self.phone),
            address: json!({
                "city": given(&self.city),
                "country": given(&self.country).unwrap_or_else(|| "US".to_owned()),
                "line1": given(&self.line1),
                "line2": Value::Null,
                "postal_code": given(&self.postal_code),
                "state": Value::Null,
            }),
        }
    }
}

fn required(field: &'static str) -> FieldError {
    FieldError::new(field, "parameter_missing", "Required")
}
