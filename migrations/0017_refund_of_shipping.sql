-- 1 for a refund that gives back what was paid for the delivery, too.
ALTER TABLE refunds ADD COLUMN with_shipping BIGINT NOT NULL DEFAULT 0;
