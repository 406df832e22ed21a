-- The first products, without a look at all of them.
CREATE INDEX products_by_position ON products (position);
