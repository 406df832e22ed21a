use std::fmt;

use super::{Field, data};

/// A country or territory with addresses of its own, by its two letters of ISO 3166-1 (and `XK` for
/// Kosovo, as carriers use it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// The text names no country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a country")]
pub struct ParseCountryError;

/// The address format of a country: which fields there are, in which order, what they are called,
/// and which of them nothing is delivered without.
#[derive(Debug)]
pub struct AddressFormat {
    pub(super) code: Country,
    pub(super) name: &'static str,
    /// `%N%n%O%n%A%n%C, %S %Z`, for the country's own script and for Latin letters.
    pub(super) own: &'static str,
    pub(super) latin: &'static str,
    pub(super) needed: &'static str,
    pub(super) words: [&'static str; 3],
    pub(super) postal_code_shapes: &'static str,
    pub(super) postal_code_example: &'static str,
    pub(super) regions: Vec<Region>,
}

/// A state, province or other region that a country lists.
#[derive(Debug)]
pub struct Region {
    /// As it stands on a label: `CA`, `Co. Dublin`, `北海道`.
    pub key: &'static str,
    /// Its name, if that differs from the key.
    pub name: &'static str,
    /// Its name in Latin letters, if that is another.
    pub latin: &'static str,
    /// The part of its ISO 3166-2 code behind the dash; empty where it has none.
    pub code: &'static str,
}

impl Country {
    /// The United States.
    pub const US: Self = Self(*b"US");

    /// Reads two letters of ISO 3166-1, in either case.
    ///
    /// # Errors
    /// When no such country is known.
    pub fn parse(text: &str) -> Result<Self, ParseCountryError> {
        let bytes: [u8; 2] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| ParseCountryError)?;
        let country = Self(bytes.map(|byte| byte.to_ascii_uppercase()));
        data::find(country)
            .map(|_| country)
            .ok_or(ParseCountryError)
    }

    /// All countries, in the order of their English names.
    pub fn all() -> impl Iterator<Item = Self> {
        data::by_name().iter().copied()
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name in English.
    pub fn name(self) -> &'static str {
        self.format().name
    }

    /// The address format of the country.
    pub fn format(self) -> &'static AddressFormat {
        data::find(self).expect("a country is only made from the table")
    }

    /// Two letters that are looked for in the table afterwards.
    pub(super) const fn unchecked(bytes: [u8; 2]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AddressFormat {
    /// True if addresses there have this field.
    pub fn has(&self, field: Field) -> bool {
        format_code(field).is_none_or(|code| {
            self.latin
                .contains(['%', code].iter().collect::<String>().as_str())
        })
    }

    /// True if nothing is delivered there without this field.
    pub fn needs(&self, field: Field) -> bool {
        match field {
            Field::Name | Field::Line1 | Field::Country => true,
            Field::Company | Field::Line2 | Field::Phone => false,
            Field::City | Field::Region | Field::PostalCode => {
                format_code(field).is_some_and(|code| self.needed.contains(code))
            }
        }
    }

    /// The fields from the street to the postal code, in the order in which a form has them.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for part in self.latin.split('%').skip(1) {
            match part.chars().next() {
                Some('A') => fields.extend([Field::Line1, Field::Line2]),
                Some('C') => fields.push(Field::City),
                Some('S') => fields.push(Field::Region),
                Some('Z') => fields.push(Field::PostalCode),
                _ => {}
            }
        }
        fields
    }

    /// The country's word for its cities, such as `Town`.
    pub fn city_label(&self) -> &'static str {
        self.words[0]
    }

    /// The country's word for its regions, such as `State`.
    pub fn region_label(&self) -> &'static str {
        self.words[1]
    }

    /// The country's word for its postal codes, such as `ZIP code`.
    pub fn postal_code_label(&self) -> &'static str {
        match self.words[2] {
            "ZIP" => "ZIP code",
            "PIN" => "PIN code",
            "Postal" => "Postal code",
            word => word,
        }
    }

    /// The regions that the country lists; empty where it lists none.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// True if all postal codes are digits, so that a phone may show keys for digits alone.
    pub fn has_numeric_postal_codes(&self) -> bool {
        !self.postal_code_shapes.is_empty()
            && self
                .postal_code_shapes
                .bytes()
                .all(|byte| matches!(byte, b'9' | b' '))
            && self
                .postal_code_example
                .bytes()
                .all(|byte| byte.is_ascii_digit())
    }

    /// A postal code as an example, if this one does not look like those of the country.
    pub fn postal_code_hint(&self, code: &str) -> Option<&'static str> {
        if self.postal_code_shapes.is_empty() {
            return None;
        }
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_uppercase()
        };
        let code = plain(code);
        // Some write the country before it: D-10115, LV-1010, JE2 3AB.
        let bare = code.trim_start_matches(|each: char| each.is_ascii_alphabetic());
        let fits = |code: &str| {
            self.postal_code_shapes.split(' ').any(|shape| {
                shape.len() == code.len()
                    && shape
                        .bytes()
                        .zip(code.bytes())
                        .all(|(shape, byte)| match shape {
                            b'9' => byte.is_ascii_digit(),
                            b'A' => byte.is_ascii_alphabetic(),
                            _ => true,
                        })
            })
        };
        let is_usual = fits(&code) || (code.len() - bare.len() <= 3 && fits(bare));
        (!is_usual).then_some(self.postal_code_example)
    }

    /// The key of a region that is listed, if it is written in Latin letters; else what was typed.
    pub(super) fn region_key(&self, typed: String) -> String {
        match self.find_region(&typed) {
            Some(region) if region.key.is_ascii() => region.key.to_owned(),
            _ => typed,
        }
    }

    /// The ISO 3166-2 part of a region by whatever name.
    pub(super) fn region_code(&self, typed: &str) -> Option<&'static str> {
        let region = self.find_region(typed)?;
        Some(region.code).filter(|code| !code.is_empty())
    }

    /// A listed region by its key, one of its names or its code, in either case, with or without
    /// marks on letters of Latin-1 and the dots of abbreviations.
    pub fn find_region(&self, typed: &str) -> Option<&Region> {
        let typed = folded(typed);
        let by = |name: fn(&Region) -> &'static str| {
            self.regions
                .iter()
                .find(|region| !name(region).is_empty() && folded(name(region)) == typed)
        };
        by(|region| region.key)
            .or_else(|| by(|region| region.name))
            .or_else(|| by(|region| region.latin))
            .or_else(|| by(|region| region.code))
    }
}

/// A name without what people leave out.
fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|each| each.is_alphanumeric())
        .map(|each| match each {
            'à'..='å' | 'ā' | 'ă' => 'a',
            'ç' => 'c',
            'è'..='ë' | 'ē' => 'e',
            'ì'..='ï' | 'ī' => 'i',
            'ñ' => 'n',
            'ò'..='ö' | 'ō' => 'o',
            'ù'..='ü' | 'ū' => 'u',
            other => other,
        })
        .collect()
}

/// The letter that stands for a field in a format.
const fn format_code(field: Field) -> Option<char> {
    match field {
        Field::City => Some('C'),
        Field::Region => Some('S'),
        Field::PostalCode => Some('Z'),
        _ => None,
    }
}
