//! Rules on the region's capacity for business work: figures that are not what they seem, or will not last.

use entity::service_provisions::{Entity as Provision, Model};
use entity::{Decimal2, organisations};

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::domain::capacity;
use crate::problem::Text;
use crate::text;

/// What a municipality of the region draws on, on the day of the plan.
struct Source<'a> {
    municipality: &'a organisations::Model,
    provision: &'a Model,
    /// What of it is used for business work.
    fte: Decimal2,
}

fn sources<'a>(plan: &Plan<'a>) -> Vec<Source<'a>> {
    let Some(region) = plan.project.region_id else { return Vec::new() };
    let municipalities = capacity::of(plan.picture.capacity(), region, plan.day);
    let sources = municipalities.into_iter().flat_map(|one| {
        let municipality = one.organisation;
        let known = one
            .provisions
            .into_iter()
            .filter_map(move |provision| Some(Source { municipality, provision, fte: provision.business_fte? }));
        known.collect::<Vec<_>>()
    });
    sources.collect()
}

/// Who or what it is: the provider, else the post.
fn called<'a>(plan: &Plan<'a>, source: &Source<'a>) -> &'a str {
    let provider = source.provision.provider_id.and_then(|id| plan.organisation(id));
    let post = source.provision.title.as_deref();
    provider.map(|provider| provider.name.as_str()).or(post).unwrap_or(&source.municipality.name)
}

/// The provider's FTE is not the business FTE: only the second goes into sums.
pub(super) fn provider_fte_differs(plan: &Plan<'_>) -> Vec<Found> {
    let found = sources(plan).into_iter().filter_map(|source| {
        let whole = source.provision.provider_fte.filter(|whole| *whole != source.fte)?;
        let (name, municipality) = (called(plan, &source), &source.municipality.name);
        let (Text { nb: all, en: all_en, .. }, Text { nb: part, en: part_en, .. }) = (words::fte(whole), words::fte(source.fte));
        let message = text!(
            "{name} har {all} årsverk, men bare {part} av dem er næringsarbeid for {municipality}; bare {part} regnes med.",
            "{name} har {all} årsverk, men berre {part} av dei er næringsarbeid for {municipality}; berre {part} blir rekna med.",
            "{name} has {all_en} FTE, but only {part_en} of them for business work in {municipality}; only {part_en} is counted."
        );
        Some(Found::at::<Provision>(source.provision.id, "/providerFte", message))
    });
    found.collect()
}

/// Capacity that is there today and ends before the plan does: the project with the phases that build on it, as far as
/// their dates and durations tell. A pre-project designs what the main project is to live with.
pub(super) fn temporary(plan: &Plan<'_>) -> Vec<Found> {
    let Some((last, horizon)) = plan.horizon() else { return Vec::new() };
    let found = sources(plan).into_iter().filter_map(|source| {
        let end = source.provision.valid_to.filter(|end| *end < horizon)?;
        let (name, municipality) = (called(plan, &source), &source.municipality.name);
        let Text { nb: fte, en: fte_en, .. } = words::fte(source.fte);
        let message = if last.id == plan.project.id {
            text!(
                "{fte} årsverk for {municipality} ({name}) tar slutt {end}, før prosjektet gjør det {horizon}.",
                "{fte} årsverk for {municipality} ({name}) tek slutt {end}, før prosjektet gjer det {horizon}.",
                "{fte_en} FTE for {municipality} ({name}) ends on {end}, before the project does on {horizon}."
            )
        } else {
            let code = &last.code;
            let Text { nb, nn, en } = words::called(last.project_type.label());
            text!(
                "{fte} årsverk for {municipality} ({name}) tar slutt {end}; fasene som bygger på prosjektet, varer etter planen til {horizon} ({nb} {code}).",
                "{fte} årsverk for {municipality} ({name}) tek slutt {end}; fasane som byggjer på prosjektet, varer etter planen til {horizon} ({nn} {code}).",
                "{fte_en} FTE for {municipality} ({name}) ends on {end}; the phases that build on the project are planned to last until {horizon} ({en} {code})."
            )
        };
        Some(Found::at::<Provision>(source.provision.id, "/validTo", message))
    });
    found.collect()
}

/// An approximate figure goes into a sum.
pub(super) fn approximate(plan: &Plan<'_>) -> Vec<Found> {
    let found = sources(plan).into_iter().filter(|source| source.provision.approximate).map(|source| {
        let (name, municipality) = (called(plan, &source), &source.municipality.name);
        let Text { nb: fte, en: fte_en, .. } = words::fte(source.fte);
        let message = text!(
            "{fte} årsverk for {municipality} ({name}) er et anslag, og det er summen for regionen også.",
            "{fte} årsverk for {municipality} ({name}) er eit overslag, og det er summen for regionen òg.",
            "{fte_en} FTE for {municipality} ({name}) is an estimate, and so is the region's sum."
        );
        Found::at::<Provision>(source.provision.id, "/businessFte", message)
    });
    found.collect()
}
