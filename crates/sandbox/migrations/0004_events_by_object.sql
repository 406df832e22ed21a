-- The dashboard shows what happened to an object.
CREATE INDEX events_by_object ON objects (kind, json_extract(body, '$.data.object.id')) WHERE kind = 'event';
