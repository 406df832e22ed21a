use leptos::prelude::*;

use crate::request;

/// The footer: what the shop is, and the link to the admin.
#[component]
pub fn Footer() -> impl IntoView {
    let shop = request::shop();
    let text = request::text().layout();
    let is_test_mode = shop.is_test_mode();
    let texts = shop.texts();
    let name = texts.display_name();
    let footer = match &texts.footer_text {
        Some(footer) => footer.clone(),
        None if is_test_mode => text.demo(name),
        None => name.to_owned(),
    };
    view! {
        <footer class="site-footer">
            <p dir="auto">{footer}</p>
            {is_test_mode.then(|| view! {
                <p class="hint">{text.test_mode()}</p>
            })}
            <p class="footer-links">
                <a href="/orders/find">{text.find_order()}</a>
                <a href="/admin/orders">{text.admin()}</a>
            </p>
        </footer>
    }
}
