//! How many of each line the shopper takes, and what can be added to the order.

use super::view::View;
use crate::checkout::{OptionalItem, Summary, SummaryLine};
use crate::forms::Form;
use crate::pages::escape;

/// The name under which what is wrong with a quantity is told.
pub(super) const QUANTITIES: &str = "quantities";

/// What was typed and pressed.
#[derive(Debug, Default)]
pub(super) struct Quantities {
    /// For lines whose quantity can be adjusted, by their ids.
    pub(super) lines: Vec<(String, String)>,
    /// For optional items, by the ids of their prices: how many are to be in the order.
    pub(super) optional: Option<(String, i64)>,
}

impl Quantities {
    pub(super) fn read(form: &Form, order: &Summary) -> Self {
        let adjustable = order.lines.iter().filter(|line| line.bounds.is_some());
        let typed = |line: &SummaryLine| {
            let text = form.text(&field(line));
            (!text.is_empty()).then(|| (line.id.clone(), text.to_owned()))
        };
        let named = |button: &str| {
            let price = form.text(button);
            order.optional.iter().find(|item| item.price == price)
        };
        let added = named("addItem").map(|item| (item.price.clone(), item.quantity));
        let left_out = named("leaveOutItem").map(|item| (item.price.clone(), 0));
        Self {
            lines: adjustable.filter_map(typed).collect(),
            optional: added.or(left_out),
        }
    }
}

/// Whether one of the buttons of an optional item was pressed.
pub(super) fn is_pressed(form: &Form) -> bool {
    ["addItem", "leaveOutItem"]
        .iter()
        .any(|button| !form.text(button).is_empty())
}

/// Whether there is something to adjust or to add.
pub(super) fn is_offered(order: &Summary) -> bool {
    is_adjustable(order) || !order.optional.is_empty()
}

/// `Qty 3`, or a field for it.
pub(super) fn quantity(line: &SummaryLine) -> String {
    match line.bounds {
        None => format!("Qty {}", line.quantity),
        Some([least, most]) => format!(
            "<label>Qty <input class=\"count\" type=\"number\" inputmode=\"numeric\" name=\"{}\" value=\"{}\" min=\"{least}\" \
             max=\"{most}\"></label>",
            escape(&field(line)),
            line.quantity
        ),
    }
}

/// The button that follows changed quantities, and the items that can be added.
pub(super) fn render(view: &View<'_>) -> String {
    let order = view.order;
    let error = view
        .errors
        .iter()
        .filter(|error| error.field == QUANTITIES)
        .map(|error| {
            format!(
                "<p class=\"error\" id=\"{QUANTITIES}-error\">{}</p>\n",
                escape(&error.message)
            )
        });
    let mut html: String = error.collect();
    if is_adjustable(order) {
        html += "<p><button class=\"link\" name=\"action\" value=\"update\">Update quantities</button></p>\n";
    }
    if !order.optional.is_empty() {
        let items: String = order
            .optional
            .iter()
            .map(|item| optional(view, item))
            .collect();
        html += &format!("<h2>Add to your order</h2>\n<ul class=\"lines\">\n{items}</ul>\n");
    }
    html
}

fn optional(view: &View<'_>, item: &OptionalItem) -> String {
    let name = escape(&item.name);
    let (button, label, verb) = match item.line {
        None => ("addItem", "Add", "Add"),
        Some(_) => ("leaveOutItem", "Remove", "Remove"),
    };
    let description = item.description.as_ref().map_or_else(String::new, |text| {
        format!("<span class=\"description\">{}</span>\n", escape(text))
    });
    let count = match item.quantity {
        1 => String::new(),
        count => format!("<span class=\"quantity\">Qty {count}</span>\n"),
    };
    format!(
        "<li>\n<span class=\"what\"><span class=\"name\">{name}</span>\n{description}{count}</span>\n\
         <span class=\"amount\">{}</span>\n\
         <button class=\"link\" name=\"{button}\" value=\"{}\" aria-label=\"{verb} {name}\">{label}</button>\n</li>\n",
        view.order
            .currency
            .format(item.unit_amount.saturating_mul(item.quantity)),
        escape(&item.price)
    )
}

fn is_adjustable(order: &Summary) -> bool {
    order.lines.iter().any(|line| line.bounds.is_some())
}

fn field(line: &SummaryLine) -> String {
    format!("quantity_{}", line.id)
}
