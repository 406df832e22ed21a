use domain::id::{RefundId, VariantId};
use domain::money::{Currency, Locale, Money};
use domain::order::{RefundError, RefundLine, RefundReason, RefundRequest, RefundSource};
use leptos_router::location::Url;
use shop::refunds::IssueError;

use super::OrderForm;
use crate::actions::PiecesForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// The longest note that is kept, in characters.
pub(crate) const LONGEST_NOTE: usize = 200;

/// A refund as the owner typed it.
pub(crate) struct RefundForm {
    pub(crate) decision: String,
    pub(crate) amount: String,
    pub(crate) offered: String,
    pub(crate) reason: String,
    pub(crate) note: String,
    pub(crate) pieces: Vec<PiecesForm>,
}

/// Why a refund was not made, as the address of the order's page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NotAnAmount,
    NoAmount,
    NotPositive,
    TooMuch,
    TooManyPieces,
    TooManyRestocked,
    NotAllowed,
    Stale,
}

/// Gives money back and shows the order with what became of it, or with what is wrong and what was typed.
pub(crate) async fn refund(target: &OrderForm, form: RefundForm) -> Result<(), ActionError> {
    let number = target.number;
    let stale = form.back(number, Problem::Stale);
    let Some(permit) = target.authorize(&stale).await? else {
        return Ok(());
    };
    let decision = RefundId::parse(&form.decision).map_err(|_| ActionError::BadRequest)?;
    let shop = shop();
    let order = shop::orders::by_number(&shop, permit.admin(), number)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(ActionError::NotFound)?;
    let request = match form.read(decision.clone(), order.total.currency()) {
        Ok(request) => request,
        Err(problem) => {
            see_other(&form.back(number, problem));
            return Ok(());
        }
    };
    match shop::refunds::issue(&shop, &permit, &request).await {
        Ok(_) => see_other(&format!("/admin/orders/{number}?refund={decision}")),
        Err(IssueError::NotFound) => return Err(ActionError::NotFound),
        Err(IssueError::NotAllowed(error)) => see_other(&form.back(number, Problem::of(&error))),
        Err(IssueError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

impl RefundForm {
    fn read(&self, id: RefundId, currency: Currency) -> Result<RefundRequest, Problem> {
        let lines = self
            .pieces
            .iter()
            .map(read_pieces)
            .filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>()?;
        let typed = self.amount.trim();
        let is_left_alone = typed.is_empty() || typed == self.offered.trim();
        let amount = match (lines.is_empty(), is_left_alone) {
            (false, true) => None,
            (true, _) if typed.is_empty() => return Err(Problem::NoAmount),
            _ => Some(
                Money::parse(typed, currency, Locale::default())
                    .map_err(|_| Problem::NotAnAmount)?,
            ),
        };
        let note: String = self.note.trim().chars().take(LONGEST_NOTE).collect();
        Ok(RefundRequest {
            id,
            amount,
            lines,
            source: RefundSource::Owner,
            reason: RefundReason::parse(&self.reason),
            note: Some(note).filter(|note| !note.is_empty()),
        })
    }

    /// The way back to the form. The pieces are not carried along: what of them can be refunded may be the problem.
    fn back(&self, number: i64, problem: Problem) -> String {
        let escaped = |text: &str, longest| {
            let text: String = text.trim().chars().take(longest).collect();
            Url::escape(&text)
        };
        format!(
            "/admin/orders/{number}?problem={}&amount={}&reason={}&note={}#refund",
            problem.as_str(),
            escaped(&self.amount, 24),
            escaped(&self.reason, 24),
            escaped(&self.note, LONGEST_NOTE),
        )
    }
}

impl Problem {
    const ALL: [Self; 8] = [
        Self::NotAnAmount,
        Self::NoAmount,
        Self::NotPositive,
        Self::TooMuch,
        Self::TooManyPieces,
        Self::TooManyRestocked,
        Self::NotAllowed,
        Self::Stale,
    ];

    /// Reads what the address of the order's page says.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|problem| problem.as_str() == text)
    }

    /// What the owner can do about it. `left` is what can still be refunded.
    pub(crate) fn words(self, left: Money) -> String {
        match self {
            Self::NotAnAmount => format!(
                "That is not an amount. Type it in digits, such as {}.",
                left.number(Locale::default())
            ),
            Self::NoAmount => "Type an amount, or choose the pieces that come back.".to_owned(),
            Self::NotPositive => RefundError::NotPositive.to_string(),
            Self::TooMuch => RefundError::TooMuch { left }.to_string(),
            Self::TooManyPieces => {
                "Those are more pieces than can still be refunded. Nothing was refunded.".to_owned()
            }
            Self::TooManyRestocked => {
                "Only pieces that are refunded can go back on the shelf. Nothing was refunded."
                    .to_owned()
            }
            Self::NotAllowed => "Nothing was refunded.".to_owned(),
            Self::Stale => {
                "Nothing was refunded: the form was from before you signed in. Check it and send it again."
                    .to_owned()
            }
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::NotAnAmount => "not_an_amount",
            Self::NoAmount => "no_amount",
            Self::NotPositive => "not_positive",
            Self::TooMuch => "too_much",
            Self::TooManyPieces => "too_many_pieces",
            Self::TooManyRestocked => "too_many_restocked",
            Self::NotAllowed => "not_allowed",
            Self::Stale => "stale",
        }
    }

    const fn of(error: &RefundError) -> Self {
        match error {
            RefundError::TooMuch { .. } => Self::TooMuch,
            RefundError::NotPositive => Self::NotPositive,
            RefundError::TooManyPieces { .. } => Self::TooManyPieces,
            RefundError::Money(_) => Self::NotAnAmount,
            // The page itself says why there is no form any more.
            RefundError::NotPaid | RefundError::NothingLeft | RefundError::Disputed { .. } => {
                Self::NotAllowed
            }
        }
    }
}

/// `None` for a line of which nothing is given back.
fn read_pieces(form: &PiecesForm) -> Result<Option<RefundLine>, Problem> {
    let count = |text: &str| match text.trim() {
        "" => Ok(0_u32),
        typed => typed.parse().map_err(|_| Problem::TooManyPieces),
    };
    let (quantity, restocked) = (count(&form.quantity)?, count(&form.restocked)?);
    if restocked > quantity {
        return Err(Problem::TooManyRestocked);
    }
    if quantity == 0 {
        return Ok(None);
    }
    let variant = VariantId::parse(&form.variant).map_err(|_| Problem::TooManyPieces)?;
    Ok(Some(RefundLine {
        variant,
        quantity,
        restocked,
    }))
}
