//! The invoice as a PDF. It says the same as the page.

use super::encoding::wrap;
use super::pdf_page::{LEFT, PdfPage, RIGHT, Style};
use super::view::{InvoiceView, Line, Sum};

/// The notice at the top of every page, as every page of the shopper's does.
const NOTICE: &str = "SANDBOX. This is a test. No real money moves, and no real card is accepted.";

/// The right edge of the quantities, and the width of the column left of them.
const QUANTITIES: i16 = RIGHT - 90;
const DESCRIPTIONS: i16 = QUANTITIES - LEFT - 130;

/// The left edge of the sums.
const SUMS: i16 = LEFT + 260;

/// The document.
pub(super) fn render(view: &InvoiceView) -> Vec<u8> {
    let title = format!("Invoice {}", view.number);
    let mut page = PdfPage::new(NOTICE, &title);
    page.write(Style::new(20).bold(), LEFT, "Invoice");
    page.write_before(Style::new(12), RIGHT, "Paid");
    page.down(40, 0);
    page.write(Style::new(26).bold(), LEFT, &view.amount);
    page.down(18, 0);
    let paid_on = format!("paid on {}", view.paid_on);
    page.write(Style::new(11), LEFT, &paid_on);
    page.down(28, 0);
    paragraph(&mut page, Style::new(10), &view.memo);
    facts(&mut page, &view.facts);
    parties(&mut page, &view.parties);
    heads(&mut page);
    for item in &view.lines {
        line(&mut page, item);
    }
    page.down(6, 0);
    for row in &view.sums {
        sum(&mut page, row);
    }
    page.down(20, 0);
    paragraph(&mut page, Style::new(9).gray(), &view.footer);
    page.finish(&title)
}

fn paragraph(page: &mut PdfPage<'_>, style: Style, text: &str) {
    if text.is_empty() {
        return;
    }
    for line in wrap(text, style.size, RIGHT - LEFT) {
        page.down(0, style.size);
        page.write(style, LEFT, &line);
        page.down(style.size + 4, 0);
    }
    page.down(12, 0);
}

/// Names above values, two beside each other.
fn facts(page: &mut PdfPage<'_>, facts: &[(String, String)]) {
    let width = (RIGHT - LEFT) / 2;
    for pair in facts.chunks(2) {
        let cells: Vec<(&str, Vec<String>)> = pair
            .iter()
            .map(|(name, value)| (name.as_str(), wrap(value, 10, width - 12)))
            .collect();
        columns(page, &cells, width);
    }
}

fn parties(page: &mut PdfPage<'_>, parties: &[(&'static str, Vec<String>)]) {
    let width = (RIGHT - LEFT) / 3;
    let cells: Vec<(&str, Vec<String>)> = parties
        .iter()
        .map(|(title, lines)| {
            let lines = lines.iter().flat_map(|line| wrap(line, 10, width - 12));
            (*title, lines.collect())
        })
        .collect();
    columns(page, &cells, width);
}

/// Cells beside each other, each with a small title above its lines.
fn columns(page: &mut PdfPage<'_>, cells: &[(&str, Vec<String>)], width: i16) {
    let at = || (LEFT..).step_by(usize::from(width.unsigned_abs()));
    page.down(0, 28);
    for (x, (title, _)) in at().zip(cells) {
        page.write(Style::new(8).gray(), x, title);
    }
    let most = cells.iter().map(|(_, lines)| lines.len()).max();
    for row in 0..most.unwrap_or(0) {
        page.down(14, 0);
        for (x, (_, lines)) in at().zip(cells) {
            if let Some(line) = lines.get(row) {
                page.write(Style::new(10), x, line);
            }
        }
    }
    page.down(22, 0);
}

fn heads(page: &mut PdfPage<'_>) {
    let style = Style::new(9).gray();
    page.down(6, 40);
    page.write(style, LEFT, "Description");
    page.write_before(style, QUANTITIES, "Quantity");
    page.write_before(style, RIGHT, "Amount");
    page.rule();
    page.down(20, 0);
}

fn line(page: &mut PdfPage<'_>, line: &Line) {
    let style = Style::new(10);
    page.down(0, 14);
    page.write_before(style, QUANTITIES, &line.quantity);
    page.write_before(style, RIGHT, &line.amount);
    for (at, text) in wrap(&line.description, style.size, DESCRIPTIONS)
        .iter()
        .enumerate()
    {
        if at > 0 {
            page.down(14, 14);
        }
        page.write(style, LEFT, text);
    }
    page.rule();
    page.down(20, 0);
}

fn sum(page: &mut PdfPage<'_>, sum: &Sum) {
    let style = match sum.is_total {
        true => Style::new(10).bold(),
        false => Style::new(10),
    };
    page.down(0, 28);
    page.write(style, SUMS, sum.label);
    page.write_before(style, RIGHT, &sum.amount);
    for line in wrap(&sum.name, 8, RIGHT - SUMS - 110) {
        page.down(12, 0);
        page.write(Style::new(8).gray(), SUMS, &line);
    }
    page.down(18, 0);
}
