-- What the shop sells. Amounts are minor units of the shop's one currency, which is a setting.

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE collections (
    slug TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    image TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE products (
    slug TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    image TEXT NOT NULL,
    image_alt TEXT NOT NULL,
    -- Names of up to three options, such as Size and Finish; a variant has a value for each.
    option1_name TEXT,
    option2_name TEXT,
    option3_name TEXT,
    position BIGINT NOT NULL
);

CREATE TABLE collection_products (
    collection_slug TEXT NOT NULL REFERENCES collections (slug),
    product_slug TEXT NOT NULL REFERENCES products (slug),
    PRIMARY KEY (collection_slug, product_slug)
);

CREATE INDEX collection_products_by_product ON collection_products (product_slug);

CREATE TABLE variants (
    -- Letters, digits and '-' only: it stands in the cart cookie.
    id TEXT NOT NULL PRIMARY KEY,
    product_slug TEXT NOT NULL REFERENCES products (slug),
    sku TEXT NOT NULL UNIQUE,
    option1 TEXT,
    option2 TEXT,
    option3 TEXT,
    unit_amount BIGINT NOT NULL CHECK (unit_amount >= 0),
    -- What lies on the shelf, held pieces included. What can be sold is on_hand - held.
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    position BIGINT NOT NULL,
    CHECK (held <= on_hand)
);

CREATE INDEX variants_by_product ON variants (product_slug);
