use super::{Field, MAX_LINE, MAX_PHONE, MAX_POSTAL_CODE, Problem};

/// The reason why a text cannot stay as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// It has more than the most characters.
    TooLong,
    /// It holds a line break or another control character.
    ControlCharacter,
}

/// Makes typed text of one line fit for labels, pages and e-mails: spaces of all kinds become one
/// space, and characters that show nothing and only turn or split what is around them are left out.
/// Joiners stay, for Persian, Indic scripts and emoji need them. `None` when nothing visible is left.
///
/// # Errors
/// When it holds a control character, or more than `most` characters afterwards.
pub fn clean(text: &str, most: usize) -> Result<Option<String>, TextProblem> {
    let mut cleaned = String::new();
    let mut is_visible = false;
    let mut is_after_space = true;
    let mut length = 0_usize;
    for each in text.trim().chars() {
        if each == '\t' || (each.is_whitespace() && !each.is_control() && !is_line_break(each)) {
            if !is_after_space {
                cleaned.push(' ');
                length += 1;
            }
            is_after_space = true;
        } else if each.is_control() || is_line_break(each) {
            return Err(TextProblem::ControlCharacter);
        } else if !is_invisible(each) {
            is_visible |= !is_joiner(each) && !is_blank_filler(each);
            is_after_space = false;
            cleaned.push(each);
            length += 1;
        }
        if length > most.saturating_add(1) {
            return Err(TextProblem::TooLong);
        }
    }
    let cleaned = cleaned.trim_end();
    if !is_visible {
        return Ok(None);
    }
    if cleaned.chars().count() > most {
        return Err(TextProblem::TooLong);
    }
    Ok(Some(cleaned.to_owned()))
}

/// The text of a field of an address.
pub(super) fn field(field: Field, typed: &str) -> Result<Option<String>, Problem> {
    let most = match field {
        Field::PostalCode => MAX_POSTAL_CODE,
        Field::Phone => MAX_PHONE,
        _ => MAX_LINE,
    };
    let text = clean(typed, most).map_err(|problem| match problem {
        TextProblem::TooLong => Problem::TooLong { most },
        TextProblem::ControlCharacter => Problem::ControlCharacter,
    })?;
    let Some(text) = text else { return Ok(None) };
    match field {
        Field::PostalCode => Ok(Some(to_ascii(&text).to_uppercase())),
        Field::Phone => {
            let text = to_ascii(&text);
            if text.chars().filter(char::is_ascii_digit).count() < 3 {
                return Err(Problem::NotAPhoneNumber);
            }
            Ok(Some(text))
        }
        _ => Ok(Some(text)),
    }
}

/// Digits of other scripts, wide letters and other dashes as the ASCII that carriers' machines read.
fn to_ascii(text: &str) -> String {
    text.chars()
        .map(|each| match each {
            '\u{ff01}'..='\u{ff5e}' => shifted(each, '\u{ff01}', '!'),
            '٠'..='٩' => shifted(each, '٠', '0'),
            '۰'..='۹' => shifted(each, '۰', '0'),
            '०'..='९' => shifted(each, '०', '0'),
            '‐'..='―' | '−' | 'ー' => '-',
            other => other,
        })
        .filter(|each| *each != '〒')
        .collect::<String>()
        .trim()
        .to_owned()
}

/// `each` of the row that begins with `from`, in the row that begins with `to`.
fn shifted(each: char, from: char, to: char) -> char {
    let moved = u32::from(each) - u32::from(from) + u32::from(to);
    char::from_u32(moved).unwrap_or(each)
}

fn is_line_break(each: char) -> bool {
    matches!(
        each,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Marks that turn the direction of what follows, and characters without width.
fn is_invisible(each: char) -> bool {
    matches!(each, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0001}')
}

fn is_joiner(each: char) -> bool {
    matches!(each, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// Letters that are drawn as nothing.
fn is_blank_filler(each: char) -> bool {
    matches!(
        each,
        '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{ffa0}'
    )
}
