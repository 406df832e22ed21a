/// The form of an address that mail servers take.
mod address;
/// How a letter looks, as plain text and as HTML.
mod layout;
/// The two ways on which a letter leaves.
mod mailer;
/// The letters that have not left yet.
mod waiting;
/// What each kind of letter says.
mod words;
/// Sending what has to be sent.
mod worker;

pub use layout::Content;
pub use mailer::{Mailer, MailerError, SendError};
pub use waiting::{WaitingLetter, send_again, waiting};
pub use words::{Recipient, Site, Unwritten, render};
pub use worker::{Delivered, deliver_due, run};
