//! The resource `organisations`.

pub mod refresh;

use entity::organisations;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use serde_json::json;

use crate::access::Area;
use crate::facts::check::has_check_digit;
use crate::facts::{Change, Filter};
use crate::http::query::invalid;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of organisations.
pub fn resource() -> Resource {
    Resource::of::<organisations::Entity>(Area::Directory)
        .search(&["name", "altNames", "orgNumber"])
        .order("name")
        .refers("parentId", "organisations")
        .unique(&["orgNumber"])
        .acyclic("parentId")
        .filter(Filter {
            name: "municipalityCode",
            about: "Municipalities that have or had one of these numbers.",
            schema: json!({ "type": "string", "pattern": "^[0-9]{4}$", "minLength": 4, "maxLength": 4 }),
            condition: by_municipality_code,
        })
        .check(organisation_number)
        .done()
}

fn organisation_number(change: &Change<organisations::Model>) -> Faults {
    let number = change.after().and_then(|organisation| organisation.org_number.as_deref());
    let wrong = number.filter(|number| !has_check_digit(number));
    let fault = |number| {
        Fault::at(
            "/orgNumber",
            "wrong_check_digit",
            text!(
                "{number} er ikke et organisasjonsnummer: kontrollsifferet stemmer ikke (mod-11)",
                "{number} er ikkje eit organisasjonsnummer: kontrollsifferet stemmer ikkje (mod-11)",
                "{number} is no organisation number: its check digit does not fit (mod-11)"
            ),
        )
    };
    wrong.map(fault).into_iter().collect()
}

/// Finds a municipality by any number that it has or had.
fn by_municipality_code(codes: &[&str]) -> Result<Condition, Error> {
    if codes.iter().any(|code| code.len() != 4 || !code.bytes().all(|digit| digit.is_ascii_digit())) {
        return Err(invalid(
            "municipalityCode",
            &text!("må ha fire sifre", "må ha fire siffer", "must have four digits"),
        ));
    }
    let mut owners = Query::select();
    owners
        .column("organisation_id")
        .from("municipality_codes")
        .and_where(Expr::col("code").is_in(codes.iter().copied()));
    Ok(Condition::all().add(Expr::col("id").in_subquery(owners)))
}
