use domain::money::{Currency, Locale, Money, MoneyError};
use proptest::prelude::*;

fn in_currency(amount: i64, code: &str) -> Money {
    Money::new(amount, Currency::parse(code).unwrap())
}

#[test]
fn amounts_read_as_people_write_them() {
    let cases = [
        (in_currency(2400, "usd"), "$24.00"),
        (in_currency(5, "usd"), "$0.05"),
        (in_currency(-123_456, "eur"), "-€1,234.56"),
        (in_currency(500, "JPY"), "¥500"),
        (in_currency(1_234_567, "jpy"), "¥1,234,567"),
        (in_currency(1250, "kwd"), "KWD\u{a0}1.250"),
        (in_currency(100, "chf"), "CHF\u{a0}1.00"),
        (in_currency(200_000, "isk"), "ISK\u{a0}2,000"),
        (in_currency(100_000, "ugx"), "UGX\u{a0}1,000"),
        (in_currency(0, "isk"), "ISK\u{a0}0"),
        (in_currency(-200_000, "rsd"), "-RSD\u{a0}2,000"),
        // What is there is never left out.
        (in_currency(200_050, "rsd"), "RSD\u{a0}2,000.50"),
        (in_currency(2, "isk"), "ISK\u{a0}0.02"),
        (in_currency(200_000, "huf"), "HUF\u{a0}2,000.00"),
        (in_currency(i64::MIN, "usd"), "-$92,233,720,368,547,758.08"),
    ];
    for (money, text) in cases {
        assert_eq!(money.to_string(), text);
    }
}

#[test]
fn amounts_of_different_currencies_are_never_added() {
    assert_eq!(
        in_currency(1, "usd").checked_add(in_currency(1, "eur")),
        Err(MoneyError::CurrencyMismatch)
    );
}

#[test]
fn currency_code_has_three_characters() {
    for text in ["", "us", "usdx", "u5d", "€€€", "us "] {
        assert_eq!(
            Currency::parse(text),
            Err(MoneyError::NotACurrency),
            "{text:?}"
        );
    }
}

#[test]
fn only_what_stripe_charges_is_chargeable() {
    let cases = [
        (1999, "usd", true),
        (500, "jpy", true),
        (1250, "kwd", true),
        (1255, "kwd", false),
        (150_000, "isk", true),
        (150_050, "isk", false),
        (150_001, "ugx", false),
        (150_050, "huf", true),
        (150_050, "twd", true),
        (i64::MIN, "tnd", false),
    ];
    for (amount, code, is_chargeable) in cases {
        let money = in_currency(amount, code);
        assert_eq!(money.is_chargeable(), is_chargeable, "{amount} {code}");
    }
}

#[test]
fn amounts_below_the_minimum_say_what_it_is() {
    let cases = [
        (0, "usd", None),
        (1, "usd", Some(50)),
        (49, "usd", Some(50)),
        (50, "usd", None),
        (-50, "usd", Some(50)),
        (29, "gbp", Some(30)),
        (49, "jpy", Some(50)),
        (50, "jpy", None),
        (17_499, "huf", Some(17_500)),
        (1, "kwd", None),
    ];
    for (amount, code, minimum) in cases {
        let below = in_currency(amount, code).below_minimum();
        assert_eq!(
            below,
            minimum.map(|minimum| in_currency(minimum, code)),
            "{amount} {code}"
        );
    }
}

#[test]
fn amounts_above_the_maximum_say_what_it_is() {
    let cases = [
        (99_999_999, "usd", None),
        (100_000_000, "usd", Some(99_999_999)),
        (i64::MAX, "jpy", Some(99_999_999)),
        (100_000_000, "inr", None),
        (999_999_999_999, "idr", None),
        (1_000_000_000_000, "idr", Some(999_999_999_999)),
    ];
    for (amount, code, maximum) in cases {
        let above = in_currency(amount, code).above_maximum();
        let maximum = maximum.map(|maximum| in_currency(maximum, code));
        assert_eq!(above, maximum, "{amount} {code}");
    }
}

#[test]
fn typed_amount_that_stripe_does_not_charge_is_refused_with_what_to_do() {
    let parse = |text: &str, code: &str| {
        let locale = Locale::parse("en-US").unwrap();
        Money::parse_charge(text, Currency::parse(code).unwrap(), locale)
    };
    for (text, code, expected) in [
        ("2,000.50", "isk", "ISK has no decimal places"),
        ("1500.1", "ugx", "UGX has no decimal places"),
        ("1.255", "kwd", "KWD has no more than 2 decimal places"),
        ("1.2505", "kwd", "KWD has no more than 2 decimal places"),
        (
            "1000000",
            "usd",
            "the most that can be paid at once is $999,999.99",
        ),
    ] {
        let error = parse(text, code).unwrap_err().to_string();
        assert_eq!(error, expected, "{text} {code}");
    }
    for (text, code, amount) in [
        ("2,000", "isk", 200_000),
        ("2000.00", "isk", 200_000),
        ("1.250", "kwd", 1250),
        ("1.25", "kwd", 1250),
        ("999,999.99", "usd", 99_999_999),
    ] {
        assert_eq!(parse(text, code), Ok(in_currency(amount, code)), "{text}");
    }
}

proptest! {
    #[test]
    fn arithmetic_is_exact_or_refused(a: i64, b: i64, quantity: u32) {
        let sum = in_currency(a, "usd").checked_add(in_currency(b, "usd"));
        prop_assert_eq!(sum.map(Money::amount).ok(), a.checked_add(b));
        let product = in_currency(a, "usd").checked_mul(quantity);
        prop_assert_eq!(product.map(Money::amount).ok(), a.checked_mul(i64::from(quantity)));
    }

    #[test]
    fn formatting_keeps_every_digit(amount: i64, code in prop::sample::select(vec!["usd", "jpy", "kwd"])) {
        let text = in_currency(amount, code).to_string();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        prop_assert_eq!(digits.parse::<u64>().unwrap(), amount.unsigned_abs());
    }
}
