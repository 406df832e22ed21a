-- What card networks report as probably fraudulent, before anybody disputes it.

CREATE TABLE early_fraud_warnings (
    -- Stripe's name for it (issfr_…).
    id TEXT NOT NULL PRIMARY KEY,
    -- Empty while the payment that it belongs to has not arrived yet, or when it is another integration's.
    order_id TEXT REFERENCES orders (id),
    payment_reference TEXT NOT NULL,
    -- Why, as Stripe names it, such as made_with_stolen_card.
    fraud_type TEXT NOT NULL,
    -- Whether a refund would still help (1), or the charge was refunded in full or disputed (0).
    is_actionable BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When Stripe last reported it.
    reported_at BIGINT NOT NULL
);

CREATE INDEX early_fraud_warnings_by_order ON early_fraud_warnings (order_id);
CREATE INDEX early_fraud_warnings_by_payment_reference ON early_fraud_warnings (payment_reference);
