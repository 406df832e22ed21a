use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use sqlx::{AnyConnection, Connection, Executor};
use testkit::database::Database;

use crate::finding::Finding;
use crate::rng::SeededRng;
use crate::world::{Moment, World, count};

/// The time that a start may take before the test fails.
const LONGEST_START: Duration = Duration::from_secs(60);

/// The longest wait for the right moment for a kill.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The real `storefront`, in a process of its own that can be killed.
pub(crate) struct Program {
    environment: Vec<(String, String)>,
    folder: PathBuf,
    child: Mutex<Option<Child>>,
    kills: Mutex<Vec<Kill>>,
}

/// A power cut.
#[derive(Clone, Debug)]
pub(crate) struct Kill {
    pub(crate) at: Instant,
    /// The e-mails that the database did not know to be sent.
    pub(crate) unsent: HashSet<String>,
}

impl Program {
    pub(crate) fn new(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut environment: Vec<_> = environment.iter().map(own).collect();
        for (name, path) in [("DATA_DIR", "data"), ("LEPTOS_SITE_ROOT", "site")] {
            environment.push((name.to_owned(), folder.join(path).display().to_string()));
        }
        Self {
            environment,
            folder: folder.to_owned(),
            child: Mutex::default(),
            kills: Mutex::default(),
        }
    }

    /// Starts to serve, and waits until it does.
    pub(crate) async fn start(&self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let mut command = self.command("serve");
        command.stdout(log.try_clone().unwrap()).stderr(log);
        *self.child.lock().unwrap() = Some(command.spawn().unwrap());
        let address = &self.value("LEPTOS_SITE_ADDR");
        let ready = async {
            let http = reqwest::Client::new();
            loop {
                if let Some(status) = self.ended() {
                    panic!("the shop ended by itself, {status}: {}", self.tail());
                }
                let answer = http.get(format!("http://{address}/readyz")).send().await;
                if answer.is_ok_and(|answer| answer.status() == 200) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(LONGEST_START, ready).await.is_err() {
            panic!("the shop does not start: {}", self.tail());
        }
    }

    /// Kills it as a power cut would, at this very moment.
    pub(crate) async fn kill(&self, database: &Database) {
        let at = Instant::now();
        self.end();
        let unsent = database.texts("SELECT id FROM outbox WHERE sent_at IS NULL");
        let unsent = unsent.await.into_iter().collect();
        self.kills.lock().unwrap().push(Kill { at, unsent });
    }

    /// The same, without counting.
    pub(crate) fn end(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// When it was killed.
    pub(crate) fn kills(&self) -> Vec<Kill> {
        self.kills.lock().unwrap().clone()
    }

    /// Runs a command of it to its end.
    pub(crate) async fn run(&self, command: &str) -> Output {
        let mut command = self.command(command);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// The findings in its log: what should not be there.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        std::fs::read_to_string(self.log())
            .unwrap()
            .lines()
            .filter(|line| line.contains("panicked at"))
            .map(|line| Finding::of_nobody(format!("the shop panicked: {line}")))
            .collect()
    }

    /// Keeps the running program's files from growing, as a full disk does, or no longer.
    pub(crate) fn fill_disk(&self, is_full: bool) {
        let child = self.child.lock().unwrap();
        let Some(child) = child.as_ref() else { return };
        let limit = Rlimit {
            current: is_full.then_some(0),
            maximum: None,
        };
        // It may have ended by itself, which is found elsewhere.
        let _ = prlimit(
            Pid::from_raw(child.id().cast_signed()),
            Resource::Fsize,
            limit,
        );
    }

    fn command(&self, name: &str) -> Command {
        // A process is told that a file must not grow by a signal that would end it. Without the
        // signal the write fails, as it does on a full disk.
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$1\""])
            .arg(env!("CARGO_BIN_EXE_storefront"))
            .arg(name)
            .envs(self.environment.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    fn value(&self, name: &str) -> String {
        let mut pairs = self.environment.iter();
        let (_, value) = pairs.find(|(known, _)| known == name).unwrap();
        value.clone()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("shop.log")
    }

    fn ended(&self) -> Option<std::process::ExitStatus> {
        self.child.lock().unwrap().as_mut()?.try_wait().unwrap()
    }

    fn tail(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// Kills the shop at any moment or at one that hurts, and starts it again, all day long.
pub(crate) async fn trouble(world: Arc<World>) {
    let mut rng = world.rng("trouble");
    while world.goes_on() {
        rng.pause(100..=4000).await;
        if rng.percent(25) {
            break_database(&world, &mut rng).await;
        }
        if rng.percent(60) {
            let moment = *rng.pick(&Moment::ALL).unwrap();
            // It may be a slow day, on which it does not come.
            let _ = tokio::time::timeout(LONGEST_WAIT, world.next(moment)).await;
            rng.pause(0..=60).await;
        }
        world.program.kill(&world.database).await;
        if rng.percent(20) {
            rng.pause(0..=1000).await;
        }
        if rng.percent(40) {
            crate::emails::let_time_pass(&world).await;
        }
        world.program.start().await;
    }
}

/// Lets the database fail for a moment: the disk is full, or somebody holds what everybody writes
/// to.
async fn break_database(world: &World, rng: &mut SeededRng) {
    let is_sqlite = world.database.url.starts_with("sqlite:");
    world.change_outage();
    if is_sqlite && rng.percent(60) {
        world.program.fill_disk(true);
        rng.pause(100..=1500).await;
        world.program.fill_disk(false);
    } else {
        let freeze: &[&str] = if is_sqlite {
            &["BEGIN IMMEDIATE"]
        } else {
            &["BEGIN", "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"]
        };
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        for statement in freeze {
            // Where others are faster, it is not frozen.
            let _ = connection.execute(*statement).await;
        }
        rng.pause(100..=3000).await;
        let _ = connection.execute("ROLLBACK").await;
        let _ = connection.close().await;
    }
    world.change_outage();
}

/// Looks at the books by hand now and then, beside the shop that serves, and sometimes loses
/// patience.
pub(crate) async fn by_hand(world: Arc<World>) {
    let mut rng = world.rng("by hand");
    while world.goes_on() {
        rng.pause(500..=6000).await;
        let mut command = world.program.command("reconcile");
        if rng.percent(30) {
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            rng.pause(50..=1500).await;
            let child = child.as_mut().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
            continue;
        }
        let outages = world.outages();
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await;
        count(&world.counts.reconciled);
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // Stripe's absence is what this day is about.
        let is_expected = said.contains("Stripe did not answer") || world.had_outage(outages);
        if !output.status.success() && !is_expected {
            world.find(Finding::of_nobody(format!("reconcile failed: {said}")));
        }
    }
}
