//! Where a request that only reads is answered from: a standby that holds all that was committed before it, else the primary.
//!
//! This is the one place that decides. Rights come from the primary in any case: the question how often what callers hang on was
//! written, which every request puts to it, also asks how far it has written at all.

use actix_web::HttpResponse;

use super::call::Call;
use crate::access::recent::Fingerprint;
use crate::problem::{Error, codes};

/// Answers a request that only reads. What the standby cannot answer, or does not because it is gone meanwhile, the primary does.
///
/// # Errors
/// What the handler says; of the standby alone nothing.
pub async fn read<F>(handler: impl Fn(Call) -> F, call: Call) -> Result<HttpResponse, Error>
where
    F: Future<Output = Result<HttpResponse, Error>>,
{
    let Some(standby) = call.store.standby().cloned() else { return handler(call).await };
    // A request without a token, or of somebody who has come too often, costs no question here either.
    if let Ok(token) = call.bearer() {
        call.at_the_gate(Fingerprint::of(&token))?;
        // Whatever this question fails with, the handler will meet and say.
        if let Ok(Some(store)) = call.store.near().await {
            let tried = tokio::select! {
                answer = handler(call.again(store)) => Some(answer),
                () = standby.gone() => None,
            };
            match tried {
                Some(Err(error)) if is_of_the_database(&error) => standby.lost(),
                Some(answer) => {
                    call.shared.metrics.read_from("standby");
                    return answer;
                }
                None => {}
            }
        }
    }
    call.shared.metrics.read_from("primary");
    handler(call).await
}

/// Whether it is the database that failed, not what was asked.
pub(super) fn is_of_the_database(error: &Error) -> bool {
    match error {
        Error::Database(_) => true,
        Error::Problem(problem) => problem.code.name == codes::UNAVAILABLE.name,
        Error::Internal { .. } => false,
    }
}
