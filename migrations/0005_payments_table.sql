-- A payment is a row of its own: it knows its provider, mode and account, and its id and attempt make the
-- idempotency keys. An order's status is the fold of its payments. Times are Unix seconds, amounts minor units.

CREATE TABLE payments (
    id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    provider TEXT NOT NULL CHECK (provider IN ('stripe_checkout')),
    mode TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    -- The provider's account (acct_…), where the API key may tell it.
    account TEXT,
    -- What the shopper pays in (a Checkout Session, cs_…), once the provider made it.
    reference TEXT,
    -- The movement of money (a PaymentIntent, pi_…), once known. Refunds and disputes name it.
    payment_reference TEXT,
    state TEXT NOT NULL CHECK (
        state IN ('open', 'processing', 'captured', 'mismatched', 'failed', 'expired')
    ),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    -- What the provider says it brought, which is compared with amount and currency.
    captured_amount BIGINT,
    captured_currency TEXT,
    created_at BIGINT NOT NULL,
    -- When the shopper can no longer pay in it.
    expires_at BIGINT NOT NULL,
    -- How often its creation was begun with a new idempotency key.
    attempt BIGINT NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    -- When the provider was last asked about it.
    asked_at BIGINT,
    UNIQUE (provider, mode, reference)
);

CREATE UNIQUE INDEX payments_one_open_by_order ON payments (order_id) WHERE state IN ('open', 'processing');
CREATE INDEX payments_by_order ON payments (order_id);
CREATE INDEX payments_by_payment_reference ON payments (payment_reference);
CREATE INDEX payments_to_ask_about ON payments (state, asked_at, created_at) WHERE state IN ('open', 'processing');

-- The payment of an order that is there already has the order's id, so that the idempotency keys stay as they were.
INSERT INTO payments (
    id, order_id, provider, mode, reference, payment_reference, state, amount, currency,
    captured_amount, captured_currency, created_at, expires_at
)
SELECT
    id, id, 'stripe_checkout',
    CASE
        WHEN checkout_session_id LIKE 'cs_live_%' THEN 'live'
        WHEN checkout_session_id IS NULL
            AND EXISTS (SELECT 1 FROM orders o WHERE o.checkout_session_id LIKE 'cs_live_%') THEN 'live'
        ELSE 'test'
    END,
    checkout_session_id, payment_intent_id,
    CASE
        WHEN status IN ('paid', 'partially_refunded', 'refunded') THEN 'captured'
        WHEN flag = 'amount_mismatch' THEN 'mismatched'
        WHEN status = 'pending' THEN 'open'
        ELSE status
    END,
    amount_total, currency,
    CASE WHEN status IN ('paid', 'partially_refunded', 'refunded') THEN amount_total END,
    CASE WHEN status IN ('paid', 'partially_refunded', 'refunded') THEN currency END,
    created_at, expires_at
FROM orders;

UPDATE orders SET status = 'processing'
WHERE flag = 'amount_mismatch' AND status IN ('pending', 'failed', 'expired');

DROP INDEX orders_by_payment_intent;
ALTER TABLE orders DROP COLUMN payment_intent_id;
ALTER TABLE orders DROP COLUMN expires_at;
-- SQLite cannot drop a UNIQUE column; it is empty from here on.
UPDATE orders SET checkout_session_id = NULL;

-- What the owner noted when deciding about a flag.
ALTER TABLE orders ADD COLUMN flag_note TEXT;

ALTER TABLE refunds RENAME COLUMN payment_intent_id TO payment_reference;
ALTER TABLE refunds ADD COLUMN payment_id TEXT REFERENCES payments (id);
ALTER TABLE refunds ADD COLUMN attempt BIGINT NOT NULL DEFAULT 1;
UPDATE refunds SET payment_id = order_id;
CREATE INDEX refunds_by_payment ON refunds (payment_id);

ALTER TABLE disputes RENAME COLUMN payment_intent_id TO payment_reference;
ALTER TABLE disputes ADD COLUMN payment_id TEXT REFERENCES payments (id);
-- Whether Stripe still takes a refund of the charge (1) or not (0).
ALTER TABLE disputes ADD COLUMN is_charge_refundable BIGINT NOT NULL DEFAULT 1;
-- Whether the decision was appealed (1) or not (0).
ALTER TABLE disputes ADD COLUMN is_appealed BIGINT NOT NULL DEFAULT 0;
UPDATE disputes SET payment_id = order_id;
UPDATE disputes SET is_appealed = 1 WHERE status IN ('appeal_needs_response', 'appeal_under_review');
CREATE INDEX disputes_by_payment ON disputes (payment_id);
