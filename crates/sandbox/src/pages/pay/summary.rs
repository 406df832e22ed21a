//! What is bought: the lines and the sums, beside the form or folded above it on a phone.

use serde_json::Value;

use super::view::View;
use crate::objects::Object;
use crate::pages::{escape, host, money};

/// The order. On a narrow screen its details are folded away, so that the form is near.
pub(super) fn render(view: &View<'_>) -> String {
    let session = view.session;
    let currency = session.text("currency");
    let total = money(session.integer("amount_total"), currency);
    let lines: String = view
        .lines
        .iter()
        .map(|(item, product)| line(item, product.as_ref(), currency))
        .collect();
    let back = match session.text("cancel_url") {
        "" => String::new(),
        url => format!(
            "<a class=\"back\" href=\"{}\"><span aria-hidden=\"true\">←</span> Back to {}</a>\n",
            escape(url),
            escape(host(url))
        ),
    };
    let title = escape(&view.title());
    let pieces = match view.lines.len() {
        1 => "1 item".to_owned(),
        count => format!("{count} items"),
    };
    format!(
        "<section class=\"summary\" aria-labelledby=\"summary-title\">\n\
         {back}<h1 id=\"summary-title\">{title}</h1>\n\
         <p class=\"total\">{total}</p>\n\
         <details class=\"order\">\n<summary>Order details <span class=\"pieces\">{pieces}</span></summary>\n\
         <ul class=\"lines\">\n{lines}</ul>\n\
         <dl class=\"sums\">\n{}</dl>\n\
         </details>\n</section>\n",
        sums(session)
    )
}

fn line(item: &Value, product: Option<&Object>, currency: &str) -> String {
    let name = escape(item["description"].as_str().unwrap_or_default());
    let quantity = item["quantity"].as_i64().unwrap_or(1);
    let amount = money(item["amount_subtotal"].as_i64().unwrap_or(0), currency);
    let each = money(item["price"]["unit_amount"].as_i64().unwrap_or(0), currency);
    let each = if quantity > 1 {
        format!(" · {each} each")
    } else {
        String::new()
    };
    let image = product
        .and_then(|product| product.get("images")[0].as_str())
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
        .map_or_else(String::new, |url| {
            format!(
                "<img src=\"{}\" alt=\"\" width=\"56\" height=\"56\" decoding=\"async\">\n",
                escape(url)
            )
        });
    let description = match product.map(|product| product.text("description")) {
        None | Some("") => String::new(),
        Some(text) => format!("<span class=\"description\">{}</span>\n", escape(text)),
    };
    format!(
        "<li>\n{image}<span class=\"what\"><span class=\"name\">{name}</span>\n\
         {description}<span class=\"quantity\">Qty {quantity}{each}</span></span>\n\
         <span class=\"amount\">{amount}</span>\n</li>\n"
    )
}

fn sums(session: &Object) -> String {
    let currency = session.text("currency");
    let row = |class: &str, label: &str, amount: i64| {
        format!(
            "<div{class}><dt>{label}</dt><dd>{}</dd></div>\n",
            money(amount, currency)
        )
    };
    row("", "Subtotal", session.integer("amount_subtotal"))
        + &row(
            " class=\"due\"",
            "Total due",
            session.integer("amount_total"),
        )
}
