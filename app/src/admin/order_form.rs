use leptos::prelude::*;

use super::session;

/// A form that changes an order, with the CSRF token that its action asks for.
#[component]
pub(super) fn OrderForm(
    /// The address of the action.
    action: &'static str,
    /// The order that it changes.
    number: i64,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="admin-form" action=action method="post">
            <input type="hidden" name="number" value=number.to_string()/>
            <input type="hidden" name="csrf_token" value=session::csrf_token(number)/>
            {children()}
        </form>
    }
}
