//! Quantities of the lines, and items that can be added to the order.

use super::items::Item;
use super::view::View;
use crate::checkout::{OptionalItem, Summary, SummaryLine};
use crate::forms::Form;
use crate::pages::escape;

/// The id of the button that prices the order with other quantities.
pub(super) const UPDATE: &str = "updateQuantities";

/// The names of the buttons of an optional item; their value is the id of its price.
const ADD: &str = "addItem";
const LEAVE_OUT: &str = "leaveOutItem";

/// The quantities that were typed, and the button that was pressed.
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
            let text = form.given(&field(&line.id))?;
            Some((line.id.clone(), text.to_owned()))
        };
        let named = |button: &str| {
            let price = form.text(button);
            order.optional.iter().find(|item| item.price == price)
        };
        let added = named(ADD).map(|item| (item.price.clone(), item.quantity));
        let left_out = named(LEAVE_OUT).map(|item| (item.price.clone(), 0));
        Self {
            lines: adjustable.filter_map(typed).collect(),
            optional: added.or(left_out),
        }
    }

    /// The text that was typed for a line.
    fn typed(&self, line: &str) -> Option<&str> {
        let mut lines = self.lines.iter();
        lines
            .find(|(id, _)| id == line)
            .map(|(_, text)| text.as_str())
    }
}

/// The price of the optional item whose button was pressed.
pub(super) fn pressed(form: &Form) -> Option<String> {
    [ADD, LEAVE_OUT]
        .iter()
        .map(|button| form.text(button))
        .find(|price| !price.is_empty())
        .map(ToOwned::to_owned)
}

/// True if there is something to adjust or to add.
pub(super) fn is_offered(order: &Summary) -> bool {
    is_adjustable(order) || !order.optional.is_empty()
}

/// The name of the field for the quantity of a line, and its id.
pub(super) fn field(line: &str) -> String {
    format!("quantity_{line}")
}

/// The id of the button that adds an optional item or leaves it out, by the id of its price.
pub(super) fn button(price: &str) -> String {
    format!("item_{price}")
}

/// The label of one of these fields and buttons.
pub(super) fn label_of(order: &Summary, id: &str) -> Option<String> {
    let line = order.lines.iter().find(|line| field(&line.id) == id);
    let item = order.optional.iter().find(|item| button(&item.price) == id);
    line.map(|line| format!("Quantity of {}", line.name))
        .or_else(|| item.map(|item| item.name.clone()))
}

/// `Qty 3` and `$21.00 each`, or a field for the former. What was typed stays when it is wrong.
pub(super) fn quantity(view: &View<'_>, line: &SummaryLine) -> String {
    let each = match line.quantity {
        1 => String::new(),
        _ => format!(
            " <span class=\"each\">{} each</span>",
            view.order.currency.format(line.unit_amount)
        ),
    };
    let Some([least, most]) = line.bounds else {
        return format!("<p class=\"quantity\">Qty {}{each}</p>\n", line.quantity);
    };
    let (fields, id) = (view.fields(), field(&line.id));
    let error = fields.error_below(&id);
    let value = match view.typed.quantities.typed(&line.id) {
        Some(typed) if !error.is_empty() => escape(typed),
        _ => line.quantity.to_string(),
    };
    let (id, state) = (escape(&id), fields.state(&id));
    format!(
        "<p class=\"quantity\"><label for=\"{id}\">Qty<span class=\"unseen\"> of {name}</span></label> \
         <input class=\"count\" type=\"number\" inputmode=\"numeric\" id=\"{id}\" name=\"{id}\" value=\"{value}\" \
         min=\"{least}\" max=\"{most}\" autocomplete=\"off\" required{state}>{each}</p>\n{error}",
        name = escape(&line.name)
    )
}

/// The button that follows changed quantities, and the items that can be added. With a script the
/// order follows by itself, and there is no need for the button.
pub(super) fn render(view: &View<'_>) -> String {
    let order = view.order;
    let mut html = String::new();
    if is_adjustable(order) {
        html += &format!(
            "<p class=\"update\"><button class=\"link\" id=\"{UPDATE}\" name=\"action\" value=\"{UPDATE}\"{}>Update \
             quantities</button></p>\n",
            view.fields().focus(UPDATE)
        );
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
    let (name, verb) = match item.line {
        None => (ADD, "Add"),
        Some(_) => (LEAVE_OUT, "Remove"),
    };
    let (fields, id) = (view.fields(), button(&item.price));
    let count = match item.quantity {
        1 => String::new(),
        count => format!("<p class=\"quantity\">Qty {count}</p>\n"),
    };
    let amount = item.unit_amount.saturating_mul(item.quantity);
    Item {
        name: &item.name,
        description: item.description.as_deref(),
        image: item.image.as_deref(),
        more: count + &fields.error_below(&id),
        amount: view.order.currency.format(amount),
        end: format!(
            "<button class=\"button small\" id=\"{}\" name=\"{name}\" value=\"{}\"{}>{verb}<span class=\"unseen\"> \
             {}</span></button>\n",
            escape(&id),
            escape(&item.price),
            fields.state(&id),
            escape(&item.name)
        ),
    }
    .render()
}

fn is_adjustable(order: &Summary) -> bool {
    order.lines.iter().any(|line| line.bounds.is_some())
}
