//! What the document says of login, tokens and the caller.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, Object, ObjectBuilder, Type};
use uuid::Uuid;

use super::{LONGEST, SHORTEST};
use crate::access::{Area, Role, Scope};
use crate::openapi::About;
use crate::problem::codes;

const TAG: &str = "Access";

/// A token answer (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// The access token, a JWT (RFC 9068).
    #[schema(max_length = 8192)]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 20, example = "Bearer")]
    pub token_type: String,
    /// Seconds until it ends.
    #[schema(minimum = 1, example = 900)]
    pub expires_in: i64,
    /// Continues the session, once.
    #[schema(max_length = 200)]
    pub refresh_token: String,
}

/// Who the caller is today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// `user`, `client`, or `organisation` by a token of Maskinporten.
    #[schema(max_length = 20, example = "user")]
    pub kind: String,
    /// The user, client or organisation.
    #[schema(required = true)]
    pub id: Option<Uuid>,
    /// The person that the user is.
    #[schema(required = true)]
    pub person_id: Option<Uuid>,
    /// Whether everything is allowed.
    pub administrator: bool,
    /// Programmes that the caller manages.
    pub programmes: Vec<Uuid>,
    /// Municipalities that the caller works for.
    pub municipalities: Vec<Uuid>,
    /// The organisation that a machine calls for; null for people.
    #[schema(required = true)]
    pub organisation_id: Option<Uuid>,
    /// What the token of a machine may be used for; null for people, whom nothing narrows.
    #[schema(required = true, max_items = 5)]
    pub scopes: Option<Vec<Scope>>,
    /// The other issuer that the token is of; null for this service's own.
    #[schema(required = true, max_length = 500)]
    pub issuer: Option<String>,
    /// Roles and rights by project.
    pub projects: Vec<Standing>,
}

/// What the caller is in a project, and what follows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The project.
    pub project_id: Uuid,
    /// The roles of today.
    #[schema(schema_with = roles)]
    pub roles: Vec<String>,
    /// By area: what is read (`nothing`, `published`, `all`), and whether the caller writes and approves.
    #[schema(schema_with = rights)]
    pub rights: Value,
}

fn roles() -> Array {
    ArrayBuilder::new().items(word(Role::ALL.map(Role::name))).max_items(Some(Role::ALL.len())).build()
}

fn rights() -> Object {
    let flag = || ObjectBuilder::new().schema_type(Type::Boolean);
    let right = ObjectBuilder::new()
        .property("read", word(["nothing", "published", "all"]))
        .property("write", flag())
        .property("approve", flag())
        .required("read")
        .required("write")
        .required("approve");
    let areas = Area::PROJECT.iter().map(|area| area.name()).collect::<Vec<_>>().join(", ");
    let about = format!("What follows, by area ({areas}): what is read, and whether the caller writes and approves.");
    ObjectBuilder::new().description(Some(about)).additional_properties(Some(right)).build()
}

fn word<const N: usize>(words: [&'static str; N]) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

fn tokens() -> Value {
    json!({ "access_token": "eyJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 900, "refresh_token": "0190e0a0-0000-7000-8000-000000000001.c2VjcmV0" })
}

/// `POST /auth/login`.
#[must_use]
pub fn login() -> About {
    let schema = json!({
        "type": "object",
        "required": ["email", "password"],
        "properties": {
            "email": { "type": "string", "minLength": 1, "maxLength": 254 },
            "password": { "type": "string", "format": "password", "minLength": 1, "maxLength": LONGEST }
        },
        "additionalProperties": false
    });
    About::new("login", TAG, "Log in with e-mail and password")
        .more(
            "A wrong password, an unknown address and a disabled user get the same answer in the same time. Five wrong \
             passwords in fifteen minutes close the account, for the rest of them, to the network that they came from; from \
             elsewhere its owner still gets in.",
        )
        .public()
        .takes_value(
            "application/json",
            schema,
            json!({ "email": "knut@consultant.example", "password": "a long sentence is a good one" }),
        )
        .answers::<TokenAnswer>(200, "An access token, and a refresh token for `POST /oauth/token`", tokens())
        .fails(&[&codes::WRONG_CREDENTIALS, &codes::TOO_MANY_LOGINS, &codes::BUSY, &codes::INVALID])
}

/// `POST /auth/logout`.
#[must_use]
pub fn logout() -> About {
    About::new("logout", TAG, "Log out")
        .more("Ends the session: its access and refresh tokens are refused from now on.")
        .answers_nothing("The session is ended")
}

/// `PUT /users/{id}/password`.
#[must_use]
pub fn set_password() -> About {
    let schema = json!({
        "type": "object",
        "required": ["password"],
        "properties": {
            "currentPassword": { "type": "string", "format": "password", "maxLength": LONGEST, "description": "The caller's password now; only for one's own, and then required." },
            "password": { "type": "string", "format": "password", "minLength": SHORTEST, "maxLength": LONGEST, "description": "The new password. What everybody would try is refused (`too_common`): a run of the keyboard, a word with digits behind, one's own address, what lists of leaked passwords begin with." }
        },
        "additionalProperties": false
    });
    About::new("setUserPassword", TAG, "Set a user's password")
        .more("Administrators set anyone's. Users set their own, which they have to know. Every session of the user ends.")
        .takes_value("application/json", schema, json!({ "password": "a long sentence is a good one" }))
        .answers_nothing("The password is set")
        .fails(&[&codes::NOT_FOUND, &codes::TOO_MANY_LOGINS, &codes::INVALID])
}

/// `GET /me`.
#[must_use]
pub fn me() -> About {
    About::new("getMe", TAG, "Ask who the caller is, with roles and rights by project").answers::<Me>(
        200,
        "The caller",
        json!({
            "kind": "user",
            "id": "0190e0a0-0000-7000-8000-000000000001",
            "personId": "015ec5c8-6c00-7003-8000-000000000002",
            "administrator": false,
            "programmes": [],
            "municipalities": [],
            "organisationId": null,
            "scopes": null,
            "issuer": null,
            "projects": [{
                "projectId": "015ec5c8-6c00-700b-8000-000000000002",
                "roles": ["project_manager"],
                "rights": { "milestones": { "read": "all", "write": true, "approve": false } }
            }]
        }),
    )
}
