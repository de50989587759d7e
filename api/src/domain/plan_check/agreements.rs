//! Rules on agreements: what the law requires of one in force, and that all adopted the same text.

use entity::agreements::{Entity as Agreement, Model};
use entity::{agreement_parties, documents};

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::domain::capacity::holds;
use crate::domain::completeness::{self, Missing};
use crate::problem::Text;
use crate::text;

/// How many of the missing parts a message names; the rest are counted, and `/completeness` has them all.
const NAMED: usize = 3;

/// An agreement that is in force without what the law requires of its kind.
pub(super) fn incomplete(plan: &Plan<'_>) -> Vec<Found> {
    let found = own(plan).filter(|agreement| in_force(plan, agreement)).filter_map(|agreement| {
        let parties = parties(plan, agreement);
        let document = document(plan, agreement);
        let missing = completeness::missing(agreement, document, &parties, &plan.picture.political_cases);
        let first = missing.first()?;
        let pointer = match first.code {
            "content_missing" => "/clauses",
            "no_document" => "/documentId",
            "no_legal_basis" => "/legalBasis",
            _ => "",
        };
        Some(Found::at::<Agreement>(agreement.id, pointer, lacking(plan, agreement, &missing)))
    });
    found.collect()
}

fn lacking(plan: &Plan<'_>, agreement: &Model, missing: &[Missing]) -> Text {
    let part = |one: &Missing| {
        let who = one.organisation.and_then(|id| plan.organisation(id)).map(|body| &body.name);
        let Text { nb, nn, en } = one.message.clone();
        who.map_or(one.message.clone(), |who| text!("{who}: {nb}", "{who}: {nn}", "{who}: {en}"))
    };
    let mut parts: Vec<Text> = missing.iter().take(NAMED).map(part).collect();
    let rest = missing.len().saturating_sub(NAMED);
    if rest > 0 {
        parts.push(text!("{rest} ting til", "{rest} ting til", "{rest} more"));
    }
    let Text { nb: nb_title, nn: nn_title, en: en_title } = title(agreement);
    let Text { nb, nn, en } = words::listed(&parts);
    text!(
        "{nb_title} gjelder uten det som kreves: {nb}.",
        "{nn_title} gjeld utan det som krevst: {nn}.",
        "{en_title} is in force without what is required: {en}."
    )
}

/// Parties whose council adopted another text of an agreement than the others. Where one in force takes the councils,
/// that is said of the agreement as a whole already.
pub(super) fn texts_differ(plan: &Plan<'_>) -> Vec<Found> {
    let told = |agreement: &&Model| !(in_force(plan, agreement) && completeness::takes_councils(agreement.kind));
    let found = own(plan).filter(told).flat_map(|agreement| {
        let parties = parties(plan, agreement);
        let other = completeness::other_text(&parties, document(plan, agreement));
        let found = other.into_iter().filter_map(|one| {
            let party = parties.iter().find(|party| Some(party.organisation_id) == one.organisation)?;
            let name = &plan.organisation(party.organisation_id)?.name;
            let Text { nb, nn, en } = title(agreement);
            let message = text!(
                "{name} har vedtatt en annen tekst enn den som gjelder for de andre. {nb} må være den samme for alle.",
                "{name} har vedteke ein annan tekst enn den som gjeld for dei andre. {nn} må vere den same for alle.",
                "{name} adopted another text than the one that holds for the others. {en} must be the same for all."
            );
            Some(Found::at::<agreement_parties::Entity>(party.id, "/adoptedVersionSha256", message))
        });
        found.collect::<Vec<Found>>()
    });
    found.collect()
}

fn own<'a>(plan: &Plan<'a>) -> impl Iterator<Item = &'a Model> {
    let project = plan.project.id;
    plan.picture.agreements.iter().filter(move |agreement| agreement.project_id == project)
}

fn in_force(plan: &Plan<'_>, agreement: &Model) -> bool {
    agreement.valid_from.is_some() && holds(agreement.valid_from, agreement.valid_to, plan.today)
}

fn parties(plan: &Plan<'_>, agreement: &Model) -> Vec<agreement_parties::Model> {
    let of_it = plan.picture.agreement_parties.iter().filter(|party| party.agreement_id == agreement.id);
    of_it.cloned().collect()
}

fn document<'a>(plan: &Plan<'a>, agreement: &Model) -> Option<&'a documents::Model> {
    plan.picture.documents.iter().find(|document| Some(document.id) == agreement.document_id)
}

/// What the agreement is called, else what sort it is.
fn title(agreement: &Model) -> Text {
    match &agreement.title {
        Some(title) => text!("«{title}»", "«{title}»", "“{title}”"),
        None => {
            let Text { nb, nn, en } = words::called(agreement.kind.label());
            text!("Avtalen ({nb})", "Avtalen ({nn})", "The agreement ({en})")
        }
    }
}
