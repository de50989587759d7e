//! What the picture shows, row by row, read from the JSON of the schedule.

use chrono::NaiveDate;
use serde_json::Value;

use crate::problem::Lang;
use crate::render::column::called;
use crate::render::phrases::{self as say, Phrase};
use crate::render::spoken::short_day;
use crate::render::symbols::{self, Symbol};

/// A row of the picture.
#[derive(Clone, Debug)]
pub enum Row {
    /// The name of a group of rows.
    Heading(&'static str),
    /// Something that has a place in time.
    Item(Item),
    /// Something that has none.
    Undated(String),
}

/// Something that has a place in time.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What it is called.
    pub name: String,
    /// Where it stands, with the symbol that says the same.
    pub standing: Option<(Symbol, String)>,
    /// What is wrong with its place in time.
    pub warning: Option<&'static str>,
    /// How deep it lies under others.
    pub depth: usize,
    /// The time that it takes.
    pub bar: Option<Bar>,
    /// Its days, each with what it is.
    pub marks: Vec<Mark>,
}

/// A time on a row.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// What it is drawn as.
    pub class: &'static str,
    /// The first day; `None` when only the last is known.
    pub from: Option<NaiveDate>,
    /// The last day; `None` when only the first is known.
    pub to: Option<NaiveDate>,
    /// How much of it is done, in per cent.
    pub done: Option<f64>,
}

/// A day on a row.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What it is drawn as.
    pub class: &'static str,
    /// The day.
    pub on: NaiveDate,
    /// What stands beside it.
    pub label: String,
}

impl Bar {
    /// Its days in words.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        let day = |date| short_day(date, lang);
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => day(from),
            (Some(from), Some(to)) => format!("{}–{}", day(from), day(to)),
            (Some(from), None) => format!("{} {}", say::AT_LEAST.said(lang), day(from)),
            (None, Some(to)) => format!("{} {}", say::AT_MOST.said(lang), day(to)),
            (None, None) => String::new(),
        }
    }
}

impl Item {
    /// Every day that it has.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + Clone + '_ {
        let bar = self.bar.iter().flat_map(|bar| [bar.from, bar.to].into_iter().flatten());
        bar.chain(self.marks.iter().map(|mark| mark.on))
    }
}

/// Makes the item of a row of the schedule.
type Making = fn(&Value, Lang) -> Item;

/// Every row of a schedule.
#[must_use]
pub fn rows(schedule: &Value, lang: Lang) -> Vec<Row> {
    let groups: [(Phrase, &str, Making); 4] = [
        (say::DECISION_POINTS, "decisionPoints", decision_point),
        (say::ACTIVITIES, "activities", activity),
        (say::MILESTONES, "milestones", milestone),
        (say::WINDOWS, "politicalWindows", window),
    ];
    let mut rows = Vec::new();
    let mut undated = Vec::new();
    for (heading, name, read) in groups {
        let (dated, others): (Vec<Item>, Vec<Item>) =
            list(&schedule[name]).iter().map(|value| read(value, lang)).partition(|item| item.days().next().is_some());
        if !dated.is_empty() {
            rows.push(Row::Heading(heading.said(lang)));
            rows.extend(dated.into_iter().map(Row::Item));
        }
        undated.extend(others.into_iter().map(|item| Row::Undated(format!("{}: {}", one(name).said(lang), item.name))));
    }
    if !undated.is_empty() {
        rows.push(Row::Heading(say::UNDATED.said(lang)));
        rows.extend(undated);
    }
    rows
}

fn one(group: &str) -> Phrase {
    match group {
        "decisionPoints" => say::DECISION_POINT,
        "activities" => say::ACTIVITY,
        "milestones" => say::MILESTONE,
        _ => say::WINDOW,
    }
}

fn activity(value: &Value, lang: Lang) -> Item {
    let (from, to) = (date(value, "startsOn"), date(value, "endsOn"));
    let class = if value["status"] == "cancelled" { "cancelled" } else { "activity" };
    Item {
        name: joined([text(value, "number"), text(value, "title")]),
        standing: standing(value, "status", "activityStatus", lang),
        warning: warning(value, lang),
        depth: value["depth"].as_u64().and_then(|depth| usize::try_from(depth).ok()).unwrap_or_default().min(4),
        bar: from.or(to).map(|_| Bar { class, from, to, done: value["progressPercent"].as_f64() }),
        marks: Vec::new(),
    }
}

fn milestone(value: &Value, lang: Lang) -> Item {
    let planned = date(value, "plannedOn");
    let baseline = date(value, "baselineOn").filter(|first| Some(*first) != planned);
    let days = [
        ("baseline", baseline, Some(say::BASELINE)),
        (if value["status"] == "cancelled" { "given-up" } else { "planned" }, planned, None),
        ("forecast", date(value, "forecastOn"), Some(say::FORECAST)),
        ("met", date(value, "metOn"), Some(say::MET)),
    ];
    Item {
        name: joined([text(value, "number"), text(value, "title")]),
        standing: standing(value, "status", "milestoneStatus", lang),
        warning: warning(value, lang),
        marks: days.into_iter().filter_map(|(class, on, what)| Some(mark(class, on?, what, lang))).collect(),
        ..Item::default()
    }
}

fn decision_point(value: &Value, lang: Lang) -> Item {
    let days = [("point", date(value, "plannedOn"), None), ("decided", date(value, "decidedOn"), Some(say::DECIDED))];
    Item {
        name: joined([text(value, "number"), text(value, "theme")]),
        standing: standing(value, "outcome", "decisionOutcome", lang),
        warning: warning(value, lang),
        marks: days.into_iter().filter_map(|(class, on, what)| Some(mark(class, on?, what, lang))).collect(),
        ..Item::default()
    }
}

fn window(value: &Value, lang: Lang) -> Item {
    let (from, to) = (date(value, "windowFrom"), date(value, "windowTo"));
    let decided = date(value, "decidedOn").map(|on| mark("decided", on, Some(say::DECIDED), lang));
    Item {
        name: format!("{}: {}", text(&value["organisation"], "name"), text(value, "title")),
        standing: standing(value, "status", "handlingStatus", lang),
        bar: from.or(to).map(|_| Bar { class: "window", from, to, done: None }),
        marks: decided.into_iter().collect(),
        ..Item::default()
    }
}

fn mark(class: &'static str, on: NaiveDate, what: Option<Phrase>, lang: Lang) -> Mark {
    let day = short_day(on, lang);
    Mark { class, on, label: what.map_or_else(|| day.clone(), |what| format!("{} {day}", what.said(lang))) }
}

fn standing(value: &Value, field: &str, list: &str, lang: Lang) -> Option<(Symbol, String)> {
    let code = value[field].as_str()?;
    Some((symbols::of(code), called(code, symbols::labels(list), lang)))
}

fn warning(value: &Value, lang: Lang) -> Option<&'static str> {
    (value["outsidePeriod"] == true).then(|| say::OUTSIDE.said(lang))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The text of a member. A character that XML 1.0 does not know (§ 2.2) becomes U+FFFD, since no viewer opens a file with
/// one.
#[must_use]
pub fn text(value: &Value, name: &str) -> String {
    let known = |letter: char| if in_xml(letter) { letter } else { '\u{fffd}' };
    value[name].as_str().unwrap_or_default().chars().map(known).collect()
}

const fn in_xml(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// The day of a member.
#[must_use]
pub fn date(value: &Value, name: &str) -> Option<NaiveDate> {
    value[name].as_str().and_then(|text| text.parse().ok())
}

fn joined(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
