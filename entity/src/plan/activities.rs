//! Work that the project does (PLP: hovedaktivitet, aktivitet).

use crate::prelude::*;

record! {
    /// Work that the project does: a main activity (hovedaktivitet) or a part of one.
    Activity "activity" "activities" "activities" of project {
        /// The number as the plan writes it; null when the plan gives none.
        #[schema(min_length = 1, max_length = 20, example = "HA 2")]
        number: Option<String>,
        /// What is to be done.
        #[schema(min_length = 1, max_length = 500, example = "Workshop om innholdet i tjenestene")]
        title: String,
        /// What sort of work it is.
        #[schema(example = "workshop")]
        kind: ActivityKind,
        /// The activity that it is a part of.
        parent_id: Option<Uuid>,
        /// The first day; null when not known yet.
        #[schema(example = "2017-11-01")]
        starts_on: Option<NaiveDate>,
        /// The last day, inclusive; null when not known yet.
        #[schema(example = "2017-12-15")]
        ends_on: Option<NaiveDate>,
        /// How much of the work is done, in per cent; null when nobody has said.
        #[schema(minimum = 0, maximum = 100, example = 50)]
        progress_percent: Option<i64>,
        /// The person who answers for it.
        responsible_id: Option<Uuid>,
        /// What shows that it is done.
        #[schema(max_length = 10000, example = "Notat som oppsummerer innholdet i tjenestene")]
        evidence: Option<String>,
        /// Where the work stands.
        #[serde(default)]
        #[schema(default = "planned", example = "in_progress")]
        status: ActivityStatus,
    }
}

codes! {
    /// What sort of work an activity is.
    ActivityKind "activityKind" {
        MainActivity = "main_activity" ("hovedaktivitet", "hovudaktivitet", "main activity"),
        Workshop = "workshop" ("workshop", "workshop", "workshop"),
        Meetings = "meetings" ("møter", "møte", "meetings"),
        StudyVisit = "study_visit" ("studiebesøk", "studiebesøk", "study visit"),
        ResearchDialogue = "research_dialogue" ("dialog med FoU", "dialog med FoU", "research dialogue"),
        Communication = "communication" ("informasjon og kommunikasjon", "informasjon og kommunikasjon", "communication"),
        ResultsPresentation = "results_presentation" ("presentasjon av resultater", "presentasjon av resultat", "presentation of results"),
        OrganisationSetup = "organisation_setup" ("etablering av prosjektorganisasjon", "etablering av prosjektorganisasjon", "set-up of the organisation"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// Where an activity stands.
    ActivityStatus "activityStatus" default Planned {
        Planned = "planned" ("planlagt", "planlagd", "planned"),
        InProgress = "in_progress" ("pågår", "pågår", "in progress"),
        Done = "done" ("utført", "utført", "done"),
        Cancelled = "cancelled" ("avlyst", "avlyst", "cancelled"),
    }
}
