use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use std::{env, fs};

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use axum::serve::ListenerExt;

use crate::client::Request;
use crate::shop::free_port;

/// A web server that is measured beside the shop.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) request: Request,
    process: Option<Child>,
}

/// The peers that this machine has. Each sends `page`, a product page in brotli.
pub(crate) fn all(folder: &Path, page: &[u8]) -> anyhow::Result<Vec<Peer>> {
    let mut peers = vec![bare_axum(page.to_vec())?];
    match nginx(folder, page)? {
        Some(peer) => peers.push(peer),
        None => println!("  nginx is not installed, so it is left out"),
    }
    match env::var("BENCH_PEER") {
        Ok(url) => peers.push(by_url(&url)?),
        Err(_) => println!(
            "  BENCH_PEER names no other shop (http://127.0.0.1:PORT/PAGE), so none is measured"
        ),
    }
    Ok(peers)
}

/// The least that the shop's own web framework does to send the same bytes.
fn bare_axum(page: Vec<u8>) -> anyhow::Result<Peer> {
    let page = Bytes::from(page);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_ENCODING, "br"),
    ];
    let router = Router::new().route("/", get(move || async move { (headers, page) }));
    let (sender, address) = std::sync::mpsc::channel();
    thread::spawn(move || -> anyhow::Result<()> {
        tokio::runtime::Runtime::new()?.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            sender.send(listener.local_addr()?)?;
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            Ok(axum::serve(listener, router).await?)
        })
    });
    let addr = address.recv_timeout(Duration::from_secs(5))?;
    Ok(Peer {
        name: "bare Axum route, same bytes".to_owned(),
        request: Request::get(addr, "/", ""),
        process: None,
    })
}

fn nginx(folder: &Path, page: &[u8]) -> anyhow::Result<Option<Peer>> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&paths)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder: PathBuf| folder.join("nginx"))
        .find(|program| program.is_file());
    let Some(program) = found else {
        return Ok(None);
    };
    let addr = free_port()?;
    let root = folder.join("nginx");
    fs::create_dir_all(&root)?;
    fs::write(root.join("page.html"), page)?;
    let root = root.display();
    let config = format!(
        "worker_processes 2; daemon off; pid {root}/pid; error_log {root}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{ access_log off; keepalive_requests 1000000000; tcp_nodelay on;\n\
         default_type text/html; client_body_temp_path {root}/body; proxy_temp_path {root}/proxy;\n\
         fastcgi_temp_path {root}/fastcgi; uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;\n\
         server {{ listen {addr}; root {root}; add_header content-encoding br; }} }}\n"
    );
    let path = folder.join("nginx.conf");
    fs::write(&path, config)?;
    let process = Command::new(program)
        .arg("-c")
        .arg(&path)
        .stderr(Stdio::null())
        .spawn()?;
    let request = Request::get(addr, "/page.html", "");
    for _ in 0..100 {
        if request.once().is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(Some(Peer {
        name: "nginx, same bytes".to_owned(),
        request,
        process: Some(process),
    }))
}

/// A page of another server, which is running already.
fn by_url(url: &str) -> anyhow::Result<Peer> {
    let rest = url
        .strip_prefix("http://")
        .context("BENCH_PEER begins with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let addr: SocketAddr = host
        .parse()
        .context("BENCH_PEER has an address and a port")?;
    Ok(Peer {
        name: url.to_owned(),
        request: Request::get(addr, &format!("/{path}"), ""),
        process: None,
    })
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
