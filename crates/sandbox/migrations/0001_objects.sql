CREATE TABLE IF NOT EXISTS objects (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT, -- order of creation; lists show the newest first
    id      TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,                     -- the object's `object` member
    created INTEGER NOT NULL,                  -- Unix seconds
    body    TEXT NOT NULL,                     -- the object as it goes over the wire, nothing expanded
    private TEXT NOT NULL                      -- JSON of what Stripe would not show
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_by_payment_intent
    ON objects (kind, json_extract(body, '$.payment_intent')) WHERE kind IN ('checkout.session', 'charge');
CREATE INDEX IF NOT EXISTS open_sessions
    ON objects (json_extract(body, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';

CREATE TABLE IF NOT EXISTS deliveries (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    event   TEXT NOT NULL,
    url     TEXT NOT NULL,
    state   TEXT NOT NULL DEFAULT 'pending',   -- pending, delivered or failed
    tries   INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL                   -- Unix milliseconds of the next attempt while pending
);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_at) WHERE state = 'pending';

CREATE TABLE IF NOT EXISTS attempts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery    INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,              -- Unix milliseconds
    duration_ms INTEGER NOT NULL,
    status      INTEGER,                       -- NULL when no answer came
    response    TEXT NOT NULL                  -- the beginning of the answer, or why there was none
);
CREATE INDEX IF NOT EXISTS attempts_by_delivery ON attempts (delivery);

CREATE TABLE IF NOT EXISTS answers (           -- for idempotency keys
    api_key     TEXT NOT NULL,
    key         TEXT NOT NULL,
    created     INTEGER NOT NULL,              -- Unix seconds
    fingerprint TEXT NOT NULL,                 -- of method, path and parameters
    status      INTEGER NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (api_key, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
