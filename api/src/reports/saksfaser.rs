//! `GET /projects/{id}/saksfaser`: which phase the case is in, in the shape of Fiks Saksfaser V1. The names are the protocol's.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::assignments::AssignmentRole::{ProjectExecutive, ProjectManager};
use entity::decision_points::DecisionOutcome;
use entity::documents::{self, DocumentAccess, DocumentStatus};
use entity::projects::ProjectStatus;
use entity::{Label, milestones};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{Phase, phases};
use super::{Asked, tabled};
use crate::domain::Picture;
use crate::domain::archive;
use crate::domain::responsible::answers_for;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// The phases of a case (HentSaksfaserResultat).
#[derive(Debug, Serialize, ToSchema)]
pub struct Saksfaser {
    /// The number of the case in the archive; left out until an archive has given it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saksnummer: Option<Saksnummer>,
    /// The title.
    #[schema(max_length = 500)]
    pub sakstittel: String,
    /// Who answers for it; left out while nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub saksansvarlig: Option<String>,
    /// The phases in their order.
    pub faser: Vec<Fase>,
}

/// The number of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Saksnummer {
    /// The year.
    #[schema(minimum = 1900, maximum = 2200, example = 2017)]
    pub saksaar: i64,
    /// The number in the year.
    #[schema(minimum = 1, maximum = 999999999, example = 412)]
    pub sakssekvensnummer: i64,
}

/// A code with its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kode {
    /// The code.
    #[schema(max_length = 100, example = "pre_project")]
    pub kodeverdi: String,
    /// What people call it.
    #[schema(max_length = 200, example = "forprosjekt")]
    pub kodebeskrivelse: String,
}

/// A phase: one project of the development.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fase {
    /// The project.
    pub faseid: Uuid,
    /// What it is called.
    #[schema(max_length = 200)]
    pub fasenavn: String,
    /// What sort of phase it is.
    pub kategori: Kode,
    /// Planlagt, UnderArbeid or Utfoert.
    #[schema(max_length = 20, example = "UnderArbeid")]
    pub status: &'static str,
    /// The first day; left out while it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startdato: Option<NaiveDate>,
    /// The last day; left out while it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sluttdato: Option<NaiveDate>,
    /// What is to be reached; of this project only.
    pub milepeler: Vec<Milepel>,
    /// What the last decision point of the phase decided; of this project only, left out while it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vedtak: Option<Kode>,
    /// Its documents; of this project only.
    pub journalposter: Vec<Journalpost>,
}

/// A milestone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Milepel {
    /// The milestone.
    pub milepel_id: Uuid,
    /// The state that is reached.
    #[schema(max_length = 600)]
    pub beskrivelse: String,
    /// What sort of milestone it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milepeltype: Option<Kode>,
    /// The date of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frist: Option<NaiveDate>,
    /// The date that is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planlagt_utfoert: Option<NaiveDate>,
    /// The date on which it was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utfoert: Option<NaiveDate>,
    /// Whether it is only for those who work in the project.
    pub intern: bool,
}

/// A document as an entry of the journal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Journalpost {
    /// The archive's identifier, or this service's own while there is none.
    pub system_id: Uuid,
    /// The title; of what is exempt, to who sees only what is public, the one that the public may see.
    #[schema(max_length = 500)]
    pub tittel: String,
    /// The number of the entry in the case; left out while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journalpostnummer: Option<i64>,
    /// The date of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dokumentets_dato: Option<NaiveDate>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let phases = "fasenavn:name kategori.kodebeskrivelse:type status startdato:startsOn sluttdato:endsOn faseid:id";
    let milestones = "../fasenavn:project beskrivelse:title milepeltype.kodebeskrivelse:type frist:plannedOn \
                      planlagtUtfoert:forecastOn utfoert:metOn intern:internal milepelId:id";
    Tables::of::<Saksfaser>("saksfaser", text!("Saksfaser", "Saksfasar", "Phases of the case"))
        .table("phases", text!("Faser", "Fasar", "Phases"), "faser", phases)
        .table("milestones", text!("Milepæler", "Milepælar", "Milestones"), "faser/milepeler", milestones)
});

/// Answers the phases of a project's case.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, of).await
}

fn of(asked: &Asked, picture: &Picture) -> Saksfaser {
    Saksfaser {
        saksnummer: number(picture).map(|(saksaar, sakssekvensnummer)| Saksnummer { saksaar, sakssekvensnummer }),
        sakstittel: picture.project().map(|project| project.name.clone()).unwrap_or_default(),
        saksansvarlig: answers_for(picture, &[ProjectManager, ProjectExecutive]).map(|(_, name)| name),
        faser: phases(picture, asked.lang).iter().map(|phase| one(asked, picture, phase)).collect(),
    }
}

/// Year and number of the case: as the archive has it that the project names, else the first archive that has one.
fn number(picture: &Picture) -> Option<(i64, i64)> {
    let own = picture.project().and_then(|project| project.archive.as_ref()).map(|case| case.system.as_str());
    let folder = |system| archive::folder(picture.project(), &picture.documents, &picture.status_reports, system);
    own.into_iter().chain(archive::systems(picture)).filter_map(folder).find_map(|folder| folder.number)
}

fn one(asked: &Asked, picture: &Picture, phase: &Phase) -> Fase {
    let mut phase = Fase {
        faseid: phase.id,
        fasenavn: phase.name.clone(),
        kategori: coded(asked, phase.project_type.label()),
        status: status(phase.status),
        startdato: phase.starts_on,
        sluttdato: phase.ends_on,
        milepeler: Vec::new(),
        vedtak: None,
        journalposter: Vec::new(),
    };
    if phase.faseid == picture.focus {
        let seen = picture.milestones.iter().filter(|one| one.cancelled_on.is_none() && asked.sees_milestone(one));
        let mut milestones: Vec<&milestones::Model> = seen.collect();
        milestones.sort_by(|one, other| (&one.number, one.id).cmp(&(&other.number, other.id)));
        phase.milepeler = milestones.into_iter().map(|milestone| shown(asked, milestone)).collect();
        phase.vedtak = decided(asked, picture);
        phase.journalposter = entries(asked, picture);
    }
    phase
}

const fn status(status: ProjectStatus) -> &'static str {
    match status {
        ProjectStatus::Pipeline => "Planlagt",
        ProjectStatus::Active | ProjectStatus::Finalisation | ProjectStatus::Suspended => "UnderArbeid",
        ProjectStatus::Closed | ProjectStatus::Cancelled => "Utfoert",
    }
}

fn shown(asked: &Asked, milestone: &milestones::Model) -> Milepel {
    Milepel {
        milepel_id: milestone.id,
        beskrivelse: format!("{} {}", milestone.number, milestone.title),
        milepeltype: milestone.milestone_type.map(|kind| coded(asked, kind.label())),
        frist: milestone.planned_on,
        planlagt_utfoert: milestone.forecast_on.or(milestone.planned_on),
        utfoert: milestone.met_on,
        intern: milestone.internal,
    }
}

/// What was decided last at a decision point of the project.
fn decided(asked: &Asked, picture: &Picture) -> Option<Kode> {
    let points = picture.decision_points.iter().filter_map(|point| Some((point.decided_on?, point.id, point.outcome?)));
    let (_, _, outcome): (_, _, DecisionOutcome) = points.max_by_key(|(on, id, _)| (*on, *id))?;
    Some(coded(asked, outcome.label()))
}

fn entries(asked: &Asked, picture: &Picture) -> Vec<Journalpost> {
    let finished = picture.documents.iter().filter(|document| document.status != DocumentStatus::Draft);
    let all = asked.sees_all_of("documents");
    let entry = |document: &documents::Model| {
        let archived = document.archive.as_ref();
        let open = all || document.access == DocumentAccess::Public;
        Journalpost {
            system_id: archived.and_then(|entry| entry.entry_id).unwrap_or(document.id),
            tittel: if open { document.title.clone() } else { archive::shielded_title(document) },
            journalpostnummer: archived.and_then(|entry| entry.entry_number),
            dokumentets_dato: document.document_on,
        }
    };
    finished.map(entry).collect()
}

fn coded(asked: &Asked, label: Label) -> Kode {
    let words = match asked.lang {
        crate::problem::Lang::Nb => label.nb,
        crate::problem::Lang::Nn => label.nn,
        crate::problem::Lang::En => label.en,
    };
    Kode { kodeverdi: label.code.to_owned(), kodebeskrivelse: words.to_owned() }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let example = json!({
        "saksnummer": { "saksaar": 2017, "sakssekvensnummer": 412 },
        "sakstittel": "Næringsvennlig region – forprosjekt Sør-Troms",
        "saksansvarlig": "Knut Baglo",
        "faser": [{
            "faseid": "015ec5c8-6c00-700b-8000-000000000002", "fasenavn": "Næringsvennlig region – forprosjekt Sør-Troms",
            "kategori": { "kodeverdi": "pre_project", "kodebeskrivelse": "forprosjekt" }, "status": "UnderArbeid",
            "startdato": "2017-11-01", "sluttdato": "2018-04-30",
            "milepeler": [{
                "milepelId": "015ec5c8-6c00-7013-8000-000000000001", "beskrivelse": "01 Gjennomført workshop HA 2",
                "milepeltype": { "kodeverdi": "engagement", "kodebeskrivelse": "medvirkning" },
                "frist": "2017-11-15", "planlagtUtfoert": "2017-11-15", "intern": false
            }],
            "journalposter": []
        }]
    });
    About::new("getProjectSaksfaser", "Exchange", "Show which phase the case is in, as municipal systems ask for it")
        .more(
            "The shape of Fiks Saksfaser V1 (`saksfaser.hent.resultat`): each project of the development is a phase, each milestone of \
             this project a `milepel`, each finished document a `journalpost`. As the protocol has it, what is not known is left out. An \
             observer does not see internal milestones, nor the titles of what is exempt from public access.",
        )
        .dated()
        .answers::<Saksfaser>(200, "The phases", example)
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

#[cfg(test)]
mod tests {
    use entity::projects::ProjectStatus;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{number, status};
    use crate::domain::Picture;

    /// A project with this case folder, and two documents that are archived: one in `a` without a number, one in `b` with one.
    fn picture(case: &Value) -> Picture {
        let project = Uuid::from_u128(1);
        let at = "2017-09-28T08:00:00Z";
        let mut picture = Picture { focus: project, ..Picture::default() };
        let mut add = |path: &str, id: u128, mut record: Value| {
            record["id"] = json!(Uuid::from_u128(id));
            record["version"] = json!(1);
            record["createdAt"] = json!(at);
            record["updatedAt"] = json!(at);
            picture.add(path, record).expect("a record");
        };
        add("projects", 1, json!({ "code": "NVR", "name": "Næring", "type": "pre_project", "archive": case }));
        for (id, system, sequence) in [(2, "a", None), (3, "b", Some(412))] {
            let archive = json!({
                "system": system, "caseYear": sequence.map(|_| 2017), "caseSequence": sequence, "state": "archived",
                "archivedAt": at,
            });
            let document = json!({
                "projectId": project, "kind": "memo", "title": "Notat", "status": "final", "access": "public",
                "archive": archive,
            });
            add("documents", id, document);
        }
        picture
    }

    #[test]
    fn the_number_is_that_of_the_projects_own_archive_or_of_the_first_that_has_one() {
        let own = json!({ "system": "c", "caseYear": 2018, "caseSequence": 7 });
        for (case, is) in [
            (Value::Null, (2017, 412)),
            (own, (2018, 7)),
            (json!({ "system": "b", "caseYear": 2018, "caseSequence": 8 }), (2018, 8)),
            (json!({ "system": "c", "caseYear": null, "caseSequence": null }), (2017, 412)),
        ] {
            assert_eq!(number(&picture(&case)), Some(is), "{case}");
        }
    }

    #[test]
    fn a_status_is_one_of_the_protocols_three() {
        assert_eq!(
            [ProjectStatus::Pipeline, ProjectStatus::Suspended, ProjectStatus::Closed].map(status),
            ["Planlagt", "UnderArbeid", "Utfoert"]
        );
    }
}
