//! The picture in SVG: everything is placed, here it is written down. Text is escaped by the templates.

use maud::{Markup, html};

use super::axis::{Axis, Tick};
use super::layout::{INDENT, Laid, MARK, NAME_LINE, SMALL, SMALL_LINE, Sheet, depth};
use super::measure::width;
use super::place::{flowed, lanes};
use super::rows::{Bar, Item, Row};

/// A number as SVG has it, to a tenth.
#[must_use]
pub fn n(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The months and, behind the rows, their lines.
#[must_use]
pub fn months(ticks: &[Tick], top: f64, bottom: f64) -> Markup {
    html! {
        @for tick in ticks {
            line class=(if tick.year.is_some() { "year-line" } else { "month-line" }) x1=(n(tick.x)) x2=(n(tick.x)) y1=(n(top)) y2=(n(bottom)) {}
            text class="month" x=(n(tick.x + 3.0)) y=(n(top + 12.0)) { (tick.month) }
            @if let Some(year) = tick.year {
                text class="year" x=(n(tick.x + 3.0)) y=(n(top + 27.0)) { (year) }
            }
        }
    }
}

/// A row.
#[must_use]
pub fn row(laid: &Laid, sheet: &Sheet, axis: Option<&Axis>) -> Markup {
    match &laid.row {
        Row::Heading(name) => html! {
            rect class="group" x="0" y=(n(laid.top + 6.0)) width=(n(sheet.width)) height=(n(laid.height - 10.0)) {}
            text class="heading" x=(n(sheet.left)) y=(n(laid.top + 23.0)) { (name) }
        },
        Row::Undated(_) => html! {
            text class="date" x=(n(sheet.left)) y=(n(laid.top + 14.0)) { "–" }
            @for (line, words) in (0_u32..).zip(&laid.name) {
                text class="name" x=(n(sheet.left + 14.0)) y=(n(laid.top + 14.0 + f64::from(line) * NAME_LINE)) { (words) }
            }
        },
        Row::Item(item) => html! {
            (names(laid, item, sheet))
            @if let Some(axis) = axis { (track(laid, item, axis)) }
            line class="row-line" x1="0" x2=(n(sheet.width)) y1=(n(laid.top + laid.height)) y2=(n(laid.top + laid.height)) {}
        },
    }
}

fn names(laid: &Laid, item: &Item, sheet: &Sheet) -> Markup {
    let left = sheet.left + INDENT * depth(item);
    let first = laid.top + 18.0;
    let lines = u32::try_from(laid.name.len()).unwrap_or_default();
    let below = first + f64::from(lines) * NAME_LINE - 1.0;
    html! {
        @for (line, words) in (0_u32..).zip(&laid.name) {
            text class="name" x=(n(left)) y=(n(first + f64::from(line) * NAME_LINE)) { (words) }
        }
        @for (tone, words, spot) in &laid.below {
            text class={ "below " (tone) } x=(n(left + spot.left)) y=(n(below + lane(spot.lane))) { (words) }
        }
    }
}

fn lane(lane: usize) -> f64 {
    f64::from(u32::try_from(lane).unwrap_or_default()) * SMALL_LINE
}

fn track(laid: &Laid, item: &Item, axis: &Axis) -> Markup {
    let days = item.marks.iter().map(|mark| axis.middle(mark.on));
    let (first, last) = days.fold((f64::MAX, f64::MIN), |(first, last), x| (first.min(x), last.max(x)));
    html! {
        @if let Some(of) = &item.bar { (bar(of, laid.track, axis)) }
        @if last > first {
            line class="moved" x1=(n(first)) x2=(n(last)) y1=(n(laid.track)) y2=(n(laid.track)) {}
        }
        @for mark in &item.marks { (shape(mark.class, item.warning.is_some(), axis.middle(mark.on), laid.track)) }
        @for (words, spot) in &laid.dates {
            text class="date" x=(n(spot.left)) y=(n(laid.track + MARK + 14.0 + lane(spot.lane))) { (words) }
        }
    }
}

fn bar(bar: &Bar, middle: f64, axis: &Axis) -> Markup {
    let from = bar.from.map_or(axis.left, |day| axis.x(day));
    let to = bar.to.and_then(|day| day.succ_opt()).map_or(axis.right, |day| axis.x(day));
    let (long, high) = ((to - from).max(3.0), MARK * 1.7);
    // An end that is not known fades out.
    let open = if bar.from.is_none() || bar.to.is_none() { " open" } else { "" };
    html! {
        rect class={ "bar " (bar.class) (open) } x=(n(from)) y=(n(middle - high / 2.0)) width=(n(long)) height=(n(high)) rx="2" {}
        @if let Some(done) = bar.done.filter(|done| *done > 0.0) {
            rect class="done" x=(n(from)) y=(n(middle - 2.5)) width=(n(long * done.min(100.0) / 100.0)) height="5" {}
        }
    }
}

/// The shape of a mark: no two of them differ by colour alone.
fn shape(class: &str, outside: bool, x: f64, y: f64) -> Markup {
    let wrong = if outside { " outside" } else { "" };
    let r = if class == "baseline" { MARK - 2.0 } else { MARK };
    let diamond = format!("M{} {}l{r} {r}l-{r} {r}l-{r} -{r}z", n(x), n(y - r));
    let triangle = format!("M{} {}h{}l-{r} {}z", n(x - r), n(y - r + 1.0), r * 2.0, r * 2.0 - 2.0);
    html! {
        @match class {
            "point" | "decided" => { path class={ "mark " (class) (wrong) } d=(triangle) {} }
            _ => { path class={ "mark " (class) (wrong) } d=(diamond) {} }
        }
        @match class {
            "met" => { path class="tick" d=(format!("M{} {}l2 2.4l4 -4.6", n(x - 3.0), n(y + 0.4))) {} }
            "given-up" => { path class="cross" d=(format!("M{} {}l6 6m0 -6l-6 6", n(x - 3.0), n(y - 3.0))) {} }
            _ => {}
        }
    }
}

/// What the shapes mean: those that are there, in lines. Answers the height that it takes.
#[must_use]
pub fn legend(entries: &[(&'static str, String)], sheet: &Sheet, top: f64) -> (Markup, f64) {
    let widths: Vec<f64> = entries.iter().map(|(_, words)| 28.0 + width(words, SMALL)).collect();
    let spots = flowed(&widths, sheet.left, sheet.to);
    let drawn = html! {
        @for ((class, words), spot) in entries.iter().zip(&spots) {
            @let y = top + 12.0 + lane(spot.lane) * 1.4;
            @match *class {
                "period" => { rect class="period" x=(n(spot.left)) y=(n(y - 6.0)) width="22" height="12" {} }
                "today" => { line class="today" x1=(n(spot.left + 11.0)) x2=(n(spot.left + 11.0)) y1=(n(y - 7.0)) y2=(n(y + 7.0)) {} }
                "done" => { rect class="done" x=(n(spot.left)) y=(n(y - 2.5)) width="22" height="5" {} }
                "activity" | "window" => { rect class={ "bar " (class) } x=(n(spot.left)) y=(n(y - 6.0)) width="22" height="12" rx="2" {} }
                _ => { (shape(class, false, spot.left + 11.0, y)) }
            }
            text class="date" x=(n(spot.left + 28.0)) y=(n(y + 4.0)) { (words) }
        }
    };
    let lines = u32::try_from(lanes(&spots)).unwrap_or_default();
    (drawn, f64::from(lines) * SMALL_LINE * 1.4 + 10.0)
}
