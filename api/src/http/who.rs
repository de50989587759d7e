//! Who calls: by the token that is shown, as it is now.

use actix_web::http::header;
use chrono::Utc;

use super::call::{Call, Shared};
use super::frame::Frame;
use super::near::is_of_the_database;
use crate::access::Caller;
use crate::access::recent::Fingerprint;
use crate::access::token::{authenticate, invalid_token};
use crate::problem::{Error, Problem, codes};
use crate::store::{Store, Write, callers};

/// Longest `Authorization` that is looked at, in bytes.
const LONGEST_TOKEN: usize = 8192;

/// Who calls as far as is known without asking.
#[derive(Debug)]
pub struct Presumed {
    /// The caller.
    pub caller: Caller,
    /// How often what callers hang on had been written then; none when it is known.
    count: Option<u64>,
}

impl Shared {
    /// Who a token stands for, as it is now.
    ///
    /// # Errors
    /// 401 when it does not hold, 403 for a caller that is not known here.
    pub async fn caller(&self, store: &Store, token: &str, known_by: Fingerprint) -> Result<Caller, Error> {
        let (count, now) = (callers(store).await?, Utc::now());
        if let Some(caller) = self.recent.get(known_by, count, now) {
            return Ok(caller);
        }
        let (caller, ends) = authenticate(&self.issuer, &self.others, store.first(), token).await?;
        if let Some(ends) = ends {
            self.recent.put(known_by, &caller, ends, count, now);
        }
        Ok(caller)
    }
}

impl Call {
    /// Who calls.
    ///
    /// # Errors
    /// 401 without a valid token, 429 for who comes too often.
    pub async fn caller(&self) -> Result<Caller, Error> {
        let token = self.bearer().map_err(|error| self.turned_away(error))?;
        let known_by = Fingerprint::of(&token);
        self.at_the_gate(known_by)?;
        let found = self.shared.caller(&self.store, &token, known_by).await;
        let caller = found.map_err(|error| self.turned_away(error))?;
        self.through_the_gate(known_by, &caller).await?;
        self.may_come(&caller)?;
        Ok(caller)
    }

    /// Who calls, and what is found for it. Where the count of what callers hang on stands in the database, what is read
    /// brings it along: who was known lately is asked for at once, in one round trip, and told only if the count is still
    /// the same. Else, and if anything is not found or wrong, it is asked for anew for the caller as it is now.
    ///
    /// # Errors
    /// As [`Self::caller`]; what the question fails with.
    pub async fn finding<T>(
        &self,
        ask: impl AsyncFn(&Caller) -> Result<(T, Option<u64>), Error>,
    ) -> Result<(Presumed, T), Error> {
        if let Some((caller, count)) = self.presumed().await? {
            match ask(&caller).await {
                Ok((found, Some(now))) if now == count => return Ok((Presumed { caller, count: Some(count) }, found)),
                // Whoever it is: the database would keep it waiting once more.
                Err(error) if is_of_the_database(&error) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        let caller = self.caller().await?;
        let (found, _) = ask(&caller).await?;
        Ok((Presumed { caller, count: None }, found))
    }

    /// Who calls, or where it would take a round trip to know that, who called with this token lately: what is written for it holds
    /// only if [`Self::writing`] finds that it still is.
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub async fn presumably(&self) -> Result<Presumed, Error> {
        Ok(match self.presumed().await? {
            Some((caller, count)) => Presumed { caller, count: Some(count) },
            None => Presumed { caller: self.caller().await?, count: None },
        })
    }

    /// Opens the door for who presumably calls, and does something there that ends with the commit. Who it was lately is proven in
    /// the same transaction, on its way: if it is somebody else by now, it is done anew for the caller as it is.
    ///
    /// # Errors
    /// As [`Self::caller`]; what is done fails with.
    pub async fn writing<T>(
        &self,
        presumed: &Presumed,
        work: impl AsyncFn(&Caller, Write) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let write = self.store.write(self.writer(&presumed.caller)?).await?;
        let Some(count) = presumed.count else { return work(&presumed.caller, write).await };
        write.holds_while(count);
        let done = work(&presumed.caller, write).await;
        match done {
            Err(error) if !is_of_the_database(&error) && callers(&self.store).await? != count => {}
            done => return done,
        }
        let caller = self.caller().await?;
        let write = self.store.write(self.writer(&caller)?).await?;
        work(&caller, write).await
    }

    /// Who called with this token lately, where it would take a round trip to know who it is now.
    async fn presumed(&self) -> Result<Option<(Caller, u64)>, Error> {
        if self.store.knows_callers() {
            return Ok(None);
        }
        let Ok(token) = self.bearer() else { return Ok(None) };
        let known_by = Fingerprint::of(&token);
        let Some((caller, count)) = self.shared.recent.presumed(known_by, Utc::now()) else { return Ok(None) };
        self.at_the_gate(known_by)?;
        self.through_the_gate(known_by, &caller).await?;
        Ok(self.may_come(&caller).is_ok().then_some((caller, count)))
    }

    fn may_come(&self, caller: &Caller) -> Result<(), Error> {
        let pattern = Frame::pattern_of(&self.request).unwrap_or_default();
        self.shared.needs.met(caller, self.request.method().as_str(), pattern)
    }

    /// The token that the caller shows, not yet checked.
    ///
    /// # Errors
    /// 401 without one.
    pub fn bearer(&self) -> Result<String, Error> {
        let value = self.header(&header::AUTHORIZATION)?.ok_or_else(unauthenticated)?;
        let (scheme, token) = value.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        if value.len() > LONGEST_TOKEN {
            return Err(invalid_token());
        }
        Ok(token.trim_start_matches(' ').to_owned())
    }
}

fn unauthenticated() -> Error {
    Problem::new(&codes::UNAUTHENTICATED).header("WWW-Authenticate", "Bearer").into()
}
