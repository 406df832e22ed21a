-- SQLite uses a partial index only where the query repeats its condition, and the kind of what is looked up is a
-- parameter. So these depend on the member alone.
DROP INDEX objects_by_payment_intent;
CREATE INDEX objects_by_payment_intent ON objects (json_extract(body, '$.payment_intent'), kind)
    WHERE json_extract(body, '$.payment_intent') IS NOT NULL;
DROP INDEX objects_by_charge;
CREATE INDEX objects_by_charge ON objects (json_extract(body, '$.charge'), kind)
    WHERE json_extract(body, '$.charge') IS NOT NULL;
