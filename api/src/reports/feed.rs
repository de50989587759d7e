//! `GET /projects/{id}/reports.atom`: the published reports of a project for feed readers.

use actix_web::HttpResponse;
use entity::status_reports::{self, ReportState};
use serde_json::json;

use super::Asked;
use super::shapes::called;
use crate::domain::Picture;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Lang, codes};
use crate::render::atom::{Entry, Feed, MEDIA_TYPE};
use crate::render::phrases as say;
use crate::render::spoken;

/// Answers the feed of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.as_text(&call, "atom")?;
    told(&call, &asked).await
}

/// Answers the feed of what was asked for, or 304.
///
/// # Errors
/// 404 when the project is gone.
pub async fn told(call: &Call, asked: &Asked) -> Result<HttpResponse, Error> {
    if let Some(unchanged) = asked.unchanged(call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(call).await?;
    let base = &call.shared.public_url;
    // The address that was asked is its own: a link stays a link.
    let address = format!("{base}{}", call.request.path());
    let feed = of(&picture, base, address, asked.lang).ok_or(&codes::NOT_FOUND)?;
    Ok(asked.text(MEDIA_TYPE, feed.text()))
}

/// The feed of a picture; `None` when the project is not in it.
#[must_use]
pub fn of(picture: &Picture, base: &str, address: String, lang: Lang) -> Option<Feed> {
    let project = picture.project()?;
    let mut published: Vec<&status_reports::Model> =
        picture.status_reports.iter().filter(|report| report.state == ReportState::Published).collect();
    published.sort_by_key(|report| std::cmp::Reverse((report.published_at, report.id)));
    let entries: Vec<Entry> = published.into_iter().filter_map(|report| entry(report, base, lang)).collect();
    Some(Feed {
        id: project.id,
        title: format!("{}: {}", say::REPORTS_OF.said(lang), project.name),
        author: project.name.clone(),
        lang: lang.tag(),
        address,
        updated: entries.first().map_or(project.created_at, |newest| newest.published),
        entries,
    })
}

fn entry(report: &status_reports::Model, base: &str, lang: Lang) -> Option<Entry> {
    let address = |id| format!("{base}/api/v1/status-reports/{id}");
    let [from, to] = [report.period_from, report.period_to].map(|day| spoken::day(day, lang));
    Some(Entry {
        id: report.id,
        title: format!("{} {from} – {to}", say::capital(called(report.kind.label(), lang))),
        published: report.published_at?,
        summary: summary(report, lang),
        category: report.kind.code(),
        address: address(report.id),
        instead_of: report.supersedes_id.map(address),
    })
}

/// Where the project stands as a whole, what was reached, what comes, and what is to be decided.
fn summary(report: &status_reports::Model, lang: Lang) -> String {
    let overall = report.overall.as_ref().map(|overall| called(overall.status.label(), lang).to_owned());
    let parts = [
        (say::OVERALL, overall),
        (say::ACHIEVED, report.achieved.clone()),
        (say::NEXT, report.next.clone()),
        (say::DECISIONS_WANTED, report.decisions_wanted.clone()),
    ];
    let said = parts.into_iter().filter_map(|(title, text)| Some(format!("{}: {}", title.said(lang), text?)));
    spoken::sentence(&said.collect::<Vec<_>>().join("\n\n"), lang)
}

/// What the document says of what comes as a feed.
pub const FEED: &str = "Atom (RFC 4287): an entry for each published report, the newest first; `id` is the report's, `updated` the \
                        instant of its publication. A correction names the report whose place it takes (`predecessor-version`).";

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectReportFeed", "Reports", "Follow the published reports of a project")
        .more(
            "A feed for feed readers and frontends. Readers that cannot send a token take the link of \
             `POST /api/v1/projects/{id}/calendar-links`.",
        )
        .answers_value(
            200,
            "The feed",
            "application/atom+xml",
            json!({ "type": "string", "maxLength": 67_108_864, "description": FEED }),
            json!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed …>…</feed>"),
        )
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
