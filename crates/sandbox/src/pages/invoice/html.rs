//! The invoice as a page, for screens and for paper.

use super::view::{InvoiceView, Line, Sum};
use crate::pages::{escape, notice};

/// The body of the page; `pdf` is the address of the same as a PDF.
pub(super) fn render(view: &InvoiceView, pdf: &str) -> String {
    let facts: String = view
        .facts
        .iter()
        .map(|(name, value)| row("", &escape(name), &escape(value)))
        .collect();
    let parties: String = view.parties.iter().map(party).collect();
    let lines: String = view.lines.iter().map(line).collect();
    let sums: String = view.sums.iter().map(sum).collect();
    format!(
        "{}<main class=\"card invoice\">\n\
         <div class=\"head\">\n<h1>Invoice</h1>\n<span class=\"tag paid\">Paid</span>\n</div>\n\
         <p><span class=\"total\">{}</span> paid on {}</p>\n{}\
         <dl class=\"facts\">\n{facts}</dl>\n<div class=\"parties\">\n{parties}</div>\n\
         <table>\n<thead><tr><th scope=\"col\">Description</th><th scope=\"col\">Quantity</th>\
         <th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n\
         <dl class=\"sums\">\n{sums}</dl>\n{}\
         <p class=\"download\"><a href=\"{}\">Download as PDF</a></p>\n</main>",
        notice(),
        escape(&view.amount),
        escape(&view.paid_on),
        paragraph("text", &view.memo),
        paragraph("text fine", &view.footer),
        escape(pdf),
    )
}

fn paragraph(class: &str, text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("<p class=\"{class}\">{}</p>\n", escape(text)),
    }
}

fn party((title, lines): &(&'static str, Vec<String>)) -> String {
    // A long e-mail address may break where it is read in two.
    let lines: Vec<String> = lines
        .iter()
        .map(|line| escape(line).replace('@', "@<wbr>"))
        .collect();
    format!(
        "<section>\n<h2>{title}</h2>\n<address>{}</address>\n</section>\n",
        lines.join("<br>")
    )
}

fn line(line: &Line) -> String {
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
        escape(&line.description),
        escape(&line.quantity),
        escape(&line.amount)
    )
}

fn sum(sum: &Sum) -> String {
    let class = if sum.is_total { " class=\"due\"" } else { "" };
    let label = match sum.name.as_str() {
        "" => sum.label.to_owned(),
        name => format!("{} <small>{}</small>", sum.label, escape(name)),
    };
    row(class, &label, &escape(&sum.amount))
}

fn row(class: &str, label: &str, value: &str) -> String {
    format!("<div{class}><dt>{label}</dt><dd>{value}</dd></div>\n")
}
