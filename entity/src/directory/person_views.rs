//! Who saw whose contact details: the log of access to personal data.

use crate::prelude::*;

record! {
    /// One request whose answer held contact details of people: `createdAt` is when, `createdBy` who. Only the service writes
    /// it, nobody can change it, and a rule of retention says how long it is kept.
    PersonView "person_view" "person-views" "person_views" {
        /// What sort of caller it was: `user`, `client`, `organisation`, `operator` (the command line) or `service`.
        #[schema(read_only, max_length = 20, default = "user", example = "user")]
        actor_kind: String,
        /// What was asked for.
        #[schema(read_only, max_length = 400, default = "", example = "GET /api/v1/people")]
        operation: String,
        /// The people whose contact details the answer held.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(read_only, value_type = Vec<Uuid>)]
        person_ids: PersonIds,
    }
}

/// Identifiers of people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct PersonIds(pub Vec<Uuid>);
