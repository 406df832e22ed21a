use domain::money::{Currency, Money, MoneyError};
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
fn a_currency_is_three_letters() {
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
