//! The command line of the shop.

use std::process::ExitCode;

use clap::Parser;
use server::cli::Cli;

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
