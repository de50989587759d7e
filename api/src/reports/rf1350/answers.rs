//! The answers, in words: what the report of the period says, else what follows from the plan.

use entity::RecordRef;
use entity::measurements::Certainty;
use entity::status_reports::{self, ReportState};

use super::{Answered, CostLine, PayoutReport};
use crate::domain::money::kroner;
use crate::domain::report_draft::{self, Line, Move, Period};
use crate::domain::{Picture, results};
use crate::problem::{Lang, Text};
use crate::reports::Asked;
use crate::reports::shapes::called;
use crate::text;

/// An answer for each question.
pub(super) fn of(asked: &Asked, picture: &Picture, moved: &[Move], period: Period, total: &CostLine) -> Vec<Answered> {
    let lines = report_draft::lines(picture, moved, period);
    let report = written(picture, period);
    let lang = asked.lang;
    let from_plan = |code: &str, field: &str, question: Text, none: Text| {
        let own: Vec<&Line> = lines.iter().filter(|line| line.field == field).collect();
        let said = report.and_then(|report| said(report, field).map(|text| (text, report.id)));
        let (text, from) = match said {
            Some((text, report)) => (text.to_owned(), vec![RecordRef { kind: "status_report".to_owned(), id: report }]),
            None if own.is_empty() => (none.in_lang(lang).to_owned(), Vec::new()),
            None => {
                let words: Vec<&str> = own.iter().map(|line| line.text.in_lang(lang)).collect();
                (words.join("\n"), own.iter().map(|line| line.from.clone()).collect())
            }
        };
        Answered { code: code.to_owned(), question: question.in_lang(lang).to_owned(), text, from }
    };
    vec![
        from_plan(
            "progress",
            "achieved",
            text!(
                "Hva er gjennomført i perioden?",
                "Kva er gjennomført i perioden?",
                "What was carried out in the period?"
            ),
            text!(
                "Ingenting er registrert i perioden.",
                "Ingenting er registrert i perioden.",
                "Nothing is recorded for the period."
            ),
        ),
        measured(picture, period, lang),
        from_plan(
            "deviations",
            "time",
            text!("Hvilke avvik er det fra planen?", "Kva avvik er det frå planen?", "What deviates from the plan?"),
            text!("Ingen avvik fra planen.", "Ingen avvik frå planen.", "Nothing deviates from the plan."),
        ),
        from_plan(
            "next",
            "next",
            text!(
                "Hva gjenstår, og hva skjer i neste periode?",
                "Kva står att, og kva skjer i neste periode?",
                "What remains, and what comes next?"
            ),
            text!(
                "Ingenting er planlagt i neste periode.",
                "Ingenting er planlagt i neste periode.",
                "Nothing is planned for the next period."
            ),
        ),
        from_plan(
            "decisions",
            "decisionsWanted",
            text!("Hvilke beslutninger venter?", "Kva avgjerder ventar?", "Which decisions are awaited?"),
            text!("Ingen beslutninger venter.", "Ingen avgjerder ventar.", "No decision is awaited."),
        ),
        economy(total, lang),
    ]
}

/// The newest published report of the period: what was said there is said here.
fn written(picture: &Picture, period: Period) -> Option<&status_reports::Model> {
    let in_period = |report: &&status_reports::Model| {
        report.state == ReportState::Published && report.period_to <= period.to && report.period_to >= period.from
    };
    picture.status_reports.iter().filter(in_period).max_by_key(|report| (report.period_to, report.published_at))
}

fn said<'a>(report: &'a status_reports::Model, field: &str) -> Option<&'a str> {
    match field {
        "achieved" => report.achieved.as_deref(),
        "next" => report.next.as_deref(),
        "decisionsWanted" => report.decisions_wanted.as_deref(),
        "time" => report.time.as_ref().and_then(|time| time.comment.as_deref()),
        _ => None,
    }
}

/// The newest measurements of each indicator, beside where it began and where it is to go.
fn measured(picture: &Picture, period: Period, lang: Lang) -> Answered {
    let question = text!(
        "Hvilke resultater er nådd, sett mot målene?",
        "Kva resultat er nådde, sett mot måla?",
        "Which results were reached, against the goals?"
    );
    let mut words = Vec::new();
    let mut from = Vec::new();
    for indicator in &picture.indicators {
        let Some(reached) = results::reached(picture, indicator.id, Certainty::Confirmed) else { continue };
        let (actual, on) = (reached.value, reached.on);
        let (name, unit) = (&indicator.name, &indicator.unit);
        let target = results::target(indicator, period.to).map(|target| target.value.to_string());
        let text = match target {
            Some(target) => text!(
                "{name}: {actual} {unit} per {on}, mål {target}",
                "{name}: {actual} {unit} per {on}, mål {target}",
                "{name}: {actual} {unit} on {on}, target {target}"
            ),
            None => text!(
                "{name}: {actual} {unit} per {on}",
                "{name}: {actual} {unit} per {on}",
                "{name}: {actual} {unit} on {on}"
            ),
        };
        words.push(text.in_lang(lang).to_owned());
        from.push(RecordRef { kind: "indicator".to_owned(), id: indicator.id });
    }
    if words.is_empty() {
        let none = text!(
            "Ingen resultater er målt ennå.",
            "Ingen resultat er målte enno.",
            "No result has been measured yet."
        );
        words.push(none.in_lang(lang).to_owned());
    }
    Answered { code: "results".to_owned(), question: question.in_lang(lang).to_owned(), text: words.join("\n"), from }
}

fn economy(total: &CostLine, lang: Lang) -> Answered {
    let question = text!(
        "Hva er påløpt, sett mot den godkjente kostnadsplanen?",
        "Kva er påkome, sett mot den godkjende kostnadsplanen?",
        "What has been spent, against the approved cost plan?"
    );
    let unknown = not_known(lang);
    let amount = |ore: Option<i64>| ore.map_or_else(|| unknown.to_owned(), |ore| kroner(ore).in_lang(lang).to_owned());
    let (plan, used, left) = (amount(total.approved_ore), amount(total.accumulated_ore), amount(total.remaining_ore));
    let text = if total.approved_ore.is_none() && total.accumulated_ore.is_none() {
        text!(
            "Ikke relevant: prosjektet har verken kostnadsplan eller kostnader ennå.",
            "Ikkje relevant: prosjektet har korkje kostnadsplan eller kostnader enno.",
            "Not applicable: the project has neither a cost plan nor costs yet."
        )
    } else {
        text!(
            "Kostnadsplan: {plan}. Påløpt: {used}. Gjenstår: {left}. Beløp i kroner.",
            "Kostnadsplan: {plan}. Påkome: {used}. Står att: {left}. Beløp i kroner.",
            "Cost plan: {plan}. Spent: {used}. Remaining: {left}. Amounts in Norwegian kroner."
        )
    };
    Answered {
        code: "economy".to_owned(),
        question: question.in_lang(lang).to_owned(),
        text: text.in_lang(lang).to_owned(),
        from: Vec::new(),
    }
}

const fn not_known(lang: Lang) -> &'static str {
    match lang {
        Lang::Nb => "ikke kjent ennå",
        Lang::Nn => "ikkje kjent enno",
        Lang::En => "not known yet",
    }
}

/// Everything as one text: questions with their answers, then the table of costs and the payers.
pub(super) fn whole(report: &PayoutReport, lang: Lang) -> String {
    let mut text = format!("{} {}\n{} – {}\n", report.code, report.name, report.period_from, report.period_to);
    for answer in &report.questions {
        text.push_str(&format!("\n{}\n{}\n", answer.question, answer.text));
    }
    let amount =
        |ore: Option<i64>| ore.map_or_else(|| not_known(lang).to_owned(), |ore| kroner(ore).in_lang(lang).to_owned());
    let (head, sum, other) = match lang {
        Lang::Nb => ("Kostnad\tKostnadsplan\tPåløpt\tGjenstår", "Sum", "Uten kostnadstype"),
        Lang::Nn => ("Kostnad\tKostnadsplan\tPåkome\tStår att", "Sum", "Utan kostnadstype"),
        Lang::En => ("Cost\tCost plan\tSpent\tRemaining", "Total", "No category"),
    };
    if !report.costs.is_empty() {
        text.push_str(&format!("\n{head}\n"));
        let rows = report.costs.iter().map(|line| (line.category.as_deref().unwrap_or(other), line));
        for (name, line) in rows.chain([(sum, &report.costs_total)]) {
            let (plan, used, left) =
                (amount(line.approved_ore), amount(line.accumulated_ore), amount(line.remaining_ore));
            text.push_str(&format!("{name}\t{plan}\t{used}\t{left}\n"));
        }
    }
    for payer in &report.funding {
        let name = payer.organisation.as_ref().map_or("", |body| body.name.as_str());
        text.push_str(&format!("\n{name}: {}, {}", called(payer.state.label(), lang), amount(payer.amount_ore)));
    }
    text.trim_end().to_owned()
}
