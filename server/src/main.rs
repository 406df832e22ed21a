//! The command line of the shop.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use server::cli::Cli;

/// Pages are many small allocations: with the system's allocator a sixth of the time went into them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // A missing .env is the normal case; a broken one should be heard of.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("storefront: .env cannot be read: {error}");
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("storefront: {error:#}");
            ExitCode::FAILURE
        }
    }
}
