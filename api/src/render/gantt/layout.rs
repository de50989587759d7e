//! Where each row stands and how high it is: names beside the chart where there is room, above it where there is little.

use chrono::NaiveDate;

use super::axis::Axis;
use super::measure::{width, wrapped};
use super::place::{Spot, Wanted, flowed, lanes, placed};
use super::rows::{Item, Row};
use crate::problem::Lang;

/// The size of names.
pub const NAME: f64 = 13.0;
/// The size of what stands below a name, of dates and of months.
pub const SMALL: f64 = 11.0;
/// From one line of a name to the next.
pub const NAME_LINE: f64 = 17.0;
/// From one small line to the next.
pub const SMALL_LINE: f64 = 15.0;
/// Half the height of a mark.
pub const MARK: f64 = 7.0;
/// How far a name under another is set in.
pub const INDENT: f64 = 14.0;

/// The height of the line that marks and bars stand on.
const TRACK: f64 = 22.0;
/// The room above and below what a row holds.
const PADDING: f64 = 6.0;
/// Narrower than this, names stand above.
const NARROW: u32 = 640;
/// The room at either side of the picture.
const EDGE: f64 = 8.0;

/// The measures of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Its width.
    pub width: f64,
    /// Where names begin.
    pub left: f64,
    /// How much room a name has.
    pub room: f64,
    /// The left edge of the chart.
    pub from: f64,
    /// The right edge of the chart.
    pub to: f64,
    /// Whether names stand above their rows.
    pub narrow: bool,
}

/// A row with its measures.
#[derive(Clone, Debug)]
pub struct Laid {
    /// What it shows.
    pub row: Row,
    /// Its upper edge.
    pub top: f64,
    /// Its height.
    pub height: f64,
    /// The lines of its name.
    pub name: Vec<String>,
    /// What stands below the name: the class, the words and where they stand.
    pub below: Vec<(String, String, Spot)>,
    /// The middle of the line that marks stand on.
    pub track: f64,
    /// The dates: the words and where they stand.
    pub dates: Vec<(String, Spot)>,
}

impl Sheet {
    /// The measures of a picture of this width.
    #[must_use]
    pub fn of(width: u32) -> Self {
        let narrow = width < NARROW;
        let whole = f64::from(width);
        let names = if narrow { 0.0 } else { (whole * 0.36).min(400.0) };
        let gap = if narrow { 0.0 } else { 14.0 };
        let room = if narrow { whole - 2.0 * EDGE } else { names - EDGE };
        Self { width: whole, left: EDGE, room, from: EDGE + names + gap, to: whole - EDGE, narrow }
    }

    /// Every row, one below the other from a height on.
    #[must_use]
    pub fn laid(&self, rows: Vec<Row>, axis: Option<&Axis>, top: f64, lang: Lang) -> Vec<Laid> {
        let mut at = top;
        let mut laid = Vec::with_capacity(rows.len());
        for row in rows {
            let one = match &row {
                Row::Heading(_) => self.heading(row, at),
                Row::Undated(name) => self.undated(name.clone(), at),
                Row::Item(item) => self.item(item.clone(), axis, at, lang),
            };
            at += one.height;
            laid.push(one);
        }
        laid
    }

    fn heading(&self, row: Row, top: f64) -> Laid {
        Laid { row, top, height: 34.0, name: Vec::new(), below: Vec::new(), track: top, dates: Vec::new() }
    }

    fn undated(&self, name: String, top: f64) -> Laid {
        let lines = wrapped(&name, NAME, self.width - 2.0 * EDGE - 14.0, 4);
        let height = lines_high(lines.len(), NAME_LINE) + PADDING;
        Laid { row: Row::Undated(name), top, height, name: lines, below: Vec::new(), track: top, dates: Vec::new() }
    }

    fn item(&self, item: Item, axis: Option<&Axis>, top: f64, lang: Lang) -> Laid {
        let room = self.room - INDENT * depth(&item);
        let name = wrapped(&item.name, NAME, room, 4);
        let below = self.below(&item, room);
        let dates = axis.map(|axis| self.dates(&item, axis, lang)).unwrap_or_default();
        let below_lines = below.iter().map(|(_, _, spot)| spot.lane + 1).max().unwrap_or_default();
        let named = lines_high(name.len(), NAME_LINE) + lines_high(below_lines, SMALL_LINE);
        let spots: Vec<Spot> = dates.iter().map(|(_, spot)| *spot).collect();
        let charted = TRACK + lines_high(lanes(&spots), SMALL_LINE);
        let (track, height) = if self.narrow {
            (top + PADDING + named + TRACK / 2.0 + 2.0, named + charted + 2.0)
        } else {
            (top + PADDING + TRACK / 2.0, named.max(charted))
        };
        Laid { row: Row::Item(item), top, height: height + 2.0 * PADDING, name, below, track, dates }
    }

    fn below(&self, item: &Item, room: f64) -> Vec<(String, String, Spot)> {
        let standing =
            item.standing.iter().map(|(symbol, said)| (symbol.tone.to_owned(), format!("{} {said}", symbol.sign)));
        let warning = item.warning.iter().map(|said| ("bad".to_owned(), format!("▲ {said}")));
        let said: Vec<(String, String)> = standing.chain(warning).collect();
        let widths: Vec<f64> = said.iter().map(|(_, words)| width(words, SMALL).min(room)).collect();
        let spots = flowed(&widths, 0.0, room);
        said.into_iter().zip(spots).map(|((tone, words), spot)| (tone, words, spot)).collect()
    }

    fn dates(&self, item: &Item, axis: &Axis, lang: Lang) -> Vec<(String, Spot)> {
        let bar = item.bar.iter().map(|bar| {
            let ends = [bar.from, bar.to].into_iter().flatten();
            let middle = ends.clone().map(|day| axis.middle(day)).sum::<f64>() / ends.count().max(1) as f64;
            (bar.label(lang), middle)
        });
        let marks = item.marks.iter().map(|mark| (mark.label.clone(), axis.middle(mark.on)));
        let said: Vec<(String, f64)> = bar.chain(marks).collect();
        let wanted: Vec<Wanted> =
            said.iter().map(|(words, at)| Wanted { at: *at, width: width(words, SMALL) }).collect();
        let spots = placed(&wanted, self.from, self.to);
        said.into_iter().zip(spots).map(|((words, _), spot)| (words, spot)).collect()
    }
}

/// How deep an item lies, as a measure.
#[must_use]
pub fn depth(item: &Item) -> f64 {
    f64::from(u8::try_from(item.depth).unwrap_or_default())
}

fn lines_high(lines: usize, each: f64) -> f64 {
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) * each
}

/// Where the line of today and its words stand above the chart, or only the words with an arrow when today lies elsewhere.
#[must_use]
pub fn today(axis: &Axis, today: NaiveDate, words: &str) -> (Option<f64>, f64, String) {
    let said = if today < axis.from {
        format!("← {words}")
    } else if axis.holds(today) {
        words.to_owned()
    } else {
        format!("{words} →")
    };
    let at = axis.holds(today).then(|| axis.middle(today));
    let wanted =
        Wanted { at: at.unwrap_or(if today < axis.from { axis.left } else { axis.right }), width: width(&said, SMALL) };
    let left = placed(&[wanted], axis.left, axis.right).first().map_or(axis.left, |spot| spot.left);
    (at, left, said)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::{SMALL, Sheet, today};
    use crate::problem::Lang;
    use crate::render::gantt::axis::Axis;
    use crate::render::gantt::measure::width;
    use crate::render::gantt::rows::{Row, rows};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn rows_follow_each_other_and_their_dates_stay_inside() {
        let schedule = json!({ "milestones": [
            { "number": "01", "title": "Gjennomført workshop HA 2 – innholdet i tjenestene", "status": "met", "plannedOn": "2017-11-15",
              "baselineOn": "2017-11-10", "forecastOn": "2017-11-16", "metOn": "2017-11-17", "outsidePeriod": true },
            { "number": "02", "title": "Uten dato", "status": "scheduled", "plannedOn": null }
        ] });
        for pixels in [320, 390, 639, 640, 1280] {
            let sheet = Sheet::of(pixels);
            let axis = Axis::of([day("2017-11-15"), day("2018-12-15")].into_iter(), sheet.from, sheet.to);
            let laid = sheet.laid(rows(&schedule, Lang::Nb), axis.as_ref(), 50.0, Lang::Nb);
            assert_eq!(laid.len(), 4, "two headings, a row, and what has no date");
            assert!(matches!(&laid[3].row, Row::Undated(name) if name.ends_with("02 Uten dato")), "{:?}", laid[3]);
            for pair in laid.windows(2) {
                assert!((pair[0].top + pair[0].height - pair[1].top).abs() < 1e-9, "{pixels}");
            }
            for (words, spot) in &laid[1].dates {
                assert!(
                    spot.left >= sheet.from && spot.left + width(words, SMALL) <= sheet.to + 1e-9,
                    "{pixels}: {words}"
                );
            }
            assert_eq!(laid[1].dates.len(), 4, "{pixels}");
        }
    }

    #[test]
    fn today_is_told_wherever_it_lies() {
        let axis = Axis::of([day("2017-11-15"), day("2018-12-15")].into_iter(), 100.0, 900.0).expect("an axis");
        assert_eq!(today(&axis, day("2016-01-01"), "i dag").2, "← i dag");
        let (at, left, said) = today(&axis, day("2018-05-01"), "i dag");
        assert!(at.is_some_and(|at| left < at) && said == "i dag");
        let (at, left, said) = today(&axis, day("2026-11-27"), "i dag");
        assert!(at.is_none() && left < 900.0 && said == "i dag →");
    }
}
