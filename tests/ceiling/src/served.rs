//! Bare handlers: one or two hand-written statements each, with the settings of the service.

use std::error::Error;
use std::io;

use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::NaiveDate;
use clap::Args;
use uuid::Uuid;

use crate::rows::{Change, Milestone, New, Page};
use crate::{higher, pools};

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
    /// The higher ceiling, without a pool: reads of SQLite in the worker's thread and its writes in one thread, many in a commit;
    /// on PostgreSQL questions that do not wait for the answers before them.
    #[arg(long)]
    higher: bool,
}

/// What went wrong.
pub type Fault = Box<dyn Error + Send + Sync>;

/// Where the rows are.
pub trait Rows: 'static {
    /// A milestone.
    async fn one(&self, id: Uuid) -> Result<Milestone, Fault>;

    /// The first 51 milestones of a project that are not internal, in the order of their days; or those after one of them.
    async fn page(&self, project: Uuid, after: Option<(NaiveDate, Uuid)>) -> Result<Vec<Milestone>, Fault>;

    /// Adds a milestone and an entry of the journal, durably.
    async fn create(&self, id: Uuid, new: New) -> Result<(), Fault>;

    /// Changes a milestone if it is still what it was, and adds an entry, durably.
    async fn change(&self, before: Milestone, title: String) -> Result<(), Fault>;
}

/// Serves until it is stopped.
pub fn run(options: Options) -> io::Result<()> {
    actix_web::rt::System::new().block_on(async {
        match (options.database.starts_with("postgres:"), options.higher) {
            (true, false) => serve(&options, pools::postgres(&options.database)?).await,
            (false, false) => serve(&options, pools::sqlite(&options.database, options.workers).await?).await,
            (true, true) => serve(&options, higher::postgres(&options.database)?).await,
            (false, true) => serve(&options, higher::sqlite(&options.database)?).await,
        }
    })
}

/// Serves rows that each worker opens for itself.
async fn serve<R: Rows>(
    options: &Options,
    open: impl AsyncFn() -> Result<R, Fault> + Clone + Send + 'static,
) -> io::Result<()> {
    let server = HttpServer::new(move || {
        let open = open.clone();
        let opened = move || {
            let open = open.clone();
            async move { open().await }
        };
        App::new().data_factory(opened).configure(routes::<R>)
    });
    server.workers(options.workers).bind(&options.listen)?.run().await
}

type Answer = actix_web::Result<HttpResponse>;

fn routes<R: Rows>(app: &mut web::ServiceConfig) {
    app.route("/milestones/{id}", web::get().to(one::<R>))
        .route("/milestones/{id}", web::patch().to(change::<R>))
        .route("/milestones", web::post().to(create::<R>))
        .route("/projects/{id}/milestones", web::get().to(page::<R>))
        .route("/projects/{id}/milestones/after/{on}/{last}", web::get().to(deep::<R>));
}

async fn one<R: Rows>(request: HttpRequest, id: web::Path<Uuid>, rows: web::Data<R>) -> Answer {
    let milestone = rows.one(*id).await.map_err(ErrorInternalServerError)?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", milestone.version)).map_err(ErrorInternalServerError)?;
    if request.headers().get(IF_NONE_MATCH) == Some(&tag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(milestone))
}

async fn page<R: Rows>(id: web::Path<Uuid>, rows: web::Data<R>) -> Answer {
    paged(rows.page(*id, None).await)
}

async fn deep<R: Rows>(path: web::Path<(Uuid, NaiveDate, Uuid)>, rows: web::Data<R>) -> Answer {
    let (project, on, last) = *path;
    paged(rows.page(project, Some((on, last))).await)
}

fn paged(found: Result<Vec<Milestone>, Fault>) -> Answer {
    let mut items = found.map_err(ErrorInternalServerError)?;
    let next = (items.len() > 50).then(|| items.swap_remove(50).id.to_string());
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

async fn create<R: Rows>(new: web::Json<New>, rows: web::Data<R>) -> Answer {
    let id = Uuid::now_v7();
    rows.create(id, new.into_inner()).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().json(rows.one(id).await.map_err(ErrorInternalServerError)?))
}

async fn change<R: Rows>(id: web::Path<Uuid>, new: web::Json<Change>, rows: web::Data<R>) -> Answer {
    let before = rows.one(*id).await.map_err(ErrorInternalServerError)?;
    let tag = format!("\"{}\"", before.version + 1);
    rows.change(before, new.into_inner().title).await.map_err(ErrorInternalServerError)?;
    let after = rows.one(*id).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(after))
}
