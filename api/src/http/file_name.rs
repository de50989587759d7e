//! The name of a file as it comes and as it goes in `Content-Disposition` (RFC 6266): a name, never a path.

use std::fmt::Write;

use actix_web::http::header::{Charset, ContentDisposition, HeaderValue};
use unicode_normalization::UnicodeNormalization;

use super::json::forbidden_character;

/// Longest name in bytes: what file systems take.
const LONGEST: usize = 255;
/// Longest ending that is kept when a name is cut, in bytes with its dot.
const LONGEST_ENDING: usize = 16;

/// The name in a `Content-Disposition`: `filename*`, else `filename`; `Ok(None)` when it names none.
///
/// # Errors
/// When the field cannot be read.
pub fn named(field: &str) -> Result<Option<String>, NoDisposition> {
    let value = HeaderValue::from_str(field).map_err(|_| NoDisposition)?;
    let disposition = ContentDisposition::from_raw(&value).map_err(|_| NoDisposition)?;
    match disposition.get_filename_ext() {
        Some(name) if name.charset == Charset::Ext("UTF-8".to_owned()) => {
            String::from_utf8(name.value.clone()).map(Some).map_err(|_| NoDisposition)
        }
        Some(_) => Err(NoDisposition),
        None => Ok(disposition.get_filename().map(str::to_owned)),
    }
}

/// A field that is no `Content-Disposition` with a name in UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDisposition;

/// A name as it is kept: the last step of a path, without what file systems or readers trip over, of at most 255 bytes.
/// `None` when nothing is left.
#[must_use]
pub fn cleaned(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.nfc().filter(|letter| !deceives(*letter)).map(usable).collect();
    let name = name.trim().trim_end_matches(['.', ' ']);
    (!name.is_empty()).then(|| cut(name))
}

fn deceives(letter: char) -> bool {
    letter.is_control() || forbidden_character(letter.encode_utf8(&mut [0; 4])).is_some()
}

/// What no Windows file may be called is an underscore.
const fn usable(letter: char) -> char {
    if matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { letter }
}

/// A name that is too long loses of its end, but keeps what says what it is.
fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map(|dot| &name[dot..]).filter(|ending| ending.len() <= LONGEST_ENDING);
    let ending = ending.unwrap_or_default();
    let room = name.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", name[..room].trim_end())
}

/// The field of an answer that is to be saved, not shown.
#[must_use]
pub fn attachment(name: Option<&str>) -> String {
    let mut field = "attachment".to_owned();
    if let Some(name) = name {
        field.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            // attr-char of RFC 8187 §3.2.1.
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                field.push(char::from(byte));
            } else {
                let _ = write!(field, "%{byte:02X}");
            }
        }
    }
    field
}

/// The same for a name of ours, with a plain one before it for clients that know no other (RFC 6266 §5).
#[must_use]
pub fn attachment_for_all(name: &str) -> String {
    let plain = name.chars().fold(String::new(), |mut plain, letter| {
        match letter {
            'æ' => plain.push_str("ae"),
            'Æ' => plain.push_str("Ae"),
            'ø' => plain.push('o'),
            'Ø' => plain.push('O'),
            'å' => plain.push('a'),
            'Å' => plain.push('A'),
            '–' => plain.push('-'),
            '"' | '\\' => plain.push('_'),
            ' '..='~' => plain.push(letter),
            _ => plain.push('_'),
        }
        plain
    });
    attachment(Some(name)).replacen("attachment;", &format!("attachment; filename=\"{plain}\";"), 1)
}

#[cfg(test)]
mod tests {
    use super::{NoDisposition, attachment, attachment_for_all, cleaned, named};

    #[test]
    fn a_name_is_read_in_either_form() {
        let both = "attachment; filename=\"plan.pdf\"; filename*=UTF-8''S%C3%B8r-Troms.pdf";
        assert_eq!(named(both), Ok(Some("Sør-Troms.pdf".to_owned())));
        assert_eq!(named("attachment; filename=\"a b.pdf\""), Ok(Some("a b.pdf".to_owned())));
        assert_eq!(named("attachment"), Ok(None));
        for wrong in ["attachment; filename*=UTF-8''%ff", "attachment; filename*=ISO-8859-1''%e5"] {
            assert_eq!(named(wrong), Err(NoDisposition), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_never_a_path() {
        for (given, kept) in [
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\Kari\\plan.docx", Some("plan.docx")),
            ("plan\r\nSet-Cookie: x.pdf", Some("planSet-Cookie_ x.pdf")),
            ("faktura\u{202e}fdp.exe", Some("fakturafdp.exe")),
            ("A\u{30a}rsplan.pdf", Some("Årsplan.pdf")),
            (" . ", None),
            ("..", None),
            ("mappe/", None),
        ] {
            assert_eq!(cleaned(given).as_deref(), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = cleaned(&format!("{}.pdf", "å".repeat(300))).expect("a name");
        assert!(name.len() <= 255 && name.ends_with("å.pdf"), "{name}");
    }

    #[test]
    fn what_is_not_ascii_is_encoded() {
        assert_eq!(attachment(None), "attachment");
        assert_eq!(attachment(Some("Sør \"A\".pdf")), "attachment; filename*=UTF-8''S%C3%B8r%20%22A%22.pdf");
        let both = "attachment; filename=\"Moter - A.csv\"; filename*=UTF-8''M%C3%B8ter%20%E2%80%93%20A.csv";
        assert_eq!(attachment_for_all("Møter – A.csv"), both);
    }
}
