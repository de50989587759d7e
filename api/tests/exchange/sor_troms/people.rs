//! Who is who in the pre-project.

use serde_json::json;

use super::Row;
use super::plan::Plan;

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    vec![
        (
            "79",
            "project executive",
            plan.seats("project_executive"),
            json!([["Ole Kristian Severinsen", "Gratangen kommune", "Rådmann", null]]),
        ),
        ("80", "project manager", plan.seats("project_manager"), json!([["Knut Baglo", "Proneo AS", null, null]])),
        (
            "81–88",
            "project group",
            plan.seats("project_group_member"),
            json!([
                ["Anders Linga", "Proneo AS", null, null],
                ["Tore Svartås", "Proneo AS", null, null],
                ["Linda Flaaten-Stokkan", "SPIRE", null, null],
                ["Cato Haakseth", "SPIRE", null, null],
                ["Christian Ekeland", "Lavangen kommune", null, null],
                ["Bjørn Nordmo", "Salangen kommune", null, null],
                ["Jan Håvard Selseng", "Bardu kommune", null, null]
            ]),
        ),
        (
            "89–93, 95",
            "steering group",
            plan.seats("steering_group_member"),
            json!([
                ["Ole Kristian Severinsen", "Gratangen kommune", "Prosjektansvarlig", 1],
                ["Toralf Heimdal", "Bardu kommune", "Ordfører", 1],
                ["Eva Ottesen", "Gratangen kommune", "Ordfører", 1],
                ["Bernhardt Halvorsen", "Lavangen kommune", "Ordfører", 1],
                ["Sigrun Wiggen Prestbakmo", "Salangen kommune", "Ordfører", 1]
            ]),
        ),
        (
            "94, 95",
            "observer",
            plan.seats("observer"),
            json!([["Trond Erik Dekko Andersen", "Innovasjon Norge", "Observatør", 0]]),
        ),
        (
            "83",
            "Flaaten-Stokkan's two posts",
            plan.affiliations("Flaaten-Stokkan"),
            json!([["SPIRE", null, 0.5], ["Gratangen kommune", null, 0.5]]),
        ),
        (
            "86",
            "Nordmo's two posts",
            plan.affiliations("Nordmo"),
            json!([["Salangen kommune", null, null], ["Astafjord Utvikling AS", null, null]]),
        ),
        ("79", "Severinsen's post", plan.affiliations("Severinsen"), json!([["Gratangen kommune", "Rådmann", null]])),
        ("96", "people", json!(plan.all("people").len()), json!(14)),
    ]
}
