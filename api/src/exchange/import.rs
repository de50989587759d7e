//! In: every record of a document is created, changed or left as it is, in one transaction, all or nothing.
//!
//! A record is given whole: a field that is left out is cleared, except what was decided, which only those who may
//! decide change. A record that is left out stays as it is: an import never deletes. A document carries no versions,
//! so the last to write wins and the journal keeps what was before; who wants to be told instead sends the entity tag
//! of the document in `If-Match`.

use serde_json::{Map, Value};

use super::bring::{Outcome, bring};
use super::{Progress, reading};
use crate::access::Caller;
use crate::facts;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::Resource;
use crate::standard::read::find;
use crate::store::Write;
use crate::text;

/// Brings a document in. With faults nothing is to be committed: they are in the outcome, each with its pointer.
///
/// # Errors
/// When the database fails, or somebody else changes a record at the same time.
pub async fn import(
    write: &Write,
    caller: &Caller,
    resources: &'static [Resource],
    document: &Map<String, Value>,
    progress: Progress<'_>,
) -> Result<Outcome, Error> {
    let mut faults = Vec::new();
    let (project, items) = reading::read(resources, document, &mut faults);
    if !faults.is_empty() {
        return Ok(Outcome { project, errors: faults, ..Outcome::default() });
    }
    let here = items.iter().any(|item| item.resource.facts.path == "projects" && Some(item.id) == project);
    let mut outcome = bring(write, caller, project, items, progress).await?;
    outcome.project = project;
    if let (Some(id), Some(projects), false) = (project, facts::by_path("projects"), here) {
        match find(write.tx(), projects, caller, id, write.today()).await {
            Err(Error::Problem(problem)) if problem.code == &codes::NOT_FOUND => outcome.errors.push(no_project()),
            found => {
                found?;
            }
        }
    }
    Ok(outcome)
}

fn no_project() -> Fault {
    let message = text!(
        "prosjektet er verken i dokumentet eller her",
        "prosjektet er korkje i dokumentet eller her",
        "the project is neither in the document nor here"
    );
    Fault::at("/projectId", "no_such_record", message)
}

/// Most faults of a document that are told.
pub const MOST_FAULTS: usize = 1000;

impl Outcome {
    /// Every fault, rights first; of very many the first, and how many more there are.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let (all, most) = (self.refused.len() + self.errors.len(), self.most_faults.unwrap_or(MOST_FAULTS));
        let mut faults: Vec<Fault> = self.refused.iter().chain(&self.errors).take(most).cloned().collect();
        if let Some(more) = all.checked_sub(most).filter(|more| *more > 0) {
            faults.push(Fault::at(
                "",
                "more",
                text!("og {more} feil til", "og {more} feil til", "and {more} more faults"),
            ));
        }
        faults
    }

    /// The outcome of what may be committed.
    ///
    /// # Errors
    /// 403 when the caller may not write a record, 422 when something is not valid; both name the faults.
    pub fn sound(self) -> Result<Self, Error> {
        let refused = self.refused.len();
        if refused > 0 {
            let problem = Problem::new(&codes::FORBIDDEN).detail(text!(
                "rollen din gir ikke rett til å skrive {refused} av postene",
                "rolla di gir ikkje rett til å skrive {refused} av postane",
                "your role does not let you write {refused} of the records"
            ));
            return Err(problem.errors(self.faults()).into());
        }
        if self.errors.is_empty() { Ok(self) } else { Err(Error::invalid(self.faults())) }
    }
}
