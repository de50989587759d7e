//! Bare handlers: one or two hand-written statements each, with the settings of the service.

use std::io;
use std::time::Duration;

use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::Utc;
use clap::Args;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::types::Json;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::rows::{COLUMNS, Change, Milestone, New, Page};

/// What is served, and where.
#[derive(Args)]
pub struct Options {
    /// The SQLite file, or `postgres://…`.
    database: String,
    /// The address to listen on.
    #[arg(long)]
    listen: String,
    /// Worker threads.
    #[arg(long, default_value_t = 2)]
    workers: usize,
}

/// Serves until it is stopped.
pub fn run(options: Options) -> io::Result<()> {
    actix_web::rt::System::new().block_on(serve(options))
}

async fn serve(options: Options) -> io::Result<()> {
    let Options { database, listen, workers } = options;
    if database.starts_with("postgres:") {
        let server = HttpServer::new(move || {
            let database = database.clone();
            // A pool for each worker: a connection stays with the reactor that opened it.
            let pool = move || {
                let database = database.clone();
                async move {
                    let options: PgConnectOptions = database.parse()?;
                    let pool = PgPoolOptions::new().max_connections(4).test_before_acquire(false);
                    let pool = pool.connect_with(options.statement_cache_capacity(256)).await?;
                    Ok::<_, sqlx::Error>(postgres::Store { read: pool.clone(), write: pool })
                }
            };
            App::new().data_factory(pool).configure(postgres::routes)
        });
        return server.workers(workers).bind(listen)?.run().await;
    }
    let options = SqliteConnectOptions::new()
        .filename(&database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("cache_size", "-4096")
        .pragma("temp_store", "memory")
        .pragma("secure_delete", "ON");
    let pool = |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
    let readers = u32::try_from(workers).unwrap_or(1);
    let read = pool(readers).connect_with(options.clone()).await.map_err(io::Error::other)?;
    let write = pool(1).connect_with(options).await.map_err(io::Error::other)?;
    let store = web::Data::new(sqlite::Store { read, write });
    let server = HttpServer::new(move || App::new().app_data(store.clone()).configure(sqlite::routes));
    server.workers(workers).bind(listen)?.run().await
}

/// The same handlers for a pool of either engine.
macro_rules! handlers {
    ($engine:ident, $pool:ty, $row:ty, $begin:literal) => {
        impl FromRow<'_, $row> for Milestone {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get(0)?,
                    version: row.try_get(1)?,
                    created_at: row.try_get(2)?,
                    created_by: row.try_get(3)?,
                    updated_at: row.try_get(4)?,
                    updated_by: row.try_get(5)?,
                    project_id: row.try_get(6)?,
                    number: row.try_get(7)?,
                    title: row.try_get(8)?,
                    activity_id: row.try_get(9)?,
                    planned_on: row.try_get(10)?,
                    forecast_on: row.try_get(11)?,
                    met_on: row.try_get(12)?,
                    cancelled_on: row.try_get(13)?,
                    kind: row.try_get(14)?,
                    internal: row.try_get(15)?,
                    requires_document: row.try_get(16)?,
                    matter_id: row.try_get(17)?,
                    matter_state: row.try_get(18)?,
                    status: row.try_get(19)?,
                })
            }
        }

        mod $engine {
            use super::*;

            pub struct Store {
                pub read: $pool,
                pub write: $pool,
            }

            type Answer = actix_web::Result<HttpResponse>;

            pub fn routes(app: &mut web::ServiceConfig) {
                app.route("/milestones/{id}", web::get().to(one))
                    .route("/milestones/{id}", web::patch().to(change))
                    .route("/milestones", web::post().to(create))
                    .route("/projects/{id}/milestones", web::get().to(page))
                    .route("/projects/{id}/milestones/after/{on}/{last}", web::get().to(deep));
            }

            async fn found(store: &Store, id: Uuid) -> actix_web::Result<Milestone> {
                let sql = format!("SELECT {COLUMNS} FROM milestones WHERE id = $2");
                let query = sqlx::query_as::<_, Milestone>(sqlx::AssertSqlSafe(sql)).bind(Utc::now().date_naive()).bind(id);
                query.fetch_one(&store.read).await.map_err(ErrorInternalServerError)
            }

            async fn one(request: HttpRequest, id: web::Path<Uuid>, store: web::Data<Store>) -> Answer {
                let milestone = found(&store, *id).await?;
                let tag = HeaderValue::from_str(&format!("\"{}\"", milestone.version)).map_err(ErrorInternalServerError)?;
                if request.headers().get(IF_NONE_MATCH) == Some(&tag) {
                    return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
                }
                Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(milestone))
            }

            async fn page(id: web::Path<Uuid>, store: web::Data<Store>) -> Answer {
                let sql = format!(
                    "SELECT {COLUMNS} FROM milestones WHERE project_id = $2 AND internal = false ORDER BY planned_on, id LIMIT 51"
                );
                let query = sqlx::query_as::<_, Milestone>(sqlx::AssertSqlSafe(sql)).bind(Utc::now().date_naive()).bind(*id);
                paged(query.fetch_all(&store.read).await.map_err(ErrorInternalServerError)?)
            }

            async fn deep(path: web::Path<(Uuid, chrono::NaiveDate, Uuid)>, store: web::Data<Store>) -> Answer {
                let (project, on, last) = *path;
                let sql = format!(
                    "SELECT {COLUMNS} FROM milestones WHERE project_id = $2 AND internal = false AND (planned_on, id) > ($3, $4) \
                     ORDER BY planned_on, id LIMIT 51"
                );
                let query = sqlx::query_as::<_, Milestone>(sqlx::AssertSqlSafe(sql));
                let query = query.bind(Utc::now().date_naive()).bind(project).bind(on).bind(last);
                paged(query.fetch_all(&store.read).await.map_err(ErrorInternalServerError)?)
            }

            fn paged(mut items: Vec<Milestone>) -> Answer {
                let next = (items.len() > 50).then(|| items.swap_remove(50).id.to_string());
                Ok(HttpResponse::Ok().json(Page { items, next }))
            }

            async fn create(new: web::Json<New>, store: web::Data<Store>) -> Answer {
                let id = Uuid::now_v7();
                let done = async {
                    let mut tx = store.write.begin_with($begin).await?;
                    let sql = "INSERT INTO milestones (id, version, created_at, updated_at, search_text, project_id, number, title, \
                               planned_on, internal, requires_document) VALUES ($1, 1, $2, $2, $3, $4, $5, $3, $6, false, false)";
                    let query = sqlx::query(sql).bind(id).bind(Utc::now()).bind(&new.title);
                    query.bind(new.project_id).bind(&new.number).bind(new.planned_on).execute(&mut *tx).await?;
                    noted(&mut tx, id, new.project_id, 1, &json!({ "id": id, "title": new.title, "number": new.number })).await?;
                    tx.commit().await
                };
                done.await.map_err(ErrorInternalServerError)?;
                Ok(HttpResponse::Created().json(found(&store, id).await?))
            }

            async fn change(id: web::Path<Uuid>, new: web::Json<Change>, store: web::Data<Store>) -> Answer {
                let before = found(&store, *id).await?;
                let done = async {
                    let mut tx = store.write.begin_with($begin).await?;
                    let sql = "UPDATE milestones SET version = version + 1, updated_at = $1, title = $2 WHERE id = $3 AND version = $4";
                    let query = sqlx::query(sql).bind(Utc::now()).bind(&new.title).bind(*id).bind(before.version);
                    query.execute(&mut *tx).await?;
                    let after = json!({ "id": *id, "title": new.title, "number": before.number });
                    noted(&mut tx, *id, before.project_id, before.version + 1, &after).await?;
                    tx.commit().await
                };
                done.await.map_err(ErrorInternalServerError)?;
                Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{}\"", before.version + 1))).json(found(&store, *id).await?))
            }

            async fn noted(
                tx: &mut <<$pool as Pooled>::Engine as sqlx::Database>::Connection,
                id: Uuid,
                project: Uuid,
                version: i64,
                after: &serde_json::Value,
            ) -> sqlx::Result<()> {
                let sql = "INSERT INTO journal (event, record_kind, record_id, project_id, version, actor_kind, at, after) \
                           VALUES ('milestone.changed', 'milestone', $1, $2, $3, 'user', $4, $5)";
                let query = sqlx::query(sql).bind(id).bind(project).bind(version).bind(Utc::now()).bind(Json(after));
                query.execute(tx).await.map(|_| ())
            }
        }
    };
}

/// The engine of a pool.
trait Pooled {
    type Engine: sqlx::Database;
}

impl<D: sqlx::Database> Pooled for sqlx::Pool<D> {
    type Engine = D;
}

handlers!(sqlite, SqlitePool, SqliteRow, "BEGIN IMMEDIATE");
handlers!(postgres, PgPool, PgRow, "BEGIN");
