//! Days on which something beside the shop fails or attacks it: the disk, the database, clients.

/// Clients that are slow, silent or many.
mod clients;
/// A database that does not answer.
mod database;
/// A disk that takes nothing more.
#[cfg(target_os = "linux")]
mod disk;
