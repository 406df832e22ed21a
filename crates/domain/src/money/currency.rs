use std::fmt;

use super::MoneyError;

/// An ISO 4217 currency as Stripe spells it: three lower-case letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The United States dollar, which the demo shop sells in.
    pub const USD: Self = Self(*b"usd");

    /// Reads a code in either case.
    ///
    /// # Errors
    /// When it is not three ASCII letters.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        match code.as_bytes() {
            [a, b, c] if code.bytes().all(|byte| byte.is_ascii_alphabetic()) => Ok(Self([
                a.to_ascii_lowercase(),
                b.to_ascii_lowercase(),
                c.to_ascii_lowercase(),
            ])),
            _ => Err(MoneyError::NotACurrency),
        }
    }

    /// The code in lower case, as Stripe sends it.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// The number of decimal places that Stripe's minor unit of this currency stands for.
    ///
    /// Source: <https://docs.stripe.com/currencies>. UGX and ISK have no subunit, yet Stripe counts them in hundredths.
    pub const fn exponent(self) -> u32 {
        match &self.0 {
            b"bif" | b"clp" | b"djf" | b"gnf" | b"jpy" | b"kmf" | b"krw" | b"mga" | b"pyg"
            | b"rwf" | b"vnd" | b"vuv" | b"xaf" | b"xof" | b"xpf" => 0,
            b"bhd" | b"jod" | b"kwd" | b"omr" | b"tnd" => 3,
            _ => 2,
        }
    }

    /// The smallest step that amounts are passed to Stripe in, in minor units.
    ///
    /// Source: <https://docs.stripe.com/currencies#special-cases>. HUF and TWD are charged to the hundredth, and only
    /// paid out in whole units.
    pub const fn step(self) -> i64 {
        match &self.0 {
            b"isk" | b"ugx" => 100,
            b"bhd" | b"jod" | b"kwd" | b"omr" | b"tnd" => 10,
            _ => 1,
        }
    }

    /// The least that Stripe charges, in minor units. The other currencies have a minimum that
    /// moves with the day's rate, which Stripe alone knows.
    ///
    /// Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>.
    pub const fn minimum_charge(self) -> Option<i64> {
        Some(match &self.0 {
            b"gbp" => 30,
            b"aud" | b"brl" | b"cad" | b"chf" | b"eur" | b"inr" | b"jpy" | b"nzd" | b"sgd"
            | b"usd" => 50,
            b"aed" | b"myr" | b"pln" | b"ron" => 200,
            b"dkk" => 250,
            b"nok" | b"sek" => 300,
            b"hkd" => 400,
            b"mxn" | b"thb" => 1000,
            b"czk" => 1500,
            b"huf" => 17_500,
            _ => return None,
        })
    }

    /// The most that Stripe charges at once, in minor units: eight digits in most currencies.
    ///
    /// Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>.
    pub const fn maximum_charge(self) -> i64 {
        match &self.0 {
            b"idr" => 999_999_999_999,
            b"inr" => 999_999_999,
            _ => 99_999_999,
        }
    }

    /// The number of decimal places that an amount can have for Stripe to charge it.
    pub(super) const fn charged_places(self) -> u32 {
        self.exponent() - self.step().ilog10()
    }

    /// True if amounts are written without decimal places although Stripe counts them in
    /// hundredths: the currencies whose `digits` are 0 in CLDR's supplemental data.
    ///
    /// Source: <https://github.com/unicode-org/cldr/blob/main/common/supplemental/supplementalData.xml>.
    pub(super) const fn is_written_whole(self) -> bool {
        matches!(
            &self.0,
            b"afn" | b"all" | b"isk" | b"lak" | b"lbp" | b"mmk" | b"rsd" | b"sos" | b"ugx" | b"yer"
        )
    }

    pub(super) const fn symbol(self) -> Option<&'static str> {
        match &self.0 {
            b"usd" => Some("$"),
            b"eur" => Some("€"),
            b"gbp" => Some("£"),
            b"jpy" => Some("¥"),
            _ => None,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
