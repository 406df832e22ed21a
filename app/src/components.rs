/// The footer of every page.
mod footer;
/// The title and the tags that search engines read.
pub mod head;

/// The header of every page.
mod header;
/// The details that the shopper gave with an order.
mod order_details;
/// A table of what was bought.
mod order_table;
/// A page whose content is read from the shop.
mod page;
/// The ways between the pages of a list.
mod pager;
/// A product as it lies on a shelf.
mod product_grid;

pub use footer::Footer;
pub use header::Header;
pub use order_details::order_details;
pub use order_table::OrderTable;
pub use page::{not_found, page};
pub use pager::product_pager;
pub use product_grid::ProductGrid;
