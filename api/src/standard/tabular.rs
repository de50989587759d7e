//! A list or a report in the format that is asked for: JSON, CSV or XLSX, each with an entity tag of its own.

use actix_web::HttpResponse;
use chrono::Utc;
use serde_json::Value;

use super::list::{unchanged, weak_tag, weakly_tagged};
use super::present::Wanted;
use crate::facts::Facts;
use crate::http::answer::File;
use crate::http::formats::{self, VARY};
use crate::http::query::{Query, invalid};
use crate::http::{Answer, Call};
use crate::problem::{Error, Lang};
use crate::render::{self, Format, Table, Tables};
use crate::text;

/// How many there are on all pages, where a table has no room for it.
const TOTAL: &str = "X-Total-Count";

/// Answers the page of a list, given as JSON, in a format.
///
/// # Errors
/// 400 when `If-None-Match` cannot be read.
pub fn list(
    call: &Call,
    facts: &Facts,
    format: Format,
    wanted: &Wanted,
    answer: Answer,
) -> Result<HttpResponse, Error> {
    let mut answer = answer.header(VARY.0, VARY.1);
    if format == Format::Json {
        return weakly_tagged(call, answer);
    }
    let body = answer.body.take().unwrap_or_default();
    if let Some(total) = body.get("total") {
        answer = answer.header(TOTAL, total.to_string());
    }
    let items = body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let table = render::records(facts, &wanted.columns(), items, call.lang());
    let title = table.title.clone();
    let file = file(format, &title, &[table], call.lang())?;
    tagged_by_bytes(call, answer, file)
}

/// How a report is asked for: in which format, and of a table of which name.
pub struct Shape {
    format: Format,
    tables: &'static Tables,
    only: Option<String>,
}

impl Shape {
    /// Takes `format` and `table` out of a query.
    ///
    /// # Errors
    /// 400 for one that is not known; 406 when `Accept` names no format that there is.
    pub fn take(call: &Call, query: &mut Query, tables: &'static Tables) -> Result<Self, Error> {
        let format = formats::take(call, query)?;
        let only = query.take("table");
        if let Some(name) = &only {
            let names = tables.names();
            let list = names.join(", ");
            if !names.contains(&name.as_str()) {
                return Err(invalid(
                    "table",
                    &text!("må være en av {list}", "må vere ein av {list}", "must be one of {list}"),
                ));
            }
            if format == Format::Json {
                let why = text!("gjelder bare CSV og XLSX", "gjeld berre CSV og XLSX", "is for CSV and XLSX only");
                return Err(invalid("table", &why));
            }
        }
        Ok(Self { format, tables, only })
    }

    /// What tells the entity tag of this representation from that of the JSON.
    #[must_use]
    pub fn suffix(&self) -> String {
        let table = self.only.iter().map(|table| format!(".{table}")).collect::<String>();
        match self.format {
            Format::Json => String::new(),
            Format::Csv | Format::Xlsx => format!(".{}{table}", self.format.name()),
        }
    }

    /// Answers a report, given as JSON that has its headers.
    ///
    /// # Errors
    /// When the tables cannot be written, which is a fault of ours.
    pub fn answer(&self, answer: Answer, lang: Lang) -> Result<HttpResponse, Error> {
        if self.format == Format::Json {
            return Ok(answer.into_response());
        }
        let file = self.file(answer.body.as_ref().unwrap_or(&Value::Null), lang)?;
        Ok(answer.into_file(file))
    }

    /// Answers a report, given as JSON, with the weak tag of its bytes; 304 to a caller that has them.
    ///
    /// # Errors
    /// 400 when `If-None-Match` cannot be read.
    pub fn weakly_tagged(&self, call: &Call, answer: Answer) -> Result<HttpResponse, Error> {
        let answer = answer.header(VARY.0, VARY.1);
        if self.format == Format::Json {
            return weakly_tagged(call, answer);
        }
        let file = self.file(answer.body.as_ref().unwrap_or(&Value::Null), call.lang())?;
        tagged_by_bytes(call, answer, file)
    }

    fn file(&self, report: &Value, lang: Lang) -> Result<File, Error> {
        let tables = self.tables.filled(self.only.as_deref(), report, lang);
        let mut title = self.tables.title(lang).to_owned();
        if let (Some(_), Some(table)) = (&self.only, tables.first()) {
            title = format!("{title} – {}", table.title);
        }
        file(self.format, &title, &tables, lang)
    }
}

/// Tables as a file. CSV has room for one: the first, which is the main one.
fn file(format: Format, title: &str, tables: &[Table], lang: Lang) -> Result<File, Error> {
    let bytes = match (format, tables.first()) {
        (Format::Csv, Some(table)) => render::csv(table, lang)?,
        _ => render::xlsx(tables, lang)?,
    };
    let name = format!("{title} {}.{}", Utc::now().date_naive(), format.name());
    Ok(File { format, name, lang, bytes })
}

fn tagged_by_bytes(call: &Call, answer: Answer, file: File) -> Result<HttpResponse, Error> {
    let tag = weak_tag(&file.bytes);
    Ok(match unchanged(call, &tag, &answer)? {
        Some(unchanged) => unchanged,
        None => answer.header("ETag", format!("W/\"{tag}\"")).into_file(file),
    })
}
