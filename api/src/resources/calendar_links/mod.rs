//! Secret links to the calendar and the reports of a project, for programs that cannot send a token.
//!
//! Who sees a project may make one. It shows what observers see, and only as long as its maker is a user who sees the project. The
//! secret is told once and kept as its hash; links are no part of a project's document, and leave no trace in it. The secret is worked
//! out from the service's own key and the link, as those of webhooks are, so that a repeated request can be told it again.

pub mod about;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use entity::calendar_links;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::access::proof::keeps_own;
use crate::access::{Area, Caller, Create, Edit, Sight};
use crate::db::Db;
use crate::facts::{Row, row};
use crate::http::digest::hex;
use crate::http::{Answer, Call};
use crate::problem::{Error, Fault, Lang, Text, codes};
use crate::reports::{self, Asked};
use crate::standard::act::given;
use crate::standard::once::once_shown;
use crate::standard::{Resource, read};
use crate::store::Source;
use crate::text;

/// The facts of links. They stand in no table of contents: no list, report or document has them.
static LINKS: LazyLock<Resource> =
    LazyLock::new(|| Resource::of::<calendar_links::Entity>(Area::Project).stays().done());

/// Most links that one user has to a project.
const MOST: usize = 20;

/// Makes a link; its secret is told here and never again.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 403 for a machine; 422, also for one link too many.
pub async fn make(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let project = seen(&call, &caller)?;
    keeps_own(&caller)?;
    call.query()?.finish(&[])?;
    let body = call.optional_body().await?;
    let given = given(&about::wanted(), &body)?;
    let key = call.idempotency_key()?;
    let language = given.get("language").and_then(Value::as_str).unwrap_or(call.lang().tag()).to_owned();
    let id = Uuid::now_v7();
    let said = [
        ("id", id.to_string().into()),
        ("projectId", project.to_string().into()),
        ("name", given.get("name").cloned().unwrap_or_default()),
        ("language", language.into()),
        ("tokenSha256", hashed(&secret(&call.shared.webhook_key, id)).into()),
    ];
    let content: Map<String, Value> = said.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    let write = call.store.write(call.writer(&caller)?).await?;
    let show = |link: &mut Value| addressed(&call, link);
    once_shown(write, call.request.path(), key.as_deref(), &body, &show, async |write| {
        let links = found(write.tx(), project).await?;
        if links.iter().filter(|link| link.uuid("createdBy") == caller.actor.id).count() >= MOST {
            return Err(Error::invalid(vec![Fault::at("", "limit_reached", too_many())]));
        }
        let change = write.create(Create::own(LINKS.facts, &caller, Row(content))?).await?;
        write.record(LINKS.facts, &change, LINKS.event(&change)).await?;
        let location = format!("/api/v1/calendar-links/{id}");
        let answer = Answer::ok(shown(change.row())).status(201);
        Ok(answer.header("Location", location).unkept())
    })
    .await
}

/// Puts the addresses with their secret into the answer that shows a link.
fn addressed(call: &Call, link: &mut Value) {
    let id = link.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    if let Some((id, link)) = id.zip(link.as_object_mut()) {
        let (base, token) = (&call.shared.public_url, secret(&call.shared.webhook_key, id));
        link.insert("url".to_owned(), format!("{base}/calendar/{token}.ics").into());
        link.insert("feedUrl".to_owned(), format!("{base}/reports/{token}.atom").into());
    }
}

fn too_many() -> Text {
    text!(
        "du har {MOST} lenker til prosjektet: tilbakekall en av dem først",
        "du har {MOST} lenkjer til prosjektet: kall attende ei av dei fyrst",
        "you have {MOST} links to the project: revoke one of them first"
    )
}

/// Answers the links to a project: one's own, or all for who writes the project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn list(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let project = seen(&call, &caller)?;
    call.query()?.finish(&[])?;
    let links = found(&call.store.read, project).await?;
    let mine = links.into_iter().filter(|link| Edit::own(LINKS.facts, &caller, link.clone()).is_ok());
    let items: Vec<Value> = mine.map(|link| shown(&link)).collect();
    Ok(Answer::ok(json!({ "items": items })).into_response())
}

/// Revokes a link: from now on its address is that of nothing.
///
/// # Errors
/// 401; 404 for a link that is not there or is another's.
pub async fn revoke(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let link = by(write.tx(), "id", id).await?.ok_or(&codes::NOT_FOUND)?;
    let edit = Edit::own(LINKS.facts, &caller, link)?;
    call.query()?.finish(&[])?;
    let change = write.delete(edit).await?;
    write.record(LINKS.facts, &change, LINKS.event(&change)).await?;
    write.commit().await?;
    Ok(Answer::no_content().into_response())
}

/// Answers the calendar of a link.
///
/// # Errors
/// 404 for a link that is not there, is revoked, or whose maker no longer sees the project.
pub async fn calendar(call: Call) -> Result<HttpResponse, Error> {
    let asked = behind(&call).await?.as_text(&call, "ics")?;
    reports::calendar::told(&call, &asked).await
}

/// Answers the feed of a link.
///
/// # Errors
/// As [`calendar`].
pub async fn feed(call: Call) -> Result<HttpResponse, Error> {
    let asked = behind(&call).await?.as_text(&call, "atom")?;
    reports::feed::told(&call, &asked).await
}

/// What a link shows: what observers see of its project, while its maker sees it.
async fn behind(call: &Call) -> Result<Asked, Error> {
    let token = call.part("token");
    let db = &call.store.read;
    // Whoever tries secrets out learns nothing from the time it takes: what is looked up is a hash.
    let link = by(db, "token_sha256", hashed(&token)).await?.ok_or(&codes::NOT_FOUND)?;
    let (project, maker) = link.uuid("projectId").zip(link.uuid("createdBy")).ok_or(&codes::NOT_FOUND)?;
    let maker = Caller::of_user(db, maker, Utc::now().date_naive()).await?.ok_or(&codes::NOT_FOUND)?;
    if maker.rights(project, Area::Project).sight == Sight::Nothing {
        return Err((&codes::NOT_FOUND).into());
    }
    let lang = match link.text("language") {
        Some("nn") => Lang::Nn,
        Some("en") => Lang::En,
        _ => Lang::Nb,
    };
    Asked::by_link(call, project, lang).await
}

/// The project in the address, when the caller sees it.
fn seen(call: &Call, caller: &Caller) -> Result<Uuid, Error> {
    let project = read::id(call)?;
    if caller.rights(project, Area::Project).sight == Sight::Nothing {
        return Err((&codes::NOT_FOUND).into());
    }
    Ok(project)
}

async fn found(db: &impl Db, project: Uuid) -> Result<Vec<Row>, Error> {
    let mut query = row::select(LINKS.facts, Utc::now().date_naive());
    query.and_where(Expr::col("project_id").eq(project)).order_by("created_at", Order::Asc).order_by("id", Order::Asc);
    db.rows(LINKS.facts, &query).await
}

async fn by(db: &impl Db, column: &'static str, value: impl Into<sea_orm::Value>) -> Result<Option<Row>, Error> {
    let mut query = row::select(LINKS.facts, Utc::now().date_naive());
    query.and_where(Expr::col(column).eq(Expr::val(value)));
    db.row(LINKS.facts, &query).await
}

/// A link as its owner sees it: never the secret, not even its hash.
fn shown(link: &Row) -> Value {
    let fields = ["id", "projectId", "name", "language", "createdAt", "createdBy"];
    let members = fields.map(|field| (field.to_owned(), link.0.get(field).cloned().unwrap_or_default()));
    Value::Object(members.into_iter().collect())
}

/// The secret of a link, 256 bits as an address takes them: kept nowhere, and worked out by nobody without the service's own key.
fn secret(key: &[u8], link: Uuid) -> String {
    let mut context = hmac::Context::with_key(&Key::new(HMAC_SHA256, key));
    context.update(b"calendar link 1");
    context.update(link.as_bytes());
    URL_SAFE_NO_PAD.encode(context.sign())
}

fn hashed(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}
