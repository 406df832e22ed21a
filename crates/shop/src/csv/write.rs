/// A row of cells, with its line end.
pub(crate) fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let mut line = String::new();
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        line.push_str(&cell(text.as_ref()));
    }
    line.push_str("\r\n");
    line
}

/// A cell that no spreadsheet program takes for a formula: an apostrophe stands before what one
/// begins with, unless it is a number, such as a phone number.
fn cell(text: &str) -> String {
    let text = text.replace(['\r', '\n', '\0'], " ");
    let begins_formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let is_number = text.strip_prefix('+').is_some_and(|rest| {
        rest.chars()
            .all(|each| each.is_ascii_digit() || each == ' ')
    });
    let safe = if begins_formula && !is_number {
        format!("'{text}")
    } else {
        text
    };
    if safe.contains([',', '"', ';', '\'']) || safe.trim() != safe {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn cell_is_never_a_formula() {
        for (text, written) in [
            (
                "=HYPERLINK(\"http://x\")",
                "\"'=HYPERLINK(\"\"http://x\"\")\"",
            ),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2+3", "\"'-2+3\""),
            ("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""),
            ("\t=1", "\"'\t=1\""),
            ("+49 30 1234", "+49 30 1234"),
            ("Ada, Countess", "\"Ada, Countess\""),
            ("two\r\nlines", "two  lines"),
            ("", ""),
        ] {
            assert_eq!(row(&[text]), format!("{written}\r\n"), "{text}");
        }
        assert_eq!(row(&["a", "b", ""]), "a,b,\r\n");
    }
}
