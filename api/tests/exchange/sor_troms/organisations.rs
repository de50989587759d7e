//! The organisations, their names and numbers.

use serde_json::{Value, json};

use super::Row;
use super::plan::{Plan, pick};

/// What the document says and what the plan says.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let one = |name: &str| pick(plan.organisation(name), &["kind", "orgNumber", "inhabitants", "inhabitantsOn"]);
    let other = |name: &str| plan.organisation(name)["altNames"].clone();
    let numbers = |name: &str| {
        let codes = plan.with("municipality-codes", "organisationId", &plan.organisation(name)["id"]);
        codes.into_iter().map(|code| code["code"].clone()).collect::<Value>()
    };
    let mut rows = vec![
        (
            "97",
            "organisations of the project",
            json!(plan.all("organisations").iter().filter(|one| one["kind"] != "municipality").count()),
            json!(6),
        ),
        (
            "9, 98",
            "Lavangen's names",
            other("Lavangen kommune"),
            json!([
                { "name": "Loabák", "language": "se", "kind": "official" },
                { "name": "LOABÁGA SUOHKAN/LAVANGEN KOMMUNE", "kind": "official" },
                { "name": "Lavangen Kommune", "kind": "alias" }
            ]),
        ),
        ("81", "Proneo's misspelling", other("Proneo AS"), json!([{ "name": "Porneo AS", "kind": "misspelling" }])),
        ("100", "IN", other("Innovasjon Norge"), json!([{ "name": "IN", "kind": "short" }])),
        (
            "44, 86",
            "Astafjord's names",
            other("Astafjord Utvikling AS"),
            json!([{ "name": "Astafjord Utvikling", "kind": "short" }, { "name": "Astafjord utvikling AS", "kind": "alias" }]),
        ),
    ];
    for (name, org_number, inhabitants, codes) in [
        ("Bardu kommune", "864993982", 3933, ["1922", "5416", "5520"]),
        ("Gratangen kommune", "959469415", 1119, ["1919", "5414", "5516"]),
        ("Lavangen kommune", "959469881", 1012, ["1920", "5415", "5518"]),
        ("Salangen kommune", "961416388", 2220, ["1923", "5417", "5522"]),
    ] {
        rows.push(("97", name, one(name), json!(["municipality", org_number, inhabitants, "2013-01-01"])));
        rows.push(("97", name, numbers(name), json!(codes)));
    }
    for (name, org_number) in [
        ("Ørland kommune", None),
        ("Bjugn kommune", None),
        ("Rissa kommune", None),
        ("Leksvik kommune", None),
        ("Åfjord kommune", None),
        ("Roan kommune", None),
        ("Osen kommune", Some("944350675")),
        ("Indre Fosen kommune", Some("944305483")),
    ] {
        rows.push(("97", name, one(name), json!(["municipality", org_number, null, null])));
    }
    for (name, kind) in [
        ("Troms fylkeskommune", "county_authority"),
        ("Innovasjon Norge", "state_agency"),
        ("Proneo AS", "private_company"),
        ("SPIRE", "development_organisation"),
        ("Astafjord Utvikling AS", "municipal_company"),
        ("Vinn", "other"),
    ] {
        rows.push(("97", name, one(name), json!([kind, null, null, null])));
    }
    rows
}
