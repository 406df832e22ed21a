use lettre::Address;
use url::Host;

/// The longest address that mail servers take (RFC 5321, section 4.5.3.1.3, without brackets).
const MAX_ADDRESS_BYTES: usize = 254;

/// The address that mail servers take, of one as somebody wrote it: without spaces and invisible
/// characters, out of a display form such as `Ada <ada@example.com>`, with a domain in ASCII (IDNA,
/// such as `xn--mnchen-3ya.example`), and with quotes around a local part that has dots where RFC
/// 5321 has none (`a..b@docomo.ne.jp`). A local part beyond ASCII stays as it is: it has no other
/// form. `None` for what is no address.
pub(super) fn deliverable(text: &str) -> Option<Address> {
    let text = text.trim();
    let text = match (text.rfind('<'), text.rfind('>')) {
        (Some(start), Some(end)) if start < end => &text[start + 1..end],
        _ => text,
    };
    let text = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    };
    // U+FF20 is what keyboards for East Asian text write for an at sign.
    let text = text.replace('\u{ff20}', "@");
    let (local, domain) = text.rsplit_once('@')?;
    let local = local.trim_matches(is_stray);
    let is_quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let local = if is_quoted {
        local.to_owned()
    } else {
        local.replace(is_stray, "")
    };
    let domain = domain.replace(is_stray, "");
    let domain = domain.trim_end_matches(['.', ',', ';']);
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(ascii)) => ascii,
        // Such as an IP address in brackets.
        _ => domain.to_owned(),
    };
    let quoted = || {
        let escaped = local.replace('\\', "\\\\").replace('"', "\\\"");
        Address::new(format!("\"{escaped}\""), &domain).ok()
    };
    let is_dotted = local.contains("..") || local.starts_with('.') || local.ends_with('.');
    let address = Address::new(&local, &domain).ok();
    address.or_else(|| (is_dotted && !is_quoted).then(quoted).flatten())
}

/// An e-mail address as a form takes it, in the form that mail servers take; `None` for what is no
/// address, or has no domain with a dot, which nobody outside a company's own network has.
pub fn normalized(text: &str) -> Option<String> {
    let address = deliverable(text)?;
    let has_dot = address.domain().contains('.');
    let text = address.to_string();
    (has_dot && text.len() <= MAX_ADDRESS_BYTES).then_some(text)
}

/// Characters that are in an address by accident: spaces, and what is not seen (a zero-width space
/// or joiner, a mark of direction, a byte order mark).
fn is_stray(message: char) -> bool {
    message.is_whitespace()
        || message.is_control()
        || matches!(message, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::deliverable;

    #[test]
    fn address_gets_the_form_that_mail_servers_take() {
        for (written, taken) in [
            ("ada@example.com", "ada@example.com"),
            (" ada@example.com\t", "ada@example.com"),
            ("ada @ example.com", "ada@example.com"),
            ("ada@example.com.", "ada@example.com"),
            ("ada@example.com,", "ada@example.com"),
            ("\u{200b}ada@example.com\u{feff}", "ada@example.com"),
            ("Ada Lovelace <ada@example.com>", "ada@example.com"),
            ("\"Lovelace, Ada\" <ada@example.com>", "ada@example.com"),
            ("mailto:ada@example.com", "ada@example.com"),
            ("ada@m\u{fc}nchen.example", "ada@xn--mnchen-3ya.example"),
            ("ada@M\u{dc}NCHEN.example", "ada@xn--mnchen-3ya.example"),
            ("ada\u{ff20}example\u{3002}com", "ada@example.com"),
            ("ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"),
            ("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            ("ab.@docomo.ne.jp", "\"ab.\"@docomo.ne.jp"),
            ("\"ada l\"@example.com", "\"ada l\"@example.com"),
            ("ada+print@example.com", "ada+print@example.com"),
            ("ad\u{e4}@example.com", "ad\u{e4}@example.com"),
        ] {
            let address = deliverable(written).map(|address| address.to_string());
            assert_eq!(address.as_deref(), Some(taken), "{written:?}");
        }
        for written in ["", "ada", "@example.com", "ada@", "ada@-", "a@b@c d", "<>"] {
            let address = deliverable(written).map(|address| address.to_string());
            assert!(
                address
                    .as_deref()
                    .is_none_or(|address| !address.contains(' ')),
                "{written:?}: {address:?}"
            );
        }
        assert!(deliverable("ada").is_none() && deliverable("@example.com").is_none());
    }
}
