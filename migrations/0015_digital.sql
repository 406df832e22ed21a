-- Products that are delivered as files or license keys. Times are Unix seconds.

-- Products of which each piece needs a license key: those that ever had one.
CREATE TABLE key_lists (
    product_slug TEXT NOT NULL PRIMARY KEY REFERENCES products (slug)
);

-- Files below DATA_DIR, by the name that is their id.
CREATE TABLE digital_files (
    id TEXT NOT NULL PRIMARY KEY,
    product_slug TEXT NOT NULL REFERENCES products (slug),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX digital_files_by_product ON digital_files (product_slug, created_at);

-- The way of a line to its buyer, as it was agreed.
ALTER TABLE order_lines ADD COLUMN kind TEXT NOT NULL DEFAULT 'shipped' CHECK (kind IN ('shipped', 'digital'));

CREATE TABLE download_access (
    order_id TEXT NOT NULL REFERENCES orders (id),
    file_id TEXT NOT NULL REFERENCES digital_files (id),
    granted_at BIGINT NOT NULL,
    -- Downloads that were begun, and bytes that were asked for.
    downloads BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, file_id)
);

CREATE TABLE license_keys (
    id TEXT NOT NULL PRIMARY KEY,
    product_slug TEXT NOT NULL REFERENCES key_lists (product_slug),
    license_key TEXT NOT NULL,
    -- The order that took it, for ever.
    order_id TEXT REFERENCES orders (id),
    taken_at BIGINT,
    UNIQUE (product_slug, license_key)
);

CREATE INDEX license_keys_free ON license_keys (product_slug, id) WHERE order_id IS NULL;
CREATE INDEX license_keys_by_order ON license_keys (order_id);

-- Keys that an order is to have of a product.
CREATE TABLE keys_due (
    order_id TEXT NOT NULL REFERENCES orders (id),
    product_slug TEXT NOT NULL REFERENCES key_lists (product_slug),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, product_slug)
);

CREATE INDEX keys_due_by_product ON keys_due (product_slug, granted_at);
