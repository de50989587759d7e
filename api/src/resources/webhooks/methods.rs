//! What a webhook can do beside the standard methods: a test, a new secret, a delivery once more.

use actix_web::HttpResponse;
use serde_json::json;

use crate::access::Edit;
use crate::facts::{Row, row};
use crate::http::Call;
use crate::problem::{Error, Problem, codes};
use crate::standard::act::{Right, act, given, nothing};
use crate::standard::consequence::fields;
use crate::standard::once::once;
use crate::standard::read::{find, id, written};
use crate::standard::{Resource, by_path};
use crate::store::Write;
use crate::text;

/// `POST /webhooks/{id}/test`: sends an event that tells nothing, to see whether it arrives.
///
/// # Errors
/// 401, 404, 403.
pub async fn test(call: Call) -> Result<HttpResponse, Error> {
    let webhooks = by_path("webhooks")?;
    on_one(call, webhooks, async |write, edit, caller| {
        let (_, webhook) = edit.into_parts();
        let delivery = write.enqueue_test(webhook.id(), webhook.uuid("projectId"), "webhook.test").await?;
        let answer = written(write, by_path("webhook-deliveries")?.facts, caller, delivery).await?.status(201);
        Ok(answer.header("Location", format!("/api/v1/webhook-deliveries/{delivery}")))
    })
    .await
}

/// `POST /webhook-deliveries/{id}/redeliver`: sends a delivery once more, under the same identifier.
///
/// # Errors
/// 401, 404, 403; 409 while the webhook is disabled.
pub async fn redeliver(call: Call) -> Result<HttpResponse, Error> {
    let deliveries = by_path("webhook-deliveries")?;
    on_one(call, deliveries, async |write, edit, caller| {
        let (facts, delivery) = edit.into_parts();
        let webhook = delivery.uuid("webhookId").unwrap_or_default();
        let webhook = find(write.tx(), by_path("webhooks")?.facts, caller, webhook, write.today()).await?;
        enabled(&webhook)?;
        write.redeliver(delivery.id()).await?;
        written(write, facts, caller, delivery.id()).await
    })
    .await
}

fn enabled(webhook: &Row) -> Result<(), Error> {
    if webhook.text("state") == Some("active") {
        return Ok(());
    }
    let detail = text!(
        "webhooken er slått av: sett state til active først",
        "webhooken er slått av: set state til active først",
        "the webhook is disabled: set its state to active first"
    );
    Err(Problem::new(&codes::WRONG_STATE).detail(detail).into())
}

/// `POST /webhooks/{id}/rotate-secret`: a new secret, shown once; for 24 hours the old one signs too.
///
/// # Errors
/// 401, 404, 403, 428, 412.
pub async fn rotate(call: Call) -> Result<HttpResponse, Error> {
    act("webhooks", call, Right::Write, &nothing(), async |write, edit, _| {
        let version = edit.row().0.get("secretVersion").and_then(serde_json::Value::as_i64).unwrap_or(1);
        let rotated = json!({ "secretVersion": version + 1, "secretRotatedAt": row::instant(write.now()) });
        write.change(edit, &fields(rotated)).await
    })
    .await
}

/// A method on one record that makes no version of it, for who may write it.
async fn on_one<W>(call: Call, resource: &'static Resource, work: W) -> Result<HttpResponse, Error>
where
    W: AsyncFnOnce(&Write, Edit, &crate::access::Caller) -> Result<crate::http::Answer, Error>,
{
    let caller = call.caller().await?;
    let id = id(&call)?;
    let body = call.optional_body().await;
    let key = call.idempotency_key()?.filter(|_| body.is_ok());
    let sent = body.as_deref().unwrap_or_default().to_vec();
    let write = call.store.write(call.writer(&caller)?).await?;
    once(write, call.request.path(), key.as_deref(), &sent, async |write| {
        let row = find(write.tx(), resource.facts, &caller, id, write.today()).await?;
        let edit = Edit::allowed(write.tx(), resource.facts, &caller, row).await?;
        call.query()?.finish(&[])?;
        given(&nothing(), &body?)?;
        work(write, edit, &caller).await
    })
    .await
}
