use std::path::Path;

use anyhow::Context;

/// Makes a folder. Who may enter it is what its parent says.
pub(crate) fn make_folder(path: &Path) -> anyhow::Result<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))
}

/// Makes a folder in one of the shop's own.
pub(crate) fn make_own_folder(path: &Path) -> anyhow::Result<()> {
    make_folder(path)
}

/// Leaves it to the program that uses the file to make it.
pub(crate) const fn make_file(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// Leaves the rights as the folder gives them.
pub(crate) const fn tighten_database(_: &Path) {}
