use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;

use super::Lines;

/// One line: what it is, how many, what it costs, and what changed. Each control is a plain form, too.
#[component]
pub(super) fn CartLine(lines: Lines, variant: VariantId) -> impl IntoView {
    let id = StoredValue::new(variant);
    let line = Memo::new(move |_| id.with_value(|id| lines.line(id)));
    let (title, options, slug, image) = line
        .get_untracked()
        .map(|line| (line.title, line.options, line.slug, line.image))
        .unwrap_or_default();
    let quantity = Memo::new(move |_| line.get().map_or(0, |line| line.quantity));
    let limit = Memo::new(move |_| line.get().map_or(0, |line| line.limit));
    let is_sold_out = Memo::new(move |_| limit.get() == 0);
    let name = if options.is_empty() {
        title.clone()
    } else {
        format!("{title}, {options}")
    };
    let variant = move || id.with_value(|id| id.as_str().to_owned());

    let step = move |by: i64| {
        move |event: ev::MouseEvent| {
            event.prevent_default();
            let wanted = u32::try_from(i64::from(quantity.get()).saturating_add(by)).unwrap_or(0);
            id.with_value(|id| lines.set_quantity(id, wanted));
        }
    };
    let submit = move |event: ev::SubmitEvent| event.prevent_default();
    let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        id.with_value(|id| lines.set_quantity_text(id, &event.target().value()));
    };
    let remove = move |event: ev::SubmitEvent| {
        event.prevent_default();
        id.with_value(|id| lines.remove(id));
    };
    view! {
        <li class="cart-line">
            <a class="cart-line-picture" href=format!("/products/{slug}") tabindex="-1" aria-hidden="true">
                <img src=image alt="" width="80" height="100"/>
            </a>
            <div class="cart-line-what">
                <a class="cart-line-title" href=format!("/products/{slug}")>{title}</a>
                <span class="cart-line-options">{options}</span>
                <span class="cart-line-price">
                    {move || line.get().map(|line| format!("{} each", line.unit_price))}
                </span>
            </div>
            <form class="stepper" action="/api/set_quantity" method="post" on:submit=submit>
                <input type="hidden" name="variant" value=variant/>
                // The first button is what Enter presses in the field.
                <button class="needs-no-script">"Update"</button>
                <button
                    class="step"
                    name="step"
                    value="-1"
                    aria-label=format!("One less: {name}")
                    on:click=step(-1)
                >
                    "−"
                </button>
                <input
                    type="number"
                    name="quantity"
                    min="0"
                    max=move || limit.get().to_string()
                    inputmode="numeric"
                    autocomplete="off"
                    aria-label="Quantity"
                    prop:value=move || { line.track(); quantity.get().to_string() }
                    value=quantity.get_untracked().to_string()
                    on:change:target=change
                />
                <button
                    class="step"
                    name="step"
                    value="1"
                    aria-label=format!("One more: {name}")
                    disabled=move || quantity.get() >= limit.get()
                    on:click=step(1)
                >
                    "+"
                </button>
            </form>
            <span class="cart-line-total amount" class:is-void=is_sold_out>
                {move || line.get().map(|line| line.total.to_string())}
            </span>
            <form class="cart-line-remove" action="/api/remove_line" method="post" on:submit=remove>
                <input type="hidden" name="variant" value=variant/>
                <button class="link" aria-describedby=move || format!("what-{}", variant())>"Remove"</button>
                <span class="visually-hidden" id=move || format!("what-{}", variant())>{name.clone()}</span>
            </form>
            <ul class="notices" role="status">
                {move || line.get().map(|line| line.notices.iter().map(|notice| view! {
                    <li>{notice.to_string()}</li>
                }).collect_view())}
            </ul>
        </li>
    }
}
