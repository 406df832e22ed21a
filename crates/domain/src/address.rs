//! Postal addresses, as shoppers type them and as carriers read them.
//!
//! Whatever a carrier may deliver to is taken: a postal code that does not look like those of its
//! country is a [`hint`](Address::postal_code_hint) at most, and a region that is not listed stays
//! as it was typed. Only what is missing, too long or no text is a [`Problem`].

/// Countries, and how addresses are written in them.
mod country;
/// The table of countries.
mod data;
/// An address as lines, in the order of its country.
mod lines;
/// Typed text, made fit for a label.
mod text;

pub use country::{AddressFormat, Country, ParseCountryError, Region};
pub use text::{TextProblem, clean};

/// The most characters of a name, a line or a city.
pub const MAX_LINE: usize = 255;

/// The most characters of a postal code.
pub const MAX_POSTAL_CODE: usize = 32;

/// The most characters of a phone number.
pub const MAX_PHONE: usize = 40;

/// The address of a delivery. Each text has at least one visible character, no control character
/// and a bounded length; which of the optional fields are there depends on the country.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The person who gets the parcel.
    pub name: String,
    /// The company at whose address it is.
    pub company: Option<String>,
    /// Street and number, or what takes their place.
    pub line1: String,
    /// Apartment, floor, district.
    pub line2: Option<String>,
    /// City; none in a few countries, such as Singapore.
    pub city: Option<String>,
    /// State, province, prefecture. The key of the region if it is one that the country lists and
    /// that key is written in Latin letters (`CA` for California), else as it was typed.
    pub region: Option<String>,
    /// Postal code; many countries have none.
    pub postal_code: Option<String>,
    /// The country.
    pub country: Country,
    /// Phone number, for the carrier's questions.
    pub phone: Option<String>,
}

/// A field of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// [`Address::name`].
    Name,
    /// [`Address::company`].
    Company,
    /// [`Address::line1`].
    Line1,
    /// [`Address::line2`].
    Line2,
    /// [`Address::city`].
    City,
    /// [`Address::region`].
    Region,
    /// [`Address::postal_code`].
    PostalCode,
    /// [`Address::country`].
    Country,
    /// [`Address::phone`].
    Phone,
}

/// The reason why a field cannot stay as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is empty, and nothing is delivered without it.
    Missing,
    /// It has more characters than fit.
    TooLong {
        /// The most that it has.
        most: usize,
    },
    /// It holds a line break or another control character.
    ControlCharacter,
    /// There is no such country.
    UnknownCountry,
    /// It is no phone number: it has fewer than three digits.
    NotAPhoneNumber,
}

/// The fields of an address as they were typed. Nothing of it is checked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AddressInput {
    /// As [`Address::name`].
    pub name: String,
    /// As [`Address::company`].
    pub company: String,
    /// As [`Address::line1`].
    pub line1: String,
    /// As [`Address::line2`].
    pub line2: String,
    /// As [`Address::city`].
    pub city: String,
    /// As [`Address::region`].
    pub region: String,
    /// As [`Address::postal_code`].
    pub postal_code: String,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// As [`Address::phone`].
    pub phone: String,
}

impl Address {
    /// Reads an address as it was typed: trims it, leaves out invisible characters, and drops what
    /// its country has no field for.
    ///
    /// # Errors
    /// Each field that cannot stay so, in the order of the form.
    pub fn parse(input: &AddressInput) -> Result<Self, Vec<(Field, Problem)>> {
        let mut problems = Vec::new();
        let country = match Country::parse(&input.country) {
            Ok(country) => Some(country),
            Err(_) if input.country.trim().is_empty() => {
                problems.push((Field::Country, Problem::Missing));
                None
            }
            Err(_) => {
                problems.push((Field::Country, Problem::UnknownCountry));
                None
            }
        };
        let has = |field| country.is_none_or(|country| country.format().has(field));
        let needs = |field| country.is_some_and(|country| country.format().needs(field));
        let mut read = |field: Field| {
            if !has(field) {
                return None;
            }
            match text::field(field, input.get(field)) {
                Ok(Some(text)) => return Some(text),
                Ok(None) if needs(field) => problems.push((field, Problem::Missing)),
                Ok(None) => {}
                Err(problem) => problems.push((field, problem)),
            }
            None
        };
        let name = read(Field::Name);
        let company = read(Field::Company);
        let line1 = read(Field::Line1);
        let line2 = read(Field::Line2);
        let city = read(Field::City);
        let region = read(Field::Region);
        let postal_code = read(Field::PostalCode);
        let phone = read(Field::Phone);
        let (Some(country), Some(name), Some(line1), true) =
            (country, name, line1, problems.is_empty())
        else {
            problems.sort_by_key(|(field, _)| *field);
            return Err(problems);
        };
        Ok(Self {
            region: region.map(|region| country.format().region_key(region)),
            name,
            company,
            line1,
            line2,
            city,
            postal_code,
            country,
            phone,
        })
    }

    /// A field's text, if it has any.
    pub fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => Some(&self.name),
            Field::Company => self.company.as_deref(),
            Field::Line1 => Some(&self.line1),
            Field::Line2 => self.line2.as_deref(),
            Field::City => self.city.as_deref(),
            Field::Region => self.region.as_deref(),
            Field::PostalCode => self.postal_code.as_deref(),
            Field::Country => Some(self.country.as_str()),
            Field::Phone => self.phone.as_deref(),
        }
    }

    /// The ISO 3166-2 part of the region (`CA` of `US-CA`), if it is one that the country lists.
    pub fn region_code(&self) -> Option<&'static str> {
        self.country.format().region_code(self.region.as_deref()?)
    }

    /// The postal code's usual look, as an example, if this one looks otherwise. Not an error: codes
    /// change, and carriers know better.
    pub fn postal_code_hint(&self) -> Option<&'static str> {
        let code = self.postal_code.as_deref()?;
        self.country.format().postal_code_hint(code)
    }

    /// The address as lines, from the name to the country, in the order in which the country writes
    /// them. Without the phone number.
    pub fn lines(&self) -> Vec<String> {
        lines::of(self)
    }
}

impl AddressInput {
    /// The text that was typed into a field.
    pub fn get(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::Company => &self.company,
            Field::Line1 => &self.line1,
            Field::Line2 => &self.line2,
            Field::City => &self.city,
            Field::Region => &self.region,
            Field::PostalCode => &self.postal_code,
            Field::Country => &self.country,
            Field::Phone => &self.phone,
        }
    }

    /// The fields of an address, to be changed.
    pub fn of(address: &Address) -> Self {
        let text = |field| address.get(field).unwrap_or_default().to_owned();
        Self {
            name: text(Field::Name),
            company: text(Field::Company),
            line1: text(Field::Line1),
            line2: text(Field::Line2),
            city: text(Field::City),
            region: text(Field::Region),
            postal_code: text(Field::PostalCode),
            country: text(Field::Country),
            phone: text(Field::Phone),
        }
    }
}

/// Nothing of a person's address gets into a log by accident.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({}, redacted)", self.country)
    }
}

/// As [`Address`].
impl std::fmt::Debug for AddressInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressInput(redacted)")
    }
}
