//! The table of purposes: what data about people is for, whose it is, by which law, who sees it and how long it is kept.

use entity::retention_rules::DataClass;

/// The same in Bokmål, Nynorsk and English.
pub(super) type Words = [&'static str; 3];

/// A purpose, and what is processed for it.
pub(super) struct Activity {
    pub code: &'static str,
    pub name: Words,
    pub purpose: Words,
    pub legal_basis: Words,
    pub subjects: Words,
    pub recipients: Words,
    pub data: &'static [Data],
    /// The classes whose rules of retention decide.
    pub classes: &'static [DataClass],
    /// How long what no rule reaches is kept.
    pub otherwise: Option<Words>,
}

/// Where the data is.
pub(super) enum Data {
    /// The fields of a collection that are marked as personal.
    Marked(&'static str),
    /// All fields by which collections name people.
    Naming,
    /// These fields of a collection, or of what is none.
    Kept(&'static str, &'static [&'static str]),
}

const TASK: Words = [
    "personvernforordningen artikkel 6 nr. 1 bokstav e: oppgave i allmennhetens interesse, etter kommuneloven og vedtakene om prosjektet",
    "personvernforordninga artikkel 6 nr. 1 bokstav e: oppgåve i ålmenta si interesse, etter kommunelova og vedtaka om prosjektet",
    "GDPR article 6(1)(e): a task carried out in the public interest, by the local government act and the decisions on the project",
];
const DUTY: Words = [
    "personvernforordningen artikkel 6 nr. 1 bokstav c: rettslig plikt (arkivlova, offentleglova, forvaltningsloven)",
    "personvernforordninga artikkel 6 nr. 1 bokstav c: rettsleg plikt (arkivlova, offentleglova, forvaltningslova)",
    "GDPR article 6(1)(c): a legal obligation (the acts on archives, public access and public administration)",
];
const SECURE: Words = [
    "personvernforordningen artikkel 6 nr. 1 bokstav c, jf. artikkel 5 nr. 2 og artikkel 32: å kunne vise hvem som gjorde og så hva",
    "personvernforordninga artikkel 6 nr. 1 bokstav c, jf. artikkel 5 nr. 2 og artikkel 32: å kunne vise kven som gjorde og såg kva",
    "GDPR article 6(1)(c) with articles 5(2) and 32: being able to show who did and saw what",
];

/// Every purpose.
pub(super) const RECORDS: &[Activity] = &[
    Activity {
        code: "contact",
        name: ["Kontakt med dem som er med", "Kontakt med dei som er med", "Contact with those who take part"],
        purpose: [
            "Å nå dem som har en rolle i et prosjekt eller et program, i arbeidet deres",
            "Å nå dei som har ei rolle i eit prosjekt eller eit program, i arbeidet deira",
            "To reach those who have a role in a project or a programme, at their work",
        ],
        legal_basis: TASK,
        subjects: [
            "Ansatte og folkevalgte i kommuner og andre som er med i prosjekter",
            "Tilsette og folkevalde i kommunar og andre som er med i prosjekt",
            "Employees and elected members of municipalities, and others who take part in projects",
        ],
        recipients: [
            "Kontaktopplysninger: de som er med i samme prosjekt, og administratorer. Navn: alle som er logget inn. System som er gitt tilgang, for sin organisasjon",
            "Kontaktopplysningar: dei som er med i same prosjekt, og administratorar. Namn: alle som er logga inn. System som har fått tilgang, for organisasjonen sin",
            "Contact details: those who share a project, and administrators. Names: everybody who is logged in. Machines that were let in, for their organisation",
        ],
        data: &[Data::Marked("people"), Data::Marked("affiliations"), Data::Marked("external-references")],
        classes: &[DataClass::ContactDetails],
        otherwise: None,
    },
    Activity {
        code: "participation",
        name: ["Hvem som var med og besluttet", "Kven som var med og avgjorde", "Who took part and decided"],
        purpose: [
            "Å vise hvem som hadde hvilken rolle, møtte, svarte for, besluttet og signerte, og hvem som brukte timer",
            "Å vise kven som hadde kva rolle, møtte, svara for, avgjorde og signerte, og kven som brukte timar",
            "To show who had which role, attended, answered for, decided and signed, and who spent hours",
        ],
        legal_basis: DUTY,
        subjects: [
            "De som har eller har hatt en rolle i et prosjekt eller et program",
            "Dei som har eller har hatt ei rolle i eit prosjekt eller eit program",
            "Those who have or had a role in a project or a programme",
        ],
        recipients: [
            "De som ser prosjektet; arkivet; mottakere av publiserte rapporter (uten kontaktopplysninger)",
            "Dei som ser prosjektet; arkivet; mottakarar av publiserte rapportar (utan kontaktopplysningar)",
            "Those who see the project; the archive; readers of published reports (without contact details)",
        ],
        data: &[Data::Naming, Data::Kept("report-snapshots", &["whole", "public"])],
        classes: &[],
        otherwise: Some([
            "Så lenge saken skal bevares etter arkivlova; navnet står der loven krever det",
            "Så lenge saka skal takast vare på etter arkivlova; namnet står der lova krev det",
            "As long as the case is to be preserved by the act on archives; the name stays where the law wants it",
        ]),
    },
    Activity {
        code: "accounts",
        name: ["Brukere og innlogging", "Brukarar og innlogging", "Users and logins"],
        purpose: [
            "Å slippe inn dem som skal inn, og ingen andre",
            "Å sleppe inn dei som skal inn, og ingen andre",
            "To let in those who are to get in, and nobody else",
        ],
        legal_basis: SECURE,
        subjects: ["De som har en bruker", "Dei som har ein brukar", "Those who have a user"],
        recipients: ["Administratorer", "Administratorar", "Administrators"],
        data: &[
            Data::Marked("users"),
            Data::Marked("user-identities"),
            Data::Kept("users", &["personId"]),
            Data::Kept("user-identities", &["userId"]),
            Data::Kept("credentials", &["passwordHash"]),
            Data::Kept("sessions", &["userId", "refreshHash", "createdAt", "expiresAt", "revokedAt"]),
            Data::Kept("calendar-links", &["createdBy", "name"]),
        ],
        classes: &[DataClass::ContactDetails, DataClass::Sessions],
        otherwise: None,
    },
    Activity {
        code: "access_log",
        name: ["Innsyn i kontaktopplysninger", "Innsyn i kontaktopplysningar", "Who saw whose contact details"],
        purpose: [
            "Å kunne vise den det gjelder hvem som har sett opplysningene, og finne misbruk",
            "Å kunne vise den det gjeld kven som har sett opplysningane, og finne misbruk",
            "To be able to show people who saw their details, and to find misuse",
        ],
        legal_basis: SECURE,
        subjects: [
            "De som er sett, og de som har sett",
            "Dei som er sett, og dei som har sett",
            "Those who were seen, and those who saw",
        ],
        recipients: [
            "Administratorer, og den det gjelder",
            "Administratorar, og den det gjeld",
            "Administrators, and the person itself",
        ],
        data: &[Data::Kept("person-views", &["createdBy", "operation", "personIds"])],
        classes: &[DataClass::AccessLog],
        otherwise: None,
    },
    Activity {
        code: "journal",
        name: ["Hvem som skrev hva", "Kven som skreiv kva", "Who wrote what"],
        purpose: [
            "Å vise hver endring med hvem, når og hvorfor, slik at ingen kan endre det i ettertid",
            "Å vise kvar endring med kven, når og kvifor, slik at ingen kan endre det i ettertid",
            "To show every change with who, when and why, so that nobody can change it afterwards",
        ],
        legal_basis: SECURE,
        subjects: [
            "De som skriver, og de som det skrives om",
            "Dei som skriv, og dei som det blir skrive om",
            "Those who write, and those who are written of",
        ],
        recipients: [
            "De som ser det som ble endret; administratorer",
            "Dei som ser det som vart endra; administratorar",
            "Those who see what was changed; administrators",
        ],
        data: &[
            Data::Kept("journal", &["actorId", "actorKind", "reason", "before", "after"]),
            Data::Kept("erasures", &["personId", "extent", "reason", "erasedAt"]),
        ],
        classes: &[],
        otherwise: Some([
            "Så lenge tjenesten har det som ble endret; kontaktopplysninger går ut av hver versjon når de slettes",
            "Så lenge tenesta har det som vart endra; kontaktopplysningar går ut av kvar versjon når dei blir sletta",
            "As long as the service has what was changed; contact details go from every version when they are erased",
        ]),
    },
];

/// How data is kept safe, whatever it is for.
pub(super) const SECURITY: &[Words] = &[
    [
        "Rettigheter følger av roller som gjelder i dag, prosjekt for prosjekt",
        "Rettar følgjer av roller som gjeld i dag, prosjekt for prosjekt",
        "Rights follow from the roles of today, project by project",
    ],
    [
        "Passord som argon2id; tokener som varer i et kvarter; gale passord bremses",
        "Passord som argon2id; token som varer i eit kvarter; gale passord blir bremsa",
        "Passwords as argon2id; tokens that live for a quarter of an hour; wrong passwords are slowed down",
    ],
    [
        "En logg over hvem som har sett hvem sine kontaktopplysninger",
        "Ein logg over kven som har sett kven sine kontaktopplysningar",
        "A log of who saw whose contact details",
    ],
    [
        "En journal i en kjede av hasher, med signerte sjekkpunkter",
        "Ein journal i ei kjede av hashar, med signerte sjekkpunkt",
        "A journal in a chain of hashes, with signed checkpoints",
    ],
    [
        "Ingen fødselsnumre, og verken tokener, passord, e-postadresser eller innhold i loggene",
        "Ingen fødselsnummer, og verken token, passord, e-postadresser eller innhald i loggane",
        "No national identity numbers, and neither tokens, passwords, e-mail addresses nor content in the logs",
    ],
    [
        "Sletting som også går gjennom historikken, og gjøres igjen når en sikkerhetskopi legges tilbake",
        "Sletting som også går gjennom historikken, og blir gjord igjen når ein tryggingskopi blir lagd tilbake",
        "Erasure that goes through the history too, and is done again when a backup is restored",
    ],
];
