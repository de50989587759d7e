//! A list or a report in the format that is asked for: JSON, CSV, XLSX, a page or a picture, each with an entity tag of
//! its own.

use actix_web::{HttpResponse, web};
use chrono::Utc;
use serde_json::Value;

use super::list::{unchanged, weakly_tagged};
use super::present::Wanted;
use crate::facts::Facts;
use crate::http::answer::File;
use crate::http::formats::{self, VARY};
use crate::http::query::{Query, invalid};
use crate::http::{Answer, Call, digest};
use crate::problem::{Error, Lang};
use crate::render::{self, Drawn, Format, Table, Tables, Wish};
use crate::text;

/// How many there are on all pages, where a table has no room for it.
const TOTAL: &str = "X-Total-Count";

/// Answers the page of a list, given as JSON, in a format.
///
/// # Errors
/// 400 when `If-None-Match` cannot be read.
pub async fn list(
    call: &Call,
    facts: &'static Facts,
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
    let (columns, lang) = (wanted.columns(), call.lang());
    let file = beside(move || {
        let items = body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let table = render::records(facts, &columns, items, lang);
        let title = table.title.clone();
        file(format, &title, &[table], lang)
    });
    tagged_by_bytes(call, answer, file.await??)
}

/// How a report is asked for: in which format, of a table of which name, how wide.
pub struct Shape {
    format: Format,
    tables: &'static Tables,
    only: Option<String>,
    width: u32,
}

impl Shape {
    /// Takes `format`, `table` and, for a picture, `width` out of a query.
    ///
    /// # Errors
    /// 400 for one that is not known; 406 when `Accept` names no format that there is.
    pub fn take(call: &Call, query: &mut Query, tables: &'static Tables) -> Result<Self, Error> {
        let format = formats::take(call, query, &tables.formats())?;
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
            if !matches!(format, Format::Csv | Format::Xlsx) {
                let why = text!("gjelder bare CSV og XLSX", "gjeld berre CSV og XLSX", "is for CSV and XLSX only");
                return Err(invalid("table", &why));
            }
        }
        let pictured = tables.views().iter().any(|view| view.format == Format::Svg);
        let width = if pictured { width(query, format)? } else { Wish::WIDTH };
        Ok(Self { format, tables, only, width })
    }

    /// A report that has one format at its address; takes `width` out of the query.
    ///
    /// # Errors
    /// 400 for a width that there is not.
    pub fn of(query: &mut Query, tables: &'static Tables, format: Format) -> Result<Self, Error> {
        Ok(Self { format, tables, only: None, width: width(query, format)? })
    }

    /// The format that is asked for.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// What tells the entity tag of this representation from that of the JSON.
    #[must_use]
    pub fn suffix(&self) -> String {
        let table = self.only.iter().map(|table| format!(".{table}")).collect::<String>();
        match self.format {
            Format::Json => String::new(),
            Format::Csv | Format::Xlsx | Format::Html => format!(".{}{table}", self.format.name()),
            Format::Svg => format!(".{}.{}", self.format.name(), self.width),
        }
    }

    /// Answers a report, given as JSON that has its headers.
    ///
    /// # Errors
    /// When the tables cannot be written, which is a fault of ours.
    pub async fn answer(&self, mut answer: Answer, lang: Lang) -> Result<HttpResponse, Error> {
        if self.format == Format::Json {
            return Ok(answer.into_response());
        }
        let report = answer.body.take().unwrap_or_default();
        if let Some(view) = self.tables.views().iter().find(|view| view.format == self.format) {
            let wish = Wish { lang, width: self.width };
            // What was made here is freed here: freed by another thread, it would be in nobody's use for a while.
            let (drawn, report) = beside(move || (view.drawn(&report, wish), report)).await?;
            drop(report);
            return Ok(answer.into_view(drawn, lang));
        }
        let file = self.file(report, lang).await?;
        Ok(answer.into_file(file))
    }

    /// Answers a report, given as JSON, with the weak tag of its bytes; 304 to a caller that has them.
    ///
    /// # Errors
    /// 400 when `If-None-Match` cannot be read.
    pub async fn weakly_tagged(&self, call: &Call, answer: Answer) -> Result<HttpResponse, Error> {
        let mut answer = answer.header(VARY.0, VARY.1);
        if self.format == Format::Json {
            return weakly_tagged(call, answer);
        }
        let file = self.file(answer.body.take().unwrap_or_default(), call.lang()).await?;
        tagged_by_bytes(call, answer, file)
    }

    /// Answers a report, given as JSON, whose tag was drawn before its content.
    ///
    /// # Errors
    /// When the tables cannot be written, which is a fault of ours.
    pub async fn tagged(&self, answer: Answer, tag: &str, lang: Lang) -> Result<HttpResponse, Error> {
        self.answer(answer.header("ETag", format!("W/\"{tag}\"")).header(VARY.0, VARY.1), lang).await
    }

    async fn file(&self, report: Value, lang: Lang) -> Result<File, Error> {
        let (format, described, only) = (self.format, self.tables, self.only.clone());
        let written = beside(move || {
            let tables = described.filled(only.as_deref(), &report, lang);
            let mut title = described.title(lang).to_owned();
            if let (Some(_), Some(table)) = (&only, tables.first()) {
                title = format!("{title} – {}", table.title);
            }
            (file(format, &title, &tables, lang), report)
        });
        written.await?.0
    }
}

/// Does what takes the processor long beside the worker, which answers others meanwhile.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    web::block(work).await.map_err(|error| Error::internal("draw a report", error))
}

/// Takes the width of a picture.
fn width(query: &mut Query, format: Format) -> Result<u32, Error> {
    let Some(given) = query.take("width") else { return Ok(Wish::WIDTH) };
    if format != Format::Svg {
        return Err(invalid("width", &text!("gjelder bare SVG", "gjeld berre SVG", "is for SVG only")));
    }
    let (least, most) = (Wish::WIDTHS.start(), Wish::WIDTHS.end());
    given.parse().ok().filter(|width| Wish::WIDTHS.contains(width)).ok_or_else(|| {
        let why = text!(
            "må være et heltall fra {least} til {most}",
            "må vere eit heiltal frå {least} til {most}",
            "must be a whole number from {least} to {most}"
        );
        invalid("width", &why)
    })
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
    let tag = digest::tag(&file.bytes);
    Ok(match unchanged(call, &tag, &answer)? {
        Some(unchanged) => unchanged,
        None => answer.header("ETag", format!("W/\"{tag}\"")).into_file(file),
    })
}

/// Something to look at with the weak tag of its bytes; 304 to a caller that has them.
///
/// # Errors
/// 400 when `If-None-Match` cannot be read.
pub fn viewed(call: &Call, answer: Answer, drawn: Drawn) -> Result<HttpResponse, Error> {
    let tag = digest::tag(drawn.text.as_bytes());
    Ok(match unchanged(call, &tag, &answer)? {
        Some(unchanged) => unchanged,
        None => answer.header("ETag", format!("W/\"{tag}\"")).into_view(drawn, call.lang()),
    })
}
