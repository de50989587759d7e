//! Tokens that must not be taken, from each issuer, on several routes: none is, and none learns why.

mod hostile;
mod misplaced;

use std::time::Duration;

use chrono::Utc;
use framdrift::db::Db as _;
use hostile::{Base, Kind, hostile};
use sea_orm::Statement;
use serde_json::{Value, json};
use support::issuer::Signer;
use support::trusted::{AUDIENCE, LAVANGEN, Trusted};
use support::{Answer, App, Client, both, heavy};

both! {
    async fn no_hostile_token_is_taken(app: App) {
        let trusted = Trusted::start(app.engine).await;
        trusted.link("kari").await;
        let (mut told, nobody) = (Vec::new(), trusted.app.as_nobody());
        for base in bases(&trusted).await {
            let good = nobody.with_token(base.token());
            good.get("/api/v1/me").await.expect(200);
            let cases = hostile(&base);
            assert!(cases.len() >= 80, "{:?}: {} cases", base.kind, cases.len());
            for (name, token) in cases {
                let bearer = nobody.with("authorization", &format!("Bearer {token}"));
                for answer in routes(&bearer).await {
                    assert_eq!(answer.status, 401, "{:?}, {name}: {answer}", base.kind);
                    told.push(same(answer.refused(401, "auth.invalid_token"), &name));
                }
            }
            // What was refused has not shut out what is right.
            nobody.with_token(base.token()).get("/api/v1/me").await.expect(200);
        }
        told.dedup();
        assert_eq!(told.len(), 1, "every refusal says the same: {told:#?}");
        assert_eq!(trusted.app.as_admin().get("/api/v1/goals").await.expect(200).items().len(), 0, "nothing was written");
        trusted.end().await;
    }

    async fn the_scheme_is_read_in_any_case_and_the_longest_token_has_eight_kibibytes(app: App) {
        let token = app.as_admin().token();
        for scheme in ["bearer", "BEARER", "Bearer", "bEaReR"] {
            app.as_nobody().with("authorization", &format!("{scheme} {token}")).get("/api/v1/me").await.expect(200);
        }
        let trusted = Trusted::start(app.engine).await;
        let (_, signer) = &trusted.maskinporten;
        let mut claims = trusted.organisation(LAVANGEN, "region:prosjekt");
        claims["padding"] = "x".repeat(5000).into();
        let client = trusted.app.as_nobody();
        client.with_token(signer.token(&signer.header(), &claims)).get("/api/v1/me").await.expect(200);
        claims["padding"] = "x".repeat(6200).into();
        let long = signer.token(&signer.header(), &claims);
        assert!(long.len() > 8192 && long.len() < 12_000);
        client.with_token(long).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        trusted.end().await;
    }

    async fn clocks_may_differ_by_ten_seconds_and_no_more(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let now = Utc::now().timestamp();
        for (name, value, status) in [
            ("exp", now - 5, 200), ("exp", now - 30, 401), ("iat", now + 5, 200), ("iat", now + 30, 401), ("nbf", now + 5, 200), ("nbf", now + 30, 401),
        ] {
            let mut claims = trusted.organisation(LAVANGEN, "region:prosjekt");
            claims["iat"] = (now - 60).into();
            claims[name] = value.into();
            trusted.by_maskinporten(&claims).get("/api/v1/me").await.expect(status);
        }
        trusted.end().await;
    }

    async fn an_issuer_s_token_is_its_own_subject_s_and_nobody_else_s(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let admin = trusted.app.as_admin().get("/api/v1/me").await.expect(200)["id"].as_str().expect("an id").to_owned();
        let client = json!({ "organisationId": trusted.world.municipality["id"], "name": "K", "scopes": ["framdrift:read"] });
        let client = trusted.app.as_admin().create("clients", client).await["id"].as_str().expect("an id").to_owned();
        let kari = trusted.link("kari").await;
        // The subject of one issuer, as another says it.
        for subject in [admin.as_str(), client.as_str(), kari["id"].as_str().expect("an id"), LAVANGEN, "KARI", "kari "] {
            let refused = trusted.by_idporten(&trusted.person(subject)).get("/api/v1/me").await;
            refused.refused(403, "access.unknown_caller");
        }
        // Somebody links the same subject of two issuers to two users: they stay two.
        let other = trusted.app.as_admin().create("users", json!({ "email": "to@framdrift.example", "name": "To" })).await;
        let identity = json!({ "userId": other["id"], "issuer": trusted.maskinporten.0.issuer(), "subject": "kari" });
        trusted.app.as_admin().create("user-identities", identity).await;
        let me = trusted.by_idporten(&trusted.person("kari")).get("/api/v1/me").await.expect(200);
        assert_eq!((&me["id"], &me["issuer"]), (&kari["id"], &json!(trusted.idporten.0.issuer())), "{me}");
        let mut machine = trusted.organisation(LAVANGEN, "region:prosjekt");
        machine["sub"] = "kari".into();
        let me = trusted.by_maskinporten(&machine).get("/api/v1/me").await.expect(200);
        assert_eq!((&me["kind"], &me["id"]), (&json!("organisation"), &trusted.world.municipality["id"]), "{me}");
        // Each issuer's claims under the other's signature, and the own issuer's under both.
        let own = signing_key(&trusted.app).await;
        let (machines, people) = (&trusted.maskinporten.1, &trusted.idporten.1);
        let mut as_own = trusted.person("kari");
        as_own["iss"] = AUDIENCE.into();
        as_own["sub"] = admin.as_str().into();
        for (signer, claims) in [
            (machines, trusted.person("kari")), (&own, trusted.person("kari")), (people, trusted.organisation(LAVANGEN, "region:prosjekt")),
            (&own, trusted.organisation(LAVANGEN, "region:prosjekt")), (machines, as_own.clone()), (people, as_own),
        ] {
            for kid in [&machines.kid, &people.kid, &own.kid] {
                let token = signer.token(&json!({ "alg": signer.alg, "kid": kid, "typ": "at+jwt" }), &claims);
                trusted.app.as_nobody().with_token(token).get("/api/v1/me").await.refused(401, "auth.invalid_token");
            }
        }
        trusted.end().await;
    }
}

heavy! {
    async fn a_hostile_token_is_refused_within_twenty_milliseconds(app: App) {
        let trusted = Trusted::start(app.engine).await;
        trusted.link("kari").await;
        let nobody = trusted.app.as_nobody();
        let (mut slowest, mut count) = (Duration::ZERO, 0);
        for base in bases(&trusted).await {
            nobody.with_token(base.token()).get("/api/v1/me").await.expect(200);
            for (name, token) in hostile(&base) {
                let client = nobody.with("authorization", &format!("Bearer {token}"));
                // A machine that is busy with something else disturbs some of them; what a token costs shows in the best.
                let mut best = Duration::MAX;
                for _ in 0..5 {
                    best = best.min(client.get("/api/v1/projects").await.expect(401).took);
                }
                assert!(best < Duration::from_millis(20), "{:?}, {name}: {best:?}", base.kind);
                (slowest, count) = (slowest.max(best), count + 1);
            }
        }
        println!("{count} tokens, the slowest to refuse takes {slowest:?}");
        trusted.end().await;
    }
}

/// A good token of each issuer, to be made bad.
async fn bases(trusted: &Trusted) -> Vec<Base> {
    let own = signing_key(&trusted.app).await;
    let claims = trusted.app.as_admin().token();
    let claims = claims.split('.').nth(1).map(hostile::decoded).expect("claims");
    let header = json!({ "alg": "EdDSA", "kid": own.kid, "typ": "at+jwt" });
    let (machines, people) = (trusted.maskinporten.1.clone(), trusted.idporten.1.clone());
    let base = |kind, signer: &Signer, header, claims, other: &Signer| Base {
        kind,
        signer: signer.clone(),
        header,
        claims,
        attacker: if signer.alg == "EdDSA" { Signer::ed(&signer.kid) } else { Signer::rsa(&signer.kid) },
        other: other.clone(),
    };
    vec![
        base(Kind::Own, &own, header, claims, &machines),
        base(
            Kind::Maskinporten,
            &machines,
            machines.header(),
            trusted.organisation(LAVANGEN, "region:prosjekt"),
            &people,
        ),
        base(Kind::Idporten, &people, people.header(), trusted.person("kari"), &machines),
    ]
}

/// The service's own key.
async fn signing_key(app: &App) -> Signer {
    let db = &app.store.read;
    let sql = "SELECT value FROM secrets WHERE name = 'signing_key'";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("it answers");
    let pkcs8: Vec<u8> = row.expect("a key").try_get("", "value").expect("its bytes");
    let keys = app.as_nobody().get("/.well-known/jwks.json").await.expect(200);
    Signer::of_pkcs8(keys["keys"][0]["kid"].as_str().expect("a name"), &pkcs8)
}

async fn routes(client: &Client) -> Vec<Answer> {
    let goal = json!({ "projectId": "0190e0a0-0000-7000-8000-000000000000", "kind": "impact", "text": "Vekst" });
    vec![client.get("/api/v1/me").await, client.get("/api/v1/projects").await, client.post("/api/v1/goals", goal).await]
}

/// What a refusal says, without what is different in every answer.
fn same(answer: Answer, name: &str) -> (Value, String) {
    assert_eq!(answer.challenge(), "Bearer error=\"invalid_token\"", "{name}: {answer}");
    let mut json = answer.json.clone();
    json["traceId"] = Value::Null;
    let kept = answer.headers.keys().map(|name| name.as_str()).filter(|name| *name != "connection");
    (json, kept.collect::<Vec<_>>().join(","))
}
