//! The fields of the pay page: their names and labels, and how they and what is wrong with them are
//! shown.

use crate::cards::FieldError;
use crate::pages::escape;

/// One field of the form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its name on Stripe's own page, and its id on this one.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    input: Input,
    autocomplete: &'static str,
    placeholder: &'static str,
    /// Said beside the label: whether it can be left out.
    note: &'static str,
}

/// The kind of text that a field takes.
#[derive(Debug, Clone, Copy)]
enum Input {
    Text,
    Email,
    Phone,
    /// Digits in groups, with blanks or dashes between, which a number field would refuse.
    Digits,
}

pub(super) const EMAIL: Field = Field {
    input: Input::Email,
    ..Field::text("email", "Email", "email")
};
pub(super) const PHONE: Field = Field {
    input: Input::Phone,
    ..Field::text("phoneNumber", "Phone number", "tel")
};
pub(super) const INDIVIDUAL_NAME: Field = Field::text("individualName", "Full name", "name");
pub(super) const BUSINESS_NAME: Field =
    Field::text("businessName", "Business name", "organization");
pub(super) const CARD_NUMBER: Field =
    Field::digits("cardNumber", "Card number", "cc-number").like("1234 1234 1234 1234");
pub(super) const CARD_EXPIRY: Field =
    Field::digits("cardExpiry", "Expiration", "cc-exp").like("MM / YY");
pub(super) const CARD_CVC: Field = Field::digits("cardCvc", "Security code", "cc-csc").like("CVC");
pub(super) const CARD_NAME: Field =
    Field::text("billingName", "Name on card", "cc-name").like("Full name on card");
pub(super) const ACCOUNT_HOLDER: Field =
    Field::text("accountHolderName", "Account holder", "name").like("Full name");
pub(super) const ROUTING_NUMBER: Field =
    Field::digits("routingNumber", "Routing number", "off").like("110000000");
pub(super) const ACCOUNT_NUMBER: Field =
    Field::digits("accountNumber", "Account number", "off").like("000123456789");
pub(super) const IBAN: Field =
    Field::text("iban", "IBAN", "off").like("DE00 0000 0000 0000 0000 00");
pub(super) const SHIPPING_NAME: Field =
    Field::text("shippingName", "Full name", "shipping name").like("First and last name");
pub(super) const PROMOTION_CODE: Field =
    Field::text("promotionCode", "Promotion code", "off").optional();
pub(super) const SHIPPING_RATE: Field = Field::text("shippingRate", "Shipping method", "off");

/// The fields of one address.
#[derive(Debug)]
pub(super) struct AddressFields {
    pub(super) country: Field,
    pub(super) line1: Field,
    pub(super) line2: Field,
    pub(super) city: Field,
    pub(super) postal_code: Field,
    pub(super) state: Field,
}

pub(super) const BILLING: AddressFields = AddressFields {
    country: Field::text("billingCountry", COUNTRY, "billing country"),
    line1: Field::text("billingAddressLine1", LINE1, "billing address-line1"),
    line2: Field::text("billingAddressLine2", LINE2, "billing address-line2").optional(),
    city: Field::text("billingLocality", CITY, "billing address-level2"),
    postal_code: Field::text("billingPostalCode", POSTAL_CODE, "billing postal-code"),
    state: Field::text("billingAdministrativeArea", STATE, "billing address-level1"),
};

pub(super) const SHIPPING: AddressFields = AddressFields {
    country: Field::text("shippingCountry", COUNTRY, "shipping country"),
    line1: Field::text("shippingAddressLine1", LINE1, "shipping address-line1"),
    line2: Field::text("shippingAddressLine2", LINE2, "shipping address-line2").optional(),
    city: Field::text("shippingLocality", CITY, "shipping address-level2"),
    postal_code: Field::text("shippingPostalCode", POSTAL_CODE, "shipping postal-code"),
    state: Field::text(
        "shippingAdministrativeArea",
        STATE,
        "shipping address-level1",
    ),
};

const COUNTRY: &str = "Country or region";
const LINE1: &str = "Address";
const LINE2: &str = "Apartment, suite, etc.";
const CITY: &str = "City";
const POSTAL_CODE: &str = "Postal code";
const STATE: &str = "State or province";

/// All of them, in the order of the page.
const ALL: &[Field] = &[
    PROMOTION_CODE,
    EMAIL,
    PHONE,
    INDIVIDUAL_NAME,
    BUSINESS_NAME,
    SHIPPING_NAME,
    SHIPPING.country,
    SHIPPING.line1,
    SHIPPING.line2,
    SHIPPING.city,
    SHIPPING.postal_code,
    SHIPPING.state,
    SHIPPING_RATE,
    CARD_NUMBER,
    CARD_EXPIRY,
    CARD_CVC,
    CARD_NAME,
    ACCOUNT_HOLDER,
    ROUTING_NUMBER,
    ACCOUNT_NUMBER,
    IBAN,
    BILLING.country,
    BILLING.line1,
    BILLING.line2,
    BILLING.city,
    BILLING.postal_code,
    BILLING.state,
];

/// The label of the field with this id.
pub(super) fn label(id: &str) -> Option<&'static str> {
    ALL.iter()
        .find(|field| field.name == id)
        .map(|field| field.label)
}

/// Shows fields together with what is wrong with them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) errors: &'a [FieldError],
    /// The id of the element at which the shopper goes on, unless something is wrong.
    pub(super) focus: &'a str,
}

impl<'a> Fields<'a> {
    /// A field that holds `value`.
    pub(super) fn input(self, field: Field, value: &str) -> String {
        self.wrapped(field, &self.input_alone(field, value, ""))
    }

    /// A field that the merchant filled in and the shopper cannot change.
    pub(super) fn locked(self, field: Field, value: &str) -> String {
        self.wrapped(field, &self.input_alone(field, value, " readonly"))
    }

    /// A field with a button of its own beside it, which is HTML.
    pub(super) fn with_button(self, field: Field, value: &str, button: &str) -> String {
        let input = self.input_alone(field, value, "");
        self.wrapped(
            field,
            &format!("<div class=\"with-button\">\n{input}\n{button}</div>"),
        )
    }

    /// A choice of one of these, each with its value and what people call it.
    pub(super) fn select(
        self,
        field: Field,
        chosen: &str,
        options: impl Iterator<Item = (&'static str, &'static str)>,
    ) -> String {
        let options: String = options
            .map(|(value, name)| {
                let selected = if value == chosen { " selected" } else { "" };
                let name = escape(name);
                format!("<option value=\"{value}\"{selected}>{name}</option>\n")
            })
            .collect();
        let (name, autocomplete) = (field.name, field.autocomplete);
        let state = self.state(field.name);
        self.wrapped(
            field,
            &format!(
                "<select id=\"{name}\" name=\"{name}\" autocomplete=\"{autocomplete}\" required{state}>\n{options}</select>"
            ),
        )
    }

    /// The error of the field that has this id, below it.
    pub(super) fn error_below(self, id: &str) -> String {
        self.error(id).map_or_else(String::new, |error| {
            format!(
                "<p class=\"error\" id=\"{}-error\" data-code=\"{}\">{}</p>\n",
                escape(id),
                escape(&error.code),
                escape(&error.message)
            )
        })
    }

    /// The attributes by which a wrong field tells assistive technology. The only wrong field has
    /// the focus, so that the keyboard and a screen reader start there.
    pub(super) fn state(self, id: &str) -> String {
        if self.error(id).is_none() {
            return self.focus(id).to_owned();
        }
        let focus = match self.errors {
            [_] => " autofocus",
            _ => "",
        };
        format!(
            " aria-invalid=\"true\" aria-describedby=\"{}-error\"{focus}",
            escape(id)
        )
    }

    /// The attribute that puts the focus on an element that is no field.
    pub(super) fn focus(self, id: &str) -> &'static str {
        if self.errors.is_empty() && self.focus == id {
            " autofocus"
        } else {
            ""
        }
    }

    /// True where something is wrong or the shopper goes on.
    pub(super) fn is_about(self, id: &str) -> bool {
        self.errors.iter().any(|error| error.field == id) || self.focus == id
    }

    /// A field's input without its label and its error.
    fn input_alone(self, field: Field, value: &str, attributes: &str) -> String {
        let Field {
            name,
            autocomplete,
            placeholder,
            ..
        } = field;
        let kind = match field.input {
            Input::Text => "type=\"text\" maxlength=\"500\"",
            Input::Email => "type=\"email\" maxlength=\"500\" spellcheck=\"false\"",
            Input::Phone => "type=\"tel\" maxlength=\"500\"",
            Input::Digits => "type=\"text\" inputmode=\"numeric\" maxlength=\"40\"",
        };
        let placeholder = match placeholder {
            "" => String::new(),
            text => format!(" placeholder=\"{text}\""),
        };
        let required = match field.note {
            "" => " required",
            _ => "",
        };
        let (value, state) = (escape(value), self.state(field.name));
        format!(
            "<input id=\"{name}\" name=\"{name}\" {kind} autocomplete=\"{autocomplete}\"{placeholder} \
             value=\"{value}\"{required}{attributes}{state}>"
        )
    }

    /// A field's label, its input and its error.
    fn wrapped(self, field: Field, input: &str) -> String {
        let (name, label) = (field.name, field.label);
        let note = match field.note {
            "" => String::new(),
            note => format!(" <span class=\"optional\">({note})</span>"),
        };
        let error = self.error_below(field.name);
        format!(
            "<div class=\"field\">\n<label for=\"{name}\">{label}{note}</label>\n{input}\n{error}</div>\n"
        )
    }

    fn error(self, id: &str) -> Option<&'a FieldError> {
        self.errors.iter().find(|error| error.field == id)
    }
}

impl Field {
    const fn text(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self {
            name,
            label,
            input: Input::Text,
            autocomplete,
            placeholder: "",
            note: "",
        }
    }

    const fn digits(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self {
            input: Input::Digits,
            ..Self::text(name, label, autocomplete)
        }
    }

    /// With an example of what to type.
    const fn like(self, placeholder: &'static str) -> Self {
        Self {
            placeholder,
            ..self
        }
    }

    pub(super) const fn optional(self) -> Self {
        self.noted("optional")
    }

    /// With a word on whether it can be left out.
    pub(super) const fn noted(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}
