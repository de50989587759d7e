//! The resource `agreement-parties`.

use entity::{agreement_parties, political_cases};
use sea_orm::EntityTrait;

use crate::access::Area;
use crate::db::Typed;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of agreement parties.
pub fn resource() -> Resource {
    Resource::of::<agreement_parties::Entity>(Area::Agreements)
        .order("createdAt")
        .refers("agreementId", "agreements")
        .refers("organisationId", "organisations")
        .refers("caseId", "political-cases")
        .refers("signedBy", "people")
        .unique(&["agreementId", "organisationId"])
        .fixed(&["agreementId", "organisationId"])
        .published("agreement_id IN (SELECT id FROM agreements WHERE valid_from IS NOT NULL)")
        .rule(|write, change| Box::pin(own_case(write, change)))
        .event(event)
        .tells(&["agreement.signed"])
        .done()
}

/// The case in which a party adopted the agreement is the party's own.
async fn own_case(write: &Write, change: Change<agreement_parties::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let Some(case) = after.case_id else { return Ok(Vec::new()) };
    let found = political_cases::Entity::find_by_id(case).first(write.tx()).await?;
    let foreign = found.is_some_and(|case| case.organisation_id != after.organisation_id);
    let message = || {
        text!("er saken til en annen kommune", "er saka til ein annan kommune", "is the case of another municipality")
    };
    Ok(foreign.then(|| Fault::at("/caseId", "other_organisation", message())).into_iter().collect())
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("signedOn"))?;
    after.text("signedOn").map(|_| "agreement.signed")
}
