use domain::cart::{PricedCart, PricedLine};
use domain::catalog::line_name;
use leptos::server_fn::Encodes;
use text::CartText;
use ui::cart_view::{CartView, LineView};
use ui::wire::WireEncoding;

use crate::request;

/// The cart as islands show it, for the page that they come with.
pub(super) fn to_json(priced: &PricedCart) -> String {
    let bytes = WireEncoding::encode(&to_view(priced)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The cart as islands show it.
pub(super) fn to_view(priced: &PricedCart) -> CartView {
    let text = request::text().cart();
    let lines = priced.lines.iter();
    CartView {
        lines: lines.map(|line| to_line_view(text, line)).collect(),
        subtotal: priced.subtotal.to_string(),
        dropped: match priced.dropped {
            0 => String::new(),
            count => text.dropped(count),
        },
    }
}

fn to_line_view(text: CartText, line: &PricedLine) -> LineView {
    let notices = line.notices.iter();
    let notices: Vec<String> = notices.map(|notice| text.line_notice(notice)).collect();
    LineView {
        variant: line.variant.to_string(),
        quantity: line.quantity,
        limit: line.limit,
        price: line.unit_price.to_string(),
        total: line.total.to_string(),
        notice: notices.join(" "),
        name: line_name(&line.title, &line.options),
    }
}
