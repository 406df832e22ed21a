-- Parcels of orders, and what each holds. Times are Unix seconds.

CREATE TABLE parcels (
    order_id TEXT NOT NULL REFERENCES orders (id),
    -- The admin's decision: unique in its order, so that a second click sends no second parcel.
    id TEXT NOT NULL,
    -- The place among the order's parcels, from 0.
    position BIGINT NOT NULL,
    carrier TEXT,
    tracking_number TEXT,
    shipped_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (order_id, id)
);

CREATE TABLE parcel_lines (
    order_id TEXT NOT NULL,
    parcel_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, parcel_id, variant_id),
    FOREIGN KEY (order_id, parcel_id) REFERENCES parcels (order_id, id)
);

-- How far the goods are: what the order's lines, refunds and parcels come to.
ALTER TABLE orders ADD COLUMN shipping TEXT NOT NULL DEFAULT 'nothing' CHECK (
    shipping IN ('nothing', 'to_pack', 'partly_shipped', 'shipped', 'delivered')
);

CREATE INDEX orders_to_ship ON orders (paid_at, number) WHERE shipping IN ('to_pack', 'partly_shipped');

-- An order had one shipment of everything that was not refunded by then.
INSERT INTO parcels (order_id, id, position, carrier, tracking_number, shipped_at)
SELECT id, id, 0, carrier, tracking_number, shipped_at FROM orders WHERE shipped_at IS NOT NULL;

INSERT INTO parcel_lines (order_id, parcel_id, variant_id, quantity)
SELECT order_id, order_id, variant_id, quantity
FROM (
    SELECT orders.id AS order_id, order_lines.variant_id AS variant_id,
           SUM(order_lines.quantity) - COALESCE((
               SELECT SUM(refund_lines.quantity)
               FROM refunds JOIN refund_lines ON refund_lines.refund_id = refunds.id
               WHERE refunds.order_id = orders.id AND refund_lines.variant_id = order_lines.variant_id
                 AND refunds.created_at < orders.shipped_at
                 AND refunds.status IN ('requested', 'pending', 'requires_action', 'succeeded')), 0) AS quantity
    FROM orders JOIN order_lines ON order_lines.order_id = orders.id
    WHERE orders.shipped_at IS NOT NULL
    GROUP BY orders.id, orders.shipped_at, order_lines.variant_id
) AS packed
WHERE quantity > 0;

UPDATE orders SET shipping = 'shipped' WHERE shipped_at IS NOT NULL;

UPDATE orders SET shipping = 'to_pack'
WHERE shipped_at IS NULL AND stock = 'sold' AND status IN ('paid', 'partially_refunded')
  AND EXISTS (
      SELECT 1 FROM order_lines
      WHERE order_lines.order_id = orders.id
        AND order_lines.quantity > COALESCE((
            SELECT SUM(refund_lines.quantity)
            FROM refunds JOIN refund_lines ON refund_lines.refund_id = refunds.id
            WHERE refunds.order_id = orders.id AND refund_lines.variant_id = order_lines.variant_id
              AND refunds.status IN ('requested', 'pending', 'requires_action', 'succeeded')), 0));

-- The e-mail about a shipment is now about its parcel.
UPDATE outbox SET subject = order_id
WHERE kind = 'shipped' AND subject = ''
  AND EXISTS (SELECT 1 FROM parcels WHERE parcels.order_id = outbox.order_id);
