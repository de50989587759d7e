//! What the municipalities agree on with each other, and what the law requires of it.

use crate::prelude::*;

record! {
    /// An agreement between the municipalities, or of one of them with others.
    Agreement "agreement" "agreements" "agreements" of project {
        /// What sort of agreement it is; the law requires other contents of each.
        #[schema(example = "host_municipality")]
        kind: AgreementKind,
        /// What it is called.
        #[schema(min_length = 1, max_length = 500, example = "Avtale om vertskommunesamarbeid om næringsutvikling")]
        title: Option<String>,
        /// The law and paragraph that it rests on.
        #[schema(max_length = 200, example = "kommuneloven § 20-4")]
        legal_basis: Option<String>,
        /// The first day in force; null while it is not in force.
        #[schema(example = "2018-05-01")]
        valid_from: Option<NaiveDate>,
        /// The last day in force, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
        /// Months of notice to leave it.
        #[schema(minimum = 0, maximum = 120, example = 12)]
        notice_months: Option<i64>,
        /// The text of the agreement.
        document_id: Option<Uuid>,
        /// Where in the text each requirement of the law is met.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<Clause>, max_items = 50)]
        clauses: Clauses,
    }
}

/// Where the requirements of the law are met.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Clauses(pub Vec<Clause>);

/// Where in the text a requirement of the law is met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// The requirement.
    pub requirement: AgreementRequirement,
    /// The clause of the text.
    #[schema(min_length = 1, max_length = 200, example = "§ 4")]
    pub clause: String,
}

codes! {
    /// What sort of agreement it is.
    AgreementKind "agreementKind" {
        Cooperation = "cooperation" ("samarbeidsavtale", "samarbeidsavtale", "cooperation agreement"),
        HostMunicipality = "host_municipality" ("vertskommuneavtale", "vertskommuneavtale", "host municipality agreement"),
        TaskCommunity = "task_community" ("kommunalt oppgavefellesskap", "kommunalt oppgåvefellesskap", "task community"),
        PoliticalCouncil = "political_council" ("interkommunalt politisk råd", "interkommunalt politisk råd", "inter-municipal political council"),
        Iks = "iks" ("interkommunalt selskap (IKS)", "interkommunalt selskap (IKS)", "inter-municipal company (IKS)"),
        As = "as" ("aksjeselskap (AS)", "aksjeselskap (AS)", "limited company (AS)"),
        ArchiveResponsibility = "archive_responsibility" ("avtale om arkivansvar", "avtale om arkivansvar", "agreement on archive responsibility"),
        DataProcessing = "data_processing" ("databehandleravtale", "databehandlaravtale", "data processing agreement"),
        Purchase = "purchase" ("kjøpsavtale", "kjøpsavtale", "purchase agreement"),
    }
}

codes! {
    /// What a law requires an agreement to say.
    AgreementRequirement "agreementRequirement" {
        Name = "name" ("navn", "namn", "name"),
        LegalPersonality = "legal_personality" ("om det er eget rettssubjekt", "om det er eige rettssubjekt", "whether it is a legal person"),
        Participants = "participants" ("deltakerne", "deltakarane", "the participants"),
        HostMunicipality = "host" ("hvem som er vertskommune", "kven som er vertskommune", "who is the host municipality"),
        Purpose = "purpose" ("formål", "formål", "purpose"),
        MainOffice = "main_office" ("hovedkontorkommune", "hovudkontorkommune", "municipality of the main office"),
        Members = "members" ("antall medlemmer i øverste organ", "talet på medlemmer i øvste organ", "members of the supreme body"),
        BoardMembers = "board_members" ("antall styremedlemmer", "talet på styremedlemmer", "number of board members"),
        Tasks = "tasks" ("oppgaver og myndighet", "oppgåver og myndigheit", "tasks and authority"),
        TransferDate = "transfer_date" ("når oppgavene overføres", "når oppgåvene blir overførte", "when the tasks are transferred"),
        Notification = "notification" ("hva deltakerne skal underrettes om", "kva deltakarane skal bli underretta om", "what the participants are told of"),
        Settlement = "settlement" ("økonomisk oppgjør", "økonomisk oppgjer", "financial settlement"),
        Contribution = "contribution" ("innskuddsplikt", "innskotsplikt", "duty to contribute"),
        Shares = "shares" ("eierandel og ansvarsandel", "eigardel og ansvarsdel", "shares of ownership and liability"),
        Loans = "loans" ("myndighet til å ta opp lån", "myndigheit til å ta opp lån", "authority to borrow"),
        Reporting = "reporting" ("hva som rapporteres til deltakerne", "kva som blir rapportert til deltakarane", "what is reported to the participants"),
        Exit = "exit" ("uttreden", "uttreden", "exit"),
        Dissolution = "dissolution" ("oppløsning", "oppløysing", "dissolution"),
        Archives = "archives" ("hvem som oppbevarer arkivene", "kven som oppbevarer arkiva", "who keeps the archives"),
        Activity = "activity" ("virksomhet", "verksemd", "activity"),
        ShareCapital = "share_capital" ("aksjekapital og pålydende", "aksjekapital og pålydande", "share capital and par value"),
        Founders = "founders" ("stiftere og aksjer til hver", "stiftarar og aksjar til kvar", "founders and their shares"),
    }
}
