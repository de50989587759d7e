//! What a page of the status shows as tables: what people read, without identifiers.

use std::sync::LazyLock;

use crate::render::Tables;
use crate::reports::status::Status;
use crate::text;

/// Sections that are left out when there is nothing in them.
pub const OPTIONAL: [&str; 3] = ["moves", "requirements", "reports"];

/// The tables of the page, in its order.
pub static PAGE: LazyLock<Tables> = LazyLock::new(|| {
    Tables::of::<Status>("status", text!("Status", "Status", "Status"))
        .table(
            "milestones",
            text!("Milepæler", "Milepælar", "Milestones"),
            "milestones",
            "number title plannedOn firstPlannedOn forecastOn metOn status",
        )
        .table(
            "moves",
            text!("Datoer som er flyttet", "Datoar som er flytta", "Dates that were moved"),
            "milestones/moves",
            "../number:milestone field from to at reason",
        )
        .table(
            "decision-points",
            text!("Beslutningspunkter", "Avgjerdspunkt", "Decision points"),
            "decisionPoints",
            "number theme plannedOn approver decidedOn outcome conditions ready",
        )
        .table(
            "requirements",
            text!("Krav til beslutningspunkter", "Krav til avgjerdspunkt", "Required at decisions"),
            "decisionPoints/requirements",
            "../number:decisionPoint documentKind requiredStatus met reason",
        )
        .table(
            "political-handling",
            text!("Politisk behandling", "Politisk handsaming", "Political handling"),
            "politicalHandling/municipalities",
            "../title:matter organisation.name:municipality windowFrom windowTo status decidedOn",
        )
        .table(
            "open-decisions",
            text!("Åpne beslutninger", "Opne avgjerder", "Open decisions"),
            "openDecisions",
            "title dueOn inWords unmet awaits.name",
        )
        .table(
            "decisions",
            text!("Siste beslutninger", "Siste avgjerder", "Latest decisions"),
            "latestDecisions",
            "title decidedOn decidedBy.label outcomeLabel text",
        )
        .table(
            "economy",
            text!("Økonomi", "Økonomi", "Economy"),
            "economy/balance",
            "state sources amountOre securedOre balanceOre",
        )
        .table(
            "indicators",
            text!("Indikatorer", "Indikatorar", "Indicators"),
            "indicators",
            "name unit baseline target targetBy actual measuredOn",
        )
        .table(
            "capacity",
            text!("Kapasitet til næringsarbeid", "Kapasitet til næringsarbeid", "Capacity for business work"),
            "capacity/municipalities",
            "organisation.name:municipality businessFte approximate hasBusinessAssociation description",
        )
        .table(
            "meetings",
            text!("Møter framover", "Møte framover", "Next meetings"),
            "nextMeetings",
            "title startsAt kind place status",
        )
        .table("people", text!("Personer", "Personar", "People"), "people", "name roles")
        .table("parties", text!("Parter", "Partar", "Parties"), "parties", "organisation.name role note")
        .table("phases", text!("Faser", "Fasar", "Phases"), "phases", "name code type status startsOn endsOn")
        .table(
            "reports",
            text!("Publiserte rapporter", "Publiserte rapportar", "Published reports"),
            "reports",
            "kind periodFrom periodTo publishedAt",
        )
        .table(
            "findings",
            text!("Funn i plankontrollen", "Funn i plankontrollen", "Findings of the plan check"),
            "findings",
            "message severity waiver.reason",
        )
});
