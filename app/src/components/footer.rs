use leptos::prelude::*;

use crate::request;

/// What the shop is, and the admin's door.
#[component]
pub fn Footer() -> impl IntoView {
    let shop = request::shop();
    let is_test_mode = shop.is_test_mode();
    let texts = shop.texts();
    let name = texts.display_name();
    let text = match &texts.footer_text {
        Some(text) => text.clone(),
        None if is_test_mode => {
            format!("{name} is the demo of Cartwright, a storefront in one Rust binary.")
        }
        None => name.to_owned(),
    };
    view! {
        <footer class="site-footer">
            <p dir="auto">{text}</p>
            {is_test_mode.then(|| view! {
                <p class="hint">"This shop is in test mode. Nothing is charged and nothing is shipped."</p>
            })}
            <p class="footer-links">
                <a href="/orders/find">"Find your order"</a>
                <a href="/admin/orders">"Shop owner"</a>
            </p>
        </footer>
    }
}
