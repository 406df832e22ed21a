//! Currencies: how many decimals they have, what can be charged at least, and how an amount is
//! written.

/// The largest amount that can be charged, in minor units: eight digits.
pub(crate) const MAXIMUM: i64 = 99_999_999;

/// A currency that Stripe can charge in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Currency(&'static str);

impl Currency {
    /// Finds a currency by its three letters, in either case.
    pub(crate) fn find(code: &str) -> Option<Self> {
        CODES
            .split(' ')
            .find(|known| known.eq_ignore_ascii_case(code))
            .map(Self)
    }

    /// The code in lower case, as Stripe's objects carry it.
    pub(crate) fn code(self) -> &'static str {
        self.0
    }

    /// The smallest step in which amounts may be passed, in minor units. Two currencies are written
    /// with two decimals that must be zero, and the last of three decimals must be zero.
    pub(crate) fn step(self) -> i64 {
        match self.0 {
            "isk" | "ugx" => 100,
            "bhd" | "jod" | "kwd" | "omr" | "tnd" => 10,
            _ => 1,
        }
    }

    /// The least that can be charged, in minor units.
    pub(crate) fn minimum(self) -> i64 {
        match self.0 {
            "gbp" => 30,
            "hkd" => 400,
            "huf" => 17_500,
            "jpy" => 50,
            "dkk" => 250,
            "nok" | "sek" => 300,
            "pln" => 200,
            "czk" => 1_500,
            "mxn" => 1_000,
            "usd" | "eur" | "cad" | "aud" | "nzd" | "sgd" | "chf" => 50,
            // The others have a minimum of about half a dollar at the day's rate, and a sandbox has
            // no rates.
            _ => 1,
        }
    }

    /// The amount as people read it: `$12.50`, `¥1,200`, `12.500 KWD`.
    pub(crate) fn format(self, amount: i64) -> String {
        let number = self.decimal(amount);
        match self.symbol() {
            Some(symbol) if amount < 0 => format!("-{symbol}{}", number.trim_start_matches('-')),
            Some(symbol) => format!("{symbol}{number}"),
            None => format!("{number} {}", self.0.to_uppercase()),
        }
    }

    /// The minor units of a positive amount that a person typed, such as `12.50` or `12`.
    pub(crate) fn parse(self, text: &str) -> Option<i64> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let exponent = self.exponent();
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > exponent {
            return None;
        }
        format!("{whole}{fraction:0<exponent$}")
            .parse()
            .ok()
            .filter(|amount| *amount > 0)
    }

    fn decimal(self, amount: i64) -> String {
        let exponent = self.exponent();
        let digits = format!("{:0>width$}", amount.unsigned_abs(), width = exponent + 1);
        let (whole, mut fraction) = digits.split_at(digits.len() - exponent);
        // Two currencies are counted in hundredths and written without them.
        if self.step() == 100 && fraction.bytes().all(|digit| digit == b'0') {
            fraction = "";
        }
        let sign = if amount < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{fraction}", group_thousands(whole))
    }

    fn exponent(self) -> usize {
        match self.0 {
            "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf"
            | "vnd" | "vuv" | "xaf" | "xof" | "xpf" => 0,
            "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
            _ => 2,
        }
    }

    fn symbol(self) -> Option<&'static str> {
        Some(match self.0 {
            "usd" => "$",
            "eur" => "€",
            "gbp" => "£",
            "jpy" => "¥",
            "krw" => "₩",
            "inr" => "₹",
            "cad" => "CA$",
            "aud" => "A$",
            "nzd" => "NZ$",
            "hkd" => "HK$",
            "sgd" => "S$",
            "mxn" => "MX$",
            "brl" => "R$",
            _ => return None,
        })
    }
}

/// All codes, in the order in which Stripe's own error message lists them.
pub(crate) const CODES: &str = "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl \
    bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq \
    gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga \
    mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub \
    rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf \
    xcd xcg xof xpf yer zar zmw";

fn group_thousands(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount in a currency that is known, because it was checked when the session was made.
pub(crate) fn money(amount: i64, currency: &str) -> String {
    Currency::find(currency).map_or_else(|| amount.to_string(), |currency| currency.format(amount))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Currency;

    #[test]
    fn typed_amounts_are_read_exactly() {
        for (code, text, amount) in [
            ("usd", "12.50", Some(1250)),
            ("usd", "12.5", Some(1250)),
            ("usd", "12", Some(1200)),
            ("jpy", "1200", Some(1200)),
            ("kwd", "1.230", Some(1230)),
            ("jpy", "12.5", None),
            ("usd", "12.505", None),
            ("usd", "0.00", None),
            ("usd", "-1", None),
            ("usd", "", None),
            ("usd", ".5", None),
            ("usd", "1,200", None),
            ("usd", "99999999999999999999", None),
        ] {
            let currency = Currency::find(code).unwrap();
            assert_eq!(currency.parse(text), amount, "{text} {code}");
        }
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        for (code, amount, written) in [
            ("usd", 0, "$0.00"),
            ("usd", 5, "$0.05"),
            ("USD", 123_456_789, "$1,234,567.89"),
            ("eur", -1250, "-€12.50"),
            ("jpy", 1200, "¥1,200"),
            ("kwd", 12_500, "12.500 KWD"),
            ("isk", 150_000, "1,500 ISK"),
            ("sek", i64::MIN, "-92,233,720,368,547,758.08 SEK"),
        ] {
            assert_eq!(Currency::find(code).unwrap().format(amount), written);
        }
    }

    #[test]
    fn only_whole_codes_are_found() {
        assert!(Currency::find("us").is_none());
        assert!(Currency::find("usd aed").is_none());
        assert!(Currency::find("").is_none());
    }
}
