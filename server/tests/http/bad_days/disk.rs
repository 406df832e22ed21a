use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use testkit::browser::Browser;
use testkit::database::Database;

use crate::site::PASSWORD;
use crate::webhook::{now, sign};

const SECRET: &str = "whsec_disk";

/// The real program, in a process of its own whose files can be kept from growing.
struct Program {
    child: Child,
    base: String,
    database: Database,
    _folder: tempfile::TempDir,
}

/// A Stripe that does not answer, and how its webhooks are signed.
const STRIPE_ELSEWHERE: [(&str, &str); 3] = [
    ("STRIPE_SECRET_KEY", "sk_test_elsewhere"),
    ("STRIPE_API_BASE", "http://127.0.0.1:9"),
    ("STRIPE_WEBHOOK_SECRET", SECRET),
];

impl Program {
    async fn start(stripe: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::empty().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        drop(listener);
        // A process is told that a file must not grow by a signal that would end it. Without the
        // signal the write fails, as it does on a full disk.
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" serve"])
            .arg(env!("CARGO_BIN_EXE_storefront"))
            .envs([
                ("DATABASE_URL", database.url.as_str()),
                ("LEPTOS_SITE_ADDR", &addr.to_string()),
                ("SANDBOX_ADDR", "127.0.0.1:0"),
                ("ADMIN_PASSWORD", PASSWORD),
                ("RUST_LOG", "off"),
            ])
            .envs(stripe.iter().copied())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self {
            child,
            base: format!("http://{addr}"),
            database,
            _folder: folder,
        };
        program.ready_until(200, Duration::from_secs(60)).await;
        program.database.drop_checkout_rules().await;
        program
    }

    /// The largest file that it may write.
    fn limit_files(&self, bytes: Option<u64>) {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(pid, Resource::Fsize, limit).unwrap();
    }

    /// Sends an event, which is one row in the database.
    async fn deliver(&self, id: &str) -> u16 {
        let body = json!({ "id": id, "type": "a", "data": { "object": {} }}).to_string();
        let request = reqwest::Client::new()
            .post(format!("{}/webhooks/stripe", self.base))
            .header("stripe-signature", sign(SECRET, now(), &body))
            .body(body);
        request.send().await.unwrap().status().as_u16()
    }

    async fn ready_until(&self, status: u16, timeout: Duration) {
        let start = Instant::now();
        loop {
            let answer = Browser::at(&self.base).try_get("/readyz").await;
            if answer.is_ok_and(|answer| answer.status == status) {
                return;
            }
            assert!(start.elapsed() < timeout, "/readyz is never {status}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn full_disk_stops_writes_and_nothing_when_there_is_room_again() {
    let program = Program::start(&STRIPE_ELSEWHERE).await;
    if program.database.url.starts_with("postgres") {
        // The disk is the server's.
        return;
    }
    for round in 0..3 {
        assert_eq!(program.deliver(&format!("evt_before_{round}")).await, 200);
        program.limit_files(Some(0));
        for attempt in 0..4 {
            let status = program
                .deliver(&format!("evt_full_{round}_{attempt}"))
                .await;
            assert_eq!(status, 500);
        }
        program.ready_until(503, Duration::from_secs(5)).await;
        // What needs no write goes on.
        let browser = Browser::at(&program.base);
        assert_eq!(browser.get("/").await.status, 200);
        assert_eq!(browser.get("/healthz").await.status, 200);

        program.limit_files(None);
        let start = Instant::now();
        // The first write works.
        assert_eq!(program.deliver(&format!("evt_after_{round}")).await, 200);
        program.ready_until(200, Duration::from_secs(1)).await;
        println!("round {round}: well again after {:?}", start.elapsed());
    }
    let recorded = "SELECT COUNT(*) FROM webhook_events";
    assert_eq!(program.database.number(recorded).await, 6);
}

#[tokio::test]
async fn shop_on_the_sandbox_sells_again_when_the_disk_has_room() {
    let program = Program::start(&[]).await;
    for round in 0..3 {
        let shopper = Browser::at(&program.base);
        shopper.add("low-a4-mat", "1").await;
        program.limit_files(Some(0));
        let mut answers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let shopper = shopper.clone();
            answers.spawn(async move { shopper.post("/api/start_checkout", &[]).await });
        }
        for answer in answers.join_all().await {
            assert_eq!(answer.location(), Some("/cart?notice=checkout"), "{round}");
        }
        program.limit_files(None);
        // The first click leads to the pay page, and the payment arrives.
        let pay_page = shopper.check_out().await;
        let answer = shopper.pay(&pay_page, "4242424242424242").await;
        shopper
            .get_until(answer.location().unwrap(), ">Paid<")
            .await;
    }
}
