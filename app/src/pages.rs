/// The cart.
mod cart;
/// A shelf.
mod collection;
/// The front door.
mod home;
/// Where nothing is.
mod not_found;
/// An order, for whoever holds its address.
mod order;
/// One product.
mod product;
/// Everything that is sold.
mod products;

/// The owner's side.
pub mod admin;

pub use cart::CartPage;
pub use collection::CollectionPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use order::OrderPage;
pub use product::ProductPage;
pub use products::ProductsPage;
