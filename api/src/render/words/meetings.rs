//! Words of meetings.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("minutes", ["Referat", "Referat", "Minutes"]),
    ("capacity", ["Deltar som", "Deltek som", "Capacity"]),
    ("attendances.response", ["Svar", "Svar", "Response"]),
    ("attended", ["Møtte", "Møtte", "Attended"]),
    ("agendaItem", ["Punkt på sakslista", "Punkt på sakslista", "Agenda item"]),
    ("interest", ["Interesse", "Interesse", "Interest"]),
    ("basis", ["Hjemmel", "Heimel", "Basis"]),
    ("recused", ["Fratrådte", "Gjekk frå", "Recused"]),
    ("votesFor", ["Stemmer for", "Røyster for", "Votes for"]),
    ("votesAgainst", ["Stemmer mot", "Røyster mot", "Votes against"]),
    ("body", ["Organ", "Organ", "Body"]),
    ("quorum", ["Vedtaksførhet", "Vedtaksførleik", "Quorum"]),
    ("majority", ["Flertall", "Fleirtal", "Majority"]),
    ("chairCastingVote", ["Lederens dobbeltstemme", "Dobbeltrøysta til leiaren", "Chair's casting vote"]),
];
