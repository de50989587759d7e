//! Words of budgets, funding, costs and keys.

use super::Words;

#[rustfmt::skip]
pub(super) const WORDS: &[Words] = &[
    ("budget", ["Budsjett", "Budsjett", "Budget"]),
    ("budgetLine", ["Budsjettlinje", "Budsjettline", "Budget line"]),
    ("fundingSource", ["Finansieringskilde", "Finansieringskjelde", "Funding source"]),
    ("costKey", ["Fordelingsnøkkel", "Fordelingsnøkkel", "Cost key"]),
    ("category", ["Kategori", "Kategori", "Category"]),
    ("year", ["År", "År", "Year"]),
    ("amountOre", ["Beløp (kr)", "Beløp (kr)", "Amount (NOK)"]),
    ("hours", ["Timer", "Timar", "Hours"]),
    ("rateOre", ["Timesats (kr)", "Timesats (kr)", "Rate (NOK)"]),
    ("function", ["Funksjon", "Funksjon", "Function"]),
    ("accountType", ["Art", "Art", "Account type"]),
    ("scheme", ["Ordning", "Ordning", "Scheme"]),
    ("supportShare", ["Støtteandel", "Støttedel", "Share of support"]),
    ("reportDueOn", ["Rapporteringsfrist", "Rapporteringsfrist", "Report due on"]),
    ("incurredOn", ["Påløpt", "Påkomen", "Incurred on"]),
    ("supplier", ["Leverandør", "Leverandør", "Supplier"]),
    ("voucher", ["Bilag", "Bilag", "Voucher"]),
    ("workedOn", ["Arbeidet", "Arbeidd", "Worked on"]),
    ("countsAsFunding", ["Teller som finansiering", "Tel som finansiering", "Counts as funding"]),
    ("components", ["Komponenter", "Komponentar", "Components"]),
    ("weight", ["Vekt", "Vekt", "Weight"]),
    ("figures", ["Tall", "Tal", "Figures"]),
    ("population", ["Folketall", "Folketal", "Population"]),
    ("fte", ["Årsverk", "Årsverk", "FTE"]),
    ("use", ["Bruk", "Bruk", "Use"]),
    ("custom", ["Egendefinert", "Eigendefinert", "Custom"]),
    ("referenceOn", ["Tall per", "Tal per", "Figures as of"]),
    ("adoptedByMatter", ["Vedtatt i sak", "Vedteke i sak", "Adopted by matter"]),
];
