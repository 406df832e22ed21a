use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use super::address::deliverable;
use super::layout::Content;
use super::templates::Recipient;

/// The mail transport: by SMTP, or as files where there is no mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

/// The error of a mail transport that cannot be set up. No text holds a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailerError {
    /// The sender is not an address.
    #[error(
        "the sender must be an address such as shop@example.com, or Plotter & Press <shop@example.com>"
    )]
    NotAMailbox,
    /// The server's address is none, or says something that is not known.
    #[error(
        "the mail server must be given as smtps://user:password@mail.example.com, or as smtp:// with \
         ?tls=required or ?tls=opportunistic behind it; characters such as @ in a password are written as %40"
    )]
    NotAnUrl,
    /// There is a user without a password.
    #[error("the mail server's user has no password; write smtps://user:password@mail.example.com")]
    NoPassword,
    /// Others on the way could read the password.
    #[error(
        "the mail server's password would cross the network in the clear; use smtps://, or add ?tls=required"
    )]
    PasswordInTheClear,
    /// TLS cannot be had.
    #[error(
        "TLS to the mail server cannot be set up; are the system's root certificates installed?"
    )]
    Tls,
}

/// The error of sending an e-mail. No text holds an address, nor what the server said, which may
/// hold one.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The shopper's address is none that mail can be sent to.
    #[error("the shopper's address is not one that mail can be sent to")]
    NotAnAddress,
    /// The server will not take it, however often it is tried.
    #[error("the mail server refused it (code {0})")]
    Refused(u16),
    /// The server will not take it now.
    #[error("the mail server deferred it (code {0})")]
    Deferred(u16),
    /// The server does not let the shop in.
    #[error("the mail server does not accept the user and password (code {0})")]
    AuthenticationFailed(u16),
    /// There is no TLS that both sides trust.
    #[error("there is no trusted TLS connection to the mail server")]
    Tls,
    /// The server did not answer in time.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// The server is not there, or went away.
    #[error("the mail server cannot be reached")]
    Unreachable,
    /// The file cannot be written.
    #[error("the file cannot be written: {0}")]
    File(#[from] io::Error),
    /// The e-mail could not be put together.
    #[error("the message could not be composed")]
    InvalidMessage,
}

#[derive(Clone)]
enum Transport {
    Smtp {
        client: AsyncSmtpTransport<Tokio1Executor>,
        timeout: Duration,
    },
    Files {
        folder: PathBuf,
    },
}

impl Mailer {
    /// Sends by SMTP to the server at `url`: `smtps://user:password@host:port`, or `smtp://` with
    /// `?tls=required` or `?tls=opportunistic`. `from` is the shop's mailbox, which the admin
    /// reads; `timeout` is for a whole e-mail.
    ///
    /// # Errors
    /// When one of them is not usable.
    pub fn smtp(url: &str, from: &str, timeout: Duration) -> Result<Self, MailerError> {
        let from = mailbox(from)?;
        let parsed = Url::parse(url).map_err(|_| MailerError::NotAnUrl)?;
        check(&parsed)?;
        let client = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| {
                if error.is_tls() {
                    MailerError::Tls
                } else {
                    MailerError::NotAnUrl
                }
            })?
            .timeout(Some(timeout))
            .build();
        Ok(Self {
            from,
            transport: Transport::Smtp { client, timeout },
        })
    }

    /// Writes each e-mail into `folder`, as `<its id>.eml`, which any mail program opens. The
    /// folder is made when it is needed.
    ///
    /// # Errors
    /// When `from` is not a mailbox.
    pub fn files(folder: &Path, from: &str) -> Result<Self, MailerError> {
        Ok(Self {
            from: mailbox(from)?,
            transport: Transport::Files {
                folder: folder.to_owned(),
            },
        })
    }

    /// The shop's name: the sender's name, or the host of its mail.
    pub fn shop_name(&self) -> &str {
        let name = self.from.name.as_deref();
        name.filter(|name| !name.trim().is_empty())
            .unwrap_or_else(|| self.from.email.domain())
    }

    /// The folder for e-mails, if they are not sent by SMTP.
    pub fn folder(&self) -> Option<&Path> {
        match &self.transport {
            Transport::Smtp { .. } => None,
            Transport::Files { folder } => Some(folder),
        }
    }

    /// Sends an e-mail. `id` is the same at each attempt and becomes its `Message-ID`, so that a
    /// mail program that gets it twice shows it once; as a file it is the same file.
    ///
    /// # Errors
    /// When it did not leave, or it is not known whether it did.
    pub async fn send(&self, id: &str, content: &Content) -> Result<(), SendError> {
        let message = self.message(id, content)?;
        match &self.transport {
            // The transport's own timeout covers connecting alone.
            Transport::Smtp { client, timeout } => {
                match tokio::time::timeout(*timeout, client.send(message)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(SendError::from_smtp(&error)),
                    Err(_) => Err(SendError::Timeout),
                }
            }
            Transport::Files { folder } => {
                let path = folder.join(format!("{id}.eml"));
                let write = move || write_whole(&path, &message.formatted());
                let written = tokio::task::spawn_blocking(write).await;
                Ok(written.map_err(io::Error::other)??)
            }
        }
    }

    fn message(&self, id: &str, content: &Content) -> Result<Message, SendError> {
        let to = self
            .mailbox_of(&content.to)
            .ok_or(SendError::NotAnAddress)?;
        // Without one it would be read from the headers, by a parser that knows no quoted local
        // parts.
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.email.clone()])
            .map_err(|_| SendError::NotAnAddress)?;
        let mut builder = Message::builder()
            .envelope(envelope)
            .from(self.from.clone())
            .to(to);
        // An address that cannot be answered is no reason to keep an e-mail back.
        if let Some(reply_to) = content
            .reply_to
            .as_ref()
            .and_then(|who| self.mailbox_of(who))
        {
            builder = builder.reply_to(reply_to);
        }
        builder
            .subject(&content.subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            // RFC 3834: so that no "out of office" comes back.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .date_now()
            .multipart(MultiPart::alternative_plain_html(
                content.text.clone(),
                content.html.clone(),
            ))
            .map_err(|_| SendError::InvalidMessage)
    }

    fn mailbox_of(&self, who: &Recipient) -> Option<Mailbox> {
        match who {
            Recipient::Shopper(address) => Some(Mailbox::new(None, deliverable(address)?)),
            Recipient::Admin => Some(self.from.clone()),
        }
    }
}

impl SendError {
    /// True if it is about this e-mail and will be the same the next time, unless somebody changes
    /// something.
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::NotAnAddress | Self::Refused(_) | Self::InvalidMessage => true,
            Self::Deferred(_)
            | Self::AuthenticationFailed(_)
            | Self::Tls
            | Self::Timeout
            | Self::Unreachable
            | Self::File(_) => false,
        }
    }

    fn from_smtp(error: &smtp::Error) -> Self {
        if let Some(code) = error.status() {
            let code = u16::from(code);
            return match code {
                // RFC 4954: about who the shop is, and not about the e-mail.
                530 | 534 | 535 | 538 => Self::AuthenticationFailed(code),
                500.. => Self::Refused(code),
                _ => Self::Deferred(code),
            };
        }
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_tls() {
            Self::Tls
        } else if error.is_client() {
            // Such as an address with e-mails that this server cannot take.
            Self::NotAnAddress
        } else {
            Self::Unreachable
        }
    }
}

impl fmt::Debug for Mailer {
    // The transport holds a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.transport {
            Transport::Smtp { .. } => f.write_str("Mailer(SMTP)"),
            Transport::Files { folder } => write!(f, "Mailer({})", folder.display()),
        }
    }
}

fn mailbox(text: &str) -> Result<Mailbox, MailerError> {
    let written: Mailbox = text.trim().parse().map_err(|_| MailerError::NotAMailbox)?;
    let email = deliverable(written.email.as_ref()).ok_or(MailerError::NotAMailbox)?;
    Ok(Mailbox::new(written.name, email))
}

fn check(url: &Url) -> Result<(), MailerError> {
    // A host of a scheme that the URL standard does not know stays text.
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain("")) | None => return Err(MailerError::NotAnUrl),
        Some(Host::Domain(name)) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
    };
    let is_encrypted = url.scheme() == "smtps" || url.query_pairs().any(|(name, _)| name == "tls");
    match url.password() {
        None if !url.username().is_empty() => Err(MailerError::NoPassword),
        Some(_) if !is_encrypted && !is_here => Err(MailerError::PasswordInTheClear),
        _ => Ok(()),
    }
}

/// Writes a file so that it is there whole or not at all, also after a power cut.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The name is part of the folder.
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Makes a folder that only this user may enter: e-mails are about people.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
