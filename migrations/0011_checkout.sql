-- What a checkout depends on, delivery, taxes and discounts, and what was agreed with an order. Amounts are minor
-- units, times Unix seconds; what is true or false is 1 or 0.

ALTER TABLE products ADD COLUMN weight_grams BIGINT NOT NULL DEFAULT 0 CHECK (weight_grams >= 0);
ALTER TABLE products ADD COLUMN tax_class TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE products ADD COLUMN kind TEXT NOT NULL DEFAULT 'shipped' CHECK (kind IN ('shipped', 'digital'));
-- The ids of zones that it is not delivered to, with spaces between them.
ALTER TABLE products ADD COLUMN excluded_zones TEXT NOT NULL DEFAULT '';

CREATE TABLE shipping_zones (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Places such as US, US-CA or *, with spaces between them.
    places TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE shipping_rates (
    id TEXT NOT NULL PRIMARY KEY,
    zone_id TEXT NOT NULL REFERENCES shipping_zones (id),
    name TEXT NOT NULL,
    delivery_time TEXT NOT NULL,
    price_by TEXT NOT NULL CHECK (price_by IN ('flat', 'weight', 'subtotal')),
    -- The price, or steps such as 500:490 2000:990 *:1990: up to so many grams or minor units, and the price.
    price TEXT NOT NULL,
    free_from BIGINT,
    is_pickup BIGINT NOT NULL DEFAULT 0,
    position BIGINT NOT NULL
);

CREATE INDEX shipping_rates_by_zone ON shipping_rates (zone_id, position);

CREATE TABLE tax_rates (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    class TEXT,
    -- In millionths: 190000 is 19 %.
    rate BIGINT NOT NULL CHECK (rate >= 0 AND rate <= 1000000),
    is_added BIGINT NOT NULL DEFAULT 0,
    is_on_shipping BIGINT NOT NULL DEFAULT 1,
    position BIGINT NOT NULL
);

CREATE TABLE discounts (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    -- In upper case, without white space; none for an automatic discount.
    code TEXT UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('percent', 'amount', 'free_shipping')),
    -- Millionths of a percentage, minor units of an amount.
    value BIGINT NOT NULL CHECK (value >= 0),
    scope TEXT NOT NULL DEFAULT 'everything' CHECK (scope IN ('everything', 'collections', 'products')),
    -- The slugs of the scope, with spaces between them.
    slugs TEXT NOT NULL DEFAULT '',
    minimum BIGINT,
    starts_at BIGINT,
    ends_at BIGINT,
    max_uses BIGINT,
    max_uses_by_email BIGINT,
    uses BIGINT NOT NULL DEFAULT 0 CHECK (uses >= 0),
    is_combinable BIGINT NOT NULL DEFAULT 0,
    is_active BIGINT NOT NULL DEFAULT 1
);

-- 1 for an order whose amounts and details are in the tables below; any other is nothing but its lines.
ALTER TABLE orders ADD COLUMN has_details BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN amount_discount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN amount_tax BIGINT NOT NULL DEFAULT 0;
-- What was paid for the line; none where that is its price.
ALTER TABLE order_lines ADD COLUMN amount_total BIGINT;

CREATE TABLE order_details (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id),
    amount_subtotal BIGINT NOT NULL,
    amount_tax_relief BIGINT NOT NULL,
    prices_include_tax BIGINT NOT NULL,
    exemption TEXT CHECK (exemption IN ('small_business', 'reverse_charge')),
    -- Where it is taxed.
    country TEXT NOT NULL,
    region TEXT,
    vat_number TEXT,
    company TEXT,
    note TEXT,
    is_gift BIGINT NOT NULL,
    newsletter BIGINT NOT NULL
);

CREATE TABLE order_addresses (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id),
    name TEXT NOT NULL,
    company TEXT,
    line1 TEXT NOT NULL,
    line2 TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT NOT NULL,
    phone TEXT
);

CREATE TABLE order_shipping (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id),
    name TEXT NOT NULL,
    delivery_time TEXT NOT NULL,
    is_pickup BIGINT NOT NULL,
    amount_listed BIGINT NOT NULL,
    amount_price BIGINT NOT NULL,
    amount_tax BIGINT NOT NULL,
    amount_tax_relief BIGINT NOT NULL,
    amount_total BIGINT NOT NULL
);

CREATE TABLE order_taxes (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    rate BIGINT NOT NULL,
    amount_base BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

CREATE TABLE order_discounts (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    discount_id TEXT NOT NULL,
    title TEXT NOT NULL,
    code TEXT,
    amount BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

CREATE INDEX order_discounts_by_discount ON order_discounts (discount_id);
