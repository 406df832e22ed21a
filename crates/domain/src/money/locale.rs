use std::fmt;

/// The locale of an amount: how it is written where the reader lives.
///
/// Source: the Unicode CLDR, release 48 (<https://cldr.unicode.org>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English, United States.
    #[default]
    EnUs,
    /// English, United Kingdom.
    EnGb,
    /// English, Canada.
    EnCa,
    /// German, Germany.
    DeDe,
    /// German, Austria.
    DeAt,
    /// German, Switzerland.
    DeCh,
    /// French, France.
    FrFr,
    /// French, Canada.
    FrCa,
    /// French, Switzerland.
    FrCh,
    /// Spanish, Spain.
    EsEs,
    /// Italian, Italy.
    ItIt,
    /// Dutch, the Netherlands.
    NlNl,
    /// Portuguese, Brazil.
    PtBr,
    /// Portuguese, Portugal.
    PtPt,
    /// Japanese, Japan.
    JaJp,
    /// Swedish, Sweden.
    SvSe,
    /// Norwegian (Bokmål), Norway.
    NbNo,
    /// Danish, Denmark.
    DaDk,
    /// Finnish, Finland.
    FiFi,
    /// Polish, Poland.
    PlPl,
    /// Czech, Czechia.
    CsCz,
}

/// The conventions of a locale for amounts.
#[derive(Clone, Copy)]
pub(super) struct Conventions {
    /// Between units and their parts.
    pub(super) decimal: char,
    /// Between groups of three digits.
    pub(super) group: char,
    /// The least number of digits before the last three with which digits are grouped.
    pub(super) least_before_group: usize,
    /// The places of the currency and the sign.
    pub(super) pattern: Pattern,
    /// The sign of an amount below zero.
    pub(super) minus: char,
    /// The symbols of currencies, by their codes. One that is not listed is written as its code.
    symbols: [&'static [(&'static str, &'static str)]; 2],
}

/// The places of the currency and the sign of an amount. A code before the number is always set
/// apart from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `-$1`
    SignCurrencyNumber,
    /// `-€ 1`
    SignCurrencySpaceNumber,
    /// `€ -1`
    CurrencySpaceSignNumber,
    /// `CHF-1`, and `CHF 1` without a sign.
    CurrencySignOrSpaceNumber,
    /// `-1 €`
    SignNumberSpaceCurrency,
}

/// Symbols that are not ambiguous, for the locales that use them.
const INTERNATIONAL: &[(&str, &str)] = &[
    ("usd", "US$"),
    ("eur", "€"),
    ("gbp", "£"),
    ("jpy", "JP¥"),
    ("cad", "CA$"),
    ("aud", "AU$"),
    ("brl", "R$"),
    ("mxn", "MX$"),
];
const NONE: &[(&str, &str)] = &[];

const POINT: Conventions = Conventions {
    decimal: '.',
    group: ',',
    least_before_group: 1,
    pattern: Pattern::SignCurrencyNumber,
    minus: '-',
    symbols: [NONE, INTERNATIONAL],
};
const COMMA: Conventions = Conventions {
    decimal: ',',
    group: '.',
    pattern: Pattern::SignNumberSpaceCurrency,
    ..POINT
};
const COMMA_AND_SPACE: Conventions = Conventions {
    group: '\u{a0}',
    ..COMMA
};
const GERMAN: &[(&str, &str)] = &[("usd", "$"), ("jpy", "¥")];
const FRENCH: &[(&str, &str)] = &[
    ("usd", "$US"),
    ("eur", "€"),
    ("gbp", "£GB"),
    ("cad", "$CA"),
    ("aud", "$AU"),
    ("brl", "R$"),
    ("mxn", "$MX"),
];

impl Locale {
    /// All of them; the first one of a language stands for it.
    pub const ALL: [Self; 21] = [
        Self::EnUs,
        Self::EnGb,
        Self::EnCa,
        Self::DeDe,
        Self::DeAt,
        Self::DeCh,
        Self::FrFr,
        Self::FrCa,
        Self::FrCh,
        Self::EsEs,
        Self::ItIt,
        Self::NlNl,
        Self::PtBr,
        Self::PtPt,
        Self::JaJp,
        Self::SvSe,
        Self::NbNo,
        Self::DaDk,
        Self::FiFi,
        Self::PlPl,
        Self::CsCz,
    ];

    /// Finds the locale of a BCP 47 tag such as `de-CH`, or else one of its language. `None` when
    /// there is none.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.replace('_', "-");
        let language = tag.split('-').next().unwrap_or_default();
        let of = |wanted: &str, part: fn(&'static str) -> &'static str| {
            Self::ALL
                .into_iter()
                .find(|locale| part(locale.tag()).eq_ignore_ascii_case(wanted))
        };
        of(&tag, |tag| tag).or_else(|| of(language, |tag| tag.get(..2).unwrap_or_default()))
    }

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::EnUs => "en-US",
            Self::EnGb => "en-GB",
            Self::EnCa => "en-CA",
            Self::DeDe => "de-DE",
            Self::DeAt => "de-AT",
            Self::DeCh => "de-CH",
            Self::FrFr => "fr-FR",
            Self::FrCa => "fr-CA",
            Self::FrCh => "fr-CH",
            Self::EsEs => "es-ES",
            Self::ItIt => "it-IT",
            Self::NlNl => "nl-NL",
            Self::PtBr => "pt-BR",
            Self::PtPt => "pt-PT",
            Self::JaJp => "ja-JP",
            Self::SvSe => "sv-SE",
            Self::NbNo => "nb-NO",
            Self::DaDk => "da-DK",
            Self::FiFi => "fi-FI",
            Self::PlPl => "pl-PL",
            Self::CsCz => "cs-CZ",
        }
    }

    pub(super) const fn conventions(self) -> Conventions {
        match self {
            Self::EnUs => Conventions {
                symbols: [&[("usd", "$"), ("jpy", "¥"), ("aud", "A$")], INTERNATIONAL],
                ..POINT
            },
            Self::EnGb => Conventions {
                symbols: [&[("aud", "A$")], INTERNATIONAL],
                ..POINT
            },
            Self::EnCa => Conventions {
                symbols: [&[("cad", "$"), ("aud", "A$")], INTERNATIONAL],
                ..POINT
            },
            Self::JaJp => Conventions {
                symbols: [
                    &[("usd", "$"), ("jpy", "\u{ffe5}"), ("aud", "A$")],
                    INTERNATIONAL,
                ],
                ..POINT
            },
            Self::DeDe => Conventions {
                symbols: [GERMAN, INTERNATIONAL],
                ..COMMA
            },
            Self::DeAt => Conventions {
                pattern: Pattern::SignCurrencySpaceNumber,
                symbols: [GERMAN, INTERNATIONAL],
                ..COMMA
            },
            Self::DeCh => Conventions {
                group: '\'',
                pattern: Pattern::CurrencySignOrSpaceNumber,
                symbols: [&[("eur", "EUR"), ("usd", "$"), ("jpy", "¥")], INTERNATIONAL],
                ..POINT
            },
            Self::FrFr => Conventions {
                group: '\u{202f}',
                symbols: [FRENCH, NONE],
                ..COMMA
            },
            Self::FrCh => Conventions {
                decimal: '.',
                group: '\u{202f}',
                symbols: [FRENCH, NONE],
                ..COMMA
            },
            Self::FrCa => Conventions {
                symbols: [
                    &[
                        ("usd", "$\u{a0}US"),
                        ("jpy", "¥"),
                        ("cad", "$"),
                        ("aud", "$\u{a0}AU"),
                        ("mxn", "MXN"),
                    ],
                    INTERNATIONAL,
                ],
                ..COMMA_AND_SPACE
            },
            Self::EsEs => Conventions {
                least_before_group: 2,
                symbols: [&[("usd", "US$"), ("eur", "€")], NONE],
                ..COMMA
            },
            Self::ItIt => Conventions {
                least_before_group: 2,
                symbols: [
                    &[("eur", "€"), ("gbp", "£"), ("cad", "CA$"), ("aud", "A$")],
                    NONE,
                ],
                ..COMMA
            },
            Self::NlNl => Conventions {
                pattern: Pattern::CurrencySpaceSignNumber,
                symbols: [&[("cad", "C$")], INTERNATIONAL],
                ..COMMA
            },
            Self::PtBr => Conventions {
                pattern: Pattern::SignCurrencySpaceNumber,
                ..COMMA
            },
            Self::PtPt => Conventions {
                least_before_group: 2,
                ..COMMA_AND_SPACE
            },
            Self::SvSe => Conventions {
                minus: '\u{2212}',
                symbols: [
                    &[
                        ("usd", "US$"),
                        ("eur", "€"),
                        ("cad", "CA$"),
                        ("brl", "BR$"),
                        ("mxn", "MX$"),
                        ("sek", "kr"),
                        ("nok", "Nkr"),
                        ("dkk", "Dkr"),
                    ],
                    NONE,
                ],
                ..COMMA_AND_SPACE
            },
            Self::NbNo => Conventions {
                minus: '\u{2212}',
                symbols: [&[("eur", "€"), ("gbp", "£"), ("nok", "kr")], NONE],
                ..COMMA_AND_SPACE
            },
            Self::DaDk => Conventions {
                symbols: [&[("dkk", "kr.")], INTERNATIONAL],
                ..COMMA
            },
            Self::FiFi => Conventions {
                minus: '\u{2212}',
                symbols: [
                    &[("usd", "$"), ("eur", "€"), ("gbp", "£"), ("jpy", "¥")],
                    NONE,
                ],
                ..COMMA_AND_SPACE
            },
            Self::PlPl => Conventions {
                least_before_group: 2,
                symbols: [&[("eur", "€"), ("brl", "R$"), ("pln", "zł")], NONE],
                ..COMMA_AND_SPACE
            },
            Self::CsCz => Conventions {
                symbols: [&[("czk", "Kč")], INTERNATIONAL],
                ..COMMA_AND_SPACE
            },
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl Conventions {
    /// The symbol of a currency; its code in capital letters where it has none.
    pub(super) fn currency(self, code: &str) -> String {
        let symbol = self
            .symbols
            .into_iter()
            .flatten()
            .find(|(known, _)| *known == code);
        symbol.map_or_else(
            || code.to_ascii_uppercase(),
            |(_, symbol)| (*symbol).to_owned(),
        )
    }
}
