//! What may go wrong or well, and what success depends on.

use crate::prelude::*;

record! {
    /// What may go wrong (risk) or well (opportunity), or what success depends on (kritisk suksessfaktor).
    Risk "risk" "risks" "risks" of project {
        /// What sort of uncertainty it is.
        #[schema(example = "risk")]
        kind: RiskKind,
        /// What may happen, or what must hold.
        #[schema(min_length = 1, max_length = 500, example = "En kommune vedtar ikke budsjettet i tide")]
        title: String,
        /// How likely it is before any response, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 3)]
        probability: Option<i64>,
        /// How much it would matter before any response, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 4)]
        impact: Option<i64>,
        /// What is done about it.
        #[schema(max_length = 10000, example = "Saken legges fram for formannskapet før budsjettbehandlingen")]
        response: Option<String>,
        /// The person who answers for the response.
        owner_id: Option<Uuid>,
        /// Where it stands.
        #[serde(default)]
        #[schema(default = "identified", example = "identified")]
        status: RiskStatus,
        /// How likely it is after the response, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 2)]
        residual_probability: Option<i64>,
        /// How much it would matter after the response, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 3)]
        residual_impact: Option<i64>,
    }
}

codes! {
    /// What sort of uncertainty it is.
    RiskKind "riskKind" {
        Risk = "risk" ("risiko", "risiko", "risk"),
        Opportunity = "opportunity" ("mulighet", "moglegheit", "opportunity"),
        CriticalSuccessFactor = "critical_success_factor" ("kritisk suksessfaktor", "kritisk suksessfaktor", "critical success factor"),
    }
}

codes! {
    /// Where a risk stands.
    RiskStatus "riskStatus" default Identified {
        Identified = "identified" ("identifisert", "identifisert", "identified"),
        ActionTaken = "action_taken" ("tiltak gjennomført", "tiltak gjennomført", "action taken"),
        NoLongerRelevant = "no_longer_relevant" ("ikke lenger aktuell", "ikkje lenger aktuell", "no longer relevant"),
    }
}
