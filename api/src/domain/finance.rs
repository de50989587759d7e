//! What a project costs, what it has cost, who works and who pays: sums by year, organisation, activity and category.
//!
//! What is not known is not zero: a sum is null while nothing of it is known, and says how much it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use entity::budget_lines::{self, BudgetLineKind};
use entity::budgets::{self, BudgetStatus};
use entity::funding_sources::{self, FundingState};
use uuid::Uuid;

use super::Picture;

/// The sum of the costs of a budget line in a year.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// The line; `None` for costs outside of the budget.
    pub line: Option<Uuid>,
    /// The year of the costs.
    pub year: i64,
    /// Their sum in øre.
    pub amount_ore: i64,
}

/// The sum of the hours of an organisation for an activity in a year.
#[derive(Clone, Copy, Debug)]
pub struct Worked {
    /// Who paid for the hours.
    pub organisation: Option<Uuid>,
    /// What they were spent on.
    pub activity: Option<Uuid>,
    /// The year of the work.
    pub year: i64,
    /// Whether they count as funding.
    pub counts: bool,
    /// Hundredths of hours.
    pub hours: i64,
    /// What those with a rate are worth, in øre; `None` when none has a rate.
    pub amount_ore: Option<i64>,
    /// Hundredths of hours without a rate.
    pub hours_without_rate: i64,
}

/// What is known of a group of lines, costs and hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Planned in cash, øre.
    pub cash: Option<i64>,
    /// Planned in kind, øre.
    pub in_kind: Option<i64>,
    /// Lines without an amount.
    pub lines_not_known: i64,
    /// Costs, øre.
    pub actual: Option<i64>,
    /// Hours worked, hundredths.
    pub hours: Option<i64>,
    /// What they are worth, øre.
    pub own_effort: Option<i64>,
    /// What of it counts as funding, øre.
    pub counted: Option<i64>,
    /// Hours without a rate, hundredths.
    pub hours_without_rate: i64,
    /// What it is expected to end at, øre.
    pub forecast: Option<i64>,
}

impl Figures {
    /// Planned in all.
    #[must_use]
    pub fn budget(&self) -> Option<i64> {
        added(self.cash, self.in_kind)
    }

    /// What is left of the plan after costs and own effort; not known while neither is.
    #[must_use]
    pub fn remaining(&self) -> Option<i64> {
        Some(self.budget()?.saturating_sub(added(self.actual, self.own_effort)?))
    }

    fn and(self, other: Self) -> Self {
        Self {
            cash: added(self.cash, other.cash),
            in_kind: added(self.in_kind, other.in_kind),
            lines_not_known: self.lines_not_known + other.lines_not_known,
            actual: added(self.actual, other.actual),
            hours: added(self.hours, other.hours),
            own_effort: added(self.own_effort, other.own_effort),
            counted: added(self.counted, other.counted),
            hours_without_rate: self.hours_without_rate + other.hours_without_rate,
            forecast: added(self.forecast, other.forecast),
        }
    }
}

/// The sum of what is known; `None` when neither is.
#[must_use]
pub fn added(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// What figures are of.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The year, if it is known.
    pub year: Option<i64>,
    /// Who bears it.
    pub organisation: Option<Uuid>,
    /// What it is for.
    pub activity: Option<Uuid>,
    /// What sort of cost it is.
    pub category: Option<String>,
}

/// The budget that holds: of those that bind the newest, else the newest.
#[must_use]
pub fn in_force<'a>(budgets: impl IntoIterator<Item = &'a budgets::Model>) -> Option<&'a budgets::Model> {
    let order = |budget: &&budgets::Model| {
        (budget.status == BudgetStatus::Committed, budget.number, budget.adopted_on, budget.id)
    };
    budgets.into_iter().max_by_key(order)
}

/// The figures of every place of a project, given its budget.
#[must_use]
pub fn figures(
    picture: &Picture,
    budget: Option<&budgets::Model>,
    spent: &[Spent],
    worked: &[Worked],
    today: NaiveDate,
) -> Vec<(Place, Figures)> {
    let planned = |line: &&budget_lines::Model| budget.is_some_and(|budget| line.budget_id == budget.id);
    let lines: Vec<&budget_lines::Model> = picture.budget_lines.iter().filter(planned).collect();
    let mut all: BTreeMap<Place, Figures> = BTreeMap::new();
    let mut put = |place: Place, figures: Figures| {
        let here = all.entry(place).or_default();
        *here = here.and(figures);
    };
    let mut of_line: BTreeMap<Uuid, i64> = BTreeMap::new();
    for sum in spent {
        let line = sum.line.and_then(|id| picture.budget_lines.iter().find(|line| line.id == id));
        let actual = Some(sum.amount_ore);
        let place = line.map(of).unwrap_or_default();
        // A cost on a line of an earlier budget belongs to the line that took its place.
        let now = line.and_then(|line| {
            let heir = |one: &&&budget_lines::Model| one.kind == line.kind && of(one) == of(line);
            if planned(&line) { Some(line) } else { lines.iter().find(heir).copied() }
        });
        if let Some(line) = now {
            let spent = of_line.entry(line.id).or_default();
            *spent = spent.saturating_add(sum.amount_ore);
            put(Place { year: Some(sum.year), ..place }, Figures { actual, ..Figures::default() });
        } else {
            // Nobody planned it, and it is spent all the same.
            put(Place { year: Some(sum.year), ..place }, Figures { actual, forecast: actual, ..Figures::default() });
        }
    }
    for line in lines {
        put(of(line), line_figures(line, of_line.get(&line.id).copied(), today));
    }
    for sum in worked {
        let place =
            Place { year: Some(sum.year), organisation: sum.organisation, activity: sum.activity, category: None };
        let worth = Figures {
            hours: Some(sum.hours),
            own_effort: sum.amount_ore,
            counted: sum.amount_ore.filter(|_| sum.counts),
            hours_without_rate: sum.hours_without_rate,
            ..Figures::default()
        };
        put(place, worth);
    }
    all.into_iter().collect()
}

fn of(line: &budget_lines::Model) -> Place {
    Place {
        year: line.year,
        organisation: line.organisation_id,
        activity: line.activity_id,
        category: line.category.clone(),
    }
}

fn line_figures(line: &budget_lines::Model, spent: Option<i64>, today: NaiveDate) -> Figures {
    let (cash, in_kind) = match line.kind {
        BudgetLineKind::Cash => (line.amount_ore, None),
        BudgetLineKind::InKind => (None, line.amount_ore),
    };
    let over = line.year.is_some_and(|year| year < i64::from(today.year()));
    let forecast = line.forecast_ore.or_else(|| match (line.amount_ore, spent) {
        // A year that is over costs what it cost.
        (_, Some(spent)) if over => Some(spent),
        (Some(planned), Some(spent)) => Some(planned.max(spent)),
        (planned, spent) => planned.or(spent),
    });
    Figures { cash, in_kind, lines_not_known: i64::from(line.amount_ore.is_none()), forecast, ..Figures::default() }
}

/// The sum of all places.
#[must_use]
pub fn total(all: &[(Place, Figures)]) -> Figures {
    all.iter().fold(Figures::default(), |sum, (_, figures)| sum.and(*figures))
}

/// The sums by what a place says of it, what is not said last.
#[must_use]
pub fn by<K: Ord>(all: &[(Place, Figures)], key: impl Fn(&Place) -> Option<K>) -> Vec<(Option<K>, Figures)> {
    let mut groups: BTreeMap<(bool, Option<K>), Figures> = BTreeMap::new();
    for (place, figures) in all {
        let key = key(place);
        let here = groups.entry((key.is_none(), key)).or_default();
        *here = here.and(*figures);
    }
    groups.into_iter().map(|((_, key), figures)| (key, figures)).collect()
}

/// The funding that has come to a state, and that which has come further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The state.
    pub state: FundingState,
    /// How many sources stand here.
    pub sources: usize,
    /// How many of them have no amount.
    pub not_known: usize,
    /// What they come to, øre.
    pub amount: Option<i64>,
    /// What they and those that have come further come to, øre.
    pub secured: Option<i64>,
    /// That, less what the budget has in cash: what would be left over, or is missing. What is worked off pays for itself.
    pub balance: Option<i64>,
}

/// From the surest money to the least sure; what was rejected is none.
const LADDER: [FundingState; 5] = [
    FundingState::Paid,
    FundingState::PayoutRequested,
    FundingState::Committed,
    FundingState::Applied,
    FundingState::Possible,
];

/// The ladder of funding against the cash of a budget.
#[must_use]
pub fn ladder(sources: &[funding_sources::Model], cash: Option<i64>) -> Vec<Rung> {
    let mut secured = None;
    let rung = |state: FundingState| {
        let here: Vec<&funding_sources::Model> = sources.iter().filter(|source| source.state == state).collect();
        let amount = here.iter().map(|source| source.amount_ore).fold(None, added);
        secured = added(secured, amount);
        Rung {
            state,
            sources: here.len(),
            not_known: here.iter().filter(|source| source.amount_ore.is_none()).count(),
            amount,
            secured,
            balance: secured.zip(cash).map(|(secured, cash)| secured - cash),
        }
    };
    LADDER.into_iter().map(rung).collect()
}

/// What payers are bound to, in øre; `None` when none is, or no amount is known.
#[must_use]
pub fn committed(sources: &[funding_sources::Model]) -> Option<i64> {
    sources.iter().filter(|source| source.state.binds()).map(|source| source.amount_ore).fold(None, added)
}

/// Whether every payer that is bound has said how much.
#[must_use]
pub fn commitments_known(sources: &[funding_sources::Model]) -> bool {
    sources.iter().filter(|source| source.state.binds()).all(|source| source.amount_ore.is_some())
}

/// What the parties of a key pay themselves: the cash of the budget, less what others are bound to, and never less than
/// nothing; not known while one of the others has not said how much.
#[must_use]
pub fn own_share(cash: i64, sources: &[funding_sources::Model], parties: &BTreeSet<Uuid>) -> Option<i64> {
    let others = sources.iter().filter(|source| source.state.binds() && !parties.contains(&source.organisation_id));
    let amounts: Option<Vec<i64>> = others.map(|source| source.amount_ore).collect();
    Some(amounts?.into_iter().fold(cash, i64::saturating_sub).max(0))
}
