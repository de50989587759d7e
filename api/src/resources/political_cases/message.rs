//! A resolution as a committee system sends it: `vedtakFraUtvalg` of Fiks Politisk Behandling V1.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use entity::political_cases::Model as Case;
use entity::political_steps::{IncomingMessage, StepOutcome, Votes};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::{SYSTEM, committee};
use crate::http::digest::hex;
use crate::problem::{Error, Fault};
use crate::standard::Faults;
use crate::standard::consequence::fields;
use crate::text;

/// The message, as far as this service reads it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    utvalg_id: String,
    utvalg_navn: String,
    moete_id: String,
    er_endelig_vedtak: bool,
    sak: Sak,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sak {
    referanse_ekstern_noekkel: Key,
    fagsystemets_saksnummer: Number,
    fagsystemets_referanse_ekstern_noekkel: Option<Key>,
    utvalgets_saksnummer: Number,
    vedtaksdato: NaiveDate,
    status: Option<Code>,
    vedtak: Option<Described>,
    skjerming: Option<Shielded>,
    #[serde(default)]
    votering: Option<Vec<Vote>>,
    arkiv_saksnummer: Option<Number>,
}

#[derive(Debug, Deserialize)]
struct Key {
    fagsystem: String,
    noekkel: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Number {
    saksaar: i64,
    sakssekvensnummer: i64,
}

#[derive(Debug, Deserialize)]
struct Code {
    kodeverdi: Option<String>,
    kodebeskrivelse: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    tekst_innhold: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Shielded {
    skjermingshjemmel: String,
}

#[derive(Debug, Deserialize)]
struct Vote {
    stemme: Cast,
}

/// A vote is for what is named; the schema asks for all three names, and then it says nothing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cast {
    ja: Option<Value>,
    nei: Option<Value>,
    blankt: Option<Value>,
}

/// A message that has been read.
#[derive(Debug)]
pub struct Message {
    sent: Sent,
    outcome: Option<StepOutcome>,
    /// What tells it from every other message of its case.
    pub key: String,
    /// The SHA-256 of what it says.
    pub sha256: String,
}

impl Message {
    /// Reads a message that has the right form.
    ///
    /// # Errors
    /// 422 with every fault of its content.
    pub fn read(given: Map<String, Value>, case: &Case, today: NaiveDate) -> Result<Self, Error> {
        let given = Value::Object(given);
        let sha256 = of(&given)?;
        let sent: Sent = serde_json::from_value(given).map_err(|error| Error::internal("read a message", error))?;
        let Key { fagsystem, noekkel } = &sent.sak.referanse_ekstern_noekkel;
        let item = sent.sak.utvalgets_saksnummer;
        let named = json!([fagsystem, noekkel, sent.utvalg_id, sent.moete_id, item.saksaar, item.sakssekvensnummer]);
        let key = of(&named)?;
        let outcome = sent.outcome();
        let message = Self { sent, outcome, key, sha256 };
        let faults = message.faults(case, today);
        if faults.is_empty() { Ok(message) } else { Err(Error::invalid(faults)) }
    }

    /// What is wrong with it as a message on this case.
    fn faults(&self, case: &Case, today: NaiveDate) -> Faults {
        let sak = &self.sent.sak;
        let mut faults = Vec::new();
        if let Some(key) = sak.fagsystemets_referanse_ekstern_noekkel.as_ref().filter(|key| key.fagsystem == SYSTEM)
            && key.noekkel.parse::<Uuid>() != Ok(case.id)
        {
            let id = case.id;
            let message = text!(
                "er nøkkelen til en annen sak; denne er {id}",
                "er nøkkelen til ei anna sak; denne er {id}",
                "is the key of another case; this one is {id}"
            );
            faults.push(Fault::at("/sak/fagsystemetsReferanseEksternNoekkel/noekkel", "other_case", message));
        }
        let told = [Some(sak.fagsystemets_saksnummer), sak.arkiv_saksnummer];
        if let Some(own) = number(case).filter(|own| !told.contains(&Some(*own))) {
            let Number { saksaar, sakssekvensnummer } = own;
            let message = text!(
                "er nummeret til en annen sak; denne er {saksaar}/{sakssekvensnummer}",
                "er nummeret til ei anna sak; denne er {saksaar}/{sakssekvensnummer}",
                "is the number of another case; this one is {saksaar}/{sakssekvensnummer}"
            );
            faults.push(Fault::at("/sak/fagsystemetsSaksnummer", "other_case", message));
        }
        if sak.vedtaksdato > today {
            let message = text!("kan ikke være fram i tid", "kan ikkje vere fram i tid", "cannot be in the future");
            faults.push(Fault::at("/sak/vedtaksdato", "too_late", message));
        }
        faults.extend(self.undecided());
        faults
    }

    /// What a body decided is never guessed: the status says it, in words that are known.
    fn undecided(&self) -> Option<Fault> {
        let why = match self.outcome {
            None => text!(
                "må si hva som ble vedtatt: vedtatt, vedtatt med vilkår, avslått, utsatt eller tatt til orientering",
                "må seie kva som vart vedteke: vedteke, vedteke med vilkår, avslått, utsett eller teke til orientering",
                "must say what was decided: vedtatt, vedtatt med vilkår, avslått, utsatt or tatt til orientering"
            ),
            Some(StepOutcome::Postponed) if self.sent.er_endelig_vedtak => text!(
                "en utsettelse er ikke et endelig vedtak",
                "ei utsetjing er ikkje eit endeleg vedtak",
                "a postponement is no final decision"
            ),
            Some(_) => return None,
        };
        let code = if self.outcome.is_none() { "undecided" } else { "not_final" };
        Some(Fault::at("/sak/status/kodeverdi", code, why))
    }

    /// What the step says that the message tells of.
    #[must_use]
    pub fn content(&self) -> Map<String, Value> {
        let Sent { sak, .. } = &self.sent;
        let item = sak.utvalgets_saksnummer;
        fields(json!({
            "body": committee::body(&self.sent.utvalg_navn),
            "meetingOn": sak.vedtaksdato,
            "itemNumber": committee::item(item.saksaar, item.sakssekvensnummer),
            "outcome": self.outcome,
            "resolutionText": self.text(),
            "isFinal": self.sent.er_endelig_vedtak,
            "votes": self.votes(),
        }))
    }

    /// What only the service writes of the step.
    #[must_use]
    pub fn origin(&self) -> Map<String, Value> {
        let Key { fagsystem, noekkel } = &self.sent.sak.referanse_ekstern_noekkel;
        let message = IncomingMessage {
            system: fagsystem.clone(),
            key: noekkel.clone(),
            body_id: self.sent.utvalg_id.clone(),
            body_name: self.sent.utvalg_navn.clone(),
            meeting_id: self.sent.moete_id.clone(),
            sha256: self.sha256.clone(),
        };
        fields(json!({ "message": message, "messageKey": self.key }))
    }

    /// The number that the municipality's archive gave the case, if the message tells it.
    #[must_use]
    pub fn number(&self) -> Option<(i64, i64)> {
        self.sent.sak.arkiv_saksnummer.map(|number| (number.saksaar, number.sakssekvensnummer))
    }

    /// What is exempt there is not shown here: the law that exempts it stands in its place (offentleglova § 3).
    fn text(&self) -> Option<String> {
        let sak = &self.sent.sak;
        let exempt = sak.skjerming.as_ref().map(|by| format!("Unntatt offentlighet: {}", by.skjermingshjemmel));
        exempt.or_else(|| sak.vedtak.as_ref()?.tekst_innhold.clone().filter(|text| !text.trim().is_empty()))
    }

    /// The votes, when every one of them names what it is for; else nobody counted them.
    fn votes(&self) -> Option<Votes> {
        let votes = self.sent.sak.votering.as_deref().filter(|votes| !votes.is_empty())?;
        let mut counted = Votes { in_favour: 0, against: 0, blank: Some(0) };
        for Vote { stemme } in votes {
            match (&stemme.ja, &stemme.nei, &stemme.blankt) {
                (Some(_), None, None) => counted.in_favour += 1,
                (None, Some(_), None) => counted.against += 1,
                (None, None, Some(_)) => counted.blank = counted.blank.map(|blank| blank + 1),
                _ => return None,
            }
        }
        Some(counted)
    }
}

impl Sent {
    fn outcome(&self) -> Option<StepOutcome> {
        let status = self.sak.status.as_ref()?;
        [&status.kodeverdi, &status.kodebeskrivelse].into_iter().flatten().find_map(|text| committee::outcome(text))
    }
}

fn number(case: &Case) -> Option<Number> {
    let (saksaar, sakssekvensnummer) = case.case_year.zip(case.case_sequence)?;
    Some(Number { saksaar, sakssekvensnummer })
}

fn of(value: &Value) -> Result<String, Error> {
    let canonical =
        serde_json_canonicalizer::to_vec(value).map_err(|error| Error::internal("hash a message", error))?;
    Ok(hex(digest(&SHA256, &canonical).as_ref()))
}

/// What a message must be: the protocol's own schema, with bounds.
#[must_use]
pub fn schema() -> Value {
    let text = |about: &str| json!({ "type": "string", "minLength": 1, "maxLength": 200, "description": about });
    let key = |about: &str| {
        let properties = json!({ "fagsystem": text("The system."), "noekkel": text("The key there.") });
        closed(&["fagsystem", "noekkel"], properties, about)
    };
    let number = |about: &str, names: [&str; 2]| {
        let properties = json!({
            names[0]: { "type": "integer", "minimum": 1900, "maximum": 2200 },
            names[1]: { "type": "integer", "minimum": 1, "maximum": 999_999_999 },
        });
        closed(&names, properties, about)
    };
    let case = |about: &str| number(about, ["saksaar", "sakssekvensnummer"]);
    let code = |about: &str| {
        let properties = json!({ "kodeverdi": text("The code."), "kodebeskrivelse": text("The code in words.") });
        closed(&[], properties, about)
    };
    let vote = json!({ "Ja": { "type": "object" }, "Nei": { "type": "object" }, "Blankt": { "type": "object" } });
    let vote = json!({
        "moetedeltaker": text("Who voted; not kept."),
        "representerer": text("For which party; not kept."),
        "stemme": closed(&[], vote, "The vote: one of the three names."),
    });
    let shielding = json!({
        "skjermingshjemmel": text("The law that exempts; its text stands in place of that of the resolution."),
        "skjermingsvarighet": { "type": "integer", "minimum": 0, "maximum": 1000 },
        "skjermingOpphoererDato": { "type": "string", "format": "date" },
        "tilgangsrestriksjon": code("What sort of restriction."),
    });
    let resolution = json!({
        "tekstInnhold": { "type": "string", "maxLength": 10000, "description": "The resolution as the body worded it." },
        "tekstFormat": code("How the text is written."),
    });
    let sak = json!({
        "referanseEksternNoekkel": key("What the committee system calls the case."),
        "fagsystemetsSaksnummer": case("The number of the case, as `utvalgssak` gave it."),
        "fagsystemetsReferanseEksternNoekkel": key("What `utvalgssak` called the case: `Framdrift` and its identifier."),
        "utvalgetsSaksnummer": case("The number of the item in the body."),
        "tittel": { "type": "string", "minLength": 1, "maxLength": 2000 },
        "vedtaksdato": { "type": "string", "format": "date", "description": "The day of the resolution." },
        "status": code("What was decided, in a code or in words: vedtatt, vedtatt med vilkår, avslått, utsatt, tatt til orientering."),
        "vedtak": closed(&[], resolution, "The resolution."),
        "skjerming": closed(&["skjermingshjemmel", "tilgangsrestriksjon"], shielding, "Why the resolution is not public."),
        "saksansvarlig": text("Who answers for the case; not kept."),
        "posisjon": { "type": "object", "description": "A place; not kept." },
        "votering": {
            "type": "array", "maxItems": 1000, "description": "The votes; only how many there were of each is kept.",
            "items": closed(&["moetedeltaker", "representerer", "stemme"], vote, "A vote."),
        },
        "referanseForelderMappeEksternNoekkel": key("The folder in an archive; not kept."),
        "arkivSaksnummer": case("The number in the archive; a case that has none gets it."),
        "referanseRegistreringEksternNoekkel": key("The entry in an archive; not kept."),
        "arkivJournalnummer": number("The number of the entry in the journal; not kept.", ["journalaar", "journalsekvensnummer"]),
        "arkivJournalpostnummer": { "type": "integer", "minimum": 0, "maximum": 999_999_999, "description": "Not kept." },
    });
    let required = [
        "referanseEksternNoekkel",
        "fagsystemetsSaksnummer",
        "utvalgetsSaksnummer",
        "tittel",
        "vedtaksdato",
        "saksansvarlig",
    ];
    let whole = json!({
        "utvalgId": text("The committee, by its identifier."),
        "utvalgNavn": text("The committee, by its name: it tells a council from an executive board."),
        "moeteId": text("The meeting."),
        "moetedato": { "type": "string", "format": "date-time", "description": "When the meeting is." },
        "erEndeligVedtak": { "type": "boolean", "description": "Whether the resolution closes the case." },
        "sak": closed(&required, sak, "The case with its resolution."),
    });
    let required = ["utvalgId", "utvalgNavn", "moeteId", "moetedato", "erEndeligVedtak", "sak"];
    closed(&required, whole, "A `vedtakFraUtvalg` of Fiks Politisk Behandling V1.")
}

fn closed(required: &[&str], properties: Value, about: &str) -> Value {
    json!({
        "type": "object", "required": required, "properties": properties, "additionalProperties": false, "description": about,
    })
}

/// A message as the document shows it.
#[must_use]
pub fn example() -> Value {
    json!({
        "utvalgId": "KST", "utvalgNavn": "Gratangen kommunestyre", "moeteId": "KST-2018-01",
        "moetedato": "2018-01-25T17:00:00+01:00", "erEndeligVedtak": true,
        "sak": {
            "referanseEksternNoekkel": { "fagsystem": "elements-moete", "noekkel": "8f0c2e0a-2b1c-4d6e-9a51-0d6f7c3b2a10" },
            "fagsystemetsSaksnummer": { "saksaar": 2017, "sakssekvensnummer": 412 },
            "fagsystemetsReferanseEksternNoekkel": { "fagsystem": SYSTEM, "noekkel": "015ec5c8-6c00-7021-8000-000000000001" },
            "utvalgetsSaksnummer": { "saksaar": 2018, "sakssekvensnummer": 5 },
            "tittel": "Budsjett med kostnadsfordeling", "vedtaksdato": "2018-01-25",
            "status": { "kodeverdi": "Vedtatt", "kodebeskrivelse": "Vedtatt" },
            "vedtak": { "tekstInnhold": "Gratangen kommunestyre vedtar budsjettet.", "tekstFormat": { "kodeverdi": "text/plain" } },
            "saksansvarlig": "Ole Kristian Severinsen"
        }
    })
}
