use domain::cart::PricedLine;
use domain::pricing::Quote;
use leptos::prelude::*;
use shop::checkout::QuotedCheckout;
use text::{Breakdown, RowKind};

use super::form::CheckoutForm;
use super::problems::{Problems, Target};
use crate::request;

/// The summary: goods, discount code, amounts, and the button that pays them.
pub(super) fn view(form: &CheckoutForm, quoted: &QuotedCheckout, problems: &Problems) -> AnyView {
    let text = request::text().checkout();
    let lines = quoted.cart.lines.iter().filter(|line| line.quantity > 0);
    let lines: Vec<_> = lines.map(line).collect();
    view! {
        <section class="summary checkout-summary" aria-labelledby="summary">
            <h2 id="summary">{text.summary()}</h2>
            <ul>{lines}</ul>
            <div data-part="code">{code(form, problems)}</div>
            {totals(quoted, problems)}
        </section>
    }
    .into_any()
}

fn line(line: &PricedLine) -> impl IntoView + use<> {
    let text = request::text().checkout();
    view! {
        <li class="summary-line">
            <img src=line.image.clone() alt="" width="48" height="60"/>
            <div class="summary-line-what">
                <span class="line-title" dir="auto">{line.title.clone()}</span>
                <span class="line-options" dir="auto">{line.options.clone()}</span>
                <span class="line-options">{text.pieces(line.quantity)}</span>
            </div>
            <span class="amount" translate="no">{line.total.to_string()}</span>
        </li>
    }
}

fn code(form: &CheckoutForm, problems: &Problems) -> AnyView {
    let text = request::text().checkout();
    let problem = problems.of(Target::Code).map(ToOwned::to_owned);
    let is_invalid = problem.is_some();
    view! {
        <div class="code-field">
            <div class="field">
                <label for="code">{text.code()}</label>
                <input
                    id="code"
                    name="code"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    maxlength="80"
                    aria-invalid=is_invalid.then_some("true")
                    aria-describedby=is_invalid.then_some("code-problem")
                    value=form.code.clone()
                />
            </div>
            <button id="apply" class="button is-quiet" name="action" value="update">{text.apply()}</button>
        </div>
        {problem.map(|problem| view! { <p class="field-problem" id="code-problem">{problem}</p> })}
    }
    .into_any()
}

fn totals(quoted: &QuotedCheckout, problems: &Problems) -> AnyView {
    let text = request::text().checkout();
    let quote = &quoted.quote;
    let total = quote.total;
    let is_complete = !quoted.needs_delivery || quote.shipping.is_some();
    let problem = problems.of(Target::Total).map(ToOwned::to_owned);
    let described = problem.is_some().then_some("pay-problem");
    let (action, label) = if is_complete {
        ("pay", text.pay(total))
    } else {
        ("update", text.see_total().to_owned())
    };
    let hint = (total.amount() > 0).then(|| {
        let hint = request::text().cart().paid_at_stripe();
        view! { <p class="hint">{hint}</p> }
    });
    view! {
        <div data-part="totals" data-total=total.amount().to_string()>
            <dl class="summary-rows">
                {rows(quote, (!is_complete).then(|| text.total_so_far()))}
            </dl>
            {problem.map(|problem| view! { <p class="field-problem" id="pay-problem">{problem}</p> })}
            <input type="hidden" name="total" value=total.amount().to_string()/>
            <button id="pay" class="button is-wide" name="action" value=action aria-describedby=described>{label}</button>
            {hint}
        </div>
    }
    .into_any()
}

/// The rows that say how the total comes about; `total_label` is said instead of its own name.
fn rows(quote: &Quote, total_label: Option<&'static str>) -> impl IntoView + use<> {
    let rows = request::text().breakdown().rows(&breakdown(quote));
    rows.into_iter()
        .map(|row| {
            let is_total = row.kind == RowKind::Total;
            let label = match total_label {
                Some(label) if is_total => label.to_owned(),
                _ => row.label,
            };
            let class = match row.kind {
                RowKind::Part => "summary-part",
                RowKind::Total => "summary-total",
                RowKind::Note => "summary-note",
            };
            let id = is_total.then_some("checkout-total");
            let amount = row.amount.map(|amount| {
                view! { " "<dd class="amount" id=id translate="no">{amount}</dd> }
            });
            view! { <div class=class><dt dir="auto">{label}</dt>{amount}</div> }
        })
        .collect_view()
}

fn breakdown(quote: &Quote) -> Breakdown<'_> {
    Breakdown {
        subtotal: quote.subtotal,
        discounts: &quote.discounts,
        shipping: quote.shipping.as_ref(),
        taxes: &quote.taxes,
        prices_include_tax: quote.prices_include_tax,
        tax_relief: quote.tax_relief,
        exemption: quote.exemption,
        total: quote.total,
    }
}
