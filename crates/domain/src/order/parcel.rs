use crate::catalog::ProductKind;
use crate::id::{ParcelId, VariantId};

use super::{Effect, Notification, Order};

/// A parcel of an order: pieces that leave together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its name, unique in its order. The same decision again is the same parcel.
    pub id: ParcelId,
    /// The carrier, such as `DHL`, if the admin said.
    pub carrier: Option<String>,
    /// The carrier's number, if there is one.
    pub tracking_number: Option<String>,
    /// Time it left, in Unix seconds.
    pub shipped_at: i64,
    /// Time it was marked as delivered, in Unix seconds.
    pub delivered_at: Option<i64>,
    /// Its content.
    pub pieces: Vec<ParcelPieces>,
}

/// Pieces of one variant in a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelPieces {
    /// The variant.
    pub variant: VariantId,
    /// The number of pieces; at least one.
    pub quantity: u32,
}

/// A parcel that the admin sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelRequest {
    /// The decision, and the parcel's name.
    pub id: ParcelId,
    /// The carrier.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// Its content; all that is left to ship unless given.
    pub pieces: Option<Vec<ParcelPieces>>,
}

/// The reason why a parcel is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParcelError {
    /// The goods are not the shopper's, or all of them have left.
    #[error("Nothing is left to ship.")]
    NothingToShip,
    /// It would be empty.
    #[error("The parcel is empty.")]
    NoPieces,
    /// Fewer pieces are paid for and neither shipped nor refunded.
    #[error("Of {sku}, {left} can still be shipped.")]
    TooManyPieces {
        /// The line's SKU, or the variant's id if the order has no such line.
        sku: String,
        /// The number that can still be shipped.
        left: u32,
    },
    /// The order has no such parcel.
    #[error("There is no such parcel.")]
    NotFound,
}

/// The shipping state of an order. The text forms are those of the column `orders.shipping`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShippingState {
    /// There is nothing to ship.
    Nothing,
    /// It waits to be packed, and nothing has left.
    ToPack,
    /// A part has left, and more is to be packed.
    PartlyShipped,
    /// All that is to be shipped has left.
    Shipped,
    /// All that is to be shipped has arrived.
    Delivered,
}

impl Order {
    /// The pieces of a variant that are paid for, and neither refunded nor shipped; none of a digital
    /// one. A refund takes
    /// pieces that have not left before those that have.
    pub fn pieces_to_ship(&self, variant: &VariantId) -> u32 {
        let mut lines = self.lines.iter();
        let is_digital =
            lines.any(|line| line.variant == *variant && line.kind == ProductKind::Digital);
        if self.can_be_shipped() && !is_digital {
            let shipped = self.shipped_pieces(variant);
            self.refundable_pieces(variant).saturating_sub(shipped)
        } else {
            0
        }
    }

    /// All pieces that are left to ship, by variant, in the order of the lines.
    pub fn left_to_ship(&self) -> Vec<ParcelPieces> {
        let mut left: Vec<ParcelPieces> = Vec::new();
        for line in &self.lines {
            let quantity = self.pieces_to_ship(&line.variant);
            let is_listed = left.iter().any(|pieces| pieces.variant == line.variant);
            if quantity > 0 && !is_listed {
                left.push(ParcelPieces {
                    variant: line.variant.clone(),
                    quantity,
                });
            }
        }
        left
    }

    /// The pieces of a variant that are in parcels.
    pub fn shipped_pieces(&self, variant: &VariantId) -> u32 {
        self.parcels
            .iter()
            .flat_map(|parcel| &parcel.pieces)
            .filter(|pieces| pieces.variant == *variant)
            .fold(0, |sum, pieces| sum.saturating_add(pieces.quantity))
    }

    /// The parcel with this id.
    pub fn parcel(&self, id: &ParcelId) -> Option<&Parcel> {
        self.parcels.iter().find(|parcel| parcel.id == *id)
    }

    /// Its shipping state.
    pub fn shipping_state(&self) -> ShippingState {
        let is_left = !self.left_to_ship().is_empty();
        match (is_left, self.parcels.is_empty()) {
            (true, true) => ShippingState::ToPack,
            (true, false) => ShippingState::PartlyShipped,
            (false, true) => ShippingState::Nothing,
            (false, false) => {
                let mut parcels = self.parcels.iter();
                if parcels.all(|parcel| parcel.delivered_at.is_some()) {
                    ShippingState::Delivered
                } else {
                    ShippingState::Shipped
                }
            }
        }
    }

    /// Sends a parcel. One that was sent already changes nothing. `now` is in Unix seconds.
    ///
    /// # Errors
    /// When it would hold more than what is left to ship, or nothing; the order is as it was.
    pub fn ship(&mut self, request: ParcelRequest, now: i64) -> Result<Vec<Effect>, ParcelError> {
        if self.parcel(&request.id).is_some() {
            return Ok(Vec::new());
        }
        let left = self.left_to_ship();
        if left.is_empty() {
            return Err(ParcelError::NothingToShip);
        }
        let pieces = match request.pieces {
            Some(pieces) => self.checked_pieces(pieces)?,
            None => left,
        };
        let effect = Effect::Notify(Notification::Shipped(request.id.clone()));
        self.parcels.push(Parcel {
            id: request.id,
            carrier: request.carrier,
            tracking_number: request.tracking_number,
            shipped_at: now,
            delivered_at: None,
            pieces,
        });
        Ok(vec![effect])
    }

    /// Corrects the carrier and the number of a parcel. The shopper is not told again.
    ///
    /// # Errors
    /// When there is no such parcel.
    pub fn correct_parcel(
        &mut self,
        id: &ParcelId,
        carrier: Option<String>,
        tracking_number: Option<String>,
    ) -> Result<(), ParcelError> {
        let parcel = self.parcel_mut(id)?;
        parcel.carrier = carrier;
        parcel.tracking_number = tracking_number;
        Ok(())
    }

    /// Marks a parcel as delivered; the first time stays. `now` is in Unix seconds.
    ///
    /// # Errors
    /// When there is no such parcel.
    pub fn deliver_parcel(&mut self, id: &ParcelId, now: i64) -> Result<(), ParcelError> {
        let parcel = self.parcel_mut(id)?;
        parcel.delivered_at.get_or_insert(now);
        Ok(())
    }

    fn parcel_mut(&mut self, id: &ParcelId) -> Result<&mut Parcel, ParcelError> {
        let mut parcels = self.parcels.iter_mut();
        parcels
            .find(|parcel| parcel.id == *id)
            .ok_or(ParcelError::NotFound)
    }

    fn checked_pieces(&self, asked: Vec<ParcelPieces>) -> Result<Vec<ParcelPieces>, ParcelError> {
        let mut checked: Vec<ParcelPieces> = Vec::new();
        for pieces in asked.into_iter().filter(|pieces| pieces.quantity > 0) {
            let left = self.pieces_to_ship(&pieces.variant);
            let is_repeated = checked.iter().any(|other| other.variant == pieces.variant);
            if pieces.quantity > left || is_repeated {
                let known = self.lines.iter().find(|own| own.variant == pieces.variant);
                return Err(ParcelError::TooManyPieces {
                    sku: known.map_or_else(|| pieces.variant.to_string(), |own| own.sku.clone()),
                    left,
                });
            }
            checked.push(pieces);
        }
        if checked.is_empty() {
            return Err(ParcelError::NoPieces);
        }
        Ok(checked)
    }
}

impl ShippingState {
    /// Every state, in the order in which an order goes through them.
    pub const ALL: [Self; 5] = [
        Self::Nothing,
        Self::ToPack,
        Self::PartlyShipped,
        Self::Shipped,
        Self::Delivered,
    ];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::ToPack => "to_pack",
            Self::PartlyShipped => "partly_shipped",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
        }
    }

    /// Reads what [`ShippingState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// True if pieces are to be packed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::ToPack | Self::PartlyShipped)
    }

    /// True if all that is to be shipped has left.
    pub const fn has_left(self) -> bool {
        matches!(self, Self::Shipped | Self::Delivered)
    }
}
