use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A mail server: it speaks SMTP on a port of its own and keeps what it took.
pub struct MailServer {
    pub port: u16,
    manners: Arc<Mutex<Manners>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    task: JoinHandle<()>,
}

/// The behavior of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// It takes everything.
    Good,
    /// It answers the recipient with a refusal that names the address, as servers do.
    Refuses(u16),
    /// It takes the connection and never says a word.
    Hangs,
    /// It takes the message and hangs up without an answer.
    DropsAfterData,
}

/// A message that it took.
#[derive(Clone, Debug)]
pub struct Taken {
    #[allow(dead_code, reason = "only the server's fault test asks when")]
    pub at: Instant,
    pub to: String,
    pub message: Vec<u8>,
}

impl MailServer {
    pub async fn start() -> Self {
        Self::start_on(0).await
    }

    /// The same on a port that another one had.
    pub async fn start_on(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let manners = Arc::new(Mutex::new(Manners::Good));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (of_task, into) = (Arc::clone(&manners), Arc::clone(&taken));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let manners = *of_task.lock().unwrap();
                let into = Arc::clone(&into);
                // A client that hangs up is no failure of the test.
                tokio::spawn(async move { talk(stream, manners, &into).await.ok() });
            }
        });
        Self {
            port,
            manners,
            taken,
            task,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn behave(&self, manners: Manners) {
        *self.manners.lock().unwrap() = manners;
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Ends it, and answers its port.
    pub async fn stop(self) -> u16 {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
        self.port
    }
}

async fn talk(
    stream: TcpStream,
    manners: Manners,
    taken: &Mutex<Vec<Taken>>,
) -> std::io::Result<()> {
    if manners == Manners::Hangs {
        return std::future::pending().await;
    }
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut to = String::new();
    writer.write_all(b"220 mail.test\r\n").await?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), manners) {
            ("EHLO", _) => "250-mail.test\r\n250 8BITMIME\r\n".to_owned(),
            ("RCPT", Manners::Refuses(code)) => {
                format!("{code} 5.1.1 {}: not here\r\n", line.trim())
            }
            ("RCPT", _) => {
                to = between(&line, '<', '>');
                "250 ok\r\n".to_owned()
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n").await?;
                let message = message(&mut reader).await?;
                if manners == Manners::DropsAfterData {
                    return Ok(());
                }
                taken.lock().unwrap().push(Taken {
                    at: Instant::now(),
                    to: to.clone(),
                    message,
                });
                "250 taken\r\n".to_owned()
            }
            ("QUIT", _) => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n".to_owned(),
        };
        writer.write_all(answer.as_bytes()).await?;
    }
}

/// Reads up to the line that is one dot, and takes away the dots that were doubled.
async fn message(reader: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn between(line: &str, start: char, end: char) -> String {
    let from = line.find(start).unwrap() + 1;
    line[from..line.rfind(end).unwrap()].to_owned()
}
