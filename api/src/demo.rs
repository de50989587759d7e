//! `framdrift demo`: the Sør-Troms project, one login per role, and what to ask first.

use std::net::SocketAddr;

use serde_json::Value;
use uuid::Uuid;

use crate::access::{Caller, session};
use crate::accounts::{self, NewUser};
use crate::app::App;
use crate::config::Settings;
use crate::exchange::{import, unwatched};
use crate::http::json;
use crate::problem::{Error, codes};
use crate::routes;
use crate::store::{self, Store, Writer};

/// The project document that the demo loads.
pub const DOCUMENT: &str = include_str!("../demo/sor-troms.json");
/// How long the token of the printed `curl` line lives, in seconds.
const TOKEN_SECONDS: i64 = 3600;

/// Who logs in: role, address, family name of the person in the document.
const LOGINS: [(&str, &str, &str); 6] = [
    ("administrator", "admin@demo.example", ""),
    ("project executive", "executive@demo.example", "Severinsen"),
    ("project manager", "manager@demo.example", "Baglo"),
    ("steering group member", "mayor@demo.example", "Heimdal"),
    ("project group member", "group@demo.example", "Ekeland"),
    ("observer", "observer@demo.example", "Andersen"),
];

/// Serves the demo until a signal ends it.
///
/// # Errors
/// When the service cannot start.
pub async fn run(mut settings: Settings) -> Result<(), Error> {
    let named = settings.database_url.is_some();
    let temporary = tempfile::tempdir().map_err(|error| Error::internal("make a throw-away directory", error))?;
    if settings.data_dir.is_none() {
        settings.data_dir = Some(temporary.path().to_path_buf());
    }
    let mut config = settings.resolve()?;
    if !named {
        // A database that a file or DATABASE_URL names is somebody's own: the demo goes there only when told to.
        config.database_url = None;
    }
    let app = App::build(&config).await?;
    let store = app.database.open().await?;
    let project = load(&store).await?;
    let password = accounts::fresh_password()?;
    let administrator = logins(&store, &password).await?;
    println!("{}", greeting(&app, &store, project, administrator, &password, app.address).await?);
    app.run().await
}

/// Loads the document. A database that has the project keeps it as it is: what was tried out in it is not undone.
async fn load(store: &Store) -> Result<Uuid, Error> {
    let document = json::object(DOCUMENT.as_bytes())?;
    if let Some(project) = document["projectId"].as_str().and_then(|id| id.parse().ok())
        && store::counters(&store.read, project).await?.project.is_some()
    {
        return Ok(project);
    }
    let caller = Caller::operator();
    let write = store.write(Writer::of(&caller)).await?;
    let outcome = import::import(&write, &caller, routes::resources(), &document, &unwatched).await?.sound()?;
    write.commit().await?;
    outcome.project.ok_or_else(|| (&codes::NOT_FOUND).into())
}

/// Adds the users (on a kept database: gives those that are there the new password); answers the administrator.
async fn logins(store: &Store, password: &str) -> Result<Uuid, Error> {
    let mut administrator = Uuid::nil();
    for (role, email, family_name) in LOGINS {
        let user = match session::user_of(&store.read, email).await? {
            Some(user) => {
                let hash = session::hash_password(password)?;
                let write = store.write(Writer::of(&Caller::operator())).await?;
                session::set_password(write.tx(), user, hash).await?;
                write.commit().await?;
                user
            }
            None => {
                let person = person(family_name);
                let new = NewUser {
                    email: email.to_owned(),
                    name: format!("Demo {role}"),
                    administrator: person.is_none(),
                    person,
                };
                accounts::add(store, new, password.to_owned()).await?
            }
        };
        if family_name.is_empty() {
            administrator = user;
        }
    }
    Ok(administrator)
}

/// The person of a family name in the document.
fn person(family_name: &str) -> Option<Uuid> {
    let document: Value = serde_json::from_str(DOCUMENT).ok()?;
    let people = document["records"]["people"].as_array()?;
    let found = people.iter().find(|person| !family_name.is_empty() && person["familyName"] == family_name)?;
    found["id"].as_str()?.parse().ok()
}

async fn greeting(
    app: &App,
    store: &Store,
    project: Uuid,
    user: Uuid,
    password: &str,
    address: SocketAddr,
) -> Result<String, Error> {
    let write = store.write(Writer::of(&Caller::operator())).await?;
    let session = session::open(write.tx(), &app.shared.login_key, user).await?;
    write.commit().await?;
    let token = app.shared.issuer.access_token(user, session.id, TOKEN_SECONDS)?;
    let logins: String =
        LOGINS.iter().map(|(role, email, _)| format!("  {role:<22} {email:<24} {password}\n")).collect();
    Ok(format!(
        "\nFramdrift demo: the Sør-Troms pre-project\n\n  Docs    http://{address}/docs/\n  Project {project}\n\nLogins (POST /api/v1/auth/login):\n{logins}\n\
         Ask for the status:\n\n  curl -s -H 'Authorization: Bearer {token}' http://{address}/api/v1/projects/{project}/status\n"
    ))
}
