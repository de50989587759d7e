//! Words of the reports, where they have names that no record has.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("inWords", ["I ord", "Med ord", "In words"]),
    ("parties", ["Parter", "Partar", "Parties"]),
    ("counts", ["Antall", "Tal", "Counts"]),
    // Findings.
    ("severity", ["Alvor", "Alvor", "Severity"]),
    ("findings.message", ["Funn", "Funn", "Finding"]),
    ("status.message", ["Funn", "Funn", "Finding"]),
    ("suggestion", ["Forslag", "Framlegg", "Suggestion"]),
    ("waiver", ["Fravik", "Fråvik", "Waiver"]),
    ("errors", ["Feil", "Feil", "Errors"]),
    ("warnings", ["Advarsler", "Åtvaringar", "Warnings"]),
    ("infos", ["Opplysninger", "Opplysningar", "Infos"]),
    ("waived", ["Fraveket", "Fråvikne", "Waived"]),
    // Status.
    ("current", ["Denne fasen", "Denne fasen", "This phase"]),
    ("firstPlannedOn", ["Første plandato", "Fyrste plandato", "First planned on"]),
    ("ready", ["Klart", "Klart", "Ready"]),
    ("met", ["Oppfylt", "Oppfylt", "Met"]),
    ("unmet", ["Mangler", "Manglar", "Unmet"]),
    ("awaits", ["Venter på", "Ventar på", "Awaits"]),
    ("target", ["Måltall", "Måltal", "Target"]),
    ("targetBy", ["Måltall innen", "Måltal innan", "Target by"]),
    ("actual", ["Siste måling", "Siste måling", "Actual"]),
    ("dimension", ["Dimensjon", "Dimensjon", "Dimension"]),
    // Schedule.
    ("schedule.baselineOn", ["Først planlagt", "Fyrst planlagd", "First planned on"]),
    ("outsidePeriod", ["Utenfor prosjektperioden", "Utanfor prosjektperioden", "Outside the project's period"]),
    // Organisation.
    ("assignment", ["Rolletildeling", "Rolletildeling", "Assignment"]),
    ("areas.project", ["Prosjektet", "Prosjektet", "Project"]),
    ("areas.goals", ["Mål", "Mål", "Goals"]),
    ("areas.milestones", ["Milepæler", "Milepælar", "Milestones"]),
    ("areas.work", ["Arbeid", "Arbeid", "Work"]),
    ("areas.documents", ["Dokumenter", "Dokument", "Documents"]),
    ("areas.decisions", ["Beslutninger", "Avgjerder", "Decisions"]),
    ("areas.control", ["Styring", "Styring", "Control"]),
    ("areas.meetings", ["Møter", "Møte", "Meetings"]),
    ("areas.resolutions", ["Møtevedtak", "Møtevedtak", "Resolutions"]),
    ("areas.handling", ["Kommunal behandling", "Kommunal handsaming", "Municipal handling"]),
    ("areas.agreements", ["Avtaler", "Avtalar", "Agreements"]),
    ("areas.reports", ["Rapporter", "Rapportar", "Reports"]),
    ("areas.economy", ["Økonomi", "Økonomi", "Economy"]),
    ("code.none", ["ingenting", "ingenting", "nothing"]),
    ("code.published", ["lese det som er publisert", "lese det som er publisert", "read what is published"]),
    ("code.read", ["lese", "lese", "read"]),
    ("code.write", ["skrive", "skrive", "write"]),
    ("code.approve", ["godkjenne", "godkjenne", "approve"]),
    ("code.programme_manager", ["programleder", "programleiar", "programme manager"]),
    ("code.project_executive", ["prosjektansvarlig", "prosjektansvarleg", "project executive"]),
    ("code.project_manager", ["prosjektleder", "prosjektleiar", "project manager"]),
    ("code.steering_group_member", ["medlem av styringsgruppa", "medlem av styringsgruppa", "steering group member"]),
    ("code.project_group_member", ["medlem av prosjektgruppa", "medlem av prosjektgruppa", "project group member"]),
    ("code.municipal_officer", ["ansatt i kommunen", "tilsett i kommunen", "municipal officer"]),
    ("code.observer", ["observatør", "observatør", "observer"]),
    ("code.reference_group_member", ["medlem av referansegruppa", "medlem av referansegruppa", "reference group member"]),
    // Capacity.
    ("complete", ["Fullstendig", "Fullstendig", "Complete"]),
    ("businessAssociations", ["Næringsforeninger", "Næringsforeiningar", "Business associations"]),
    ("municipality", ["Kommune", "Kommune", "Municipality"]),
    // Political handling.
    ("political-handling.named", ["Nevnte kommuner", "Nemnde kommunar", "Named municipalities"]),
    ("caseNumber.text", ["Saksnummer i kommunen", "Saksnummer i kommunen", "Case number"]),
    // Decisions.
    ("decidedBy.label", ["Besluttet av", "Avgjort av", "Decided by"]),
    ("outcomeLabel", ["Utfall i ord", "Utfall med ord", "Outcome in words"]),
];
