/// The form of an address that mail servers take.
mod address;
/// The layout of e-mails, as plain text and as HTML.
mod layout;
/// The two ways on which an e-mail leaves.
mod mailer;
/// The e-mails of one order.
mod of_order;
/// The templates: each kind of e-mail, from its order.
mod templates;
/// The e-mails that have not left yet.
mod unsent;
/// Sending what has to be sent.
mod worker;

pub use address::normalized;
pub use layout::Content;
pub use mailer::{Mailer, MailerError, SendError};
pub use of_order::{OrderEmail, Repeated, of_order, repeat};
pub use templates::{Recipient, Site, SkipReason, render};
pub use unsent::{UnsentEmail, send_again, unsent};
pub use worker::{Delivered, deliver_due, run};
