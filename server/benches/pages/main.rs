//! The number of pages that the shop sends each second, beside what a bare route of its web framework and other
//! servers send of the same bytes; the same with many products and orders; and what the admin's lists
//! take from the store. Measurements take turns, so that a machine that slows down slows all of them.
#![allow(clippy::unwrap_used)]

/// A client that asks again and again.
mod client;
/// Other servers.
mod peers;
/// The shop.
mod shop;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::client::{Request, Sample};
use crate::peers::Peer;
use crate::shop::Shop;

/// The number of requests that are on their way at a time, each on a connection of its own.
const CONNECTIONS: usize = 16;

/// The number of times that each measurement is made.
const ROUNDS: usize = 3;

/// A measurement, once for each round.
struct Case {
    name: String,
    request: Request,
    samples: Vec<Sample>,
}

/// The extent of the measurements.
struct Options {
    /// The time of each measurement.
    time: Duration,
    /// The size of the large shop.
    products: u32,
    orders: u32,
    /// True to fail when a lever is lost.
    is_check: bool,
}

fn main() -> anyhow::Result<()> {
    let number = |name: &str, default: u32| -> anyhow::Result<u32> {
        Ok(match std::env::var(name) {
            Ok(text) => text.parse()?,
            Err(_) => default,
        })
    };
    let options = Options {
        time: Duration::from_millis(number("BENCH_MILLISECONDS", 2000)?.into()),
        products: number("BENCH_PRODUCTS", 10_000)?,
        orders: number("BENCH_ORDERS", 1_000_000)?,
        is_check: std::env::var_os("BENCH_CHECK").is_some(),
    };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    run(folder.path(), &options)
}

fn run(folder: &Path, options: &Options) -> anyhow::Result<()> {
    println!("bench: {CONNECTIONS} connections, {ROUNDS} rounds");
    let small = Shop::open(&folder.join("small"), 0, 0)?;
    let at_rest = small.memory();
    let product = Request::get(small.addr, "/products/low-water", "");
    // Once for the memory, once for the bytes.
    product.once()?;
    let page = product.once()?.body;
    let peers = peers::all(folder, &page)?;

    let mut cases: Vec<_> = peers
        .iter()
        .map(peer_case)
        .chain(store_cases(&small))
        .collect();
    measure(&mut cases, options.time)?;
    let bare = cases[0].per_second();
    println!(
        "\n  {:<44}{:>9}  {:>15}  {:>6}  {:>7}  {:>7}",
        "39 products, no orders: requests per second",
        "median",
        "least to most",
        "bare %",
        "p50 ms",
        "p99 ms"
    );
    for case in &cases {
        let (least, most) = case.spread();
        let sample = case.median();
        println!(
            "  {:<44}{:>9}  {:>15}  {:>6}  {:>7}  {:>7}",
            case.name,
            case.per_second(),
            format!("{least} to {most}"),
            case.per_second() * 100 / bare.max(1),
            in_ms(sample.p50),
            in_ms(sample.p99)
        );
    }
    let percent = |name: &str| {
        let case = cases.iter().find(|case| case.name == name);
        case.map_or(0, |case| case.per_second() * 100 / bare.max(1))
    };
    let (cached, uncached, file) = (
        percent("product page, from memory"),
        percent("product page, rendered"),
        percent("static file"),
    );
    drop(peers);

    let filled = Instant::now();
    let large = Shop::open(&folder.join("large"), options.products, options.orders)?;
    println!(
        "\n  {} products and {} orders were made in {} s",
        options.products,
        options.orders,
        filled.elapsed().as_secs()
    );
    println!(
        "  started in {} ms, the large shop in {} ms",
        in_ms(small.start),
        in_ms(large.start)
    );
    let mut cases: Vec<_> = reading_cases(&small)
        .into_iter()
        .zip(reading_cases(&large))
        .flat_map(|(small, large)| [small, large])
        .collect();
    measure(&mut cases, options.time)?;
    println!(
        "\n  {:<44}{:>9}  {:>15}  {:>6}",
        "the same in the large shop", "small", "large", "times"
    );
    let mut slowest = 0;
    for pair in cases.chunks(2) {
        let (small, large) = (pair[0].per_second(), pair[1].per_second());
        let times = small * 100 / large.max(1);
        slowest = slowest.max(times);
        println!(
            "  {:<44}{small:>9}  {large:>15}  {:>6}",
            pair[0].name,
            format!("{}.{:02}", times / 100, times % 100)
        );
    }
    let kept = beside_admin(&large, options.time)?;
    println!("  product page beside sixteen admin lists: {kept} % of without them");
    if let (Some(rest), Some(small), Some(large)) = (at_rest, small.memory(), large.memory()) {
        println!("  memory: {rest} MB at rest, {small} MB after, {large} MB of the large shop");
    }
    if options.is_check {
        // Wide, for machines differ and others work on them: a lever that is lost takes more.
        ensure!(
            cached >= 40,
            "a page from memory has {cached} % of a bare route"
        );
        ensure!(
            uncached >= 2,
            "a rendered page has {uncached} % of a bare route"
        );
        ensure!(file >= 40, "a static file has {file} % of a bare route");
        ensure!(
            slowest <= 300,
            "a page of the large shop takes {slowest} % of the small one's"
        );
        ensure!(
            kept >= 50,
            "beside the admin's lists {kept} % of the store is left"
        );
    }
    Ok(())
}

/// The share of product pages that is left beside sixteen admins who read lists without a pause, in
/// percent; the median of the rounds.
fn beside_admin(shop: &Shop, time: Duration) -> anyhow::Result<u64> {
    let product = Request::get(shop.addr, "/products/low-water", "");
    let list = admin_list(shop);
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let alone = product.load(CONNECTIONS, time)?.per_second;
        let is_over = Arc::new(AtomicBool::new(false));
        let admins: Vec<_> = (0..16)
            .map(|_| {
                let (list, is_over) = (list.clone(), Arc::clone(&is_over));
                thread::spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        if list.load(1, Duration::from_millis(500)).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        let beside = product.load(CONNECTIONS, time)?.per_second;
        is_over.store(true, Ordering::Relaxed);
        for admin in admins {
            let _ = admin.join();
        }
        shares.push(beside * 100 / alone.max(1));
    }
    shares.sort_unstable();
    Ok(shares[shares.len() / 2])
}

fn peer_case(peer: &Peer) -> Case {
    case(&peer.name, peer.request.clone())
}

/// The requests of shoppers and the admin.
fn store_cases(shop: &Shop) -> Vec<Case> {
    let addr = shop.addr;
    let cart = |lines: usize| {
        let lines: Vec<_> = shop.variants.iter().take(lines).collect();
        let lines: Vec<_> = lines.iter().map(|variant| format!("{variant}.1")).collect();
        format!("cookie: cart={}\r\n", lines.join("~"))
    };
    let add = format!("variant={}&quantity=1", shop.variants[0]);
    let mut cases = reading_cases(shop);
    cases.extend([
        // The note of a failed action is rendered for whoever it is about.
        case(
            "product page, rendered",
            Request::get(addr, "/products/low-water?__err=e30", ""),
        ),
        case("cart of one line", Request::get(addr, "/cart", &cart(1))),
        case(
            "cart of fifty lines",
            Request::get(addr, "/cart", &cart(50)),
        ),
        case(
            "add to cart",
            Request::post(addr, "/api/add_to_cart", &add, ""),
        ),
        case(
            "checkout started, until the pay page",
            Request::post(addr, "/api/start_checkout", "", &cart(1)),
        ),
        case("static file", Request::get(addr, "/favicon.svg", "")),
        case("/healthz", Request::get(addr, "/healthz", "")),
    ]);
    cases
}

/// The pages whose cost could grow with the shop.
fn reading_cases(shop: &Shop) -> Vec<Case> {
    let addr = shop.addr;
    vec![
        case(
            "product page, from memory",
            Request::get(addr, "/products/low-water", ""),
        ),
        case("home", Request::get(addr, "/", "")),
        case("list of products", Request::get(addr, "/products", "")),
        case("collection", Request::get(addr, "/collections/tides", "")),
        case(
            "list of products, rendered",
            Request::get(addr, "/products?__err=e30", ""),
        ),
        case(
            "collection, rendered",
            Request::get(addr, "/collections/tides?__err=e30", ""),
        ),
        case("admin's list of orders", admin_list(shop)),
    ]
}

fn admin_list(shop: &Shop) -> Request {
    let cookie = format!("cookie: {}\r\n", shop.admin);
    Request::get(shop.addr, "/admin/orders", &cookie)
}

fn case(name: &str, request: Request) -> Case {
    Case {
        name: name.to_owned(),
        request,
        samples: Vec::new(),
    }
}

fn measure(cases: &mut [Case], time: Duration) -> anyhow::Result<()> {
    for case in cases.iter() {
        case.request.load(CONNECTIONS, time / 10)?;
    }
    for _ in 0..ROUNDS {
        for case in cases.iter_mut() {
            let sample = case.request.load(CONNECTIONS, time)?;
            case.samples.push(sample);
        }
    }
    for case in cases {
        case.samples.sort_by_key(|sample| sample.per_second);
    }
    Ok(())
}

impl Case {
    fn median(&self) -> &Sample {
        &self.samples[self.samples.len() / 2]
    }

    fn per_second(&self) -> u64 {
        self.median().per_second
    }

    fn spread(&self) -> (u64, u64) {
        let last = self.samples.len() - 1;
        (self.samples[0].per_second, self.samples[last].per_second)
    }
}

/// Milliseconds with two decimals.
fn in_ms(time: Duration) -> String {
    let hundredths = time.as_micros() / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
