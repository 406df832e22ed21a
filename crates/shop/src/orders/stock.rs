use domain::order::{Order, OrderLine};
use store::Tx;

/// Takes what the order holds off the shelf, and answers whether the shelf held all of it. What it
/// did not hold is taken from what is free, as far as there is any: the goods were promised first.
pub(super) async fn sell_held(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let mut was_all_held = true;
    for line in in_lock_order(&order.lines) {
        if !store::stock::sell_held(tx, &line.variant, line.quantity).await? {
            was_all_held = false;
            store::stock::sell_free(tx, &line.variant, line.quantity).await?;
        }
    }
    Ok(was_all_held)
}

/// Frees what the order holds, and answers whether the shelf held all of it.
pub(super) async fn release(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let mut was_all_held = true;
    for line in in_lock_order(&order.lines) {
        was_all_held &= store::stock::release(tx, &line.variant, line.quantity).await?;
    }
    Ok(was_all_held)
}

/// Takes what was released off the shelf again, all of it or nothing.
pub(super) async fn sell_released(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let lines = in_lock_order(&order.lines);
    for (taken, line) in lines.iter().enumerate() {
        if !store::stock::sell_free(tx, &line.variant, line.quantity).await? {
            for line in &lines[..taken] {
                store::stock::restock(tx, &line.variant, line.quantity).await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every transaction touches variants in the same order, so that no two wait for each other.
pub(crate) fn in_lock_order(lines: &[OrderLine]) -> Vec<&OrderLine> {
    let mut lines: Vec<&OrderLine> = lines.iter().collect();
    lines.sort_by(|a, b| a.variant.cmp(&b.variant));
    lines
}
