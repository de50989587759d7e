//! A table as CSV (RFC 4180), as Norwegian spreadsheets open it: semicolons, a byte order mark, CRLF.

use std::io;

use ::csv::{Terminator, WriterBuilder};

use super::table::Table;
use super::text::plain;
use crate::problem::{Error, Lang};

/// Without it, spreadsheets take UTF-8 for the character set of the machine.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The bytes of a table.
///
/// # Errors
/// When it cannot be written, which is a fault of ours.
pub fn csv(table: &Table, lang: Lang) -> Result<Vec<u8>, Error> {
    written(table, lang).map_err(|error| Error::internal("write a table", error))
}

fn written(table: &Table, lang: Lang) -> Result<Vec<u8>, io::Error> {
    let bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = WriterBuilder::new().delimiter(b';').terminator(Terminator::CRLF).from_writer(bytes);
    writer.write_record(table.columns.iter().map(|column| &column.heading))?;
    for row in &table.rows {
        writer.write_record(table.columns.iter().zip(row).map(|(column, value)| plain(column, value, lang)))?;
    }
    writer.into_inner().map_err(|error| error.into_error())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::csv;
    use crate::problem::Lang;
    use crate::render::{Column, Table};

    #[test]
    fn a_table_opens_in_a_norwegian_spreadsheet() {
        let text = json!({ "type": "string" });
        let columns =
            ["number", "title"].map(|name| Column::of("milestones", name, name, text.clone(), Lang::Nb)).to_vec();
        let rows = vec![vec![json!("01"), json!("a; \"b\"\nc")], vec![json!("=1"), json!(null)]];
        let table = Table { title: "Milepæler".to_owned(), columns, rows };
        let bytes = csv(&table, Lang::Nb).expect("it can be written");
        let said = "\u{feff}Nummer;Tittel\r\n01;\"a; \"\"b\"\"\nc\"\r\n'=1;\r\n";
        assert_eq!(String::from_utf8(bytes).expect("text"), said);
    }
}
