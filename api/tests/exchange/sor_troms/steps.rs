//! What the pre-study recommends: options, and a development in three steps.

use serde_json::json;

use super::Row;
use super::plan::{Plan, pick, sorted, text};

const FUNDERS: &str = "kan finansieres av";
const FOUR: [&str; 4] = ["Gratangen kommune", "Bardu kommune", "Salangen kommune", "Lavangen kommune"];

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let option = |form: &str| pick(plan.one("organisation-options", "form", form), &["horizon", "status"]);
    let stage = |code: &str| {
        pick(plan.project(code), &["type", "stage", "conditional", "durationMonthsMin", "durationMonthsMax", "status"])
    };
    let note = |code: &str, name: &str| {
        let parties = plan.with("project-parties", "projectId", &plan.project(code)["id"]);
        let one =
            parties.into_iter().find(|one| one["role"] == "funder" && *plan.named(&one["organisationId"]) == name);
        one.map(|one| text(&one["note"]).to_owned()).unwrap_or_default()
    };
    let commissioned = plan.with("project-parties", "role", &"commissioning_party".into());
    let commissioned = commissioned.into_iter().find(|one| one["projectId"] == plan.project("NVR-2017-02")["id"]);
    vec![
        (
            "16",
            "R1",
            plan.recommendation("R1"),
            json!(["Det etableres foreløpig ikke eget selskap.", null, "proposed", null]),
        ),
        (
            "17",
            "R1b",
            plan.recommendation("R1b"),
            json!([
                "Eget selskap bør være et alternativ på lang sikt. Både AS og IKS kan være aktuelle selskapsformer.",
                null,
                "proposed",
                null
            ]),
        ),
        ("18", "AS", option("as"), json!(["long_term", "deferred"])),
        ("18", "IKS", option("iks"), json!(["long_term", "deferred"])),
        (
            "19",
            "R2",
            plan.recommendation("R2"),
            json!(["Forstudien anbefaler en utvikling i tre trinn.", null, "proposed", null]),
        ),
        (
            "20–23, 26",
            "step 1",
            plan.recommendation("1"),
            json!([
                "Utvikling og implementering av desentralisert løsning, formalisert samarbeid om næringsutviklingsarbeidet i regionen. Varighet 6 mnd. Eget forprosjekt. Eies av de 4 kommunene, Gratangen som omstillingskommune oppdragsgiver. Kan finansieres av Troms fylkeskommune, IN og kommunene.",
                1,
                "proposed",
                "NVR-2017-02"
            ]),
        ),
        ("20–22", "stage 1", stage("NVR-2017-02"), json!(["pre_project", 1, null, 6, 6, "pipeline"])),
        ("23, 77", "owners in their order", json!(plan.parties("NVR-2017-02", "owner")), json!(FOUR)),
        (
            "24, 78",
            "commissioned by",
            json!(plan.parties("NVR-2017-02", "commissioning_party")),
            json!(["Gratangen kommune"]),
        ),
        (
            "25",
            "Gratangen's status",
            json!(commissioned.map(|one| one["note"].clone())),
            json!("som omstillingskommune"),
        ),
        (
            "26",
            "possible funders",
            sorted(plan.parties("NVR-2017-02", "funder")),
            json!([
                "Bardu kommune",
                "Gratangen kommune",
                "Innovasjon Norge",
                "Lavangen kommune",
                "Salangen kommune",
                "Troms fylkeskommune"
            ]),
        ),
        ("26", "possible only", json!(note("NVR-2017-02", "Troms fylkeskommune").starts_with(FUNDERS)), json!(true)),
        (
            "27–31",
            "step 2",
            plan.recommendation("2"),
            json!([
                "Utprøving av desentralisert, formalisert samarbeid om næringsutviklingsarbeidet i regionen. Varighet ett til to år. Hovedprosjekt. Eies av de 4 kommunene i fellesskap. Kan finansieres av kommunene, med støtte fra Troms fylkeskommune.",
                2,
                "proposed",
                "NVR-2017-03"
            ]),
        ),
        ("28, 29", "stage 2", stage("NVR-2017-03"), json!(["main_project", 2, true, 12, 24, "pipeline"])),
        ("30", "its owners", json!(plan.parties("NVR-2017-03", "owner")), json!(FOUR)),
        (
            "31",
            "its possible funders",
            sorted(plan.parties("NVR-2017-03", "funder")),
            json!([
                "Bardu kommune",
                "Gratangen kommune",
                "Lavangen kommune",
                "Salangen kommune",
                "Troms fylkeskommune"
            ]),
        ),
        (
            "31",
            "the county supports",
            json!(note("NVR-2017-03", "Troms fylkeskommune").ends_with("med støtte fra Troms fylkeskommune")),
            json!(true),
        ),
        (
            "32, 33",
            "step 3",
            plan.recommendation("3"),
            json!([
                "Eventuell etablering av felles næringsutviklingsselskap vurderes, basert på erfaringer fra regionalt samarbeid.",
                3,
                "proposed",
                "NVR-2017-04"
            ]),
        ),
        ("34", "stage 3", stage("NVR-2017-04"), json!(["company_formation", 3, true, null, null, "pipeline"])),
        ("34", "nobody funds it yet", json!(plan.parties("NVR-2017-04", "funder")), json!([])),
    ]
}
