//! A server that trusts other issuers: a Maskinporten, an ID-porten and an Entra of its own.

use chrono::Utc;
use framdrift::config::issuers::IssuerSettings;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{App, Beside};
use crate::engine::Engine;
use crate::issuer::{MockIssuer, Signer};
use crate::{Client, World};

/// The audience of the server's tokens: where it says that it is.
pub const AUDIENCE: &str = "https://framdrift.example";
/// The number of the municipality that owns the project.
pub const LAVANGEN: &str = "959469881";

/// The server with those that it trusts.
pub struct Trusted {
    /// The server.
    pub app: App,
    /// A project, owned by a municipality with a number.
    pub world: World,
    /// Signs organisations' tokens.
    pub maskinporten: (MockIssuer, Signer),
    /// Signs people's tokens.
    pub idporten: (MockIssuer, Signer),
    beside: Beside,
}

impl Trusted {
    /// Starts all of them.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, json!({})).await
    }

    /// Starts all of them, with more settings for Maskinporten.
    pub async fn start_with(engine: Engine, more: Value) -> Self {
        let maskinporten = Signer::rsa("maskinporten-1");
        let idporten = Signer::rsa("idporten-1");
        let (machines, people) = (MockIssuer::start("/", &[&maskinporten]), MockIssuer::start("", &[&idporten]));
        let mut organisations = json!({
            "issuer": machines.issuer(), "caller": "organisation",
            "scopes": {
                "region:prosjekt/status": "framdrift:status", "region:prosjekt": "framdrift:read",
                "region:prosjekt.politisk.write": "framdrift:political.write",
            },
            "delegation": ["https://altinn.example/"],
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            organisations[name] = value.clone();
        }
        let persons = json!({
            "issuer": people.issuer(), "caller": "person",
            "require": { "acr": ["idporten-loa-substantial", "idporten-loa-high"] },
        });
        let settings = |value: Value| serde_json::from_value::<IssuerSettings>(value).expect("settings of an issuer");
        let issuers = vec![settings(organisations), settings(persons)];
        let beside = Beside::start_with(engine, |config| {
            config.public_url = Some(AUDIENCE.to_owned());
            config.issuers = issuers;
        })
        .await;
        let app = beside.app.clone();
        let world = app.world().await;
        let numbered = json!({ "orgNumber": LAVANGEN });
        app.as_admin().change("organisations", &world.municipality, numbered).await.expect(200);
        Self { app, world, maskinporten: (machines, maskinporten), idporten: (people, idporten), beside }
    }

    /// The claims of an organisation's token, as Maskinporten makes them.
    #[must_use]
    pub fn organisation(&self, number: &str, scope: &str) -> Value {
        let now = Utc::now().timestamp();
        json!({
            "iss": self.maskinporten.0.issuer(), "aud": AUDIENCE, "client_id": "3c8b8a6e-klient", "client_amr": "private_key_jwt",
            "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{number}") },
            "scope": scope, "token_type": "Bearer", "iat": now, "exp": now + 600, "jti": Uuid::new_v4(),
        })
    }

    /// A token of Maskinporten with these claims.
    #[must_use]
    pub fn by_maskinporten(&self, claims: &Value) -> Client {
        let signer = &self.maskinporten.1;
        self.app.as_nobody().with_token(signer.token(&signer.header(), claims))
    }

    /// The claims of a person's token, as ID-porten makes them.
    #[must_use]
    pub fn person(&self, subject: &str) -> Value {
        let now = Utc::now().timestamp();
        json!({
            "iss": self.idporten.0.issuer(), "aud": AUDIENCE, "sub": subject, "client_id": "frontend", "acr": "idporten-loa-substantial",
            "scope": "openid", "token_type": "Bearer", "iat": now, "exp": now + 600, "jti": Uuid::new_v4(),
        })
    }

    /// A token of ID-porten with these claims.
    #[must_use]
    pub fn by_idporten(&self, claims: &Value) -> Client {
        let signer = &self.idporten.1;
        self.app.as_nobody().with_token(signer.token(&signer.header(), claims))
    }

    /// Links a subject of ID-porten to a new user; answers the user.
    pub async fn link(&self, subject: &str) -> Value {
        let admin = self.app.as_admin();
        let email = format!("bruker{}@framdrift.example", self.world.next());
        let user = admin.create("users", json!({ "email": email, "name": "Kari" })).await;
        let identity = json!({ "userId": user["id"], "issuer": self.idporten.0.issuer(), "subject": subject });
        admin.create("user-identities", identity).await;
        user
    }

    /// Ends all of them.
    pub async fn end(self) {
        drop(self.world);
        drop(self.app);
        self.beside.end().await;
        self.maskinporten.0.end().await;
        self.idporten.0.end().await;
    }
}
