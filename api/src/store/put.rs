//! A record that is written, and the counter that this advances: what of a write waits for nothing that is to be answered.
//!
//! Each statement costs PostgreSQL and this process a message and a turn, more than many a statement's own work. On a wire both are
//! therefore [`Held`] until the entry of the journal comes that tells of them, and go out with it as one statement. Whatever is asked
//! before that finds them written all the same: then they go ahead of it, each by itself.

use chrono::NaiveDate;
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, InsertStatement, Query, SelectStatement, SubQueryStatement,
    UpdateStatement, WithClause, WithQuery,
};
use sea_orm::{DbBackend, DbErr, RuntimeErr, Statement};
use uuid::Uuid;

use crate::facts::{Facts, Row, row};

/// What the parts of one statement are called: the counter, and the record.
const COUNTED: &str = "counted";
pub(super) const PUT: &str = "put";

/// A record that is added, or changed while it still has its version.
#[derive(Debug)]
pub(super) struct Put {
    facts: &'static Facts,
    today: NaiveDate,
    values: Vec<(String, Expr)>,
    id: Uuid,
    /// The version that is changed; none of a new one.
    version: Option<i64>,
}

/// What waits for the entry of the journal.
#[derive(Debug)]
pub(super) struct Held {
    /// Where this write is what advances it.
    pub counter: Option<InsertStatement>,
    pub put: Put,
}

impl Put {
    /// A new record.
    pub(super) fn new(facts: &'static Facts, row: &Row, today: NaiveDate) -> Self {
        let values = row::columns(facts).zip(row::values(facts, row)).collect();
        Self { facts, today, values, id: row.id(), version: None }
    }

    /// What is set of a record that is as it was before.
    pub(super) fn change(facts: &'static Facts, before: &Row, values: Vec<(String, Expr)>, today: NaiveDate) -> Self {
        Self { facts, today, values, id: before.id(), version: Some(before.version()) }
    }

    /// Whose record it is.
    pub(super) const fn facts(&self) -> &'static Facts {
        self.facts
    }

    /// The record.
    pub(super) const fn id(&self) -> Uuid {
        self.id
    }

    /// Whether there was no such record.
    pub(super) const fn is_new(&self) -> bool {
        self.version.is_none()
    }

    /// By itself. It answers the record as it is then; none where it no longer was as it was.
    pub(super) fn alone(self, engine: DbBackend) -> Result<Statement, DbErr> {
        let (facts, today) = (self.facts, self.today);
        Ok(match self.version {
            None => engine.build(self.insert(None)?.returning(row::returned(facts, today))),
            Some(version) => engine.build(&self.update(version, None)),
        })
    }

    /// A new record by itself, of which nothing is answered.
    pub(super) fn unanswered(self, engine: DbBackend) -> Result<Statement, DbErr> {
        Ok(engine.build(&self.insert(None)?))
    }

    fn insert(self, behind: Option<&'static str>) -> Result<InsertStatement, DbErr> {
        let (columns, values): (Vec<String>, Vec<Expr>) = self.values.into_iter().unzip();
        let mut insert = Query::insert();
        insert.into_table(self.facts.table).columns(columns);
        match behind {
            None => insert.values(values),
            Some(part) => insert.select_from(self::behind(part, values)),
        }
        .map_err(unfit)?;
        Ok(insert)
    }

    fn update(self, version: i64, behind: Option<&'static str>) -> UpdateStatement {
        let mut update = Query::update();
        update.table(self.facts.table).values(self.values);
        update.and_where(Expr::col("id").eq(self.id)).and_where(Expr::col("version").eq(version));
        update.returning(row::returned(self.facts, self.today));
        if let Some(part) = behind {
            update.from(part);
        }
        update
    }
}

impl Held {
    /// The parts of one statement that write it, the last of them called [`PUT`]: it answers the record as it is then; none where it no
    /// longer was as it was. What there is to be done in order takes from what is before it, so no record is written before the row of
    /// the counter is held.
    pub(super) fn parts(self) -> Result<WithClause, DbErr> {
        let mut parts = WithClause::new();
        let behind = self.counter.map(|mut counter| {
            counter.returning(Query::returning().expr(Expr::cust("1")));
            parts.cte(part(counter, COUNTED));
            COUNTED
        });
        let put = self.put;
        let (facts, today) = (put.facts, put.today);
        parts.cte(match put.version {
            None => part(put.insert(behind)?.returning(row::returned(facts, today)).take(), PUT),
            Some(version) => part(put.update(version, behind), PUT),
        });
        Ok(parts)
    }
}

/// Values for each row that a part answers.
pub(super) fn behind(part: &'static str, values: impl IntoIterator<Item = Expr>) -> SelectStatement {
    Query::select().exprs(values).from(part).take()
}

/// A statement of parts, and what is asked of them.
pub(super) fn whole(parts: WithClause, question: impl Into<SubQueryStatement>) -> Statement {
    let mut whole = WithQuery::new();
    whole.with_clause(parts).query(question);
    DbBackend::Postgres.build(&whole)
}

/// A part of a statement.
pub(super) fn part(query: impl Into<SubQueryStatement>, name: &'static str) -> CommonTableExpression {
    // Not in one expression: a chain of these calls ends with a reference, and owning what it refers to copies all of the statement.
    let mut part = CommonTableExpression::new();
    part.query(query).table_name(name);
    part
}

/// What no statement can be made of: a fault of ours.
pub(super) fn unfit(error: sea_orm::sea_query::error::Error) -> DbErr {
    DbErr::Query(RuntimeErr::Internal(error.to_string()))
}
