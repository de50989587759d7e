//! A finding of the plan check that the project has accepted, with the reason.

use crate::prelude::*;

record! {
    /// A finding of the plan check that the project has accepted, with the reason; it no longer blocks approval.
    FindingWaiver "finding_waiver" "finding-waivers" "finding_waivers" of project {
        /// The rule of the plan check.
        #[schema(example = "milestone.out_of_sequence")]
        rule: FindingRule,
        /// The record that the finding names; null for every record of the project.
        record: Option<RecordRef>,
        /// The field that the finding names, a JSON pointer (RFC 6901); null for every field.
        #[schema(max_length = 500, pattern = "^(/.*)?$", example = "/plannedOn")]
        pointer: Option<String>,
        /// Why the finding is accepted.
        #[schema(min_length = 1, max_length = 2000, example = "Datoen er vedtatt av styringsgruppa")]
        reason: String,
    }
}

codes! {
    /// How much a finding of the plan check weighs, the heaviest first.
    FindingSeverity "findingSeverity" {
        Error = "error" ("feil", "feil", "error"),
        Warning = "warning" ("advarsel", "åtvaring", "warning"),
        Info = "info" ("opplysning", "opplysning", "information"),
    }
}

codes! {
    /// A rule of the plan check; the label says what it holds against.
    FindingRule "findingRule" {
        MilestoneOutsideProjectPeriod = "milestone.outside_project_period" (
            "en milepæl er planlagt før prosjektets start eller etter prosjektets slutt",
            "ein milepæl er planlagd før prosjektet tek til eller etter at det er slutt",
            "a milestone is planned before the project's start or after its end"
        ),
        MilestoneOutOfSequence = "milestone.out_of_sequence" (
            "en milepæl bryter rekkefølgen: numre og datoer går ikke samme vei",
            "ein milepæl bryt rekkjefølgja: nummer og datoar går ikkje same vegen",
            "a milestone breaks the sequence: numbers and dates do not run the same way"
        ),
        MilestoneLikelyTypo = "milestone.likely_typo" (
            "en dato ville passe med ett annet siffer, eller med dag og måned byttet om",
            "ein dato ville ha passa med eitt anna siffer, eller med dag og månad bytte om",
            "a date would fit with one digit changed, or with day and month swapped"
        ),
        MilestoneNonWorkingDay = "milestone.non_working_day" (
            "en milepæl faller på en lørdag, søndag eller helligdag",
            "ein milepæl fell på ein laurdag, sundag eller heilagdag",
            "a milestone falls on a Saturday, a Sunday or a public holiday"
        ),
        MilestoneWithoutActivity = "milestone.without_activity" (
            "en milepæl er ikke knyttet til den aktiviteten som fører til den",
            "ein milepæl er ikkje knytt til den aktiviteten som fører til han",
            "a milestone is not tied to the activity that leads to it"
        ),
        MilestoneEvidenceMissing = "milestone.evidence_missing" (
            "en milepæl er nådd, eller skulle vært det, uten dokumentet som planen krever",
            "ein milepæl er nådd, eller skulle ha vore det, utan dokumentet som planen krev",
            "a milestone is reached, or due, without the document that the plan asks for"
        ),
        ActivityWithoutMilestone = "activity.without_milestone" (
            "en nummerert aktivitet, en hovedaktivitet eller en workshop fører ikke til noen milepæl",
            "ein nummerert aktivitet, ein hovudaktivitet eller ein workshop fører ikkje til nokon milepæl",
            "a numbered activity, a main activity or a workshop leads to no milestone"
        ),
        ActivityNumberGap = "activity.number_gap" (
            "et nummer mangler i en rekke av aktiviteter",
            "eit nummer manglar i ei rekkje av aktivitetar",
            "a number is missing in a series of activities"
        ),
        ActivityWithoutSchedule = "activity.without_schedule" (
            "en aktivitet har verken datoer eller en datert milepæl",
            "ein aktivitet har verken datoar eller ein datert milepæl",
            "an activity has neither dates nor a dated milestone"
        ),
        DecisionPointWithoutRequirement = "decision_point.without_requirement" (
            "et beslutningspunkt krever ingen dokumentasjon",
            "eit avgjerdspunkt krev ingen dokumentasjon",
            "a decision point asks for no documentation"
        ),
        DecisionPointAmbiguousApprover = "decision_point.ambiguous_approver" (
            "to kan godkjenne et beslutningspunkt uten regel mellom dem, eller ingen er nevnt",
            "to kan godkjenne eit avgjerdspunkt utan regel mellom seg, eller ingen er nemnd",
            "two may approve a decision point with no rule between them, or none is named"
        ),
        DecisionPointBeforeBudget = "decision_point.before_budget" (
            "prosjektstart besluttes før noe budsjett er vedtatt",
            "prosjektstart blir avgjord før noko budsjett er vedteke",
            "the start is decided before any budget is adopted"
        ),
        DecisionPointNoSlack = "decision_point.no_slack" (
            "et beslutningspunkt ligger mindre enn 14 dager etter fristen for det kommunene skal vedta først",
            "eit avgjerdspunkt ligg mindre enn 14 dagar etter fristen for det kommunane skal vedta først",
            "a decision point comes less than 14 days after the window of what the municipalities decide first"
        ),
        ProjectBeforeMandate = "project.before_mandate" (
            "prosjektet starter før det er vedtatt å føre arbeidet videre",
            "prosjektet tek til før det er vedteke å føre arbeidet vidare",
            "the project starts before it is decided to continue the work"
        ),
        BudgetMissing = "budget.missing" (
            "prosjektet har ikke noe budsjett: beløpene er ikke kjent ennå",
            "prosjektet har ikkje noko budsjett: beløpa er ikkje kjende enno",
            "the project has no budget: the amounts are not known yet"
        ),
        BudgetUnbalanced = "budget.unbalanced" (
            "bindende finansiering er mindre enn det bindende budsjettet",
            "bindande finansiering er mindre enn det bindande budsjettet",
            "committed funding is below the committed budget"
        ),
        FundingIndicativeOnly = "funding.indicative_only" (
            "all finansiering er bare mulig: ingen har gitt tilsagn",
            "all finansiering er berre mogleg: ingen har gjeve tilsegn",
            "all funding is only possible: nobody has committed"
        ),
        FundingReportOverdue = "funding.report_overdue" (
            "en finansiør skulle hatt sin rapport",
            "ein finansiør skulle ha hatt rapporten sin",
            "a payer should have had its report"
        ),
        CostKeyMissing = "cost_key.missing" (
            "flere eiere og ingen nøkkel for hvem som bærer hvor mye",
            "fleire eigarar og ingen nøkkel for kven som ber kor mykje",
            "several owners and no key for who bears how much"
        ),
        MatterAfterBudgetYear = "matter.after_budget_year" (
            "en budsjettsak blir behandlet etter at budsjettåret er begynt: da trengs budsjettregulering",
            "ei budsjettsak blir handsama etter at budsjettåret har teke til: då trengst budsjettregulering",
            "a budget matter is treated after the budget year has begun: it takes a budget amendment"
        ),
        RoleMissing = "role.missing" (
            "et prosjekt som pågår mangler prosjektansvarlig, prosjektleder eller styringsgruppe",
            "eit prosjekt som er i gang manglar prosjektansvarleg, prosjektleiar eller styringsgruppe",
            "an active project lacks a project executive, a project manager or a steering group"
        ),
        RoleDual = "role.dual" (
            "en person har roller som skal kontrollere hverandre, eller er med på å behandle en sak med egen interesse i den",
            "ein person har roller som skal kontrollere kvarandre, eller er med på å handsame ei sak med eiga interesse i ho",
            "a person holds roles that should check each other, or takes part in an item with an interest in it"
        ),
        RoleDoubleAffiliation = "role.double_affiliation" (
            "en person har to arbeidsgivere, og den ene er eller kan bli part",
            "ein person har to arbeidsgivarar, og den eine er eller kan bli part",
            "a person has two employers, one of which is or may become a party"
        ),
        RoleObserverFunds = "role.observer_funds" (
            "en observatørs organisasjon er også finansieringskilde",
            "organisasjonen til ein observatør er også finansieringskjelde",
            "an observer's organisation is a funder as well"
        ),
        SteeringGroupUnequalSeats = "steering_group.unequal_seats" (
            "eierne har ulikt antall plasser i styringsgruppa",
            "eigarane har ulikt tal på plassar i styringsgruppa",
            "the owners have different numbers of seats in the steering group"
        ),
        OrganisationNearDuplicate = "organisation.near_duplicate" (
            "to organisasjoner har nesten samme navn og kan være én og samme",
            "to organisasjonar har nesten same namn og kan vere ein og same",
            "two organisations have nearly the same name and may be one"
        ),
        OrganisationAliasUsed = "organisation.alias_used" (
            "et alias eller en feilskriving står der det offisielle navnet skulle stått",
            "eit alias eller ei feilskriving står der det offisielle namnet skulle ha stått",
            "an alias or a misspelling stands where the official name should"
        ),
        GoalNotMeasurable = "goal.not_measurable" (
            "et mål har ingen indikator med utgangsverdi, målverdi og dato",
            "eit mål har ingen indikator med utgangsverdi, målverdi og dato",
            "a goal has no indicator with baseline, target and date"
        ),
        CapacityProviderFteDiffers = "capacity.provider_fte_differs" (
            "leverandørens årsverk er ikke årsverkene til næringsarbeid",
            "årsverka til leverandøren er ikkje årsverka til næringsarbeid",
            "the provider's FTE is not the FTE for business work"
        ),
        CapacityTemporary = "capacity.temporary" (
            "kapasitet som planen bygger på tar slutt før planen gjør det",
            "kapasitet som planen byggjer på tek slutt før planen gjer det",
            "capacity that the plan builds on ends before the plan does"
        ),
        CapacityApproximate = "capacity.approximate" (
            "et omtrentlig tall inngår i summen av årsverk",
            "eit omtrentleg tal går inn i summen av årsverk",
            "an approximate figure goes into the sum of FTE"
        ),
        RegionMembershipChanges = "region.membership_changes" (
            "en medlemskommune slås sammen, deles eller går ut i prosjektperioden",
            "ein medlemskommune blir slått saman, delt eller går ut i prosjektperioden",
            "a member municipality merges, splits or leaves during the project"
        ),
        MatterRejected = "matter.rejected" (
            "en kommune har sagt nei i en sak: hva som følger av regelen for saken",
            "ein kommune har sagt nei i ei sak: kva som følgjer av regelen for saka",
            "a municipality said no in a matter: what follows from the rule of the matter"
        ),
        AgreementIncomplete = "agreement.incomplete" (
            "en avtale gjelder uten det som loven krever av en slik avtale",
            "ein avtale gjeld utan det som lova krev av ein slik avtale",
            "an agreement is in force without what the law requires of its kind"
        ),
        AgreementTextsDiffer = "agreement.texts_differ" (
            "to kommunestyrer har vedtatt ulike tekster av samme avtale",
            "to kommunestyre har vedteke ulike tekstar av same avtale",
            "two councils adopted different texts of the same agreement"
        ),
        ReportOverdue = "report.overdue" (
            "siste avtalte periode har ingen publisert rapport",
            "siste avtalte periode har ingen publisert rapport",
            "the last agreed period has no published report"
        ),
        WebhookDisabled = "webhook.disabled" (
            "tjenesten har slått av en webhook: den som skulle få beskjed, får den ikke",
            "tenesta har slått av ein webhook: den som skulle få melding, får ho ikkje",
            "the service has disabled a webhook: who is to be told is not"
        ),
    }
}
