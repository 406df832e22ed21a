//! The shipping address and the shipping options.

use super::fields::{self, SHIPPING};
use super::questions;
use super::summary::price;
use super::view::{View, fieldset};
use crate::checkout::ShippingOption;
use crate::pages::escape;

/// The address and the choice of a shipping option, as far as they are asked for.
pub(super) fn render(view: &View<'_>) -> String {
    address(view) + &options(view)
}

fn address(view: &View<'_>) -> String {
    let countries = &view.order.shipping_countries;
    if countries.is_empty() {
        return String::new();
    }
    let (fields, typed) = (view.fields(), view.typed);
    let name = fields.input(fields::SHIPPING_NAME, &typed.shipping_name);
    let address = typed.shipping.render(fields, &SHIPPING, countries);
    let text = questions::text(view.session, "shipping_address");
    fieldset("Shipping address", &(name + &address + &text))
}

/// The options. With a script the total follows the choice by itself, and there is no need for the
/// button.
fn options(view: &View<'_>) -> String {
    let options = &view.order.shipping;
    if options.is_empty() {
        return String::new();
    }
    let rows: String = options
        .iter()
        .enumerate()
        .map(|(at, one)| option(view, one, at == 0))
        .collect();
    let update = if options.len() > 1 {
        "<button class=\"button quiet update\" name=\"action\" value=\"update\">Update total</button>\n"
    } else {
        ""
    };
    format!(
        "<fieldset class=\"options\">\n<legend>{}</legend>\n{rows}{}{update}</fieldset>\n",
        fields::SHIPPING_RATE.label,
        view.fields().error_below(fields::SHIPPING_RATE.name)
    )
}

fn option(view: &View<'_>, option: &ShippingOption, is_first: bool) -> String {
    let field = fields::SHIPPING_RATE.name;
    let id = if is_first {
        format!(" id=\"{field}\"")
    } else {
        String::new()
    };
    let (checked, focus) = match option.chosen {
        true => (" checked", view.fields().focus(field)),
        false => ("", ""),
    };
    let estimate = option.estimate.as_ref().map_or_else(String::new, |text| {
        format!(" <small>{}</small>", escape(text))
    });
    format!(
        "<label><input type=\"radio\"{id} name=\"{field}\" value=\"{}\"{checked}{focus}> <span class=\"what\">{}\
         {estimate}</span> <span class=\"amount\">{}</span></label>\n",
        escape(&option.id),
        escape(&option.name),
        price(option.amount, view.order.currency)
    )
}
