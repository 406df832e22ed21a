/// A table as text: rows of cells, separated by commas, as RFC 4180 has it.
mod read;
/// Rows to write, safe for spreadsheet programs.
mod write;

pub(crate) use read::{decode, parse};
pub(crate) use write::row;
