use std::fmt::Write;

use domain::id::VariantId;
use domain::order::{Order, OrderLine, Parcel};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use text::{Breakdown, MailText, RowKind, Text};

use super::templates::{Recipient, Site, given_back};

/// An e-mail as it leaves: the same words twice, as plain text and as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its recipient.
    pub to: Recipient,
    /// The address for replies, if not the shop.
    pub reply_to: Option<Recipient>,
    /// Its subject.
    pub subject: String,
    /// The part for readers that show no HTML.
    pub text: String,
    /// The part for all others. It loads nothing from anywhere.
    pub html: String,
}

/// A name and a value that belong together, such as a carrier.
pub(super) type Fact = (&'static str, String);

/// The content of an e-mail, before its layout.
pub(super) struct Page {
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) facts: Vec<Fact>,
    /// The link, if it does not lead to the order's page.
    pub(super) link: Option<(&'static str, String)>,
    /// The parcel whose content is listed instead of the order's lines and total.
    pub(super) parcel: Option<Parcel>,
}

impl Page {
    /// One that says nothing yet.
    pub(super) const fn new(subject: String) -> Self {
        Self {
            subject,
            heading: String::new(),
            paragraphs: Vec::new(),
            facts: Vec::new(),
            link: None,
            parcel: None,
        }
    }

    /// Says first that no money was paid, as for an order of test mode in a live shop.
    pub(super) fn mark_as_test(&mut self, text: MailText) {
        self.subject.insert_str(0, text.test_mark());
        self.paragraphs.insert(0, text.is_test().to_owned());
    }
}

pub(super) fn lay_out(
    text: Text,
    to: Recipient,
    page: &Page,
    order: &Order,
    site: &Site<'_>,
) -> Content {
    let (label, url) = page.link.clone().unwrap_or_else(|| match to {
        Recipient::Shopper(_) => (
            text.mail().see_your_order(),
            format!("{}/orders/{}", site.url, order.token),
        ),
        Recipient::Admin => (
            text.mail().open_the_order(),
            format!("{}/admin/orders/{}", site.url, order.number),
        ),
    });
    let footer = match to {
        Recipient::Shopper(_) => text.mail().to_shopper_because(site.name),
        Recipient::Admin => text.mail().to_admin_because(site.name),
    };
    let link = (label, url.as_str());
    let reply_to = match to {
        Recipient::Shopper(_) => None,
        Recipient::Admin => order.email.clone().map(Recipient::Shopper),
    };
    Content {
        reply_to,
        subject: one_line(&page.subject),
        text: plain_text(text, page, order, link, &footer),
        html: markup(text, page, order, link, &footer, site).into_string(),
        to,
    }
}

/// Text that somebody wrote, without anything that would start another line or header.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|each| if each.is_control() { ' ' } else { each })
        .collect();
    spaced
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn plain_text(
    text: Text,
    page: &Page,
    order: &Order,
    (label, url): (&str, &str),
    footer: &str,
) -> String {
    let mut plain = format!("{}\n", one_line(&page.heading));
    // Writing to a String does not fail.
    for paragraph in &page.paragraphs {
        let _ = write!(plain, "\n{}\n", one_line(paragraph));
    }
    if !page.facts.is_empty() {
        plain.push('\n');
        for (name, value) in &page.facts {
            let _ = writeln!(plain, "{name}: {}", one_line(value));
        }
    }
    if let Some(parcel) = &page.parcel {
        let _ = write!(plain, "\n{}\n", text.mail().in_parcel());
        for (quantity, line) in packed(parcel, order) {
            let _ = writeln!(plain, "  {quantity} x {}", name_of(line));
        }
    } else {
        plain_lines(&mut plain, text, order);
    }
    let _ = write!(plain, "\n{label}:\n{url}\n\n{footer}\n");
    plain
}

fn plain_lines(plain: &mut String, text: Text, order: &Order) {
    let _ = write!(plain, "\n{}\n", text.order().title(order.number));
    for line in &order.lines {
        let _ = writeln!(
            plain,
            "  {} x {}: {}",
            line.quantity,
            name_of(line),
            price_of(line)
        );
    }
    for (name, value, _) in totals(text, order) {
        let _ = match value {
            Some(value) => writeln!(plain, "  {name}: {value}"),
            None => writeln!(plain, "  {name}"),
        };
    }
    for (name, lines) in text.order_details().facts(order) {
        let _ = writeln!(plain, "\n{name}:");
        for line in lines {
            let _ = writeln!(plain, "  {}", one_line(&line));
        }
    }
}

/// The content of a parcel: pieces, and the line that each is of.
fn packed<'a>(parcel: &Parcel, order: &'a Order) -> Vec<(u32, &'a OrderLine)> {
    let line = |variant: &VariantId| order.lines.iter().find(|line| line.variant == *variant);
    let pieces = parcel.pieces.iter();
    pieces
        .filter_map(|pieces| Some((pieces.quantity, line(&pieces.variant)?)))
        .collect()
}

fn name_of(line: &OrderLine) -> String {
    let (title, options) = (one_line(&line.title), one_line(&line.options));
    if options.is_empty() {
        title
    } else {
        format!("{title} ({options})")
    }
}

fn price_of(line: &OrderLine) -> String {
    // What the order's total was added up from fits.
    line.total().unwrap_or(line.unit_price).to_string()
}

/// The rows below the lines: name, amount, and whether they stand out.
fn totals(text: Text, order: &Order) -> Vec<(String, Option<String>, bool)> {
    let rows = text.breakdown().rows(&Breakdown::of(order));
    let rows = rows
        .into_iter()
        .map(|row| (one_line(&row.label), row.amount, row.kind == RowKind::Total));
    let back = given_back(order).map(|back| {
        let name = text.mail().refunded().to_owned();
        (name, Some(back.to_string()), true)
    });
    rows.chain(back).collect()
}

/// For mail programs that follow the reader's dark mode. The others keep what stands at each
/// element, which is why it stands there.
const DARK: &str = "@media (prefers-color-scheme: dark) { \
    .paper { background: #171614 !important } \
    .card { background: #201f1c !important; border-color: #38352f !important } \
    .ink { color: #efece4 !important } \
    .soft { color: #b3ad9f !important } \
    .line { border-color: #38352f !important } \
    .button { background: #8fcabd !important; color: #10201d !important } }";

const SANS: &str = "font-family: -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; \
    font-size: 16px; line-height: 1.5; word-break: break-word; overflow-wrap: anywhere;";

fn markup(
    text: Text,
    page: &Page,
    order: &Order,
    (label, url): (&str, &str),
    footer: &str,
    site: &Site<'_>,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(text.language().tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (one_line(&page.subject)) }
                style { (PreEscaped(DARK)) }
            }
            body.paper style="margin: 0; padding: 0; background: #fbf9f4;" {
                table.paper role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background: #fbf9f4;" {
                    tr {
                        td align="center" style="padding: 24px 12px;" {
                            table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width: 600px; table-layout: fixed;" {
                                tr {
                                    td.soft style={ (SANS) " color: #625d52; padding: 0 4px 12px;" } { (one_line(site.name)) }
                                }
                                tr {
                                    td.card style="background: #ffffff; border: 1px solid #e2dccf; border-radius: 6px; padding: 28px 24px;" {
                                        (body(text, page, order, label, url))
                                    }
                                }
                                tr {
                                    td.soft style={ (SANS) " font-size: 13px; color: #625d52; padding: 16px 4px 0;" } { (one_line(footer)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn body(text: Text, page: &Page, order: &Order, label: &str, url: &str) -> Markup {
    html! {
        h1.ink style="margin: 0 0 16px; font-family: Georgia, 'Times New Roman', serif; font-size: 26px; line-height: 1.2; font-weight: 600; color: #22201b;" {
            (one_line(&page.heading))
        }
        @for paragraph in &page.paragraphs {
            p.ink style={ (SANS) " margin: 0 0 14px; color: #22201b;" } { (one_line(paragraph)) }
        }
        @if !page.facts.is_empty() {
            table role="presentation" cellpadding="0" cellspacing="0" style="margin: 0 0 14px;" {
                @for (name, value) in &page.facts {
                    tr {
                        td.soft style={ (SANS) " color: #625d52; padding: 2px 16px 2px 0; vertical-align: top;" } { (name) }
                        td.ink style={ (SANS) " color: #22201b; padding: 2px 0; font-weight: 600; word-break: break-word; overflow-wrap: anywhere;" } { bdi { (one_line(value)) } }
                    }
                }
            }
        }
        @match &page.parcel {
            Some(parcel) => { (parcel_lines(text, parcel, order)) }
            None => { (lines(text, order)) }
        }
        table role="presentation" cellpadding="0" cellspacing="0" style="margin: 24px 0 0;" {
            tr {
                td style="border-radius: 6px;" {
                    a.button href=(url) style={ (SANS) " display: inline-block; padding: 12px 22px; border-radius: 6px; background: #1f4d46; color: #ffffff; font-weight: 600; text-decoration: none;" } {
                        (label)
                    }
                }
            }
        }
    }
}

fn parcel_lines(text: Text, parcel: &Parcel, order: &Order) -> Markup {
    html! {
        table width="100%" cellpadding="0" cellspacing="0" style="margin: 20px 0 0; border-collapse: collapse;" {
            caption.soft style={ (SANS) " text-align: left; color: #625d52; padding: 0 0 6px;" } { (text.mail().in_parcel()) }
            tbody {
                @for (quantity, line) in packed(parcel, order) {
                    tr {
                        td.ink.line style={ (SANS) " color: #22201b; border-top: 1px solid #e2dccf; padding: 10px 12px 10px 0;" } {
                            (quantity) " × " bdi { (one_line(&line.title)) }
                            @if !line.options.is_empty() {
                                br;
                                span.soft dir="auto" style="font-size: 14px; color: #625d52;" { (one_line(&line.options)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn lines(text: Text, order: &Order) -> Markup {
    html! {
        table width="100%" cellpadding="0" cellspacing="0" style="margin: 20px 0 0; border-collapse: collapse;" {
            caption.soft style={ (SANS) " text-align: left; color: #625d52; padding: 0 0 6px;" } { (text.order().title(order.number)) }
            tbody {
                @for line in &order.lines {
                    tr {
                        td.ink.line style={ (SANS) " color: #22201b; border-top: 1px solid #e2dccf; padding: 10px 12px 10px 0;" } {
                            (line.quantity) " × " bdi { (one_line(&line.title)) }
                            @if !line.options.is_empty() {
                                br;
                                span.soft dir="auto" style="font-size: 14px; color: #625d52;" { (one_line(&line.options)) }
                            }
                        }
                        td.ink.line align="right" style={ (SANS) " color: #22201b; border-top: 1px solid #e2dccf; padding: 10px 0; vertical-align: top; white-space: nowrap;" } {
                            (price_of(line))
                        }
                    }
                }
                @for (name, value, is_strong) in totals(text, order) {
                    @let weight = if is_strong { " font-weight: 600;" } else { " font-weight: 400;" };
                    tr {
                        td.ink.line style={ (SANS) " color: #22201b; border-top: 1px solid #e2dccf; padding: 10px 12px 10px 0;" (weight) } { bdi { (name) } }
                        td.ink.line align="right" style={ (SANS) " color: #22201b; border-top: 1px solid #e2dccf; padding: 10px 0; white-space: nowrap;" (weight) } {
                            @if let Some(value) = value { (value) }
                        }
                    }
                }
            }
        }
        @for (name, lines) in text.order_details().facts(order) {
            p.soft style={ (SANS) " margin: 16px 0 0; color: #625d52;" } { (name) }
            @for line in lines {
                p.ink dir="auto" style={ (SANS) " margin: 0; color: #22201b;" } { (one_line(&line)) }
            }
        }
    }
}
