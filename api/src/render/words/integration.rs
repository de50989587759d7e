//! Words of webhooks and deliveries, of machines and of identities.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("eventTypes", ["Hendelser", "Hendingar", "Events"]),
    ("disabledReason", ["Slått av fordi", "Slått av fordi", "Disabled because"]),
    ("secretVersion", ["Hemmelighetens versjon", "Versjonen av løyndomen", "Version of the secret"]),
    ("secretRotatedAt", ["Hemmeligheten byttet", "Løyndomen bytt", "Secret rotated"]),
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
    ("error", ["Feil", "Feil", "Error"]),
];
