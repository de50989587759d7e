//! Capacity for business work in a region: business FTE per municipality and in sum, on a day.

use chrono::NaiveDate;
use entity::{Decimal2, organisations, region_members, service_profiles, service_provisions};
use uuid::Uuid;

/// The rows that capacity is folded from.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Memberships in regions.
    pub members: &'a [region_members::Model],
    /// The organisations that are members, and those that provide.
    pub organisations: &'a [organisations::Model],
    /// How members organise their service.
    pub profiles: &'a [service_profiles::Model],
    /// What it consists of.
    pub provisions: &'a [service_provisions::Model],
}

/// The capacity of one municipality on a day.
#[derive(Clone, Debug)]
pub struct Municipality<'a> {
    /// The municipality.
    pub organisation: &'a organisations::Model,
    /// The description that holds on the day; `None` when none is known for it.
    pub profile: Option<&'a service_profiles::Model>,
    /// The provisions that are valid on the day.
    pub provisions: Vec<&'a service_provisions::Model>,
    /// The sum of their business FTE; `None` while nothing is known.
    pub business_fte: Option<Decimal2>,
    /// Whether an estimate goes into the sum.
    pub approximate: bool,
    /// How many valid provisions have no figure, so that the sum is a lower bound.
    pub unknown: usize,
}

/// The capacity of a region on a day: one entry per member of that day, in the order of their names.
#[must_use]
pub fn of<'a>(rows: Rows<'a>, region: Uuid, on: NaiveDate) -> Vec<Municipality<'a>> {
    let valid = rows
        .members
        .iter()
        .filter(|member| member.region_id == region && holds(member.valid_from, member.valid_to, on));
    let mut ids: Vec<Uuid> = valid.map(|member| member.organisation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let organisation = |id: &Uuid| rows.organisations.iter().find(|organisation| organisation.id == *id);
    let mut all: Vec<Municipality<'a>> =
        ids.iter().filter_map(organisation).map(|organisation| municipality(rows, organisation, on)).collect();
    all.sort_by(|a, b| (&a.organisation.name, a.organisation.id).cmp(&(&b.organisation.name, b.organisation.id)));
    all
}

/// Sums what is known; `None` when nothing is.
#[must_use]
pub fn total(all: &[Municipality<'_>]) -> Option<Decimal2> {
    all.iter().any(|one| one.business_fte.is_some()).then(|| all.iter().filter_map(|one| one.business_fte).sum())
}

/// Whether a day lies in a period whose ends are inclusive and open when not known.
#[must_use]
pub fn holds(from: Option<NaiveDate>, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
}

fn municipality<'a>(rows: Rows<'a>, organisation: &'a organisations::Model, on: NaiveDate) -> Municipality<'a> {
    // The newest description that is not from after the day; one without a date holds until there is a dated one.
    let profile = rows
        .profiles
        .iter()
        .filter(|profile| profile.organisation_id == organisation.id && profile.as_of.is_none_or(|as_of| as_of <= on))
        .max_by_key(|profile| (profile.as_of, profile.id));
    let provisions: Vec<_> = rows
        .provisions
        .iter()
        .filter(|provision| profile.is_some_and(|profile| provision.profile_id == profile.id))
        .filter(|provision| holds(provision.valid_from, provision.valid_to, on))
        .collect();
    let known = provisions.iter().any(|provision| provision.business_fte.is_some());
    Municipality {
        organisation,
        profile,
        business_fte: known.then(|| provisions.iter().filter_map(|provision| provision.business_fte).sum()),
        approximate: provisions.iter().any(|provision| provision.approximate && provision.business_fte.is_some()),
        unknown: provisions.iter().filter(|provision| provision.business_fte.is_none()).count(),
        provisions,
    }
}
