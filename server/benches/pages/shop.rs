use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use crate::client::{Request, header};

/// A shop that serves, in a process and on a database of its own.
pub(crate) struct Shop {
    pub(crate) addr: SocketAddr,
    /// The admin's cookie.
    pub(crate) admin: String,
    /// Variants that can be bought.
    pub(crate) variants: Vec<String>,
    /// From its start until it answered.
    pub(crate) start: Duration,
    process: Child,
}

const PASSWORD: &str = "not used by anybody else";

impl Shop {
    /// Fills a database in `folder` with the demo and so many products and orders more, and serves.
    pub(crate) fn open(folder: &Path, products: u32, orders: u32) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let addr = free_port()?;
        let sandbox = free_port()?;
        let site = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/site");
        let url = format!("sqlite://{}", folder.join("shop.db").display());
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
            command
                .current_dir(folder)
                .env("DATABASE_URL", &url)
                .env("DATA_DIR", folder.join("data"))
                .env("LEPTOS_SITE_ADDR", addr.to_string())
                .env("LEPTOS_SITE_ROOT", &site)
                .env("SANDBOX_ADDR", sandbox.to_string())
                .env("ADMIN_PASSWORD", PASSWORD)
                .env("RUST_LOG", "error");
            for name in [
                "CHECKOUT_OPEN_ORDERS",
                "CHECKOUT_HELD_PIECES",
                "CHECKOUT_BURST",
                "CHECKOUT_SHOP_BURST",
                "CHECKOUT_SHOP_RATE",
            ] {
                command.env(name, "1000000");
            }
            command.env("CHECKOUT_HELD_PERCENT", "100");
            command.env("CHECKOUT_SECONDS", "1");
            command.stdout(Stdio::null());
            command
        };
        let seed = command()
            .args(["seed", "--products", &products.to_string()])
            .args(["--orders", &orders.to_string()])
            .status()?;
        ensure!(seed.success(), "the shop cannot be filled");
        let variants = runtime()?.block_on(stock(&url))?;
        let start = Instant::now();
        let process = command().spawn()?;
        let mut shop = Self {
            addr,
            admin: String::new(),
            variants,
            start: Duration::ZERO,
            process,
        };
        let health = Request::get(addr, "/healthz", "");
        while health.once().is_err() {
            if start.elapsed() > Duration::from_secs(30) || shop.process.try_wait()?.is_some() {
                bail!("the shop does not start");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        shop.start = start.elapsed();
        let form = format!("password={}", PASSWORD.replace(' ', "+"));
        let answer = Request::post(addr, "/api/sign_in", &form, "").once()?;
        shop.admin = header(&answer.head, "set-cookie")
            .and_then(|cookie| cookie.split(';').next())
            .context("the admin cannot sign in")?
            .to_owned();
        Ok(shop)
    }

    /// Its memory in MB, shared pages counted in part; none where the system does not tell.
    pub(crate) fn memory(&self) -> Option<u64> {
        let path = format!("/proc/{}/smaps_rollup", self.process.id());
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find(|line| line.starts_with("Pss:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes that there is enough of everything, and answers fifty variants.
async fn stock(url: &str) -> anyhow::Result<Vec<String>> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await?;
    let stock = "UPDATE variants SET on_hand = 10000000";
    connection.execute(AssertSqlSafe(stock)).await?;
    let variants = "SELECT id FROM variants ORDER BY id LIMIT 50";
    let variants: Vec<(String,)> = sqlx::query_as(variants).fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(variants.into_iter().map(|(id,)| id).collect())
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    Ok(runtime?)
}

/// An address that nobody listens at.
pub(crate) fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
