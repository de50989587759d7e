//! The table of contents: every resource and every report, one line each.

mod scopes;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::Method;
use futures_util::future::LocalBoxFuture;

use crate::facts;
use crate::http::addresses::{Addresses, Handler};
use crate::http::{Call, docs, near, operations, well_known};
use crate::openapi::About;
use crate::problem::Error;
use crate::reports;
use crate::resources as r;
use crate::standard::{self, Resource, change, create, delete, history, list, read, upsert};

pub use scopes::needs;

/// Every resource of the service, in the order of the documentation.
#[must_use]
pub fn resources() -> &'static [Resource] {
    static ALL: LazyLock<Vec<Resource>> = LazyLock::new(|| {
        let all = vec![
            r::organisations::resource(),
            r::municipality_codes::resource(),
            r::people::resource(),
            r::affiliations::resource(),
            r::programmes::resource(),
            r::programme_assignments::resource(),
            r::regions::resource(),
            r::region_members::resource(),
            r::service_profiles::resource(),
            r::service_provisions::resource(),
            r::projects::resource(),
            r::project_parties::resource(),
            r::assignments::resource(),
            r::goals::resource(),
            r::indicators::resource(),
            r::measurements::resource(),
            r::activities::resource(),
            r::dependencies::resource(),
            r::milestones::resource(),
            r::decision_points::resource(),
            r::decision_requirements::resource(),
            r::risks::resource(),
            r::change_requests::resource(),
            r::recommendations::resource(),
            r::organisation_options::resource(),
            r::services::resource(),
            r::competence_needs::resource(),
            r::reference_cases::resource(),
            r::communication_measures::resource(),
            r::documents::resource(),
            r::meetings::resource(),
            r::attendances::resource(),
            r::agenda_items::resource(),
            r::interest_declarations::resource(),
            r::resolutions::resource(),
            r::action_items::resource(),
            r::body_rules::resource(),
            r::matters::resource(),
            r::political_cases::resource(),
            r::political_steps::resource(),
            r::agreements::resource(),
            r::agreement_parties::resource(),
            r::budgets::resource(),
            r::budget_lines::resource(),
            r::funding_sources::resource(),
            r::cost_keys::resource(),
            r::cost_entries::resource(),
            r::time_entries::resource(),
            r::status_reports::resource(),
            r::report_signatures::resource(),
            r::finding_waivers::resource(),
            r::flags::resource(),
            r::external_references::resource(),
            r::outbound_messages::resource(),
            r::users::resource(),
            r::user_identities::resource(),
            r::clients::resource(),
            r::webhooks::resource(),
            r::webhook_deliveries::resource(),
            r::journal_checkpoints::resource(),
            r::erasures::resource(),
            r::person_views::resource(),
            r::retention_rules::resource(),
        ];
        facts::publish(all.iter().map(|resource| resource.facts).collect());
        all
    });
    standard::publish(&ALL);
    &ALL
}

/// An operation beside the standard methods: address, method, handler and description, side by side, so that
/// what is served and what the document says are one table.
pub struct Operation {
    /// GET (which brings HEAD), POST, PUT or DELETE.
    pub method: Method,
    /// The address, with `{id}` for what varies.
    pub path: &'static str,
    /// What serves it.
    pub handle: fn(Call) -> LocalBoxFuture<'static, Result<HttpResponse, Error>>,
    /// What the document says of it.
    pub about: fn() -> About,
}

macro_rules! operations {
    ($( $method:ident $path:literal $handle:path, $about:path; )*) => {
        vec![$( Operation { method: Method::$method, path: $path, handle: |call| Box::pin($handle(call)), about: $about } ),*]
    };
}

/// Custom methods, reports and what operators ask: one line each.
#[must_use]
pub fn operations() -> Vec<Operation> {
    operations! {
        POST "/api/v1/auth/login" r::auth::login, r::auth::about::login;
        POST "/api/v1/auth/logout" r::auth::logout, r::auth::about::logout;
        POST "/oauth/token" r::auth::token::token, r::auth::token::about;
        PUT "/api/v1/users/{id}/password" r::auth::set_password, r::auth::about::set_password;
        POST "/api/v1/clients/{id}/rotate-secret" r::clients::rotate, r::clients::about_rotate;
        GET "/api/v1/me" r::auth::me, r::auth::about::me;
        GET "/api/v1/projects/{id}/status" reports::status::answer, reports::status::about;
        GET "/api/v1/projects/{id}/findings" reports::findings::answer, reports::findings::about;
        GET "/api/v1/projects/{id}/schedule" reports::schedule::answer, reports::schedule::about;
        GET "/api/v1/projects/{id}/schedule.svg" reports::schedule::picture, reports::schedule::about_picture;
        GET "/api/v1/projects/{id}/calendar.ics" reports::calendar::answer, reports::calendar::about;
        GET "/api/v1/projects/{id}/reports.atom" reports::feed::answer, reports::feed::about;
        POST "/api/v1/projects/{id}/calendar-links" r::calendar_links::make, r::calendar_links::about::make;
        GET "/api/v1/projects/{id}/calendar-links" r::calendar_links::list, r::calendar_links::about::list;
        DELETE "/api/v1/calendar-links/{id}" r::calendar_links::revoke, r::calendar_links::about::revoke;
        GET "/calendar/{token}.ics" r::calendar_links::calendar, r::calendar_links::about::calendar;
        GET "/reports/{token}.atom" r::calendar_links::feed, r::calendar_links::about::feed;
        GET "/api/v1/projects/{id}/organisation" reports::organisation::answer, reports::organisation::about;
        GET "/api/v1/projects/{id}/political-handling" reports::political_handling::answer, reports::political_handling::about;
        GET "/api/v1/projects/{id}/decisions" reports::decisions::answer, reports::decisions::about;
        GET "/api/v1/projects/{id}/finance" reports::finance::answer, reports::finance::about;
        GET "/api/v1/projects/{id}/rf1350" reports::rf1350::answer, reports::rf1350::about;
        GET "/api/v1/projects/{id}/changes" reports::changes::answer, reports::changes::about;
        GET "/api/v1/projects/{id}/variance" reports::variance::answer, reports::variance::about;
        GET "/api/v1/projects/{id}/results" reports::results::answer, reports::results::about;
        GET "/api/v1/projects/{id}/deadlines" reports::deadlines::answer, reports::deadlines::about;
        GET "/api/v1/projects/{id}/document" reports::document::answer, reports::document::about;
        GET "/api/v1/projects/{id}/archive-package" reports::archive_package::answer, reports::archive_package::about;
        POST "/api/v1/projects/{id}/archive-receipts" r::documents::receipt::take_in, r::documents::receipt::about;
        GET "/api/v1/projects/{id}/saksfaser" reports::saksfaser::answer, reports::saksfaser::about;
        GET "/api/v1/projects/{id}/public-journal" reports::public_journal::answer, reports::public_journal::about;
        GET "/api/v1/projects/{id}/catalogue" reports::open_data::catalogue::answer, reports::open_data::catalogue::about;
        GET "/api/v1/projects/{id}/oc4ids" reports::open_data::oc4ids::answer, reports::open_data::oc4ids::about;
        GET "/api/v1/portfolio" reports::portfolio::answer, reports::portfolio::about;
        GET "/api/v1/programmes/{id}/comparison" reports::portfolio::comparison, reports::portfolio::about_comparison;
        GET "/api/v1/regions/{id}/capacity" reports::capacity::answer, reports::capacity::about;
        POST "/api/v1/projects/{id}/continue" r::projects::carry_on, r::projects::about_continue;
        POST "/api/v1/organisations/{id}/refresh" r::organisations::refresh::refresh, r::organisations::refresh::about;
        POST "/api/v1/documents/{id}/finalise" r::documents::finalise, r::documents::about_finalise;
        POST "/api/v1/documents/{id}/adopt" r::documents::adopt, r::documents::about_adopt;
        PUT "/api/v1/documents/{id}/content" r::documents::content::put, r::documents::about::put;
        GET "/api/v1/documents/{id}/content" r::documents::content::get, r::documents::about::get;
        GET "/api/v1/documents/{id}/contents" r::documents::content::versions, r::documents::about::versions;
        POST "/api/v1/decision-points/{id}/decide" r::decision_points::decide, r::decision_points::about_decide;
        GET "/api/v1/decision-points/{id}/readiness" reports::readiness::answer, reports::readiness::about;
        GET "/api/v1/agreements/{id}/completeness" r::agreements::completeness, r::agreements::about;
        POST "/api/v1/political-cases/{id}/incoming-resolutions" r::political_cases::incoming::take_in, r::political_cases::incoming::about;
        GET "/api/v1/political-cases/{id}/utvalgssak" r::political_cases::utvalgssak::answer, r::political_cases::utvalgssak::about;
        GET "/api/v1/cost-keys/{id}/shares" r::cost_keys::shares, r::cost_keys::about_shares;
        POST "/api/v1/cost-keys/preview" r::cost_keys::preview, r::cost_keys::about_preview;
        POST "/api/v1/status-reports/{id}/submit" r::status_reports::submit, r::status_reports::about_submit;
        POST "/api/v1/status-reports/{id}/approve" r::status_reports::approve, r::status_reports::about_approve;
        POST "/api/v1/status-reports/{id}/publish" r::status_reports::publish, r::status_reports::about_publish;
        POST "/api/v1/status-reports/{id}/signatures" r::status_reports::sign, r::status_reports::about_sign;
        GET "/api/v1/status-reports/{id}/snapshot" r::status_reports::snapshot, r::status_reports::about_snapshot;
        GET "/api/v1/status-reports/{id}/verification" r::status_reports::verification, r::status_reports::about_verification;
        GET "/api/v1/events" r::events::answer, r::events::about::about;
        POST "/api/v1/webhooks/{id}/test" r::webhooks::methods::test, r::webhooks::about::test;
        POST "/api/v1/webhooks/{id}/rotate-secret" r::webhooks::methods::rotate, r::webhooks::about::rotate;
        POST "/api/v1/webhook-deliveries/{id}/redeliver" r::webhooks::methods::redeliver, r::webhooks::about::redeliver;
        POST "/api/v1/people/{id}/erase" r::people::rights::erase, r::people::rights::about_erase;
        POST "/api/v1/retention/run" r::retention_rules::run_now, r::retention_rules::about_run;
        GET "/api/v1/processing-records" r::processing_records::list, r::processing_records::about;
        GET "/api/v1/people/{id}/data-export" r::people::rights::data_export, r::people::rights::about_data_export;
        GET "/api/v1/journal/verification" r::journal::verification, r::journal::about_verification;
        POST "/api/v1/journal/checkpoint" r::journal::checkpoint, r::journal::about_checkpoint;
        POST "/api/v1/batch" r::batch::batch, r::batch::about;
        POST "/api/v1/imports/accounting" reports::accounting::answer, reports::accounting::about;
        POST "/api/v1/imports/municipalities" reports::municipalities::answer, reports::municipalities::about;
        POST "/api/v1/imports/projects" reports::imports::answer, reports::imports::about;
        GET "/api/v1/code-lists" r::code_lists::code_lists, r::code_lists::about;
        GET "/.well-known/jwks.json" operations::jwks, operations::about::jwks;
        GET "/.well-known/security.txt" well_known::security, well_known::about::security;
        GET "/.well-known/oauth-protected-resource" well_known::resource, well_known::about::resource;
        GET "/.well-known/api-catalog" well_known::catalogue, well_known::about::catalogue;
        GET "/openapi.json" docs::document, docs::about;
        GET "/healthz" operations::healthz, operations::about::healthz;
        GET "/readyz" operations::readyz, operations::about::readyz;
        GET "/problems/{code}" operations::problem_page, operations::about::problem_page;
    }
}

/// What the service sends to others, by name: the `webhooks` of the document.
#[must_use]
pub fn sent() -> Vec<(&'static str, About)> {
    vec![("event", r::webhooks::about::event())]
}

/// The table of every address: standard methods of every resource, then what stands beside them.
///
/// # Panics
/// When two addresses could be taken for one another, which no request has a part in.
#[must_use]
pub fn addresses() -> &'static Addresses {
    static ALL: LazyLock<Addresses> = LazyLock::new(|| {
        let beside = operations().into_iter().map(|Operation { method, path, handle, .. }| {
            let reads = method == Method::GET && only_reads(path);
            (path.to_owned(), method, if reads { reading(handle) } else { handler(handle) })
        });
        // The page for people is no part of the document that it shows.
        let page = ["/docs/", "/docs/{file}"].map(|path| (path.to_owned(), Method::GET, handler(docs::page)));
        let before = [("/docs".to_owned(), Method::GET, handler(docs::beside))];
        let all = resources().iter().flat_map(standard_methods).chain(beside).chain(before).chain(page);
        Addresses::of(all).expect("every address is told apart from every other")
    });
    &ALL
}

/// The addresses of the standard methods of a resource.
fn standard_methods(resource: &'static Resource) -> Vec<(String, Method, Handler)> {
    let all = format!("/api/v1/{}", resource.facts.path);
    let one = format!("{all}/{{id}}");
    let mut methods = vec![
        (all.clone(), Method::GET, reading(move |call| list::list(resource, call))),
        (one.clone(), Method::GET, reading(move |call| read::read(resource, call))),
    ];
    if resource.facts.read_only {
        return methods;
    }
    methods.extend([
        (all.clone(), Method::POST, handler(move |call| create::create(resource, call))),
        (one.clone(), Method::PATCH, handler(move |call| change::change(resource, call))),
        (one.clone(), Method::DELETE, handler(move |call| delete::delete(resource, call))),
        (format!("{one}/history"), Method::GET, reading(move |call| history::history(resource, call))),
    ]);
    if resource.facts.has_keys() {
        let key = format!("{all}/by-reference/{{system}}/{{key}}");
        methods.push((key, Method::PUT, handler(move |call| upsert::upsert(resource, call))));
    }
    methods
}

/// What only reads, and may be answered from near by.
fn reading<F: Future<Output = Result<HttpResponse, Error>> + 'static>(
    handle: impl Fn(Call) -> F + Copy + Send + Sync + 'static,
) -> Handler {
    handler(move |call| near::read(handle, call))
}

/// Whether what is got there is only read, in one go: the reports of a project. Other operations write beside their reading (the
/// feed takes in what it has not yet), find people by their secrets, or read on while their answer is on its way.
fn only_reads(path: &str) -> bool {
    let of_project = path.strip_prefix("/api/v1/projects/{id}/");
    of_project.is_some_and(|report| !matches!(report, "archive-package" | "calendar-links"))
}

fn handler<F: Future<Output = Result<HttpResponse, Error>> + 'static>(
    handle: impl Fn(Call) -> F + Send + Sync + 'static,
) -> Handler {
    Box::new(move |call| Box::pin(handle(call)))
}
