use store::{Commit, Store};

use crate::Error;

/// The texts in which a shop says what it is and sells. Each text is a setting, with the demo's as
/// its default, so that another shop needs no other program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopTexts {
    /// The shop's name; none while only the demo's name is known.
    pub name: Option<String>,
    /// The description of the first page for search engines.
    pub description: String,
    /// The heading of the first page.
    pub hero_title: String,
    /// The text below the heading of the first page.
    pub hero_text: String,
    /// The shop's word for its goods, in the plural and in lowercase.
    pub goods: String,
    /// The heading above the products of the first page.
    pub featured_title: String,
    /// The text below *Sold out* on a product's page.
    pub sold_out_text: String,
    /// The text at the foot of every page.
    pub footer_text: Option<String>,
}

/// A text that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopText {
    /// [`ShopTexts::name`].
    Name,
    /// [`ShopTexts::description`].
    Description,
    /// [`ShopTexts::hero_title`].
    HeroTitle,
    /// [`ShopTexts::hero_text`].
    HeroText,
    /// [`ShopTexts::goods`].
    Goods,
    /// [`ShopTexts::featured_title`].
    FeaturedTitle,
    /// [`ShopTexts::sold_out_text`].
    SoldOutText,
    /// [`ShopTexts::footer_text`].
    FooterText,
}

/// The longest text, in characters.
const LONGEST: usize = 300;

/// The demo's name.
const DEMO_NAME: &str = "Plotter & Press";

/// The error of a text that was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetTextError {
    /// It says nothing.
    #[error("the text is empty; `reset` brings the default back")]
    Empty,
    /// It is too long.
    #[error("the text has more than {LONGEST} characters")]
    TooLong,
    /// It has line breaks or other control characters.
    #[error("the text has to be one line")]
    NotOneLine,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl ShopTexts {
    /// Loads the texts of a shop.
    pub async fn load(store: &Store) -> Result<Self, Error> {
        let mut values = Vec::new();
        for text in ShopText::ALL {
            values.push(store::settings::get(store, text.key()).await?);
        }
        let get = |text: ShopText| {
            let at = ShopText::ALL.iter().position(|each| *each == text)?;
            values[at].clone()
        };
        let or_default =
            |text: ShopText| get(text).unwrap_or_else(|| text.default_value().to_owned());
        Ok(Self {
            name: get(ShopText::Name),
            description: or_default(ShopText::Description),
            hero_title: or_default(ShopText::HeroTitle),
            hero_text: or_default(ShopText::HeroText),
            goods: or_default(ShopText::Goods),
            featured_title: or_default(ShopText::FeaturedTitle),
            sold_out_text: or_default(ShopText::SoldOutText),
            footer_text: get(ShopText::FooterText),
        })
    }

    /// The name of the shop on pages.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(DEMO_NAME)
    }
}

impl ShopText {
    /// Every text.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Description,
        Self::HeroTitle,
        Self::HeroText,
        Self::Goods,
        Self::FeaturedTitle,
        Self::SoldOutText,
        Self::FooterText,
    ];

    /// As the command line names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::HeroTitle => "hero-title",
            Self::HeroText => "hero-text",
            Self::Goods => "goods",
            Self::FeaturedTitle => "featured-title",
            Self::SoldOutText => "sold-out-text",
            Self::FooterText => "footer-text",
        }
    }

    /// Parses what [`ShopText::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }

    /// The name in the table of settings.
    const fn key(self) -> &'static str {
        match self {
            Self::Name => "text_name",
            Self::Description => "text_description",
            Self::HeroTitle => "text_hero_title",
            Self::HeroText => "text_hero_text",
            Self::Goods => "text_goods",
            Self::FeaturedTitle => "text_featured_title",
            Self::SoldOutText => "text_sold_out_text",
            Self::FooterText => "text_footer_text",
        }
    }

    /// The demo's text.
    pub const fn default_value(self) -> &'static str {
        match self {
            Self::Name => DEMO_NAME,
            Self::Description => {
                "Generative art prints, drawn by code and printed on heavy cotton paper."
            }
            Self::HeroTitle => "Drawn by code, printed on paper",
            Self::HeroText => {
                "Each print is a small program, run once with a seed we liked and never again."
            }
            Self::Goods => "prints",
            Self::FeaturedTitle => "From the drawing table",
            Self::SoldOutText => "Every print of this one has found a wall.",
            Self::FooterText => "",
        }
    }
}

/// Sets a text. A shop that serves shows it after its next start.
///
/// # Errors
/// When the text cannot be shown as it is, or the database fails.
pub async fn set(store: &Store, text: ShopText, value: &str) -> Result<(), SetTextError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(SetTextError::Empty);
    }
    if value.chars().count() > LONGEST {
        return Err(SetTextError::TooLong);
    }
    if value.chars().any(char::is_control) {
        return Err(SetTextError::NotOneLine);
    }
    write(store, text, Some(value)).await?;
    Ok(())
}

/// Brings the default of a text back.
pub async fn reset(store: &Store, text: ShopText) -> Result<(), Error> {
    write(store, text, None).await
}

async fn write(store: &Store, text: ShopText, value: Option<&str>) -> Result<(), Error> {
    store
        .transaction(async |mut tx| {
            match value {
                Some(value) => store::settings::set(&mut tx, text.key(), value).await?,
                None => store::settings::remove(&mut tx, text.key()).await?,
            }
            Ok(Commit(tx, ()))
        })
        .await?;
    Ok(())
}
