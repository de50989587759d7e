//! The status as tables: milestones first, since that is what people ask for.

use std::sync::LazyLock;

use super::Status;
use crate::render::Tables;
use crate::reports::{capacity, decisions, findings, organisation, page};
use crate::text;

const MILESTONES: &str = "number title type plannedOn firstPlannedOn forecastOn metOn status activityId id";
const POINTS: &str = "number theme plannedOn approver decidedOn outcome conditions ready id";
const REQUIREMENTS: &str = "../number ../theme:decisionPoint documentKind requiredStatus met reason documentId id";
const PHASES: &str =
    "code name type stage status conditional startsOn endsOn durationMonthsMin durationMonthsMax current id";
const INDICATORS: &str = "name unit baseline target targetBy actual measuredOn goalId id";
const HANDLING: &str = "../title:matter organisation.name:municipality status outcome decidedOn windowFrom windowTo ../id:matterId \
                        organisation.id:municipalityId";
const OPEN: &str = "dueOn title ready inWords unmet awaits.name record";
const MEETINGS: &str = "startsAt endsAt title kind place status id";
const REPORTS: &str = "kind periodFrom periodTo publishedAt publicSha256 supersededById id";

/// The tables of the status.
pub static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    Tables::of::<Status>("status", text!("Status", "Status", "Status"))
        .table("milestones", text!("Milepæler", "Milepælar", "Milestones"), "milestones", MILESTONES)
        .table(
            "decision-points",
            text!("Beslutningspunkter", "Avgjerdspunkt", "Decision points"),
            "decisionPoints",
            POINTS,
        )
        .table("requirements", text!("Krav", "Krav", "Requirements"), "decisionPoints/requirements", REQUIREMENTS)
        .table("findings", text!("Funn", "Funn", "Findings"), "findings", findings::COLUMNS)
        .table("open-decisions", text!("Åpne beslutninger", "Opne avgjerder", "Open decisions"), "openDecisions", OPEN)
        .table(
            "decisions",
            text!("Siste beslutninger", "Siste avgjerder", "Latest decisions"),
            "latestDecisions",
            decisions::COLUMNS,
        )
        .table(
            "political-handling",
            text!("Politisk behandling", "Politisk handsaming", "Political handling"),
            "politicalHandling/municipalities",
            HANDLING,
        )
        .table("meetings", text!("Møter framover", "Møte framover", "Next meetings"), "nextMeetings", MEETINGS)
        .table("indicators", text!("Indikatorer", "Indikatorar", "Indicators"), "indicators", INDICATORS)
        .table("capacity", text!("Kapasitet", "Kapasitet", "Capacity"), "capacity/municipalities", capacity::COLUMNS)
        .table("people", text!("Personer", "Personar", "People"), "people", "name roles id")
        .table("parties", text!("Parter", "Partar", "Parties"), "parties", organisation::PARTIES)
        .table("phases", text!("Faser", "Fasar", "Phases"), "phases", PHASES)
        .table(
            "dimensions",
            text!("Siste rapport", "Siste rapport", "Latest report"),
            "latestReport/dimensions",
            "dimension status trend comment",
        )
        .table("reports", text!("Rapporter", "Rapportar", "Reports"), "reports", REPORTS)
        .view(page::VIEW)
});
