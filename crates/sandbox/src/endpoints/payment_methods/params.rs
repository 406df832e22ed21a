//! The parameters that describe a payment method: a card by its number or a token, or a bank
//! account.

use serde_json::Value;

use crate::cards::{self, CardForm, FieldError};
use crate::clock::Clock;
use crate::debits::{self, Scheme};
use crate::http::params::Params;
use crate::http::{ApiError, address_params};
use crate::objects::PaymentMethod;
use crate::objects::checkout_session::Shopper;
use crate::objects::payment_method::{self, Instrument};

/// Reads a whole payment method, which is not stored yet.
pub(crate) fn read(mut params: Params, clock: &Clock) -> Result<PaymentMethod, ApiError> {
    params.refuse_unsupported(&["radar_options"])?;
    let types = ["card", "us_bank_account", "sepa_debit"];
    let kind = params
        .choice("type", &types)?
        .ok_or_else(|| ApiError::missing(&params.name("type")))?;
    let details = params
        .object(&kind)?
        .ok_or_else(|| ApiError::missing(&params.name(&kind)))?;
    let instrument = match Scheme::find(&kind) {
        None => card(details, clock)?,
        Some(Scheme::UsBankAccount) => us_bank_account(details)?,
        Some(Scheme::SepaDebit) => sepa_debit(details)?,
    };
    let mut method = PaymentMethod::create(&instrument, &Shopper::default(), clock.now());
    update(&mut params, &mut method)?;
    params.finish()?;
    if matches!(instrument, Instrument::Debit(_)) && method.get("billing_details")["name"].is_null()
    {
        return Err(ApiError::missing("billing_details[name]"));
    }
    Ok(method)
}

/// Reads what can be changed of a payment method of any kind.
pub(crate) fn update(params: &mut Params, method: &mut PaymentMethod) -> Result<(), ApiError> {
    if let Some(metadata) = params.metadata_over("metadata", method.get("metadata"))? {
        method.set("metadata", metadata);
    }
    if let Some(redisplay) =
        params.choice("allow_redisplay", &["always", "limited", "unspecified"])?
    {
        method.set("allow_redisplay", redisplay);
    }
    if let Some(mut given) = params.object("billing_details")? {
        let mut details = method.get("billing_details").clone();
        for (member, limit) in [
            ("email", 512),
            ("name", 5000),
            ("phone", 5000),
            ("tax_id", 5000),
        ] {
            if let Some(text) = given.clearable_text(member, limit)? {
                details[member] = text;
            }
        }
        if let Some(address) = address_params::address(&mut given, "address")? {
            details["address"] = match address {
                Value::Null => payment_method::no_address(),
                address => address,
            };
        }
        given.finish()?;
        method.set("billing_details", details);
    }
    Ok(())
}

/// Changes the expiry of a card.
pub(crate) fn update_card(params: &mut Params, method: &mut PaymentMethod) -> Result<(), ApiError> {
    let Some(mut card) = params.object("card")? else {
        return Ok(());
    };
    for (member, most) in [("exp_month", 12), ("exp_year", 2100)] {
        if let Some(number) = card.integer_from(member, 1)? {
            if number > most {
                let code = format!("invalid_{}", member.replace("exp", "expiry"));
                let message = format!("Your card's expiration {} is invalid.", &member[4..]);
                return Err(ApiError::card(&code, None, Some(member), &message));
            }
            method.set_in("card", &format!("/{member}"), number);
        }
    }
    card.finish()
}

fn card(mut card: Params, clock: &Clock) -> Result<Instrument, ApiError> {
    if let Some(token) = card.text("token", 5000)? {
        card.finish()?;
        return token_card(&token).ok_or_else(|| {
            if token.starts_with("tok_") {
                let message = format!("No such token: '{token}'");
                ApiError::parameter("token", message).code("resource_missing")
            } else {
                ApiError::parameter("token", format!("Invalid token id: {token}"))
            }
        });
    }
    card.refuse_unsupported(&["networks"])?;
    let number = card.required_text("number", 50)?;
    let month = card
        .integer("exp_month")?
        .ok_or_else(|| ApiError::missing(&card.name("exp_month")))?;
    let year = card
        .integer("exp_year")?
        .ok_or_else(|| ApiError::missing(&card.name("exp_year")))?;
    // Stripe takes a card without its code; then nothing is checked.
    let cvc = card.text("cvc", 10)?;
    card.finish()?;
    let assumed = if cards::Brand::of_number(&number).cvc_length() == 4 {
        "0000"
    } else {
        "000"
    };
    let form = CardForm {
        number: &number,
        expiry: &format!("{month:02}/{year:02}"),
        cvc: cvc.as_deref().unwrap_or(assumed),
    };
    let read = cards::read(form, clock.month()).map_err(|errors| refusal(&errors))?;
    Ok(Instrument::Card(read))
}

fn token_card(token: &str) -> Option<Instrument> {
    token
        .starts_with("tok_")
        .then(|| Instrument::of_token(token))
        .flatten()
}

fn us_bank_account(mut account: Params) -> Result<Instrument, ApiError> {
    account.refuse_unsupported(&["financial_connections_account"])?;
    account.choice("account_holder_type", &["individual"])?;
    account.choice("account_type", &["checking"])?;
    let routing = account.required_text("routing_number", 20)?;
    let number = account.required_text("account_number", 40)?;
    account.finish()?;
    let read = debits::read_us(&routing, &number).map_err(|errors| invalid(&errors))?;
    Ok(Instrument::Debit(read))
}

fn sepa_debit(mut account: Params) -> Result<Instrument, ApiError> {
    let iban = account.required_text("iban", 50)?;
    account.finish()?;
    let read = debits::read_sepa(&iban).map_err(|errors| invalid(&errors))?;
    Ok(Instrument::Debit(read))
}

/// The first thing that is wrong with a card, with the API's name of the field.
fn refusal(errors: &[FieldError]) -> ApiError {
    errors.first().map_or_else(
        || ApiError::invalid("Your card is invalid."),
        |error| {
            let param = match (error.field.as_ref(), error.code.as_str()) {
                ("cardNumber", _) => "number",
                ("cardCvc", _) => "cvc",
                (_, "invalid_expiry_year") => "exp_year",
                _ => "exp_month",
            };
            ApiError::card(&error.code, None, Some(param), &error.message)
        },
    )
}

fn invalid(errors: &[FieldError]) -> ApiError {
    errors.first().map_or_else(
        || ApiError::invalid("This bank account is invalid."),
        |error| {
            let param = match error.field.as_ref() {
                "iban" => "sepa_debit[iban]",
                "routingNumber" => "us_bank_account[routing_number]",
                _ => "us_bank_account[account_number]",
            };
            ApiError::parameter(param, error.message.clone())
        },
    )
}
