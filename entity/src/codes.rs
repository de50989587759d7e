//! Closed lists of codes with their labels in Bokmål, Nynorsk and English.

/// One code and what people call it.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// The value on the wire, snake_case; never translated.
    pub code: &'static str,
    /// Bokmål.
    pub nb: &'static str,
    /// Nynorsk.
    pub nn: &'static str,
    /// English.
    pub en: &'static str,
}

/// An enumeration that `GET /code-lists` shows.
pub trait CodeList {
    /// The list's name, camelCase, as in `GET /code-lists`.
    const NAME: &'static str;
    /// Every code in its order, with labels.
    const LABELS: &'static [Label];
}

/// Declares an enumeration stored and sent as its code:
/// `codes! { /// doc … RiskKind "riskKind" { Risk = "risk" ("risiko", "risiko", "risk"), … } }`;
/// with `"riskStatus" default Identified { … }` an absent value is that one.
macro_rules! codes {
    ($(#[doc = $doc:tt])* $name:ident $list:tt $(default $default:ident)? {
        $( $variant:ident = $code:tt ($nb:tt, $nn:tt, $en:tt) ),* $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                #[doc = $en]
                #[sea_orm(string_value = $code)]
                #[serde(rename = $code)]
                $variant,
            )*
        }

        impl $name {
            /// The value on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code ),* }
            }

            /// The code with what people call it.
            #[must_use]
            pub const fn label(self) -> crate::Label {
                match self { $( Self::$variant => crate::Label { code: $code, nb: $nb, nn: $nn, en: $en } ),* }
            }
        }

        $(
            impl Default for $name {
                fn default() -> Self {
                    Self::$default
                }
            }
        )?

        impl crate::CodeList for $name {
            const NAME: &'static str = $list;
            const LABELS: &'static [crate::Label] = &[
                $( crate::Label { code: $code, nb: $nb, nn: $nn, en: $en } ),*
            ];
        }
    };
}

macro_rules! lists {
    ($($path:path),* $(,)?) => {
        /// Every code list of the service, by name.
        #[must_use]
        pub fn code_lists() -> Vec<(&'static str, &'static [Label])> {
            vec![ $( (<$path as CodeList>::NAME, <$path as CodeList>::LABELS) ),* ]
        }
    };
}

lists! {
    crate::organisations::OrganisationKind,
    crate::organisations::LanguageForm,
    crate::organisations::AltNameKind,
    crate::programme_assignments::ProgrammeRole,
    crate::service_provisions::ServiceArrangement,
    crate::activities::ActivityKind,
    crate::activities::ActivityStatus,
    crate::assignments::AssignmentRole,
    crate::change_requests::ChangeType,
    crate::change_requests::ChangeDecision,
    crate::competence_needs::CompetenceCoverage,
    crate::decision_points::Approver,
    crate::decision_points::DecisionOutcome,
    crate::documents::DocumentKind,
    crate::documents::DocumentStatus,
    crate::documents::DocumentAccess,
    crate::documents::ArchiveState,
    crate::finding_waivers::FindingSeverity,
    crate::finding_waivers::FindingRule,
    crate::flags::FlagState,
    crate::goals::GoalKind,
    crate::indicators::IndicatorDirection,
    crate::indicators::IndicatorMeasure,
    crate::measurements::Certainty,
    crate::milestones::MilestoneType,
    crate::milestones::MilestoneStatus,
    crate::organisation_options::CooperationForm,
    crate::organisation_options::OptionHorizon,
    crate::organisation_options::OptionStatus,
    crate::project_parties::PartyRole,
    crate::projects::ProjectType,
    crate::projects::ProjectStatus,
    crate::recommendations::RecommendationStatus,
    crate::reference_cases::ReferenceCaseKind,
    crate::risks::RiskKind,
    crate::risks::RiskStatus,
    crate::services::ServiceStatus,
    crate::meetings::MeetingKind,
    crate::meetings::MeetingStatus,
    crate::attendances::AttendanceCapacity,
    crate::attendances::AttendanceResponse,
    crate::resolutions::ResolutionOutcome,
    crate::body_rules::ProjectBody,
    crate::body_rules::Quorum,
    crate::body_rules::Majority,
    crate::matters::MatterSubject,
    crate::matters::MatterRule,
    crate::matters::MatterState,
    crate::political_cases::HandlingStatus,
    crate::political_steps::PoliticalBody,
    crate::political_steps::StepOutcome,
    crate::agreements::AgreementKind,
    crate::agreements::AgreementRequirement,
    crate::budgets::BudgetStatus,
    crate::budgets::BudgetKind,
    crate::budget_lines::BudgetLineKind,
    crate::funding_sources::FundingState,
    crate::cost_keys::CostBasis,
    crate::status_reports::ReportKind,
    crate::status_reports::ReportState,
    crate::status_reports::OverallStatus,
    crate::status_reports::TimeStatus,
    crate::status_reports::EconomyStatus,
    crate::status_reports::QualityStatus,
    crate::status_reports::RiskLevel,
    crate::status_reports::OutcomeStatus,
    crate::status_reports::Trend,
    crate::status_reports::SectionHeading,
    crate::outbound_messages::OutboundKind,
    crate::outbound_messages::OutboundState,
    crate::erasures::ErasureExtent,
    crate::retention_rules::DataClass,
    crate::retention_rules::RetentionAction,
    crate::webhooks::WebhookState,
    crate::webhooks::WebhookFailure,
    crate::webhook_deliveries::DeliveryState,
    crate::webhook_deliveries::DeliveryError,
}
