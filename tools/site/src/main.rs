//! Builds what the browser gets, into `target/site`: the WASM of the islands, the script that wakes them, the style
//! sheet, and everything in `public`, each compressed. `site` builds for release, and `site --budget` fails
//! when the result is too large, as tests want it; `site --dev` builds quickly;
//! `site --watch` builds quickly and runs the server, again whenever a source changes.

/// Copies with a compressed twin beside them.
mod compressed;
/// The steps of a build.
mod steps;
/// Building again on change.
mod watch;

use std::process::ExitCode;

use steps::Profile;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let outcome = match argument.as_deref() {
        None => steps::build(Profile::Release),
        Some("--budget") => steps::build(Profile::Budgeted),
        Some("--dev") => steps::build(Profile::Dev),
        Some("--watch") => watch::run(),
        Some(other) => {
            eprintln!("site: unknown argument {other}; use none, --budget, --dev or --watch");
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("site: {error:#}");
            ExitCode::FAILURE
        }
    }
}
