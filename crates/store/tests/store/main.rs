//! The promises of the store, on a real SQLite file or, with `TEST_POSTGRES_URL`, on a real
//! PostgreSQL server.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod catalog;
mod catalog_version;
mod events;
mod faults;
mod group_commit;
mod migration;
mod orders;
mod outbox;
mod pool;
mod stock;
mod test_store;
