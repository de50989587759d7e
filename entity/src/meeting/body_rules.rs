//! How a body of the project votes: quorum, majority and the chair's casting vote, as data.

use crate::prelude::*;

record! {
    /// How a body of the project votes. Without a record, half of the voting members must be present, a simple
    /// majority decides and the chair has the casting vote (kommuneloven §§ 11-8 and 11-9 as the model).
    BodyRule "body_rule" "body-rules" "body_rules" of project {
        /// The body.
        #[schema(example = "steering_group")]
        body: ProjectBody,
        /// How many of the voting members must be present.
        #[serde(default)]
        #[schema(default = "half", example = "half")]
        quorum: Quorum,
        /// How many votes a proposal needs.
        #[serde(default)]
        #[schema(default = "simple", example = "simple")]
        majority: Majority,
        /// Whether the chair's vote decides when the votes are equal.
        #[serde(default = "yes")]
        #[schema(default = true)]
        chair_casting_vote: bool,
        /// The first day on which the rule holds; null when it has always held. The newest that holds speaks.
        #[schema(example = "2017-09-28")]
        valid_from: Option<NaiveDate>,
    }
}

const fn yes() -> bool {
    true
}

codes! {
    /// A body of the project that resolves.
    ProjectBody "projectBody" {
        SteeringGroup = "steering_group" ("styringsgruppa", "styringsgruppa", "steering group"),
        ProjectGroup = "project_group" ("prosjektgruppa", "prosjektgruppa", "project group"),
    }
}

codes! {
    /// How many of the voting members must be present.
    Quorum "quorum" default Half {
        None = "none" ("ikke noe krav", "ikkje noko krav", "no requirement"),
        Half = "half" ("minst halvparten", "minst halvparten", "at least half"),
        TwoThirds = "two_thirds" ("minst to tredeler", "minst to tredelar", "at least two thirds"),
        All = "all" ("alle", "alle", "all"),
    }
}

codes! {
    /// How many votes a proposal needs.
    Majority "majority" default Simple {
        Simple = "simple" ("flere for enn mot", "fleire for enn mot", "more for than against"),
        Absolute = "absolute" ("mer enn halvparten av alle stemmer", "meir enn halvparten av alle stemmer", "more than half of all votes"),
        TwoThirds = "two_thirds" ("minst to tredeler av de avgitte", "minst to tredelar av dei gjevne", "at least two thirds of those cast"),
        Unanimous = "unanimous" ("enstemmig", "samrøystes", "unanimous"),
    }
}
