-- Whose open checkouts hold how much, and the most of a product in one order.

-- A code of the network that the shopper came from, which no address can be read from; empty once the order is no
-- longer pending.
ALTER TABLE orders ADD COLUMN client TEXT;

CREATE INDEX orders_by_client ON orders (client) WHERE client IS NOT NULL;
CREATE INDEX orders_by_end ON orders (created_at) WHERE status IN ('failed', 'expired');

ALTER TABLE products ADD COLUMN quantity_limit BIGINT NOT NULL DEFAULT 99
    CHECK (quantity_limit BETWEEN 1 AND 99);

-- Failed sign-ins are counted in memory: what a stranger sends there writes nothing.
DROP TABLE sign_in_failures;
DELETE FROM counters WHERE name = 'sign_in_attempts';
