//! The kinds of payment methods that a payment takes.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::currency::Currency;
use crate::debits::Scheme;
use crate::http::ApiError;
use crate::http::params::Params;
use crate::http::version::Version;
use crate::objects::Object;

/// Every kind that Stripe has. Source: its OpenAPI description.
#[rustfmt::skip]
pub(crate) const ALL: &[&str] = &[
    "acss_debit", "affirm", "afterpay_clearpay", "alipay", "alma", "amazon_pay", "au_becs_debit", "bacs_debit",
    "bancontact", "billie", "bizum", "blik", "boleto", "card", "card_present", "cashapp", "crypto", "customer_balance",
    "eps", "fpx", "giropay", "grabpay", "ideal", "interac_present", "kakao_pay", "klarna", "konbini", "kr_card", "link",
    "mb_way", "mobilepay", "multibanco", "naver_pay", "nz_bank_account", "oxxo", "p24", "pay_by_bank", "payco", "paynow", "paypal", "payto",
    "pix", "promptpay", "revolut_pay", "samsung_pay", "satispay", "scalapay", "sepa_debit", "sofort", "sunbit",
    "swish", "twint", "upi", "us_bank_account", "wechat_pay", "zip",
];

/// The private member in which an intent keeps the kinds that `payment_method_types` listed.
const LISTED: &str = "listed_payment_method_types";

/// The parameters about kinds of payment methods.
#[derive(Debug, Default)]
pub(crate) struct MethodTypes {
    /// `allowed_payment_method_types`, which narrows what would be offered.
    pub(crate) allowed: Option<Vec<String>>,
    /// `excluded_payment_method_types`, which leaves some out.
    pub(crate) excluded: Option<Vec<String>>,
    /// `payment_method_types` of older versions, which says what is offered.
    pub(crate) listed: Option<Vec<String>>,
}

/// Reads what is said about something new, of which an empty value says nothing.
pub(crate) fn read(params: &mut Params, version: &Version) -> Result<MethodTypes, ApiError> {
    let nothing = Object::new(json!({}));
    Ok(read_changes(params, version)?.over(&nothing))
}

/// Reads all of them; the older one only where the version still has it, or where none is named, as
/// by the Stripe CLI. [`MethodTypes::over`] completes it.
pub(crate) fn read_changes(
    params: &mut Params,
    version: &Version,
) -> Result<MethodTypes, ApiError> {
    let mut texts = |member| -> Result<Option<Vec<String>>, ApiError> {
        if params.clears(member) {
            return Ok(Some(Vec::new()));
        }
        let kinds = params.choices(member, ALL)?;
        Ok((!kinds.is_empty()).then_some(kinds))
    };
    let types = MethodTypes {
        allowed: texts("allowed_payment_method_types")?,
        excluded: texts("excluded_payment_method_types")?,
        listed: match version.has_payment_method_types() || !version.is_named() {
            true => texts("payment_method_types")?,
            false => None,
        },
    };
    let names_any =
        |kinds: &Option<Vec<String>>| kinds.as_ref().is_some_and(|some| !some.is_empty());
    if names_any(&types.listed) && names_any(&types.excluded) {
        let message = "You may only specify one of these parameters: excluded_payment_method_types, payment_method_types.";
        return Err(ApiError::parameter(
            "excluded_payment_method_types",
            message,
        ));
    }
    Ok(types)
}

impl MethodTypes {
    /// True if anything was said.
    pub(crate) fn is_given(&self) -> bool {
        [&self.allowed, &self.excluded, &self.listed]
            .into_iter()
            .any(Option::is_some)
    }

    /// The parameters completed by those of before.
    pub(crate) fn over(self, before: &Object) -> Self {
        let or = |given: Option<Vec<String>>, said: &Value| match given {
            // An empty value takes away what was said before.
            Some(kinds) => Some(kinds).filter(|kinds| !kinds.is_empty()),
            None => Vec::deserialize(said).ok(),
        };
        Self {
            allowed: or(self.allowed, before.get("allowed_payment_method_types")),
            excluded: or(self.excluded, before.get("excluded_payment_method_types")),
            listed: or(self.listed, &before.private()[LISTED]),
        }
    }

    /// Notes it on a payment or setup intent, which shows only what newer versions have.
    pub(crate) fn set_on(&self, intent: &mut Object) {
        intent.set("allowed_payment_method_types", json!(self.allowed));
        intent.set("excluded_payment_method_types", json!(self.excluded));
        intent.set_private(LISTED, json!(self.listed));
    }

    /// The kinds that are offered for a currency: cards, and the bank debit that takes it, as far
    /// as the merchant wants them. `noun` is what is to be paid.
    ///
    /// # Errors
    /// When nothing is left.
    pub(crate) fn offered(
        &self,
        currency: Currency,
        manual_capture: bool,
        noun: &str,
    ) -> Result<Vec<String>, ApiError> {
        // A bank debit cannot be authorized first and captured later.
        let debit = Scheme::of_currency(currency.code())
            .filter(|_| !manual_capture)
            .map(Scheme::name);
        let offered = self.wanted_of(["card"].into_iter().chain(debit));
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

    /// The kinds that can be set up for later, of which none depends on a currency yet.
    ///
    /// # Errors
    /// When nothing is left.
    pub(crate) fn offered_for_setup(&self) -> Result<Vec<String>, ApiError> {
        let offered = self.wanted_of(["card", "us_bank_account", "sepa_debit"].into_iter());
        if offered.is_empty() {
            let message = "No valid payment method types for this SetupIntent. This sandbox has only `card`, \
                `us_bank_account` and `sepa_debit`.";
            return Err(ApiError::invalid(message));
        }
        Ok(offered)
    }

    /// Those of these kinds that the merchant wants.
    fn wanted_of<'a>(&self, kinds: impl Iterator<Item = &'a str>) -> Vec<String> {
        let wanted = |kind: &str| {
            let names = |kinds: &Vec<String>| kinds.iter().any(|other| other == kind);
            [&self.allowed, &self.listed]
                .into_iter()
                .flatten()
                .all(names)
                && !self.excluded.as_ref().is_some_and(names)
        };
        kinds
            .filter(|kind| wanted(kind))
            .map(ToOwned::to_owned)
            .collect()
    }
}
