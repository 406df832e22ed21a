use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// A request that is sent again and again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) addr: SocketAddr,
    /// The whole request, as it goes over the wire.
    bytes: Vec<u8>,
    expected: u16,
}

/// The result of a measurement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) per_second: u64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// An answer, without what it says unless that is asked for.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// The longest that a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

impl Request {
    /// A GET of a page, as a browser asks for it.
    pub(crate) fn get(addr: SocketAddr, path: &str, headers: &str) -> Self {
        let bytes = format!(
            "GET {path} HTTP/1.1\r\nhost: {addr}\r\naccept: text/html,*/*;q=0.8\r\n\
             accept-encoding: gzip, deflate, br\r\n{headers}\r\n"
        );
        Self {
            addr,
            bytes: bytes.into_bytes(),
            expected: 200,
        }
    }

    /// A form, as a page of the shop sends it.
    pub(crate) fn post(addr: SocketAddr, path: &str, form: &str, headers: &str) -> Self {
        let length = form.len();
        let bytes = format!(
            "POST {path} HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\naccept: text/html\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n{headers}\r\n{form}"
        );
        Self {
            addr,
            bytes: bytes.into_bytes(),
            expected: 303,
        }
    }

    /// Asks once.
    pub(crate) fn once(&self) -> anyhow::Result<Answer> {
        let mut connection = Connection::open(self.addr)?;
        connection.exchange(&self.bytes)
    }

    /// Asks over so many connections for so long.
    pub(crate) fn load(&self, connections: usize, time: Duration) -> anyhow::Result<Sample> {
        let start = Instant::now();
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                let request = self.clone();
                thread::spawn(move || request.repeat(start, time))
            })
            .collect();
        let mut times = Vec::new();
        for thread in threads {
            let Ok(done) = thread.join() else {
                bail!("a client panicked");
            };
            times.extend(done?);
        }
        let millis = u64::try_from(start.elapsed().as_millis())?.max(1);
        times.sort_unstable();
        let percentile = |percent: usize| times[(times.len() - 1) * percent / 100];
        Ok(Sample {
            per_second: u64::try_from(times.len())? * 1000 / millis,
            p50: percentile(50),
            p99: percentile(99),
        })
    }

    fn repeat(&self, start: Instant, time: Duration) -> anyhow::Result<Vec<Duration>> {
        let mut connection = Connection::open(self.addr)?;
        let mut times = Vec::new();
        while times.is_empty() || start.elapsed() < time {
            let asked = Instant::now();
            let answer = connection.exchange(&self.bytes)?;
            ensure!(
                answer.status == self.expected,
                "{} instead of {}:\n{}{}",
                answer.status,
                self.expected,
                answer.head,
                String::from_utf8_lossy(&answer.body)
            );
            times.push(asked.elapsed());
        }
        Ok(times)
    }
}

/// A connection that is kept.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    fn open(addr: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            read: Vec::new(),
        })
    }

    fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request)?;
        let head_end = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at + 4;
            }
            self.fill()?;
        };
        let head = String::from_utf8_lossy(&self.read[..head_end]).into_owned();
        let status = head.split(' ').nth(1).context("no status")?.parse()?;
        self.read.drain(..head_end);
        let body = if let Some(length) = header(&head, "content-length") {
            self.take(length.parse()?)?
        } else if header(&head, "transfer-encoding") == Some("chunked") {
            self.chunks()?
        } else {
            Vec::new()
        };
        Ok(Answer { status, head, body })
    }

    fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                if let Some(at) = find(&self.read, b"\r\n") {
                    break at;
                }
                self.fill()?;
            };
            let line = self.take(end + 2)?;
            let size = String::from_utf8_lossy(&line[..end]).trim().to_owned();
            let size = usize::from_str_radix(&size, 16)?;
            let chunk = self.take(size + 2)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn take(&mut self, count: usize) -> anyhow::Result<Vec<u8>> {
        while self.read.len() < count {
            self.fill()?;
        }
        Ok(self.read.drain(..count).collect())
    }

    fn fill(&mut self) -> anyhow::Result<()> {
        let mut buffer = [0; 32 * 1024];
        let count = self.stream.read(&mut buffer)?;
        ensure!(count > 0, "the server closed a connection");
        self.read.extend_from_slice(&buffer[..count]);
        Ok(())
    }
}

/// The value of a header.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines();
    lines
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
