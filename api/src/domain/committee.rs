//! What a committee system calls bodies and outcomes, read as the service's own codes. The protocol (Fiks Politisk
//! Behandling V1) has no code list for either, so names are read by the words that Norwegian municipalities use.

use entity::political_steps::{PoliticalBody, StepOutcome};

/// The body that a name is of: `Gratangen kommunestyre` is a council.
#[must_use]
pub fn body(name: &str) -> PoliticalBody {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["fylkesting"]) {
        PoliticalBody::CountyCouncil
    } else if has(&["fylkesutval"]) {
        PoliticalBody::CountyExecutiveBoard
    } else if has(&["kommunestyre", "bystyre", "heradsstyre", "herredsstyre", "suohkanstivra"]) {
        PoliticalBody::Council
    } else if has(&["formannskap"]) {
        PoliticalBody::ExecutiveBoard
    } else if has(&["kommunedirekt", "rådmann"]) {
        PoliticalBody::ChiefExecutive
    } else if has(&["utval", "komit", "nemnd", "styre", "råd"]) {
        PoliticalBody::Committee
    } else {
        PoliticalBody::Other
    }
}

/// The name under which a municipality (or a county) knows a body.
#[must_use]
pub const fn name(body: PoliticalBody) -> &'static str {
    match body {
        PoliticalBody::Committee | PoliticalBody::Other => "Utvalg",
        PoliticalBody::ExecutiveBoard => "Formannskapet",
        PoliticalBody::Council => "Kommunestyret",
        PoliticalBody::CountyExecutiveBoard => "Fylkesutvalget",
        PoliticalBody::CountyCouncil => "Fylkestinget",
        PoliticalBody::ChiefExecutive => "Kommunedirektøren",
    }
}

/// The words that a status is known by, the narrower before the wider: `ikke vedtatt` is no adoption.
const OUTCOMES: [(StepOutcome, &[&str]); 5] = [
    (
        StepOutcome::Rejected,
        &["avslå", "avslag", "avvis", "forkast", "nedstemt", "nedrøyst", "ikke ", "ikkje ", "rejected"],
    ),
    (StepOutcome::Postponed, &["utsatt", "utsett", "postponed"]),
    (StepOutcome::Noted, &["orientering", "etterretning", "etterretting", "noted"]),
    (StepOutcome::AdoptedWithConditions, &["vilkår", "med endring", "adopted_with_conditions"]),
    (
        StepOutcome::Adopted,
        &["vedtatt", "vedteke", "vedtak", "godkjen", "tiltrådt", "tiltrått", "enstemmig", "samrøystes", "adopted"],
    ),
];

/// The outcome that a status tells of; `None` when its words are not known.
#[must_use]
pub fn outcome(status: &str) -> Option<StepOutcome> {
    // A code in capitals with underscores is words, too.
    let status = format!("{} ", status.to_lowercase());
    let plain = status.replace(['_', '-'], " ");
    let tells = |words: &[&str]| words.iter().any(|word| status.contains(word) || plain.contains(word));
    OUTCOMES.iter().find(|(_, words)| tells(words)).map(|(outcome, _)| *outcome)
}

/// The number of an item as minutes write it: `PS 5/18`.
#[must_use]
pub fn item(year: i64, sequence: i64) -> String {
    format!("PS {sequence}/{:02}", year.rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use entity::political_steps::{PoliticalBody, StepOutcome};

    use super::{body, item, outcome};

    #[test]
    fn a_body_is_known_by_its_name() {
        for (name, is) in [
            ("Gratangen kommunestyre", PoliticalBody::Council),
            ("Formannskapet", PoliticalBody::ExecutiveBoard),
            ("Utvalg for næring og plan", PoliticalBody::Committee),
            ("Troms fylkesting", PoliticalBody::CountyCouncil),
            ("Fylkesutvalget", PoliticalBody::CountyExecutiveBoard),
            ("Harstad bystyre", PoliticalBody::Council),
            ("Kommunedirektøren", PoliticalBody::ChiefExecutive),
            ("Saltdal", PoliticalBody::Other),
        ] {
            assert_eq!(body(name), is, "{name}");
        }
    }

    #[test]
    fn a_status_is_known_by_its_words_and_no_is_not_yes() {
        for (status, is) in [
            ("Vedtatt", Some(StepOutcome::Adopted)),
            ("ENSTEMMIG_VEDTATT", Some(StepOutcome::Adopted)),
            ("Vedteke med vilkår", Some(StepOutcome::AdoptedWithConditions)),
            ("Ikke vedtatt", Some(StepOutcome::Rejected)),
            ("IKKE_GODKJENT", Some(StepOutcome::Rejected)),
            ("Avslått", Some(StepOutcome::Rejected)),
            ("Utsatt", Some(StepOutcome::Postponed)),
            ("Tatt til orientering", Some(StepOutcome::Noted)),
            ("adopted_with_conditions", Some(StepOutcome::AdoptedWithConditions)),
            ("X", None),
            ("", None),
        ] {
            assert_eq!(outcome(status), is, "{status}");
        }
    }

    #[test]
    fn an_item_is_written_as_in_minutes() {
        assert_eq!((item(2018, 5), item(2000, 12)), ("PS 5/18".to_owned(), "PS 12/00".to_owned()));
    }
}
