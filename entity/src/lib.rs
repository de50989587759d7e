//! The rows of Framdrift: one file per table, with its enumerations and nothing of HTTP.
//!
//! A record is declared once, with `record!`: the same declaration is the table's row, the JSON on the wire
//! and the schema in the OpenAPI document, so that none of them can say something else than the others.

#[macro_use]
mod record;
#[macro_use]
mod codes;
mod value;

pub use codes::{CodeList, Label, code_lists};
pub use record::Record;
pub use value::{Decimal2, Decimal4, RecordRef};

pub mod calendar_links;
pub mod clients;
pub mod directory;
pub mod economy;
pub mod external_references;
pub mod handling;
pub mod integration;
pub mod meeting;
pub mod plan;
pub mod reporting;
pub mod user_identities;
pub mod users;

pub use directory::*;
pub use economy::*;
pub use handling::*;
pub use integration::*;
pub use meeting::*;
pub use plan::*;
pub use reporting::*;

/// What an entity file starts with.
mod prelude {
    pub use chrono::{DateTime, NaiveDate, Utc};
    pub use sea_orm::FromJsonQueryResult;
    pub use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveActiveEnum, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
        EnumIter, PrimaryKeyTrait,
    };
    pub use serde::{Deserialize, Serialize};
    pub use utoipa::ToSchema;
    pub use uuid::Uuid;

    /// An instant, UTC.
    pub type Instant = DateTime<Utc>;

    pub use crate::{Decimal2, Decimal4, RecordRef};
}
