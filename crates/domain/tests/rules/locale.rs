use domain::money::{Currency, Locale, Money, ParseMoneyError};
use proptest::prelude::*;

const CURRENCIES: [&str; 9] = [
    "usd", "eur", "gbp", "jpy", "sek", "dkk", "chf", "kwd", "isk",
];

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn parse(text: &str, code: &str, tag: &str) -> Result<i64, ParseMoneyError> {
    Money::parse(text, currency(code), Locale::parse(tag).unwrap()).map(Money::amount)
}

/// The right column is what `Intl.NumberFormat` with CLDR 48 answers.
#[test]
fn amounts_are_written_as_people_do_where_they_live() {
    let cases = [
        ("en-US", "usd", 123_450, "$1,234.50"),
        ("en-US", "eur", -123_456_789, "-€1,234,567.89"),
        ("en-US", "jpy", 1234, "¥1,234"),
        ("en-US", "kwd", 1_234_500, "KWD\u{a0}1,234.500"),
        ("en-GB", "usd", 123_450, "US$1,234.50"),
        ("en-GB", "eur", -123_456_789, "-€1,234,567.89"),
        ("en-GB", "gbp", 123_450, "£1,234.50"),
        ("en-GB", "jpy", 1234, "JP¥1,234"),
        ("en-GB", "kwd", 1_234_500, "KWD\u{a0}1,234.500"),
        ("en-CA", "usd", 123_450, "US$1,234.50"),
        ("en-CA", "eur", -123_456_789, "-€1,234,567.89"),
        ("en-CA", "jpy", 1234, "JP¥1,234"),
        ("en-CA", "cad", 100, "$1.00"),
        ("en-CA", "kwd", 1_234_500, "KWD\u{a0}1,234.500"),
        ("de-DE", "usd", 123_450, "1.234,50\u{a0}$"),
        ("de-DE", "eur", -123_456_789, "-1.234.567,89\u{a0}€"),
        ("de-DE", "jpy", 1234, "1.234\u{a0}¥"),
        ("de-DE", "kwd", 1_234_500, "1.234,500\u{a0}KWD"),
        ("de-AT", "usd", 123_450, "$\u{a0}1.234,50"),
        ("de-AT", "eur", -123_456_789, "-€\u{a0}1.234.567,89"),
        ("de-AT", "jpy", 1234, "¥\u{a0}1.234"),
        ("de-AT", "kwd", 1_234_500, "KWD\u{a0}1.234,500"),
        ("de-CH", "usd", 123_450, "$\u{a0}1'234.50"),
        ("de-CH", "eur", -123_456_789, "EUR-1'234'567.89"),
        ("de-CH", "jpy", 1234, "¥\u{a0}1'234"),
        ("de-CH", "chf", 5, "CHF\u{a0}0.05"),
        ("de-CH", "kwd", 1_234_500, "KWD\u{a0}1'234.500"),
        ("fr-FR", "usd", 123_450, "1\u{202f}234,50\u{a0}$US"),
        (
            "fr-FR",
            "eur",
            -123_456_789,
            "-1\u{202f}234\u{202f}567,89\u{a0}€",
        ),
        ("fr-FR", "jpy", 1234, "1\u{202f}234\u{a0}JPY"),
        ("fr-FR", "kwd", 1_234_500, "1\u{202f}234,500\u{a0}KWD"),
        ("fr-CA", "usd", 123_450, "1\u{a0}234,50\u{a0}$\u{a0}US"),
        (
            "fr-CA",
            "eur",
            -123_456_789,
            "-1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("fr-CA", "jpy", 1234, "1\u{a0}234\u{a0}¥"),
        ("fr-CA", "cad", 100, "1,00\u{a0}$"),
        ("fr-CA", "kwd", 1_234_500, "1\u{a0}234,500\u{a0}KWD"),
        ("fr-CH", "usd", 123_450, "1\u{202f}234.50\u{a0}$US"),
        (
            "fr-CH",
            "eur",
            -123_456_789,
            "-1\u{202f}234\u{202f}567.89\u{a0}€",
        ),
        ("fr-CH", "jpy", 1234, "1\u{202f}234\u{a0}JPY"),
        ("fr-CH", "kwd", 1_234_500, "1\u{202f}234.500\u{a0}KWD"),
        ("es-ES", "usd", 123_450, "1234,50\u{a0}US$"),
        ("es-ES", "eur", -123_456_789, "-1.234.567,89\u{a0}€"),
        ("es-ES", "jpy", 1234, "1234\u{a0}JPY"),
        ("es-ES", "kwd", 1_234_500, "1234,500\u{a0}KWD"),
        ("it-IT", "usd", 123_450, "1234,50\u{a0}USD"),
        ("it-IT", "eur", -123_456_789, "-1.234.567,89\u{a0}€"),
        ("it-IT", "jpy", 1234, "1234\u{a0}JPY"),
        ("it-IT", "kwd", 1_234_500, "1234,500\u{a0}KWD"),
        ("nl-NL", "usd", 123_450, "US$\u{a0}1.234,50"),
        ("nl-NL", "eur", -123_456_789, "€\u{a0}-1.234.567,89"),
        ("nl-NL", "jpy", 1234, "JP¥\u{a0}1.234"),
        ("nl-NL", "kwd", 1_234_500, "KWD\u{a0}1.234,500"),
        ("pt-BR", "usd", 123_450, "US$\u{a0}1.234,50"),
        ("pt-BR", "eur", -123_456_789, "-€\u{a0}1.234.567,89"),
        ("pt-BR", "jpy", 1234, "JP¥\u{a0}1.234"),
        ("pt-BR", "brl", 99_999, "R$\u{a0}999,99"),
        ("pt-BR", "kwd", 1_234_500, "KWD\u{a0}1.234,500"),
        ("pt-PT", "usd", 123_450, "1234,50\u{a0}US$"),
        (
            "pt-PT",
            "eur",
            -123_456_789,
            "-1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("pt-PT", "jpy", 1234, "1234\u{a0}JP¥"),
        ("pt-PT", "kwd", 1_234_500, "1234,500\u{a0}KWD"),
        ("ja-JP", "usd", 123_450, "$1,234.50"),
        ("ja-JP", "eur", -123_456_789, "-€1,234,567.89"),
        ("ja-JP", "jpy", 1234, "\u{ffe5}1,234"),
        ("ja-JP", "kwd", 1_234_500, "KWD\u{a0}1,234.500"),
        ("sv-SE", "usd", 123_450, "1\u{a0}234,50\u{a0}US$"),
        (
            "sv-SE",
            "eur",
            -123_456_789,
            "\u{2212}1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("sv-SE", "jpy", 1234, "1\u{a0}234\u{a0}JPY"),
        ("sv-SE", "sek", 1_234_500, "12\u{a0}345,00\u{a0}kr"),
        ("sv-SE", "kwd", 1_234_500, "1\u{a0}234,500\u{a0}KWD"),
        ("nb-NO", "usd", 123_450, "1\u{a0}234,50\u{a0}USD"),
        (
            "nb-NO",
            "eur",
            -123_456_789,
            "\u{2212}1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("nb-NO", "jpy", 1234, "1\u{a0}234\u{a0}JPY"),
        ("nb-NO", "nok", 100, "1,00\u{a0}kr"),
        ("nb-NO", "kwd", 1_234_500, "1\u{a0}234,500\u{a0}KWD"),
        ("da-DK", "usd", 123_450, "1.234,50\u{a0}US$"),
        ("da-DK", "eur", -123_456_789, "-1.234.567,89\u{a0}€"),
        ("da-DK", "jpy", 1234, "1.234\u{a0}JP¥"),
        ("da-DK", "dkk", 100, "1,00\u{a0}kr."),
        ("da-DK", "kwd", 1_234_500, "1.234,500\u{a0}KWD"),
        ("fi-FI", "usd", 123_450, "1\u{a0}234,50\u{a0}$"),
        (
            "fi-FI",
            "eur",
            -123_456_789,
            "\u{2212}1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("fi-FI", "jpy", 1234, "1\u{a0}234\u{a0}¥"),
        ("fi-FI", "kwd", 1_234_500, "1\u{a0}234,500\u{a0}KWD"),
        ("pl-PL", "usd", 123_450, "1234,50\u{a0}USD"),
        (
            "pl-PL",
            "eur",
            -123_456_789,
            "-1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("pl-PL", "jpy", 1234, "1234\u{a0}JPY"),
        ("pl-PL", "pln", 123_456, "1234,56\u{a0}zł"),
        ("pl-PL", "kwd", 1_234_500, "1234,500\u{a0}KWD"),
        ("cs-CZ", "usd", 123_450, "1\u{a0}234,50\u{a0}US$"),
        (
            "cs-CZ",
            "eur",
            -123_456_789,
            "-1\u{a0}234\u{a0}567,89\u{a0}€",
        ),
        ("cs-CZ", "jpy", 1234, "1\u{a0}234\u{a0}JP¥"),
        ("cs-CZ", "czk", 100, "1,00\u{a0}Kč"),
        ("cs-CZ", "kwd", 1_234_500, "1\u{a0}234,500\u{a0}KWD"),
    ];
    for (tag, code, amount, text) in cases {
        let money = Money::new(amount, currency(code));
        let locale = Locale::parse(tag).unwrap();
        assert_eq!(money.format(locale), text, "{amount} {code} in {tag}");
        assert_eq!(Money::parse(text, currency(code), locale), Ok(money));
    }
}

#[test]
fn tag_finds_its_locale_or_one_of_its_language() {
    for locale in Locale::ALL {
        assert_eq!(Locale::parse(locale.tag()), Some(locale));
    }
    let cases = [
        ("DE_ch", Some(Locale::DeCh)),
        ("de", Some(Locale::DeDe)),
        ("en-ZA", Some(Locale::EnUs)),
        ("fr-Latn-BE", Some(Locale::FrFr)),
        ("xx", None),
        ("d", None),
        ("", None),
        ("é", None),
    ];
    for (tag, locale) in cases {
        assert_eq!(Locale::parse(tag), locale, "{tag:?}");
    }
}

#[test]
fn typed_amount_is_parsed_to_the_minor_unit() {
    let cases = [
        ("12.34", "usd", "en-US", 1234),
        ("1,234.50", "usd", "en-US", 123_450),
        ("1234.5", "usd", "en-US", 123_450),
        (" $ 12 ", "usd", "en-US", 1200),
        ("12 usd", "usd", "en-US", 1200),
        (".5", "usd", "en-US", 50),
        ("007", "usd", "en-US", 700),
        ("-3", "usd", "en-US", -300),
        ("$-3", "usd", "en-US", -300),
        ("12,34", "eur", "de-DE", 1234),
        ("1.234,5", "eur", "de-DE", 123_450),
        ("12,34 €", "eur", "de-DE", 1234),
        ("EUR 12,34", "eur", "de-DE", 1234),
        ("1’234.50", "chf", "de-CH", 123_450),
        ("1 234,50", "eur", "fr-FR", 123_450),
        ("1 234,50 $ US", "usd", "fr-CA", 123_450),
        ("100 kr", "sek", "sv-SE", 10_000),
        ("1,500", "jpy", "ja-JP", 1500),
        ("¥500", "jpy", "ja-JP", 500),
        ("1.234", "kwd", "en-US", 1234),
        ("92233720368547758.07", "usd", "en-US", i64::MAX),
        ("-92233720368547758.08", "usd", "en-US", i64::MIN),
    ];
    for (text, code, tag, amount) in cases {
        assert_eq!(parse(text, code, tag), Ok(amount), "{text:?} {code} {tag}");
    }
}

#[test]
fn ambiguous_amount_is_refused() {
    let cases = [
        ("12,34", "usd", "en-US"),
        ("1,2345", "usd", "en-US"),
        ("1234,567", "usd", "en-US"),
        (",123", "usd", "en-US"),
        ("1,,234", "usd", "en-US"),
        ("12.34", "eur", "de-DE"),
        ("1,234.50", "eur", "de-DE"),
        ("1.2.3", "usd", "en-US"),
        ("12.", "usd", "en-US"),
        (".", "usd", "en-US"),
        ("", "usd", "en-US"),
        ("-", "usd", "en-US"),
        ("$", "usd", "en-US"),
        ("--3", "usd", "en-US"),
        ("$$3", "usd", "en-US"),
        ("€3", "usd", "en-US"),
        ("1e3", "usd", "en-US"),
        ("٣", "usd", "en-US"),
        ("twelve", "usd", "en-US"),
    ];
    for (text, code, tag) in cases {
        let answer = parse(text, code, tag);
        assert!(
            matches!(answer, Err(ParseMoneyError::NotAnAmount { .. })),
            "{text:?} {code} {tag}: {answer:?}"
        );
    }
}

#[test]
fn refused_amount_says_what_to_write() {
    let text = |text, code, tag| parse(text, code, tag).unwrap_err().to_string();
    assert_eq!(
        text("12,34", "usd", "en-US"),
        "write an amount such as $12,345.00"
    );
    assert_eq!(
        text("12.34", "eur", "de-DE"),
        "write an amount such as 12.345,00\u{a0}€"
    );
    assert_eq!(
        text("1.234", "usd", "en-US"),
        "USD has no more than 2 decimal places"
    );
    assert_eq!(text("1.5", "jpy", "en-US"), "JPY has no decimal places");
    assert_eq!(
        text("92233720368547758.08", "usd", "en-US"),
        "the amount is too large"
    );
}

proptest! {
    #[test]
    fn formatted_amount_parses_to_itself(
        amount: i64,
        code in prop::sample::select(CURRENCIES.to_vec()),
        locale in prop::sample::select(Locale::ALL.to_vec()),
    ) {
        let money = Money::new(amount, currency(code));
        prop_assert_eq!(Money::parse(&money.format(locale), money.currency(), locale), Ok(money));
    }

    #[test]
    fn amount_parser_never_panics(
        text in prop_oneof!["\\PC*", "[-−$€0-9.,' \u{a0}\u{202f}kr]{0,24}"],
        code in prop::sample::select(CURRENCIES.to_vec()),
        locale in prop::sample::select(Locale::ALL.to_vec()),
    ) {
        if let Ok(money) = Money::parse(&text, currency(code), locale) {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let written = digits(&text);
            let read = digits(&money.format(locale));
            prop_assert!(
                read.trim_start_matches('0').starts_with(written.trim_start_matches('0')),
                "{text:?} was read as {read}"
            );
        }
    }
}
