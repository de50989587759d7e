//! The capacity of a region as the wire shows it.

use chrono::NaiveDate;
use entity::Decimal2;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::OrganisationName;
use crate::domain::capacity;

/// The capacity of a region on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// The region.
    pub region_id: Uuid,
    /// What the region is called.
    #[schema(max_length = 200, example = "Sør-Troms")]
    pub name: String,
    /// The day that the figures hold for.
    #[schema(example = "2017-11-01")]
    pub as_of: NaiveDate,
    /// Full-time equivalents for business work in sum; null while nothing is known.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 4.7)]
    pub business_fte: Option<Decimal2>,
    /// Whether an estimate goes into the sum.
    pub approximate: bool,
    /// Whether every member's capacity is known; if not, the sum is a lower bound.
    pub complete: bool,
    /// Members with a business association.
    #[schema(minimum = 0, example = 3)]
    pub business_associations: usize,
    /// Each member of the day.
    pub municipalities: Vec<MunicipalityCapacity>,
}

/// The capacity of a municipality on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityCapacity {
    /// The municipality.
    pub organisation: OrganisationName,
    /// Full-time equivalents for business work; null while nothing is known.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 1.2)]
    pub business_fte: Option<Decimal2>,
    /// Whether an estimate goes into the figure.
    pub approximate: bool,
    /// Whether it has a business association; null when not known.
    #[schema(required = true)]
    pub has_business_association: Option<bool>,
    /// The arrangement in words.
    #[schema(required = true, max_length = 10000)]
    pub description: Option<String>,
    /// What the figure consists of.
    pub provisions: Vec<Provision>,
}

/// One source of capacity.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Provision {
    /// The provision.
    pub id: Uuid,
    /// How it is provided.
    pub arrangement: entity::service_provisions::ServiceArrangement,
    /// What the post or the service is called.
    #[schema(required = true, max_length = 200)]
    pub title: Option<String>,
    /// Who provides it; null for own staff.
    #[schema(required = true)]
    pub provider: Option<OrganisationName>,
    /// Full-time equivalents for business work.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 0.5)]
    pub business_fte: Option<Decimal2>,
    /// Full-time equivalents that the provider has in all; never summed.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 3.5)]
    pub provider_fte: Option<Decimal2>,
    /// How many people share the work.
    #[schema(required = true, minimum = 0)]
    pub headcount: Option<i64>,
    /// Whether the figure is an estimate.
    pub approximate: bool,
    /// The last day of the provision; null while it lasts.
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

/// The capacity of a region as the wire shows it.
#[must_use]
pub fn region_capacity(rows: capacity::Rows<'_>, region: &entity::regions::Model, as_of: NaiveDate) -> Capacity {
    let all = capacity::of(rows, region.id, as_of);
    let name = |id: Option<Uuid>| {
        id.and_then(|id| rows.organisations.iter().find(|organisation| organisation.id == id)).map(OrganisationName::of)
    };
    let provision = |provision: &&entity::service_provisions::Model| Provision {
        id: provision.id,
        arrangement: provision.arrangement,
        title: provision.title.clone(),
        provider: name(provision.provider_id),
        business_fte: provision.business_fte,
        provider_fte: provision.provider_fte,
        headcount: provision.headcount,
        approximate: provision.approximate,
        valid_to: provision.valid_to,
    };
    let municipality = |one: &capacity::Municipality<'_>| MunicipalityCapacity {
        organisation: OrganisationName::of(one.organisation),
        business_fte: one.business_fte,
        approximate: one.approximate,
        has_business_association: one.profile.and_then(|profile| profile.has_business_association),
        description: one.profile.and_then(|profile| profile.description.clone()),
        provisions: one.provisions.iter().map(provision).collect(),
    };
    let municipalities: Vec<MunicipalityCapacity> = all.iter().map(municipality).collect();
    Capacity {
        region_id: region.id,
        name: region.name.clone(),
        as_of,
        business_fte: capacity::total(&all),
        approximate: all.iter().any(|one| one.approximate),
        complete: all.iter().all(|one| one.business_fte.is_some() && one.unknown == 0),
        business_associations: municipalities.iter().filter(|one| one.has_business_association == Some(true)).count(),
        municipalities,
    }
}
