use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::operations::raw;
use crate::site::{PASSWORD, Site};
use crate::webhook::{SECRET, now, sign};

/// The time that an honest request may take while others attack, on a machine that does more than
/// this.
const AT_ONCE: Duration = Duration::from_secs(5);

/// Opens connections that send `start` and nothing more.
async fn open(site: &Site, count: usize, start: &str) -> Vec<TcpStream> {
    let addr = site.base.trim_start_matches("http://");
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = TcpStream::connect(addr).await.unwrap();
        client.write_all(start.as_bytes()).await.unwrap();
        clients.push(client);
    }
    clients
}

async fn assert_answers(site: &Site) {
    for path in ["/healthz", "/"] {
        let start = Instant::now();
        assert_eq!(site.get(path).await.status, 200);
        assert!(start.elapsed() < AT_ONCE, "{path}: {:?}", start.elapsed());
    }
}

/// The response that a client gets before the server hangs up.
async fn last_response(client: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = client.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .expect("the server never hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_clients_and_half_requests_keep_nobody_out_and_are_closed() {
    let site = Site::open().await;
    let mut silent = open(&site, 1100, "").await;
    assert_answers(&site).await;
    let mut half_heads = open(&site, 500, "GET / HTTP/1.1\r\nhost: x\r\nx: ").await;
    assert_answers(&site).await;
    let half_form = "POST /api/add_to_cart HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\nvariant=";
    let mut half_forms = open(&site, 500, half_form).await;
    assert_answers(&site).await;
    for clients in [&mut silent, &mut half_heads] {
        for client in clients.iter_mut().rev().take(3) {
            assert_eq!(last_response(client).await, "");
        }
    }
    let text = last_response(half_forms.last_mut().unwrap()).await;
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("Send it again"), "{text}");
    assert_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_webhooks_take_no_memory_and_keep_no_event_out() {
    let site = Site::open().await;
    let start = format!(
        "POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\
         stripe-signature: t={},v1={}\r\n\r\n",
        now(),
        "0".repeat(64)
    );
    let mut clients = open(&site, 300, &start).await;
    let mut sending = JoinSet::new();
    for mut client in clients.drain(..) {
        sending.spawn(async move {
            let (mut from, mut to) = client.split();
            let piece = vec![b' '; 900_000];
            let mut answer = vec![0; 64];
            // Some are refused before they have sent it.
            let sent = async {
                let _ = to.write_all(&piece).await;
                std::future::pending::<()>().await;
            };
            tokio::select! {
                read = from.read(&mut answer) => {
                    let read = read.unwrap_or_default();
                    String::from_utf8_lossy(&answer[..read]).into_owned()
                }
                () = sent => String::new(),
            }
        });
    }
    // An event of Stripe's comes through at once meanwhile.
    for number in 0..5 {
        let id = format!("evt_{number}");
        let body = json!({ "id": id, "type": "a", "data": { "object": {} }}).to_string();
        let request = site
            .browser()
            .request(reqwest::Method::POST, "/webhooks/stripe")
            .header("stripe-signature", sign(SECRET, now(), &body))
            .body(body);
        let start = Instant::now();
        assert_eq!(request.send().await.unwrap().status(), 200);
        assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
    }
    let mut busy = 0;
    let mut late = 0;
    for answer in sending.join_all().await {
        match answer.split(' ').nth(1) {
            // The server may hang up before it has read what is on its way.
            Some("503") | None => busy += 1,
            Some("408") => late += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(late <= 8, "{late} large bodies were read at the same time");
    assert_eq!(busy + late, 300);
}

#[tokio::test]
async fn webhook_that_cannot_be_stripes_is_refused_before_its_body_is_read() {
    let site = Site::open().await;
    let mac = "0".repeat(64);
    let stale = format!("t={},v1={mac}", now() - 400);
    for signature in [
        "",
        "nonsense",
        &stale,
        &format!("v1={mac}"),
        &format!("t={}", now()),
    ] {
        let request = format!(
            "POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-length: 1000000\r\nstripe-signature: {signature}\r\n\r\n"
        );
        let answer = raw(&site, &request).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{signature}: {answer}");
    }
}

#[tokio::test]
async fn head_of_twenty_thousand_signatures_is_refused() {
    let site = Site::open().await;
    let signatures = ",v1=00".repeat(20_000);
    let request = format!(
        "POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\
         stripe-signature: t={}{signatures}\r\n\r\n{{}}",
        now()
    );
    let start = Instant::now();
    let answer = raw(&site, &request).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    assert!(start.elapsed() < AT_ONCE);
    assert_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flood_of_sign_ins_gets_retry_after() {
    let site = Site::open().await;
    let mut sign_ins = JoinSet::new();
    let everybody = site.browser();
    for client in 0..300 {
        let browser = everybody.clone();
        sign_ins.spawn(async move {
            let from = format!("203.0.{}.{}", client / 200, client % 200);
            let request = browser
                .request(reqwest::Method::POST, "/api/sign_in")
                .header("x-forwarded-for", from)
                .form(&[("password", PASSWORD)]);
            let answer = request.send().await.unwrap();
            let retry_after = answer.headers().get("retry-after").cloned();
            (
                answer.status().as_u16(),
                retry_after,
                answer.text().await.unwrap(),
            )
        });
    }
    assert_answers(&site).await;
    let mut busy = 0;
    let mut answered = 0;
    for (status, retry_after, text) in sign_ins.join_all().await {
        if status == 503 {
            assert_eq!(retry_after.unwrap(), "5");
            assert!(text.contains("try again"), "{text}");
            busy += 1;
        } else {
            assert_eq!(status, 303, "{text}");
            answered += 1;
        }
    }
    assert!(busy > 0 && answered > 0, "{busy} were busy, {answered} not");
    // And then the admin gets in.
    site.admin().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_take_no_response_keep_nobody_out() {
    let site = Site::open_with(|config| {
        let root = &config.leptos_site_root;
        std::fs::create_dir_all(root).unwrap();
        std::fs::write(root.join("picture.svg"), "x".repeat(3_000_000)).unwrap();
    })
    .await;
    let addr = site.base.trim_start_matches("http://").parse().unwrap();
    let mut stalled = Vec::new();
    // More than there are connections.
    for _ in 0..2300 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2048).unwrap();
        let mut client = socket.connect(addr).await.unwrap();
        let request = "GET /picture.svg HTTP/1.1\r\nhost: x\r\n\r\n";
        // One that came too late is hung up on.
        let _ = client.write_all(request.as_bytes()).await;
        stalled.push(client);
    }
    let start = Instant::now();
    while site.browser().try_get("/healthz").await.is_err() {
        assert!(start.elapsed() < AT_ONCE, "the shop is closed");
    }
    assert_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_forms_together_are_bounded_and_keep_no_form_out() {
    let site = Site::open().await;
    let start = format!(
        "POST /api/add_to_cart HTTP/1.1\r\nhost: x\r\ncontent-length: 65000\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{}",
        "a".repeat(64_000)
    );
    let mut clients = open(&site, 800, &start).await;
    let refused = async {
        loop {
            let text = last_response(&mut clients.pop().unwrap()).await;
            if text.starts_with("HTTP/1.1 503 ") {
                return text;
            }
            assert!(text.is_empty(), "{text}");
        }
    };
    let text = refused.await;
    assert!(text.contains("retry-after"), "{text}");
    site.browser().add("low-a4-mat", "1").await;
    // The others are kept until their time is over, and are no more than there is room for.
    drop(clients);
    assert_answers(&site).await;
}

#[tokio::test]
async fn file_is_not_held_back_until_its_beginning_is_acknowledged() {
    let site = Site::open_with(|config| {
        let root = &config.leptos_site_root;
        std::fs::create_dir_all(root).unwrap();
        std::fs::write(root.join("picture.svg"), "x".repeat(200_000)).unwrap();
    })
    .await;
    let browser = site.browser();
    let mut fastest = Duration::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        assert_eq!(browser.get("/picture.svg").await.body.len(), 200_000);
        fastest = fastest.min(start.elapsed());
    }
    // A delayed acknowledgment takes 40 ms.
    assert!(fastest < Duration::from_millis(35), "{fastest:?}");
}
