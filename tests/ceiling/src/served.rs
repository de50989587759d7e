//! Bare handlers: one or two hand-written statements each, with the settings of the service.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use actix_web::error::{ErrorBadRequest, ErrorInternalServerError};
use actix_web::http::header::{ContentType, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::NaiveDate;
use clap::Args;
use uuid::Uuid;

use crate::reports::{Portfolio, Project, Questions};
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
    /// The statements of the reports, as JSON.
    #[arg(long)]
    questions: Option<PathBuf>,
}

/// What went wrong.
pub type Fault = Box<dyn Error + Send + Sync>;

/// Where the rows are.
pub trait Rows: 'static {
    /// A milestone.
    async fn one(&self, id: Uuid) -> Result<Milestone, Fault>;

    /// The first 51 milestones of a project that are not internal, in the order of their days; or those after one of them.
    async fn page(&self, project: Uuid, after: Option<(NaiveDate, Uuid)>) -> Result<Vec<Milestone>, Fault>;

    /// Adds a milestone and an entry of the journal, in one transaction.
    async fn create(&self, id: Uuid, new: New) -> Result<Milestone, Fault>;

    /// Changes a milestone if it still has this version, and adds an entry, in one transaction.
    async fn change(&self, id: Uuid, version: i64, title: String) -> Result<Milestone, Fault>;

    /// What the reports of a project are made of, with or without what the journal tells. The higher ceiling has no reports.
    async fn project(&self, _: &Questions, _: Uuid, _: bool) -> Result<Project, Fault> {
        Err("no reports here".into())
    }

    /// What the first page of the portfolio is made of.
    async fn portfolio(&self, _: &Questions) -> Result<Portfolio, Fault> {
        Err("no reports here".into())
    }
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
    let questions = match &options.questions {
        Some(file) => serde_json::from_str(&std::fs::read_to_string(file)?)?,
        None => Questions::default(),
    };
    let questions = web::Data::new(questions);
    let server = HttpServer::new(move || {
        let open = open.clone();
        let opened = move || {
            let open = open.clone();
            async move { open().await }
        };
        App::new().data_factory(opened).app_data(questions.clone()).configure(routes::<R>)
    });
    server.workers(options.workers).bind(&options.listen)?.run().await
}

type Answer = actix_web::Result<HttpResponse>;

fn routes<R: Rows>(app: &mut web::ServiceConfig) {
    app.route("/milestones/{id}", web::get().to(one::<R>))
        .route("/milestones/{id}", web::patch().to(change::<R>))
        .route("/milestones", web::post().to(create::<R>))
        .route("/projects/{id}/milestones", web::get().to(page::<R>))
        .route("/projects/{id}/milestones/after/{on}/{last}", web::get().to(deep::<R>))
        .route("/projects/{id}/status", web::get().to(status::<R>))
        .route("/projects/{id}/findings", web::get().to(findings::<R>))
        .route("/portfolio", web::get().to(portfolio::<R>));
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
    let made = rows.create(Uuid::now_v7(), new.into_inner()).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().json(made))
}

async fn change<R: Rows>(
    request: HttpRequest,
    id: web::Path<Uuid>,
    new: web::Json<Change>,
    rows: web::Data<R>,
) -> Answer {
    let version = request.headers().get(IF_MATCH).and_then(|tag| tag.to_str().ok()?.trim_matches('"').parse().ok());
    let version = version.ok_or_else(|| ErrorBadRequest("If-Match has no version"))?;
    let changed = rows.change(*id, version, new.into_inner().title).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{}\"", changed.version))).json(changed))
}

async fn status<R: Rows>(id: web::Path<Uuid>, rows: web::Data<R>, asked: web::Data<Questions>) -> Answer {
    let found = rows.project(&asked, *id, true).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(found.json()?))
}

async fn findings<R: Rows>(id: web::Path<Uuid>, rows: web::Data<R>, asked: web::Data<Questions>) -> Answer {
    let found = rows.project(&asked, *id, false).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(found.json()?))
}

async fn portfolio<R: Rows>(rows: web::Data<R>, asked: web::Data<Questions>) -> Answer {
    Ok(HttpResponse::Ok().json(rows.portfolio(&asked).await.map_err(ErrorInternalServerError)?))
}
