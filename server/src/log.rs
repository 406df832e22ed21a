use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// The queue of log lines, written by a thread of its own. When whoever reads the log stops
/// reading, or the disk is slow, lines are lost and counted; no request waits for them.
#[derive(Clone, Debug)]
pub(crate) struct LogQueue {
    messages: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

/// Waits, when it is dropped, until the lines of before are written.
#[derive(Debug)]
pub(crate) struct LogEnd(SyncSender<Message>);

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    /// Answered when all lines of before are written.
    Flush(SyncSender<()>),
}

/// The number of lines that wait.
const WAITING: usize = 4096;

/// The longest line, in bytes. The rest of a longer one is left out.
const LONGEST_LINE: usize = 8 * 1024;

/// The time that the end of the program waits for the last lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// The interval in which the end of the program looks for a place in a full queue.
const RETRY: Duration = Duration::from_millis(5);

impl LogQueue {
    /// Writes to `out`, in a thread that lives as long as the program.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(crate) fn start(out: impl Write + Send + 'static) -> io::Result<(Self, LogEnd)> {
        let (messages, waiting) = sync_channel(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let thread = thread::Builder::new().name("log".to_owned());
        let counted = Arc::clone(&lost);
        thread.spawn(move || write_lines(&waiting, &counted, out))?;
        let end = LogEnd(messages.clone());
        Ok((Self { messages, lost }, end))
    }
}

impl Write for LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut kept = line[..line.len().min(LONGEST_LINE)].to_vec();
        if kept.len() < line.len() {
            kept.push(b'\n');
        }
        if self.messages.try_send(Message::Line(kept)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for LogQueue {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Drop for LogEnd {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let (written, is_written) = sync_channel(1);
        let mut flush = Message::Flush(written);
        // The queue may be full, and has no way to wait for a place with a deadline.
        while let Err(TrySendError::Full(unsent)) = self.0.try_send(flush) {
            if Instant::now() >= deadline {
                return;
            }
            flush = unsent;
            thread::sleep(RETRY);
        }
        let _ = is_written.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

fn write_lines(messages: &Receiver<Message>, lost: &AtomicU64, mut out: impl Write) {
    for message in messages {
        // A log that cannot be written, as on a full disk, is no reason to stop.
        let _ = match message {
            Message::Line(line) => out.write_all(&line),
            Message::Flush(written) => {
                let flushed = out.flush();
                let _ = written.send(());
                flushed
            }
        };
        let lost = lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let _ = writeln!(
                out,
                "WARN server::log: {lost} lines are missing here, because the log was not read fast enough"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Mutex;
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// An output that takes a line when it may.
    struct Gate {
        opened: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // Open for ever when the other end is gone.
            let _ = self.opened.recv();
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gate() -> (Gate, Sender<()>, Arc<Mutex<Vec<u8>>>) {
        let (open, opened) = channel();
        let written = Arc::default();
        let gate = Gate {
            opened,
            written: Arc::clone(&written),
        };
        (gate, open, written)
    }

    #[test]
    fn log_that_nobody_reads_holds_nobody_up_and_says_what_is_missing() {
        let (gate, open, written) = gate();
        let (mut queue, end) = LogQueue::start(gate).unwrap();
        for number in 0..WAITING + 100 {
            // One write for each line, as tracing does.
            let line = format!("line {number}\n");
            queue.write_all(line.as_bytes()).unwrap();
        }
        drop(open);
        drop(end);
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        let missing = text.lines().find(|line| line.contains("missing")).unwrap();
        assert!(
            missing.contains(" 99 lines") || missing.contains(" 100 lines"),
            "{missing}"
        );
        assert!(text.contains("line 0\n") && text.contains("line 4095\n"));
    }

    #[test]
    fn long_line_is_cut() {
        let (gate, open, written) = gate();
        let (mut queue, end) = LogQueue::start(gate).unwrap();
        drop(open);
        let line = vec![b'x'; LONGEST_LINE + 10];
        assert_eq!(queue.write(&line).unwrap(), line.len());
        drop(end);
        assert_eq!(written.lock().unwrap().len(), LONGEST_LINE + 1);
    }
}
