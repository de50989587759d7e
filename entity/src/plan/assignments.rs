//! A person's role in a project's organisation: the responsibility chart, and the access chart.

use crate::prelude::*;

record! {
    /// A person's role in a project's organisation; rights follow from the roles that are valid today.
    Assignment "assignment" "assignments" "assignments" of project {
        /// The person.
        person_id: Uuid,
        /// The role.
        #[schema(example = "steering_group_member")]
        role: AssignmentRole,
        /// The organisation whom the person represents in the role.
        organisation_id: Option<Uuid>,
        /// The person's title in the role or at home (ordfører, rådmann).
        #[schema(max_length = 200, example = "Ordfører")]
        title: Option<String>,
        /// How many votes the seat has; null when the plan does not say.
        #[schema(minimum = 0, maximum = 100, example = 1)]
        votes: Option<i64>,
        /// The first day in the role; null when not known.
        #[schema(example = "2017-11-01")]
        valid_from: Option<NaiveDate>,
        /// The last day in the role, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
    }
}

codes! {
    /// A person's role in a project (PLP).
    AssignmentRole "assignmentRole" {
        ProjectExecutive = "project_executive" ("prosjektansvarlig", "prosjektansvarleg", "project executive"),
        ProjectManager = "project_manager" ("prosjektleder", "prosjektleiar", "project manager"),
        ProjectGroupMember = "project_group_member" ("medlem av prosjektgruppa", "medlem av prosjektgruppa", "project group member"),
        SteeringGroupMember = "steering_group_member" ("medlem av styringsgruppa", "medlem av styringsgruppa", "steering group member"),
        SteeringGroupChair = "steering_group_chair" ("leder av styringsgruppa", "leiar av styringsgruppa", "steering group chair"),
        Deputy = "deputy" ("vara", "vara", "deputy"),
        Observer = "observer" ("observatør", "observatør", "observer"),
        ReferenceGroupMember = "reference_group_member" ("medlem av referansegruppa", "medlem av referansegruppa", "reference group member"),
    }
}
