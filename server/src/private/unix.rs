use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The permissions of a folder and of a file that only the user may use.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// The permissions of everybody else.
const OTHERS: u32 = 0o077;

/// Makes a folder that only this user may enter. One that is there and wider is left as it is, with
/// a warning: it may hold things of other programs.
pub(crate) fn make_folder(path: &Path) -> anyhow::Result<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    let is_new = !path.exists();
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER)
        .create(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    if !is_new && mode(path).is_some_and(|mode| mode & OTHERS != 0) {
        tracing::warn!(
            folder = %path.display(),
            "other users of this machine may enter the folder with the shop's data; chmod 700 keeps them out"
        );
    }
    Ok(())
}

/// Makes a folder that holds nothing but the shop's own files. One that is there and wider is
/// narrowed.
pub(crate) fn make_own_folder(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return make_folder(path);
    }
    narrow(path, FOLDER);
    Ok(())
}

/// Makes a file that only this user may read, before a program that would make it readable for all
/// does.
pub(crate) fn make_file(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        tighten_database(path);
        return Ok(());
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(FILE)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    Ok(())
}

/// Takes the rights of other users away from a SQLite database and the files beside it, which
/// nobody but the shop uses.
pub(crate) fn tighten_database(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        narrow(&PathBuf::from(name), FILE);
    }
}

/// Takes the rights of other users away from what the shop made.
fn narrow(path: &Path, own: u32) {
    if mode(path).is_none_or(|mode| mode & OTHERS == 0) {
        return;
    }
    let path_text = path.display();
    match fs::set_permissions(path, Permissions::from_mode(own)) {
        Ok(()) => {
            tracing::info!(path = %path_text, "other users of this machine can no longer read it")
        }
        Err(error) => {
            tracing::warn!(path = %path_text, %error, "other users of this machine can read the shop's data; chmod {own:o} keeps it private")
        }
    }
}

fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.permissions().mode())
}
