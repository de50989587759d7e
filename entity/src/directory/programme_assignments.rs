//! Who leads or observes a whole programme, and when.

use crate::prelude::*;

record! {
    /// Who leads or observes a whole programme: exactly one of a person and an organisation.
    ProgrammeAssignment "programme_assignment" "programme-assignments" "programme_assignments" {
        /// The programme.
        programme_id: Uuid,
        /// The person who has the role; null when an organisation has it.
        person_id: Option<Uuid>,
        /// The organisation that has the role; null when a person has it.
        #[schema(example = json!(null))]
        organisation_id: Option<Uuid>,
        /// The role, and with it the rights in every project of the programme.
        #[schema(example = "observer")]
        role: ProgrammeRole,
        /// The first day in the role; null when not known.
        #[schema(example = "2017-01-01")]
        valid_from: Option<NaiveDate>,
        /// The last day in the role, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
    }
}

codes! {
    /// A role in a whole programme.
    ProgrammeRole "programmeRole" {
        ProgrammeManager = "programme_manager" ("programleder", "programleiar", "programme manager"),
        Observer = "observer" ("observatør", "observatør", "observer"),
    }
}
