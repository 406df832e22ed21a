//! The invoice as a PDF. It says the same as the page.

use super::encoding::wrap;
use super::pdf_page::{LEFT, Paper, RIGHT, Style};
use super::view::{Line, Sheet, Sum};

/// What every sheet says first, as every page of the shopper's does.
const NOTICE: &str = "SANDBOX. This is a test. No real money moves, and no real card is accepted.";

/// Where the quantities end, and how wide what is left of them can be.
const QUANTITIES: i16 = RIGHT - 90;
const DESCRIPTIONS: i16 = QUANTITIES - LEFT - 130;

/// Where the sums begin.
const SUMS: i16 = LEFT + 260;

/// The document.
pub(super) fn render(sheet: &Sheet) -> Vec<u8> {
    let title = format!("Invoice {}", sheet.number);
    let mut paper = Paper::new(NOTICE, &title);
    paper.write(Style::new(20).bold(), LEFT, "Invoice");
    paper.write_before(Style::new(12), RIGHT, "Paid");
    paper.down(40, 0);
    paper.write(Style::new(26).bold(), LEFT, &sheet.amount);
    paper.down(18, 0);
    let paid_on = format!("paid on {}", sheet.paid_on);
    paper.write(Style::new(11), LEFT, &paid_on);
    paper.down(28, 0);
    paragraph(&mut paper, Style::new(10), &sheet.memo);
    facts(&mut paper, &sheet.facts);
    parties(&mut paper, &sheet.parties);
    heads(&mut paper);
    for item in &sheet.lines {
        line(&mut paper, item);
    }
    paper.down(6, 0);
    for row in &sheet.sums {
        sum(&mut paper, row);
    }
    paper.down(20, 0);
    paragraph(&mut paper, Style::new(9).gray(), &sheet.footer);
    paper.finish(&title)
}

fn paragraph(paper: &mut Paper<'_>, style: Style, text: &str) {
    if text.is_empty() {
        return;
    }
    for line in wrap(text, style.size, RIGHT - LEFT) {
        paper.down(0, style.size);
        paper.write(style, LEFT, &line);
        paper.down(style.size + 4, 0);
    }
    paper.down(12, 0);
}

/// Names above values, two beside each other.
fn facts(paper: &mut Paper<'_>, facts: &[(String, String)]) {
    let width = (RIGHT - LEFT) / 2;
    for pair in facts.chunks(2) {
        let cells: Vec<(&str, Vec<String>)> = pair
            .iter()
            .map(|(name, value)| (name.as_str(), wrap(value, 10, width - 12)))
            .collect();
        columns(paper, &cells, width);
    }
}

fn parties(paper: &mut Paper<'_>, parties: &[(&'static str, Vec<String>)]) {
    let width = (RIGHT - LEFT) / 3;
    let cells: Vec<(&str, Vec<String>)> = parties
        .iter()
        .map(|(title, lines)| {
            let lines = lines.iter().flat_map(|line| wrap(line, 10, width - 12));
            (*title, lines.collect())
        })
        .collect();
    columns(paper, &cells, width);
}

/// Cells beside each other, each with a small title above its lines.
fn columns(paper: &mut Paper<'_>, cells: &[(&str, Vec<String>)], width: i16) {
    let at = || (LEFT..).step_by(usize::from(width.unsigned_abs()));
    paper.down(0, 28);
    for (x, (title, _)) in at().zip(cells) {
        paper.write(Style::new(8).gray(), x, title);
    }
    let most = cells.iter().map(|(_, lines)| lines.len()).max();
    for row in 0..most.unwrap_or(0) {
        paper.down(14, 0);
        for (x, (_, lines)) in at().zip(cells) {
            if let Some(line) = lines.get(row) {
                paper.write(Style::new(10), x, line);
            }
        }
    }
    paper.down(22, 0);
}

fn heads(paper: &mut Paper<'_>) {
    let style = Style::new(9).gray();
    paper.down(6, 40);
    paper.write(style, LEFT, "Description");
    paper.write_before(style, QUANTITIES, "Quantity");
    paper.write_before(style, RIGHT, "Amount");
    paper.rule();
    paper.down(20, 0);
}

fn line(paper: &mut Paper<'_>, line: &Line) {
    let style = Style::new(10);
    paper.down(0, 14);
    paper.write_before(style, QUANTITIES, &line.quantity);
    paper.write_before(style, RIGHT, &line.amount);
    for (at, text) in wrap(&line.description, style.size, DESCRIPTIONS)
        .iter()
        .enumerate()
    {
        if at > 0 {
            paper.down(14, 14);
        }
        paper.write(style, LEFT, text);
    }
    paper.rule();
    paper.down(20, 0);
}

fn sum(paper: &mut Paper<'_>, sum: &Sum) {
    let style = match sum.is_total {
        true => Style::new(10).bold(),
        false => Style::new(10),
    };
    paper.down(0, 28);
    paper.write(style, SUMS, sum.label);
    paper.write_before(style, RIGHT, &sum.amount);
    for line in wrap(&sum.name, 8, RIGHT - SUMS - 110) {
        paper.down(12, 0);
        paper.write(Style::new(8).gray(), SUMS, &line);
    }
    paper.down(18, 0);
}
