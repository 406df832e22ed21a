use std::fmt;

use crate::id::VariantId;
use crate::money::Money;
use crate::stock::Availability;

/// A shelf of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// Its description, a sentence or two.
    pub description: String,
    /// A picture of it.
    pub image: String,
}

/// A product's place in a list: lists are in the order of positions, and of slugs where those are
/// the same. It is written as `POSITION.SLUG`, percent-encoded as a parameter of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its position among all products.
    pub position: i64,
    /// Its slug.
    pub slug: String,
}

/// The start of a page of a list, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListStart {
    /// At the first product.
    First,
    /// After a place.
    After(Place),
    /// Before a place.
    Before(Place),
}

impl Place {
    /// Parses what was written, after it was decoded.
    pub fn parse(text: &str) -> Option<Self> {
        let (position, slug) = text.split_once('.')?;
        Some(Self {
            position: position.parse().ok()?,
            slug: slug.to_owned(),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.position, encode_slug(&self.slug))
    }
}

/// A slug as a part of an address: percent-encoded.
///
/// Source: RFC 3986, section 2
pub fn encode_slug(slug: &str) -> String {
    let mut encoded = String::with_capacity(slug.len());
    for byte in slug.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A product as it lies on a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductCard {
    /// Its place in lists.
    pub place: Place,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// Its picture.
    pub image: String,
    /// The picture's text alternative.
    pub image_alt: String,
    /// The price of its cheapest variant.
    pub from: Money,
    /// True if another variant costs more.
    pub has_more_prices: bool,
    /// The best that any of its variants has to offer.
    pub availability: Availability,
}

/// A product with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// The description.
    pub description: String,
    /// Its picture.
    pub image: String,
    /// The picture's text alternative.
    pub image_alt: String,
    /// The names of its options, such as Size and Finish.
    pub option_names: Vec<String>,
    /// The most of one variant in one order.
    pub quantity_limit: u32,
    /// Its variants; never empty.
    pub variants: Vec<Variant>,
    /// Its collections, the first first.
    pub collections: Vec<Collection>,
}

/// One buyable form of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its id, as the cart names it.
    pub id: VariantId,
    /// The SKU.
    pub sku: String,
    /// A value for each of the product's options.
    pub options: Vec<String>,
    /// The price of one.
    pub price: Money,
    /// The availability.
    pub availability: Availability,
}

/// A variant's options in one line, as carts, orders and receipts write them: `A3 / Matte`.
pub fn options_label(options: &[String]) -> String {
    options.join(" / ")
}

/// A product's title and a variant's options, if it has any, such as `Low Water, A3 / Matte`.
pub fn line_name(title: &str, options: &str) -> String {
    if options.is_empty() {
        title.to_owned()
    } else {
        format!("{title}, {options}")
    }
}

/// The way a product gets to its buyer. The text forms are those of the column `products.kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProductKind {
    /// In a parcel, or picked up.
    #[default]
    Shipped,
    /// As a file or a key.
    Digital,
}

impl ProductKind {
    /// As the database and CSV files write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Digital => "digital",
        }
    }

    /// Reads what [`ProductKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Shipped, Self::Digital]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}
