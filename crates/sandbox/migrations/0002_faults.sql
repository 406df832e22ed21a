-- A delivery can be held back until a later one to the same endpoint went out, and be lost on purpose: its state is
-- then `dropped`.
ALTER TABLE deliveries ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_held ON deliveries (url, id) WHERE held = 1;
