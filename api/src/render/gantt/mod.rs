//! The schedule as a picture: activities, milestones, decision points and political windows along an axis of time, with what
//! was planned first against what is expected and what was met. What has no date stands below, never left out.

mod axis;
mod draw;
mod layout;
mod measure;
mod place;
mod rows;
mod words;

use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::policy;
use super::view::Wish;
use crate::problem::Lang;
use crate::render::phrases as say;
use crate::render::spoken::short_day;
use axis::Axis;
use draw::n;
use layout::{SMALL, Sheet};
use measure::wrapped;
use rows::{Row, date, text};

/// The style of the picture, which a page that holds one must have.
pub const STYLE: &str = include_str!("gantt.css");

/// The height of the line that tells of today.
const TODAY: f64 = 18.0;
/// The height of the names of months and years.
const MONTHS: f64 = 34.0;

/// The most height of one picture inside a page: what fits a sheet of A4 below a heading.
const SHEET: f64 = 820.0;

/// The picture as a file of its own, given the JSON of the schedule.
#[must_use]
pub fn svg(schedule: &Value, wish: Wish) -> String {
    let scene = Scene::of(schedule, wish);
    let rows = rows::rows(schedule, wish.lang);
    let title = wrapped(&scene.name, 17.0, scene.sheet.width - 16.0, 3);
    let legend = scene.legend(&rows);
    let style = html! { style { (PreEscaped(STYLE)) } };
    let drawn = scene.drawn(rows, "gantt", &Around { title, style, legend });
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawn.into_string())
}

/// What a browser lets the file load and run: its own style.
#[must_use]
pub fn svg_policy() -> String {
    policy::of(STYLE)
}

/// Where a picture inside a page is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// On a screen only: it is one, however high.
    OnScreen,
    /// On paper, too: it comes in parts that fit a sheet.
    OnPaper,
}

/// The picture inside a page that has [`STYLE`]; `id` is its own in the page. What has no date is not in it: the page lists it
/// by [`undated`].
#[must_use]
pub fn inline(schedule: &Value, wish: Wish, id: &str, seen: Seen) -> Vec<Markup> {
    let scene = Scene::of(schedule, wish);
    let placed = |row: &Row| matches!(row, Row::Item(_));
    let mut rows = rows::rows(schedule, wish.lang);
    let last = rows.iter().rposition(placed).map_or(0, |last| last + 1);
    rows.truncate(last);
    let legend = scene.legend(&rows);
    let parts = scene.parts(rows, if seen == Seen::OnPaper { SHEET } else { f64::MAX });
    let count = parts.len();
    let part = |(index, rows): (usize, Vec<Row>)| {
        let legend = if index + 1 == count { legend.clone() } else { Vec::new() };
        scene.drawn(rows, &format!("{id}-{index}"), &Around { title: Vec::new(), style: html! {}, legend })
    };
    parts.into_iter().enumerate().map(part).collect()
}

/// What no picture can place, by name.
#[must_use]
pub fn undated(schedule: &Value, lang: Lang) -> Vec<String> {
    let names = rows::rows(schedule, lang).into_iter();
    names.filter_map(|row| if let Row::Undated(name) = row { Some(name) } else { None }).collect()
}

/// What all parts of a picture share.
struct Scene {
    name: String,
    wish: Wish,
    sheet: Sheet,
    axis: Option<Axis>,
    period: [Option<NaiveDate>; 2],
    today: Option<NaiveDate>,
}

/// What a part has around its rows.
struct Around {
    title: Vec<String>,
    style: Markup,
    legend: Vec<(&'static str, String)>,
}

impl Scene {
    fn of(schedule: &Value, wish: Wish) -> Self {
        let sheet = Sheet::of(wish.width);
        let project = &schedule["project"];
        let period = [date(project, "startsOn"), date(project, "endsOn")];
        let days = days(&rows::rows(schedule, wish.lang), period);
        let axis = Axis::of(days.iter().copied(), sheet.from, sheet.to);
        Self { name: text(project, "name"), wish, sheet, axis, period, today: date(schedule, "today") }
    }

    fn legend(&self, rows: &[Row]) -> Vec<(&'static str, String)> {
        words::legend(rows, self.period, self.wish.lang)
    }

    /// The rows in parts, none higher than this; a heading stays with what follows it.
    fn parts(&self, rows: Vec<Row>, most: f64) -> Vec<Vec<Row>> {
        let mut parts: Vec<Vec<Row>> = Vec::new();
        let mut height = 0.0;
        let mut heading = None;
        for laid in self.sheet.laid(rows, self.axis.as_ref(), 0.0, self.wish.lang) {
            if matches!(laid.row, Row::Heading(_)) {
                heading = Some(laid);
                continue;
            }
            let high = laid.height + heading.as_ref().map_or(0.0, |above| above.height);
            if parts.is_empty() || height + high > most {
                parts.push(Vec::new());
                height = 0.0;
            }
            height += high;
            if let Some(part) = parts.last_mut() {
                part.extend(heading.take().map(|above| above.row));
                part.push(laid.row);
            }
        }
        parts
    }

    fn drawn(&self, rows: Vec<Row>, id: &str, around: &Around) -> Markup {
        let Wish { lang, width } = self.wish;
        let said = words::spoken(&rows, lang);
        let top = 6.0 + 23.0 * f64::from(u32::try_from(around.title.len()).unwrap_or_default());
        let chart = top + if self.axis.is_some() { TODAY + MONTHS } else { 0.0 };
        let laid = self.sheet.laid(rows, self.axis.as_ref(), chart, lang);
        let bottom = laid.last().map_or(chart, |last| last.top + last.height);
        let dated = laid.iter().filter(|one| matches!(one.row, Row::Item(_))).map(|one| one.top + one.height);
        let dated = dated.fold(chart, f64::max);
        let (legend, below) = draw::legend(&around.legend, &self.sheet, bottom + 10.0);
        let height = bottom + 10.0 + below;
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="gantt" role="img" lang=(lang.tag()) viewBox={ "0 0 " (width) " " (n(height)) }
                width=(width) height=(n(height)) aria-labelledby={ (id) "-title " (id) "-desc" } {
                title id={ (id) "-title" } { (say::SCHEDULE.said(lang)) ": " (self.name) }
                desc id={ (id) "-desc" } { (said) }
                (around.style)
                rect class="paper" x="0" y="0" width=(width) height=(n(height)) {}
                @for (line, words) in (1_u32..).zip(&around.title) {
                    text class="title" x=(n(self.sheet.left)) y=(n(f64::from(line) * 23.0)) { (words) }
                }
                @if let Some(axis) = &self.axis { (behind(axis, self.period, (top, dated), lang)) }
                @for one in &laid { (draw::row(one, &self.sheet, self.axis.as_ref())) }
                @if let Some((axis, today)) = self.axis.as_ref().zip(self.today) {
                    (line_of_today(axis, today, (top, dated), lang))
                }
                (legend)
            }
        }
    }
}

/// Every day that the picture must hold: those of the rows and the ends of the project.
fn days(rows: &[Row], period: [Option<NaiveDate>; 2]) -> Vec<NaiveDate> {
    let of = |row: &Row| match row {
        Row::Item(item) => item.days().collect::<Vec<_>>(),
        Row::Heading(_) | Row::Undated(_) => Vec::new(),
    };
    rows.iter().flat_map(of).chain(period.into_iter().flatten()).collect()
}

/// What lies behind the rows: the project's period and the months.
fn behind(axis: &Axis, period: [Option<NaiveDate>; 2], (top, bottom): (f64, f64), lang: Lang) -> Markup {
    let months = top + TODAY;
    let from = period[0].map_or(axis.left, |day| axis.x(day));
    let to = period[1].and_then(|day| day.succ_opt()).map_or(axis.right, |day| axis.x(day));
    html! {
        @if period != [None, None] {
            rect class="period" x=(n(from)) y=(n(months + MONTHS)) width=(n((to - from).max(1.0))) height=(n((bottom - months - MONTHS).max(0.0))) {}
        }
        (draw::months(&axis.ticks(SMALL, lang), months, bottom))
    }
}

fn line_of_today(axis: &Axis, today: NaiveDate, (top, bottom): (f64, f64), lang: Lang) -> Markup {
    let words = format!("{} {}", say::TODAY.said(lang), short_day(today, lang));
    let (at, left, words) = layout::today(axis, today, &words);
    html! {
        @if let Some(at) = at {
            line class="today" x1=(n(at)) x2=(n(at)) y1=(n(top + TODAY - 2.0)) y2=(n(bottom)) {}
        }
        text class="today-word" x=(n(left)) y=(n(top + 12.0)) { (words) }
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;
    use serde_json::json;

    use super::svg;
    use crate::problem::Lang;
    use crate::render::view::Wish;

    #[test]
    fn what_xml_cannot_hold_does_not_break_the_picture() {
        let schedule = json!({
            "project": { "name": "Næring\u{fffe}", "startsOn": "2017-11-01", "endsOn": "2018-04-30" },
            "milestones": [{ "number": "01", "title": "Nådd\u{ffff}\u{1}", "plannedOn": "2017-12-01" }],
            "activities": [{ "number": "HA 1", "title": "Møte\u{fffe}" }],
        });
        let drawn = svg(&schedule, Wish { lang: Lang::Nb, width: 900 });
        assert!(Document::parse(&drawn).is_ok(), "{drawn}");
        for said in ["Næring\u{fffd}", "Nådd\u{fffd}\u{fffd}", "Møte\u{fffd}"] {
            assert!(drawn.contains(said), "{said}: {drawn}");
        }
    }
}
