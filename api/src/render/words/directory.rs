//! Words of the directory: who.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("altNames", ["Andre navn", "Andre namn", "Other names"]),
    ("altNames.language", ["Språk", "Språk", "Language"]),
    ("orgNumber", ["Organisasjonsnummer", "Organisasjonsnummer", "Organisation number"]),
    ("inhabitants", ["Innbyggere", "Innbyggjarar", "Inhabitants"]),
    ("inhabitantsOn", ["Innbyggere per", "Innbyggjarar per", "Inhabitants on"]),
    ("language", ["Målform", "Målform", "Language form"]),
    ("municipality-codes.code", ["Kommunenummer", "Kommunenummer", "Municipality code"]),
    ("givenName", ["Fornavn", "Førenamn", "Given name"]),
    ("familyName", ["Etternavn", "Etternamn", "Family name"]),
    ("affiliations.title", ["Stilling", "Stilling", "Title"]),
    ("assignments.title", ["Stilling", "Stilling", "Title"]),
    ("fraction", ["Stillingsandel", "Stillingsdel", "Fraction of a post"]),
    ("profile", ["Tjenesteprofil", "Tenesteprofil", "Service profile"]),
    ("provider", ["Leverandør", "Leverandør", "Provider"]),
    ("hasBusinessAssociation", ["Har næringsforening", "Har næringsforeining", "Has a business association"]),
    ("arrangement", ["Ordning", "Ordning", "Arrangement"]),
    ("businessFte", ["Årsverk til næring", "Årsverk til næring", "FTE for business"]),
    ("providerFte", ["Årsverk hos leverandøren", "Årsverk hos leverandøren", "FTE of the provider"]),
    ("headcount", ["Antall personer", "Tal på personar", "Headcount"]),
    ("approximate", ["Anslag", "Overslag", "Approximate"]),
    ("administrator", ["Administrator", "Administrator", "Administrator"]),
    ("disabledAt", ["Sperret", "Sperra", "Disabled"]),
    ("actorKind", ["Slags innlogging", "Slags innlogging", "Kind of caller"]),
    ("operation", ["Spørring", "Spørjing", "Request"]),
    ("personIds", ["Personer", "Personar", "People"]),
    ("dataClass", ["Slags data", "Slags data", "Class of data"]),
    ("months", ["Måneder", "Månader", "Months"]),
    ("retention-rules.action", ["Hva som skjer", "Kva som skjer", "What happens"]),
    ("erasedAt", ["Slettet", "Sletta", "Erased"]),
    ("extent", ["Omfang", "Omfang", "Extent"]),
];
