//! The status of a project and its reports as pages for people. A page is made of the JSON that the reader would get, so that
//! it can show nobody more; a published report is made of what was frozen, never of today's data.

mod dimensions;
mod report;
mod schedule;
mod summary;
mod tables;

use maud::html;
use serde_json::Value;

use crate::problem::Lang;
use crate::render::page::{Page, Section, Words, page_policy, table};
use crate::render::phrases as say;
use crate::render::spoken;
use crate::render::{Format, View, Wish};
use tables::PAGE;

pub use report::{draft, published};

/// The status as a page; it is drawn from `{status, schedule}`.
pub const VIEW: View = View {
    format: Format::Html,
    about: "The status as a page (HTML 5) to be read and printed: A4 style sheet, accessible tables, the schedule as a picture, \
            light and dark. It loads nothing and runs nothing.",
    draw: status,
    policy: page_policy,
};

/// The status of the day as a page.
fn status(report: &Value, wish: Wish) -> String {
    let Wish { lang, .. } = wish;
    let status = &report["status"];
    let project = &status["project"];
    let today = status["today"].as_str().and_then(|text| text.parse().ok()).map(|day| spoken::day(day, lang));
    let above = format!("{} {} {}", say::STATUS_OF.said(lang), say::AS_OF.said(lang), today.unwrap_or_default());
    let page = Page {
        lang,
        title: text(project, "name").to_owned(),
        above,
        below: html! { p { (text(project, "code")) } },
        sections: sections(status, &report["schedule"], lang, Words::Fresh),
        foot: html! {},
    };
    page.html()
}

/// Every section of a status.
fn sections(status: &Value, schedule: &Value, lang: Lang, whose: Words) -> Vec<Section> {
    let mut sections = vec![Section {
        id: "summary",
        title: say::IN_SHORT.said(lang).to_owned(),
        body: summary::summary(status, lang, whose),
    }];
    if !status["latestReport"].is_null() && whose == Words::Fresh {
        sections.push(Section {
            id: "latest-report",
            title: say::LATEST_REPORT.said(lang).to_owned(),
            body: dimensions::latest(&status["latestReport"], lang),
        });
    }
    if !schedule.is_null() {
        let title = say::SCHEDULE.said(lang).to_owned();
        sections.push(Section { id: "schedule", title, body: schedule::figure(schedule, lang) });
    }
    for filled in PAGE.filled_by_name(status, lang) {
        let (id, filled) = filled;
        if filled.rows.is_empty() && tables::OPTIONAL.contains(&id) {
            continue;
        }
        let body = html! {
            @if id == "economy" { (summary::economy(&status["economy"], lang, whose)) }
            @if id == "capacity" { (summary::capacity(&status["capacity"], lang)) }
            @if id != "economy" || !filled.rows.is_empty() { (table(&filled, id, lang, whose)) }
        };
        sections.push(Section { id, title: filled.title.clone(), body });
    }
    sections
}

/// The text of a member.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The days from one to another.
fn period(value: &Value, from: &str, to: &str, lang: Lang) -> Option<String> {
    let day = |name: &str| value[name].as_str().and_then(|text| text.parse().ok()).map(|day| spoken::day(day, lang));
    match (day(from), day(to)) {
        (Some(from), Some(to)) => Some(format!("{from} – {to}")),
        (Some(from), None) => Some(format!("{} {from}", say::AT_LEAST.said(lang))),
        (None, Some(to)) => Some(format!("{} {to}", say::AT_MOST.said(lang))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{VIEW, tables::PAGE};
    use crate::problem::Lang;
    use crate::render::Wish;

    #[test]
    fn the_tables_of_the_page_are_described_rightly() {
        assert_eq!(PAGE.faults(), Vec::<String>::new());
    }

    #[test]
    fn a_page_of_next_to_nothing_says_what_is_not_known() {
        let status = json!({ "status": { "today": "2017-11-20", "project": { "name": "Å & <b>", "code": "A", "startsOn": null } }, "schedule": null });
        for (lang, unknown) in
            [(Lang::Nb, "ikke kjent ennå"), (Lang::Nn, "ikkje kjent enno"), (Lang::En, "not known yet")]
        {
            let page = VIEW.drawn(&status, Wish::of(lang)).text;
            assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", lang.tag())), "{page}");
            assert!(page.contains(unknown) && page.contains("Å &amp; &lt;b&gt;") && !page.contains("<b>"), "{page}");
        }
    }
}
