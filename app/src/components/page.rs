use http::StatusCode;
use leptos::prelude::*;

use crate::components::head;
use crate::response;

/// Renders a page that reads from the shop. When reading fails, the visitor learns that it did and
/// the log why.
pub fn page<F>(content: F) -> impl IntoView
where
    F: Future<Output = Result<AnyView, shop::Error>> + Send + 'static,
{
    Suspend::new(async move {
        match content.await {
            Ok(view) => view,
            Err(error) => {
                let error = response::unavailable(&error);
                response::set_status(StatusCode::SERVICE_UNAVAILABLE);
                head::title("Something went wrong");
                view! {
                    <section class="prose">
                        <h1>"Something went wrong"</h1>
                        <p>{error.to_string()}</p>
                        <p><a class="button" href="">"Try again"</a></p>
                    </section>
                }
                .into_any()
            }
        }
    })
}

/// Says that nothing is at this address, and nothing else.
pub fn not_found() -> AnyView {
    response::set_status(StatusCode::NOT_FOUND);
    head::title("Page not found");
    head::no_index();
    view! {
        <section class="prose">
            <h1>"Page not found"</h1>
            <p>"There is nothing at this address. It may have moved, or the link may be incomplete."</p>
            <p><a class="button" href="/products">"Browse the store"</a></p>
        </section>
    }
    .into_any()
}
