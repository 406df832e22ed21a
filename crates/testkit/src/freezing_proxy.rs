use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use url::Url;

/// A proxy between the shop and a PostgreSQL server that can stop passing anything on without
/// closing a connection: a frozen server, or one whose machine is gone.
pub struct FreezingProxy {
    /// The database, by way of this.
    pub url: String,
    link: Arc<watch::Sender<Link>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    is_up: bool,
    /// Connections of earlier ones never pass anything on again.
    generation: u32,
}

impl FreezingProxy {
    /// One that leads to the database at `url`.
    pub async fn open(url: &str) -> Self {
        let url = Url::parse(url).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let link = Arc::new(watch::Sender::new(Link {
            is_up: true,
            generation: 0,
        }));
        tokio::spawn(accept(listener, url.clone(), Arc::clone(&link)));
        let mut own = url.clone();
        own.set_host(Some("127.0.0.1")).unwrap();
        own.set_port(Some(port)).unwrap();
        let others = url.query_pairs().filter(|(name, _)| name != "host");
        own.query_pairs_mut().clear().extend_pairs(others);
        Self {
            url: own.into(),
            link,
        }
    }

    /// Passes nothing on, until [`FreezingProxy::thaw`] or [`FreezingProxy::replace`].
    pub fn freeze(&self) {
        self.link.send_modify(|link| link.is_up = false);
    }

    /// Passes everything on again, and what was kept.
    pub fn thaw(&self) {
        self.link.send_modify(|link| link.is_up = true);
    }

    /// Lets new connections through. The old ones stay open, and silent for ever.
    pub fn replace(&self) {
        self.link.send_modify(|link| {
            link.is_up = true;
            link.generation += 1;
        });
    }
}

async fn accept(listener: TcpListener, url: Url, link: Arc<watch::Sender<Link>>) {
    while let Ok((client, _)) = listener.accept().await {
        let generation = link.borrow().generation;
        let mut state = link.subscribe();
        let url = url.clone();
        tokio::spawn(async move {
            passes(&mut state, generation).await;
            let socket = url.query_pairs().find(|(name, _)| name == "host");
            let port = url.port().unwrap_or(5432);
            match socket {
                Some((_, folder)) => {
                    let server = UnixStream::connect(format!("{folder}/.s.PGSQL.{port}")).await;
                    forward(client, server.unwrap(), &state, generation).await;
                }
                None => {
                    let host = url.host_str().unwrap().to_owned();
                    let server = TcpStream::connect((host, port)).await;
                    forward(client, server.unwrap(), &state, generation).await;
                }
            }
        });
    }
}

async fn forward<S>(client: TcpStream, server: S, state: &watch::Receiver<Link>, generation: u32)
where
    S: AsyncRead + AsyncWrite,
{
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = tokio::io::split(server);
    // The first that ends closes both, as a server does.
    tokio::select! {
        () = copy(from_client, to_server, state.clone(), generation) => {}
        () = copy(from_server, to_client, state.clone(), generation) => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<Link>,
    generation: u32,
) {
    let mut bytes = [0; 4096];
    loop {
        let Ok(count) = from.read(&mut bytes).await else {
            return;
        };
        passes(&mut state, generation).await;
        if count == 0 || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// Waits until something may pass.
async fn passes(state: &mut watch::Receiver<Link>, generation: u32) {
    let passes = state.wait_for(|link| link.is_up && link.generation == generation);
    if passes.await.is_err() {
        std::future::pending::<()>().await;
    }
}
