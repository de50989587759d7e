//! `POST /status-reports/{id}/signatures`: an organisation puts its name to a published report.

use actix_web::HttpResponse;
use serde_json::Value;

use super::about::signing;
use crate::access::proof::writes_some;
use crate::http::{Call, json};
use crate::problem::Error;
use crate::standard::act::given;
use crate::standard::create::created;
use crate::standard::{self, once, read};

/// Signs a report: the same record, rules and rights as `POST /report-signatures`.
///
/// # Errors
/// 401, 404, 403, 409, 422.
pub async fn sign(call: Call) -> Result<HttpResponse, Error> {
    let resource = standard::by_path("report-signatures")?;
    let reports = standard::by_path("status-reports")?;
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let body = call.body(&["application/json"]).await;
    // A body that cannot be read claims no key: what is wrong with it is told after who may.
    let key = call.idempotency_key()?.filter(|_| body.is_ok());
    let sent = body.as_deref().unwrap_or_default().to_vec();
    let write = call.store.write(call.writer(&caller)?).await?;
    let path = call.request.path();
    once::once(write, path, key.as_deref(), &sent, async |write| {
        let report = read::find(write.tx(), reports.facts, &caller, id, write.today()).await?;
        writes_some(resource.facts, &caller, report.uuid("projectId").unwrap_or_default())?;
        call.query()?.finish(&[])?;
        let body = body?;
        json::object(&body)?;
        let mut content = given(&signing(), &body)?;
        content.insert("projectId".to_owned(), report.0.get("projectId").cloned().unwrap_or_default());
        content.insert("reportId".to_owned(), Value::from(id.to_string()));
        created(resource, write, &caller, content).await
    })
    .await
}
