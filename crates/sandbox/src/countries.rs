//! Countries and territories: their two-letter codes, what people call them, and what an address
//! there needs.

/// Each with its code, in the order of the names.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once(' '))
}

/// The name of a country.
pub(crate) fn name(code: &str) -> Option<&'static str> {
    all()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| name)
}

/// True if addresses there have a postal code.
pub(crate) fn has_postal_codes(code: &str) -> bool {
    !WITHOUT_POSTAL_CODES.split(' ').any(|other| other == code)
}

/// True if an address there is not complete without its state or province.
pub(crate) fn has_states(code: &str) -> bool {
    matches!(code, "AU" | "CA" | "US")
}

/// Everywhere that Stripe can collect an address in.
const TABLE: &str = include_str!("../assets/countries.txt");

const WITHOUT_POSTAL_CODES: &str = "AC AE AG AO AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CM CW DJ DM ER FJ GA GD GH GM GQ GY \
    HK KI KM KN LC LY ML MO MR MW NR NU QA RW SB SC SL SO SR SS ST SX TD TF TG TK TO TT TV UG VU WS YE ZW";

#[cfg(test)]
mod tests {
    use super::{TABLE, WITHOUT_POSTAL_CODES, all, name};

    #[test]
    fn every_country_has_a_code_of_its_own_and_a_name() {
        assert_eq!(all().count(), TABLE.lines().count());
        for (position, (code, called)) in all().enumerate() {
            assert!(code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase()));
            assert!(!called.is_empty() && all().skip(position + 1).all(|other| other.0 != code));
        }
        assert_eq!(name("CI"), Some("Côte d’Ivoire"));
        assert_eq!(name("us"), None);
    }

    #[test]
    fn the_countries_without_postal_codes_are_known() {
        for code in WITHOUT_POSTAL_CODES.split(' ') {
            assert!(name(code).is_some(), "{code}");
        }
    }
}
