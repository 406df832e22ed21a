//! The part of the pay page that asks what to pay with: a card, or a bank account that is debited.

use super::pay_view::{Field, View};
use crate::cards::HELPERS as CARDS;
use crate::debits::{HELPERS as ACCOUNTS, Scheme};

/// The choice, where there is one, and the fields of each kind. Without `:has()` all fields are shown; what counts is
/// the choice.
pub(super) fn render(view: &View<'_>) -> String {
    let asked = view.asked;
    match (asked.card, asked.debit) {
        (true, Some(scheme)) => choice(view, scheme) + &card(view) + &debit(view, scheme),
        (true, None) => card(view),
        (false, Some(scheme)) => debit(view, scheme),
        (false, None) => String::new(),
    }
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
    let typed = view.typed;
    let number = Field {
        value: &typed.card_number,
        placeholder: "1234 1234 1234 1234",
        ..Field::new("cardNumber", "Card number", "card", "cc-number")
    };
    let expiry = Field {
        value: &typed.card_expiry,
        placeholder: "MM / YY",
        ..Field::new("cardExpiry", "Expiration", "card", "cc-exp")
    };
    let cvc = Field {
        value: &typed.card_cvc,
        placeholder: "CVC",
        ..Field::new("cardCvc", "CVC", "card", "cc-csc")
    };
    let name = Field {
        value: &typed.name,
        placeholder: "Full name on card",
        ..Field::new("billingName", "Name on card", "text", "cc-name")
    };
    let rows = CARDS
        .iter()
        .map(|(number, outcome)| helper("card", number, outcome));
    format!(
        "<fieldset class=\"by-card\">\n<legend>Card</legend>\n{}<div class=\"pair\">\n{}{}</div>\n{}{}</fieldset>\n",
        view.field(&number),
        view.field(&expiry),
        view.field(&cvc),
        view.field(&name),
        helpers("Test cards", rows, "With any future date and any CVC."),
    )
}

fn debit(view: &View<'_>, scheme: Scheme) -> String {
    let typed = view.typed;
    let name = Field {
        value: &typed.account_holder,
        ..Field::new("accountHolderName", "Account holder", "text", "name")
    };
    let fields = match scheme {
        Scheme::UsBankAccount => {
            let routing = Field {
                value: &typed.routing_number,
                placeholder: "110000000",
                ..Field::new("routingNumber", "Routing number", "card", "off")
            };
            let account = Field {
                value: &typed.account_number,
                placeholder: "000123456789",
                ..Field::new("accountNumber", "Account number", "card", "off")
            };
            view.field(&routing) + &view.field(&account)
        }
        Scheme::SepaDebit => view.field(&Field {
            value: &typed.iban,
            placeholder: "DE00 0000 0000 0000 0000 00",
            ..Field::new("iban", "IBAN", "text", "off")
        }),
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
        "<fieldset class=\"by-debit\">\n<legend>{}</legend>\n{fields}{}{}\
         <p class=\"fine\">You allow the shop to debit this account. The money takes a while; the order is confirmed \
         once it has come.</p>\n</fieldset>\n",
        scheme.label(),
        view.field(&name),
        helpers("Test accounts", rows, note),
    )
}

/// The numbers to try. Without JavaScript they are there to copy; with it, each becomes a button that fills the form.
fn helpers(title: &str, rows: impl Iterator<Item = String>, note: &str) -> String {
    let rows: String = rows.collect();
    format!(
        "<details class=\"cards\">\n<summary>{title}</summary>\n<ul>\n{rows}</ul>\n<p>{note}</p>\n</details>\n"
    )
}

fn helper(kind: &str, number: &str, outcome: &str) -> String {
    format!("<li><code data-{kind}=\"{number}\">{number}</code> <span>{outcome}</span></li>\n")
}
