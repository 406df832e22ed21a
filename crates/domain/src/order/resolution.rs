use super::{Effect, Flag, Order, PaymentState, StockState};

/// The admin's decision about a flagged order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// The payment is taken as it is, and the order is to be filled.
    Keep,
    /// There is nothing left to do about it.
    Close,
}

/// The reason why a flag cannot be resolved like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolutionError {
    /// There is no flag, or the order went on meanwhile.
    #[error("This order does not need a decision any more.")]
    NotFlagged,
    /// The flag asks for another decision.
    #[error("This cannot be decided like that: keep the payment, or refund all of it.")]
    NotPossible,
}

impl Order {
    /// The decisions that its flag leaves open. While money goes back, it cannot be kept.
    pub fn resolutions(&self) -> &'static [Resolution] {
        let goes_back = self
            .refunds
            .iter()
            .any(|refund| refund.status.takes_money());
        let has_captured = self.captured_payment().is_some();
        match self.flag {
            Some(Flag::AmountMismatch | Flag::OrderUnknown) if goes_back => &[],
            Some(Flag::OrderUnknown) if !has_captured => &[Resolution::Close],
            Some(Flag::AmountMismatch | Flag::OrderUnknown) => &[Resolution::Keep],
            Some(Flag::OutOfStock) if goes_back => &[Resolution::Close],
            Some(Flag::OutOfStock) => &[Resolution::Keep, Resolution::Close],
            Some(Flag::StockMismatch | Flag::PaymentUnknown) => &[Resolution::Close],
            None => &[],
        }
    }

    /// Takes the admin's decision about the flag and returns what has to be done. `now` is in Unix
    /// seconds.
    ///
    /// # Errors
    /// When there is no flag, or it asks for another decision; the order is as it was.
    pub fn resolve(
        &mut self,
        resolution: Resolution,
        now: i64,
    ) -> Result<Vec<Effect>, ResolutionError> {
        let Some(flag) = self.flag else {
            return Err(ResolutionError::NotFlagged);
        };
        if !self.resolutions().contains(&resolution) {
            return Err(ResolutionError::NotPossible);
        }
        self.flag = None;
        let mut effects = match (flag, resolution) {
            (Flag::OrderUnknown, Resolution::Close) => Vec::new(),
            (Flag::AmountMismatch | Flag::OrderUnknown, _) => {
                self.move_payments(PaymentState::Mismatched, PaymentState::Captured);
                self.sell(now)
            }
            // The admin has found the pieces elsewhere: the stock has none to take them from.
            (Flag::OutOfStock, Resolution::Keep) => {
                self.stock = StockState::Sold;
                Vec::new()
            }
            (Flag::PaymentUnknown, _) => {
                self.move_payments(PaymentState::Open, PaymentState::Expired);
                self.move_payments(PaymentState::Processing, PaymentState::Failed);
                self.release()
            }
            (Flag::OutOfStock, Resolution::Close) | (Flag::StockMismatch, _) => Vec::new(),
        };
        effects.extend(self.settle_status());
        // One flag is shown at a time; another reason may have waited behind it.
        let is_mismatched = |payment: &super::Payment| payment.state == PaymentState::Mismatched;
        if self.flag.is_none()
            && !self.status.has_been_paid()
            && self.payments.iter().any(is_mismatched)
        {
            effects.extend(self.raise_flag(Flag::AmountMismatch));
        }
        Ok(effects)
    }

    fn move_payments(&mut self, from: PaymentState, to: PaymentState) {
        for payment in &mut self.payments {
            if payment.state == from {
                payment.state = to;
            }
        }
    }
}

impl Resolution {
    /// As a form writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Close => "close",
        }
    }

    /// Reads what [`Resolution::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Keep, Self::Close]
            .into_iter()
            .find(|resolution| resolution.as_str() == text)
    }
}
