//! Machine clients: how they are made, how they get tokens, and how far these reach.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use framdrift::db::Db as _;
use sea_orm::Statement;
use serde_json::{Value, json};
use support::issuer::Signer;
use support::{Answer, App, Client, Engine, Replica, Role, World, both};

const FORM: &str = "application/x-www-form-urlencoded";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

both! {
    async fn a_client_gets_a_secret_once_and_a_token_for_it(app: App) {
        let world = app.world().await;
        let client = client(&world, &["framdrift:status", "framdrift:read"], json!({})).await;
        let secret = client["secret"].as_str().expect("a secret").to_owned();
        assert!(secret.len() == "framdrift_".len() + 43, "256 bits: {secret}");
        let read = app.as_admin().read("clients", &client).await;
        assert_eq!((&read["secret"], &read["lastUsedAt"]), (&Value::Null, &Value::Null));
        let history = app.as_admin().get(&format!("{}/history", at(&client))).await.expect(200);
        assert!(!history.text().contains(&secret), "{history}");
        for answer in [by_form(&app, &client, &secret, "").await, by_basic(&app, &client, &secret).await] {
            let answer = answer.expect(200);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!((&answer["token_type"], &answer["scope"]), (&json!("Bearer"), &json!("framdrift:status framdrift:read")));
            assert!(answer.json.get("refresh_token").is_none(), "{answer}");
            let me = bearer(&app, &answer).get("/api/v1/me").await.expect(200);
            assert_eq!((&me["kind"], &me["id"], &me["organisationId"]), (&json!("client"), &client["id"], &world.municipality["id"]));
            assert_eq!(me["scopes"], json!(["framdrift:status", "framdrift:read"]), "{me}");
            assert_eq!(me["projects"][0]["roles"], json!(["municipal_officer"]), "{me}");
            assert_eq!(me["projects"][0]["rights"]["milestones"], json!({ "read": "all", "write": false, "approve": false }));
        }
        let read = app.as_admin().read("clients", &client).await;
        assert!(read["lastUsedAt"].is_string() && read["version"] == 1, "last use is no change: {read}");
        let kept = app.store.read.query_one_raw(Statement::from_string(
            app.store.read.get_database_backend(), "SELECT count(*) AS n FROM client_secrets WHERE length(hash) = 32",
        )).await.expect("it answers").expect("a row");
        assert_eq!(kept.try_get::<i64>("", "n").expect("a number"), 1, "only a hash is kept");
    }

    async fn a_repeated_creation_makes_no_second_client_and_is_answered_the_same(app: App) {
        let world = app.world().await;
        let body = json!({ "organisationId": world.municipality["id"], "name": "Sak", "scopes": ["framdrift:status"] });
        let create = || app.as_admin().post("/api/v1/clients", body.clone()).header("idempotency-key", "en-klient");
        let first = create().await.expect(201);
        let again = create().await.expect(201);
        assert_eq!((&first["id"], &first["secret"]), (&again["id"], &again["secret"]), "{again}");
        // The kept answer has it sealed with the key, which is not kept.
        let sql = Statement::from_string(app.store.read.get_database_backend(), "SELECT body FROM idempotency_keys");
        let kept = app.store.read.query_one_raw(sql).await.expect("it answers").expect("a row");
        let kept = kept.try_get::<String>("", "body").expect("an answer");
        assert!(kept.contains("secret") && !kept.contains("framdrift_"), "{kept}");
        by_form(&app, &first.json, first["secret"].as_str().expect("a secret"), "").await.expect(200);
    }

    async fn the_token_endpoint_answers_in_the_words_of_rfc_6749(app: App) {
        let world = app.world().await;
        let client = client(&world, &["framdrift:status"], json!({})).await;
        let (id, secret) = (client["id"].as_str().expect("an id"), client["secret"].as_str().expect("a secret"));
        let other = self::client(&world, &["framdrift:status"], json!({})).await;
        let grant = "grant_type=client_credentials";
        for (form, status, error) in [
            (format!("{grant}&client_id={id}&client_secret=framdrift_wrong"), 401, "invalid_client"),
            (format!("{grant}&client_id={id}&client_secret={}", other["secret"].as_str().expect("a secret")), 401, "invalid_client"),
            (format!("{grant}&client_id=0190e0a0-0000-7000-8000-000000000000&client_secret={secret}"), 401, "invalid_client"),
            (format!("{grant}&client_id=nobody&client_secret={secret}"), 401, "invalid_client"),
            (format!("{grant}&client_secret={secret}"), 401, "invalid_client"),
            (grant.to_owned(), 401, "invalid_client"),
            (format!("{grant}&client_id={id}&client_secret="), 401, "invalid_client"),
            (format!("{grant}&client_id={id}&client_secret={secret}&scope=framdrift:write"), 400, "invalid_scope"),
            (format!("{grant}&client_id={id}&client_secret={secret}&scope=framdrift:status+openid"), 400, "invalid_scope"),
            (format!("{grant}&client_id={id}&client_secret={secret}&client_secret={secret}"), 400, "invalid_request"),
            (format!("{grant}&client_id={id}&client_secret={secret}&client_assertion=a.b.c&client_assertion_type={ASSERTION}"), 400, "invalid_request"),
            (format!("client_id={id}&client_secret={secret}"), 400, "invalid_request"),
            (format!("grant_type=password&client_id={id}&client_secret={secret}"), 400, "unsupported_grant_type"),
            ("grant_type=refresh_token&refresh_token=nonsense".to_owned(), 400, "invalid_grant"),
        ] {
            let answer = app.as_nobody().send("POST", "/oauth/token").body(FORM, form.clone()).await.refused(status, error);
            assert_eq!((&answer["error"], answer.header("cache-control")), (&json!(error), "no-store"), "{form}");
            assert!(answer["error_description"].as_str().is_some_and(|text| text.is_ascii()), "{answer}");
            assert_eq!(answer.header("www-authenticate").starts_with("Basic"), status == 401, "{answer}");
        }
        let narrowed = by_form(&app, &client, secret, "&scope=framdrift:status").await.expect(200);
        assert_eq!(narrowed["scope"], "framdrift:status");
        let wrong = app.as_nobody().with("authorization", "Basic !!!").send("POST", "/oauth/token").body(FORM, grant);
        wrong.await.refused(401, "invalid_client");
    }

    async fn a_secret_is_rotated_with_an_overlap_and_revoked_without(app: App) {
        let world = app.world().await;
        let first = client(&world, &["framdrift:status"], json!({})).await;
        let (one, token) = (secret_of(&first), token(&app, &first, &secret_of(&first)).await);
        let second = rotate(&app, &first, json!({ "overlapSeconds": 3600 })).await.expect(200);
        let two = secret_of(&second.json);
        assert_eq!((&second["secretVersion"], one == two), (&json!(2), false), "{second}");
        for secret in [&one, &two] {
            by_form(&app, &first, secret, "").await.expect(200);
        }
        bearer(&app, &token).get("/api/v1/me").await.expect(200);
        // A third: the first of them is over at once, and the tokens that it got with it.
        let third = rotate(&app, &second.json, json!({})).await.expect(200);
        by_form(&app, &first, &one, "").await.refused(401, "invalid_client");
        bearer(&app, &token).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        let of_second = self::token(&app, &first, &two).await;
        // Revoked: no overlap.
        let fourth = rotate(&app, &third.json, json!({ "overlapSeconds": 0 })).await.expect(200);
        for gone in [&two, &secret_of(&third.json)] {
            by_form(&app, &first, gone, "").await.refused(401, "invalid_client");
        }
        bearer(&app, &of_second).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        by_form(&app, &first, &secret_of(&fourth.json), "").await.expect(200);
        rotate(&app, &fourth.json, json!({ "overlapSeconds": -1 })).await.faulted("/overlapSeconds", "too_small");
        rotate(&app, &first, json!({})).await.refused(412, "record.stale");
        let history = app.as_admin().get(&format!("{}/history", at(&first))).await.expect(200);
        assert_eq!(history.items()[0]["event"], "client.secret_rotated", "{history}");
        assert!(!history.text().contains("framdrift_"), "{history}");
    }

    async fn what_is_taken_from_a_client_is_gone_with_its_next_request(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let client = client(&world, &["framdrift:status", "framdrift:read"], json!({})).await;
        let machine = machine(&app, &client).await;
        let goals = "/api/v1/activities";
        machine.get(goals).await.expect(200);
        let less = admin.change("clients", &client, json!({ "scopes": ["framdrift:status"] })).await.expect(200).json;
        machine.get(goals).await.refused(403, "access.insufficient_scope");
        machine.get("/api/v1/milestones").await.expect(200);
        let off = admin.change("clients", &less, json!({ "disabledAt": Utc::now() })).await.expect(200).json;
        machine.get("/api/v1/milestones").await.refused(401, "auth.invalid_token");
        by_form(&app, &client, &secret_of(&client), "").await.refused(401, "invalid_client");
        let on = admin.change("clients", &off, json!({ "disabledAt": null })).await.expect(200).json;
        machine.get("/api/v1/milestones").await.expect(200);
        // The organisation is no party any more.
        let party = admin.get("/api/v1/project-parties?role=owner").await.expect(200).items()[0].clone();
        let project = world.report("status");
        machine.get(&project).await.expect(200);
        admin.remove("project-parties", &party).await.expect(204);
        machine.get(&project).await.refused(404, "record.not_found");
        admin.remove("clients", &on).await.expect(204);
        machine.get("/api/v1/me").await.refused(401, "auth.invalid_token");
    }

    async fn a_client_signs_its_assertion_and_uses_it_once(app: App) {
        let world = app.world().await;
        let (signer, stranger) = (Signer::ed("2026"), Signer::ed("2026"));
        let client = client(&world, &["framdrift:status"], json!({ "jwks": keys(&[&signer]) })).await;
        let claims = assertion(&app, &client);
        let good = signer.token(&signer.header(), &claims);
        let token = by_assertion(&app, &good).await.expect(200);
        bearer(&app, &token).get("/api/v1/me").await.expect(200);
        by_assertion(&app, &good).await.refused(401, "invalid_client");
        let with = |name: &str, value: Value| {
            let mut claims = assertion(&app, &client);
            claims[name] = value;
            signer.token(&signer.header(), &claims)
        };
        let now = Utc::now().timestamp();
        by_assertion(&app, &with("aud", json!(format!("http://{}", app.address)))).await.expect(200);
        let mut without = assertion(&app, &client);
        without.as_object_mut().expect("claims").remove("jti");
        for (what, refused) in [
            ("another key", stranger.token(&stranger.header(), &assertion(&app, &client))),
            ("no jti", signer.token(&signer.header(), &without)),
            ("another audience", with("aud", json!("https://elsewhere.example/oauth/token"))),
            ("another subject", with("sub", json!("0190e0a0-0000-7000-8000-000000000000"))),
            ("another issuer", with("iss", json!("0190e0a0-0000-7000-8000-000000000000"))),
            ("over", with("exp", json!(now - 11))),
            ("too long", with("exp", json!(now + 400))),
            ("of the future", with("iat", json!(now + 60))),
            ("not yet", with("nbf", json!(now + 60))),
            ("an unknown key", signer.token(&json!({ "alg": "EdDSA", "kid": "2027" }), &assertion(&app, &client))),
            ("no algorithm", format!("{}.", signer.token(&json!({ "alg": "none" }), &assertion(&app, &client)).rsplit_once('.').expect("parts").0)),
            ("an access token", token["access_token"].as_str().expect("a token").to_owned()),
            ("nothing", "nonsense".to_owned()),
        ] {
            let answer = by_assertion(&app, &refused).await;
            assert_eq!((answer.status, &answer["error"]), (401, &json!("invalid_client")), "{what}: {answer}");
        }
        // Taken away, the key takes with it what it got.
        let none = app.as_admin().change("clients", &client, json!({ "jwks": null })).await.expect(200);
        bearer(&app, &token).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        let secret = secret_of(&client);
        by_form(&app, &none.json, &secret, "").await.expect(200);
    }

    async fn an_assertion_is_used_once_by_however_many_at_a_time(app: App) {
        let world = app.world().await;
        let signer = Signer::ed("a");
        let client = client(&world, &["framdrift:status"], json!({ "jwks": keys(&[&signer]) })).await;
        let assertion = signer.token(&signer.header(), &assertion(&app, &client));
        let all = futures_util::future::join_all((0..20).map(|_| by_assertion(&app, &assertion))).await;
        let good = all.iter().filter(|answer| answer.status == 200).count();
        let refused = all.iter().filter(|answer| answer.status == 401).count();
        assert_eq!((good, refused), (1, 19));
    }

    async fn only_public_keys_of_enough_strength_are_kept(app: App) {
        let world = app.world().await;
        let body = |key: Value| json!({ "organisationId": world.municipality["id"], "name": "N", "scopes": ["framdrift:read"], "jwks": { "keys": [key] } });
        let good = Signer::ed("a").jwk();
        let with = |name: &str, value: &str| {
            let mut key = good.clone();
            key[name] = value.into();
            key
        };
        let post = |key: Value| app.as_admin().post("/api/v1/clients", body(key));
        post(with("d", "c2VjcmV0")).await.faulted("/jwks/keys/0/d", "unknown_field");
        post(with("kty", "oct")).await.faulted("/jwks/keys/0/kty", "");
        post(with("x", "AAAA")).await.faulted("/jwks/keys/0", "unusable_key");
        post(with("alg", "RS256")).await.faulted("/jwks/keys/0", "unusable_key");
        post(json!({ "kty": "RSA", "kid": "short", "n": "_".repeat(171), "e": "AQAB" })).await.faulted("/jwks/keys/0", "unusable_key");
        // Under these anybody can sign.
        post(with("x", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await.faulted("/jwks/keys/0", "unusable_key");
        post(json!({ "kty": "RSA", "kid": "one", "n": "_".repeat(344), "e": "AQ" })).await.faulted("/jwks/keys/0", "unusable_key");
        let mut twice = body(good.clone());
        twice["jwks"]["keys"] = json!([good, good]);
        app.as_admin().post("/api/v1/clients", twice).await.faulted("/jwks/keys/1/kid", "repeated");
        let mut repeated = body(good.clone());
        repeated["scopes"] = json!(["framdrift:read", "framdrift:read"]);
        app.as_admin().post("/api/v1/clients", repeated).await.faulted("/scopes/1", "repeated");
        let mut unknown = body(good);
        unknown["scopes"] = json!(["framdrift:everything"]);
        let answer = app.as_admin().post("/api/v1/clients", unknown).await.faulted("/scopes/0", "unknown_code");
        assert!(answer.text().contains("framdrift:political.write"), "{answer}");
    }

    async fn a_scope_that_is_not_enough_is_named(app: App) {
        let world = app.world().await;
        let milestone = world.make("milestones").await;
        let address = format!("/api/v1/milestones/{}", milestone["id"].as_str().expect("an id"));
        let status = machine(&app, &client(&world, &["framdrift:status"], json!({})).await).await;
        let read = machine(&app, &client(&world, &["framdrift:read"], json!({})).await).await;
        let challenged = |answer: Answer, scope: &str| {
            let answer = answer.refused(403, "access.insufficient_scope");
            assert_eq!(answer.challenge(), format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""));
        };
        challenged(read.patch(&address, json!({})).await, "framdrift:write");
        challenged(read.post("/api/v1/goals", json!({})).await, "framdrift:write");
        challenged(read.post("/api/v1/political-steps", json!({})).await, "framdrift:political.write");
        challenged(read.post("/api/v1/batch", json!({ "operations": [] })).await, "framdrift:political.write");
        challenged(status.get("/api/v1/activities").await, "framdrift:read");
        challenged(status.delete(&address).await, "framdrift:write");
        // No scope opens what is for people.
        for machine in [&status, &read] {
            machine.get("/api/v1/users").await.refused(403, "access.forbidden");
            machine.get("/api/v1/clients").await.refused(403, "access.forbidden");
            machine.get("/api/v1/webhooks").await.refused(403, "access.forbidden");
        }
        // An officer's machine sees all, one that may only ask for the status what an observer sees.
        let hidden = json!({ "projectId": world.project["id"], "number": "77", "title": "Internt", "internal": true });
        app.as_admin().create("milestones", hidden).await;
        let seen = async |machine: &Client| machine.get("/api/v1/milestones?number=77").await.expect(200).items().len();
        assert_eq!((seen(&read).await, seen(&status).await), (1, 0));
        status.get(&world.report("status")).await.expect(200);
        status.get(&world.report("findings")).await.expect(200);
    }

    async fn an_archive_fetches_what_its_municipality_reads_and_nobody_else_does(app: App) {
        let world = app.world().await;
        let archive = machine(&app, &client(&world, &["framdrift:archive"], json!({})).await).await;
        let package = archive.get(&world.report("archive-package")).await.expect(200);
        assert_eq!(package.header("content-type"), "application/zip");
        let reader = machine(&app, &client(&world, &["framdrift:read"], json!({})).await).await;
        let refused = reader.get(&world.report("archive-package")).await.refused(403, "access.insufficient_scope");
        assert!(refused.header("www-authenticate").contains("framdrift:archive"), "{refused}");
        let goal = json!({ "projectId": world.project["id"], "kind": "outcome", "text": "Nei" });
        archive.post("/api/v1/goals", goal).await.refused(403, "access.insufficient_scope");
    }

    async fn a_committee_system_writes_its_own_municipality_s_steps_and_nothing_else(app: App) {
        let world = app.world().await;
        let machine = machine(&app, &client(&world, &["framdrift:political.write"], json!({})).await).await;
        let matter = app.as_admin().create("matters", json!({ "projectId": world.project["id"], "subject": "continuation", "title": "Videreføring", "rule": "all" })).await;
        let other = app.as_admin().create("organisations", json!({ "name": "Bardu kommune", "kind": "municipality" })).await;
        app.as_admin().create("project-parties", json!({ "projectId": world.project["id"], "organisationId": other["id"], "role": "owner" })).await;
        let case = |organisation: &Value| json!({ "projectId": world.project["id"], "matterId": matter["id"], "organisationId": organisation, "caseYear": 2017, "caseSequence": 412 });
        let own = machine.create("political-cases", case(&world.municipality["id"])).await;
        machine.post("/api/v1/political-cases", case(&other["id"])).await.refused(403, "access.forbidden");
        machine.post("/api/v1/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Vekst" })).await.refused(403, "access.insufficient_scope");
        // In a batch each operation is held to its own area.
        let batch = |path: &str, body: Value| json!({ "operations": [{ "method": "POST", "path": path, "body": body }] });
        let goal = batch("/api/v1/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Vekst" }));
        let refused = machine.post("/api/v1/batch", goal).await;
        assert!(refused.text().contains("insufficient_scope"), "{refused}");
        assert!(app.as_admin().get("/api/v1/goals").await.expect(200).items().is_empty());
        // The journal says who it was.
        let history = app.as_admin().get(&format!("/api/v1/political-cases/{}/history", own["id"].as_str().expect("an id"))).await.expect(200);
        assert_eq!((&history.items()[0]["actor"]["kind"], &history.items()[0]["actor"]["id"]), (&json!("client"), &own["createdBy"]), "{history}");
        // Writing all is for who is asked to; approving is for people.
        let writer = self::machine(&app, &client(&world, &["framdrift:write"], json!({})).await).await;
        writer.post("/api/v1/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Vekst" })).await.refused(403, "access.forbidden");
        let me = writer.get("/api/v1/me").await.expect(200);
        let rights = me["projects"][0]["rights"].as_object().expect("rights");
        assert!(rights.values().all(|right| right["approve"] == false), "{me}");
    }

    async fn clients_and_identities_are_the_administrators_alone(app: App) {
        let world = app.world().await;
        let executive = world.as_a(Role::Executive).await;
        for path in ["clients", "user-identities"] {
            executive.post(&format!("/api/v1/{path}"), world.body(path).await).await.refused(403, "access.forbidden");
            assert!(executive.get(&format!("/api/v1/{path}")).await.expect(200).items().is_empty());
        }
        let client = world.make("clients").await;
        rotate_as(&executive, &client, json!({})).await.refused(404, "record.not_found");
        app.as_nobody().post("/api/v1/clients/0190e0a0-0000-7000-8000-000000000000/rotate-secret", json!({})).await.refused(401, "auth.required");
    }
}

/// The database behind two servers: PostgreSQL. What was used or taken away at one is gone at the other.
#[test]
fn what_is_used_up_or_revoked_at_one_replica_is_so_at_another() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of(&app).await;
        let there = replica.as_nobody();
        let world = app.world().await;
        let signer = Signer::ed("a");
        let client = client(&world, &["framdrift:status"], json!({ "jwks": keys(&[&signer]) })).await;
        let once = signer.token(&signer.header(), &assertion(&app, &client));
        let token = by_assertion(&app, &once).await.expect(200);
        let form = format!("grant_type=client_credentials&client_assertion_type={ASSERTION}&client_assertion={once}");
        there.send("POST", "/oauth/token").body(FORM, form).await.refused(401, "invalid_client");
        let machine = there.with_token(token["access_token"].as_str().expect("a token").to_owned());
        machine.get("/api/v1/me").await.expect(200);
        app.as_admin().change("clients", &client, json!({ "disabledAt": Utc::now() })).await.expect(200);
        machine.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        replica.end().await;
    });
}

/// A machine of the municipality that owns the project; with its secret.
async fn client(world: &World, scopes: &[&str], more: Value) -> Value {
    let mut body = json!({ "organisationId": world.municipality["id"], "name": "Sak og arkiv", "scopes": scopes });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    world.as_admin().create("clients", body).await
}

fn at(client: &Value) -> String {
    format!("/api/v1/clients/{}", client["id"].as_str().expect("an id"))
}

fn secret_of(client: &Value) -> String {
    client["secret"].as_str().expect("a secret").to_owned()
}

async fn rotate(app: &App, client: &Value, body: Value) -> Answer {
    rotate_as(&app.as_admin(), client, body).await
}

async fn rotate_as(who: &Client, client: &Value, body: Value) -> Answer {
    who.post(&format!("{}/rotate-secret", at(client)), body).if_match(&format!("\"{}\"", client["version"])).await
}

async fn by_form(app: &App, client: &Value, secret: &str, more: &str) -> Answer {
    let id = client["id"].as_str().expect("an id");
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}{more}");
    app.as_nobody().send("POST", "/oauth/token").body(FORM, form).await
}

async fn by_basic(app: &App, client: &Value, secret: &str) -> Answer {
    let pair = STANDARD.encode(format!("{}:{secret}", client["id"].as_str().expect("an id")));
    let nobody = app.as_nobody().with("authorization", &format!("Basic {pair}"));
    nobody.send("POST", "/oauth/token").body(FORM, "grant_type=client_credentials").await
}

async fn by_assertion(app: &App, assertion: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_assertion_type={ASSERTION}&client_assertion={assertion}");
    app.as_nobody().send("POST", "/oauth/token").body(FORM, form).await
}

fn assertion(app: &App, client: &Value) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": client["id"], "sub": client["id"], "aud": format!("http://{}/oauth/token", app.address),
        "iat": now, "exp": now + 60, "jti": uuid::Uuid::new_v4(),
    })
}

fn keys(signers: &[&Signer]) -> Value {
    json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() })
}

async fn token(app: &App, client: &Value, secret: &str) -> Answer {
    by_form(app, client, secret, "").await.expect(200)
}

fn bearer(app: &App, token: &Answer) -> Client {
    app.as_nobody().with_token(token["access_token"].as_str().expect("a token").to_owned())
}

/// The machine, with a token.
async fn machine(app: &App, client: &Value) -> Client {
    bearer(app, &token(app, client, &secret_of(client)).await)
}
