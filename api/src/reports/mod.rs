//! The reports: each one query (two where one cannot), one pure fold, one handler.

pub mod accounting;
pub mod archive_package;
pub mod calendar;
pub mod capacity;
pub mod changes;
pub mod deadlines;
pub mod decisions;
pub mod document;
pub mod feed;
pub mod finance;
pub mod findings;
pub mod imports;
pub mod municipalities;
pub mod open_data;
pub mod organisation;
pub mod page;
pub mod political_handling;
pub mod portfolio;
pub mod public_journal;
pub mod readiness;
pub mod results;
pub mod rf1350;
pub mod saksfaser;
pub mod schedule;
pub mod shapes;
pub mod status;
pub mod variance;
mod views;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::documents::{self, DocumentAccess, DocumentStatus};
use entity::meetings::{self, MeetingKind};
use entity::milestones;
use serde::Serialize;
use uuid::Uuid;

use crate::access::{Area, Caller, Sight, observed};
use crate::db::Db;
use crate::domain::{Picture, report_draft};
use crate::facts::{self, Facts, Row, check};
use crate::http::formats::VARY;
use crate::http::query::invalid;
use crate::http::{Answer, Call, Query};
use crate::problem::{Error, Lang, Problem, codes};
use crate::render::{Format, Tables};
use crate::standard::read;
use crate::standard::tabular::Shape;
use crate::standard::whole::typed;
use crate::store::{self, Entry, Extent, Source};
use crate::text;

/// Answers a report that is folded from the project alone, or 304 to a caller whose copy is still true.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answered<T: Serialize>(
    call: &Call,
    fold: impl FnOnce(&Asked, &Picture) -> T,
) -> Result<HttpResponse, Error> {
    let mut query = call.query()?;
    let asked = Asked::of(call).await?.past(&mut query)?;
    query.finish(&["asOf"])?;
    folded(call, &asked, fold).await
}

/// The same, also as CSV and XLSX.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 400 and 406 for a format that there is not.
pub async fn tabled<T: Serialize>(
    call: &Call,
    tables: &'static Tables,
    fold: impl FnOnce(&Asked, &Picture) -> T,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(call).await?.in_tables(call, tables)?;
    folded(call, &asked, fold).await
}

async fn folded<T: Serialize>(
    call: &Call,
    asked: &Asked,
    fold: impl FnOnce(&Asked, &Picture) -> T,
) -> Result<HttpResponse, Error> {
    if let Some(unchanged) = asked.unchanged(call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(call).await?;
    asked.answer(&fold(asked, &picture)).await
}

/// Everything of a project, with what the caller sees of each record.
///
/// # Errors
/// When the database fails.
pub async fn seen(db: &impl Db, caller: &Caller, project: Uuid) -> Result<Picture, Error> {
    as_seen(store::picture(db, project).await?, caller, project)
}

fn as_seen(mut rows: Vec<(&'static Facts, Row)>, caller: &Caller, project: Uuid) -> Result<Picture, Error> {
    withhold(caller.rights(project, Area::Project).sight, &mut rows);
    typed(project, rows)
}

/// Takes from rows what those who see a part do not see. What no list shows them stays for the rules to look at, and
/// each report says what of that it tells.
fn withhold(sight: Sight, rows: &mut [(&'static Facts, Row)]) {
    let listed = rows.iter_mut().filter(|(facts, _)| sight != Sight::All && observed::shows_some(facts));
    listed.for_each(|(facts, row)| observed::withhold(facts, row));
}

/// The entries of the journal in which dates of milestones were moved.
///
/// # Errors
/// When the database fails.
pub async fn rescheduled(source: &impl Source, project: Uuid) -> Result<Vec<Entry>, Error> {
    Ok(store::of_events(source, project, &["milestone.rescheduled"]).await?)
}

/// The moves that such entries tell of.
#[must_use]
pub fn moves(entries: Vec<Entry>) -> Vec<report_draft::Move> {
    let moved =
        |entry: Entry| report_draft::Move { milestone: entry.record, on: entry.at.date_naive(), reason: entry.reason };
    entries.into_iter().map(moved).collect()
}

/// A request for a report on a project that the caller sees.
pub struct Asked {
    /// Who asks.
    pub caller: Caller,
    /// The project.
    pub project: Uuid,
    /// How much of it the caller sees.
    pub sight: Sight,
    /// The day of the report.
    pub today: NaiveDate,
    /// The language of its words.
    pub lang: Lang,
    /// The instant that is asked about; `None` for now.
    pub as_of: Option<DateTime<Utc>>,
    tag: String,
    shape: Option<Shape>,
}

impl Asked {
    /// Reads the request. The tag of the answer is drawn before its content, so that a write in between makes the
    /// next poll read again, never the other way round.
    ///
    /// # Errors
    /// 401; 404 for a project that the caller does not see.
    pub async fn of(call: &Call) -> Result<Self, Error> {
        let caller = call.caller().await?;
        let project = read::id(call)?;
        let today = Utc::now().date_naive();
        let counters = store::counters(&call.store, project).await?;
        let sight = caller.rights(project, Area::Project).sight;
        if sight == Sight::Nothing || counters.project.is_none() {
            return Err((&codes::NOT_FOUND).into());
        }
        let lang = call.lang();
        let tag = format!("{}.{today}.{}.{}", counters.state(), lang.tag(), u8::from(sight == Sight::All));
        Ok(Self { caller, project, sight, today, lang, as_of: None, tag, shape: None })
    }

    /// The report may come as CSV and XLSX; it has no parameters of its own.
    ///
    /// # Errors
    /// 400 for a parameter; 406 when `Accept` names no format that there is.
    pub fn in_tables(self, call: &Call, tables: &'static Tables) -> Result<Self, Error> {
        let mut query = call.query()?;
        let asked = self.past(&mut query)?.shaped(call, &mut query, tables)?;
        query.finish(&["asOf", "format", "table"])?;
        Ok(asked)
    }

    /// The report may be asked for as it was: takes `asOf` out of the query. A day is asked about at its end.
    ///
    /// # Errors
    /// 400 for what is neither a day nor an instant, or lies ahead.
    pub fn past(mut self, query: &mut Query) -> Result<Self, Error> {
        let Some(text) = query.take("asOf") else { return Ok(self) };
        let (at, day) = moment("asOf", &text)?;
        // A day that is not over is asked about as far as it has come.
        self.as_of = Some(at.min(Utc::now()));
        self.today = day;
        self.tag.push_str(&format!(".at{}", at.timestamp_millis()));
        Ok(self)
    }

    /// The tag of the answer hangs on this parameter, too.
    #[must_use]
    pub fn noted(mut self, parameter: &str) -> Self {
        self.tag.push_str(&format!(".{}", parameter.replace(['"', '\\', ' '], "")));
        self
    }

    /// The entries of the journal that stood.
    #[must_use]
    pub fn stood(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.retain(|entry| self.as_of.is_none_or(|at| entry.at <= at));
        entries
    }

    /// The same for a report with parameters of its own: takes `format` and `table` out of the query.
    ///
    /// # Errors
    /// 400 for one of them; 406 when `Accept` names no format that there is.
    pub fn shaped(mut self, call: &Call, query: &mut Query, tables: &'static Tables) -> Result<Self, Error> {
        let shape = Shape::take(call, query, tables)?;
        self.tag.push_str(&shape.suffix());
        self.shape = Some(shape);
        Ok(self)
    }

    /// A report that is kept: as this caller would see it on the day, in the language of the plan.
    #[must_use]
    pub fn frozen(caller: Caller, project: Uuid, today: NaiveDate) -> Self {
        let sight = caller.rights(project, Area::Project).sight;
        Self { caller, project, sight, today, lang: Lang::Nb, as_of: None, tag: String::new(), shape: None }
    }

    /// 304 for a caller whose copy is still true.
    ///
    /// # Errors
    /// 400 when `If-None-Match` cannot be read.
    pub fn unchanged(&self, call: &Call) -> Result<Option<HttpResponse>, Error> {
        Ok(call.has(&self.tag)?.then(|| self.tagged(Answer::empty(304)).into_response()))
    }

    /// Everything of the project: from the tables, or as it stood, from the journal. Of a large project few are made at a time, as of other
    /// expensive answers.
    ///
    /// # Errors
    /// 404 when there was no such project then; 503 when too many are worked on.
    pub async fn picture(&self, call: &Call) -> Result<Picture, Error> {
        let db = &call.store.read;
        let today = self.now(call).await?;
        match self.as_of {
            None => as_seen(today, &self.caller, self.project),
            Some(at) => {
                let then = store::picture_at(db, self.project, at, Extent::Picture, &today).await?;
                let mut then = then.ok_or_else(not_there_then)?;
                withhold(self.sight, &mut then);
                let mut then = typed(self.project, then)?;
                if self.sight != Sight::All {
                    self.withhold(&mut then, &typed(self.project, today)?);
                }
                Ok(then)
            }
        }
    }

    /// The rows of the picture as of now, read in turn.
    async fn now(&self, call: &Call) -> Result<Vec<(&'static Facts, Row)>, Error> {
        call.turns_of(self.project).await?;
        let rows = store::picture_of(&call.store, self.project).await?;
        let Some(turns) = call.lacks(self.project, rows.len()) else { return Ok(rows) };
        // Nobody waits with all of it in memory.
        drop(rows);
        call.turns(turns).await?;
        store::picture_of(&call.store, self.project).await
    }

    /// What was open then and is not today is not shown to who sees only what is open.
    fn withhold(&self, then: &mut Picture, now: &Picture) {
        then.milestones.retain(|was| now.milestones.iter().all(|is| is.id != was.id || self.sees_milestone(is)));
        then.documents.retain(|was| now.documents.iter().all(|is| is.id != was.id || self.sees_document(is)));
        then.meetings.retain(|was| now.meetings.iter().all(|is| is.id != was.id || self.sees_meeting(is)));
        let open: Vec<Uuid> = finance::seen_sources(self, now).iter().map(|source| source.id).collect();
        then.funding_sources.retain(|was| open.contains(&was.id));
        let binding: Vec<Uuid> = finance::seen_budgets(self, now).map(|budget| budget.id).collect();
        then.budgets.retain(|was| binding.contains(&was.id));
    }

    /// All of it as rows, with what comes by the hundred thousand.
    ///
    /// # Errors
    /// 404 when there was no such project then; 503 when too many are worked on.
    pub async fn rows(&self, call: &Call) -> Result<Vec<(&'static Facts, Row)>, Error> {
        let db = &call.store.read;
        let Some(at) = self.as_of else {
            call.turns_of(self.project).await?;
            return store::whole(db, self.project).await;
        };
        let today = self.now(call).await?;
        store::picture_at(db, self.project, at, Extent::Whole, &today).await?.ok_or_else(not_there_then)
    }

    /// The answer with its entity tag, in the format that is asked for.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub async fn answer(&self, report: &impl Serialize) -> Result<HttpResponse, Error> {
        let unwritten = |error| Error::internal("write a report", error);
        match &self.shape {
            Some(shape) if shape.format() != Format::Json => {
                let body = serde_json::to_value(report).map_err(unwritten)?;
                shape.answer(self.tagged(Answer::ok(body)), self.lang).await
            }
            _ => {
                let body = serde_json::to_vec(report).map_err(unwritten)?;
                Ok(self.tagged(Answer::empty(200)).into_json(body))
            }
        }
    }

    fn tagged(&self, answer: Answer) -> Answer {
        let answer = answer.header("ETag", format!("W/\"{}\"", self.tag));
        if self.shape.is_some() { answer.header(VARY.0, VARY.1) } else { answer }
    }

    /// Whether the caller sees a record of this collection, by the same rule as its list.
    #[must_use]
    pub fn sees_all_of(&self, path: &str) -> bool {
        facts::by_path(path).is_none_or(|facts| self.caller.rights(self.project, facts.area).sight == Sight::All)
    }

    /// Whether the caller sees a milestone of the project.
    #[must_use]
    pub fn sees_milestone(&self, milestone: &milestones::Model) -> bool {
        !milestone.internal || self.sees_all_of("milestones")
    }

    /// Whether the caller sees a document of the project.
    #[must_use]
    pub fn sees_document(&self, document: &documents::Model) -> bool {
        let published = document.status != DocumentStatus::Draft && document.access == DocumentAccess::Public;
        published || self.sees_all_of("documents")
    }

    /// Whether the caller sees a meeting of the project, and what it resolved.
    #[must_use]
    pub fn sees_meeting(&self, meeting: &meetings::Model) -> bool {
        let open = !matches!(meeting.kind, MeetingKind::ProjectGroup | MeetingKind::Coordination);
        open || self.sees_all_of("meetings")
    }

    /// Whether the caller sees recommendations, risks and what else the project controls itself by.
    #[must_use]
    pub fn sees_control(&self) -> bool {
        self.caller.rights(self.project, Area::Control).sight == Sight::All
    }
}

/// The instant that a parameter names, and its day.
fn moment(parameter: &str, text: &str) -> Result<(DateTime<Utc>, NaiveDate), Error> {
    let wrong = || {
        invalid(
            parameter,
            &text!(
                "må være en dato (ÅÅÅÅ-MM-DD) eller et tidspunkt (RFC 3339) som ikke ligger fram i tid",
                "må vere ein dato (ÅÅÅÅ-MM-DD) eller eit tidspunkt (RFC 3339) som ikkje ligg fram i tid",
                "must be a date (YYYY-MM-DD) or an instant (RFC 3339) that does not lie ahead"
            ),
        )
    };
    let now = Utc::now();
    let (at, day) = if check::date(text) {
        let day: NaiveDate = text.parse().map_err(|_| wrong())?;
        let next = day.succ_opt().ok_or_else(wrong)?.and_time(NaiveTime::MIN).and_utc();
        (next - TimeDelta::milliseconds(1), day)
    } else {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?.with_timezone(&Utc);
        (at, at.date_naive())
    };
    if day > now.date_naive() || (at > now && !check::date(text)) { Err(wrong()) } else { Ok((at, day)) }
}

fn not_there_then() -> Error {
    Problem::new(&codes::NOT_FOUND)
        .detail(text!(
            "prosjektet var ikke her ennå på det tidspunktet",
            "prosjektet var ikkje her enno på det tidspunktet",
            "the project was not here yet at that time"
        ))
        .into()
}
