-- What was sold, and what Stripe told about it. Times are Unix seconds.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('order_number', 1000);

CREATE TABLE orders (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    -- Which cart of which browser: a cart has one open order, so that it is not paid twice.
    cart_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('pending', 'processing', 'paid', 'failed', 'expired', 'partially_refunded', 'refunded')
    ),
    -- Where the goods are. Each step is taken once.
    stock TEXT NOT NULL CHECK (stock IN ('held', 'sold', 'released')),
    -- Why the owner has to look at it.
    flag TEXT,
    currency TEXT NOT NULL,
    amount_total BIGINT NOT NULL CHECK (amount_total >= 0),
    amount_refunded BIGINT NOT NULL DEFAULT 0 CHECK (amount_refunded >= 0 AND amount_refunded <= amount_total),
    email TEXT,
    checkout_session_id TEXT UNIQUE,
    payment_intent_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    paid_at BIGINT,
    -- Counts the transactions that had the order in hand; raising it locks the row on every engine.
    revision BIGINT NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX orders_one_open_by_cart ON orders (cart_key) WHERE status = 'pending';
CREATE INDEX orders_by_cart ON orders (cart_key, number);
CREATE INDEX orders_by_payment ON orders (paid_at, number);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    variant_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    options TEXT NOT NULL,
    image TEXT NOT NULL,
    unit_amount BIGINT NOT NULL CHECK (unit_amount >= 0),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, position)
);

-- Every event that Stripe delivered, once.
CREATE TABLE webhook_events (
    id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    -- The object that the event is about, such as cs_… .
    object_id TEXT,
    order_id TEXT,
    received_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'unchanged', 'flagged', 'ignored', 'wrong_mode'))
);

CREATE INDEX webhook_events_by_order ON webhook_events (order_id);
