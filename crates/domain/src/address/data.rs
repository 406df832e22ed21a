use std::sync::LazyLock;

use super::country::{AddressFormat, Country, Region};

/// The table that `tools/addresses/convert.py` wrote; it says what the columns are and whose the
/// data is.
const TABLE: &str = include_str!("../../data/countries.tsv");

/// The countries in the order of their codes, read from the table when the first is asked for.
static COUNTRIES: LazyLock<Vec<AddressFormat>> =
    LazyLock::new(|| TABLE.lines().filter_map(read).collect());

static BY_NAME: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut countries: Vec<_> = COUNTRIES.iter().collect();
    // Åland is looked for at A.
    countries.sort_by_key(|country| country.name.replace('Å', "A"));
    countries.iter().map(|country| country.code).collect()
});

pub(super) fn find(country: Country) -> Option<&'static AddressFormat> {
    let at = COUNTRIES
        .binary_search_by_key(&country, |each| each.code)
        .ok()?;
    COUNTRIES.get(at)
}

pub(super) fn by_name() -> &'static [Country] {
    &BY_NAME
}

fn read(line: &'static str) -> Option<AddressFormat> {
    let mut columns = line.split('\t');
    let mut column = || columns.next().unwrap_or_default();
    let code = Country::unchecked(column().as_bytes().try_into().ok()?);
    let (name, own, latin, needed) = (column(), column(), column(), column());
    let mut words = column().split(' ');
    let mut word = || words.next().unwrap_or_default();
    Some(AddressFormat {
        code,
        name,
        own,
        latin: if latin.is_empty() { own } else { latin },
        needed,
        words: [word(), word(), word()],
        postal_code_shapes: column(),
        postal_code_example: column(),
        regions: column()
            .split('|')
            .filter(|text| !text.is_empty())
            .map(region)
            .collect(),
    })
}

fn region(text: &'static str) -> Region {
    let mut parts = text.split('~');
    let mut part = || parts.next().unwrap_or_default();
    Region {
        key: part(),
        name: part(),
        latin: part(),
        code: part(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_read_whole_and_in_order() {
        assert_eq!(COUNTRIES.len(), TABLE.lines().count());
        assert!(COUNTRIES.is_sorted_by(|a, b| a.code < b.code));
        for country in COUNTRIES.iter() {
            assert!(!country.name.is_empty(), "{:?}", country.code);
            assert!(
                country.own.contains("%A") && country.latin.contains("%A"),
                "{}",
                country.name
            );
            assert!(
                country.words.iter().all(|word| !word.is_empty()),
                "{}",
                country.name
            );
            assert!(
                country.regions.iter().all(|region| !region.key.is_empty()),
                "{}",
                country.name
            );
        }
    }
}
