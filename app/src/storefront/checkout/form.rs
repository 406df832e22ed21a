use domain::address::{
    Address, AddressInput, Country, Field, MAX_LINE, Problem, TextProblem, clean,
};
use domain::email::EmailAddress;
use domain::id::RateId;
use domain::money::{Currency, Money};
use domain::shipping::Destination;
use domain::tax::VatNumber;
use shop::checkout::{CheckoutDetails, QuoteRequest};
use text::CheckoutText;
use url::form_urlencoded;

use super::problems::{Problems, Target};

/// The most characters of a note.
pub(super) const MAX_NOTE: usize = 1000;

/// The checkout as it was typed. Nothing of it is checked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CheckoutForm {
    pub(super) action: Action,
    pub(super) email: String,
    pub(super) address: AddressInput,
    pub(super) vat_number: String,
    pub(super) delivery: String,
    pub(super) code: String,
    pub(super) note: String,
    pub(super) is_gift: bool,
    pub(super) newsletter: bool,
    /// The total on the button, in minor units.
    pub(super) total: String,
}

/// The button that the form was sent with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Action {
    /// Goes on to the payment. Scripts send the form without a button.
    #[default]
    Pay,
    /// Shows what it costs now.
    Update,
    /// Forgets what was typed.
    Forget,
}

impl CheckoutForm {
    /// Reads the body of the form.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            if name == "action" {
                form.action = match value.as_ref() {
                    "update" => Action::Update,
                    "forget" => Action::Forget,
                    _ => Action::Pay,
                };
            } else if name == "total" {
                form.total = value.into_owned();
            } else if name == "gift" {
                form.is_gift = true;
            } else if name == "newsletter" {
                form.newsletter = true;
            } else if let Some(text) = form.text_mut(&name) {
                *text = value.into_owned();
            }
        }
        form
    }

    /// The typed texts, for the next visit. Neither the button nor the total is.
    pub(super) fn to_text(&self) -> String {
        let mut copy = self.clone();
        let mut text = form_urlencoded::Serializer::new(String::new());
        for name in TEXTS {
            if let Some(value) = copy.text_mut(name).filter(|value| !value.is_empty()) {
                text.append_pair(name, value);
            }
        }
        for (name, is_set) in [("gift", self.is_gift), ("newsletter", self.newsletter)] {
            if is_set {
                text.append_pair(name, "yes");
            }
        }
        text.finish()
    }

    /// The part that is the shopper's and not the order's.
    #[must_use]
    pub(super) fn without_order(self) -> Self {
        Self {
            email: self.email,
            address: self.address,
            vat_number: self.vat_number,
            ..Self::default()
        }
    }

    /// The country, if one was chosen.
    pub(super) fn country(&self) -> Option<Country> {
        Country::parse(&self.address.country).ok()
    }

    /// The part that the price depends on, as far as it can be read.
    pub(super) fn quote_request(&self) -> QuoteRequest {
        QuoteRequest {
            destination: self.destination(),
            delivery: RateId::parse(&self.delivery).ok(),
            code: Some(self.code.clone()),
            email: self.email().ok(),
        }
    }

    /// Reads what is paid for. `needs_delivery` says that something is shipped.
    ///
    /// # Errors
    /// Each field that cannot stay so.
    pub(super) fn details(
        &self,
        text: CheckoutText,
        needs_delivery: bool,
        currency: Currency,
    ) -> Result<CheckoutDetails, Problems> {
        let mut problems = Problems::default();
        let country = self.country();
        let email = self.email();
        if email.is_err() {
            problems.add(Target::Email, text.enter_email());
        }
        let mut address = None;
        if needs_delivery {
            match Address::parse(&self.address) {
                Ok(parsed) => address = Some(parsed),
                Err(found) => {
                    for (field, problem) in found {
                        let message = text.address_problem(field, problem, country);
                        problems.add(Target::Address(field), message);
                    }
                }
            }
        } else if country.is_none() {
            let message = text.address_problem(Field::Country, Problem::Missing, None);
            problems.add(Target::Address(Field::Country), message);
        }
        let company = match clean(&self.address.company, MAX_LINE) {
            Ok(company) => company,
            // The address has said so.
            Err(_) if needs_delivery => None,
            Err(problem) => {
                let problem = match problem {
                    TextProblem::TooLong => Problem::TooLong { most: MAX_LINE },
                    TextProblem::ControlCharacter => Problem::ControlCharacter,
                };
                let message = text.address_problem(Field::Company, problem, country);
                problems.add(Target::Address(Field::Company), message);
                None
            }
        };
        let vat_number = self.vat_number();
        if vat_number.is_err() {
            problems.add(Target::VatNumber, text.invalid_vat_number());
        }
        let note = self.note.trim();
        if note.chars().count() > MAX_NOTE {
            problems.add(Target::Note, text.note_too_long(MAX_NOTE));
        }
        let destination = match (&address, self.destination()) {
            (Some(address), _) => Some(Destination::of(address, vat_number.ok().flatten())),
            (None, destination) => destination,
        };
        let (Ok(email), Some(destination), true) = (email, destination, problems.is_empty()) else {
            return Err(problems);
        };
        // An amount that is none agrees to nothing, and the total is asked about.
        let expected_total = Money::new(self.total.trim().parse().unwrap_or(-1), currency);
        Ok(CheckoutDetails {
            email,
            address,
            destination,
            company,
            delivery: RateId::parse(&self.delivery)
                .ok()
                .filter(|_| needs_delivery),
            code: Some(self.code.trim().to_owned()).filter(|code| !code.is_empty()),
            note: Some(visible(note)).filter(|note| !note.is_empty()),
            is_gift: self.is_gift,
            newsletter: self.newsletter,
            expected_total,
        })
    }

    /// The place of taxation: a region only where the country has regions.
    fn destination(&self) -> Option<Destination> {
        let country = self.country()?;
        let region = Some(self.address.region.as_str());
        let region = region.filter(|_| country.format().has(Field::Region));
        let vat_number = self.vat_number().ok().flatten();
        Some(Destination::new(country, region, vat_number))
    }

    /// The address as mail servers take it.
    fn email(&self) -> Result<EmailAddress, ()> {
        let normal = shop::mail::normalized(&self.email).ok_or(())?;
        EmailAddress::parse(&normal).map_err(|_| ())
    }

    fn vat_number(&self) -> Result<Option<VatNumber>, ()> {
        match self.vat_number.trim() {
            "" => Ok(None),
            typed => VatNumber::parse(typed).map(Some).map_err(|_| ()),
        }
    }

    fn text_mut(&mut self, name: &str) -> Option<&mut String> {
        let address = &mut self.address;
        Some(match name {
            "email" => &mut self.email,
            "name" => &mut address.name,
            "organization" => &mut address.company,
            "address-line1" => &mut address.line1,
            "address-line2" => &mut address.line2,
            "address-level2" => &mut address.city,
            "address-level1" => &mut address.region,
            "postal-code" => &mut address.postal_code,
            "country" => &mut address.country,
            "tel" => &mut address.phone,
            "vat_number" => &mut self.vat_number,
            "delivery" => &mut self.delivery,
            "code" => &mut self.code,
            "note" => &mut self.note,
            _ => return None,
        })
    }
}

/// The names of the fields that hold text. The note is the last, for it is the longest.
const TEXTS: [&str; 14] = [
    "email",
    "name",
    "organization",
    "address-line1",
    "address-line2",
    "address-level2",
    "address-level1",
    "postal-code",
    "country",
    "tel",
    "vat_number",
    "delivery",
    "code",
    "note",
];

/// A text of several lines without characters that cannot be printed.
fn visible(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|each| *each == '\n' || !each.is_control())
        .collect()
}

/// Nothing of a person's address gets into a log by accident.
impl std::fmt::Debug for CheckoutForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckoutForm(redacted)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use domain::address::Field;
    use domain::money::Currency;
    use text::{Language, Text};

    use super::{Action, CheckoutForm, MAX_NOTE, Target};

    fn details(
        form: &CheckoutForm,
        needs_delivery: bool,
    ) -> Result<shop::checkout::CheckoutDetails, Vec<Target>> {
        let text = Text::new(Language::default()).checkout();
        let details = form.details(text, needs_delivery, Currency::USD);
        details.map_err(|problems| problems.iter().map(|problem| problem.target).collect())
    }

    const ADA: &[u8] = b"action=pay&email=+ADA%40example.com&country=US&name=Ada+Lovelace\
        &address-line1=1+Main+St&address-level2=Springfield&address-level1=il&postal-code=62701\
        &total=5340&gift=yes";

    #[test]
    fn form_is_read_and_kept_as_it_was_typed() {
        let form = CheckoutForm::parse(ADA);
        let details = details(&form, true).unwrap();
        assert_eq!(details.email.as_str(), "ADA@example.com");
        assert_eq!(details.destination.region.as_deref(), Some("IL"));
        assert_eq!(details.expected_total.amount(), 5340);
        assert!(details.is_gift && !details.newsletter);
        let kept = CheckoutForm::parse(form.to_text().as_bytes());
        assert_eq!(
            kept,
            CheckoutForm {
                total: String::new(),
                ..form
            }
        );
        assert!(!kept.without_order().is_gift);
    }

    #[test]
    fn empty_form_names_each_field_that_is_needed() {
        let form = CheckoutForm::parse(b"country=US");
        let fields = [
            Field::Name,
            Field::Line1,
            Field::City,
            Field::Region,
            Field::PostalCode,
        ];
        let mut expected = vec![Target::Email];
        expected.extend(fields.map(Target::Address));
        assert_eq!(details(&form, true).unwrap_err(), expected);
        let nowhere = CheckoutForm::parse(b"email=a@b.example");
        let country = [Target::Address(Field::Country)];
        assert_eq!(details(&nowhere, false).unwrap_err(), country);
    }

    #[test]
    fn total_that_is_no_amount_agrees_to_nothing() {
        for total in ["", "free", "99999999999999999999", "5.340"] {
            let mut form = CheckoutForm::parse(ADA);
            form.total = total.to_owned();
            let details = details(&form, true).unwrap();
            assert_eq!(details.expected_total.amount(), -1, "{total}");
        }
    }

    #[test]
    fn note_and_vat_number_are_checked() {
        let mut form = CheckoutForm::parse(ADA);
        form.note = "ö".repeat(MAX_NOTE + 1);
        form.vat_number = "DE12".to_owned();
        let expected = [Target::VatNumber, Target::Note];
        assert_eq!(details(&form, true).unwrap_err(), expected);
        form.note = "Ring\r\ntwice\u{7}".to_owned();
        form.vat_number = "de 129 273 398".to_owned();
        let details = details(&form, true).unwrap();
        assert_eq!(details.note.as_deref(), Some("Ring\ntwice"));
        assert!(details.destination.vat_number.is_some());
    }

    #[test]
    fn form_without_a_button_pays() {
        for (body, action) in [
            ("", Action::Pay),
            ("action=update", Action::Update),
            ("action=forget", Action::Forget),
            ("action=x", Action::Pay),
        ] {
            assert_eq!(CheckoutForm::parse(body.as_bytes()).action, action);
        }
    }
}
