//! The catalogue of what pages, pictures, calendars and feeds say beside headings and labels, in Bokmål, Nynorsk and
//! English. A phrase that lacks a language does not compile; one that is empty fails a test.

use crate::problem::Lang;

/// Words in Bokmål, Nynorsk and English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase([&'static str; 3]);

impl Phrase {
    /// The words in one language.
    #[must_use]
    pub const fn said(self, lang: Lang) -> &'static str {
        let Self([nb, nn, en]) = self;
        match lang {
            Lang::Nb => nb,
            Lang::Nn => nn,
            Lang::En => en,
        }
    }
}

/// Words as a sentence or a name begins.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

macro_rules! phrases {
    ($( $name:ident $nb:literal $nn:literal $en:literal; )*) => {
        $(
            #[doc = concat!("“", $en, "”")]
            pub const $name: Phrase = Phrase([$nb, $nn, $en]);
        )*
        /// Every phrase with its name.
        #[cfg(test)]
        const ALL: &[(&str, Phrase)] = &[$( (stringify!($name), $name) ),*];
    };
}

phrases! {
    // What is not there.
    NOT_KNOWN "ikke kjent ennå" "ikkje kjent enno" "not known yet";
    NOTHING "Ingenting å vise." "Ingenting å vise." "Nothing to show.";
    // The schedule.
    SCHEDULE "Framdriftsplan" "Framdriftsplan" "Schedule";
    TODAY "i dag" "i dag" "today";
    AS_OF "per" "per" "as of";
    PERIOD "prosjektperioden" "prosjektperioden" "the project's period";
    OUTSIDE "utenfor prosjektperioden" "utanfor prosjektperioden" "outside the project's period";
    ACTIVITIES "Aktiviteter" "Aktivitetar" "Activities";
    MILESTONES "Milepæler" "Milepælar" "Milestones";
    DECISION_POINTS "Beslutningspunkter" "Avgjerdspunkt" "Decision points";
    WINDOWS "Politiske vinduer" "Politiske vindauge" "Political windows";
    WINDOW "politisk vindu" "politisk vindauge" "political window";
    UNDATED "Uten dato" "Utan dato" "Without a date";
    NO_DATES "Planen har ingen datoer ennå." "Planen har ingen datoar enno." "The plan has no dates yet.";
    BASELINE "først planlagt" "fyrst planlagd" "first planned";
    PLANNED "planlagt" "planlagd" "planned";
    FORECAST "prognose" "prognose" "forecast";
    MET "nådd" "nådd" "met";
    DECIDED "besluttet" "avgjort" "decided";
    DECISION_POINT "beslutningspunkt" "avgjerdspunkt" "decision point";
    MILESTONE "milepæl" "milepæl" "milestone";
    ACTIVITY "aktivitet" "aktivitet" "activity";
    DONE "utført del" "utført del" "part that is done";
    BEGINS "starter" "startar" "starts";
    ENDS "slutter" "sluttar" "ends";
    AT_LEAST "fra" "frå" "from";
    AT_MOST "til" "til" "until";
    // Pages.
    SKIP "Gå til innholdet" "Gå til innhaldet" "Skip to the content";
    STATUS_OF "Status for prosjektet" "Status for prosjektet" "Project status";
    CONTENTS "Innhold" "Innhald" "Contents";
    IN_SHORT "Kort fortalt" "Kort fortalt" "In short";
    PHASE "Fase" "Fase" "Phase";
    PROJECT_PERIOD "Prosjektperiode" "Prosjektperiode" "Period of the project";
    REPORT_PERIOD "Periode" "Periode" "Period";
    NEXT_DECISION_POINT "Neste beslutningspunkt" "Neste avgjerdspunkt" "Next decision point";
    ALL_DECIDED "alle er besluttet" "alle er avgjorde" "all are decided";
    READY "klart" "klart" "ready";
    NOT_READY "noe mangler" "noko manglar" "something is missing";
    PLAN_CHECK "Plankontrollen" "Plankontrollen" "The plan check";
    LATEST_REPORT "Siste publiserte rapport" "Siste publiserte rapport" "Latest published report";
    NO_REPORT "ingen rapport er publisert" "ingen rapport er publisert" "no report is published";
    PUBLISHED "Publisert" "Publisert" "Published";
    NOT_PUBLISHED "Ikke publisert: dette kan ennå bli endret." "Ikkje publisert: dette kan enno bli endra." "Not published: this may still change.";
    FROZEN "Slik sto prosjektet da rapporten ble publisert. Det som er endret siden, vises ikke her." "Slik stod prosjektet då rapporten vart publisert. Det som er endra sidan, er ikkje vist her." "This is how the project stood when the report was published. What has changed since is not shown here.";
    PROOF "Fingeravtrykk (SHA-256)" "Fingeravtrykk (SHA-256)" "Fingerprint (SHA-256)";
    DIMENSIONS "Vurdering" "Vurdering" "Assessment";
    ACHIEVED "Oppnådd i perioden" "Oppnådd i perioden" "Achieved in the period";
    NEXT "Planlagt for neste periode" "Planlagt for neste periode" "Planned for the next period";
    DECISIONS_WANTED "Beslutninger det bes om" "Avgjerder det blir bede om" "Decisions that are wanted";
    MOVED "Flyttet" "Flytta" "Moved";
    ECONOMY "Økonomi" "Økonomi" "Economy";
    BUDGET "Budsjett" "Budsjett" "Budget";
    OF_WHICH_CASH "herav kontant" "av dette kontant" "of which in cash";
    OF_WHICH_WORK "herav egeninnsats" "av dette eigeninnsats" "of which own effort";
    COMMITTED "Tilsagn" "Tilsegn" "Committed funding";
    IN_SUM "i sum" "i sum" "in sum";
    APPROXIMATE "omtrent" "om lag" "about";
    SCHEDULE_IN_TABLES "Tabellene nedenfor har de samme opplysningene." "Tabellane nedanfor har dei same opplysningane." "The tables below hold the same information.";
    MADE_BY "Laget av Framdrift" "Laga av Framdrift" "Made by Framdrift";
    OVERALL "Samlet" "Samla" "Overall";
    TIME "Framdrift" "Framdrift" "Time";
    QUALITY "Kvalitet" "Kvalitet" "Quality";
    RISK "Risiko" "Risiko" "Risk";
    OUTCOME "Måloppnåelse" "Måloppnåing" "Outcome";
    TREND "Utvikling" "Utvikling" "Trend";
    COMMENT "Kommentar" "Kommentar" "Comment";
    DIMENSION "Dimensjon" "Dimensjon" "Dimension";
    STATUS "Status" "Status" "Status";
    // Calendars and feeds.
    CALENDAR_OF "Framdrift" "Framdrift" "Framdrift";
    REPORTS_OF "Publiserte rapporter" "Publiserte rapportar" "Published reports";
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::problem::Lang;

    #[test]
    fn every_phrase_has_words_in_every_language() {
        for (name, phrase) in ALL {
            for lang in [Lang::Nb, Lang::Nn, Lang::En] {
                let said = phrase.said(lang);
                assert!(!said.trim().is_empty() && said == said.trim(), "{name} has no words in {}", lang.tag());
            }
        }
    }
}
