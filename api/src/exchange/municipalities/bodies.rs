//! Rows as bodies: which numbers are one municipality's, and which were another's before a merger.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::list::Row;
use crate::exchange::bring::Place;
use crate::problem::Fault;
use crate::text;

/// A municipality with the numbers that it has or had, oldest first.
#[derive(Debug)]
pub(super) struct Body<'a> {
    /// Its rows, oldest first; never empty.
    pub rows: Vec<&'a Row>,
}

impl<'a> Body<'a> {
    /// The row of the number that holds today, or held last.
    pub fn last(&self) -> &'a Row {
        self.rows[self.rows.len() - 1]
    }

    /// The row of today's number; `None` for a municipality that is no more.
    pub fn current(&self) -> Option<&'a Row> {
        self.rows.iter().copied().find(|row| row.code == row.current && row.valid_to.is_none())
    }

    /// The organisation number and the row that it stands in.
    pub fn org_number(&self) -> Option<(&'a str, &'a Row)> {
        self.rows.iter().rev().find_map(|row| Some((row.org_number.as_deref()?, *row)))
    }

    fn takes(&self, row: &Row) -> bool {
        let names = parts(&row.name);
        let same_name = self.rows.iter().any(|own| parts(&own.name).iter().any(|name| names.contains(name)));
        same_name && !self.rows.iter().any(|own| own.overlaps(row))
    }
}

/// The names of a place in its languages, without what tells it from others of the same name:
/// `Loabák - Lavangen` has two, `Våler (Østfold)` is Våler.
pub(super) fn parts(name: &str) -> Vec<String> {
    let plain = |part: &str| part.split(" (").next().unwrap_or(part).trim().to_owned();
    name.split(" - ").map(plain).collect()
}

/// The municipalities of a list, and the rows that name none: a number that holds today and yet is not its own current
/// number stands for a place without a municipality (Svalbard, the continental shelf), or for none that is known.
pub(super) fn bodies(rows: &[Row]) -> (Vec<Body<'_>>, Vec<&Row>) {
    let mut groups: IndexMap<&str, Vec<&Row>> = IndexMap::new();
    let mut outside = Vec::new();
    for row in rows {
        if row.valid_to.is_none() && row.code != row.current {
            outside.push(row);
        } else {
            groups.entry(&row.current).or_default().push(row);
        }
    }
    let mut bodies = Vec::new();
    for (_, mut group) in groups {
        group.sort_by_key(|row| (row.valid_to.is_none(), row.valid_to, row.line));
        let mut own: Vec<Body<'_>> = Vec::new();
        for row in group {
            match own.iter_mut().find(|body| body.takes(row)) {
                Some(body) => body.rows.push(row),
                None => own.push(Body { rows: vec![row] }),
            }
        }
        bodies.extend(own);
    }
    (bodies, outside)
}

/// What the list says twice: a number at the same time, an organisation number of two municipalities.
pub(super) fn faults(bodies: &[Body<'_>], faults: &mut Vec<Fault>) {
    let mut codes: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    let mut numbers: BTreeMap<&str, &Row> = BTreeMap::new();
    let mut rows: Vec<&Row> = bodies.iter().flat_map(|body| body.rows.iter().copied()).collect();
    rows.sort_by_key(|row| row.line);
    for row in rows {
        let same = codes.entry(&row.code).or_default();
        if let Some(first) = same.iter().find(|other| other.overlaps(row)) {
            faults.push(twice(row, "code", first.line));
        }
        same.push(row);
        if let Some(number) = &row.org_number
            && let Some(first) = numbers.insert(number, row)
        {
            faults.push(twice(row, "orgNumber", first.line));
        }
    }
}

fn twice(row: &Row, column: &str, first: u64) -> Fault {
    let message = text!("står også i rad {first}", "står òg i rad {first}", "stands also in row {first}");
    Place::Row(row.line).fault(Fault::at(format!("/{column}"), "duplicate", message))
}
