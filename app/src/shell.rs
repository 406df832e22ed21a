use leptos::prelude::*;
use leptos_meta::{MetaTags, ServerMetaContext, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::components::head::TitleFormat;
use crate::components::{Footer, Header};
use crate::context;
use crate::error::ActionError;
use crate::islands::{CartProvider, ServerCount};
use crate::pages::admin::{
    AdminEmailsPage, AdminEventsPage, AdminHoldsPage, AdminOrderPage, AdminOrdersPage,
    AdminRefundPage, SignInPage,
};
use crate::pages::{
    CartPage, CollectionPage, HomePage, NotFoundPage, OrderPage, ProductPage, ProductsPage,
};

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
    let site = context::site();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                {site.style.map(|style| view! { <link rel="stylesheet" href=style.to_string()/> })}
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
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The pages, each at its address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Only the cart's own page is made for one shopper; the others are the same for all.
    if context::is_path("/cart") {
        provide_context(ServerCount(context::cart::current().count()));
    }
    view! {
        <TitleFormat/>
        <Router>
            <CartProvider>
                <a class="skip-link" href="#main">"Skip to content"</a>
                <Header/>
                <main id="main" tabindex="-1">
                    {context::has_failed().then(|| view! {
                        <p class="notice" role="alert">{ActionError::Unavailable.to_string()}</p>
                    })}
                    <FlatRoutes fallback=NotFoundPage>
                        <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                        <Route path=path!("/products") view=ProductsPage ssr=SsrMode::Async/>
                        <Route path=path!("/products/:slug") view=ProductPage ssr=SsrMode::Async/>
                        <Route path=path!("/collections/:slug") view=CollectionPage ssr=SsrMode::Async/>
                        <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async/>
                        <Route path=path!("/orders/:token") view=OrderPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/login") view=SignInPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/orders") view=AdminOrdersPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/orders/:number") view=AdminOrderPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/orders/:number/refund") view=AdminRefundPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/holds") view=AdminHoldsPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/emails") view=AdminEmailsPage ssr=SsrMode::Async/>
                        <Route path=path!("/admin/events") view=AdminEventsPage ssr=SsrMode::Async/>
                    </FlatRoutes>
                </main>
                <Footer/>
            </CartProvider>
        </Router>
    }
}
