//! Draws the pictures of the demo shop, the same bytes from the same seeds.
//!
//! `cargo run -p art` rewrites them; `cargo run -p art -- --check` only says whether they are up to date.

// Drawing is geometry; money never passes through here.
#![allow(clippy::float_arithmetic)]

mod drawings;
mod gallery;
mod geometry;
mod isoline;
mod noise;
mod palette;
mod path;
mod random;
mod svg;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use gallery::PICTURES;

fn main() -> ExitCode {
    let outcome = match env::args().nth(1).as_deref() {
        None => write_all(),
        Some("--check") => check_all(),
        Some(_) => {
            eprintln!("usage: art [--check]");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("art: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Draws every picture and removes those that are no longer drawn.
fn write_all() -> io::Result<bool> {
    fs::create_dir_all(public().join("art"))?;
    for stray in strays()? {
        fs::remove_file(stray)?;
    }
    for picture in PICTURES {
        fs::write(public().join(picture.file), picture.svg())?;
    }
    Ok(true)
}

/// Tells which files differ from what would be drawn; true when none do.
fn check_all() -> io::Result<bool> {
    let mut stale = strays()?;
    for picture in PICTURES {
        let file = public().join(picture.file);
        if fs::read_to_string(&file).unwrap_or_default() != picture.svg() {
            stale.push(file);
        }
    }
    for file in &stale {
        eprintln!("not what is drawn: {}", file.display());
    }
    Ok(stale.is_empty())
}

/// Pictures on disk that no drawing makes.
fn strays() -> io::Result<Vec<PathBuf>> {
    let mut strays = Vec::new();
    for entry in fs::read_dir(public().join("art"))? {
        let file = entry?.path();
        let is_picture = file.extension().is_some_and(|extension| extension == "svg");
        if is_picture
            && !PICTURES
                .iter()
                .any(|picture| public().join(picture.file) == file)
        {
            strays.push(file);
        }
    }
    strays.sort();
    Ok(strays)
}

fn public() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public")
}

#[cfg(test)]
mod tests {
    use super::check_all;

    #[test]
    fn the_committed_pictures_are_what_the_program_draws() {
        assert!(
            matches!(check_all(), Ok(true)),
            "run `cargo run -p art` and commit the result"
        );
    }
}
