//! Which kinds of payment methods a payment takes.

use super::ApiError;
use super::params::Params;
use super::version::Version;
use crate::currency::Currency;
use crate::debits::Scheme;

/// What a merchant said about kinds of payment methods.
#[derive(Debug, Default)]
pub(super) struct MethodTypes {
    /// `allowed_payment_method_types`, which narrows what would be offered.
    pub(super) allowed: Option<Vec<String>>,
    /// `payment_method_types` of older versions, which says what is offered.
    pub(super) listed: Option<Vec<String>>,
}

/// Reads both parameters; the older one only where the version still has it, or where none is named, as by the Stripe
/// CLI.
pub(super) fn read(params: &mut Params, version: &Version) -> Result<MethodTypes, ApiError> {
    let mut texts = |member| -> Result<Option<Vec<String>>, ApiError> {
        let kinds = params.texts(member)?;
        let kinds: Vec<String> = kinds.into_iter().map(|(_, kind)| kind).collect();
        Ok((!kinds.is_empty()).then_some(kinds))
    };
    Ok(MethodTypes {
        allowed: texts("allowed_payment_method_types")?,
        listed: match version.has_payment_method_types() || !version.is_named() {
            true => texts("payment_method_types")?,
            false => None,
        },
    })
}

impl MethodTypes {
    /// The kinds that are offered for a currency: cards, and the bank debit that takes it, as far as the merchant wants
    /// them. `noun` is what is to be paid.
    ///
    /// # Errors
    /// When nothing is left.
    pub(super) fn offered(
        &self,
        currency: Currency,
        manual_capture: bool,
        noun: &str,
    ) -> Result<Vec<String>, ApiError> {
        // A bank debit cannot be authorized first and captured later.
        let debit = Scheme::of_currency(currency.code())
            .filter(|_| !manual_capture)
            .map(Scheme::name);
        let wanted = |kind: &str| {
            [&self.allowed, &self.listed]
                .into_iter()
                .flatten()
                .all(|kinds| kinds.iter().any(|other| other == kind))
        };
        let offered: Vec<String> = ["card"]
            .into_iter()
            .chain(debit)
            .filter(|kind| wanted(kind))
            .map(ToOwned::to_owned)
            .collect();
        if offered.is_empty() {
            let known = debit.map_or_else(String::new, |debit| format!(" and `{debit}`"));
            let message = format!(
                "No valid payment method types for this {noun}. In {} this sandbox has only `card`{known}.",
                currency.code()
            );
            return Err(ApiError::invalid(message));
        }
        Ok(offered)
    }
}
