//! One thing of the order, as its line or as something that can be added: the picture, what it is,
//! and what it costs.

use crate::pages::escape;

/// The texts that describe it.
pub(super) struct Item<'a> {
    pub(super) name: &'a str,
    pub(super) description: Option<&'a str>,
    /// The address of a picture.
    pub(super) image: Option<&'a str>,
    /// HTML below the description: how many, and what is wrong with that.
    pub(super) more: String,
    /// The price, as text.
    pub(super) amount: String,
    /// HTML at the end: a button.
    pub(super) end: String,
}

impl Item<'_> {
    /// As an item of a list.
    pub(super) fn render(&self) -> String {
        let image = picture(self.image, 56);
        let description = self.description.map_or_else(String::new, |text| {
            format!("<p class=\"description\">{}</p>\n", escape(text))
        });
        format!(
            "<li>\n{image}<div class=\"what\">\n<p class=\"name\">{}</p>\n{description}{}</div>\n\
             <div class=\"price\">\n<p class=\"amount\">{}</p>\n{}</div>\n</li>\n",
            escape(self.name),
            self.more,
            escape(&self.amount),
            self.end
        )
    }
}

/// A square picture that says no more than the text beside it, or nothing.
pub(super) fn picture(url: Option<&str>, pixels: u8) -> String {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
        .map_or_else(String::new, |url| {
            format!(
                "<img src=\"{}\" alt=\"\" width=\"{pixels}\" height=\"{pixels}\" decoding=\"async\">\n",
                escape(url)
            )
        })
}
