//! The resource `person-views`: who saw whose contact details, for administrators, and of oneself for everybody.

use entity::person_views;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use serde_json::json;
use uuid::Uuid;

use crate::access::Area;
use crate::facts::Filter;
use crate::http::query::invalid;
use crate::problem::Error;
use crate::standard::Resource;
use crate::text;

/// The facts of views; only the service writes them.
pub fn resource() -> Resource {
    Resource::of::<person_views::Entity>(Area::Users)
        .search(&["operation"])
        .order("-createdAt")
        .filter(Filter {
            name: "personId",
            about: "Answers that held contact details of one of these people.",
            schema: json!({ "type": "string", "format": "uuid" }),
            condition: of_person,
        })
        .stays()
        .read_only()
        .done()
}

fn of_person(values: &[&str]) -> Result<Condition, Error> {
    let wrong = |_| invalid("personId", &text!("må være en UUID", "må vere ein UUID", "must be a UUID"));
    let ids: Vec<Uuid> = values.iter().map(|value| value.parse()).collect::<Result<_, _>>().map_err(wrong)?;
    let holds = |id: &Uuid| Expr::col("person_ids").cast_as("text").like(format!("%{id}%"));
    Ok(ids.iter().map(holds).fold(Condition::any(), Condition::add))
}
