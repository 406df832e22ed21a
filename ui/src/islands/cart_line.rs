use domain::cart::parse_quantity;
use leptos::ev;
use leptos::prelude::*;

use super::cart_panel::PanelContext;
use super::language::text;
use super::text::{amount_html, escape, fixed, translated, untranslated};
use crate::cart_view::LineView;

/// The controls of a line, and its amounts. Each control is a plain form, too, whose answer leads
/// back to the line: a browser keeps the fragment of a form's address through a redirect.
#[island]
pub fn CartLineControls() -> impl IntoView {
    let panel = expect_context::<PanelContext>();
    let text = text().cart();
    let LineView { variant, name, .. } = panel.next_line();
    let fields = [variant.clone(), variant.clone()];
    let described = fixed(|| format!("what-{variant}"));
    let action = fixed(|| format!("/api/set_quantity#line-{variant}"));
    let id = StoredValue::new(variant);
    let line = move || id.with_value(|id| panel.line(id));
    let set = move |change: &dyn Fn(u32) -> u32| {
        id.with_value(|id| panel.change_quantity(id, change));
    };

    let less = move |event: ev::MouseEvent| {
        event.prevent_default();
        set(&|quantity| quantity.saturating_sub(1));
    };
    let more = move |event: ev::MouseEvent| {
        event.prevent_default();
        let limit = line().limit;
        set(&|quantity| quantity.saturating_add(1).min(limit));
    };
    let remove = move |event: ev::SubmitEvent| {
        event.prevent_default();
        set(&|_| 0);
    };
    let change = move |event: ev::Event| match parse_quantity(&event_target_value(&event)) {
        Some(quantity) => set(&|_| quantity),
        None => panel.restore(),
    };
    let quantity = Signal::derive(move || line().quantity.to_string());
    let notice = Signal::derive(move || line().notice);
    let is_at_limit = Signal::derive(move || {
        let line = line();
        line.quantity >= line.limit
    });
    let [stepper_field, remove_field] = fields;
    view! {
        <p
            class="cart-line-price"
            inner_html=Signal::derive(move || text.each(&amount_html(&line().price)))
        ></p>
        <form
            class="stepper"
            action=action
            method="post"
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <input type="hidden" name="variant" value=stepper_field/>
            // The first button is what Enter presses in the field.
            <button class="needs-no-script" inner_html=fixed(|| text.update())></button>
            <button
                class="step"
                name="step"
                value="-1"
                aria-label=fixed(|| text.one_less(&name))
                on:click=less
                inner_html="−"
            ></button>
            <input
                type="number"
                name="quantity"
                min="0"
                max="99"
                inputmode="numeric"
                autocomplete="off"
                aria-label=fixed(|| text.quantity_of(&name))
                value=quantity.get_untracked()
                prop:value=quantity
                on:change=change
            />
            <button
                class="step"
                name="step"
                value="1"
                aria-label=fixed(|| text.one_more(&name))
                disabled=is_at_limit
                on:click=more
                inner_html="+"
            ></button>
        </form>
        <span
            class="cart-line-total amount"
            class:is-gone=Signal::derive(move || line().variant.is_empty())
            class:is-sold-out=Signal::derive(move || line().limit == 0)
        >
            {untranslated(Signal::derive(move || line().total))}
        </span>
        <form class="cart-line-remove" action="/api/remove_line" method="post" on:submit=remove>
            <input type="hidden" name="variant" value=remove_field/>
            <button class="link" aria-describedby=described.clone() inner_html=fixed(|| text.remove())></button>
            <span class="visually-hidden" id=described dir="auto" inner_html=fixed(|| escape(&name))></span>
        </form>
        <div class="notices" role="status">
            <p hidden=Signal::derive(move || notice.with(String::is_empty))>
                {translated(notice)}
            </p>
        </div>
    }
}
