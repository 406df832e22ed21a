/// Collections.
mod collection;
/// Lists of products, page by page.
mod list;
/// Products, with their row, SELECT and INSERT.
mod product;
/// Variants, with their row, SELECT and INSERT.
mod variant;
/// The version of what store pages show.
mod version;

pub use collection::{collection, collections, insert_collection};
pub use list::{List, Side, cards, count_beside, count_cards};
pub use product::{NewProduct, count_products, insert_product, product};
pub use variant::{Buyable, NewVariant, buyable, buyable_in};
pub use version::version;

/// PostgreSQL takes no zero byte in a text, not even to look for it.
fn can_be_stored(text: &str) -> bool {
    !text.contains('\0')
}

fn present(options: [Option<String>; 3]) -> Vec<String> {
    options.into_iter().flatten().collect()
}
