//! A meeting of the project, planned or held.

use crate::prelude::*;

record! {
    /// A meeting of the project: of a group, a workshop, a visit or a presentation.
    Meeting "meeting" "meetings" "meetings" of project {
        /// What sort of meeting it is.
        #[schema(example = "steering_group")]
        kind: MeetingKind,
        /// What it is called.
        #[schema(min_length = 1, max_length = 500, example = "Styringsgruppemøte 3")]
        title: String,
        /// When it begins (UTC); null when not known yet.
        #[schema(value_type = Option<String>, format = DateTime, example = "2017-10-26T08:00:00Z")]
        starts_at: Option<Instant>,
        /// When it ends (UTC).
        #[schema(value_type = Option<String>, format = DateTime, example = "2017-10-26T11:00:00Z")]
        ends_at: Option<Instant>,
        /// Where it takes place.
        #[schema(max_length = 500, example = "Kommunehuset i Gratangen")]
        place: Option<String>,
        /// Where it stands.
        #[serde(default)]
        #[schema(default = "planned", example = "held")]
        status: MeetingStatus,
        /// The activity that it is a part of.
        activity_id: Option<Uuid>,
        /// The minutes.
        minutes_id: Option<Uuid>,
    }
}

codes! {
    /// What sort of meeting it is.
    MeetingKind "meetingKind" {
        SteeringGroup = "steering_group" ("styringsgruppemøte", "styringsgruppemøte", "steering group meeting"),
        ProjectGroup = "project_group" ("prosjektgruppemøte", "prosjektgruppemøte", "project group meeting"),
        Coordination = "coordination" ("koordineringsmøte", "koordineringsmøte", "coordination meeting"),
        Status = "status" ("statusmøte", "statusmøte", "status meeting"),
        Workshop = "workshop" ("workshop", "workshop", "workshop"),
        StudyVisit = "study_visit" ("studiebesøk", "studiebesøk", "study visit"),
        ResultsPresentation = "results_presentation" ("presentasjon av resultater", "presentasjon av resultat", "presentation of results"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// Where a meeting stands.
    MeetingStatus "meetingStatus" default Planned {
        Planned = "planned" ("planlagt", "planlagt", "planned"),
        Summoned = "summoned" ("innkalt", "innkalla", "summoned"),
        Held = "held" ("avholdt", "halde", "held"),
        Cancelled = "cancelled" ("avlyst", "avlyst", "cancelled"),
    }
}
