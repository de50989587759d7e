//! Scopes of machines: a second total function beside the policy, which narrows what a caller may and never widens it.

use std::collections::HashMap;

pub use entity::clients::ClientScope as Scope;

use super::Caller;
use super::policy::{self, Area, Rights, Role, Sight};
use crate::problem::{Error, Problem, codes};
use crate::text;

/// Every scope, the least first.
pub const ALL: [Scope; 5] = [Scope::Status, Scope::Read, Scope::PoliticalWrite, Scope::Write, Scope::Archive];

/// What a caller wants to do with the records of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// To read them.
    Read,
    /// To write them.
    Write,
}

/// What each operation needs of a machine's token, by method and the pattern of its address.
#[derive(Debug, Default)]
pub struct Needs(HashMap<String, Vec<Scope>>);

impl Needs {
    /// Adds an operation, of whose scopes one is enough.
    pub fn add(&mut self, method: &str, path: &str, scopes: Vec<Scope>) {
        self.0.insert(format!("{method} {path}"), scopes);
    }

    /// The scopes of which one is enough; `None` for an operation that takes any token.
    #[must_use]
    pub fn of(&self, method: &str, path: &str) -> Option<&[Scope]> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.0.get(&format!("{method} {path}")).map(Vec::as_slice)
    }

    /// Lets a caller pass whose token reaches this far; people always pass.
    ///
    /// # Errors
    /// 403 `insufficient_scope`.
    pub fn met(&self, caller: &Caller, method: &str, path: &str) -> Result<(), Error> {
        let (Some(has), Some(needed)) = (&caller.scopes, self.of(method, path)) else { return Ok(()) };
        if needed.iter().any(|scope| has.contains(scope)) { Ok(()) } else { Err(insufficient(needed)) }
    }
}

/// The name of a scope in tokens.
#[must_use]
pub const fn code(scope: Scope) -> &'static str {
    match scope {
        Scope::Status => "framdrift:status",
        Scope::Read => "framdrift:read",
        Scope::Write => "framdrift:write",
        Scope::PoliticalWrite => "framdrift:political.write",
        Scope::Archive => "framdrift:archive",
    }
}

/// What a scope is for, as the document says it.
#[must_use]
pub const fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Status => "Read what an observer reads: the status, published reports and what else is published",
        Scope::Read => "Read all that the organisation reads",
        Scope::Write => "Read and write all that the organisation reads and writes",
        Scope::PoliticalWrite => {
            "Write matters, political cases and steps, and read all of them; of the rest, what an observer reads"
        }
        Scope::Archive => "Fetch what is to be archived and bring the receipts: read all that the organisation reads",
    }
}

/// The scope of a name.
#[must_use]
pub fn from_code(name: &str) -> Option<Scope> {
    ALL.into_iter().find(|scope| code(*scope) == name)
}

/// The most that a scope lets through. Nothing lets a machine approve, manage users and clients, or have a webhook: what a
/// webhook gets follows from a user.
#[must_use]
pub const fn lets(scope: Scope, area: Area) -> Rights {
    const READ: Rights = Rights { sight: Sight::All, write: false, approve: false };
    const WRITE: Rights = Rights { sight: Sight::All, write: true, approve: false };
    if matches!(area, Area::Users | Area::Webhooks) {
        return Rights { sight: Sight::Nothing, write: false, approve: false };
    }
    // The names of the directory are for every caller.
    let open = matches!(area, Area::Directory | Area::Programmes | Area::ServiceProfiles);
    match scope {
        Scope::Write => WRITE,
        Scope::Read | Scope::Archive => READ,
        Scope::PoliticalWrite if matches!(area, Area::Handling) => WRITE,
        Scope::Status | Scope::PoliticalWrite if open => READ,
        Scope::Status | Scope::PoliticalWrite => policy::rights(Role::Observer, area),
    }
}

/// The scopes of which one is enough for an act on an area, the least first; none where no machine may.
#[must_use]
pub fn enough(act: Act, area: Area) -> Vec<Scope> {
    let covers = |scope: &Scope| {
        let rights = lets(*scope, area);
        match act {
            Act::Read => rights.sight > Sight::Nothing,
            Act::Write => rights.write,
        }
    };
    ALL.into_iter().filter(covers).collect()
}

/// The problem of a token whose scopes are not enough (RFC 6750 §3.1); it names the least that would be.
#[must_use]
pub fn insufficient(needed: &[Scope]) -> Error {
    let names = needed.iter().map(|scope| code(*scope)).collect::<Vec<_>>().join(", ");
    let Some(least) = needed.first() else {
        return Problem::new(&codes::FORBIDDEN)
            .detail(text!(
                "dette gjør mennesker: ingen maskin har tilgang",
                "dette gjer menneske: ingen maskin har tilgang",
                "this is for people: no machine has access"
            ))
            .into();
    };
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", code(*least));
    Problem::new(&codes::INSUFFICIENT_SCOPE)
        .detail(text!(
            "tokenet trenger ett av disse scopene: {names}",
            "tokenet treng eitt av desse scopa: {names}",
            "the token needs one of these scopes: {names}"
        ))
        .header("WWW-Authenticate", challenge)
        .into()
}

/// The scopes of a list separated by blanks (RFC 6749 §3.3); what is not one of ours is passed over.
pub fn listed(text: &str) -> impl Iterator<Item = Scope> {
    text.split(' ').filter_map(from_code)
}

/// Scopes as a token carries them.
pub fn joined<'a>(scopes: impl IntoIterator<Item = &'a Scope>) -> String {
    scopes.into_iter().map(|scope| code(*scope)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{ALL, Act, Scope, code, enough, from_code, lets, listed};
    use crate::access::{Area, Sight};

    /// `-` nothing, `p` published, `r` all, `w` write: scope by area, in the order of the policy.
    #[test]
    fn scopes_let_through_what_this_table_says() {
        let row = |scope: Scope| {
            let cell = |area: Area| {
                let rights = lets(scope, area);
                assert!(!rights.approve, "no machine approves");
                match (rights.sight, rights.write) {
                    (Sight::Nothing, _) => '-',
                    (Sight::Published, _) => 'p',
                    (Sight::All, false) => 'r',
                    (Sight::All, true) => 'w',
                }
            };
            Area::ALL.into_iter().map(cell).collect::<String>()
        };
        // Directory, programmes, service profiles, users, project, goals, milestones, work, documents, decisions, control,
        // meetings, resolutions, handling, agreements, economy, reports, webhooks.
        for (scope, kept) in [
            (Scope::Status, "rrr-ppp-pp-pppppp-"),
            (Scope::Read, "rrr-rrrrrrrrrrrrr-"),
            (Scope::PoliticalWrite, "rrr-ppp-pp-ppwppp-"),
            (Scope::Write, "www-wwwwwwwwwwwww-"),
            (Scope::Archive, "rrr-rrrrrrrrrrrrr-"),
        ] {
            assert_eq!(row(scope), kept, "{scope:?}");
        }
    }

    #[test]
    fn the_least_scope_that_is_enough_comes_first() {
        assert_eq!(enough(Act::Read, Area::Milestones)[0], Scope::Status);
        assert_eq!(enough(Act::Read, Area::Work)[0], Scope::Read);
        assert_eq!(enough(Act::Write, Area::Handling), [Scope::PoliticalWrite, Scope::Write]);
        assert_eq!(enough(Act::Write, Area::Milestones), [Scope::Write]);
        assert!(enough(Act::Read, Area::Users).is_empty() && enough(Act::Write, Area::Webhooks).is_empty());
    }

    #[test]
    fn names_and_scopes_are_one_to_one() {
        for scope in ALL {
            assert_eq!(from_code(code(scope)), Some(scope));
            assert_eq!(serde_json::to_value(scope).ok(), Some(code(scope).into()));
        }
        let given: Vec<Scope> = listed("framdrift:read openid  framdrift:write Framdrift:status").collect();
        assert_eq!(given, [Scope::Read, Scope::Write]);
    }
}
