//! Checks the signature of a webhook by hand, as when a shop refuses what another program says it
//! signed:
//!
//! ```text
//! verify_webhook SECRET STRIPE_SIGNATURE <body
//! ```
//!
//! Stripe's own libraries sign bodies for tests; the sandbox's contract tests give what they signed
//! to this program.

use std::error::Error;
use std::io::{Read, stdin};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use payments::signature::{Secrets, verify};

fn main() -> ExitCode {
    match run() {
        Ok(()) => {
            println!("verified");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("refused: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [secret, header] = arguments.as_slice() else {
        return Err("usage: verify_webhook SECRET STRIPE_SIGNATURE <body".into());
    };
    let mut body = Vec::new();
    stdin().read_to_end(&mut body)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    verify(&Secrets::parse(secret), header, &body, i64::try_from(now)?)?;
    Ok(())
}
