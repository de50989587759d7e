//! What those see of a record who see only a part of its project: observers, and members of a reference group. Field by
//! field, and nothing that is not named here: a new field, like a new collection, is hidden until it is let through.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use uuid::Uuid;

use super::{Area, Caller, Sight};
use crate::facts::{Facts, Field, Row};

/// What a record is, whatever it is of. Who wrote it is for those who also see the history.
const HEADER: [&str; 5] = ["id", "version", "createdAt", "updatedAt", "projectId"];

/// Collection by collection, the fields beside the header. Which rows are shown is said by the collection itself
/// (`published`): no drafts, nothing internal. What is of no project is the directory's, and not in this table.
pub const FIELDS: [(&str, &[&str]); 27] = [
    (
        "projects",
        &[
            "code",
            "name",
            "type",
            "stage",
            "programmeId",
            "regionId",
            "predecessorId",
            "conditional",
            "status",
            "startsOn",
            "endsOn",
            "durationMonthsMin",
            "durationMonthsMax",
            "purpose",
        ],
    ),
    ("project-parties", &["organisationId", "role"]),
    ("assignments", &["personId", "role", "organisationId", "title", "votes", "validFrom", "validTo"]),
    ("goals", &["kind", "text", "parentId"]),
    (
        "indicators",
        &[
            "goalId",
            "name",
            "unit",
            "definition",
            "source",
            "direction",
            "baseline",
            "baselineOn",
            "targets",
            "measures",
        ],
    ),
    ("measurements", &["indicatorId", "organisationId", "measuredOn", "value", "certainty"]),
    (
        "milestones",
        &[
            "number",
            "title",
            "activityId",
            "plannedOn",
            "forecastOn",
            "metOn",
            "cancelledOn",
            "type",
            "internal",
            "requiresDocument",
            "matterId",
            "matterState",
            "status",
        ],
    ),
    (
        "documents",
        &[
            "kind",
            "title",
            "documentOn",
            "sender",
            "recipient",
            "activityId",
            "supersedesId",
            "status",
            "adoptedOn",
            "resolutionId",
            "access",
            "exemptionBasis",
            "accessibleAfter",
            "archive",
            "contentVersion",
            "mediaType",
            "fileName",
            "sizeBytes",
            "sha256",
        ],
    ),
    (
        "decision-points",
        &["number", "theme", "plannedOn", "approver", "decidedOn", "outcome", "conditions", "resolutionId"],
    ),
    ("decision-requirements", &["decisionPointId", "documentKind", "documentId", "requiredStatus"]),
    ("body-rules", &["body", "quorum", "majority", "chairCastingVote", "validFrom"]),
    ("meetings", &["kind", "title", "startsAt", "endsAt", "place", "status", "activityId", "minutesId"]),
    ("attendances", &["meetingId", "personId", "organisationId", "capacity", "attended"]),
    ("agenda-items", &["meetingId", "number", "title"]),
    (
        "resolutions",
        &["meetingId", "agendaItemId", "number", "text", "outcome", "adoptedOn", "votesFor", "votesAgainst", "subject"],
    ),
    ("matters", &["subject", "title", "documentId", "rule", "named", "milestoneId", "state", "rollUp", "metOn"]),
    (
        "political-cases",
        &["matterId", "organisationId", "caseYear", "caseSequence", "windowFrom", "windowTo", "outcome", "decidedOn"],
    ),
    (
        "political-steps",
        &["caseId", "body", "meetingOn", "itemNumber", "outcome", "conditions", "resolutionText", "isFinal", "votes"],
    ),
    ("agreements", &["kind", "title", "legalBasis", "validFrom", "validTo", "noticeMonths", "documentId", "clauses"]),
    ("agreement-parties", &["agreementId", "organisationId", "caseId", "adoptedVersionSha256", "signedOn"]),
    (
        "budgets",
        &[
            "name",
            "number",
            "status",
            "kind",
            "matterId",
            "adoptedOn",
            "cashOre",
            "inKindOre",
            "totalOre",
            "linesNotKnown",
        ],
    ),
    (
        "budget-lines",
        &["budgetId", "activityId", "organisationId", "category", "kind", "year", "amountOre", "hours", "forecastOre"],
    ),
    (
        "funding-sources",
        &[
            "organisationId",
            "scheme",
            "amountOre",
            "state",
            "supportShare",
            "decidedOn",
            "acceptDueOn",
            "acceptedOn",
            "reportDueOn",
            "reportedOn",
        ],
    ),
    (
        "cost-keys",
        &[
            "name",
            "components",
            "parties",
            "source",
            "referenceOn",
            "validFrom",
            "validTo",
            "adoptedByMatterId",
            "adoptedOn",
        ],
    ),
    (
        "status-reports",
        &[
            "kind",
            "periodFrom",
            "periodTo",
            "state",
            "overall",
            "time",
            "economy",
            "quality",
            "risk",
            "outcome",
            "achieved",
            "next",
            "decisionsWanted",
            "sections",
            "supersedesId",
            "submittedAt",
            "approvedAt",
            "publishedAt",
            "sha256",
            "publicSha256",
        ],
    ),
    ("report-signatures", &["reportId", "organisationId", "personId", "signedAt", "sha256"]),
    ("flags", &["rule", "severity", "record", "pointer", "internal", "waived", "state", "raisedAt", "clearedAt"]),
];

/// Whether records of a collection are shown at all to those who see a part.
#[must_use]
pub fn shows_some(facts: &Facts) -> bool {
    fields(facts).is_some()
}

/// Whether those who see a part see this field.
#[must_use]
pub fn shows(facts: &Facts, field: &str) -> bool {
    fields(facts).is_some_and(|shown| HEADER.contains(&field) || shown.contains(&field))
}

fn fields(facts: &Facts) -> Option<&'static [&'static str]> {
    FIELDS.iter().find(|(path, _)| *path == facts.path).map(|(_, fields)| *fields)
}

/// Takes from a record what those who see a part do not see.
pub fn withhold(facts: &Facts, row: &mut Row) {
    for field in facts.fields.iter().filter(|field| !shows(facts, &field.name)) {
        if let Some(value) = row.0.get_mut(&field.name) {
            *value = field.initial();
        }
    }
}

/// A caller who sees some projects whole and of others a part, as far as one collection goes. A field that is hidden is
/// to it as if it said nothing: shown, filtered and sorted by alike.
#[derive(Clone, Debug)]
pub struct Part {
    facts: &'static Facts,
    column: &'static str,
    whole: BTreeSet<Uuid>,
}

impl Part {
    /// What the caller sees of a collection; `None` when it is all of what it sees.
    #[must_use]
    pub fn of(facts: &'static Facts, caller: &Caller) -> Option<Self> {
        let project = facts.of_project || facts.path == "projects";
        if caller.administrator || !project || !Area::PROJECT.contains(&facts.area) {
            return None;
        }
        let whole: BTreeSet<Uuid> = caller.projects_seen(facts.area, Sight::All).into_iter().collect();
        if caller.projects_seen(facts.area, Sight::Published).len() == whole.len() {
            return None;
        }
        let column = if facts.of_project { "project_id" } else { "id" };
        Some(Self { facts, column, whole })
    }

    /// The field in SQL as the caller sees it.
    #[must_use]
    pub fn expr(&self, field: &Field, today: NaiveDate) -> Expr {
        let expr = field.expr(today);
        if shows(self.facts, &field.name) {
            return expr;
        }
        Expr::case(self.in_whole(), expr).into()
    }

    /// The condition of rows that are seen whole.
    #[must_use]
    pub fn in_whole(&self) -> Expr {
        Expr::col(self.column).is_in(self.whole.iter().copied())
    }

    /// Whether a field is hidden in some rows.
    #[must_use]
    pub fn hides(&self, field: &str) -> bool {
        !shows(self.facts, field)
    }

    /// Takes from the rows what the caller does not see.
    pub fn withhold(&self, rows: &mut [Row]) {
        for row in rows {
            let project = if self.facts.of_project { row.uuid("projectId") } else { Some(row.id()) };
            if project.is_none_or(|project| !self.whole.contains(&project)) {
                withhold(self.facts, row);
            }
        }
    }
}
