CREATE INDEX objects_by_charge
    ON objects (kind, json_extract(body, '$.charge')) WHERE kind IN ('refund', 'dispute');
CREATE INDEX balance_by_source
    ON objects (json_extract(body, '$.source')) WHERE kind = 'balance_transaction';
CREATE INDEX objects_due -- what time alone will change, and when
    ON objects (json_extract(private, '$.due_at')) WHERE json_extract(private, '$.due_at') IS NOT NULL;
