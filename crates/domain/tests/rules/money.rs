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
