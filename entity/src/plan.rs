//! What: projects and all that a project plan holds.

pub mod activities;
pub mod assignments;
pub mod change_requests;
pub mod communication_measures;
pub mod competence_needs;
pub mod decision_points;
pub mod decision_requirements;
pub mod dependencies;
pub mod documents;
pub mod finding_waivers;
pub mod flags;
pub mod goals;
pub mod indicators;
pub mod measurements;
pub mod milestones;
pub mod organisation_options;
pub mod project_parties;
pub mod projects;
pub mod recommendations;
pub mod reference_cases;
pub mod risks;
pub mod services;
