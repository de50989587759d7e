//! Words of webhooks, of deliveries, of the outbox, of the journal's checkpoints, of machines and of identities.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("eventTypes", ["Hendelser", "Hendingar", "Events"]),
    ("disabledReason", ["Slått av fordi", "Slått av fordi", "Disabled because"]),
    ("secretVersion", ["Hemmelighetens versjon", "Versjonen av løyndomen", "Version of the secret"]),
    ("secretRotatedAt", ["Hemmeligheten byttet", "Løyndomen bytt", "Secret rotated"]),
    ("position", ["Plass i kjeden", "Plass i kjeda", "Place in the chain"]),
    ("sequence", ["Nummer i journalen", "Nummer i journalen", "Number in the journal"]),
    ("hash", ["Hash", "Hash", "Hash"]),
    ("keyId", ["Nøkkel", "Nøkkel", "Key"]),
    ("jws", ["Signert tekst", "Signert tekst", "Signed text"]),
    ("scopes", ["Scope", "Scope", "Scopes"]),
    ("jwks", ["Offentlige nøkler", "Offentlege nøklar", "Public keys"]),
    ("lastUsedAt", ["Sist brukt", "Sist brukt", "Last used"]),
    ("issuer", ["Utsteder", "Utferdar", "Issuer"]),
    ("subject", ["Subjekt", "Subjekt", "Subject"]),
    ("user", ["Bruker", "Brukar", "User"]),
    ("webhook", ["Webhook", "Webhook", "Webhook"]),
    ("event", ["Hendelse", "Hending", "Event"]),
    ("eventType", ["Hva som hendte", "Kva som hende", "What happened"]),
    ("attempts", ["Forsøk", "Forsøk", "Attempts"]),
    ("nextAttemptAt", ["Neste forsøk", "Neste forsøk", "Next attempt"]),
    ("deliveredAt", ["Levert", "Levert", "Delivered"]),
    ("lastStatus", ["Siste svar", "Siste svar", "Last answer"]),
    ("lastError", ["Siste feil", "Siste feil", "Last error"]),
    ("log", ["Logg", "Logg", "Log"]),
    ("durationMs", ["Varighet (ms)", "Varigheit (ms)", "Duration (ms)"]),
    ("log.status", ["HTTP-status", "HTTP-status", "HTTP status"]),
    // The outbox.
    ("outbound-messages.record", ["Gjelder", "Gjeld", "About"]),
    ("messageId", ["Meldingens id", "Id-en til meldinga", "Id of the message"]),
    ("payload", ["Innhold", "Innhald", "Payload"]),
    ("payloadTag", ["Innholdets merke", "Merket til innhaldet", "Tag of the payload"]),
    ("receipt", ["Kvittering", "Kvittering", "Receipt"]),
    ("failure", ["Hvorfor det feilet", "Kvifor det feila", "Why it failed"]),
    ("takenAt", ["Tatt", "Teken", "Taken"]),
    ("receiptedAt", ["Kvittert", "Kvittert", "Receipted"]),
    ("error", ["Feil", "Feil", "Error"]),
];
