-- Deliveries belong to a webhook endpoint, not to an address. Those of before get theirs when the sandbox starts.
ALTER TABLE deliveries ADD COLUMN endpoint TEXT NOT NULL DEFAULT '';
DROP INDEX deliveries_held;
CREATE INDEX deliveries_held ON deliveries (endpoint, id) WHERE held = 1;
CREATE INDEX deliveries_pending_by_endpoint ON deliveries (endpoint) WHERE state = 'pending';

-- The headers of the request as JSON. Its body is the event.
ALTER TABLE attempts ADD COLUMN request TEXT NOT NULL DEFAULT '{}';
