-- The owner's list of orders, newest first, without a look at every order there is.
CREATE INDEX orders_list ON orders (COALESCE(paid_at, created_at) DESC, number DESC)
    WHERE paid_at IS NOT NULL OR flag IS NOT NULL;
