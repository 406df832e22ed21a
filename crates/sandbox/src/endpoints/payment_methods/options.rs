//! The parameters in `payment_method_options`, which say how each kind of payment method is to be
//! used.

use serde_json::{Map, Value, json};

use super::types::ALL;
use crate::clock::midnight;
use crate::http::params::Params;
use crate::http::{ApiError, Call};
use crate::objects::{Object, payment_method_options};

/// The kinds that the sandbox has.
const KINDS: &[&str] = &["card", "us_bank_account", "sepa_debit"];

/// The number of days ahead that a bank account can be debited. Source: Stripe's documentation of
/// `target_date`.
const DAYS_AHEAD: std::ops::RangeInclusive<i64> = 3..=15;

const DAY: i64 = 24 * 60 * 60;

/// The object that has the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OptionsTarget {
    Session,
    Intent,
    Setup,
}

/// Reads what was said about each kind, and changes the options of a payment or setup intent by it.
pub(crate) fn set(
    call: &Call<'_>,
    params: &mut Params,
    intent: &mut Object,
) -> Result<(), ApiError> {
    let target = match intent.kind() {
        "setup_intent" => OptionsTarget::Setup,
        _ => OptionsTarget::Intent,
    };
    let changes = read(params, target, call.app.clock.now())?;
    payment_method_options::change_of(intent, &changes);
    Ok(())
}

/// Reads what was said about each kind, for [`payment_method_options::change`]. `now` is in Unix
/// seconds.
pub(crate) fn read(
    params: &mut Params,
    target: OptionsTarget,
    now: i64,
) -> Result<Map<String, Value>, ApiError> {
    let mut options = Map::new();
    let Some(mut given) = params.object("payment_method_options")? else {
        return Ok(options);
    };
    for kind in KINDS {
        if target != OptionsTarget::Session && given.clears(kind) {
            options.insert((*kind).to_owned(), Value::Null);
            continue;
        }
        let Some(mut one) = given.object(kind)? else {
            continue;
        };
        let read = match *kind {
            "card" => card(&mut one, target)?,
            "us_bank_account" => us_bank_account(&mut one, target, now)?,
            _ => sepa_debit(&mut one, target, now)?,
        };
        one.finish()?;
        options.insert((*kind).to_owned(), Value::Object(read));
    }
    given.refuse_unsupported(ALL)?;
    given.finish()?;
    Ok(options)
}

fn card(card: &mut Params, target: OptionsTarget) -> Result<Map<String, Value>, ApiError> {
    let mut read = Map::new();
    if target == OptionsTarget::Setup {
        card.refuse_unsupported(&["mandate_options", "network", "three_d_secure"])?;
    }
    if target == OptionsTarget::Intent {
        card.refuse_unsupported(&["cvc_token", "mandate_options", "network", "three_d_secure"])?;
        card.off("require_cvc_recollection")?;
    }
    let member = "request_three_d_secure";
    keep(&mut read, card, member, target, REQUESTS, false)?;
    if target == OptionsTarget::Setup {
        return Ok(read);
    }
    if let Some(mut installments) = card.object("installments")? {
        installments.refuse_unsupported(&["plan"])?;
        installments.off("enabled")?;
        installments.finish()?;
        if target == OptionsTarget::Session {
            read.insert("installments".to_owned(), json!({ "enabled": false }));
        }
    }
    // No test card can do any of these, which its charges say.
    for member in [
        "request_extended_authorization",
        "request_incremental_authorization",
        "request_multicapture",
        "request_overcapture",
    ] {
        keep(
            &mut read,
            card,
            member,
            target,
            &["if_available", "never"],
            false,
        )?;
    }
    keep(&mut read, card, "capture_method", target, &["manual"], true)?;
    let usages: &[&str] = match target {
        OptionsTarget::Session => &["off_session", "on_session"],
        OptionsTarget::Intent | OptionsTarget::Setup => USAGES,
    };
    keep(&mut read, card, "setup_future_usage", target, usages, true)?;
    for (member, limit) in [
        ("statement_descriptor_suffix_kana", 22),
        ("statement_descriptor_suffix_kanji", 17),
    ] {
        let text = match target {
            OptionsTarget::Session => card.text(member, limit)?.map(Value::String),
            OptionsTarget::Intent | OptionsTarget::Setup => card.clearable_text(member, limit)?,
        };
        read.extend(text.map(|text| (member.to_owned(), text)));
    }
    if target == OptionsTarget::Session
        && let Some(restrictions) = card.object("restrictions")?
    {
        read.insert("restrictions".to_owned(), restricted(restrictions)?);
    }
    Ok(read)
}

fn us_bank_account(
    account: &mut Params,
    target: OptionsTarget,
    now: i64,
) -> Result<Map<String, Value>, ApiError> {
    let mut read = debit(account, target, now)?;
    account.refuse_unsupported(&["mandate_options", "networks", "transaction_purpose"])?;
    let methods = ["automatic", "instant"];
    keep(
        &mut read,
        account,
        "verification_method",
        target,
        &methods,
        false,
    )?;
    if let Some(mut connections) = account.object("financial_connections")? {
        connections.refuse_unsupported(&["filters", "prefetch", "return_url"])?;
        let permissions = connections.texts("permissions")?;
        connections.finish()?;
        if let Some((param, other)) = permissions.iter().find(|(_, one)| one != "payment_method") {
            let message = format!(
                "This sandbox has no Financial Connections, so the only permission is payment_method, and not {other}."
            );
            return Err(ApiError::parameter(param, message));
        }
        let permissions: Vec<&str> = permissions.iter().map(|(_, one)| one.as_str()).collect();
        let connections = json!({ "permissions": permissions, "prefetch": null });
        read.insert("financial_connections".to_owned(), connections);
    }
    Ok(read)
}

fn sepa_debit(
    account: &mut Params,
    target: OptionsTarget,
    now: i64,
) -> Result<Map<String, Value>, ApiError> {
    account.refuse_unsupported(&["mandate_options"])?;
    debit(account, target, now)
}

const REQUESTS: &[&str] = &["any", "automatic", "challenge"];

const USAGES: &[&str] = &["none", "off_session", "on_session"];

/// The parameters of any bank account.
fn debit(
    account: &mut Params,
    target: OptionsTarget,
    now: i64,
) -> Result<Map<String, Value>, ApiError> {
    let mut read = Map::new();
    if target == OptionsTarget::Setup {
        return Ok(read);
    }
    keep(
        &mut read,
        account,
        "setup_future_usage",
        target,
        USAGES,
        true,
    )?;
    let param = account.name("target_date");
    if let Some(date) = account.text("target_date", 10)? {
        let today = now - now.rem_euclid(DAY);
        let ahead = midnight(&date).map(|day| (day - today) / DAY);
        if !ahead.is_some_and(|days| DAYS_AHEAD.contains(&days)) {
            let message = format!(
                "Invalid target_date: {date}. It must be a date as YYYY-MM-DD, from {} to {} days from now.",
                DAYS_AHEAD.start(),
                DAYS_AHEAD.end()
            );
            return Err(ApiError::parameter(param, message));
        }
        read.insert("target_date".to_owned(), date.into());
    }
    Ok(read)
}

/// Which cards the pay page is not to take.
fn restricted(mut given: Params) -> Result<Value, ApiError> {
    let brands = [
        "american_express",
        "discover_global_network",
        "mastercard",
        "visa",
    ];
    let fundings = ["credit", "debit", "prepaid"];
    let mut restrictions = json!({});
    for (member, choices) in [
        ("brands_blocked", &brands[..]),
        ("funding_types_blocked", &fundings[..]),
    ] {
        let given = given.choices(member, choices)?;
        if !given.is_empty() {
            restrictions[member] = given.into();
        }
    }
    given.finish()?;
    Ok(restrictions)
}

/// Keeps one of a closed set of texts; on a payment intent an empty one takes it away where that is
/// possible.
fn keep(
    read: &mut Map<String, Value>,
    params: &mut Params,
    member: &str,
    target: OptionsTarget,
    choices: &[&str],
    clearable: bool,
) -> Result<(), ApiError> {
    let value = match clearable && target == OptionsTarget::Intent && params.clears(member) {
        true => Some(Value::Null),
        false => params.choice(member, choices)?.map(Value::String),
    };
    read.extend(value.map(|value| (member.to_owned(), value)));
    Ok(())
}
