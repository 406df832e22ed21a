//! The fields of the pay page: their names and labels, and how they and what is wrong with them are shown.

use crate::cards::FieldError;
use crate::countries;
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
    is_optional: bool,
}

/// What kind of text a field takes.
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
pub(super) const BILLING_COUNTRY: Field =
    Field::text("billingCountry", "Country or region", "billing country");
pub(super) const BILLING_LINE1: Field =
    Field::text("billingAddressLine1", "Address", "billing address-line1");
pub(super) const BILLING_LINE2: Field = Field::text(
    "billingAddressLine2",
    "Apartment, suite, etc.",
    "billing address-line2",
)
.optional();
pub(super) const BILLING_CITY: Field =
    Field::text("billingLocality", "City", "billing address-level2");
pub(super) const BILLING_STATE: Field = Field::text(
    "billingAdministrativeArea",
    "State or province",
    "billing address-level1",
);
pub(super) const BILLING_POSTAL_CODE: Field =
    Field::text("billingPostalCode", "Postal code", "billing postal-code");

const ALL: &[Field] = &[
    EMAIL,
    PHONE,
    CARD_NUMBER,
    CARD_EXPIRY,
    CARD_CVC,
    CARD_NAME,
    ACCOUNT_HOLDER,
    ROUTING_NUMBER,
    ACCOUNT_NUMBER,
    IBAN,
    BILLING_COUNTRY,
    BILLING_LINE1,
    BILLING_LINE2,
    BILLING_CITY,
    BILLING_STATE,
    BILLING_POSTAL_CODE,
];

/// Shows fields together with what is wrong with them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [FieldError]);

impl<'a> Fields<'a> {
    /// A field that holds `value`.
    pub(super) fn input(self, field: Field, value: &str) -> String {
        self.with_attributes(field, value, "")
    }

    /// A field that the merchant filled in and the shopper cannot change.
    pub(super) fn locked(self, field: Field, value: &str) -> String {
        self.with_attributes(field, value, " readonly")
    }

    /// A choice of one country.
    pub(super) fn country(self, field: Field, chosen: &str) -> String {
        let options: String = countries::all()
            .map(|(code, name)| {
                let selected = if code == chosen { " selected" } else { "" };
                format!("<option value=\"{code}\"{selected}>{name}</option>\n")
            })
            .collect();
        let (name, autocomplete) = (field.name, field.autocomplete);
        let state = self.state(field);
        self.wrapped(
            field,
            &format!(
                "<select id=\"{name}\" name=\"{name}\" autocomplete=\"{autocomplete}\" required{state}>\n{options}</select>"
            ),
        )
    }

    /// What is wrong, in one place: each with a link to its field. A single error in a field of `form` is told there
    /// alone, with the focus on it. Errors that belong to no field of `form` are told here only.
    pub(super) fn summary(self, form: &str) -> String {
        let is_shown = |error: &FieldError| form.contains(&format!("id=\"{}-error\"", error.field));
        match self.0 {
            [] => return String::new(),
            [only] if is_shown(only) => return String::new(),
            _ => {}
        }
        let items: String = self
            .0
            .iter()
            .map(|error| {
                let message = escape(&error.message);
                match ALL.iter().find(|field| field.name == error.field) {
                    Some(field) if is_shown(error) => format!(
                        "<li><a href=\"#{}\">{}</a>: {message}</li>\n",
                        field.name, field.label
                    ),
                    _ => format!("<li>{message}</li>\n"),
                }
            })
            .collect();
        format!(
            "<div class=\"alert\" role=\"alert\" tabindex=\"-1\" autofocus>\n<h2>Please check what you entered</h2>\n\
             <ul>\n{items}</ul>\n</div>\n"
        )
    }

    fn with_attributes(self, field: Field, value: &str, attributes: &str) -> String {
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
        let required = if field.is_optional { "" } else { " required" };
        let (value, state) = (escape(value), self.state(field));
        self.wrapped(
            field,
            &format!(
                "<input id=\"{name}\" name=\"{name}\" {kind} autocomplete=\"{autocomplete}\"{placeholder} \
                 value=\"{value}\"{required}{attributes}{state}>"
            ),
        )
    }

    /// A field's label, its input and its error.
    fn wrapped(self, field: Field, input: &str) -> String {
        let (name, label) = (field.name, field.label);
        let optional = if field.is_optional {
            " <span class=\"optional\">(optional)</span>"
        } else {
            ""
        };
        let error = self.error(field).map_or_else(String::new, |error| {
            format!(
                "<p class=\"error\" id=\"{name}-error\" data-code=\"{}\">{}</p>\n",
                escape(&error.code),
                escape(&error.message)
            )
        });
        format!(
            "<div class=\"field\">\n<label for=\"{name}\">{label}{optional}</label>\n{input}\n{error}</div>\n"
        )
    }

    /// What a wrong field tells assistive technology. The only wrong field has the focus, so that the keyboard and a
    /// screen reader start there.
    fn state(self, field: Field) -> String {
        let name = field.name;
        match self.error(field) {
            None => String::new(),
            Some(_) => {
                let focus = if self.0.len() == 1 { " autofocus" } else { "" };
                format!(" aria-invalid=\"true\" aria-describedby=\"{name}-error\"{focus}")
            }
        }
    }

    fn error(self, field: Field) -> Option<&'a FieldError> {
        self.0.iter().find(|error| error.field == field.name)
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
            is_optional: false,
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

    const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}
