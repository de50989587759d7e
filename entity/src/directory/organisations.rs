//! A body that owns, funds, delivers or observes: municipality, agency, company, association.

use crate::prelude::*;

record! {
    /// A body that owns, funds, delivers or observes projects: municipality, agency, company, association.
    Organisation "organisation" "organisations" "organisations" {
        /// The official name.
        #[schema(min_length = 1, max_length = 200, example = "Lavangen kommune")]
        name: String,
        /// Other names that it is known or written by.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(value_type = Vec<AltName>, max_items = 50)]
        alt_names: AltNames,
        /// What sort of body it is.
        #[schema(example = "municipality")]
        kind: OrganisationKind,
        /// Organisation number in Enhetsregisteret: nine digits, the last a mod-11 check digit; null when not known.
        #[schema(min_length = 9, max_length = 9, pattern = "^[0-9]{9}$", example = "959469881")]
        org_number: Option<String>,
        /// The organisation that it is a part of.
        parent_id: Option<Uuid>,
        /// Inhabitants, for a municipality.
        #[schema(minimum = 0, maximum = 100000000, example = 1012)]
        inhabitants: Option<i64>,
        /// The date of that count.
        #[schema(example = "2017-07-01")]
        inhabitants_on: Option<NaiveDate>,
        /// The organisation's own address for e-mail, not a person's.
        #[schema(max_length = 254, format = Email, example = "post@lavangen.example")]
        email: Option<String>,
        /// Its web site.
        #[schema(max_length = 2048, format = "uri", example = "https://www.lavangen.example")]
        website: Option<String>,
        /// The language form it has chosen (språklova).
        language: Option<LanguageForm>,
    }
}

codes! {
    /// What sort of body an organisation is.
    OrganisationKind "organisationKind" {
        Municipality = "municipality" ("kommune", "kommune", "municipality"),
        CountyAuthority = "county_authority" ("fylkeskommune", "fylkeskommune", "county authority"),
        StateAgency = "state_agency" ("statlig virksomhet", "statleg verksemd", "state agency"),
        MunicipalCompany = "municipal_company" ("kommunalt selskap", "kommunalt selskap", "municipal company"),
        PrivateCompany = "private_company" ("privat selskap", "privat selskap", "private company"),
        IntermunicipalBody = "intermunicipal_body" ("interkommunalt organ", "interkommunalt organ", "intermunicipal body"),
        DevelopmentOrganisation = "development_organisation" ("utviklingsorganisasjon", "utviklingsorganisasjon", "development organisation"),
        BusinessAssociation = "business_association" ("næringsforening", "næringsforeining", "business association"),
        ResearchInstitution = "research_institution" ("forskningsinstitusjon", "forskingsinstitusjon", "research institution"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// The language form that a body has chosen for itself.
    LanguageForm "languageForm" {
        Nb = "nb" ("bokmål", "bokmål", "Bokmål"),
        Nn = "nn" ("nynorsk", "nynorsk", "Nynorsk"),
        Neutral = "neutral" ("nøytral", "nøytral", "neutral"),
    }
}

codes! {
    /// What sort of other name it is.
    AltNameKind "altNameKind" {
        Official = "official" ("offisielt navn", "offisielt namn", "official name"),
        Short = "short" ("kortform", "kortform", "short form"),
        Alias = "alias" ("alias", "alias", "alias"),
        Misspelling = "misspelling" ("feilskriving", "feilskriving", "misspelling"),
    }
}

/// The other names of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct AltNames(pub Vec<AltName>);

/// Another name that an organisation is known or written by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AltName {
    /// The name as written.
    #[schema(min_length = 1, max_length = 200, example = "Loabák")]
    pub name: String,
    /// Language tag (BCP 47) of the name, when it has one.
    #[schema(max_length = 20, example = "se")]
    pub language: Option<String>,
    /// What sort of name it is.
    pub kind: AltNameKind,
}
