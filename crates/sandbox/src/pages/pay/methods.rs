//! The part of the pay page that asks what to pay with: a card, or a bank account that is debited.

use super::fields::{self, BILLING};
use super::view::View;
use crate::cards::{FieldError, HELPERS as CARDS};
use crate::debits::{HELPERS as ACCOUNTS, Scheme};
use crate::objects::payment_method::Instrument;
use crate::objects::{CheckoutSession, payment_method_options};
use crate::pages::escape;

/// The choice, where there is one, and the fields of each kind. Without `:has()` all fields are
/// shown; what counts is the choice.
pub(super) fn render(view: &View<'_>) -> String {
    let requested = view.requested;
    match (requested.card, requested.debit) {
        (true, Some(scheme)) => choice(view, scheme) + &card(view) + &debit(view, scheme),
        (true, None) => card(view),
        (false, Some(scheme)) => debit(view, scheme),
        (false, None) => String::new(),
    }
}

/// That the merchant does not take such a card, if it does not.
pub(super) fn refused(session: &CheckoutSession, instrument: &Instrument) -> Option<FieldError> {
    let Instrument::Card(card) = instrument else {
        return None;
    };
    let message = payment_method_options::refusal(session, card)?;
    Some(FieldError::new(
        "cardNumber",
        "card_not_supported",
        &message,
    ))
}

fn choice(view: &View<'_>, scheme: Scheme) -> String {
    let by_debit = view.typed.method == scheme.name();
    let option = |value: &str, label: &str, checked: bool| {
        let checked = if checked { " checked" } else { "" };
        format!(
            "<label><input type=\"radio\" name=\"paymentMethod\" value=\"{value}\"{checked}> {label}</label>\n"
        )
    };
    format!(
        "<fieldset class=\"methods\">\n<legend>Payment method</legend>\n{}{}</fieldset>\n",
        option("card", "Card", !by_debit),
        option(scheme.name(), scheme.label(), by_debit),
    )
}

fn card(view: &View<'_>) -> String {
    let (fields, typed) = (view.fields(), view.typed);
    let rows = CARDS
        .iter()
        .map(|(number, outcome)| helper("card", number, outcome));
    // A billing address asks for its country itself.
    let country = if view.requested.address || view.is_shipped() {
        String::new()
    } else {
        typed.billing.render_country(fields, &BILLING, &[])
    };
    let inside = [
        fields.input(fields::CARD_NUMBER, &typed.card_number),
        "<div class=\"pair\">\n".to_owned(),
        fields.input(fields::CARD_EXPIRY, &typed.card_expiry),
        fields.input(fields::CARD_CVC, &typed.card_cvc),
        "</div>\n".to_owned(),
        fields.input(fields::CARD_NAME, &typed.name),
        country,
        helpers("Test cards", rows, "With any future date and any CVC."),
    ];
    format!(
        "<fieldset class=\"by-card\">\n<legend>Card</legend>\n{}</fieldset>\n",
        inside.concat()
    )
}

fn debit(view: &View<'_>, scheme: Scheme) -> String {
    let (fields, typed) = (view.fields(), view.typed);
    let account = match scheme {
        Scheme::UsBankAccount => {
            fields.input(fields::ROUTING_NUMBER, &typed.routing_number)
                + &fields.input(fields::ACCOUNT_NUMBER, &typed.account_number)
        }
        Scheme::SepaDebit => fields.input(fields::IBAN, &typed.iban),
    };
    let rows = ACCOUNTS
        .iter()
        .filter(|(of, ..)| *of == scheme)
        .map(|(_, number, outcome)| helper("account", number, outcome));
    let note = match scheme {
        Scheme::UsBankAccount => "With the routing number 110000000. Later is a minute from now.",
        Scheme::SepaDebit => "Later is a minute from now.",
    };
    format!(
        "<fieldset class=\"by-debit\">\n<legend>{}</legend>\n{account}{}{}\
         <p class=\"fine\">You allow {} to debit this account. The money takes a while; the order is confirmed \
         once it has come.</p>\n</fieldset>\n",
        scheme.label(),
        fields.input(fields::ACCOUNT_HOLDER, &typed.account_holder),
        helpers("Test accounts", rows, note),
        escape(&view.shop()),
    )
}

/// The numbers to try. Without JavaScript they are there to copy; with it, each becomes a button
/// that fills the form.
fn helpers(title: &str, rows: impl Iterator<Item = String>, note: &str) -> String {
    let rows: String = rows.collect();
    format!(
        "<details class=\"cards\">\n<summary>{title}</summary>\n<ul>\n{rows}</ul>\n<p>{note}</p>\n</details>\n"
    )
}

fn helper(kind: &str, number: &str, outcome: &str) -> String {
    format!("<li data-{kind}=\"{number}\"><code>{number}</code> <span>{outcome}</span></li>\n")
}
