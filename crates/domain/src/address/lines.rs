use super::Address;

/// The lines of an address. Where a country writes from the large to the small in its own script and
/// the other way round in Latin letters, the letters of the address decide.
pub(super) fn of(address: &Address) -> Vec<String> {
    let format = address.country.format();
    let parts = [
        Some(&address.line1),
        address.city.as_ref(),
        address.region.as_ref(),
    ];
    let is_latin = !parts
        .into_iter()
        .flatten()
        .any(|text| text.chars().any(is_of_east_asia));
    let pattern = if is_latin { format.latin } else { format.own };
    let mut lines: Vec<String> = Vec::new();
    for line in pattern.split("%n") {
        match line {
            "%A" => {
                lines.push(address.line1.clone());
                lines.extend(address.line2.clone());
            }
            _ => lines.extend(fill(address, line)),
        }
    }
    lines.push(format.name.to_owned());
    lines
}

/// A line of the format with its fields. What stands between two fields is written when both are
/// there, and what stands before the first or behind the last goes with that field.
fn fill(address: &Address, pattern: &str) -> Option<String> {
    if !pattern.contains('%') {
        return Some(pattern.to_owned());
    }
    let mut pieces = pattern.split('%');
    let mut between = pieces.next().unwrap_or_default().to_owned();
    let mut line = String::new();
    for piece in pieces {
        let mut letters = piece.chars();
        let field = letters.next();
        let text = match field {
            Some('N') => Some(address.name.clone()),
            Some('O') => address.company.clone(),
            Some('A') => Some(match &address.line2 {
                Some(line2) => format!("{}, {line2}", address.line1),
                None => address.line1.clone(),
            }),
            Some('C') => address.city.clone(),
            Some('S') => address.region.clone(),
            Some('Z') => address.postal_code.clone(),
            _ => None,
        };
        let after = letters.as_str();
        match text {
            Some(text) => {
                // A prefix that was typed is not written twice: AX-22100, LV-1010.
                let prefix = between.trim();
                if !line.is_empty() || !text.starts_with(prefix) {
                    line.push_str(&between);
                }
                line.push_str(&text);
                between.clear();
                between.push_str(after);
            }
            None if line.is_empty() => {
                between = after.trim_start_matches([',', ' ', '-']).to_owned()
            }
            None if between.trim().is_empty() => between = after.to_owned(),
            None => {}
        }
    }
    let ends_with_word = between.chars().any(char::is_alphanumeric);
    if ends_with_word {
        line.push_str(&between);
    }
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn is_of_east_asia(each: char) -> bool {
    matches!(each, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
