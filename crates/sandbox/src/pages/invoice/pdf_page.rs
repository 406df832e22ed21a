//! Pages of a PDF, written from the top to the bottom. All measures are points.

use pdf_writer::writers::Catalog;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::encoding::{encode, width};

/// A4.
const WIDTH: i16 = 595;
const HEIGHT: i16 = 842;

pub(super) const LEFT: i16 = 56;
pub(super) const RIGHT: i16 = WIDTH - LEFT;
const TOP: i16 = HEIGHT - 76;
const BOTTOM: i16 = 64;

const REGULAR: Name<'_> = Name(b"Regular");
const BOLD: Name<'_> = Name(b"Bold");

/// The style of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: i16,
    pub(super) bold: bool,
    pub(super) gray: bool,
}

/// A document under way: where the next line goes, and what every page says above and below.
pub(super) struct PdfPage<'a> {
    head: &'a str,
    foot: &'a str,
    sheets: Vec<Content>,
    now: Content,
    /// The height of the next line above the lower edge.
    y: i16,
}

impl Style {
    pub(super) fn new(size: i16) -> Self {
        Self {
            size,
            bold: false,
            gray: false,
        }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn gray(self) -> Self {
        Self { gray: true, ..self }
    }
}

impl<'a> PdfPage<'a> {
    pub(super) fn new(head: &'a str, foot: &'a str) -> Self {
        Self {
            head,
            foot,
            sheets: Vec::new(),
            now: Content::new(),
            y: TOP,
        }
    }

    /// Goes down, to the next page if what follows would not fit on this one.
    pub(super) fn down(&mut self, by: i16, then: i16) {
        self.y -= by;
        if self.y - then < BOTTOM {
            self.sheets
                .push(std::mem::replace(&mut self.now, Content::new()));
            self.y = TOP;
        }
    }

    /// Writes a text that begins at `x`.
    pub(super) fn write(&mut self, style: Style, x: i16, text: &str) {
        write(&mut self.now, style, (x, self.y), text);
    }

    /// Writes a text that ends at `x`.
    pub(super) fn write_before(&mut self, style: Style, x: i16, text: &str) {
        self.write(style, x.saturating_sub(width(text, style.size)), text);
    }

    /// Draws a line from edge to edge, a little below the text.
    pub(super) fn rule(&mut self) {
        let y = f32::from(self.y - 5);
        self.now
            .set_stroke_gray(0.8)
            .set_line_width(0.75)
            .move_to(f32::from(LEFT), y)
            .line_to(f32::from(RIGHT), y)
            .stroke();
    }

    /// The document.
    pub(super) fn finish(mut self, title: &str) -> Vec<u8> {
        self.sheets.push(self.now);
        let count = self.sheets.len();
        let mut ids = 0;
        let mut next = || {
            ids += 1;
            Ref::new(ids)
        };
        let (catalog, tree, info, regular, bold) = (next(), next(), next(), next(), next());
        let pages: Vec<(Ref, Ref)> = (0..count).map(|_| (next(), next())).collect();

        let mut pdf = Pdf::new();
        describe(&mut pdf.catalog(catalog), tree);
        pdf.document_info(info).title(TextStr(title));
        for (id, name) in [(regular, "Helvetica"), (bold, "Helvetica-Bold")] {
            pdf.type1_font(id)
                .base_font(Name(name.as_bytes()))
                .encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        pdf.pages(tree)
            .kids(pages.iter().map(|(page, _)| *page))
            .count(i32::try_from(count).unwrap_or(i32::MAX));
        for (at, (mut view, (page, content))) in self.sheets.into_iter().zip(pages).enumerate() {
            let small = Style::new(8).gray();
            write(&mut view, small, (LEFT, HEIGHT - 36), self.head);
            let foot = format!("{} · Page {} of {count}", self.foot, at + 1);
            write(&mut view, small, (LEFT, 36), &foot);
            let mut page = pdf.page(page);
            page.parent(tree)
                .media_box(Rect::new(0.0, 0.0, f32::from(WIDTH), f32::from(HEIGHT)))
                .contents(content);
            let mut resources = page.resources();
            resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
            resources.finish();
            page.finish();
            pdf.stream(content, &view.finish());
        }
        pdf.finish()
    }
}

fn describe(catalog: &mut Catalog<'_>, tree: Ref) {
    catalog.pages(tree);
    catalog.lang(TextStr("en"));
    catalog.viewer_preferences().display_doc_title(true);
}

fn write(content: &mut Content, style: Style, (x, y): (i16, i16), text: &str) {
    let font = if style.bold { BOLD } else { REGULAR };
    content
        .set_fill_gray(if style.gray { 0.35 } else { 0.0 })
        .begin_text()
        .set_font(font, f32::from(style.size))
        .next_line(f32::from(x), f32::from(y))
        .show(Str(&encode(text)))
        .end_text();
}
