//! The order summary: the lines, the discount and the sums, beside the form or folded above it on a
//! phone.

use super::items::{Item, picture};
use super::view::View;
use super::{fields, quantities};
use crate::checkout::{SummaryDiscount, SummaryLine};
use crate::currency::Currency;
use crate::pages::{brand, escape};

/// The order. On a narrow screen its details are folded away, so that the form is near.
pub(super) fn render(view: &View<'_>) -> String {
    let order = view.order;
    let lines: String = order.lines.iter().map(|item| line(view, item)).collect();
    let back = match view.session.text("cancel_url") {
        "" => String::new(),
        url => format!(
            "<a class=\"back\" href=\"{}\"><span aria-hidden=\"true\">←</span> Back to {}</a>\n",
            escape(url),
            escape(&view.shop())
        ),
    };
    let pieces = match order.lines.len() {
        1 => "1 item".to_owned(),
        count => format!("{count} items"),
    };
    let is_about_code = [fields::PROMOTION_CODE.name, REMOVE_CODE]
        .into_iter()
        .any(|id| view.fields().is_about(id));
    let open = match is_about_code || quantities::is_offered(order) {
        true => " open",
        false => "",
    };
    format!(
        "<section class=\"summary\" aria-labelledby=\"summary-title\">\n<div>\n\
         {back}<h1 id=\"summary-title\">{}{}</h1>\n\
         <p class=\"total\">{}</p>\n\
         <details class=\"order\"{open}>\n<summary>Order details <span class=\"pieces\">{pieces}</span></summary>\n\
         <ul class=\"lines\">\n{lines}</ul>\n{}{}\
         <dl class=\"sums\">\n{}</dl>\n\
         </details>\n</div>\n</section>\n",
        picture(brand::icon(view.session), 24),
        escape(&view.title()),
        order.currency.format(order.total),
        quantities::render(view),
        promotion_code(view),
        sums(view)
    )
}

/// The id of the button that takes a promotion code away.
const REMOVE_CODE: &str = "removeCode";

fn line(view: &View<'_>, line: &SummaryLine) -> String {
    Item {
        name: &line.name,
        description: line.description.as_deref(),
        image: line.image.as_deref(),
        more: quantities::quantity(view, line),
        amount: view.order.currency.format(line.subtotal),
        end: String::new(),
    }
    .render()
}

/// The field for a code, where one is taken and none is used.
fn promotion_code(view: &View<'_>) -> String {
    if !view.order.takes_promotion_code || view.order.discount.is_some() {
        return String::new();
    }
    let button = "<button class=\"button quiet\" name=\"action\" value=\"apply\">Apply</button>\n";
    let code = &view.typed.promotion_code;
    format!(
        "<div class=\"promotion\">\n{}</div>\n",
        view.fields()
            .with_button(fields::PROMOTION_CODE, code, button)
    )
}

fn sums(view: &View<'_>) -> String {
    let order = view.order;
    let amount = |amount: i64| order.currency.format(amount);
    let mut rows = row("", "Subtotal", &amount(order.subtotal));
    if let Some(discount) = &order.discount {
        rows += &row(
            "",
            &discount_label(view, discount),
            &amount(-discount.amount),
        );
    }
    if let Some(option) = order.shipping.iter().find(|option| option.chosen) {
        let label = format!("Shipping <small>{}</small>", escape(&option.name));
        rows += &row("", &label, &price(option.amount, order.currency));
    }
    rows + &row(" class=\"due\"", "Total due", &amount(order.total))
}

/// An amount that may be nothing.
pub(super) fn price(amount: i64, currency: Currency) -> String {
    match amount {
        0 => "Free".to_owned(),
        _ => currency.format(amount),
    }
}

fn discount_label(view: &View<'_>, discount: &SummaryDiscount) -> String {
    let name = escape(&discount.name);
    let Some(code) = &discount.code else {
        return format!("Discount <small>{name}</small>");
    };
    let code = escape(code);
    let remove = if discount.removable {
        format!(
            " <button class=\"link\" id=\"{REMOVE_CODE}\" name=\"action\" value=\"remove\" \
             aria-label=\"Remove promotion code {code}\"{}>Remove</button>",
            view.fields().focus(REMOVE_CODE)
        )
    } else {
        String::new()
    };
    format!("<span class=\"code\">{code}</span>{remove} <small>{name}</small>")
}

fn row(class: &str, label: &str, amount: &str) -> String {
    format!("<div{class}><dt>{label}</dt><dd>{amount}</dd></div>\n")
}
