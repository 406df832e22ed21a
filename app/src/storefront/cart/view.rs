use domain::cart::{LineNotice, PricedCart, PricedLine};
use domain::catalog::line_name;
use leptos::server_fn::Encodes;
use ui::cart_view::{CartView, LineView};
use ui::wire::WireEncoding;

/// What islands show of it, for the page that they come with.
pub(super) fn to_json(priced: &PricedCart) -> String {
    let bytes = WireEncoding::encode(&to_view(priced)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What islands show of it.
pub(super) fn to_view(priced: &PricedCart) -> CartView {
    CartView {
        lines: priced.lines.iter().map(to_line_view).collect(),
        subtotal: priced.subtotal.to_string(),
        dropped: dropped_text(priced.dropped),
    }
}

/// What became of lines that are no longer sold; nothing when there is none.
fn dropped_text(dropped: u32) -> String {
    match dropped {
        0 => String::new(),
        1 => "One item is no longer sold and was removed from your cart.".to_owned(),
        many => format!("{many} items are no longer sold and were removed from your cart."),
    }
}

fn to_line_view(line: &PricedLine) -> LineView {
    let notices: Vec<String> = line.notices.iter().map(LineNotice::to_string).collect();
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
