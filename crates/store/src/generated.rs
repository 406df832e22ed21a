use sqlx::query;

use crate::{Result, Tx};

/// Writes products `from` to `to` (1 and up) behind those that are there, each with two variants and
/// in one of the collections. One that is there already stays.
///
/// # Errors
/// When the database fails, or a made-up name is one of another product's.
pub async fn products(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    for text in [
        "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
         INSERT INTO products (slug, title, description, image, image_alt, option1_name, position) \
         SELECT 'study-' || CAST(i AS TEXT), 'Study ' || CAST(i AS TEXT), \
                'One of a long series, drawn by the same program with another seed.', \
                '/art/low-water.svg', 'Ribbons of water over sand.', 'Size', 1000 + i \
         FROM n WHERE i > 0 ON CONFLICT DO NOTHING",
        "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
         INSERT INTO collection_products (collection_slug, product_slug) \
         SELECT c.slug, 'study-' || CAST(i AS TEXT) FROM n JOIN \
                (SELECT slug, ROW_NUMBER() OVER (ORDER BY position, slug) - 1 AS place FROM collections) c \
                ON c.place = i % (SELECT COUNT(*) FROM collections) \
         WHERE i > 0 ON CONFLICT DO NOTHING",
        "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
         INSERT INTO variants (id, product_slug, sku, option1, unit_amount, on_hand, position) \
         SELECT 'study-' || CAST(i AS TEXT) || s.suffix, 'study-' || CAST(i AS TEXT), \
                'STUDY-' || CAST(i AS TEXT) || s.suffix, s.size, s.unit_amount, 1000, s.position \
         FROM n CROSS JOIN (SELECT '-a4' AS suffix, 'A4' AS size, 2400 AS unit_amount, 0 AS position \
                            UNION ALL SELECT '-a3', 'A3', 3800, 1) s \
         WHERE i > 0 ON CONFLICT DO NOTHING",
    ] {
        tx.execute(query(text).bind(from).bind(to)).await?;
    }
    Ok(())
}

/// Writes `count` paid orders of test mode for one variant each, a minute apart, the last of them
/// paid at `now`. No provider knows their payments, so they have no reference there, and say nothing
/// about whose account the database belongs to. `name` is a part of their ids and of the addresses of their pages, and not used
/// before.
///
/// # Errors
/// When the database fails, or `name` was used before.
pub async fn orders(tx: &mut Tx, name: &str, count: i64, now: i64) -> Result<()> {
    let number = query("UPDATE counters SET value = value + $1 WHERE name = 'order_number'");
    tx.execute(number.bind(count)).await?;
    let n = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)";
    let each = "$2 || '-' || CAST(i AS TEXT)";
    for text in [
        format!(
            "{n} INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, email, \
                                     created_at, paid_at, shipping) \
             SELECT {each}, (SELECT value FROM counters WHERE name = 'order_number') - $1 + i, {each}, {each}, \
                    'paid', 'sold', 'usd', 2400, 'shopper-' || CAST(i AS TEXT) || '@example.com', \
                    $3 - 60 * ($1 - i) - 30, $3 - 60 * ($1 - i), 'to_pack' FROM n"
        ),
        format!(
            "{n} INSERT INTO order_lines (order_id, position, variant_id, sku, title, options, image, unit_amount, \
                                          quantity) \
             SELECT {each}, 0, v.id, v.sku, v.title, 'A4', v.image, 2400, 1 FROM n CROSS JOIN \
                    (SELECT v.id, v.sku, p.title, p.image FROM variants v JOIN products p ON p.slug = v.product_slug \
                     ORDER BY p.position, p.slug, v.position LIMIT 1) v"
        ),
        format!(
            "{n} INSERT INTO payments (id, order_id, provider, mode, payment_reference, state, amount, \
                                       currency, captured_amount, captured_currency, created_at, expires_at) \
             SELECT {each}, {each}, 'stripe_checkout', 'test', 'pi_' || {each}, 'captured', \
                    2400, 'usd', 2400, 'usd', $3 - 60 * ($1 - i) - 30, $3 - 60 * ($1 - i) + 1800 FROM n"
        ),
    ] {
        let has_time = text.contains("$3");
        let query = query(sqlx::AssertSqlSafe(text));
        let query = query.bind(count).bind(name.to_owned());
        let query = if has_time { query.bind(now) } else { query };
        tx.execute(query).await?;
    }
    Ok(())
}
