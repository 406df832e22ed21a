use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use ui::server_functions::Handlers;

/// The cart.
pub mod cart;
/// Address, delivery and code, before the payment.
pub mod checkout;
/// The products of a collection.
mod collection;
/// The way back to an order for who has lost its link.
pub mod find_order;
/// The first page.
mod home;
/// The shopper's page of an order.
mod order;
/// The files and license keys of an order.
mod order_downloads;
/// One product.
mod product;
/// Everything that is sold.
mod products;

use cart::CartPage;
use checkout::CheckoutPage;
use collection::CollectionPage;
use find_order::FindOrderPage;
use home::HomePage;
use order::OrderPage;
use product::ProductPage;
use products::ProductsPage;

/// The shoppers' pages, each at its address.
#[component(transparent)]
pub(crate) fn StorefrontRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
        <Route path=path!("/products") view=ProductsPage ssr=SsrMode::Async/>
        <Route path=path!("/products/:slug") view=ProductPage ssr=SsrMode::Async/>
        <Route path=path!("/collections/:slug") view=CollectionPage ssr=SsrMode::Async/>
        <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async/>
        <Route path=path!("/checkout") view=CheckoutPage ssr=SsrMode::Async/>
        <Route path=path!("/orders/find") view=FindOrderPage ssr=SsrMode::Async/>
        <Route path=path!("/orders/:token") view=OrderPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// The handlers that answer the islands.
pub fn island_handlers() -> Handlers {
    Handlers {
        view_cart: |is_shown| Box::pin(cart::view(is_shown)),
        order_progress: |token| Box::pin(order::progress(token)),
    }
}
