//! Ways in which the cooperation could be organised, and what was thought of each.

use crate::prelude::*;

record! {
    /// A way in which the cooperation could be organised, when, and what was thought of it.
    OrganisationOption "organisation_option" "organisation-options" "organisation_options" of project {
        /// The form of cooperation (kommuneloven § 17-1).
        #[schema(example = "iks")]
        form: CooperationForm,
        /// When it would apply; null when not said.
        #[schema(example = "long_term")]
        horizon: Option<OptionHorizon>,
        /// What speaks for it and against it.
        #[schema(max_length = 10000, example = "Krever egne vedtekter og vedtak i alle kommunestyrene")]
        assessment: Option<String>,
        /// What was decided; null while it is open.
        #[schema(example = "deferred")]
        status: Option<OptionStatus>,
    }
}

codes! {
    /// A form of inter-municipal cooperation (kommuneloven §§ 17-1, 18-1, 19-1, 20-1; IKS-loven; aksjeloven).
    CooperationForm "cooperationForm" {
        DecentralisedCooperation = "decentralised_cooperation" ("desentralisert samarbeid", "desentralisert samarbeid", "decentralised cooperation"),
        HostMunicipality = "host_municipality" ("vertskommune", "vertskommune", "host municipality"),
        TaskCommunity = "task_community" ("kommunalt oppgavefellesskap", "kommunalt oppgåvefellesskap", "municipal task community"),
        PoliticalCouncil = "political_council" ("interkommunalt politisk råd", "interkommunalt politisk råd", "inter-municipal political council"),
        Iks = "iks" ("interkommunalt selskap (IKS)", "interkommunalt selskap (IKS)", "inter-municipal company (IKS)"),
        As = "as" ("aksjeselskap (AS)", "aksjeselskap (AS)", "limited company (AS)"),
        Other = "other" ("annet", "anna", "other"),
    }
}

codes! {
    /// When an option would apply.
    OptionHorizon "optionHorizon" {
        Now = "now" ("nå", "no", "now"),
        ShortTerm = "short_term" ("kort sikt", "kort sikt", "short term"),
        LongTerm = "long_term" ("lang sikt", "lang sikt", "long term"),
    }
}

codes! {
    /// What was decided of an option.
    OptionStatus "optionStatus" {
        Chosen = "chosen" ("valgt", "vald", "chosen"),
        Deferred = "deferred" ("utsatt", "utsett", "deferred"),
        Rejected = "rejected" ("forkastet", "forkasta", "rejected"),
    }
}
