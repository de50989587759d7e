//! How reports name people, organisations and other records.

use entity::{Label, organisations, people, projects};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::Lang;

/// An organisation as reports name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationName {
    /// The organisation.
    pub id: Uuid,
    /// Its official name.
    #[schema(max_length = 200, example = "Gratangen kommune")]
    pub name: String,
}

impl OrganisationName {
    /// The name of an organisation.
    #[must_use]
    pub fn of(organisation: &organisations::Model) -> Self {
        Self { id: organisation.id, name: organisation.name.clone() }
    }
}

/// A person as reports name it: no contact details.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonName {
    /// The person.
    pub id: Uuid,
    /// Given and family name.
    #[schema(max_length = 401, example = "Knut Baglo")]
    pub name: String,
}

impl PersonName {
    /// The name of a person.
    #[must_use]
    pub fn of(person: &people::Model) -> Self {
        Self { id: person.id, name: format!("{} {}", person.given_name, person.family_name) }
    }
}

/// A project as reports name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProjectName {
    /// The project.
    pub id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-01")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
}

impl ProjectName {
    /// The name of a project.
    #[must_use]
    pub fn of(project: &projects::Model) -> Self {
        Self { id: project.id, code: project.code.clone(), name: project.name.clone() }
    }
}

/// What people call a code, in one language.
#[must_use]
pub fn called(label: Label, lang: Lang) -> &'static str {
    match lang {
        Lang::Nb => label.nb,
        Lang::Nn => label.nn,
        Lang::En => label.en,
    }
}
