//! A secret of one kind where another belongs, and a token where none is looked for.

use chrono::Utc;
use serde_json::{Value, json};
use support::app::{ADMINISTRATOR, PASSWORD};
use support::issuer::Signer;
use support::raw::{ask, status};
use support::trusted::{AUDIENCE, Trusted};
use support::{Answer, App, Client, both};

const FORM: &str = "application/x-www-form-urlencoded";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

both! {
    async fn no_secret_of_another_kind_is_an_access_token(app: App) {
        let world = app.world().await;
        let (admin, nobody) = (app.as_admin(), app.as_nobody());
        let session = login(&app).await;
        let signer = Signer::ed("k");
        let client = machine(&app, &world.municipality, &signer).await;
        let (id, project) = (text(&client["id"]), text(&world.project["id"]));
        world.make("risks").await;
        world.make("risks").await;
        let page = admin.get("/api/v1/risks?limit=1").await.expect(200);
        let feed = admin.get("/api/v1/events?limit=1").await.expect(200);
        let hook = json!({ "url": "https://hooks.example/a", "eventTypes": ["*"] });
        let hook = admin.post("/api/v1/webhooks", hook).await.expect(201);
        let link = admin.post(&world.report("calendar-links"), json!({ "name": "Outlook" })).await.expect(201);
        let link = text(&link["url"]).rsplit('/').next().expect("a secret").trim_end_matches(".ics").to_owned();
        let checkpoint = admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
        // Everything that an access token says, signed by the client's own key, and under the client's own name.
        let mut claims = claims(&session);
        claims["iss"] = json!(id);
        let header = json!({ "alg": "EdDSA", "kid": "k", "typ": "at+jwt" });
        let named_so = signer.token(&header, &claims);
        claims["iss"] = json!(address(&app));
        let sid = text(&claims["sid"]).to_owned();
        for (what, secret) in [
            ("a refresh token", text(&session["refresh_token"])),
            ("a session", &sid),
            ("the secret of a client", text(&client["secret"])),
            ("an assertion of a client", &signer.token(&signer.header(), &assertion(&app, id))),
            ("claims of ours under a client's key", &signer.token(&header, &claims)),
            ("claims of ours under a client's key and name", &named_so),
            ("a cursor of a list", text(&page["next"])),
            ("a cursor of the feed", text(&feed["next"])),
            ("the secret of a webhook", text(&hook["secret"])),
            ("a secret link", &link),
            ("a checkpoint of the journal", text(&checkpoint["jws"])),
            ("a password", PASSWORD),
            ("the identifier of a project", project),
        ] {
            let refused = nobody.with_token(secret.to_owned()).get("/api/v1/me").await.refused(401, "auth.invalid_token");
            assert_eq!(refused.challenge(), "Bearer error=\"invalid_token\"", "{what}");
        }
    }

    async fn no_token_of_another_kind_gets_a_token(app: App) {
        let world = app.world().await;
        let signer = Signer::ed("k");
        let (one, other) = (machine(&app, &world.municipality, &signer).await, machine(&app, &world.municipality, &Signer::ed("k")).await);
        let (id, secret) = (text(&one["id"]), text(&one["secret"]));
        let session = login(&app).await;
        let (access, refresh) = (text(&session["access_token"]), text(&session["refresh_token"]));
        let of_client = token(&app, &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")).await.expect(200);
        for (form, error) in [
            (format!("grant_type=refresh_token&refresh_token={access}"), "invalid_grant"),
            (format!("grant_type=refresh_token&refresh_token={}", text(&of_client["access_token"])), "invalid_grant"),
            (format!("grant_type=refresh_token&refresh_token={secret}"), "invalid_grant"),
            (format!("grant_type=client_credentials&client_id={id}&client_secret={refresh}"), "invalid_client"),
            (format!("grant_type=client_credentials&client_id={id}&client_secret={access}"), "invalid_client"),
            (asserted(access), "invalid_client"),
            (asserted(text(&of_client["access_token"])), "invalid_client"),
            // A good assertion, shown by another.
            (format!("{}&client_id={}", asserted(&fresh(&app, &one, &signer)), text(&other["id"])), "invalid_client"),
            (format!("{}&client_id=kunde", asserted(&fresh(&app, &one, &signer))), "invalid_client"),
            (format!("{}&client_id={id}&client_secret={secret}", asserted(&fresh(&app, &one, &signer))), "invalid_request"),
            // The same key under its own name is another client's.
            (asserted(&fresh(&app, &other, &signer)), "invalid_client"),
        ] {
            let answer = token(&app, &form).await;
            assert_eq!(answer["error"], error, "{form}: {answer}");
        }
        let basic = |who: &str| app.as_nobody().with("authorization", &format!("Basic {}", encoded(&format!("{who}:{secret}"))));
        let form = format!("grant_type=client_credentials&client_id={}", text(&other["id"]));
        basic(id).send("POST", "/oauth/token").body(FORM, form).await.refused(400, "invalid_request");
        basic(text(&other["id"])).send("POST", "/oauth/token").body(FORM, "grant_type=client_credentials").await.refused(401, "invalid_client");
        token(&app, &asserted(&fresh(&app, &one, &signer))).await.expect(200);
    }

    async fn an_assertion_is_held_to_every_rule_of_a_token(app: App) {
        let world = app.world().await;
        let (signer, attacker) = (Signer::rsa("k"), Signer::rsa("k"));
        let client = machine(&app, &world.municipality, &signer).await;
        let id = text(&client["id"]);
        let now = Utc::now().timestamp();
        let claimed = |name: &str, value: Value| {
            let mut claims = assertion(&app, id);
            claims[name] = value;
            signer.token(&signer.header(), &claims)
        };
        let headed = |by: &Signer, name: &str, value: Value| {
            let mut header = by.header();
            header[name] = value;
            by.token(&header, &assertion(&app, id))
        };
        let twice = format!("{},\"aud\":\"https://elsewhere.example\"}}", assertion(&app, id).to_string().trim_end_matches('}'));
        let ours = format!("{}/oauth/token", address(&app));
        let mut refused = vec![
            headed(&attacker, "jwk", attacker.jwk()),
            headed(&signer, "jwk", signer.jwk()),
            headed(&attacker, "jku", json!("https://evil.example/keys")),
            headed(&attacker, "x5u", json!("https://evil.example/keys")),
            headed(&signer, "crit", json!(["exp"])),
            headed(&signer, "typ", json!("at+jwt")),
            headed(&signer, "typ", json!("id+jwt")),
            headed(&signer, "alg", json!("PS256")),
            headed(&signer, "alg", json!("none")),
            headed(&signer, "kid", json!("../../k")),
            headed(&signer, "kid", json!("k' OR '1'='1")),
            signer.raw(signer.header().to_string().as_bytes(), twice.as_bytes()),
        ];
        for (name, value) in [
            ("aud", json!([])), ("aud", json!(["https://elsewhere.example"])), ("aud", json!(1)), ("aud", json!({ "0": ours })), ("aud", json!([[ours]])),
            ("aud", json!([ours, 1])), ("aud", json!(format!("{ours}/"))), ("aud", json!(ours.to_uppercase())), ("aud", Value::Null),
            ("exp", json!((now + 60).to_string())), ("exp", json!(1e300)), ("exp", json!(now + 301)), ("exp", json!(-1)), ("exp", Value::Null), ("exp", json!(now - 11)),
            ("iat", Value::Null), ("iat", json!(now + 60)), ("iat", json!(now - 3600)), ("nbf", json!(now + 60)), ("nbf", json!("now")),
            ("jti", json!("")), ("jti", json!(1)), ("jti", json!(["a"])), ("jti", Value::Null),
            ("sub", json!("")), ("sub", json!([id])), ("sub", json!(id.to_uppercase())), ("iss", json!([id])), ("iss", json!(id.to_uppercase())), ("iss", json!(AUDIENCE)),
        ] {
            refused.push(claimed(name, value));
        }
        let good = fresh(&app, &client, &signer);
        let (message, signature) = good.rsplit_once('.').expect("parts");
        refused.extend([format!("{message}."), message.to_owned(), format!("{good}.{signature}"), format!("{good}="), loose(&good)]);
        for assertion in refused {
            let answer = token(&app, &asserted(&assertion)).await;
            assert_eq!((answer.status, &answer["error"]), (401, &json!("invalid_client")), "{assertion}: {answer}");
        }
        // None of them has used up what is right; and it is used up once, under whichever audience.
        token(&app, &asserted(&good)).await.expect(200);
        token(&app, &asserted(&good)).await.refused(401, "invalid_client");
        let jti = json!(uuid::Uuid::new_v4());
        let mut claims = assertion(&app, id);
        claims["jti"] = jti;
        token(&app, &asserted(&signer.token(&signer.header(), &claims))).await.expect(200);
        claims["aud"] = json!([address(&app), "https://elsewhere.example"]);
        token(&app, &asserted(&signer.token(&signer.header(), &claims))).await.refused(401, "invalid_client");
    }

    async fn a_token_is_read_from_its_own_field_and_nowhere_else(app: App) {
        let token = app.as_admin().token();
        let get = |path: &str, fields: &str| {
            ask(app.address, format!("GET {path} HTTP/1.1\r\nhost: a\r\n{fields}connection: close\r\n\r\n").as_bytes())
        };
        for (what, path, fields, code) in [
            ("as it is to be", "/api/v1/me".to_owned(), format!("authorization: Bearer {token}\r\n"), 200),
            ("with more blanks", "/api/v1/me".to_owned(), format!("authorization: bearer   {token}  \r\n"), 200),
            ("in the query", format!("/api/v1/me?access_token={token}"), String::new(), 401),
            ("in the query, too", format!("/api/v1/me?access_token={token}"), format!("authorization: Bearer {token}\r\n"), 400),
            ("as a cookie", "/api/v1/me".to_owned(), format!("cookie: access_token={token}; authorization=Bearer%20{token}\r\n"), 401),
            ("for a proxy", "/api/v1/me".to_owned(), format!("proxy-authorization: Bearer {token}\r\n"), 401),
            ("forwarded", "/api/v1/me".to_owned(), format!("x-forwarded-authorization: Bearer {token}\r\nx-access-token: {token}\r\n"), 401),
            ("a name that somebody gives itself", "/api/v1/me".to_owned(), "x-forwarded-user: admin\r\nx-remote-user: admin\r\n".to_owned(), 401),
            ("without its scheme", "/api/v1/me".to_owned(), format!("authorization: {token}\r\n"), 401),
            ("under another scheme", "/api/v1/me".to_owned(), format!("authorization: DPoP {token}\r\n"), 401),
            ("under Basic", "/api/v1/me".to_owned(), format!("authorization: Basic {token}\r\n"), 401),
            ("after a tab", "/api/v1/me".to_owned(), format!("authorization: Bearer\t{token}\r\n"), 401),
            ("named", "/api/v1/me".to_owned(), format!("authorization: Bearer token={token}\r\n"), 401),
            ("after another", "/api/v1/me".to_owned(), format!("authorization: Bearer x, Bearer {token}\r\n"), 401),
            ("before another", "/api/v1/me".to_owned(), format!("authorization: Bearer {token}, Basic eDp5\r\n"), 401),
            ("before a blank that is none", "/api/v1/me".to_owned(), format!("authorization: Bearer {token}\u{a0}\r\n"), 401),
            ("after a blank that is none", "/api/v1/me".to_owned(), format!("authorization: Bearer \u{2003}{token}\r\n"), 401),
            ("twice", "/api/v1/me".to_owned(), format!("authorization: Bearer {token}\r\nauthorization: Bearer {token}\r\n"), 400),
            ("after a bad one", "/api/v1/me".to_owned(), format!("authorization: Bearer x\r\nauthorization: Bearer {token}\r\n"), 400),
            ("folded", "/api/v1/me".to_owned(), format!("authorization: Bearer\r\n {token}\r\n"), 400),
        ] {
            let answer = get(&path, &fields);
            assert_eq!(status(&answer), code, "{what}: {answer}");
        }
        // In a form, which RFC 6750 knows and this service does not.
        let form = format!("access_token={token}");
        app.as_nobody().send("POST", "/api/v1/goals").body(FORM, form.clone()).await.refused(401, "auth.required");
        app.as_admin().send("POST", "/api/v1/goals").body(FORM, form).await.refused(415, "request.unsupported_media_type");
        app.as_nobody().post("/api/v1/goals", json!({ "access_token": token })).await.refused(401, "auth.required");
        // What ends sessions and gives tokens takes its secrets in the body alone, too.
        let refresh = text(&login(&app).await["refresh_token"]).to_owned();
        let query = format!("/oauth/token?grant_type=refresh_token&refresh_token={refresh}");
        app.as_nobody().send("POST", &query).body(FORM, "").await.refused(400, "request.unknown_parameter");
        app.as_nobody().get(&query).await.expect(405);
    }

    async fn a_token_for_people_stays_with_the_issuer_that_made_it(app: App) {
        let trusted = Trusted::start(app.engine).await;
        trusted.link("kari").await;
        // What an issuer makes for the application that logs people in is not for this service.
        let mut identity = trusted.person("kari");
        for (name, value) in [("aud", json!("frontend")), ("nonce", json!("n")), ("at_hash", json!("h")), ("pid", json!("00000000000"))] {
            identity[name] = value;
        }
        trusted.by_idporten(&identity).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        identity["aud"] = json!(["frontend", "https://another.example"]);
        trusted.by_idporten(&identity).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        // One for several services may be for this one.
        let mut several = trusted.person("kari");
        several["aud"] = json!(["https://another.example", AUDIENCE]);
        trusted.by_idporten(&several).get("/api/v1/me").await.expect(200);
        // And the token of an organisation names no person, nor the other way round.
        let signer = &trusted.idporten.1;
        let mut machine = trusted.organisation(support::trusted::LAVANGEN, "region:prosjekt");
        machine["iss"] = json!(trusted.idporten.0.issuer());
        trusted.app.as_nobody().with_token(signer.token(&signer.header(), &machine)).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        let signer = &trusted.maskinporten.1;
        let mut person = trusted.person("kari");
        person["iss"] = json!(trusted.maskinporten.0.issuer());
        trusted.app.as_nobody().with_token(signer.token(&signer.header(), &person)).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        trusted.end().await;
    }
}

/// A token whose signature ends in bits that stand for nothing: other letters for the same bytes.
pub fn loose(token: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.bytes().last().expect("a letter");
    let place = LETTERS.iter().position(|letter| *letter == last).expect("a letter of base64url");
    format!("{}{}", &token[..token.len() - 1], char::from(LETTERS[place ^ 1]))
}

async fn login(app: &App) -> Value {
    let login = json!({ "email": ADMINISTRATOR, "password": PASSWORD });
    app.as_nobody().post("/api/v1/auth/login", login).await.expect(200).json
}

fn claims(session: &Value) -> Value {
    super::hostile::decoded(text(&session["access_token"]).split('.').nth(1).expect("claims"))
}

async fn machine(app: &App, municipality: &Value, signer: &Signer) -> Value {
    let body = json!({
        "organisationId": municipality["id"], "name": "Sak og arkiv", "scopes": ["framdrift:status"], "jwks": { "keys": [signer.jwk()] },
    });
    app.as_admin().create("clients", body).await
}

fn assertion(app: &App, client: &str) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": client, "sub": client, "aud": format!("{}/oauth/token", address(app)), "iat": now, "exp": now + 60, "jti": uuid::Uuid::new_v4(),
    })
}

fn fresh(app: &App, client: &Value, signer: &Signer) -> String {
    signer.token(&signer.header(), &assertion(app, text(&client["id"])))
}

fn asserted(assertion: &str) -> String {
    format!("grant_type=client_credentials&client_assertion_type={ASSERTION}&client_assertion={assertion}")
}

async fn token(app: &App, form: &str) -> Answer {
    Client::new(app.address).send("POST", "/oauth/token").body(FORM, form).await
}

fn address(app: &App) -> String {
    format!("http://{}", app.address)
}

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
