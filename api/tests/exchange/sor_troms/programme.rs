//! The programme, its pilots, and what comes before the pre-project.

use serde_json::json;

use super::Row;
use super::plan::{Plan, pick, sorted, text};

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let plan_document = plan.one("documents", "kind", "project_plan");
    let report = plan.one("documents", "kind", "final_report");
    let pre_studies = ["NVR-2017-01", "NVR-2017-05"].map(|code| plan.project(code)["background"].clone());
    let both = "Det er vinteren/våren 2017 gjennomført to pilot-forstudier, henholdsvis på Fosen (7 kommuner) og i Sør-Troms (4 kommuner).";
    let follows = |code: &str| {
        plan.all("projects")
            .into_iter()
            .find(|one| one["id"] == plan.project(code)["predecessorId"])
            .map(|one| one["code"].clone())
    };
    let scope = text(&plan.project("NVR-2017-01")["scope"]);
    let background = text(&plan.project("NVR-2017-02")["background"]);
    vec![
        (
            "1",
            "title and subtitle",
            plan_document["title"].clone(),
            json!("Næringsvennlig region – Bedre offentlige tjenester for næringsutvikling"),
        ),
        (
            "2",
            "place, date and standing",
            pick(plan_document, &["sender", "documentOn", "status"]),
            json!(["Gratangen", "2017-09-28", "draft"]),
        ),
        ("3", "programme", json!(plan.all("programmes").len()), json!(1)),
        ("3", "its name", plan.all("programmes")[0]["name"].clone(), json!("Næringsvennlig region")),
        (
            "4",
            "pilots",
            sorted(plan.all("regions").into_iter().map(|region| &region["name"]).collect()),
            json!(["Fosen", "Sør-Troms"]),
        ),
        (
            "5",
            "Fosen in 2017",
            sorted(plan.members("Fosen", "2017-09-28")),
            json!([
                "Bjugn kommune",
                "Leksvik kommune",
                "Osen kommune",
                "Rissa kommune",
                "Roan kommune",
                "Åfjord kommune",
                "Ørland kommune"
            ]),
        ),
        ("5", "Fosen during the pre-project", json!(plan.members("Fosen", "2018-01-01").len()), json!(6)),
        ("5", "Fosen after the reform", json!(plan.members("Fosen", "2020-01-01").len()), json!(4)),
        (
            "6, 9",
            "Sør-Troms",
            sorted(plan.members("Sør-Troms", "2017-09-28")),
            json!(["Bardu kommune", "Gratangen kommune", "Lavangen kommune", "Salangen kommune"]),
        ),
        ("7", "season of the pre-studies", json!(pre_studies), json!([both, both])),
        (
            "8",
            "pre-projects follow pre-studies",
            json!([follows("NVR-2017-02"), follows("NVR-2017-06")]),
            json!(["NVR-2017-01", "NVR-2017-05"]),
        ),
        (
            "8",
            "their types",
            json!([
                plan.project("NVR-2017-01")["type"],
                plan.project("NVR-2017-02")["type"],
                plan.project("NVR-2017-06")["type"]
            ]),
            json!(["pre_study", "pre_project", "pre_project"]),
        ),
        (
            "10",
            "period of the pre-study",
            pick(plan.project("NVR-2017-01"), &["startsOn", "endsOn", "status"]),
            json!(["2017-02-01", "2017-06-30", "closed"]),
        ),
        (
            "11",
            "adopted in a meeting",
            json!(scope.contains("Sluttrapporten ble vedtatt av styringsgruppa i møte den 19. juni.")),
            json!(true),
        ),
        (
            "12",
            "final report",
            pick(report, &["status", "adoptedOn", "projectId"]),
            json!(["adopted", "2017-06-19", plan.project("NVR-2017-01")["id"]]),
        ),
        (
            "13, 14",
            "political treatment",
            json!(background.contains(
                "Sluttrapporten skal til politisk behandling i alle fire kommuner i løpet av september og oktober."
            )),
            json!(true),
        ),
        (
            "15",
            "who continues",
            json!(background.contains("Eventuelt vedtak om videreføring i et forprosjekt fattes av kommunene.")),
            json!(true),
        ),
    ]
}
