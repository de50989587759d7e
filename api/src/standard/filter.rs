//! Filters and order of a list, from its parameters to SQL.

use chrono::NaiveDate;
use sea_orm::sea_query::{
    BinOper, Cond, Condition, Expr, ExprTrait, Func, LikeExpr, NullOrdering, Order, SelectStatement,
};
use serde_json::Value;

use crate::access::observed::Part;
use crate::facts::{Facts, Field, Kind, check, row};
use crate::http::query::{Query, invalid, several, too_many, unknown};
use crate::problem::{Error, Text};
use crate::text;

/// Most values of a filter.
pub const MOST_VALUES: usize = 200;
/// Most keys of an order.
pub const MOST_KEYS: usize = 8;

/// One key of an order.
#[derive(Clone)]
pub struct Key {
    /// The field.
    pub field: &'static Field,
    /// Whether the largest comes first.
    descending: bool,
    seen: Seen,
}

/// A field in SQL as the caller sees it.
#[derive(Clone)]
struct Seen {
    expr: Expr,
    /// Whether a row may have none.
    nullable: bool,
}

impl Seen {
    fn of(field: &Field, part: Option<&Part>, today: NaiveDate) -> Self {
        let hidden = part.is_some_and(|part| part.hides(&field.name));
        let expr = part.map_or_else(|| field.expr(today), |part| part.expr(field, today));
        Self { expr, nullable: field.nullable || hidden }
    }

    /// The same with a value of its own for none, behind all others: an index has such a row in its place then, and a list is walked
    /// along it from anywhere. As it is where its kind has no such value.
    fn placed(self, kind: &Kind, descending: bool) -> Self {
        match beyond(kind, descending).filter(|_| self.nullable) {
            Some(beyond) => Self { expr: Func::coalesce([self.expr, Expr::cust(beyond)]).into(), nullable: false },
            None => self,
        }
    }
}

/// What stands behind every day and every instant; both engines read it so.
const fn beyond(kind: &Kind, descending: bool) -> Option<&'static str> {
    match (kind, descending) {
        (Kind::Date | Kind::Instant, false) => Some("'infinity'"),
        (Kind::Date | Kind::Instant, true) => Some("'-infinity'"),
        _ => None,
    }
}

/// The names that a list takes, for the sentence of an unknown one.
#[must_use]
pub fn allowed(facts: &Facts, own: &[&str]) -> Vec<String> {
    let mut names: Vec<String> =
        ["limit", "cursor", "sort", "q", "fields", "expand", "count", "format"].map(str::to_owned).to_vec();
    for field in facts.fields.iter().filter(|field| field.listable()) {
        names.push(field.name.clone());
        if ranged(field) {
            names.extend([format!("{}.gte", field.name), format!("{}.lte", field.name)]);
        }
    }
    names.extend(own.iter().map(|name| (*name).to_owned()));
    names
}

/// Whether a field takes `.gte` and `.lte`.
#[must_use]
pub const fn ranged(field: &Field) -> bool {
    matches!(field.kind, Kind::Integer | Kind::Decimal { .. } | Kind::Date | Kind::Instant)
}

/// The condition of the parameters that are left in the query.
///
/// # Errors
/// 400 for an unknown parameter or a value that its field cannot have.
pub fn condition(
    facts: &'static Facts,
    query: &Query,
    own: &[&str],
    part: Option<&Part>,
    today: NaiveDate,
) -> Result<Condition, Error> {
    let mut all = Cond::all();
    for (name, text) in query.rest() {
        let (base, range) = match name.rsplit_once('.') {
            Some((base, range @ ("gte" | "lte"))) => (base, Some(range)),
            _ => (name.as_str(), None),
        };
        let Some(field) = facts.field(base).filter(|field| field.listable() && (range.is_none() || ranged(field)))
        else {
            let names = allowed(facts, own);
            return Err(unknown(name, &names.iter().map(String::as_str).collect::<Vec<_>>()));
        };
        let seen = Seen::of(field, part, today);
        let placed = seen.clone().placed(&field.kind, false).expr;
        all = match range {
            Some("gte") => {
                let is_there = seen.nullable.then(|| seen.expr.is_not_null());
                all.add(placed.gte(value(field, name, text)?)).add_option(is_there)
            }
            Some(_) => all.add(placed.lte(value(field, name, text)?)),
            None => all.add(any_of(field, name, text, seen, &placed)?),
        };
    }
    Ok(all)
}

fn any_of(field: &Field, name: &str, text: &str, seen: Seen, placed: &Expr) -> Result<Condition, Error> {
    let items = items(text);
    if items.len() > MOST_VALUES {
        return Err(too_many(name, MOST_VALUES));
    }
    let (nulls, items): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.null && seen.nullable);
    let mut any = Cond::any();
    if !nulls.is_empty() {
        any = any.add(seen.expr.is_null());
    }
    let values = items.iter().map(|item| value(field, name, &item.text)).collect::<Result<Vec<_>, _>>()?;
    if !values.is_empty() {
        any = any.add(placed.clone().is_in(values));
    }
    Ok(any)
}

/// One value of a comma list.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    text: String,
    /// Whether it is the bare word `null`.
    null: bool,
}

/// The values of a comma list; after a backslash a comma, a backslash or the word `null` is plain text.
fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let (mut item, mut plain) = (String::new(), false);
    let mut characters = text.chars();
    loop {
        match characters.next() {
            Some('\\') => {
                plain = true;
                item.extend(characters.next());
            }
            Some(character) if character != ',' => item.push(character),
            end => {
                let text = std::mem::take(&mut item);
                items.push(Item { null: text == "null" && !std::mem::take(&mut plain), text });
                if end.is_none() {
                    return items;
                }
            }
        }
    }
}

/// A parameter's text as a value that its field can have.
fn value(field: &Field, name: &str, text: &str) -> Result<sea_orm::Value, Error> {
    let json = match &field.kind {
        Kind::Integer | Kind::Decimal { .. } => serde_json::from_str(text).ok().filter(Value::is_number),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::from),
        Kind::Reference => text.split_once(':').map(|(kind, id)| serde_json::json!({ "kind": kind, "id": id })),
        Kind::Id | Kind::Text | Kind::Date | Kind::Instant | Kind::Code(_) | Kind::Json => Some(Value::from(text)),
    };
    let mut faults = Vec::new();
    // Text in a filter need not be text that could be stored: only its longest length is held.
    let schema = if field.kind == Kind::Text {
        serde_json::json!({ "type": "string", "maxLength": 500 })
    } else {
        field.schema.clone()
    };
    let checked = json.map(|json| check::checked(&schema, json, name, &mut faults));
    match (checked, faults.first()) {
        (Some(checked), None) => Ok(row::sql(field, &checked)),
        (_, Some(fault)) => Err(invalid(name, &fault.message)),
        (None, None) => Err(invalid(name, &wrong_form(&field.kind))),
    }
}

fn wrong_form(kind: &Kind) -> Text {
    match kind {
        Kind::Boolean => text!("må være true eller false", "må vere true eller false", "must be true or false"),
        Kind::Reference => text!("må ha formen kind:id", "må ha forma kind:id", "must have the form kind:id"),
        Kind::Id
        | Kind::Text
        | Kind::Integer
        | Kind::Decimal { .. }
        | Kind::Date
        | Kind::Instant
        | Kind::Code(_)
        | Kind::Json => {
            text!("må være et tall", "må vere eit tal", "must be a number")
        }
    }
}

/// The condition of `q=`: every word of it stands in the record's search text.
#[must_use]
pub fn search(text: &str) -> Condition {
    text.to_lowercase().split_whitespace().fold(Cond::all(), |all, word| {
        let literal = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.add(Expr::col("search_text").like(LikeExpr::new(format!("%{literal}%")).escape('\\')))
    })
}

/// The keys of `sort=`, the identifier last so that the order is total.
///
/// # Errors
/// 400 for a field that a list cannot be sorted by.
pub fn order(
    facts: &'static Facts,
    sort: Option<&str>,
    part: Option<&Part>,
    today: NaiveDate,
) -> Result<Vec<Key>, Error> {
    let mut keys: Vec<Key> = Vec::new();
    for word in several("sort", sort.unwrap_or(facts.order), MOST_KEYS)?.into_iter().chain(["id"]) {
        let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
        match facts.field(name).filter(|field| field.listable()) {
            Some(field) if !keys.iter().any(|key| key.field.name == name) => {
                let seen = Seen::of(field, part, today).placed(&field.kind, descending);
                keys.push(Key { field, descending, seen: compared(field, seen) });
            }
            Some(_) => {}
            None => {
                let names = facts
                    .fields
                    .iter()
                    .filter(|field| field.listable())
                    .map(|field| field.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                let why = text!(
                    "kjenner ikke «{name}»; tillatt: {names}",
                    "kjenner ikkje «{name}»; tillate: {names}",
                    "does not know “{name}”; allowed: {names}"
                );
                return Err(invalid("sort", &why));
            }
        }
    }
    Ok(keys)
}

/// A key as it is compared: text in Norwegian order on both engines. The collation is written as a name is, which
/// is how both quote it; `cust_with_exprs` would need another placeholder on each of them.
fn compared(field: &Field, seen: Seen) -> Seen {
    match field.kind {
        Kind::Text | Kind::Code(_) | Kind::Reference => {
            Seen { expr: seen.expr.binary(BinOper::Custom("COLLATE"), Expr::col("framdrift_nb")), ..seen }
        }
        Kind::Id | Kind::Integer | Kind::Decimal { .. } | Kind::Boolean | Kind::Date | Kind::Instant | Kind::Json => {
            seen
        }
    }
}

/// Orders a query: what has no value last in both directions.
pub fn ordered(query: &mut SelectStatement, keys: &[Key]) {
    for Key { descending, seen, .. } in keys {
        let order = if *descending { Order::Desc } else { Order::Asc };
        if seen.nullable {
            query.order_by_expr_with_nulls(seen.expr.clone(), order, NullOrdering::Last);
        } else {
            query.order_by_expr(seen.expr.clone(), order);
        }
    }
}

/// The rows after these sort values, so that an index is entered where they begin: with a row where the engine does that and all goes
/// one way, else with the first key.
#[must_use]
pub fn after(keys: &[Key], values: &[Value], with_rows: bool) -> Condition {
    let bounds: Vec<Bound<'_>> = keys.iter().zip(values).map(|(key, value)| Bound::of(key, value)).collect();
    let down = keys.iter().filter(|key| key.descending).count();
    let one_way = [0, keys.len()].contains(&down) && keys.iter().all(|key| !key.seen.nullable);
    if with_rows && one_way {
        let row = Expr::tuple(bounds.iter().map(Bound::expr));
        let ended = Expr::tuple(bounds.iter().map(|bound| bound.value.clone()));
        return Cond::all().add(if down == 0 { row.gt(ended) } else { row.lt(ended) });
    }
    Cond::all().add_option(bounds.first().and_then(Bound::from)).add(prefixes(&bounds))
}

/// The OR of prefixes: further in a key, and the same in all before it.
fn prefixes(bounds: &[Bound<'_>]) -> Condition {
    let (mut any, mut ties) = (Cond::any(), Cond::all());
    for bound in bounds {
        if let Some(further) = bound.further() {
            any = any.add(ties.clone().add(further));
        }
        ties = ties.add(bound.same());
    }
    any
}

/// Where a page ended in one of its keys.
struct Bound<'a> {
    key: &'a Key,
    value: Expr,
    /// Whether the last row had none.
    none: bool,
}

impl<'a> Bound<'a> {
    fn of(key: &'a Key, value: &Value) -> Self {
        let beyond = beyond(&key.field.kind, key.descending).filter(|_| value.is_null());
        let none = value.is_null() && key.seen.nullable;
        Self { key, value: beyond.map_or_else(|| Expr::val(row::sql(key.field, value)), Expr::cust), none }
    }

    fn expr(&self) -> Expr {
        self.key.seen.expr.clone()
    }

    /// What comes later; nothing after those that have none.
    fn further(&self) -> Option<Condition> {
        let (expr, value) = (self.expr(), self.value.clone());
        let further = if self.key.descending { expr.lt(value) } else { expr.gt(value) };
        let none = self.key.seen.nullable.then(|| self.expr().is_null());
        (!self.none).then(|| Cond::any().add(further).add_option(none))
    }

    /// What is the same.
    fn same(&self) -> Expr {
        if self.none { self.expr().is_null() } else { self.expr().eq(self.value.clone()) }
    }

    /// What is the same or comes later, for an index to be entered with; nothing where some have none.
    fn from(&self) -> Option<Expr> {
        let (expr, value) = (self.expr(), self.value.clone());
        (!self.key.seen.nullable).then(|| if self.key.descending { expr.lte(value) } else { expr.gte(value) })
    }
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn a_backslash_keeps_a_comma_in_a_value() {
        let texts = |text: &str| items(text).into_iter().map(|item| (item.text, item.null)).collect::<Vec<_>>();
        let text = |text: &str, null| (text.to_owned(), null);
        assert_eq!(texts("open,overdue"), [text("open", false), text("overdue", false)]);
        assert_eq!(
            texts(r"Drift\, salg og utvikling,Vinn"),
            [text("Drift, salg og utvikling", false), text("Vinn", false)]
        );
        assert_eq!(texts(r"null,\null,a\\"), [text("null", true), text("null", false), text(r"a\", false)]);
        assert_eq!(texts(""), [text("", false)]);
    }
}
