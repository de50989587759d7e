//! What the law requires of an agreement of each kind (domain sources: kommuneloven chs. 18–20, IKS-loven § 4,
//! aksjeloven §§ 2-1 to 2-3, arkivforskrifta § 8), and what is missing.

use entity::agreements::{self, AgreementKind, AgreementRequirement as Req};
use entity::political_steps::StepOutcome;
use entity::{Label, agreement_parties, documents, political_cases};
use uuid::Uuid;

use crate::problem::Text;
use crate::text;

/// The provision that lists what an agreement of a kind must contain; `None` where no law lists it.
#[must_use]
pub const fn source(kind: AgreementKind) -> Option<&'static str> {
    match kind {
        AgreementKind::PoliticalCouncil => Some("kommuneloven § 18-4"),
        AgreementKind::TaskCommunity => Some("kommuneloven § 19-4"),
        AgreementKind::HostMunicipality => Some("kommuneloven § 20-4"),
        AgreementKind::Iks => Some("IKS-loven § 4"),
        AgreementKind::As => Some("aksjeloven §§ 2-1 – 2-3"),
        AgreementKind::ArchiveResponsibility => Some("arkivforskrifta § 8"),
        AgreementKind::DataProcessing => Some("personvernforordningen art. 28"),
        AgreementKind::Cooperation | AgreementKind::Purchase => None,
    }
}

/// What an agreement of a kind must contain.
#[must_use]
pub const fn required(kind: AgreementKind) -> &'static [Req] {
    match kind {
        AgreementKind::PoliticalCouncil => &[
            Req::Name,
            Req::LegalPersonality,
            Req::Members,
            Req::Tasks,
            Req::Shares,
            Req::Exit,
            Req::Dissolution,
            Req::Archives,
        ],
        AgreementKind::TaskCommunity => &[
            Req::Name,
            Req::LegalPersonality,
            Req::Members,
            Req::Tasks,
            Req::Contribution,
            Req::Shares,
            Req::Loans,
            Req::Reporting,
            Req::Exit,
            Req::Dissolution,
            Req::Archives,
        ],
        AgreementKind::HostMunicipality => &[
            Req::Participants,
            Req::HostMunicipality,
            Req::Tasks,
            Req::TransferDate,
            Req::Notification,
            Req::Settlement,
            Req::Exit,
            Req::Dissolution,
        ],
        AgreementKind::Iks => &[
            Req::Name,
            Req::Participants,
            Req::Purpose,
            Req::MainOffice,
            Req::BoardMembers,
            Req::Contribution,
            Req::Shares,
            Req::Members,
        ],
        AgreementKind::As => &[Req::Name, Req::Founders, Req::Activity, Req::ShareCapital, Req::BoardMembers],
        AgreementKind::ArchiveResponsibility => &[Req::Participants, Req::Archives],
        AgreementKind::DataProcessing => &[Req::Participants, Req::Purpose, Req::Tasks],
        AgreementKind::Cooperation | AgreementKind::Purchase => &[],
    }
}

/// Whether each party's council must adopt it (§§ 18-4, 19-4, 20-4; IKS-loven § 4).
#[must_use]
pub const fn takes_councils(kind: AgreementKind) -> bool {
    match kind {
        AgreementKind::PoliticalCouncil
        | AgreementKind::TaskCommunity
        | AgreementKind::HostMunicipality
        | AgreementKind::Iks
        | AgreementKind::As => true,
        AgreementKind::Cooperation
        | AgreementKind::ArchiveResponsibility
        | AgreementKind::DataProcessing
        | AgreementKind::Purchase => false,
    }
}

/// Something that an agreement lacks.
#[derive(Clone, Debug)]
pub struct Missing {
    /// Stable code.
    pub code: &'static str,
    /// The party that it concerns.
    pub organisation: Option<Uuid>,
    /// What is missing.
    pub message: Text,
}

impl Missing {
    const fn of(code: &'static str, organisation: Option<Uuid>, message: Text) -> Self {
        Self { code, organisation, message }
    }
}

/// What an agreement lacks: contents, the text, parties, adoptions, signatures; empty when it is complete.
#[must_use]
pub fn missing(
    agreement: &agreements::Model,
    document: Option<&documents::Model>,
    parties: &[agreement_parties::Model],
    cases: &[political_cases::Model],
) -> Vec<Missing> {
    let mut all = contents(agreement);
    if document.is_none() {
        let message = text!("avtaleteksten mangler", "avtaleteksten manglar", "the text of the agreement is missing");
        all.push(Missing::of("no_document", None, message));
    }
    if agreement.legal_basis.is_none() && source(agreement.kind).is_some() {
        let message = text!("hjemmelen mangler", "heimelen manglar", "the legal basis is missing");
        all.push(Missing::of("no_legal_basis", None, message));
    }
    if parties.len() < 2 {
        let message = text!("færre enn to parter", "færre enn to partar", "fewer than two parties");
        all.push(Missing::of("too_few_parties", None, message));
    }
    if takes_councils(agreement.kind) {
        all.extend(parties.iter().filter_map(|party| not_adopted(party, cases)));
        all.extend(other_text(parties, document));
    }
    let unsigned = parties.iter().filter(|party| party.signed_on.is_none());
    all.extend(unsigned.map(|party| {
        let message = text!("ikke undertegnet", "ikkje underskriven", "not signed");
        Missing::of("not_signed", Some(party.organisation_id), message)
    }));
    all
}

fn contents(agreement: &agreements::Model) -> Vec<Missing> {
    let named = |requirement: &&Req| !agreement.clauses.0.iter().any(|clause| clause.requirement == **requirement);
    let lacking = required(agreement.kind).iter().filter(named);
    lacking
        .map(|requirement| {
            let Label { nb, nn, en, .. } = requirement.label();
            let message = text!("sier ikke noe om: {nb}", "seier ikkje noko om: {nn}", "does not say: {en}");
            Missing::of("content_missing", None, message)
        })
        .collect()
}

fn not_adopted(party: &agreement_parties::Model, cases: &[political_cases::Model]) -> Option<Missing> {
    let case = party.case_id.and_then(|id| cases.iter().find(|case| case.id == id));
    let adopted = case
        .is_some_and(|case| matches!(case.outcome, Some(StepOutcome::Adopted | StepOutcome::AdoptedWithConditions)));
    let message = || {
        text!(
            "kommunestyret har ikke vedtatt avtalen",
            "kommunestyret har ikkje vedteke avtalen",
            "the council has not adopted the agreement"
        )
    };
    (!adopted).then(|| Missing::of("not_adopted", Some(party.organisation_id), message()))
}

/// The parties whose council adopted another text than the agreement's document, or than the first that adopted one.
#[must_use]
pub fn other_text(parties: &[agreement_parties::Model], document: Option<&documents::Model>) -> Vec<Missing> {
    let own = document.and_then(|document| document.sha256.as_deref());
    let first = parties.iter().find_map(|party| party.adopted_version_sha256.as_deref());
    let Some(text) = own.or(first) else { return Vec::new() };
    let other = parties.iter().filter(|party| party.adopted_version_sha256.as_deref().is_some_and(|sha| sha != text));
    other
        .map(|party| {
            let message = text!(
                "kommunestyret vedtok en annen tekst",
                "kommunestyret vedtok ein annan tekst",
                "the council adopted another text"
            );
            Missing::of("other_text", Some(party.organisation_id), message)
        })
        .collect()
}
