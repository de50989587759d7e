//! Activities, milestones, decision points and goals.

use serde_json::{Value, json};

use super::Row;
use super::plan::{Plan, pick, text};

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let milestone = |number: &str| {
        let one = plan.one("milestones", "number", number);
        let activity = plan.all("activities").into_iter().find(|activity| activity["id"] == one["activityId"]);
        json!([
            one["plannedOn"],
            one["title"],
            activity.map(|activity| activity["number"].clone()),
            one["requiresDocument"]
        ])
    };
    let point = |number: &str| {
        let one = plan.one("decision-points", "number", number);
        let asked = plan.one("decision-requirements", "decisionPointId", text(&one["id"]));
        json!([
            one["plannedOn"],
            one["theme"],
            one["approver"],
            asked["documentKind"],
            asked["requiredStatus"],
            asked["documentId"]
        ])
    };
    let goal = |words: &str| plan.one("goals", "text", words);
    let leads_to = |goal: &Value| {
        plan.all("goals").into_iter().find(|one| one["id"] == goal["parentId"]).map(|one| one["text"].clone())
    };
    let services = goal("Tilby bedre og mer relevante tjenester overfor lokalt næringsliv");
    let profit = goal("Bedre lønnsomheten i næringslivet");
    let workshop = "Gjennomføre workshop med alle næringsutviklere og representanter fra næringsliv der formålet er å";
    let plan_document = plan.one("documents", "kind", "project_plan");
    vec![
        (
            "50",
            "a1",
            plan.activities("organisation_setup"),
            json!([[null, "Etablere prosjekt- og styringsgruppe med representanter fra beslutningstagerne", null]]),
        ),
        (
            "51",
            "a2",
            plan.activities("meetings"),
            json!([[
                null,
                "Gjennomføre statusmøter, styringsgruppemøter og prosjektgruppemøter/koordineringsmøter",
                null
            ]]),
        ),
        (
            "52",
            "a3",
            plan.activities("results_presentation"),
            json!([[null, "Presentasjon av resultater underveis og i forbindelse med prosjektavslutning", null]]),
        ),
        (
            "53",
            "a4",
            plan.activities("communication"),
            json!([[null, "Annet informasjons- og kommunikasjonsarbeid", null]]),
        ),
        (
            "54",
            "a5",
            plan.activities("study_visit"),
            json!([[
                null,
                "Styringsgruppa besøker annen region som har etablert hensiktsmessig modell for regionalt samarbeid",
                null
            ]]),
        ),
        (
            "55–60, 62",
            "a6 and a7",
            plan.activities("workshop"),
            json!([
                [
                    "HA 2",
                    format!("{workshop} utvikle et innhold i tjenestene tilpasset næringslivets og regionens behov"),
                    "Notat som oppsummerer innholdet i tjenestene"
                ],
                [
                    "HA 3",
                    format!("{workshop} definere kompetansebehov"),
                    "Notat som oppsummerer kompetansebehov i tjenestene"
                ]
            ]),
        ),
        (
            "61",
            "a8",
            plan.activities("research_dialogue"),
            json!([[null, "Dialog med FoU og andre for å finne andre relevante case/eksempler", null]]),
        ),
        (
            "62",
            "HA 4 and 5",
            plan.activities("main_activity"),
            json!([["HA 4", "Budsjett med kostnadsfordeling", null], ["HA 5", "Avtaleverk", null]]),
        ),
        ("62", "all activities", json!(plan.all("activities").len()), json!(10)),
        (
            "63, 67",
            "milestone 01",
            milestone("01"),
            json!(["2017-11-15", "Gjennomført workshop HA 2 – innholdet i tjenestene", "HA 2", true]),
        ),
        (
            "64",
            "milestone 02, as written",
            milestone("02"),
            json!(["2018-12-15", "Gjennomført workshop HA 3 – kompetansebehov", "HA 3", true]),
        ),
        (
            "65",
            "milestone 03",
            milestone("03"),
            json!(["2018-02-01", "Budsjett med kostnadsfordeling behandlet i kommunene (HA 4)", "HA 4", false]),
        ),
        (
            "66",
            "milestone 04",
            milestone("04"),
            json!(["2018-03-01", "Avtaleverk behandlet i kommunene (HA 5)", "HA 5", false]),
        ),
        (
            "69, 71, 72",
            "decision point 1",
            point("1"),
            json!([
                "2017-11-01",
                "Prosjektstart",
                "project_executive_or_steering_group",
                "project_plan",
                "adopted",
                plan_document["id"]
            ]),
        ),
        (
            "70, 72",
            "decision point 2",
            point("2"),
            json!([
                "2018-04-30",
                "Prosjektavslutning",
                "project_executive_or_steering_group",
                "final_report",
                "adopted",
                null
            ]),
        ),
        (
            "73",
            "period",
            pick(plan.project("NVR-2017-02"), &["startsOn", "endsOn"]),
            json!(["2017-11-01", "2018-04-30"]),
        ),
        ("74, 75", "from services to profit", json!(leads_to(services)), json!("Bedre lønnsomheten i næringslivet")),
        ("75", "from profit to jobs", json!(leads_to(profit)), json!("Flere arbeidsplasser")),
        (
            "76",
            "G2",
            goal("Styrke næringsutviklertjenesten i regionen med tanke på spisskompetanse og fagmiljø")["kind"].clone(),
            json!("outcome"),
        ),
        (
            "–",
            "no amounts, services or measures that the plan does not state",
            json!(
                ["indicators", "services", "competence-needs", "reference-cases", "communication-measures", "risks"]
                    .map(|path| plan.all(path).len())
            ),
            json!([0, 0, 0, 0, 0, 0]),
        ),
    ]
}
