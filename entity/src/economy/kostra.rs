//! KOSTRA: the functions and account types that municipal accounts are kept in, with the years in which each is valid
//! (source: github.com/statisticsnorway/kostra-kontrollprogram, Statistics Norway's control program, commit c1f58486 of
//! 2026-07-16 and its history since 2018, read on 2026-11-27).
//!
//! The codes are the union of what municipalities, counties, their undertakings and the boroughs of Oslo report. The
//! control program has codes without names: the labels are Framdrift's own. A year is set only where a source shows it:
//! the change of a list for a named reporting year, or (as commented) Statistics Norway's article on function 254 and
//! dib.no on the KOSTRA guides for 2016 and 2019 (the latter: no code came or went in 2019). `None` therefore means
//! that no source shows a limit, not that there is none. Changes that only the quarterly lists made are left out
//! where the annual lists differ.

/// A code of KOSTRA: a function or an account type.
#[derive(Clone, Copy, Debug)]
pub struct KostraCode {
    /// The three digits of the code.
    pub code: &'static str,
    /// The label in Norwegian Bokmål.
    pub nb: &'static str,
    /// The label in Norwegian Nynorsk.
    pub nn: &'static str,
    /// The label in English.
    pub en: &'static str,
    /// The first accounting year in which the code is valid, where a source shows it.
    pub from: Option<i32>,
    /// The last accounting year in which the code is valid, where a source shows it.
    pub to: Option<i32>,
}

impl KostraCode {
    /// Whether the code is valid in the accounting year `year`, as far as the sources show.
    pub const fn valid_in(&self, year: i32) -> bool {
        let begun = match self.from {
            Some(from) => from <= year,
            None => true,
        };
        let open = match self.to {
            Some(to) => year <= to,
            None => true,
        };
        begun && open
    }
}

/// A code without a known first or last year.
const fn code(code: &'static str, nb: &'static str, nn: &'static str, en: &'static str) -> KostraCode {
    KostraCode { code, nb, nn, en, from: None, to: None }
}

/// `kostra` with `from` as its first year.
const fn since(from: i32, kostra: KostraCode) -> KostraCode {
    KostraCode { from: Some(from), ..kostra }
}

/// `kostra` with `to` as its last year.
const fn until(to: i32, kostra: KostraCode) -> KostraCode {
    KostraCode { to: Some(to), ..kostra }
}

/// The functions (funksjoner), in order of code: what the money was spent on.
pub const FUNCTIONS: &[KostraCode] = &[
    code("100", "Politisk styring", "Politisk styring", "Political governance"),
    code("110", "Kontroll og revisjon", "Kontroll og revisjon", "Control and audit"),
    code("120", "Administrasjon", "Administrasjon", "Administration"),
    code("121", "Forvaltning av eiendom", "Forvaltning av eigedom", "Property management"),
    code("130", "Administrasjonslokaler", "Administrasjonslokale", "Administration premises"),
    code("170", "Årets premieavvik", "Premieavvik i året", "Pension premium deviation of the year"),
    code("171", "Amortisert premieavvik", "Amortisert premieavvik", "Amortised premium deviation"),
    code("172", "Pensjon", "Pensjon", "Pensions"),
    code("173", "Premiefond", "Premiefond", "Premium fund"),
    code("180", "Diverse fellesutgifter", "Ymse fellesutgifter", "Sundry common expenses"),
    until(2019, code("190", "Interne serviceenheter", "Interne serviceeiningar", "Internal service units")),
    code("201", "Barnehage", "Barnehage", "Kindergarten"),
    code("202", "Grunnskole", "Grunnskule", "Primary and lower secondary school"),
    code("211", "Styrket tilbud, førskolebarn", "Styrkt tilbod, førskulebarn", "Extra support, pre-school children"),
    code("213", "Voksenopplæring", "Vaksenopplæring", "Adult education"),
    code("215", "Skolefritidstilbud", "Skulefritidstilbod", "After-school care"),
    code("221", "Barnehagelokaler og skyss", "Barnehagelokale og skyss", "Kindergarten premises and transport"),
    code("222", "Skolelokaler", "Skulelokale", "School premises"),
    code("223", "Skoleskyss", "Skuleskyss", "School transport"),
    code("231", "Aktiviteter for barn og unge", "Aktivitetar for barn og unge", "Activities for children and youth"),
    code("232", "Skole- og helsestasjonstjeneste", "Skule- og helsestasjonsteneste", "School health services"),
    code("233", "Annet forebyggende helsearbeid", "Anna førebyggjande helsearbeid", "Other preventive health work"),
    code("234", "Aktivisering og støtte", "Aktivisering og støtte", "Activity and support services"),
    code("241", "Behandling og rehabilitering", "Behandling og rehabilitering", "Treatment and rehabilitation"),
    code("242", "Råd og sosial forebygging", "Råd og sosial førebygging", "Advice and social prevention"),
    code("243", "Tilbud ved rusproblemer", "Tilbod ved rusproblem", "Services for substance abuse"),
    code("244", "Barneverntjeneste", "Barnevernsteneste", "Child welfare service"),
    code("251", "Barneverntiltak i hjemmet", "Barnevernstiltak i heimen", "Child welfare at home"),
    code("252", "Barneverntiltak utenfor hjemmet", "Barnevernstiltak utanfor heimen", "Child welfare outside home"),
    code("253", "Helse og omsorg i institusjon", "Helse og omsorg i institusjon", "Health and care in institutions"),
    // Split into 257 and 258 from 2024 (Statistics Norway's article on function 254).
    until(2023, code("254", "Helse og omsorg i hjemmet", "Helse og omsorg i heimen", "Health and care at home")),
    // Discontinued from 2016 (dib.no on the KOSTRA guide for 2016).
    until(2015, code("255", "Medfinansiering, somatikk", "Medfinansiering, somatikk", "Co-financing of somatic care")),
    code("256", "Øyeblikkelig hjelp, døgnopphold", "Augeblikkeleg hjelp, døgnopphald", "Emergency inpatient care"),
    since(2024, code("257", "Hjemmetjenester, personellbase", "Heimetenester, personellbase", "Home care, housing")),
    since(2024, code("258", "Hjemmetjenester, ambulerende", "Heimetenester, ambulerande", "Home care, ambulatory")),
    code("261", "Institusjonslokaler", "Institusjonslokale", "Institution premises"),
    code("265", "Kommunalt disponerte boliger", "Kommunalt disponerte bustader", "Municipally managed housing"),
    code("273", "Arbeidsrettede tiltak", "Arbeidsretta tiltak", "Work-oriented measures"),
    code("275", "Introduksjonsordningen", "Introduksjonsordninga", "Introduction programme"),
    code("276", "Kvalifiseringsordningen", "Kvalifiseringsordninga", "Qualification programme"),
    code("281", "Ytelse til livsopphold", "Yting til livsopphald", "Subsistence benefits"),
    code("283", "Hjelp til egen bolig", "Hjelp til eigen bustad", "Help to obtain and keep a home"),
    code("285", "Utenfor ordinært ansvar", "Utanfor ordinært ansvar", "Outside ordinary duty"),
    code("290", "Interkommunalt samarbeid", "Interkommunalt samarbeid", "Inter-municipal cooperation"),
    code("301", "Plansaker", "Plansaker", "Planning cases"),
    code("302", "Byggesak og seksjonering", "Byggesak og seksjonering", "Building cases and sectioning"),
    code("303", "Kart og oppmåling", "Kart og oppmåling", "Maps and surveying"),
    code("315", "Boligbygging og bomiljø", "Bustadbygging og bumiljø", "Housing construction and environment"),
    code("320", "Kommunal næringsvirksomhet", "Kommunal næringsverksemd", "Municipal business activity"),
    code("321", "Konsesjonskraft og kraftsalg", "Konsesjonskraft og kraftsal", "Concession power and power sales"),
    // The source does not name this function, so its label is neutral.
    since(2021, code("322", "Annen virksomhet (322)", "Anna verksemd (322)", "Other activity (322)")),
    code("325", "Tilrettelegging for næringslivet", "Tilrettelegging for næringslivet", "Business support"),
    code("329", "Landbruk", "Landbruk", "Agriculture"),
    code("330", "Samferdsel og transporttiltak", "Samferdsel og transporttiltak", "Transport measures"),
    code("332", "Kommunale veier", "Kommunale vegar", "Municipal roads"),
    code("335", "Rekreasjon i tettsteder", "Rekreasjon i tettstader", "Recreation in built-up areas"),
    code("338", "Forebygging av brann", "Førebygging av brann", "Fire prevention"),
    code("339", "Beredskap mot brann", "Beredskap mot brann", "Fire preparedness"),
    code("340", "Produksjon av vann", "Produksjon av vatn", "Water production"),
    code("345", "Distribusjon av vann", "Distribusjon av vatn", "Water distribution"),
    code("350", "Avløpsrensing", "Avløpsreinsing", "Sewage treatment"),
    code("353", "Avløpsnett", "Avløpsnett", "Sewerage network"),
    code("354", "Tømming av slamavskillere", "Tømming av slamavskiljarar", "Emptying of septic tanks"),
    code("355", "Husholdningsavfall", "Hushaldsavfall", "Household waste"),
    code("360", "Naturforvaltning og friluftsliv", "Naturforvaltning og friluftsliv", "Nature and outdoor life"),
    code("365", "Kulturminneforvaltning", "Kulturminneforvaltning", "Cultural heritage management"),
    code("370", "Bibliotek", "Bibliotek", "Libraries"),
    code("373", "Kino", "Kino", "Cinema"),
    code("375", "Museer", "Museum", "Museums"),
    code("377", "Kunstformidling", "Kunstformidling", "Art presentation"),
    code("380", "Idrett", "Idrett", "Sports"),
    code("381", "Kommunale idrettsbygg og -anlegg", "Kommunale idrettsbygg og -anlegg", "Municipal sports facilities"),
    code("383", "Musikk- og kulturskoler", "Musikk- og kulturskular", "Music and arts schools"),
    code("385", "Andre kulturaktiviteter", "Andre kulturaktivitetar", "Other cultural activities"),
    code("386", "Kommunale kulturbygg", "Kommunale kulturbygg", "Municipal cultural buildings"),
    code("390", "Den norske kirke", "Den norske kyrkja", "Church of Norway"),
    code("392", "Tilskudd til tro og livssyn", "Tilskot til tru og livssyn", "Grants to faith communities"),
    code("393", "Gravplasser og krematorier", "Gravplassar og krematorium", "Burial grounds and crematoria"),
    code("400", "Politisk styring, fylke", "Politisk styring, fylke", "Political governance, county"),
    code("410", "Kontroll og revisjon, fylke", "Kontroll og revisjon, fylke", "Control and audit, county"),
    code("420", "Administrasjon, fylke", "Administrasjon, fylke", "Administration, county"),
    code("421", "Forvaltning av eiendom, fylke", "Forvaltning av eigedom, fylke", "Property management, county"),
    code("430", "Administrasjonslokaler, fylke", "Administrasjonslokale, fylke", "Administration premises, county"),
    code("460", "Utenfor ordinært ansvar, fylke", "Utanfor ordinært ansvar, fylke", "Outside ordinary duty, county"),
    code("465", "Interfylkeskommunalt samarbeid", "Interfylkeskommunalt samarbeid", "Inter-county cooperation"),
    code("470", "Årets premieavvik, fylke", "Premieavvik i året, fylke", "Premium deviation of year, county"),
    code("471", "Amortisert premieavvik, fylke", "Amortisert premieavvik, fylke", "Amortised deviation, county"),
    code("472", "Pensjon, fylke", "Pensjon, fylke", "Pensions, county"),
    code("473", "Premiefond, fylke", "Premiefond, fylke", "Premium fund, county"),
    code("480", "Diverse fellesutgifter, fylke", "Ymse fellesutgifter, fylke", "Sundry common expenses, county"),
    until(2019, code("490", "Serviceenheter, fylke", "Serviceeiningar, fylke", "Service units, county")),
    until(2024, code("510", "Skolelokaler, fylke", "Skulelokale, fylke", "School premises, county")),
    // Takes the place of 510 in the source, which does not name it; the label is inferred.
    since(2025, code("511", "Skolelokaler, fylke (511)", "Skulelokale, fylke (511)", "School premises, county (511)")),
    code("515", "Fellesutgifter, videregående", "Fellesutgifter, vidaregåande", "Upper secondary, common expenses"),
    code("520", "Pedagogisk ledelse", "Pedagogisk leiing", "Educational leadership"),
    code("521", "Studiespesialisering", "Studiespesialisering", "General studies"),
    code("522", "Bygg- og anleggsteknikk", "Bygg- og anleggsteknikk", "Building and construction"),
    code("523", "Elektro og datateknologi", "Elektro og datateknologi", "Electrical and computer technology"),
    until(2023, code("524", "Design og håndverk", "Design og handverk", "Design and crafts")),
    code("525", "Restaurant- og matfag", "Restaurant- og matfag", "Restaurant and food"),
    code("526", "Helse- og oppvekstfag", "Helse- og oppvekstfag", "Health and child development"),
    code("527", "Idrettsfag", "Idrettsfag", "Sports studies"),
    code("528", "Musikk, dans og drama", "Musikk, dans og drama", "Music, dance and drama"),
    code("529", "Teknologi- og industrifag", "Teknologi- og industrifag", "Technology and industry"),
    code("530", "Medier og kommunikasjon", "Medium og kommunikasjon", "Media and communication"),
    code("531", "Naturbruk", "Naturbruk", "Agriculture, fishing and forestry"),
    until(2023, code("532", "Service og samferdsel", "Service og samferdsel", "Service and transport")),
    // New from 2016 (dib.no on the KOSTRA guide for 2016).
    since(2016, code("533", "Kunst, design og arkitektur", "Kunst, design og arkitektur", "Art and architecture")),
    since(2020, code("534", "Håndverk og produktutvikling", "Handverk og produktutvikling", "Crafts and products")),
    since(2020, code("535", "Frisør, blomster og interiør", "Frisør, blomar og interiør", "Hair, flowers, interior")),
    since(2020, code("536", "IT og medieproduksjon", "IT og medieproduksjon", "IT and media production")),
    since(2020, code("537", "Salg, service og reiseliv", "Sal, service og reiseliv", "Sales, service and tourism")),
    // The source does not name this function, so its label is neutral.
    since(2025, code("553", "Annen utdanning (553)", "Anna utdanning (553)", "Other education (553)")),
    code("554", "Fagskole", "Fagskule", "Vocational college"),
    code("559", "Landslinjer", "Landsliner", "National courses"),
    until(2024, code("561", "Oppfølging og rådgivning", "Oppfølging og rådgjeving", "Counselling")),
    code("562", "Særskilt tilpasset opplæring", "Særskilt tilpassa opplæring", "Specially adapted education"),
    // 563 and 564 take the place of 561 in the source, which does not name them; the labels are inferred.
    since(2025, code("563", "Oppfølging og rådgivning (563)", "Oppfølging og rådgjeving (563)", "Counselling (563)")),
    since(2025, code("564", "Oppfølging og rådgivning (564)", "Oppfølging og rådgjeving (564)", "Counselling (564)")),
    code("570", "Fagopplæring i arbeidslivet", "Fagopplæring i arbeidslivet", "Apprenticeship training"),
    code("581", "Voksenopplæring, fylke", "Vaksenopplæring, fylke", "Adult education, county"),
    code("590", "Andre undervisningsformål", "Andre undervisningsformål", "Other educational purposes"),
    code("660", "Tannhelse, fellesfunksjoner", "Tannhelse, fellesfunksjonar", "Dental health, common functions"),
    code("665", "Tannhelse, pasientbehandling", "Tannhelse, pasientbehandling", "Dental health, patient treatment"),
    // 691–696 are for Oslo only; the source does not name them, and it has 695 first in the version for 2025, as a
    // correction.
    code("691", "Oslo, bydelsfunksjon 691", "Oslo, bydelsfunksjon 691", "Oslo, borough function 691"),
    code("692", "Oslo, bydelsfunksjon 692", "Oslo, bydelsfunksjon 692", "Oslo, borough function 692"),
    code("693", "Oslo, bydelsfunksjon 693", "Oslo, bydelsfunksjon 693", "Oslo, borough function 693"),
    code("694", "Oslo, bydelsfunksjon 694", "Oslo, bydelsfunksjon 694", "Oslo, borough function 694"),
    code("695", "Oslo, bydelsfunksjon 695", "Oslo, bydelsfunksjon 695", "Oslo, borough function 695"),
    code("696", "Oslo, bydelsfunksjon 696", "Oslo, bydelsfunksjon 696", "Oslo, borough function 696"),
    code("701", "Næringsutvikling, fylke", "Næringsutvikling, fylke", "Business development, county"),
    code("710", "Næringsvirksomhet, fylke", "Næringsverksemd, fylke", "Business activity, county"),
    code("711", "Konsesjonskraft, fylke", "Konsesjonskraft, fylke", "Concession power, county"),
    // 713 and 714 take the place of 715 in the source, which does not name them; the labels are inferred.
    since(2023, code("713", "Regional utvikling (713)", "Regional utvikling (713)", "Regional development (713)")),
    since(2023, code("714", "Regional utvikling (714)", "Regional utvikling (714)", "Regional development (714)")),
    until(2022, code("715", "Lokal og regional utvikling", "Lokal og regional utvikling", "Regional development")),
    code("716", "Friluftsliv, vann og vilt", "Friluftsliv, vatn og vilt", "Outdoor life, water and wildlife"),
    code("722", "Fylkesveier", "Fylkesvegar", "County roads"),
    code("730", "Bilruter", "Bilruter", "Bus routes"),
    code("731", "Fylkesveiferjer", "Fylkesvegferjer", "County road ferries"),
    code("732", "Båtruter", "Båtruter", "Boat routes"),
    code("733", "Transport for funksjonshemmede", "Transport for funksjonshemma", "Transport for disabled people"),
    code("734", "T-bane, trikk og bybane", "T-bane, trikk og bybane", "Metro, tram and light rail"),
    since(2020, code("735", "Luftfart", "Luftfart", "Aviation")),
    code("740", "Bibliotek, fylke", "Bibliotek, fylke", "Libraries, county"),
    code("750", "Kulturminneforvaltning, fylke", "Kulturminneforvaltning, fylke", "Heritage management, county"),
    code("760", "Museer, fylke", "Museum, fylke", "Museums, county"),
    code("771", "Kunstformidling, fylke", "Kunstformidling, fylke", "Art presentation, county"),
    code("772", "Kunstproduksjon, fylke", "Kunstproduksjon, fylke", "Art production, county"),
    code("775", "Idrett, fylke", "Idrett, fylke", "Sports, county"),
    code("790", "Andre kulturaktiviteter, fylke", "Andre kulturaktivitetar, fylke", "Other cultural activity, county"),
    code("800", "Skatt på inntekt og formue", "Skatt på inntekt og formue", "Tax on income and wealth"),
    code("840", "Rammetilskudd og statstilskudd", "Rammetilskot og statstilskot", "Block grant and state grants"),
    code("841", "Mva.-kompensasjon, investering", "Mva.-kompensasjon, investering", "VAT compensation, investment"),
    code("850", "Statstilskudd, flyktninger", "Statstilskot, flyktningar", "State grants for refugees"),
    code("860", "Motpost avskrivninger", "Motpost avskrivingar", "Depreciation, contra entry"),
    code("870", "Renter, utbytte og lån", "Renter, utbyte og lån", "Interest, dividends and loans"),
    code("880", "Intern finansiering", "Intern finansiering", "Internal financing"),
    code("899", "Årets resultat", "Resultat i året", "Result of the year"),
];

/// The account types (arter), in order of code: what kind of expense or revenue it was.
pub const ACCOUNT_TYPES: &[KostraCode] = &[
    code("010", "Fastlønn", "Fastløn", "Regular pay"),
    code("020", "Lønn til vikarer", "Løn til vikarar", "Pay to substitutes"),
    code("030", "Lønn til ekstrahjelp", "Løn til ekstrahjelp", "Pay to extra staff"),
    code("040", "Overtidslønn", "Overtidsløn", "Overtime pay"),
    code("050", "Annen lønn", "Anna løn", "Other pay"),
    code("070", "Lønn, vedlikehold og nybygg", "Løn, vedlikehald og nybygg", "Pay, maintenance and new building"),
    code("075", "Lønn, renhold", "Løn, reinhald", "Pay, cleaning"),
    code("080", "Godtgjørelse til folkevalgte", "Godtgjersle til folkevalde", "Remuneration of elected members"),
    code("089", "Lønn uten arbeidsgiveravgift", "Løn utan arbeidsgivaravgift", "Pay without employer's contribution"),
    code("090", "Pensjonsinnskudd", "Pensjonsinnskot", "Pension contributions"),
    code("099", "Arbeidsgiveravgift", "Arbeidsgivaravgift", "Employer's contribution"),
    code("100", "Kontormateriell", "Kontormateriell", "Office supplies"),
    code("105", "Undervisningsmateriell", "Undervisningsmateriell", "Teaching materials"),
    code("110", "Medisinsk forbruksmateriell", "Medisinsk forbruksmateriell", "Medical supplies"),
    code("114", "Medikamenter", "Medikament", "Medicines"),
    code("115", "Matvarer", "Matvarer", "Food"),
    code("120", "Annet forbruksmateriell", "Anna forbruksmateriell", "Other consumables"),
    code("130", "Post, bank og telekommunikasjon", "Post, bank og telekommunikasjon", "Post, banking and telecom"),
    code("140", "Annonse og informasjon", "Annonse og informasjon", "Advertising and information"),
    code("150", "Opplæring og kurs", "Opplæring og kurs", "Training and courses"),
    code("160", "Reise og diett, oppgavepliktig", "Reise og diett, oppgåvepliktig", "Travel, reportable"),
    code("165", "Andre oppgavepliktige ytelser", "Andre oppgåvepliktige ytingar", "Other reportable allowances"),
    code("170", "Transport og egne transportmidler", "Transport og eigne transportmiddel", "Transport, own vehicles"),
    code("180", "Strøm", "Straum", "Electricity"),
    code("181", "Fjernvarme og fjernkjøling", "Fjernvarme og fjernkjøling", "District heating and cooling"),
    code("182", "Fyringsolje og parafin", "Fyringsolje og parafin", "Heating oil and paraffin"),
    code("183", "Naturgass og annen gass", "Naturgass og annan gass", "Natural gas and other gas"),
    code("184", "Bioenergi", "Bioenergi", "Bioenergy"),
    code("185", "Forsikring og vakttjenester", "Forsikring og vakttenester", "Insurance and security services"),
    code("190", "Leie av lokaler og grunn", "Leige av lokale og grunn", "Rent of premises and land"),
    code("195", "Avgifter, gebyrer og lisenser", "Avgifter, gebyr og lisensar", "Charges, fees and licences"),
    code("200", "Kjøp av driftsmidler", "Kjøp av driftsmiddel", "Purchase of equipment"),
    code("209", "Medisinsk utstyr", "Medisinsk utstyr", "Medical equipment"),
    code("210", "Kjøp og leie av transportmidler", "Kjøp og leige av transportmiddel", "Purchase, lease of vehicles"),
    code("220", "Leie av driftsmidler", "Leige av driftsmiddel", "Lease of equipment"),
    code("230", "Vedlikehold og byggetjenester", "Vedlikehald og byggjetenester", "Maintenance and building services"),
    code("240", "Serviceavtaler og reparasjoner", "Serviceavtalar og reparasjonar", "Service agreements and repairs"),
    code("250", "Materialer til vedlikehold", "Materialar til vedlikehald", "Materials for maintenance"),
    code("260", "Renhold og vaktmestertjenester", "Reinhald og vaktmeistertenester", "Cleaning and caretaker services"),
    until(2025, code("270", "Andre tjenester", "Andre tenester", "Other services")),
    // 271 and 272 take the place of 270 in the source, which does not name them; the labels are neutral.
    since(2026, code("271", "Andre tjenester (271)", "Andre tenester (271)", "Other services (271)")),
    since(2026, code("272", "Andre tjenester (272)", "Andre tenester (272)", "Other services (272)")),
    code("280", "Grunnerverv", "Grunnerverv", "Purchase of land"),
    code("285", "Kjøp av eksisterende bygg", "Kjøp av eksisterande bygg", "Purchase of existing buildings"),
    // 290 and 790 discontinued from 2016 (dib.no on the KOSTRA guide for 2016).
    until(2015, code("290", "Internkjøp", "Internkjøp", "Internal purchases")),
    // 298, 379 and 798 are for the boroughs of Oslo only; the label of 379 is inferred.
    code("298", "Oslo, internt kjøp", "Oslo, internt kjøp", "Oslo, internal purchases"),
    code("300", "Kjøp fra staten", "Kjøp frå staten", "Purchases from the state"),
    code("330", "Kjøp fra fylkeskommuner", "Kjøp frå fylkeskommunar", "Purchases from counties"),
    code("350", "Kjøp fra kommuner", "Kjøp frå kommunar", "Purchases from municipalities"),
    code("370", "Kjøp fra andre (private)", "Kjøp frå andre (private)", "Purchases from others (private)"),
    // Gone from the annual lists of the version for 2021; the quarterly lists took it a while longer.
    until(2020, code("375", "Kjøp fra eget IKS", "Kjøp frå eige IKS", "Purchases from own joint company")),
    code("379", "Oslo, kjøp mellom bydeler", "Oslo, kjøp mellom bydelar", "Oslo, purchases between boroughs"),
    code("380", "Kjøp i egen konsernkrets", "Kjøp i eigen konsernkrins", "Purchases within own group"),
    code("400", "Overføring til staten", "Overføring til staten", "Transfers to the state"),
    code("429", "Merverdiavgift, kompensert", "Meirverdiavgift, kompensert", "VAT, compensated"),
    code("430", "Overføring til fylkeskommuner", "Overføring til fylkeskommunar", "Transfers to counties"),
    code("450", "Overføring til kommuner", "Overføring til kommunar", "Transfers to municipalities"),
    code("470", "Overføring til andre (private)", "Overføring til andre (private)", "Transfers to others (private)"),
    until(2020, code("475", "Overføring til eget IKS", "Overføring til eige IKS", "Transfers to own joint company")),
    code("480", "Overføring i egen konsernkrets", "Overføring i eigen konsernkrins", "Transfers within own group"),
    until(2019, code("490", "Reserverte bevilgninger", "Reserverte løyvingar", "Reserved appropriations")),
    code("500", "Renteutgifter", "Renteutgifter", "Interest expenses"),
    code("501", "Renteutgifter, konsernkrets", "Renteutgifter, konsernkrins", "Interest expenses, own group"),
    code("509", "Tap på finansielle instrumenter", "Tap på finansielle instrument", "Losses on financial instruments"),
    code("510", "Avdrag på lån", "Avdrag på lån", "Loan instalments"),
    code("511", "Avdrag, egen konsernkrets", "Avdrag, eigen konsernkrins", "Loan instalments, own group"),
    since(2020, code("512", "Avdrag, lån til videreutlån", "Avdrag, lån til vidareutlån", "Instalments relending")),
    code("520", "Utlån", "Utlån", "Loans granted"),
    code("521", "Utlån, egen konsernkrets", "Utlån, eigen konsernkrins", "Loans granted, own group"),
    since(2020, code("522", "Videreutlån", "Vidareutlån", "Relending")),
    code("529", "Kjøp av aksjer og andeler", "Kjøp av aksjar og partar", "Purchase of shares"),
    code("530", "Dekning av tidligere merforbruk", "Dekking av tidlegare meirforbruk", "Cover of earlier deficit"),
    code("540", "Avsetning til disposisjonsfond", "Avsetjing til disposisjonsfond", "To discretionary fund"),
    until(2019, code("548", "Avsetning til investeringsfond", "Avsetjing til investeringsfond", "To investment fund")),
    code("550", "Avsetning til bundne fond", "Avsetjing til bundne fond", "To restricted funds"),
    code("570", "Overføring til investering", "Overføring til investering", "Transfer to investment"),
    until(2019, code("580", "Mindreforbruk", "Mindreforbruk", "Surplus")),
    // 589 and 989 go with function 899 in the source, which does not name them; the labels are neutral.
    since(2020, code("589", "Resultatpost (589)", "Resultatpost (589)", "Result entry (589)")),
    code("590", "Avskrivninger", "Avskrivingar", "Depreciation"),
    code("600", "Brukerbetaling", "Brukarbetaling", "User payments"),
    code("620", "Annet salg av varer og tjenester", "Anna sal av varer og tenester", "Other sales"),
    code("629", "Billettinntekter", "Billettinntekter", "Ticket revenue"),
    code("630", "Leieinntekter", "Leigeinntekter", "Rental revenue"),
    code("640", "Avgiftspliktige gebyrer", "Avgiftspliktige gebyr", "Fees subject to VAT"),
    code("650", "Avgiftspliktig salg", "Avgiftspliktig sal", "Sales subject to VAT"),
    code("660", "Salg av driftsmidler", "Sal av driftsmiddel", "Sale of equipment"),
    code("670", "Salg av fast eiendom", "Sal av fast eigedom", "Sale of real property"),
    // Gone from the annual lists of the version for 2020; the quarterly lists took it until the start of 2024.
    until(2019, code("690", "Fordelte utgifter", "Fordelte utgifter", "Distributed expenses")),
    code("700", "Refusjon fra staten", "Refusjon frå staten", "Refunds from the state"),
    code("710", "Sykelønnsrefusjon", "Sjukelønsrefusjon", "Sick pay refunds"),
    code("729", "Mva.-kompensasjon", "Mva.-kompensasjon", "VAT compensation"),
    code("730", "Refusjon fra fylkeskommuner", "Refusjon frå fylkeskommunar", "Refunds from counties"),
    code("750", "Refusjon fra kommuner", "Refusjon frå kommunar", "Refunds from municipalities"),
    code("770", "Refusjon fra andre (private)", "Refusjon frå andre (private)", "Refunds from others (private)"),
    until(2020, code("775", "Salg til eget IKS", "Sal til eige IKS", "Sales to own joint company")),
    code("780", "Salg i egen konsernkrets", "Sal i eigen konsernkrins", "Sales within own group"),
    until(2015, code("790", "Internsalg", "Internsal", "Internal sales")),
    code("798", "Oslo, internt salg", "Oslo, internt sal", "Oslo, internal sales"),
    code("800", "Rammetilskudd", "Rammetilskot", "Block grant"),
    code("810", "Andre statlige overføringer", "Andre statlege overføringar", "Other state transfers"),
    code("830", "Overføring fra fylkeskommuner", "Overføring frå fylkeskommunar", "Transfers from counties"),
    code("850", "Overføring fra kommuner", "Overføring frå kommunar", "Transfers from municipalities"),
    code("870", "Skatt på inntekt og formue", "Skatt på inntekt og formue", "Tax on income and wealth"),
    // 871–873 and 876 come as 874 goes, 878 and 879 as 875 goes; the source does not name them: labels are inferred.
    since(2023, code("871", "Annen eiendomsskatt (871)", "Annan eigedomsskatt (871)", "Other property tax (871)")),
    since(2023, code("872", "Annen eiendomsskatt (872)", "Annan eigedomsskatt (872)", "Other property tax (872)")),
    since(2023, code("873", "Annen eiendomsskatt (873)", "Annan eigedomsskatt (873)", "Other property tax (873)")),
    until(2022, code("874", "Annen eiendomsskatt", "Annan eigedomsskatt", "Other property tax")),
    until(2024, code("875", "Eiendomsskatt, bolig/fritid", "Eigedomsskatt, bustad/fritid", "Property tax, homes")),
    since(2023, code("876", "Annen eiendomsskatt (876)", "Annan eigedomsskatt (876)", "Other property tax (876)")),
    code("877", "Andre skatter", "Andre skattar", "Other taxes"),
    since(2025, code("878", "Boligeiendomsskatt (878)", "Bustadeigedomsskatt (878)", "Property tax, homes (878)")),
    since(2025, code("879", "Boligeiendomsskatt (879)", "Bustadeigedomsskatt (879)", "Property tax, homes (879)")),
    code("880", "Overføring fra egen konsernkrets", "Overføring frå eigen konsernkrins", "Transfers from own group"),
    code("890", "Overføring fra andre (private)", "Overføring frå andre (private)", "Transfers from others (private)"),
    until(2020, code("895", "Overføring fra eget IKS", "Overføring frå eige IKS", "Transfers from own joint company")),
    code("900", "Renteinntekter", "Renteinntekter", "Interest revenue"),
    code("901", "Renteinntekter, konsernkrets", "Renteinntekter, konsernkrins", "Interest revenue, own group"),
    code("905", "Utbytte og eieruttak", "Utbyte og eigaruttak", "Dividends and owner withdrawals"),
    code("909", "Gevinst, finansielle instrumenter", "Gevinst, finansielle instrument", "Gains, financial instruments"),
    code("910", "Bruk av lån", "Bruk av lån", "Use of loans"),
    code("911", "Bruk av lån, egen konsernkrets", "Bruk av lån, eigen konsernkrins", "Use of loans, own group"),
    since(2020, code("912", "Bruk av lån til videreutlån", "Bruk av lån til vidareutlån", "Use of loans, relending")),
    code("920", "Mottatte avdrag på utlån", "Mottekne avdrag på utlån", "Instalments received on loans"),
    code("921", "Mottatte avdrag, konsernkrets", "Mottekne avdrag, konsernkrins", "Instalments received, own group"),
    since(2020, code("922", "Avdrag på videreutlån", "Avdrag på vidareutlån", "Instalments from relending")),
    code("929", "Salg av aksjer og andeler", "Sal av aksjar og partar", "Sale of shares"),
    until(2020, code("930", "Tidligere mindreforbruk", "Tidlegare mindreforbruk", "Use of earlier surplus")),
    code("940", "Bruk av disposisjonsfond", "Bruk av disposisjonsfond", "Use of discretionary fund"),
    until(2019, code("948", "Bruk av investeringsfond", "Bruk av investeringsfond", "Use of investment fund")),
    code("950", "Bruk av bundne fond", "Bruk av bundne fond", "Use of restricted funds"),
    until(2019, code("958", "Bundne investeringsfond", "Bundne investeringsfond", "Restricted investment funds")),
    code("970", "Overføring fra drift", "Overføring frå drift", "Transfer from operations"),
    code("980", "Merforbruk", "Meirforbruk", "Deficit"),
    since(2020, code("989", "Resultatpost (989)", "Resultatpost (989)", "Result entry (989)")),
    code("990", "Motpost avskrivninger", "Motpost avskrivingar", "Depreciation, contra entry"),
];

/// The function `code`, if it is valid in the accounting year `year`.
pub fn function(code: &str, year: i32) -> Option<&'static KostraCode> {
    find(FUNCTIONS, code, year)
}

/// The account type `code`, if it is valid in the accounting year `year`.
pub fn account_type(code: &str, year: i32) -> Option<&'static KostraCode> {
    find(ACCOUNT_TYPES, code, year)
}

/// The entry of `codes` with the code `code`, if it is valid in `year`.
fn find(codes: &'static [KostraCode], code: &str, year: i32) -> Option<&'static KostraCode> {
    codes.iter().find(|kostra| kostra.code == code && kostra.valid_in(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: [&[KostraCode]; 2] = [FUNCTIONS, ACCOUNT_TYPES];

    #[test]
    fn codes_are_three_digits_sorted_and_unique() {
        for list in LISTS {
            assert!(list.iter().all(|k| k.code.len() == 3 && k.code.bytes().all(|b| b.is_ascii_digit())));
            for pair in list.windows(2) {
                assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
            }
        }
    }

    #[test]
    fn every_code_has_labels() {
        for kostra in LISTS.into_iter().flatten() {
            for label in [kostra.nb, kostra.nn, kostra.en] {
                assert!(!label.is_empty() && label == label.trim(), "label of {}", kostra.code);
            }
        }
    }

    #[test]
    fn years_are_in_order() {
        for kostra in LISTS.into_iter().flatten() {
            if let (Some(from), Some(to)) = (kostra.from, kostra.to) {
                assert!(from <= to, "years of {}", kostra.code);
            }
        }
    }

    #[test]
    fn validity_follows_the_year() {
        assert!(function("325", 2018).is_some() && function("325", 2026).is_some());
        assert!(function("254", 2023).is_some() && function("254", 2024).is_none());
        assert!(function("257", 2023).is_none() && function("257", 2024).is_some());
        assert!(account_type("375", 2020).is_some() && account_type("375", 2026).is_none());
        assert!(account_type("270", 2025).is_some() && account_type("271", 2025).is_none());
        assert!(function("32", 2026).is_none() && function("", 2026).is_none());
    }

    #[test]
    fn account_types_that_grants_and_purchases_use_are_valid_in_2026() {
        for art in ["300", "330", "350", "370", "380", "700", "710", "729", "730", "750", "770", "780"] {
            assert!(account_type(art, 2026).is_some(), "{art}");
        }
    }

    #[test]
    fn the_version_of_2026_has_as_many_codes_as_the_source() {
        assert_eq!(FUNCTIONS.iter().filter(|k| k.valid_in(2026)).count(), 150);
        assert_eq!(ACCOUNT_TYPES.iter().filter(|k| k.valid_in(2026)).count(), 119);
    }
}
