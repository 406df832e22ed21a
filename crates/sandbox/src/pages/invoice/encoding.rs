//! Text in the letters that every reader of PDF has a font for: Helvetica's, in the encoding that
//! PDF names `WinAnsiEncoding` and others Windows-1252. Source: ISO 32000-1, annex D, and Adobe's
//! metrics of Helvetica.

/// The bytes from 0x80 on that are not the code point of their letter; a blank where there is no
/// letter.
const UPPER: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The widths of the letters from the blank to the tilde, in thousandths of the size.
#[rustfmt::skip]
const WIDTHS: [i32; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// The bytes of a text. Two signs of currencies become the code, and what else there is no letter
/// for a question mark.
pub(super) fn encode(text: &str) -> Vec<u8> {
    text.replace('₩', "KRW ")
        .replace('₹', "INR ")
        .chars()
        .map(|letter| byte(letter).unwrap_or(b'?'))
        .collect()
}

/// The width of a text in points, at a size in points. Accented letters count as wide ones.
pub(super) fn width(text: &str, size: i16) -> i16 {
    let thousandths: i32 = encode(text)
        .iter()
        .map(|byte| match byte {
            b' '..=b'~' => WIDTHS[usize::from(byte - b' ')],
            // The euro, the pound, the yen and the bullet among them are narrower than the usual
            // accented letter.
            0x80 | 0xA3 | 0xA5 => 556,
            0x95 => 350,
            0xD7 => 584,
            _ => 722,
        })
        .sum();
    i16::try_from((thousandths * i32::from(size) + 999) / 1000).unwrap_or(i16::MAX)
}

/// The lines of a text, broken at blanks so that each fits, and inside words that do not fit alone.
pub(super) fn wrap(text: &str, size: i16, most: i16) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = match line.is_empty() {
                true => word.to_owned(),
                false => format!("{line} {word}"),
            };
            if width(&longer, size) <= most {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if width(&line, size) > most && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

fn byte(letter: char) -> Option<u8> {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).ok(),
        letter if letter.is_whitespace() => Some(b' '),
        letter => {
            let at = UPPER.chars().position(|other| other == letter)?;
            u8::try_from(0x80 + at).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{UPPER, encode, width, wrap};

    #[test]
    fn characters_have_the_bytes_of_their_encoding() {
        assert_eq!(UPPER.chars().count(), 32);
        assert_eq!(
            encode("Aé €‚Š‘•—Ÿ×"),
            b"A\xe9 \x80\x82\x8a\x91\x95\x97\x9f\xd7"
        );
        assert_eq!(encode("Ж\u{7f}\t₩5"), b"?? KRW 5");
    }

    #[test]
    fn a_width_is_rounded_up() {
        assert_eq!(width("$0.05", 10), 26); // 4 * 5.56 + 2.78 = 25.02
        assert_eq!(width("", 10), 0);
    }

    #[test]
    fn lines_fit_whatever_the_text_is() {
        for text in [
            "one two three four",
            "Donaudampfschiffahrtsgesellschaft",
            "a\n\nb",
            "",
            "ééééé é",
        ] {
            let lines = wrap(text, 10, 40);
            assert!(lines.iter().all(|line| width(line, 10) <= 40), "{lines:?}");
            let joined: String = lines.concat();
            let without_blanks = |text: &str| text.replace(char::is_whitespace, "");
            assert_eq!(without_blanks(&joined), without_blanks(text));
        }
        assert_eq!(wrap("one two\nthree", 10, 400), ["one two", "three"]);
    }
}
