-- Money that goes back, disputes, and what has to be told to whom. Times are Unix seconds, amounts minor units.

-- How the goods left.
ALTER TABLE orders ADD COLUMN shipped_at BIGINT;
ALTER TABLE orders ADD COLUMN carrier TEXT;
ALTER TABLE orders ADD COLUMN tracking_number TEXT;

CREATE INDEX orders_open ON orders (status, created_at);
CREATE INDEX orders_by_payment_intent ON orders (payment_intent_id);

CREATE TABLE refunds (
    -- The shop's name for it, and the idempotency key of the call that makes it.
    id TEXT NOT NULL PRIMARY KEY,
    -- Stripe's name for it, once Stripe has it.
    stripe_id TEXT UNIQUE,
    -- Empty while the payment that it belongs to has not arrived yet, or when it is another integration's.
    order_id TEXT REFERENCES orders (id),
    payment_intent_id TEXT,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('requested', 'refused', 'pending', 'requires_action', 'succeeded', 'canceled', 'failed')
    ),
    source TEXT NOT NULL CHECK (source IN ('owner', 'dashboard', 'automatic')),
    reason TEXT,
    note TEXT,
    failure TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refunds_by_payment_intent ON refunds (payment_intent_id);
CREATE INDEX refunds_by_status ON refunds (status);

CREATE TABLE refund_lines (
    refund_id TEXT NOT NULL REFERENCES refunds (id),
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- How many of them lie on the shelf again.
    restocked BIGINT NOT NULL CHECK (restocked >= 0 AND restocked <= quantity),
    PRIMARY KEY (refund_id, variant_id)
);

CREATE TABLE disputes (
    -- Stripe's name for it (du_…).
    id TEXT NOT NULL PRIMARY KEY,
    -- Empty while the payment that it belongs to has not arrived yet, or when it is another integration's.
    order_id TEXT REFERENCES orders (id),
    payment_intent_id TEXT,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    due_by BIGINT,
    funds TEXT NOT NULL CHECK (funds IN ('kept', 'withdrawn', 'reinstated')),
    opened_at BIGINT NOT NULL,
    told_at BIGINT NOT NULL
);

CREATE INDEX disputes_by_order ON disputes (order_id);
CREATE INDEX disputes_by_payment_intent ON disputes (payment_intent_id);

-- E-mails to send: written with what they tell about, sent afterwards, each once.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Which of several of its kind it is, for one order.
    subject TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL,
    sent_at BIGINT,
    -- Why the last attempt failed; never an address.
    last_error TEXT,
    UNIQUE (order_id, kind, subject)
);

CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE sent_at IS NULL;

-- An event may have to wait for the payment that it is about.
CREATE TABLE webhook_events_2 (
    id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    -- The object that the event is about, such as cs_… .
    object_id TEXT,
    order_id TEXT,
    received_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (
        outcome IN ('applied', 'unchanged', 'flagged', 'waiting', 'ignored', 'wrong_mode')
    )
);

INSERT INTO webhook_events_2 (id, type, object_id, order_id, received_at, outcome)
SELECT id, type, object_id, order_id, received_at, outcome FROM webhook_events;

DROP TABLE webhook_events;
ALTER TABLE webhook_events_2 RENAME TO webhook_events;

CREATE INDEX webhook_events_by_order ON webhook_events (order_id);
CREATE INDEX webhook_events_by_time ON webhook_events (received_at);
