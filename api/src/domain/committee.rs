//! What a committee system calls bodies and outcomes, read as the service's own codes. The protocol (Fiks Politisk
//! Behandling V1) has no code list for either, so names are read by the words that Norwegian municipalities use.

use entity::political_steps::{PoliticalBody, StepOutcome};

/// The body that a name is of: `Gratangen kommunestyre` is a council.
#[must_use]
pub fn body(name: &str) -> PoliticalBody {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // A council's committee is named after it: `Kommunestyrekomite for næring`.
    let part = has(&["utval", "komit", "nemnd"]);
    if has(&["fylkesting"]) && !part {
        PoliticalBody::CountyCouncil
    } else if has(&["fylkesutval"]) {
        PoliticalBody::CountyExecutiveBoard
    } else if has(&["kommunestyre", "bystyre", "heradsstyre", "herredsstyre", "suohkanstivra"]) && !part {
        PoliticalBody::Council
    } else if has(&["formannskap"]) {
        PoliticalBody::ExecutiveBoard
    } else if has(&["kommunedirekt", "rådmann"]) {
        PoliticalBody::ChiefExecutive
    } else if part || has(&["styre", "råd"]) {
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

/// The words of a decision that goes the way of the proposal. Where one stands directly after a no, it is a rejection.
const DECIDED: [&str; 7] = ["vedtatt", "vedteke", "vedtak", "godkjen", "tiltrådt", "tiltrått", "adopted"];
/// The words for how many were for it. A no before one says nothing of the outcome: `Vedtatt, ikke enstemmig`.
const UNANIMOUS: [&str; 2] = ["enstemmig", "samrøystes"];
/// The words for no.
const NO: [&str; 3] = ["ikke", "ikkje", "not"];

/// The words that a status is known by, the narrower before the wider: `vedtatt med endring` is more than an adoption.
const OUTCOMES: [(StepOutcome, &[&str]); 6] = [
    (StepOutcome::Rejected, &["avslå", "avslag", "avvis", "forkast", "nedstemt", "nedrøyst", "rejected"]),
    (StepOutcome::Postponed, &["utsatt", "utsett", "postponed"]),
    (StepOutcome::Noted, &["orientering", "etterretning", "etterretting", "noted"]),
    (StepOutcome::AdoptedWithConditions, &["vilkår", "med endring", "adopted with conditions"]),
    (StepOutcome::Adopted, &DECIDED),
    (StepOutcome::Adopted, &UNANIMOUS),
];

/// The outcome that a status tells of; `None` when its words are not known, or when it is not clear what a no belongs to.
#[must_use]
pub fn outcome(status: &str) -> Option<StepOutcome> {
    // A code in capitals with underscores is words, too. A dash between blanks parts like a comma.
    let status = status.to_lowercase().replace(" - ", ", ").replace(" men ", ", ").replace(['_', '-'], " ");
    let mut told = String::new();
    for part in status.split(['.', ',', ';', ':', '(', ')', '–', '—', '\n']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let is = |word: &str, known: &[&str]| known.iter().any(|known| word.starts_with(known));
        let said: &[&str] = match words.iter().position(|word| NO.contains(word)) {
            None => &words[..],
            Some(no) => match &words[no + 1..] {
                [next, ..] if is(next, &DECIDED) => return Some(StepOutcome::Rejected),
                [next] if is(next, &UNANIMOUS) => &words[..no],
                _ if known(&words.join(" ")).is_some() => return None,
                _ => &[],
            },
        };
        told.push_str(&said.join(" "));
        told.push_str(", ");
    }
    known(&told)
}

/// The outcome that known words tell of.
fn known(text: &str) -> Option<StepOutcome> {
    let tells = |words: &[&str]| words.iter().any(|word| text.contains(word));
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
            ("Kommunestyrekomite for næring", PoliticalBody::Committee),
            ("Kommunestyrets kontrollutvalg", PoliticalBody::Committee),
            ("Fylkestingskomite for samferdsel", PoliticalBody::Committee),
            ("Fylkesutvalet", PoliticalBody::CountyExecutiveBoard),
            ("Formannskapet som valnemnd", PoliticalBody::ExecutiveBoard),
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
            ("Forslaget er ikkje vedteke", Some(StepOutcome::Rejected)),
            ("Avslått, ikke enstemmig", Some(StepOutcome::Rejected)),
            ("Vedtatt, ikke enstemmig", Some(StepOutcome::Adopted)),
            ("Vedteke - ikkje samrøystes", Some(StepOutcome::Adopted)),
            ("Vedtatt ikke enstemmig", Some(StepOutcome::Adopted)),
            ("Vedtatt, men ikke i tråd med innstillingen", Some(StepOutcome::Adopted)),
            ("Godkjent med vilkår (ikke enstemmig)", Some(StepOutcome::AdoptedWithConditions)),
            ("Ikke enstemmig vedtatt", None),
            ("Godkjennes ikke", None),
            ("Ikke utsatt", None),
            ("Ikke behandlet", None),
            ("Ikke enstemmig", None),
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
