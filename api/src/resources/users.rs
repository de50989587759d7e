//! The resource `users`.

use entity::users;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of users.
pub fn resource() -> Resource {
    Resource::of::<users::Entity>(Area::Users)
        .search(&["email", "name"])
        .order("email")
        .refers("personId", "people")
        .unique(&["email"])
        .personal(&["email", "name"])
        .check(lower_case)
        .rule(|write, change| Box::pin(one_administrator_stays(write, change)))
        .done()
}

/// Addresses are compared in lower case, so they are kept so.
fn lower_case(change: &Change<users::Model>) -> Faults {
    let mixed = change.after().is_some_and(|user| user.email.to_lowercase() != user.email);
    let message =
        || text!("må skrives med små bokstaver", "må skrivast med små bokstavar", "must be written in lower case");
    mixed.then(|| Fault::at("/email", "not_lower_case", message())).into_iter().collect()
}

/// Somebody can always let others in again: the last administrator who can log in is neither disabled nor deleted.
async fn one_administrator_stays(write: &Write, change: Change<users::Model>) -> Result<Faults, Error> {
    let rules = |user: &users::Model| user.administrator && user.disabled_at.is_none();
    if !change.before().is_some_and(rules) || change.after().is_some_and(rules) {
        return Ok(Vec::new());
    }
    let mut others = Query::select();
    others
        .expr(Expr::val(1))
        .from("users")
        .and_where(Expr::col("administrator").eq(true))
        .and_where(Expr::col("disabled_at").is_null())
        .limit(1);
    if write.tx().query_one(&others).await?.is_some() {
        return Ok(Vec::new());
    }
    let detail = text!(
        "den siste administratoren som kan logge inn, må bli værende",
        "den siste administratoren som kan logge inn, må bli verande",
        "the last administrator who can log in has to stay"
    );
    Err(Problem::new(&codes::LOCKED).detail(detail).into())
}
