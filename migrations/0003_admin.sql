-- The owner's sign-in. Only hashes are kept: a copy of the database opens nothing.

CREATE TABLE admin_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sign_in_failures (
    id TEXT NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    failed_at BIGINT NOT NULL
);

CREATE INDEX sign_in_failures_by_client ON sign_in_failures (client, failed_at);
