use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::Context;

use crate::compressed::files;
use crate::steps::{self, Profile};

/// The sources of a page.
const SOURCES: [&str; 11] = [
    "app/src",
    "ui/src",
    "frontend/src",
    "server/src",
    "crates",
    "migrations",
    "style",
    "public",
    "frontend/start.js",
    "frontend/checkout.js",
    "Cargo.toml",
];

/// The pause between two looks at the sources.
const PAUSE: Duration = Duration::from_millis(500);

/// Builds and serves, again whenever a source changes, until it is stopped.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut server: Option<Child> = None;
    let mut seen = None;
    loop {
        let newest = newest_change()?;
        if seen == Some(newest) {
            sleep(PAUSE);
            continue;
        }
        seen = Some(newest);
        match rebuild() {
            Ok(()) => {
                if let Some(mut old) = server.take() {
                    old.kill().context("the server cannot be stopped")?;
                    old.wait().context("the server cannot be stopped")?;
                }
                let new = Command::new("cargo")
                    .args(["run", "--package", "server"])
                    .spawn();
                server = Some(new.context("the server cannot be started")?);
            }
            Err(error) => eprintln!("site: {error:#}; waiting for a change"),
        }
    }
}

fn rebuild() -> anyhow::Result<()> {
    let status = Command::new("cargo")
        .args(["build", "--package", "server"])
        .status()?;
    anyhow::ensure!(status.success(), "the server does not build");
    steps::build(Profile::Dev)
}

fn newest_change() -> anyhow::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in SOURCES.map(Path::new) {
        let files = if source.is_dir() {
            files(source)?
        } else {
            vec![source.to_owned()]
        };
        for file in files {
            // An editor may have moved the file away a moment ago.
            if let Ok(changed) = file.metadata().and_then(|metadata| metadata.modified()) {
                newest = newest.max(changed);
            }
        }
    }
    Ok(newest)
}
