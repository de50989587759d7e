//! What every record carries, and the macro that declares one.

use sea_orm::{EntityTrait, ModelTrait};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// A table whose rows are records: the same header, the same JSON on the wire as in the journal.
pub trait Record: EntityTrait<Model: Serialize + DeserializeOwned + ToSchema + Send + Sync + ModelTrait> {
    /// What one such record is called in events, references and the journal, for example `milestone`.
    const KIND: &'static str;
    /// The collection in the address, for example `decision-points`.
    const PATH: &'static str;
    /// Whether the record belongs to a project (carries `projectId`).
    const OF_PROJECT: bool;
}

/// Declares a record: `record! { /// doc … Milestone "milestone" "milestones" of project { fields } }`.
///
/// The header (id, version, who and when, for a record of a project `projectId`) and the folded text that `q=`
/// searches are added, so that no table can forget them. Field types are a name or a name with one parameter.
macro_rules! record {
    ($(#[doc = $doc:tt])* $name:ident $kind:tt $path:tt $table:tt of project { $($body:tt)* }) => {
        record! { @model [$(#[doc = $doc])*] $name $kind $path $table true
            [
                /// The project that the record belongs to; it cannot be moved to another.
                #[schema(example = "0190e0a0-0000-7000-8000-000000000001")]
                pub project_id: Uuid,
            ]
            { $($body)* }
        }
    };
    ($(#[doc = $doc:tt])* $name:ident $kind:tt $path:tt $table:tt { $($body:tt)* }) => {
        record! { @model [$(#[doc = $doc])*] $name $kind $path $table false [] { $($body)* } }
    };
    (@model [$(#[doc = $doc:tt])*] $name:ident $kind:tt $path:tt $table:tt $of_project:tt [$($project:tt)*]
        { $( $(#[$($attribute:tt)*])* $field:ident : $type:ident $(< $inner:ident >)? ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize, ToSchema)]
        #[sea_orm(table_name = $table)]
        #[serde(rename_all = "camelCase")]
        #[schema(as = $name)]
        pub struct Model {
            /// The record's own identifier, UUIDv7, made by the service.
            #[sea_orm(primary_key, auto_increment = false)]
            #[schema(read_only, example = "0190e0a0-0000-7000-8000-000000000000")]
            pub id: Uuid,
            /// 1 at creation, one more with every change; the `ETag` of the record.
            #[schema(read_only, minimum = 1, example = 1)]
            pub version: i64,
            /// When the record was made (UTC).
            #[schema(read_only, value_type = String, format = DateTime, example = "2017-09-28T08:00:00Z")]
            pub created_at: DateTime<Utc>,
            /// The user, client or organisation that made it; null when it came by the command line.
            #[schema(read_only)]
            pub created_by: Option<Uuid>,
            /// When the record was last changed (UTC).
            #[schema(read_only, value_type = String, format = DateTime, example = "2017-09-28T08:00:00Z")]
            pub updated_at: DateTime<Utc>,
            /// The user, client or organisation that changed it last.
            #[schema(read_only)]
            pub updated_by: Option<Uuid>,
            $($project)*
            $( $(#[$($attribute)*])* pub $field: $type $(<$inner>)?, )*
            /// The text that `q=` searches, folded to lower case; kept by the store.
            #[serde(skip)]
            #[schema(ignore)]
            pub search_text: String,
        }

        #[doc = "No relations by join: references are facts of the resource."]
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}

        impl crate::Record for Entity {
            const KIND: &'static str = $kind;
            const PATH: &'static str = $path;
            const OF_PROJECT: bool = $of_project;
        }
    };
}
