//! What the municipalities are to offer businesses: the product of the workshop on the services.

use crate::prelude::*;

record! {
    /// A service for businesses that the municipalities are to offer, as the workshop on the services worded it.
    Service "service" "services" "services" of project {
        /// What the service is called.
        #[schema(min_length = 1, max_length = 200, example = "Etablererveiledning")]
        name: String,
        /// Whom it is for.
        #[schema(max_length = 500, example = "Nyetablerere")]
        target_group: Option<String>,
        /// What it consists of.
        #[schema(max_length = 10000, example = "Veiledning fra idé til registrert foretak")]
        description: Option<String>,
        /// The organisations that are to provide it.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<Uuid>, max_items = 50, example = json!(["0190e0a0-0000-7000-8000-cf435aa86adc"]))]
        providers: Providers,
        /// Where the service stands.
        #[serde(default)]
        #[schema(default = "proposed", example = "agreed")]
        status: ServiceStatus,
    }
}

/// The organisations that provide a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Providers(pub Vec<Uuid>);

codes! {
    /// Where a service stands.
    ServiceStatus "serviceStatus" default Proposed {
        Proposed = "proposed" ("foreslått", "foreslått", "proposed"),
        Agreed = "agreed" ("avtalt", "avtalt", "agreed"),
        InOperation = "in_operation" ("i drift", "i drift", "in operation"),
        Rejected = "rejected" ("forkastet", "forkasta", "rejected"),
    }
}
