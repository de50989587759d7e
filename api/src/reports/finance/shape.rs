//! The finance report as it is answered: what is not known is null, and said so in words.

use chrono::NaiveDate;
use entity::Decimal2;
use entity::budgets::{self, BudgetKind, BudgetStatus};
use entity::cost_keys;
use entity::funding_sources::{self, FundingState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Books, activities, seen_budgets, seen_sources};
use crate::domain::finance::{self, Figures, Place, Rung};
use crate::domain::{Picture, cost_key, money};
use crate::problem::{Lang, Text};
use crate::reports::Asked;
use crate::reports::shapes::OrganisationName;
use crate::text;

/// What a project costs, has cost, and who pays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finance {
    /// The day of the report: costs and hours up to it.
    pub today: NaiveDate,
    /// The budget that holds: of those that bind the newest, else the newest; null while there is none.
    #[schema(required = true)]
    pub budget: Option<BudgetName>,
    /// Everything together.
    pub totals: FinanceFigures,
    /// By year, the unknown last.
    pub by_year: Vec<YearFigures>,
    /// By who bears it, the unknown last.
    pub by_organisation: Vec<OrganisationFigures>,
    /// By activity, what the project shares last; empty for who does not see the activities.
    pub by_activity: Vec<ActivityFigures>,
    /// By sort of cost, the unknown last.
    pub by_category: Vec<CategoryFigures>,
    /// The sources of funding.
    pub funding: Vec<FundingSourceLine>,
    /// The funding against the budget, from the surest money to the least sure.
    pub balance: Vec<FundingRung>,
    /// The budget by the cost key in force; null without a budget or a key.
    #[schema(required = true)]
    pub shares: Option<BudgetShares>,
    /// What is not known yet, in the caller's language.
    #[schema(max_items = 20)]
    pub not_known: Vec<NotKnown>,
}

/// Something that is not known yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotKnown {
    /// Stable code.
    #[schema(max_length = 40, example = "budget")]
    pub code: String,
    /// In the caller's language.
    #[schema(max_length = 500, example = "Budsjettet er ikke kjent ennå.")]
    pub message: String,
}

/// A budget as reports name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetName {
    /// The budget.
    pub id: Uuid,
    /// What it is called.
    #[schema(required = true, max_length = 200)]
    pub name: Option<String>,
    /// Which version it is.
    #[schema(required = true)]
    pub number: Option<i64>,
    /// Whether it binds.
    pub status: BudgetStatus,
    /// Whether it is the first one.
    pub kind: BudgetKind,
    /// When the municipalities adopted it.
    #[schema(required = true)]
    pub adopted_on: Option<NaiveDate>,
}

impl BudgetName {
    /// The name of a budget.
    #[must_use]
    pub fn of(budget: &budgets::Model) -> Self {
        Self {
            id: budget.id,
            name: budget.name.clone(),
            number: budget.number,
            status: budget.status,
            kind: budget.kind,
            adopted_on: budget.adopted_on,
        }
    }
}

/// Plan, costs and work of a group. Amounts are in øre and null while nothing of them is known.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FinanceFigures {
    /// Planned in all.
    #[schema(required = true, example = 80_000_000)]
    pub budget_ore: Option<i64>,
    /// Planned in cash.
    #[schema(required = true)]
    pub cash_ore: Option<i64>,
    /// Planned as work put in.
    #[schema(required = true)]
    pub in_kind_ore: Option<i64>,
    /// Lines of the budget without an amount, which the sums leave out.
    pub lines_not_known: i64,
    /// Costs in the accounts.
    #[schema(required = true)]
    pub actual_ore: Option<i64>,
    /// Hours worked.
    #[schema(required = true)]
    pub own_effort_hours: Option<Decimal2>,
    /// What the hours with a rate are worth.
    #[schema(required = true)]
    pub own_effort_ore: Option<i64>,
    /// What of it payers accept as funding.
    #[schema(required = true)]
    pub own_effort_as_funding_ore: Option<i64>,
    /// Hours without a rate, which the sums leave out.
    pub hours_without_rate: Decimal2,
    /// What it is expected to end at: as estimated on the line, else the larger of plan and costs, and what a year cost
    /// that is over.
    #[schema(required = true)]
    pub forecast_ore: Option<i64>,
    /// What is left of the plan after costs and own effort; negative when more was used.
    #[schema(required = true)]
    pub remaining_ore: Option<i64>,
}

impl FinanceFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            budget_ore: figures.budget(),
            cash_ore: figures.cash,
            in_kind_ore: figures.in_kind,
            lines_not_known: figures.lines_not_known,
            actual_ore: figures.actual,
            own_effort_hours: figures.hours.map(Decimal2),
            own_effort_ore: figures.own_effort,
            own_effort_as_funding_ore: figures.counted,
            hours_without_rate: Decimal2(figures.hours_without_rate),
            forecast_ore: figures.forecast,
            remaining_ore: figures.remaining(),
        }
    }
}

/// The figures of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearFigures {
    /// The year; null where a line gives none.
    #[schema(required = true, example = 2018)]
    pub year: Option<i64>,
    /// The figures.
    pub figures: FinanceFigures,
}

/// The figures of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationFigures {
    /// The organisation; null where none is given.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// The figures.
    pub figures: FinanceFigures,
}

/// The figures of an activity.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityFigures {
    /// The activity; null for what the whole project shares.
    #[schema(required = true)]
    pub activity: Option<ActivityName>,
    /// The figures.
    pub figures: FinanceFigures,
}

/// An activity as reports name it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityName {
    /// The activity.
    pub id: Uuid,
    /// Its number and title.
    #[schema(max_length = 600, example = "HA 2 Innholdet i tjenestene")]
    pub name: String,
}

/// The figures of a sort of cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryFigures {
    /// The category; null where none is given.
    #[schema(required = true, max_length = 100, example = "Prosjektledelse")]
    pub category: Option<String>,
    /// The figures.
    pub figures: FinanceFigures,
}

/// A source of funding.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundingSourceLine {
    /// The source.
    pub id: Uuid,
    /// Who pays.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// From what.
    #[schema(required = true, max_length = 300)]
    pub scheme: Option<String>,
    /// How far it has come.
    pub state: FundingState,
    /// The amount in øre; null while it is not known.
    #[schema(required = true)]
    pub amount_ore: Option<i64>,
    /// The share of the costs that it covers at most, in per cent.
    #[schema(required = true)]
    pub support_share: Option<Decimal2>,
    /// When its report is due.
    #[schema(required = true)]
    pub report_due_on: Option<NaiveDate>,
    /// When that was sent.
    #[schema(required = true)]
    pub reported_on: Option<NaiveDate>,
}

/// The funding of a state, and what is secured with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundingRung {
    /// The state.
    pub state: FundingState,
    /// How many sources stand there.
    pub sources: usize,
    /// How many of them have no amount yet.
    pub sources_not_known: usize,
    /// What they come to, in øre.
    #[schema(required = true)]
    pub amount_ore: Option<i64>,
    /// What they and those that have come further come to, in øre.
    #[schema(required = true)]
    pub secured_ore: Option<i64>,
    /// That less the cash of the budget: left over, or missing when negative. What is worked off pays for itself.
    #[schema(required = true)]
    pub balance_ore: Option<i64>,
}

impl From<Rung> for FundingRung {
    fn from(rung: Rung) -> Self {
        Self {
            state: rung.state,
            sources: rung.sources,
            sources_not_known: rung.not_known,
            amount_ore: rung.amount,
            secured_ore: rung.secured,
            balance_ore: rung.balance,
        }
    }
}

/// The budget shared by the key in force.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetShares {
    /// The key.
    pub cost_key_id: Uuid,
    /// What it is called.
    #[schema(max_length = 200)]
    pub name: String,
    /// Its first day in force.
    #[schema(required = true)]
    pub valid_from: Option<NaiveDate>,
    /// What is shared: the budget in all, in øre.
    pub amount_ore: i64,
    /// The part of its cash that the parties pay themselves: what is left when others have paid what they are bound to.
    #[schema(required = true)]
    pub own_share_ore: Option<i64>,
    /// Who bears how much.
    pub shares: Vec<PartyShare>,
}

/// What a party bears.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyShare {
    /// The organisation.
    pub organisation_id: Uuid,
    /// Its name.
    #[schema(required = true, max_length = 200)]
    pub name: Option<String>,
    /// Its share of the budget, in øre.
    pub amount_ore: i64,
    /// The same before it was rounded.
    #[schema(max_length = 1000)]
    pub exact: String,
    /// Its share of what the parties pay themselves, in øre.
    #[schema(required = true)]
    pub own_share_ore: Option<i64>,
}

/// The finance report that the books show to who asks.
#[must_use]
pub fn of(asked: &Asked, books: &Books) -> Finance {
    let picture = &books.picture;
    let budget = finance::in_force(seen_budgets(asked, picture));
    let places = finance::figures(picture, budget, &books.spent, &books.worked, asked.today);
    let totals = finance::total(&places);
    let sources = seen_sources(asked, picture);
    let shares = shares(asked, picture, &totals, &sources);
    Finance {
        today: asked.today,
        budget: budget.map(BudgetName::of),
        by_year: grouped(&places, |place| place.year, |year, figures| YearFigures { year, figures }),
        by_organisation: by_organisation(picture, &places),
        by_activity: if asked.sees_all_of("activities") { by_activity(picture, &places) } else { Vec::new() },
        by_category: grouped(
            &places,
            |place| place.category.clone(),
            |category, figures| CategoryFigures { category, figures },
        ),
        funding: sources.iter().map(|source| line(picture, source)).collect(),
        balance: finance::ladder(&sources, totals.cash).into_iter().map(FundingRung::from).collect(),
        not_known: not_known(&totals, &sources, shares.is_some(), asked.lang),
        totals: FinanceFigures::of(&totals),
        shares,
    }
}

fn grouped<K: Ord, T>(
    places: &[(Place, Figures)],
    key: impl Fn(&Place) -> Option<K>,
    shape: impl Fn(Option<K>, FinanceFigures) -> T,
) -> Vec<T> {
    finance::by(places, key).into_iter().map(|(key, figures)| shape(key, FinanceFigures::of(&figures))).collect()
}

fn by_organisation(picture: &Picture, places: &[(Place, Figures)]) -> Vec<OrganisationFigures> {
    let named = |id: Option<Uuid>| id.and_then(|id| picture.organisation(id)).map(OrganisationName::of);
    let mut all = grouped(
        places,
        |place| place.organisation,
        |id, figures| OrganisationFigures { organisation: named(id), figures },
    );
    all.sort_by(|one, other| {
        let key = |group: &OrganisationFigures| group.organisation.as_ref().map(|body| body.name.clone());
        (key(one).is_none(), key(one)).cmp(&(key(other).is_none(), key(other)))
    });
    all
}

fn by_activity(picture: &Picture, places: &[(Place, Figures)]) -> Vec<ActivityFigures> {
    let names = activities(picture);
    let named = |id: Option<Uuid>| id.and_then(|id| Some(ActivityName { id, name: names.get(&id)?.clone() }));
    let mut all =
        grouped(places, |place| place.activity, |id, figures| ActivityFigures { activity: named(id), figures });
    all.sort_by(|one, other| {
        let key = |group: &ActivityFigures| group.activity.as_ref().map(|activity| activity.name.clone());
        (key(one).is_none(), key(one)).cmp(&(key(other).is_none(), key(other)))
    });
    all
}

fn line(picture: &Picture, source: &funding_sources::Model) -> FundingSourceLine {
    FundingSourceLine {
        id: source.id,
        organisation: picture.organisation(source.organisation_id).map(OrganisationName::of),
        scheme: source.scheme.clone(),
        state: source.state,
        amount_ore: source.amount_ore,
        support_share: source.support_share,
        report_due_on: source.report_due_on,
        reported_on: source.reported_on,
    }
}

/// The key that the caller sees and that holds on the day, applied to the budget.
fn shares(
    asked: &Asked,
    picture: &Picture,
    totals: &Figures,
    sources: &[funding_sources::Model],
) -> Option<BudgetShares> {
    let all = asked.sees_all_of("cost-keys");
    let seen: Vec<cost_keys::Model> =
        picture.cost_keys.iter().filter(|key| all || key.adopted_on.is_some()).cloned().collect();
    let key = cost_key::of_day(&seen, picture.reference_day(asked.today))?;
    let amount = totals.budget()?;
    let number = |id: Uuid| picture.organisation(id).and_then(|body| body.org_number.clone());
    let day = picture.reference_day(asked.today);
    let share = |amount: i64| cost_key::share(amount, &key.components, &key.parties, day, number).ok();
    let parties = key.parties.0.iter().map(|party| party.organisation_id).collect();
    let own = totals.cash.and_then(|cash| finance::own_share(cash, sources, &parties));
    let own_shares = own.and_then(share);
    let party = |(at, share): (usize, cost_key::Share)| PartyShare {
        organisation_id: share.organisation,
        name: picture.organisation(share.organisation).map(|body| body.name.clone()),
        amount_ore: share.amount_ore,
        exact: cost_key::exact_text(&share.exact),
        own_share_ore: own_shares.as_ref().map(|shares| shares[at].amount_ore),
    };
    Some(BudgetShares {
        cost_key_id: key.id,
        name: key.name.clone(),
        valid_from: key.valid_from,
        amount_ore: amount,
        own_share_ore: own,
        shares: share(amount)?.into_iter().enumerate().map(party).collect(),
    })
}

fn not_known(totals: &Figures, sources: &[funding_sources::Model], shared: bool, lang: Lang) -> Vec<NotKnown> {
    let hours = Decimal2(totals.hours_without_rate);
    let (lines, open) = (totals.lines_not_known, sources.iter().filter(|source| source.amount_ore.is_none()).count());
    let all = [
        (
            totals.budget().is_none(),
            "budget",
            text!("Budsjettet er ikke kjent ennå.", "Budsjettet er ikkje kjent enno.", "The budget is not known yet."),
        ),
        (
            lines > 0,
            "budget_lines",
            text!(
                "Linjer i budsjettet uten beløp: {lines}.",
                "Linjer i budsjettet utan beløp: {lines}.",
                "Lines of the budget without an amount: {lines}."
            ),
        ),
        (
            open > 0,
            "funding",
            text!(
                "Finansieringskilder uten beløp: {open}.",
                "Finansieringskjelder utan beløp: {open}.",
                "Sources of funding without an amount: {open}."
            ),
        ),
        (
            totals.actual.is_none(),
            "actual",
            text!(
                "Påløpte kostnader er ikke kjent ennå.",
                "Påkomne kostnader er ikkje kjende enno.",
                "Costs are not known yet."
            ),
        ),
        (
            hours.0 > 0,
            "rates",
            text!("Timer uten sats: {hours}.", "Timar utan sats: {hours}.", "Hours without a rate: {hours}."),
        ),
        (
            !shared,
            "shares",
            text!(
                "Fordelingen mellom partene er ikke kjent ennå: det trengs et budsjett og en nøkkel som gjelder.",
                "Fordelinga mellom partane er ikkje kjend enno: det trengst eit budsjett og ein nøkkel som gjeld.",
                "The shares of the parties are not known yet: that takes a budget and a key in force."
            ),
        ),
    ];
    all.into_iter()
        .filter(|(missing, _, _)| *missing)
        .map(|(_, code, message)| NotKnown { code: code.to_owned(), message: message.in_lang(lang).to_owned() })
        .collect()
}

/// Budget and funding in a sentence.
#[must_use]
pub fn in_words(budget: Option<&budgets::Model>, committed: Option<i64>, sources: &[funding_sources::Model]) -> Text {
    let amount = |ore: Option<i64>, lang: Lang| ore.map(|ore| money::kroner(ore).in_lang(lang).to_owned());
    let told = |lang: Lang, unknown: &str| {
        let budget = amount(budget.and_then(|budget| budget.total_ore), lang).unwrap_or_else(|| unknown.to_owned());
        let funded = amount(committed, lang).unwrap_or_else(|| unknown.to_owned());
        (budget, funded)
    };
    let (nb, nn, en) =
        (told(Lang::Nb, "ikke kjent ennå"), told(Lang::Nn, "ikkje kjent enno"), told(Lang::En, "not known yet"));
    let state = sources.iter().map(|source| source.state).filter(|state| *state != FundingState::Rejected).max();
    let furthest = state.map(FundingState::label);
    let (state_nb, state_nn, state_en) =
        furthest.map_or(("ingen", "inga", "none"), |label| (label.nb, label.nn, label.en));
    let ((budget_nb, funded_nb), (budget_nn, funded_nn), (budget_en, funded_en)) = (nb, nn, en);
    text!(
        "Budsjett: {budget_nb}. Tilsagn: {funded_nb}. Finansiering er kommet lengst til: {state_nb}.",
        "Budsjett: {budget_nn}. Tilsegn: {funded_nn}. Finansiering er komen lengst til: {state_nn}.",
        "Budget: {budget_en}. Committed funding: {funded_en}. Funding has come furthest to: {state_en}."
    )
}
