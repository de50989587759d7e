//! The table of contents: every resource and every report, one line each.

use std::future::Future;

use actix_web::http::Method;
use actix_web::{HttpResponse, Resource as ActixResource, web};

use crate::facts;
use crate::http::{Call, operations};
use crate::problem::{Error, Problem, codes};
use crate::reports;
use crate::resources as r;
use crate::standard::{Resource, change, create, delete, history, list, read};

/// Every resource of the service, in the order of the documentation.
#[must_use]
pub fn resources() -> &'static [Resource] {
    static ALL: std::sync::LazyLock<Vec<Resource>> = std::sync::LazyLock::new(|| {
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
            r::finding_waivers::resource(),
            r::users::resource(),
        ];
        facts::publish(all.iter().map(|resource| resource.facts).collect());
        all
    });
    &ALL
}

/// The resource of a collection.
#[must_use]
pub fn resource(path: &str) -> Option<&'static Resource> {
    resources().iter().find(|resource| resource.facts.path == path)
}

/// Binds every address: standard methods of every resource, then what stands beside them.
pub fn configure(config: &mut web::ServiceConfig) {
    for resource in resources() {
        config
            .service(at(&format!("/api/v1/{}", resource.facts.path), &["GET", "POST"])
                .route(web::get().to(move |call: Call| list::list(resource, call)))
                .route(web::head().to(move |call: Call| list::list(resource, call)))
                .route(web::post().to(move |call: Call| create::create(resource, call))))
            .service(at(&format!("/api/v1/{}/{{id}}/history", resource.facts.path), &["GET"])
                .route(web::get().to(move |call: Call| history::history(resource, call)))
                .route(web::head().to(move |call: Call| history::history(resource, call))));
    }
    beside(config);
    for resource in resources() {
        config.service(at(&format!("/api/v1/{}/{{id}}", resource.facts.path), &["GET", "PATCH", "DELETE"])
            .route(web::get().to(move |call: Call| read::read(resource, call)))
            .route(web::head().to(move |call: Call| read::read(resource, call)))
            .route(web::patch().to(move |call: Call| change::change(resource, call)))
            .route(web::delete().to(move |call: Call| delete::delete(resource, call))));
    }
}

/// Custom methods, reports and operations: one line each.
fn beside(config: &mut web::ServiceConfig) {
    config
        .service(at("/api/v1/auth/login", &["POST"]).route(web::post().to(r::auth::login)))
        .service(at("/api/v1/auth/logout", &["POST"]).route(web::post().to(r::auth::logout)))
        .service(at("/oauth/token", &["POST"]).route(web::post().to(r::auth::token)))
        .service(at("/api/v1/users/{id}/password", &["PUT"]).route(web::put().to(r::auth::set_password)));
    get(config, "/api/v1/me", r::auth::me);
    get(config, "/api/v1/projects/{id}/status", reports::status::answer);
    get(config, "/api/v1/projects/{id}/findings", reports::findings::answer);
    get(config, "/api/v1/projects/{id}/organisation", reports::organisation::answer);
    get(config, "/api/v1/projects/{id}/document", reports::document::answer);
    get(config, "/api/v1/regions/{id}/capacity", reports::capacity::answer);
    config.service(at("/api/v1/imports/projects", &["POST"]).route(web::post().to(reports::imports::answer)));
    get(config, "/api/v1/code-lists", r::code_lists::code_lists);
    get(config, "/.well-known/jwks.json", operations::jwks);
    get(config, "/healthz", operations::healthz);
    get(config, "/readyz", operations::readyz);
    get(config, "/problems/{code}", operations::problem_page);
}

/// Binds a read-only address.
fn get<F, R>(config: &mut web::ServiceConfig, path: &str, handler: F)
where
    F: Fn(Call) -> R + Copy + 'static,
    R: Future<Output = Result<HttpResponse, Error>> + 'static,
{
    config.service(at(path, &["GET"]).route(web::get().to(move |call: Call| handler(call))).route(web::head().to(move |call: Call| handler(call))));
}

/// An address that answers OPTIONS, and 405 with `Allow` to what it does not do.
fn at(path: &str, methods: &'static [&'static str]) -> ActixResource {
    let mut allow = methods.join(", ");
    if methods.contains(&"GET") {
        allow.push_str(", HEAD");
    }
    allow.push_str(", OPTIONS");
    let refused = allow.clone();
    web::resource(path.to_owned())
        .route(web::method(Method::OPTIONS).to(move || std::future::ready(HttpResponse::NoContent().insert_header(("Allow", allow.clone())).finish())))
        .default_service(web::to(move || {
            let problem = Problem::new(&codes::METHOD_NOT_ALLOWED).header("Allow", refused.clone());
            std::future::ready(Err::<HttpResponse, Error>(problem.into()))
        }))
}
