use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{MetaTags, ServerMetaContext, provide_meta_context};
use leptos_router::components::{FlatRoutes, Router};

use ui::error::ActionError;
use ui::islands::{CartProvider, DOCUMENT, ServerCount};

use crate::admin::AdminRoutes;
use crate::components::head::TitleFormat;
use crate::components::{Footer, Header, not_found};
use crate::request;
use crate::storefront::{StorefrontRoutes, cart, checkout};

/// The built site: the addresses of its files.
#[derive(Clone, Debug)]
pub struct Site {
    /// The address of the script that starts the islands; none when the site was not built.
    pub script: Option<Arc<str>>,
    /// The address of the script that the checkout alone loads.
    pub checkout: Option<Arc<str>>,
    /// The address of the WASM that the script loads.
    pub wasm: Option<Arc<str>>,
    /// The style sheet.
    pub style: Option<Style>,
}

/// The style sheet of all pages.
#[derive(Clone, Debug)]
pub struct Style {
    /// Its address.
    pub address: Arc<str>,
    /// Its text, for pages that a shopper may see first: what is in the page needs no second trip to
    /// the server before anything is painted.
    pub text: Option<Arc<str>>,
}

/// Marks the request for a page that is the same for everybody, as an extension. The server sends
/// nothing of a shopper with it.
#[derive(Clone, Copy, Debug)]
pub struct StorePage;

/// Lets browsers fetch the store page that a shopper is about to open. The policy of the server
/// names it by its hash.
pub const SPECULATION_RULES: &str = r#"{"prefetch":[{"where":{"or":[{"href_matches":"/"},{"href_matches":"/products*"},{"href_matches":"/products/*"},{"href_matches":"/collections/*"}]},"eagerness":"moderate"}]}"#;

/// Provides what pages need to be listed without being served.
pub fn provide_listing_context() {
    provide_context(ServerMetaContext::new().0);
}

/// The document around every page.
#[component]
pub fn Shell() -> impl IntoView {
    // Pages outside islands are never hydrated, so nothing of them needs to be found again by WASM.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let site = expect_context::<Site>();
    let language = request::text().language();
    let is_store_page = request::is_store_page();
    let checkout = site.checkout.filter(|_| request::is_path(checkout::PATH));
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() id=DOCUMENT>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                {site.style.map(|style| match style.text.filter(|_| is_store_page) {
                    Some(text) => view! { <style inner_html=text.to_string()></style> }.into_any(),
                    None => view! { <link rel="stylesheet" href=style.address.to_string()/> }.into_any(),
                })}
                {site.wasm.map(|wasm| view! {
                    <link
                        rel="preload"
                        href=wasm.to_string()
                        r#as="fetch"
                        r#type="application/wasm"
                        crossorigin="anonymous"
                    />
                })}
                {site.script.map(|script| view! { <script type="module" src=script.to_string()></script> })}
                {checkout.map(|script| view! { <script type="module" src=script.to_string()></script> })}
                {is_store_page.then(|| view! { <script type="speculationrules" inner_html=SPECULATION_RULES></script> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The layout around the pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let text = request::text();
    provide_context(text);
    // These pages alone are made for one shopper; the others are the same for all.
    if request::is_path(cart::PATH) || request::is_path(checkout::PATH) {
        provide_context(ServerCount(cart::current().count()));
    }
    view! {
        <TitleFormat/>
        <Router>
            <CartProvider>
                <a class="skip-link" href="#main">{text.layout().skip_to_content()}</a>
                <Header/>
                <main id="main" tabindex="-1">
                    {request::has_failed().then(|| view! {
                        <p class="notice" role="alert">{ActionError::Unavailable.message(text)}</p>
                    })}
                    <FlatRoutes fallback=not_found>
                        <StorefrontRoutes/>
                        <AdminRoutes/>
                    </FlatRoutes>
                </main>
                <Footer/>
            </CartProvider>
        </Router>
    }
}
