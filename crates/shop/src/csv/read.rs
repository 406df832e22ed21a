/// The bytes of a file as text: UTF-8, with a byte order mark or without, or else Latin-1, which
/// spreadsheet programs still write.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The rows that hold something, each with the number of its first line, from 1. Cells are separated
/// by commas, semicolons or tabs: by what the first line has most of.
pub(crate) fn parse(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text.lines().next().unwrap_or_default());
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let (mut line, mut first_line) = (1, 1);
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(each) = characters.next() {
        match each {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            '\n' | '\r' if !is_quoted => {
                if each == '\r' && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                line += 1;
                row.push(std::mem::take(&mut cell));
                finish(&mut rows, first_line, std::mem::take(&mut row));
                first_line = line;
            }
            _ if each == separator && !is_quoted => row.push(std::mem::take(&mut cell)),
            _ => {
                line += usize::from(each == '\n');
                cell.push(each);
            }
        }
    }
    row.push(cell);
    finish(&mut rows, first_line, row);
    rows
}

fn finish(rows: &mut Vec<(usize, Vec<String>)>, line: usize, row: Vec<String>) {
    let row: Vec<String> = row.into_iter().map(|cell| plain(&cell)).collect();
    if row.iter().any(|cell| !cell.is_empty()) {
        rows.push((line, row));
    }
}

/// A cell without the apostrophe that keeps it from being a formula.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    let inner = cell.strip_prefix('\'').filter(|inner| {
        let mut characters = inner.chars();
        characters
            .next()
            .is_some_and(|first| "=+-@\t".contains(first))
    });
    inner.unwrap_or(cell).to_owned()
}

fn separator(line: &str) -> char {
    let count = |separator: &char| line.matches(*separator).count();
    let mut best = ',';
    for other in [';', '\t'] {
        if count(&other) > count(&best) {
            best = other;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{decode, parse};

    #[test]
    fn rows_are_read_as_spreadsheet_programs_write_them() {
        let rows = |text: &str| parse(text);
        let expected = |line: usize, cells: &[&str]| {
            (
                line,
                cells
                    .iter()
                    .map(|cell| (*cell).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            rows("\u{feff}a;b\r\n1;\"x;\"\"y\"\"\"\r\n\r\n;\r\n2;'=3"),
            [
                expected(1, &["a", "b"]),
                expected(2, &["1", "x;\"y\""]),
                expected(5, &["2", "=3"]),
            ]
        );
        assert_eq!(
            rows("a,b\n\"two\nlines\",c\n\"open"),
            [
                expected(1, &["a", "b"]),
                expected(2, &["two\nlines", "c"]),
                expected(4, &["open"]),
            ]
        );
        assert_eq!(rows("a\tb\r1\t2").len(), 2);
        assert_eq!(rows(""), []);
    }

    #[test]
    fn file_is_decoded_whatever_wrote_it() {
        assert_eq!(decode(b"\xef\xbb\xbfM\xc3\xbcller"), "M\u{fc}ller");
        assert_eq!(decode(b"M\xfcller"), "M\u{fc}ller");
    }
}
