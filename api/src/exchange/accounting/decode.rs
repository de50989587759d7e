//! The text of a file: UTF-8, with or without a byte order mark, or else Windows-1252.

use std::str::from_utf8;

use encoding_rs::WINDOWS_1252;

use super::faults;
use crate::problem::{Fault, Text};
use crate::text;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file, with a line feed alone at the end of its lines.
pub(super) fn decode(file: &[u8]) -> Result<String, Fault> {
    if let Some(message) = other_format(file) {
        return Err(Fault::at(faults::FILE, "wrong_format", message));
    }
    let (content, marked) = match file.strip_prefix(BYTE_ORDER_MARK) {
        Some(content) => (content, true),
        None => (file, false),
    };
    let text = match from_utf8(content) {
        Ok(text) => text.into(),
        Err(error) if marked => {
            let line = 1 + content[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
            let message = text!(
                "fila sier at den er UTF-8, men denne linja er det ikke; eksporter den på nytt",
                "fila seier at ho er UTF-8, men denne linja er det ikkje; eksporter ho på nytt",
                "the file says that it is UTF-8, but this line is not; export it again"
            );
            return Err(Fault::at(faults::row(line), "wrong_format", message));
        }
        // Bytes that mean nothing in Windows-1252 become control characters here, which every cell is checked for.
        Err(_) => WINDOWS_1252.decode_without_bom_handling(content).0,
    };
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// What is often sent in place of a table of text.
fn other_format(file: &[u8]) -> Option<Text> {
    let starts = |marks: [&[u8]; 2]| marks.iter().any(|mark| file.starts_with(mark));
    if starts([b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]) {
        return Some(text!(
            "er en arbeidsbok, ikke CSV; lagre arket som «CSV UTF-8»",
            "er ei arbeidsbok, ikkje CSV; lagre arket som «CSV UTF-8»",
            "is a workbook, not CSV; save the sheet as “CSV UTF-8”"
        ));
    }
    starts([b"\xff\xfe", b"\xfe\xff"]).then(|| {
        text!(
            "er UTF-16; lagre fila som UTF-8 eller Windows-1252",
            "er UTF-16; lagre fila som UTF-8 eller Windows-1252",
            "is UTF-16; save the file as UTF-8 or Windows-1252"
        )
    })
}
