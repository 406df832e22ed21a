use leptos::prelude::*;

use crate::components::head;
use crate::context;

/// The sign-in form of the owner.
#[component]
pub fn SignInPage() -> impl IntoView {
    let notice = match context::query_param("notice").as_deref() {
        Some("wrong") => Some("That is not the password."),
        Some("wait") => {
            context::too_many_requests(15 * 60);
            Some("Too many wrong passwords. Wait a quarter of an hour and try again.")
        }
        Some("busy") => {
            context::too_many_requests(10);
            Some(
                "Wrong passwords are coming in from many places, so sign-ins are slowed down. Try again \
                 in ten seconds, or in a browser that you have signed in with before.",
            )
        }
        _ => None,
    };
    let next = context::query_param("next").unwrap_or_default();
    let next = context::owner::own_page(&next).map(str::to_owned);
    head::title("Sign in");
    head::no_index();
    view! {
        <section class="sign-in">
            <h1>"Sign in"</h1>
            {notice.map(|text| view! { <p class="notice" role="alert">{text}</p> })}
            <form action="/api/sign_in" method="post">
                {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
                <label class="field">
                    <span>"Password"</span>
                    <input type="password" name="password" required autocomplete="current-password" autofocus/>
                </label>
                <button class="button is-wide">"Sign in"</button>
            </form>
            <p class="hint">
                "Forgotten? " <code>"storefront admin set-password"</code> " sets another."
            </p>
        </section>
    }
}
