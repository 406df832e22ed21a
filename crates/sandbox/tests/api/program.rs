//! The program itself: its command line, and being killed at the worst moment.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::api_client::{eventually, order};
use crate::webhook_receiver::Endpoint;

/// The program as a process, killed when dropped.
struct Program {
    process: Child,
    base_url: String,
}

impl Program {
    fn start(state: &Path, arguments: &[&str]) -> Self {
        Self::start_in(&[], state, arguments)
    }

    /// Starts it with these variables in its environment.
    fn start_in(variables: &[(&str, &str)], state: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .envs(variables.iter().copied())
            .args(["--addr", "127.0.0.1:0", "--state"])
            .arg(state)
            .args(arguments)
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base_url = line
            .split(' ')
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .to_owned();
        Self { process, base_url }
    }

    /// SIGKILL: nothing can be tidied up.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> serde_json::Value {
        let request = reqwest::Client::new()
            .post(format!("{}{path}", self.base_url))
            .bearer_auth("sk_test_sandbox")
            .form(form);
        request.send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

#[tokio::test]
async fn answers_and_deliveries_outlive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.db");
    let endpoint = Endpoint::start().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", silent.local_addr().unwrap());
    let arguments = [
        "--webhook-url",
        endpoint.url(),
        "--webhook-url",
        &address,
        "--delivery-timeout",
        "1h",
        "--retries",
        "10ms,10ms",
    ];
    let mut program = Program::start(&state, &arguments);
    let session = program.post("/v1/checkout/sessions", &order()).await;
    let path = format!(
        "/v1/checkout/sessions/{}/expire",
        session["id"].as_str().unwrap()
    );
    assert_eq!(program.post(&path, &[]).await["status"], "expired");
    // The delivery has begun and will never be answered.
    let (_first, _) = silent.accept().await.unwrap();
    eventually("the other endpoint has it", async || {
        endpoint.received().len() == 1
    })
    .await;
    program.kill();

    let program = Program::start(&state, &arguments);
    let (_second, _) = silent.accept().await.unwrap();
    let page = reqwest::get(format!("{}/sandbox/deliveries", program.base_url));
    let log: serde_json::Value = page.await.unwrap().json().await.unwrap();
    let states: Vec<_> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| delivery["url"] == address.as_str() && delivery["state"] == "pending")
        .collect();
    assert_eq!(states.iter().filter(|pending| **pending).count(), 1);
    assert_eq!(
        program.post(&path, &[]).await["error"]["type"],
        "invalid_request_error"
    );
}

#[tokio::test]
async fn variables_that_are_set_to_nothing_are_as_good_as_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "SANDBOX_ADDR",
        "SANDBOX_PUBLIC_URL",
        "SANDBOX_STATE",
        "SANDBOX_SECRET_KEY",
        "SANDBOX_WEBHOOK_SECRET",
        "SANDBOX_RECORD",
    ];
    let empty = names.map(|name| (name, ""));
    let program = Program::start_in(&empty, &folder.path().join("state.db"), &[]);
    let session = program.post("/v1/checkout/sessions", &order()).await;
    let url = session["url"].as_str().unwrap();
    assert!(url.starts_with(&program.base_url), "{url}");
}

#[test]
fn help_names_every_option_and_an_unknown_one_is_an_error() {
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(arguments)
            .output()
            .unwrap()
    };
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for option in [
        "--addr",
        "--state",
        "--webhook-url",
        "--retries",
        "--faults",
    ] {
        assert!(help.contains(option), "{option}");
    }
    for (arguments, told) in [
        (
            &["--faults", "webhook_dorp=1"][..],
            "no fault named webhook_dorp",
        ),
        (&["--faults", "webhook_drop=101"], "from 0 to 100"),
        (&["--retries", "1s,soon"], "is not a time"),
        (
            &["--addr", "0.0.0.0:0"],
            "can be reached from other machines",
        ),
    ] {
        let output = run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && errors.contains(told),
            "{errors}"
        );
    }
}

#[tokio::test]
async fn a_second_one_keeps_away_from_the_state_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.db");
    let endpoint = Endpoint::start().await;
    let mut first = Program::start(&state, &["--webhook-url", endpoint.url()]);
    let second = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["--addr", "127.0.0.1:0", "--state"])
        .arg(&state)
        .env("RUST_LOG", "off")
        .output()
        .unwrap();
    let says = String::from_utf8(second.stderr).unwrap();
    assert!(
        !second.status.success() && says.contains("another sandbox uses the state file"),
        "{says}"
    );
    first.post("/v1/checkout/sessions", &order()).await;
    let customer = first.post("/v1/customers", &[]).await;
    assert_eq!(customer["object"], "customer");
    let is_told = || async { endpoint.count("customer.created") == 1 };
    eventually("the customer's webhook", is_told).await;
    first.kill();
    drop(Program::start(&state, &[]));
}
