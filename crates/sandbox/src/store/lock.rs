//! One sandbox for one state file: another one would take its endpoints away and deliver its
//! events, too.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Holds the state file for this process. The operating system lets go of it when the process ends,
/// however it does.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the file, or returns nothing if another sandbox has it. The lock is on a file beside
    /// it, because SQLite has locks of its own on the state file.
    pub(crate) fn take(state: &Path) -> io::Result<Option<Self>> {
        let mut name = state.as_os_str().to_owned();
        name.push(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(PathBuf::from(name))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Lets the next one have the file, although this process goes on.
    pub(crate) fn release(&self) -> io::Result<()> {
        self.0.unlock()
    }
}
