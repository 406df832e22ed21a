use std::fmt;

use crate::address::Country;

/// A VAT number whose form is right. Whether it was given to anybody, only its state knows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VatNumber {
    country: Country,
    text: String,
}

/// The text has not the form of a VAT number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a VAT number")]
pub struct ParseVatNumberError;

/// Prefix, country, and the forms of what follows: `9` is a digit, `A` a letter, `*` either.
///
/// Source: <https://ec.europa.eu/taxation_customs/vies/faq.html> (Q11), and for the last four the
/// tax offices of those countries.
const FORMS: [(&str, &str, &[&str]); 32] = [
    ("AT", "AT", &["U99999999"]),
    ("BE", "BE", &["9999999999"]),
    ("BG", "BG", &["999999999", "9999999999"]),
    ("CY", "CY", &["99999999A"]),
    ("CZ", "CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", "DE", &["999999999"]),
    ("DK", "DK", &["99999999"]),
    ("EE", "EE", &["999999999"]),
    ("EL", "GR", &["999999999"]),
    ("ES", "ES", &["A9999999*", "99999999A"]),
    ("FI", "FI", &["99999999"]),
    ("FR", "FR", &["**999999999"]),
    ("HR", "HR", &["99999999999"]),
    ("HU", "HU", &["99999999"]),
    ("IE", "IE", &["9*99999A", "9999999AA"]),
    ("IT", "IT", &["99999999999"]),
    ("LT", "LT", &["999999999", "999999999999"]),
    ("LU", "LU", &["99999999"]),
    ("LV", "LV", &["99999999999"]),
    ("MT", "MT", &["99999999"]),
    ("NL", "NL", &["999999999A99"]),
    ("PL", "PL", &["9999999999"]),
    ("PT", "PT", &["999999999"]),
    (
        "RO",
        "RO",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
    ),
    ("SE", "SE", &["999999999999"]),
    ("SI", "SI", &["99999999"]),
    ("SK", "SK", &["9999999999"]),
    ("GB", "GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("XI", "GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("CHE", "CH", &["999999999", "999999999AAA", "999999999AAAA"]),
    ("NO", "NO", &["999999999", "999999999AAA"]),
    ("GR", "GR", &["999999999"]),
];

/// The member states of the EU, whose VAT is one area.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// True if a country is a member state of the EU.
pub fn is_in_eu_vat_area(country: Country) -> bool {
    EU.contains(&country.as_str())
}

impl VatNumber {
    /// Reads a number as people write it, such as `de 129 273 398` or `CHE-123.456.788 MWST`.
    ///
    /// # Errors
    /// When it has the form of no known country's.
    pub fn parse(text: &str) -> Result<Self, ParseVatNumberError> {
        if text.len() > 64 {
            return Err(ParseVatNumberError);
        }
        let plain: String = text
            .chars()
            .filter(|each| !each.is_whitespace() && !matches!(each, '.' | '-' | '/' | '_'))
            .map(|each| each.to_ascii_uppercase())
            .collect();
        for (prefix, country, forms) in FORMS {
            let Some(rest) = plain.strip_prefix(prefix) else {
                continue;
            };
            if forms.iter().any(|form| has_form(rest, form)) {
                let country = Country::parse(country).map_err(|_| ParseVatNumberError)?;
                let prefix = if prefix == "GR" { "EL" } else { prefix };
                let text = format!("{prefix}{rest}");
                return Ok(Self { country, text });
            }
        }
        Err(ParseVatNumberError)
    }

    /// The country that gave it.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The number without white space and signs, in upper case.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// It may name a person, so logs do not get it.
impl fmt::Debug for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VatNumber({}…)", self.country.as_str())
    }
}

fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_alphabetic(),
                b'*' => byte.is_ascii_alphanumeric(),
                other => byte == other,
            })
}
