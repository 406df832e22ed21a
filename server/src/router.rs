use app::admin::{DigitalForm, StripeDashboard, TrackingForm};
use app::document::{Shell, Site};
use app::response::Answer;
use app::storefront::checkout::CheckoutForm;
use app::storefront::find_order::FindOrderForm;
use app::storefront::island_handlers;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{Redirect, Response};
use axum::routing::{any, get, post};
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, take_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions,
    generate_route_list_with_exclusions_and_ssg_and_context, render_app_async_with_context,
};
use shop::Shop;
use std::path::Path;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::downloads::{self, Downloads};
use crate::files::Files;
use crate::forms;
use crate::guard::{self, Content, Guard, Turns};
use crate::low_priority;
use crate::metrics::{self, Metrics};
use crate::packing_export;
use crate::page_cache::{self, PageCache};
use crate::webhook::{self, Endpoint};

/// Everything that is answered. `sandbox` is the origin of what stands in for Stripe, if something
/// does.
#[expect(clippy::too_many_arguments, reason = "each is wired up here, once")]
pub(crate) fn build(
    shop: Shop,
    site: Site,
    files: Files,
    webhook: Endpoint,
    metrics: Metrics,
    sandbox: Option<&str>,
    guard: Guard,
    data_dir: &Path,
) -> Router {
    let dashboard = StripeDashboard::new(sandbox, shop.is_test_mode());
    let provide = {
        let (shop, admin_shop) = (shop.clone(), shop.for_background());
        move || {
            // The policy names inline scripts by their hash, and pages that are kept have nothing
            // of one rendering.
            take_context::<Nonce>();
            let options = use_context::<ResponseOptions>().unwrap_or_default();
            let headers = options.clone();
            provide_context(Answer::new(
                move |status| options.set_status(status),
                move |name, value| headers.append_header(name, value),
            ));
            let is_admin_page = use_context::<Parts>()
                .is_some_and(|parts| low_priority::is_admin_page(parts.uri.path()));
            provide_context(if is_admin_page {
                admin_shop.clone()
            } else {
                shop.clone()
            });
            provide_context(site.clone());
            provide_context(dashboard.clone());
            provide_context(island_handlers());
        }
    };
    let options = LeptosOptions::builder().output_name("cartwright").build();
    let list = {
        let provide = provide.clone();
        move || {
            provide();
            app::document::provide_listing_context();
        }
    };
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(Shell, None, list);
    let not_found = get(render_app_async_with_context(provide.clone(), Shell))
        .layer(middleware::map_response(mark_not_found));
    let with_slash = redirects_from_slash(&routes);
    let file = {
        let not_found = Router::new().fallback(not_found.clone());
        move |request: Request| serve_file(files.clone(), not_found.clone(), request)
    };
    let build = Router::new()
        .route("/pkg/{*file}", any(file.clone()))
        .layer(middleware::map_response(mark(Content::BuildFile)));
    let files = Router::new()
        .fallback(file)
        .layer(middleware::map_response(mark(Content::PublicFile)));

    let find_order_form = {
        let provide = provide.clone();
        move |request| forms::render_with(FindOrderForm::parse, provide.clone(), request)
    };
    let tracking_form = {
        let provide = provide.clone();
        move |request| forms::render_with(TrackingForm::parse, provide.clone(), request)
    };
    let digital_form = {
        let provide = provide.clone();
        move |request| forms::render_with(DigitalForm::parse, provide.clone(), request)
    };
    let digital = Router::new()
        .route("/orders/{token}/files/{id}", get(downloads::download))
        .route(
            "/admin/downloads/{slug}/files",
            post(downloads::upload).layer(DefaultBodyLimit::disable()),
        )
        .with_state(Downloads::new(shop.clone(), data_dir));
    let export = get(packing_export::export).with_state(shop.clone());
    let checkout_form = {
        let provide = provide.clone();
        move |request| forms::render_with(CheckoutForm::parse, provide.clone(), request)
    };
    let pages_in_memory = PageCache::new(shop.clone());
    let pages = Router::new()
        .route("/orders/find", post(find_order_form))
        .route("/checkout", post(checkout_form))
        .route("/admin/packing", post(tracking_form))
        .route("/admin/downloads", post(digital_form))
        .merge(digital)
        .route("/admin/packing/orders.csv", export)
        .route("/admin", get(|| async { Redirect::to("/admin/orders") }))
        .leptos_routes_with_context(&options, routes, provide, Shell)
        .layer(middleware::from_fn(mark_page))
        .layer(middleware::from_fn_with_state(
            pages_in_memory.clone(),
            page_cache::render,
        ))
        .with_state(options);

    Router::new()
        .merge(pages)
        .merge(with_slash)
        .merge(build)
        .merge(files)
        .layer(middleware::map_response(guard::status_of_action_error))
        .layer(middleware::from_fn_with_state(
            guard.clone(),
            guard::require_admin,
        ))
        .layer(middleware::from_fn_with_state(
            guard.low_priority.clone(),
            low_priority::admin_pages,
        ))
        .layer(middleware::from_fn_with_state(
            Turns::default(),
            guard::take_turns,
        ))
        .layer(middleware::from_fn_with_state(
            guard.clone(),
            guard::require_same_origin,
        ))
        .layer(middleware::from_fn_with_state(
            pages_in_memory,
            page_cache::answer,
        ))
        .layer(middleware::from_fn_with_state(
            guard.clone(),
            guard::redirect_to_canonical_host,
        ))
        .layer(middleware::from_fn_with_state(
            guard.clients.clone(),
            guard::identify,
        ))
        .merge(webhooks(webhook))
        .merge(operations(shop))
        .route("/metrics", get(metrics::read).with_state(metrics))
        .layer(middleware::from_fn_with_state(
            Router::new().fallback(not_found),
            guard::refuse_ambiguous_path,
        ))
        .layer(middleware::from_fn(guard::refuse_ambiguous_host))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(guard, guard::set_headers))
}

async fn serve_file(files: Files, not_found: Router, request: Request) -> Response {
    let uri = request.uri();
    let response = files.respond(request.method(), uri.path(), request.headers());
    match response {
        Some(response) => response,
        None => match not_found.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
    }
}

/// Redirects from each page's address with a slash at its end to the one without.
fn redirects_from_slash(pages: &[AxumRouteListing]) -> Router {
    pages
        .iter()
        .map(AxumRouteListing::path)
        .chain(["/admin"])
        .filter(|path| *path != "/")
        .fold(Router::new(), |router, path| {
            router.route(&format!("{path}/"), get(redirect_without_slash))
        })
}

/// The path names no host: [`guard::refuse_ambiguous_path`] lets nothing through that begins with
/// two slashes.
async fn redirect_without_slash(uri: Uri) -> Redirect {
    let path = uri.path().trim_end_matches('/');
    match uri.query() {
        Some(query) => Redirect::permanent(&format!("{path}?{query}")),
        None => Redirect::permanent(path),
    }
}

/// Says what a page is, by its route.
async fn mark_page(route: MatchedPath, request: Request, next: Next) -> Response {
    let content = match route.as_str() {
        "/" | "/products" | "/products/{slug}" | "/collections/{slug}" => Content::StorePage,
        "/cart" => Content::CartPage,
        _ => Content::Private,
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(content);
    response
}

/// Says what the responses of a router are, unless something inside has said it.
fn mark(content: Content) -> impl Fn(Response) -> std::future::Ready<Response> + Clone {
    move |mut response| {
        response.extensions_mut().get_or_insert(content);
        std::future::ready(response)
    }
}

/// Answers 404 to what no route matches, whatever page its path resembles.
async fn mark_not_found(mut response: Response) -> Response {
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response.extensions_mut().insert(Content::Private);
    response
}

/// The addresses under which shops commonly take Stripe's events, with and without a slash at the
/// end: a redirect would count as a failed delivery.
fn webhooks(endpoint: Endpoint) -> Router {
    [
        "/webhooks/stripe",
        "/webhooks/stripe/",
        "/webhook",
        "/webhook/",
        "/api/stripe/webhook",
        "/api/stripe/webhook/",
    ]
    .into_iter()
    .fold(Router::new(), |router, path| {
        router.route(path, post(webhook::receive))
    })
    .with_state(endpoint)
}

fn operations(shop: Shop) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/robots.txt", get(robots))
        .with_state(shop)
}

async fn ready(State(shop): State<Shop>) -> (StatusCode, &'static str) {
    match shop.is_ready().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database takes no writes",
            )
        }
    }
}

async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /admin\nDisallow: /api\n"
}
