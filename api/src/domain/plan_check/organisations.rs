//! Rules on the names of organisations: two names of one body, and the wrong one of its names.

use std::collections::{HashMap, HashSet};

use entity::documents::{self, Entity as Document};
use entity::organisations::{AltNameKind, Entity as Organisation, Model};
use serde_json::json;
use uuid::Uuid;

use super::finding::Found;
use super::plan::Plan;
use crate::domain::names::{Folded, Likeness, doubles};
use crate::problem::Text;
use crate::text;

/// Two organisations with nearly the same name, said of the later one. Two that have different organisation numbers,
/// or different municipality numbers, are two; and a part of a body may bear its name.
pub(super) fn near_duplicate(plan: &Plan<'_>) -> Vec<Found> {
    let all = &plan.picture.organisations;
    let names: Vec<Folded> = all.iter().map(|organisation| Folded::of(&organisation.name)).collect();
    let codes = codes(plan);
    let apart = |a: usize, b: usize| match (all.get(a), all.get(b)) {
        (Some(a), Some(b)) => are_two(a, b, &codes),
        _ => true,
    };
    let found = doubles(&names, apart).into_iter().filter_map(|(later, earlier, likeness)| {
        let (later, earlier) = (all.get(later)?, all.get(earlier)?);
        Some(Found::at::<Organisation>(later.id, "/name", alike(&later.name, &earlier.name, likeness)))
    });
    found.collect()
}

fn codes<'a>(plan: &Plan<'a>) -> HashMap<Uuid, HashSet<&'a str>> {
    let mut codes: HashMap<Uuid, HashSet<&str>> = HashMap::new();
    for code in &plan.picture.municipality_codes {
        codes.entry(code.organisation_id).or_default().insert(&code.code);
    }
    codes
}

fn are_two(a: &Model, b: &Model, codes: &HashMap<Uuid, HashSet<&str>>) -> bool {
    let numbers = a.org_number.is_some() && b.org_number.is_some() && a.org_number != b.org_number;
    let related = a.parent_id == Some(b.id) || b.parent_id == Some(a.id);
    let both = codes.get(&a.id).zip(codes.get(&b.id));
    numbers || related || both.is_some_and(|(a, b)| a.is_disjoint(b))
}

fn alike(later: &str, earlier: &str, likeness: Likeness) -> Text {
    match likeness {
        Likeness::Form => text!(
            "«{later}» og «{earlier}» skiller seg bare i skrivemåte eller selskapsform: er de én og samme?",
            "«{later}» og «{earlier}» skil seg berre i skrivemåte eller selskapsform: er dei ein og same?",
            "“{later}” and “{earlier}” differ only in spelling or company form: are they one and the same?"
        ),
        Likeness::Transposed => text!(
            "«{later}» og «{earlier}» skiller seg bare ved at to bokstaver har byttet plass: er de én og samme?",
            "«{later}» og «{earlier}» skil seg berre ved at to bokstavar har bytt plass: er dei ein og same?",
            "“{later}” and “{earlier}” differ only by two letters that have changed places: are they one and the same?"
        ),
        Likeness::OneLetter => text!(
            "«{later}» og «{earlier}» skiller seg bare i én bokstav: er de én og samme?",
            "«{later}» og «{earlier}» skil seg berre i éin bokstav: er dei ein og same?",
            "“{later}” and “{earlier}” differ in one letter only: are they one and the same?"
        ),
    }
}

/// An alias or a misspelling where the official name should stand: as the name of another organisation, as sender or
/// recipient of a document, which the journal is to name rightly (arkivforskrifta § 15); and every known misspelling,
/// which is known because the sources have it. That a body has an alias is no finding.
pub(super) fn alias_used(plan: &Plan<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = plan.picture.organisations.iter().flat_map(misspellings).collect();
    let aliases = Aliases::of(plan);
    let named = plan.picture.organisations.iter().filter_map(|organisation| {
        let other = aliases.bearer(&organisation.name).filter(|other| other.id != organisation.id)?;
        let (name, official) = (&organisation.name, &other.name);
        Some(Found::at::<Organisation>(organisation.id, "/name", used(name, official)))
    });
    found.extend(named);
    found.extend(plan.documents.iter().flat_map(|document| addressed(document, &aliases)));
    found
}

fn misspellings(organisation: &Model) -> Vec<Found> {
    let names = organisation.alt_names.0.iter().enumerate();
    let wrong = names.filter(|(_, name)| name.kind == AltNameKind::Misspelling);
    let found = wrong.map(|(index, wrong)| {
        let (wrong, official) = (&wrong.name, &organisation.name);
        let message = text!(
            "«{wrong}» er en feilskriving av {official} som står i kildene; bruk det offisielle navnet.",
            "«{wrong}» er ei feilskriving av {official} som står i kjeldene; bruk det offisielle namnet.",
            "“{wrong}” is a misspelling of {official} that stands in the sources; use the official name."
        );
        Found::at::<Organisation>(organisation.id, &format!("/altNames/{index}"), message)
    });
    found.collect()
}

fn addressed(document: &documents::Model, aliases: &Aliases<'_>) -> Vec<Found> {
    let fields = [("sender", &document.sender), ("recipient", &document.recipient)];
    let found = fields.into_iter().filter_map(|(field, written)| {
        let written = written.as_deref()?;
        if aliases.official.contains(written) {
            return None;
        }
        let official = &aliases.bearer(written)?.name;
        let found = Found::at::<Document>(document.id, &format!("/{field}"), used(written, official));
        Some(found.suggesting(json!({ field: official })))
    });
    found.collect()
}

fn used(written: &str, official: &str) -> Text {
    text!(
        "«{written}» er et annet navn på {official}; her skulle det offisielle navnet stått.",
        "«{written}» er eit anna namn på {official}; her skulle det offisielle namnet ha stått.",
        "“{written}” is another name of {official}; the official name should stand here."
    )
}

/// Aliases and misspellings, as they are written, with the one organisation that each is of.
struct Aliases<'a> {
    of: HashMap<&'a str, Option<&'a Model>>,
    official: HashSet<&'a str>,
}

impl<'a> Aliases<'a> {
    fn of(plan: &Plan<'a>) -> Self {
        let mut of = HashMap::new();
        let mut official = HashSet::new();
        for organisation in &plan.picture.organisations {
            official.insert(organisation.name.as_str());
            for name in &organisation.alt_names.0 {
                match name.kind {
                    AltNameKind::Official => {
                        official.insert(name.name.as_str());
                    }
                    AltNameKind::Alias | AltNameKind::Misspelling => {
                        of.entry(name.name.as_str()).and_modify(|one| *one = None).or_insert(Some(organisation));
                    }
                    AltNameKind::Short => {}
                }
            }
        }
        Self { of, official }
    }

    /// The organisation whose alias it is; `None` when it is nobody's, or of more than one.
    fn bearer(&self, written: &str) -> Option<&'a Model> {
        self.of.get(written).copied().flatten()
    }
}
