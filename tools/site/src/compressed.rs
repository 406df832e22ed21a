use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The types that are worth compressing; pictures of other kinds are compressed already.
const TEXTUAL: [&str; 7] = ["wasm", "js", "css", "svg", "txt", "json", "html"];

/// All files below a folder, in a stable order.
pub(crate) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Copies everything below a folder.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    for file in files(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, copy)?;
    }
    Ok(())
}

/// Puts a brotli and a gzip twin beside each file that is worth it, and answers the files' sizes after brotli.
pub(crate) fn compress_folder(
    folder: &Path,
    is_thorough: bool,
) -> anyhow::Result<HashMap<PathBuf, usize>> {
    let (quality, level) = if is_thorough {
        (11, Compression::best())
    } else {
        (2, Compression::fast())
    };
    let mut sizes = HashMap::new();
    for file in files(folder)? {
        let extension = file.extension().and_then(|extension| extension.to_str());
        if !extension.is_some_and(|extension| TEXTUAL.contains(&extension)) {
            continue;
        }
        let content = fs::read(&file)?;
        let mut small = CompressorWriter::new(Vec::new(), 1 << 16, quality, 22);
        small.write_all(&content)?;
        let small = small.into_inner();
        sizes.insert(file.clone(), small.len());
        fs::write(twin(&file, "br"), small)?;
        let mut gzip = GzEncoder::new(Vec::new(), level);
        gzip.write_all(&content)?;
        fs::write(twin(&file, "gz"), gzip.finish()?)?;
    }
    Ok(sizes)
}

fn twin(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}
