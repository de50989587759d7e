//! A table as HTML: headings with their scope, and roles that last when a narrow screen shows its rows as cards.

use maud::{Markup, html};

use super::cell::cell;
use crate::problem::Lang;
use crate::render::phrases::NOTHING;
use crate::render::{Column, Kind, Table};

/// Whose words stand in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Those of the day, in the language of the page.
    Fresh,
    /// Those that were frozen, in the language of the plan.
    Frozen,
}

/// A table, under a heading that names it. The first column names the rows.
#[must_use]
pub fn table(table: &Table, labelled_by: &str, lang: Lang, whose: Words) -> Markup {
    if table.rows.is_empty() {
        return html! { p { (NOTHING.said(lang)) } };
    }
    html! {
        table role="table" aria-labelledby=(labelled_by) {
            thead role="rowgroup" {
                tr role="row" { @for column in &table.columns { th scope="col" role="columnheader" { (heading(column)) } } }
            }
            tbody role="rowgroup" {
                @for row in &table.rows {
                    tr role="row" {
                        @for (place, (column, value)) in table.columns.iter().zip(row).enumerate() {
                            @let words = foreign(column, lang, whose);
                            @if place == 0 {
                                th scope="row" role="rowheader" lang=[words] data-label=(heading(column)) { (cell(column, value, lang)) }
                            } @else {
                                td role="cell" class=[numeric(column)] data-label=(heading(column)) { span.value lang=[words] { (cell(column, value, lang)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Times are by the clock in Norway here, and amounts say what they are in.
fn heading(column: &Column) -> &str {
    [" (UTC)", " (kr)", " (NOK)"].into_iter().fold(column.heading.as_str(), |said, unit| said.trim_end_matches(unit))
}

fn numeric(column: &Column) -> Option<&'static str> {
    matches!(column.kind, Kind::Integer | Kind::Decimal | Kind::Kroner).then_some("number")
}

/// The language of a text that is not in that of the page.
fn foreign(column: &Column, lang: Lang, whose: Words) -> Option<&'static str> {
    (whose == Words::Frozen && lang != Lang::Nb && matches!(column.kind, Kind::Text | Kind::Nested))
        .then_some(Lang::Nb.tag())
}
