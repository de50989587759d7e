//! How the municipalities organise their business development.

use serde_json::{Value, json};

use super::Row;
use super::plan::{Plan, text};

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let association = |name: &str| plan.profile(name)["hasBusinessAssociation"].clone();
    let says = |name: &str, words: &str| json!(text(&plan.profile(name)["description"]).contains(words));
    let on_the_day = |provision: &&Value| provision["validTo"].as_str().is_none_or(|to| "2017-11-01" <= to);
    let fte =
        plan.all("service-provisions").into_iter().filter(on_the_day).filter_map(|one| one["businessFte"].as_f64());
    // Whole hundredths, so that the sum is exact.
    let hundredths: i64 = fte.map(|fte| (fte * 100.0).round() as i64).sum();
    vec![
        (
            "35–37",
            "Bardu",
            plan.provisions("Bardu kommune"),
            json!([
                ["own_staff", null, "Næringssjef", 1, null, null, null],
                ["purchased", "Vinn", "Førstelinjetjeneste fra Vinn i Narvik", 0.2, null, null, true]
            ]),
        ),
        (
            "37",
            "as written",
            says("Bardu kommune", "1 + kjøp av førstelinjetjeneste (tilsvarende ca. 0,2 årsverk)"),
            json!(true),
        ),
        ("38", "Bardu's association", association("Bardu kommune"), json!(true)),
        (
            "39, 40",
            "Gratangen",
            plan.provisions("Gratangen kommune"),
            json!([
                ["development_organisation", "SPIRE", "Omstillingsorganisasjonen SPIRE", 1.5, null, null, null],
                ["own_staff", null, "Næringspropell i kommuneadministrasjon", 0.5, null, null, null]
            ]),
        ),
        (
            "40",
            "as written",
            says("Gratangen kommune", "1,5 årsverk i SPIRE, 0,5 i kommuneadministrasjon"),
            json!(true),
        ),
        ("41", "Gratangen's association", association("Gratangen kommune"), json!(true)),
        (
            "42",
            "Lavangen",
            plan.provisions("Lavangen kommune"),
            json!([["own_staff", null, "Næringssjef", 1, null, null, null]]),
        ),
        ("43", "Lavangen's association", association("Lavangen kommune"), json!(false)),
        (
            "44–46",
            "Salangen",
            plan.provisions("Salangen kommune"),
            json!([[
                "municipal_company",
                "Astafjord Utvikling AS",
                "Det kommunalt eide aksjeselskapet Astafjord Utvikling",
                0.5,
                3.5,
                2,
                null
            ]]),
        ),
        (
            "45, 46",
            "as written",
            says(
                "Salangen kommune",
                "Selskapet har 3,5 årsverk, 2 personer er knyttet til næringsarbeidet med til sammen 0,5 årsverk",
            ),
            json!(true),
        ),
        ("47", "Salangen's association", association("Salangen kommune"), json!(true)),
        ("49, 99", "FTE in sum, in hundredths", json!(hundredths), json!(470)),
    ]
}
