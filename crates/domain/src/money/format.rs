use super::locale::Pattern;
use super::{Locale, Money};

impl Money {
    /// As a reader in `locale` expects it: `$1,234.50`, `1.234,50 €`, `CHF 1'234.50`. The spaces in
    /// it do not break.
    pub fn format(self, locale: Locale) -> String {
        let conventions = locale.conventions();
        let number = self.number(locale);
        let currency = conventions.currency(self.currency.code());
        let is_negative = self.amount < 0;
        let sign = if is_negative {
            conventions.minus.to_string()
        } else {
            String::new()
        };
        match conventions.pattern {
            // Letters would run into the digits.
            Pattern::SignCurrencyNumber if currency.ends_with(char::is_alphabetic) => {
                format!("{sign}{currency}\u{a0}{number}")
            }
            Pattern::SignCurrencyNumber => format!("{sign}{currency}{number}"),
            Pattern::SignCurrencySpaceNumber => format!("{sign}{currency}\u{a0}{number}"),
            Pattern::CurrencySpaceSignNumber => format!("{currency}\u{a0}{sign}{number}"),
            Pattern::CurrencySignOrSpaceNumber if is_negative => {
                format!("{currency}{sign}{number}")
            }
            Pattern::CurrencySignOrSpaceNumber => format!("{currency}\u{a0}{number}"),
            Pattern::SignNumberSpaceCurrency => format!("{sign}{number}\u{a0}{currency}"),
        }
    }

    /// Its digits with their separators, without sign and currency, as a field of a form holds
    /// them.
    pub fn number(self, locale: Locale) -> String {
        let conventions = locale.conventions();
        let places = self.places();
        let unit = 10_u64.pow(self.currency.exponent());
        let amount = self.amount.unsigned_abs();
        let whole = (amount / unit).to_string();
        let is_grouped = whole.len() >= 3 + conventions.least_before_group;
        let mut number = String::with_capacity(2 * whole.len() + 4);
        for (position, digit) in whole.chars().enumerate() {
            if is_grouped && position > 0 && (whole.len() - position).is_multiple_of(3) {
                number.push(conventions.group);
            }
            number.push(digit);
        }
        if places > 0 {
            number.push(conventions.decimal);
            number.push_str(&format!(
                "{:0width$}",
                amount % unit,
                width = places as usize
            ));
        }
        number
    }
}
