use http::StatusCode;
use leptos::prelude::*;

use crate::components::head;
use crate::{request, response};

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
                let text = request::text();
                head::title(text.layout().something_went_wrong());
                view! {
                    <section class="prose">
                        <h1>{text.layout().something_went_wrong()}</h1>
                        <p>{error.message(text)}</p>
                        <p><a class="button" href="">{text.layout().try_again()}</a></p>
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
    let text = request::text().layout();
    head::title(text.page_not_found());
    head::no_index();
    view! {
        <section class="prose">
            <h1>{text.page_not_found()}</h1>
            <p>{text.nothing_at_address()}</p>
            <p><a class="button" href="/products">{text.browse_store()}</a></p>
        </section>
    }
    .into_any()
}
