//! The pieces that the pages are made of. Everything here takes text and gives HTML, unless it says
//! otherwise.

use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::currency::money;
use crate::objects::Object;
use crate::pages::escape;

/// The beginnings of ids whose objects have a page.
const PREFIXES: [&str; 18] = [
    "pi_", "ch_", "py_", "cs_", "re_", "du_", "evt_", "cus_", "we_", "pm_", "prod_", "price_",
    "promo_", "shr_", "in_", "inpay_", "seti_", "setatt_",
];

/// The longest part of an id that is shown in a table.
const ID_SHOWN: usize = 14;

/// A table of rows of cells; cells and rows are HTML.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return "<p class=\"empty\">Nothing yet.</p>".to_owned();
    }
    let label = heads.first().copied().unwrap_or_default();
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    let rows: String = rows
        .iter()
        .map(|cells| {
            let cells: String = cells
                .iter()
                .map(|cell| format!("<td>{cell}</td>"))
                .collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label} table\"><table>\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>"
    )
}

/// Names and values; the values are HTML, and empty ones are left out.
pub(super) fn facts(facts: &[(&str, String)]) -> String {
    let rows: String = facts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
        .collect();
    format!("<dl class=\"facts\">\n{rows}</dl>")
}

/// A part of a page; `content` is HTML.
pub(super) fn section(title: &str, content: &str) -> String {
    format!(
        "<section>\n<h2>{}</h2>\n{content}\n</section>\n",
        escape(title)
    )
}

/// A form with one button; `fields` is HTML.
pub(super) fn form(action: &str, fields: &str, button: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{}\" class=\"action\">{fields}<button>{}</button></form>\n",
        escape(action),
        escape(button)
    )
}

/// Something that is sent along with a form.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        escape(name),
        escape(value)
    )
}

/// A choice with its label.
pub(super) fn select(name: &str, label: &str, choices: &[&str]) -> String {
    let options: String = choices
        .iter()
        .map(|choice| {
            format!(
                "<option value=\"{0}\">{1}</option>",
                escape(choice),
                match *choice {
                    "" => "none".to_owned(),
                    choice => escape(&spaced(choice)),
                }
            )
        })
        .collect();
    format!("<label>{label} <select name=\"{name}\">{options}</select></label>")
}

/// A state with a color of its own.
pub(super) fn tag(state: &str) -> String {
    format!(
        "<span class=\"tag {}\">{}</span>",
        escape(state),
        escape(&spaced(state))
    )
}

/// An id, shortened in the middle of a table, and a link if its object has a page.
pub(super) fn id(id: &str) -> String {
    link(id, ID_SHOWN)
}

/// A whole id, and a link if its object has a page.
pub(super) fn whole_id(id: &str) -> String {
    link(id, usize::MAX)
}

/// A Unix second as a date and time in UTC.
pub(super) fn time(seconds: i64) -> String {
    let shape = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(shape).ok())
        .map_or_else(
            || seconds.to_string(),
            |text| format!("<time datetime=\"{text}Z\">{text}</time>"),
        )
}

/// JSON, indented.
pub(super) fn json(value: &Value) -> String {
    code(&format!("{value:#}"))
}

/// Text with a fixed width.
pub(super) fn code(text: &str) -> String {
    format!("<pre tabindex=\"0\">{}</pre>", escape(text))
}

/// A member that is an amount in the object's currency.
pub(super) fn amount(object: &Object, member: &str) -> String {
    money(object.integer(member), object.text("currency"))
}

/// `payment_failed` as `payment failed`.
pub(super) fn spaced(text: &str) -> String {
    text.replace('_', " ")
}

fn link(id: &str, shown: usize) -> String {
    let short: String = id.chars().take(shown).collect();
    let dots = if short.len() < id.len() { "…" } else { "" };
    let id = escape(id);
    let code = format!("<code title=\"{id}\">{}{dots}</code>", escape(&short));
    if PREFIXES.iter().any(|prefix| id.starts_with(prefix)) {
        format!("<a href=\"/objects/{id}\">{code}</a>")
    } else {
        code
    }
}
