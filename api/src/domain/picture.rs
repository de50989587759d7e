//! A whole project as typed rows: what every report is folded from, wherever the rows come from.

use chrono::NaiveDate;
use entity::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::capacity::Rows;

macro_rules! picture {
    ($( $(#[doc = $doc:tt])* $field:ident : $module:ident ),* $(,)?) => {
        /// A project with everything that belongs to it and the directory around it, each list in the order of
        /// its identifiers.
        #[derive(Clone, Debug, Default)]
        pub struct Picture {
            /// The project that the picture is of.
            pub focus: Uuid,
            $( $(#[doc = $doc])* pub $field: Vec<$module::Model>, )*
        }

        impl Picture {
            /// Adds a record of a collection in its wire form; what no report looks at is passed over.
            ///
            /// # Errors
            /// When the record is not of its collection's shape.
            pub fn add(&mut self, path: &str, record: Value) -> Result<(), serde_json::Error> {
                match path {
                    $( <$module::Entity as Record>::PATH => self.$field.push(read(record)?), )*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

fn read<M: DeserializeOwned>(record: Value) -> Result<M, serde_json::Error> {
    serde_json::from_value(record)
}

picture! {
    /// Organisations that anything in the picture names.
    organisations: organisations,
    /// Their municipality numbers.
    municipality_codes: municipality_codes,
    /// People who have a part in the project.
    people: people,
    /// Where those people work.
    affiliations: affiliations,
    /// The programmes of the projects.
    programmes: programmes,
    /// Who leads or observes them.
    programme_assignments: programme_assignments,
    /// The regions of the projects.
    regions: regions,
    /// Their members.
    region_members: region_members,
    /// How the members organise their service.
    service_profiles: service_profiles,
    /// What that service consists of.
    service_provisions: service_provisions,
    /// The project, those that it comes from and those that it leads to.
    projects: projects,
    /// Organisations in the project.
    parties: project_parties,
    /// People in the project.
    assignments: assignments,
    /// Goals.
    goals: goals,
    /// Indicators.
    indicators: indicators,
    /// Measurements.
    measurements: measurements,
    /// Activities.
    activities: activities,
    /// Dependencies.
    dependencies: dependencies,
    /// Milestones.
    milestones: milestones,
    /// Decision points.
    decision_points: decision_points,
    /// What they require.
    decision_requirements: decision_requirements,
    /// Risks.
    risks: risks,
    /// Change requests.
    change_requests: change_requests,
    /// Recommendations.
    recommendations: recommendations,
    /// Organisation options.
    organisation_options: organisation_options,
    /// Services.
    services: services,
    /// Competence needs.
    competence_needs: competence_needs,
    /// Reference cases.
    reference_cases: reference_cases,
    /// Communication measures.
    communication_measures: communication_measures,
    /// Documents.
    documents: documents,
    /// Meetings.
    meetings: meetings,
    /// Who was there.
    attendances: attendances,
    /// What they treat.
    agenda_items: agenda_items,
    /// Who has an interest in it.
    interest_declarations: interest_declarations,
    /// What they resolved.
    resolutions: resolutions,
    /// What somebody is to do.
    action_items: action_items,
    /// How bodies vote.
    body_rules: body_rules,
    /// Matters put to the municipalities, those of the projects before included.
    matters: matters,
    /// Their cases.
    political_cases: political_cases,
    /// The steps of those.
    political_steps: political_steps,
    /// Agreements.
    agreements: agreements,
    /// Their parties.
    agreement_parties: agreement_parties,
    /// Budgets.
    budgets: budgets,
    /// Their lines.
    budget_lines: budget_lines,
    /// Who may pay, has promised to, or has paid.
    funding_sources: funding_sources,
    /// Keys by which costs are shared.
    cost_keys: cost_keys,
    /// Reports on the project.
    status_reports: status_reports,
    /// Findings that are accepted with a reason.
    finding_waivers: finding_waivers,
    /// Webhooks of the project that the service has disabled; only in what somebody asks for, never in what rules look at.
    webhooks: webhooks,
}

impl Picture {
    /// The project that the picture is of.
    #[must_use]
    pub fn project(&self) -> Option<&projects::Model> {
        self.projects.iter().find(|project| project.id == self.focus)
    }

    /// The organisation of an identifier.
    #[must_use]
    pub fn organisation(&self, id: Uuid) -> Option<&organisations::Model> {
        self.organisations.iter().find(|organisation| organisation.id == id)
    }

    /// The person of an identifier.
    #[must_use]
    pub fn person(&self, id: Uuid) -> Option<&people::Model> {
        self.people.iter().find(|person| person.id == id)
    }

    /// What capacity is folded from.
    #[must_use]
    pub fn capacity(&self) -> Rows<'_> {
        Rows {
            members: &self.region_members,
            organisations: &self.organisations,
            profiles: &self.service_profiles,
            provisions: &self.service_provisions,
        }
    }

    /// The day that speaks for the project: today, or the nearest day of its period when that lies before or ahead.
    #[must_use]
    pub fn reference_day(&self, today: NaiveDate) -> NaiveDate {
        let Some(project) = self.project() else { return today };
        let started = project.starts_on.map_or(today, |first| today.max(first));
        project.ends_on.map_or(started, |last| started.min(last))
    }
}
