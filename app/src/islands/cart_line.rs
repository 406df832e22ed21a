use domain::cart::parse_quantity;
use leptos::ev;
use leptos::prelude::*;

use super::cart_panel::PanelContext;

/// What a line lets the shopper change, and what the change costs. Each control is a plain form, too.
#[island]
pub fn CartLineControls(
    /// What it is a line of.
    variant: String,
    /// What it is called, for those who hear the page.
    name: String,
) -> impl IntoView {
    let panel = expect_context::<PanelContext>();
    let field = variant.clone();
    let fields = [field.clone(), field];
    let described = format!("what-{variant}");
    let id = StoredValue::new(variant);
    let line = move || id.with_value(|id| panel.line(id));
    let set = move |quantity: u32| {
        id.with_value(|id| panel.change_quantity(id, move |_| quantity));
    };

    let less = move |event: ev::MouseEvent| {
        event.prevent_default();
        id.with_value(|id| panel.change_quantity(id, |quantity| quantity.saturating_sub(1)));
    };
    let more = move |event: ev::MouseEvent| {
        event.prevent_default();
        let limit = line().limit;
        id.with_value(|id| {
            panel.change_quantity(id, move |quantity| quantity.saturating_add(1).min(limit));
        });
    };
    let remove = move |event: ev::SubmitEvent| {
        event.prevent_default();
        set(0);
    };
    let change = move |event: ev::Event| match parse_quantity(&event_target_value(&event)) {
        Some(quantity) => set(quantity),
        None => panel.restore(),
    };
    let quantity = move || line().quantity.to_string();
    let [stepper_field, remove_field] = fields;
    view! {
        <p class="cart-line-price">
            {move || line().price}" each"
        </p>
        <form
            class="stepper"
            action="/api/set_quantity"
            method="post"
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <input type="hidden" name="variant" value=stepper_field/>
            // The first button is what Enter presses in the field.
            <button class="needs-no-script">"Update"</button>
            <button class="step" name="step" value="-1" aria-label=format!("One less: {name}") on:click=less>
                "−"
            </button>
            <input
                type="number"
                name="quantity"
                min="0"
                max="99"
                inputmode="numeric"
                autocomplete="off"
                aria-label="Quantity"
                value=quantity()
                prop:value=quantity
                on:change=change
            />
            <button
                class="step"
                name="step"
                value="1"
                aria-label=format!("One more: {name}")
                disabled=move || {
                    let line = line();
                    line.quantity >= line.limit
                }
                on:click=more
            >
                "+"
            </button>
        </form>
        <span class="cart-line-total amount" class:is-gone=move || line().variant.is_empty()>
            {move || line().total}
        </span>
        <form class="cart-line-remove" action="/api/remove_line" method="post" on:submit=remove>
            <input type="hidden" name="variant" value=remove_field/>
            <button class="link" aria-describedby=described.clone()>"Remove"</button>
            <span class="visually-hidden" id=described>{name.clone()}</span>
        </form>
        <div class="notices" role="status">
            <p hidden=move || line().notice.is_empty()>{move || line().notice}</p>
        </div>
    }
}
