//! Postal addresses: where the card's holder lives, and where the goods go.

use serde_json::{Value, json};

use super::fields::{AddressFields, Field, Fields};
use super::form::{LONGEST, required, too_long};
use crate::cards::FieldError;
use crate::countries;
use crate::currency::Currency;
use crate::forms::Form;

/// The default country of somebody who pays in euros, and in another currency that belongs to no
/// country alone.
const EURO_COUNTRY: &str = "DE";
const OTHER_COUNTRY: &str = "US";

/// An address as typed.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// Two letters.
    country: String,
    line1: String,
    line2: String,
    city: String,
    state: String,
    postal_code: String,
}

impl Address {
    /// An address of which only the country is known.
    pub(super) fn empty(country: &str) -> Self {
        Self {
            country: country.to_owned(),
            line1: String::new(),
            line2: String::new(),
            city: String::new(),
            state: String::new(),
            postal_code: String::new(),
        }
    }

    /// Reads the fields of an address in one of these countries, which are all if there are none.
    /// Before anything is chosen, it is the country of the currency.
    pub(super) fn read(
        form: &Form,
        which: &AddressFields,
        countries: &[String],
        currency: Currency,
    ) -> Self {
        let text = |field: Field| form.text(field.name).to_owned();
        let mut address = Self {
            country: text(which.country),
            line1: text(which.line1),
            line2: text(which.line2),
            city: text(which.city),
            state: text(which.state),
            postal_code: text(which.postal_code),
        };
        if address.country.is_empty() {
            address.country = first_country(countries, currency);
        }
        address
    }

    /// An address in the shape of Stripe's.
    pub(super) fn from_json(value: &Value) -> Self {
        let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
        Self {
            country: text("country"),
            line1: text("line1"),
            line2: text("line2"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postal_code"),
        }
    }

    /// In the shape of Stripe's addresses.
    pub(super) fn body(&self) -> Value {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        json!({
            "city": given(&self.city),
            "country": given(&self.country),
            "line1": given(&self.line1),
            "line2": given(&self.line2),
            "postal_code": given(&self.postal_code),
            "state": given(&self.state),
        })
    }

    /// The errors of an address that has to be in one of these countries, and complete if
    /// `is_needed`.
    pub(super) fn wrong(
        &self,
        which: &AddressFields,
        countries: &[String],
        is_needed: bool,
    ) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if !offered(countries).any(|(code, _)| code == self.country) {
            wrong.push(FieldError::new(
                which.country.name,
                "country_unsupported",
                "Choose a country from the list.",
            ));
        }
        let has_postal_code = countries::has_postal_codes(&self.country);
        let has_state = countries::has_states(&self.country);
        for (field, value, is_needed) in [
            (which.line1, &self.line1, is_needed),
            (which.line2, &self.line2, false),
            (which.city, &self.city, is_needed),
            (
                which.postal_code,
                &self.postal_code,
                is_needed && has_postal_code,
            ),
            (which.state, &self.state, is_needed && has_state),
        ] {
            if value.is_empty() && is_needed {
                wrong.push(required(field.name));
            } else if value.chars().count() > LONGEST {
                wrong.push(too_long(field.name));
            }
        }
        wrong
    }

    /// The fields.
    pub(super) fn render(
        &self,
        fields: Fields<'_>,
        which: &AddressFields,
        countries: &[String],
    ) -> String {
        [
            self.render_country(fields, which, countries),
            fields.input(which.line1, &self.line1),
            fields.input(which.line2, &self.line2),
            "<div class=\"pair\">\n".to_owned(),
            fields.input(which.city, &self.city),
            part(
                countries,
                countries::has_postal_codes,
                fields,
                which.postal_code,
                &self.postal_code,
            ),
            "</div>\n".to_owned(),
            part(
                countries,
                countries::has_states,
                fields,
                which.state,
                &self.state,
            ),
        ]
        .concat()
    }

    /// The choice of a country alone.
    pub(super) fn render_country(
        &self,
        fields: Fields<'_>,
        which: &AddressFields,
        countries: &[String],
    ) -> String {
        fields.select(which.country, &self.country, offered(countries))
    }
}

/// A field that not every country has: left out where none of these does. A script shows it with
/// the others alone.
fn part(
    countries: &[String],
    has: fn(&str) -> bool,
    fields: Fields<'_>,
    field: Field,
    value: &str,
) -> String {
    let codes = |is_wanted: bool| {
        let codes = offered(countries).map(|(code, _)| code);
        codes
            .filter(|code| has(code) == is_wanted)
            .collect::<Vec<_>>()
    };
    let (with, without) = (codes(true), codes(false));
    let input = fields.input(field, value);
    match (with.is_empty(), without.is_empty()) {
        (true, _) => String::new(),
        (_, true) => input,
        _ => {
            let input = fields.input(field.noted("if there is one"), value);
            let (attribute, codes) = match with.len() < without.len() {
                true => ("data-in", with),
                false => ("data-not-in", without),
            };
            format!("<div {attribute}=\"{}\">\n{input}</div>\n", codes.join(" "))
        }
    }
}

/// The country that is chosen at first: the currency's, if that is among these, and else the first
/// of them. A currency's code begins with its country's.
fn first_country(countries: &[String], currency: Currency) -> String {
    let code = currency.code().to_uppercase();
    let usual = match code.get(..2).filter(|code| countries::name(code).is_some()) {
        Some(country) => country,
        None if code == "EUR" => EURO_COUNTRY,
        None => OTHER_COUNTRY,
    };
    match countries.first() {
        Some(first) if !countries.iter().any(|one| one == usual) => first.clone(),
        _ => usual.to_owned(),
    }
}

/// These countries with their names, or all if there are none.
fn offered(countries: &[String]) -> impl Iterator<Item = (&'static str, &'static str)> {
    countries::all()
        .filter(move |(code, _)| countries.is_empty() || countries.iter().any(|one| one == code))
}
