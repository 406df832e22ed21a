use std::fmt;

use crate::id::VariantId;
use crate::order::Order;

/// The most lines that a cart holds.
pub const MAX_LINES: usize = 50;

/// The most pieces of one variant that a cart holds.
pub const MAX_QUANTITY: u32 = 99;

/// The most bytes of a cart's cookie. Together with [`SeenPrices`](super::SeenPrices) and all other
/// headers it leaves an answer's head below 4 KiB, the least that a proxy takes. It holds 50 lines
/// whose ids have up to 20 letters.
pub const MAX_COOKIE_BYTES: usize = 1200;

/// The most bytes that a line has beside its variant: `.99~`.
const LINE_BYTES: usize = 4;

/// A cart: variants and quantities, in the order in which they were added. Kept in the cookie
/// `cart`, so anything in it may be forged: it names variants and quantities, both bounded, and
/// nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    items: Vec<CartItem>,
}

/// One line of the cart; the quantity is 1 to [`MAX_QUANTITY`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartItem {
    /// The variant.
    pub variant: VariantId,
    /// The quantity.
    pub quantity: u32,
}

/// Reads a quantity that a person or a form sent: a whole number, where more than [`MAX_QUANTITY`]
/// means as many as the cart holds, and zero or less means none. `None` when it is no number at
/// all.
pub fn parse_quantity(text: &str) -> Option<u32> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if negative {
        return Some(0);
    }
    // Only digits are left, so what does not parse is too large for the type.
    Some(digits.parse().unwrap_or(u32::MAX).min(MAX_QUANTITY))
}

impl Cart {
    /// The name of the cookie that the cart lives in.
    pub const COOKIE: &str = "cart";

    /// Reads the cookie's value: `VARIANT.QUANTITY~VARIANT.QUANTITY`. Whatever does not fit is
    /// dropped line by line; the same variant twice is added up.
    pub fn from_cookie(value: &str) -> Self {
        let mut cart = Self::default();
        for line in value.split('~') {
            let Some((variant, quantity)) = line.rsplit_once('.') else {
                continue;
            };
            if let (Ok(variant), Some(quantity)) =
                (VariantId::parse(variant), parse_quantity(quantity))
            {
                cart.add(variant, quantity);
            }
        }
        cart
    }

    /// Finds the cart in a `Cookie` header (or in `document.cookie`, which has the same form).
    pub fn from_cookie_header(header: &str) -> Self {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == Self::COOKIE)
            .map(|(_, value)| Self::from_cookie(value))
            .find(|cart| !cart.is_empty())
            .unwrap_or_default()
    }

    /// The lines, oldest first.
    pub fn items(&self) -> &[CartItem] {
        &self.items
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The sum of its quantities.
    pub fn count(&self) -> u32 {
        self.items.iter().map(|item| item.quantity).sum()
    }

    /// The quantity of `variant` in it.
    pub fn quantity(&self, variant: &VariantId) -> u32 {
        self.items
            .iter()
            .find(|item| item.variant == *variant)
            .map_or(0, |item| item.quantity)
    }

    /// Adds pieces, up to the bounds of the cart. Answers whether all of them fit.
    pub fn add(&mut self, variant: VariantId, quantity: u32) -> bool {
        let wanted = self.quantity(&variant).saturating_add(quantity);
        self.set(variant, wanted) == wanted
    }

    /// Sets the quantity of a line; zero removes it. Answers the quantity that the cart now has.
    pub fn set(&mut self, variant: VariantId, quantity: u32) -> u32 {
        let quantity = quantity.min(MAX_QUANTITY);
        match self.items.iter().position(|item| item.variant == variant) {
            Some(at) if quantity == 0 => {
                self.items.remove(at);
            }
            Some(at) => self.items[at].quantity = quantity,
            None if quantity == 0 || !self.has_room_for(&variant) => return 0,
            None => self.items.push(CartItem { variant, quantity }),
        }
        quantity
    }

    /// Takes out what an order bought. What was added since stays.
    pub fn take_out(&mut self, order: &Order) {
        for line in &order.lines {
            let left = self.quantity(&line.variant).saturating_sub(line.quantity);
            self.set(line.variant.clone(), left);
        }
    }

    fn has_room_for(&self, variant: &VariantId) -> bool {
        let bytes = |variant: &VariantId| variant.as_str().len() + LINE_BYTES;
        let used: usize = self.items.iter().map(|item| bytes(&item.variant)).sum();
        self.items.len() < MAX_LINES && used + bytes(variant) <= MAX_COOKIE_BYTES
    }

    /// Removes a line.
    pub fn remove(&mut self, variant: &VariantId) {
        self.items.retain(|item| item.variant != *variant);
    }
}

/// The cookie's value. Its characters need no quoting.
impl fmt::Display for Cart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, item) in self.items.iter().enumerate() {
            if position > 0 {
                f.write_str("~")?;
            }
            write!(f, "{}.{}", item.variant, item.quantity)?;
        }
        Ok(())
    }
}
