//! Tables as a workbook (XLSX), for people: one sheet each, with typed cells and never a formula.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde_json::{Number, Value};

use super::column::{Column, Kind};
use super::table::Table;
use super::text::readable;
use crate::problem::{Error, Lang};

/// Most of a text that a cell takes, in UTF-16 units.
const LONGEST: usize = 32_767;
/// Largest whole number that a cell keeps exactly.
const EXACT: i64 = 1 << 53;
/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// The bytes of a workbook. The same tables give the same bytes.
///
/// # Errors
/// When it cannot be written, which is a fault of ours.
pub fn xlsx(tables: &[Table], lang: Lang) -> Result<Vec<u8>, Error> {
    written(tables, lang).map_err(|error| Error::internal("write a workbook", error))
}

fn written(tables: &[Table], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The time of its making would make every copy another one, with another entity tag.
    let always = ExcelDateTime::from_ymd(2017, 11, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("Framdrift").set_creation_datetime(&always));
    let styles = Styles::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.title)?;
        fill(sheet, table, &styles, lang)?;
    }
    workbook.save_to_buffer()
}

/// How cells look.
struct Styles {
    head: Format,
    text: Format,
    number: Format,
    kroner: Format,
    date: Format,
    instant: Format,
}

impl Styles {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            head: Format::new().set_bold(),
            text: top().set_text_wrap(),
            number: top(),
            // Files have the separators of English; a Norwegian spreadsheet shows `# ##0,00`.
            kroner: top().set_num_format("#,##0.00"),
            date: top().set_num_format("dd.mm.yyyy"),
            instant: top().set_num_format("dd.mm.yyyy hh:mm"),
        }
    }
}

fn fill(sheet: &mut Worksheet, table: &Table, styles: &Styles, lang: Lang) -> Result<(), XlsxError> {
    for (place, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, place, &column.heading, &styles.head)?;
        let mut widest = column.heading.chars().count() + 3;
        for (line, row) in (1_u32..).zip(&table.rows) {
            let value = row.get(usize::from(place)).unwrap_or(&Value::Null);
            widest = widest.max(write(sheet, (line, place), column, value, styles, lang)?);
        }
        let width = u32::try_from(widest.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or_default();
        sheet.set_column_width(place, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(lines), Ok(places @ 1..)) = (u32::try_from(table.rows.len()), u16::try_from(table.columns.len())) {
        sheet.autofilter(0, 0, lines, places - 1)?;
    }
    Ok(())
}

/// Writes a cell and says how wide it is, in characters.
fn write(
    sheet: &mut Worksheet,
    (line, place): (u32, u16),
    column: &Column,
    value: &Value,
    styles: &Styles,
    lang: Lang,
) -> Result<usize, XlsxError> {
    let width = match (column.kind, value) {
        (_, Value::Null) => 0,
        (Kind::Kroner, Value::Number(ore)) if exact(ore) => {
            let kroner = ore.as_f64().unwrap_or_default() / 100.0;
            sheet.write_number_with_format(line, place, kroner, &styles.kroner)?;
            16
        }
        (Kind::Integer | Kind::Decimal, Value::Number(number)) if exact(number) => {
            sheet.write_number_with_format(line, place, number.as_f64().unwrap_or_default(), &styles.number)?;
            10
        }
        (Kind::Date, Value::String(text)) if day(text).is_some() => {
            let day = day(text).unwrap_or_default();
            sheet.write_datetime_with_format(line, place, on(day)?, &styles.date)?;
            12
        }
        (Kind::Instant, Value::String(text)) if instant(text).is_some() => {
            let at = instant(text).unwrap_or_default();
            sheet.write_datetime_with_format(line, place, at_time(at)?, &styles.instant)?;
            17
        }
        _ => {
            let text = fitting(readable(column.kind, &column.scope, &column.schema, value, lang));
            let width = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
            if !text.is_empty() {
                sheet.write_string_with_format(line, place, &text, &styles.text)?;
            }
            width + 2
        }
    };
    Ok(width)
}

fn exact(number: &Number) -> bool {
    number.as_i64().is_none_or(|whole| (-EXACT..=EXACT).contains(&whole))
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn instant(text: &str) -> Option<NaiveDateTime> {
    text.parse::<DateTime<Utc>>().ok().map(|at| at.naive_utc())
}

/// A day as spreadsheets count them: those of this service begin with 1900, as theirs do.
fn on(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or_default(), part(day.month()), part(day.day()))
}

fn at_time(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let hour = u16::try_from(at.hour()).unwrap_or_default();
    on(at.date())?.and_hms(hour, u8::try_from(at.minute()).unwrap_or_default(), f64::from(at.second()))
}

/// A text that is too long for a cell ends with an ellipsis.
fn fitting(text: String) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let mut room = LONGEST - 1;
    let kept = text.chars().take_while(|letter| {
        let fits = letter.len_utf16() <= room;
        room = room.saturating_sub(letter.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use serde_json::{Value, json};

    use super::{fitting, xlsx};
    use crate::problem::Lang;
    use crate::render::{Column, Table};

    /// A part of a workbook of one column with these cells.
    fn part(name: &str, field: &str, schema: Value, cells: &[Value]) -> String {
        let columns = vec![Column::of("", field, field, schema, Lang::Nb)];
        let rows = cells.iter().map(|cell| vec![cell.clone()]).collect();
        let bytes = xlsx(&[Table { title: "Ark".to_owned(), columns, rows }], Lang::Nb).expect("it can be written");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn amounts_are_kroner_with_two_decimals() {
        let amounts = [json!(123_456_789), json!(-5), json!(null), json!(9_007_199_254_740_993_i64)];
        let kroner = |name: &str| part(name, "amountOre", json!({ "type": "integer" }), &amounts);
        let sheet = kroner("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<v>1234567.89</v>") && sheet.contains("<v>-0.05</v>"), "{sheet}");
        assert!(!sheet.contains(r#"r="A4""#), "what is not known is no cell: {sheet}");
        let text = sheet.split(r#"r="A5""#).nth(1).unwrap_or_default();
        assert!(text.contains(r#"t="s""#), "what a cell would round is text: {sheet}");
        assert!(kroner("xl/styles.xml").contains(r##"formatCode="#,##0.00""##));
    }

    #[test]
    fn an_instant_is_a_date_with_a_time() {
        let schema = json!({ "type": "string", "format": "date-time" });
        let sheet = part("xl/worksheets/sheet1.xml", "createdAt", schema, &[json!("2017-12-15T06:00:00Z")]);
        assert!(sheet.contains("<v>43084.25</v>"), "{sheet}");
    }

    #[test]
    fn the_same_table_is_the_same_bytes() {
        let column = Column::of("", "title", "title", json!({ "type": "string" }), Lang::Nb);
        let table = Table { title: "Ark".to_owned(), columns: vec![column], rows: vec![vec![json!("=1+1")]] };
        let made = || xlsx(std::slice::from_ref(&table), Lang::Nb).expect("it can be written");
        let first = made();
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert_eq!(first, made());
    }

    #[test]
    fn a_text_fits_in_a_cell() {
        assert_eq!(fitting("å".repeat(32_767)).chars().count(), 32_767);
        let cut = fitting("😀".repeat(20_000));
        assert!(cut.encode_utf16().count() <= 32_767 && cut.ends_with("😀…"));
    }
}
