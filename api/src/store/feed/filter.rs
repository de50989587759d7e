//! What of the feed is wanted: events by name, of a project, of an organisation.

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, LikeExpr, Query};
use uuid::Uuid;

use crate::facts;

/// Names of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// One name, for example `milestone.met`.
    One(String),
    /// All of a kind of record, whatever their names, and all whose names begin so: `milestone.*`.
    Kind(String),
    /// Every one, `*`, but of what is worked out from other records: that is told of by its name.
    Every,
}

impl Names {
    /// Reads a name or a pattern; `None` when it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        match text.split_once('.') {
            None if text == "*" => Some(Self::Every),
            Some((kind, "*")) if word(kind) => Some(Self::Kind(kind.to_owned())),
            Some((kind, verb)) if word(kind) && word(verb) => Some(Self::One(text.to_owned())),
            _ => None,
        }
    }

    /// What stands before the dot: a kind of record, or a word of the field's own.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::One(name) => name.split_once('.').map(|(kind, _)| kind),
            Self::Kind(kind) => Some(kind),
            Self::Every => None,
        }
    }
}

/// What of the feed is wanted; nothing given is [`Names::Every`] of everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Events of any of these names.
    pub types: Vec<Names>,
    /// Events of this project: of its own record and of those in it.
    pub project: Option<Uuid>,
    /// Events of this organisation: of its own record, of records that name it, and of the projects in which it is a
    /// party today.
    pub organisation: Option<Uuid>,
}

impl Filter {
    /// The condition that an entry of the journal meets.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let mut all = Cond::all();
        let types = if self.types.is_empty() { &[Names::Every][..] } else { &self.types };
        all = all.add(types.iter().fold(Cond::any(), |any, names| any.add(named(names))));
        if let Some(project) = self.project {
            all = all.add(Expr::col(("journal", "project_id")).eq(project));
        }
        if let Some(organisation) = self.organisation {
            all = all.add(about(organisation));
        }
        all
    }
}

fn named(names: &Names) -> Expr {
    match names {
        Names::One(name) => Expr::col(("journal", "event")).eq(name.as_str()),
        // `_` stands for any character in LIKE, and kinds have it.
        Names::Kind(kind) => {
            let pattern = LikeExpr::new(format!("{}.%", kind.replace('_', "\\_"))).escape('\\');
            Expr::col(("journal", "event")).like(pattern).or(Expr::col(("journal", "record_kind")).eq(kind.as_str()))
        }
        Names::Every => {
            let derived = facts::all().iter().filter(|facts| facts.derived).map(|facts| facts.kind);
            Expr::col(("journal", "record_kind")).is_not_in(derived)
        }
    }
}

fn about(organisation: Uuid) -> Condition {
    let mut parties = Query::select();
    parties.column("project_id").from("project_parties").and_where(Expr::col("organisation_id").eq(organisation));
    // An identifier is like no other text, wherever it stands in the record.
    let names = |side: &'static str| Expr::col(("journal", side)).cast_as("text").like(format!("%{organisation}%"));
    Cond::any()
        .add(Expr::col(("journal", "record_id")).eq(organisation))
        .add(names("before"))
        .add(names("after"))
        .add(Expr::col(("journal", "project_id")).in_subquery(parties))
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_is_a_kind_and_a_verb_or_a_star() {
        assert_eq!(Names::read("milestone.met"), Some(Names::One("milestone.met".to_owned())));
        assert_eq!(Names::read("decision_point.*"), Some(Names::Kind("decision_point".to_owned())));
        assert_eq!(Names::read("*"), Some(Names::Every));
        for wrong in
            ["", ".", "milestone", "milestone.", ".met", "milestone.m*", "*.met", "Milestone.met", "a.b.c", "a%.b"]
        {
            assert_eq!(Names::read(wrong), None, "{wrong}");
        }
    }
}
