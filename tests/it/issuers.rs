//! Tokens of other issuers: whom they stand for, how far they reach, and how their keys come and go.

use std::time::Instant;

use chrono::Utc;
use framdrift::access::external::External;
use framdrift::config::issuers::IssuerSettings;
use serde_json::{Value, json};
use support::issuer::{Published, Signer};
use support::trusted::{AUDIENCE, LAVANGEN, Trusted};
use support::{App, Client, both, heavy};
use uuid::Uuid;

/// Tokens with so many names of keys that nobody has: the issuer is asked once for all of them.
async fn strangers(app: &App, count: u32) {
    let trusted = Trusted::start(app.engine).await;
    let (issuer, signer) = &trusted.maskinporten;
    good(&trusted, signer).await.expect(200);
    assert_eq!(issuer.asked(), 1);
    let nobody = trusted.app.as_nobody();
    let stranger = |n: u32| {
        let header = json!({ "alg": "RS256", "kid": format!("random-{n}") });
        nobody.with_token(signer.token(&header, &json!({ "iss": issuer.issuer() })))
    };
    let strangers: Vec<Client> = (0..count).map(stranger).collect();
    for some in strangers.chunks(50) {
        let answers = some.iter().map(|client| async move { client.get("/api/v1/me").await });
        for answer in futures_util::future::join_all(answers).await {
            answer.refused(401, "auth.invalid_token");
        }
    }
    assert_eq!(issuer.asked(), 2, "one for the first token, one for all of these");
    good(&trusted, signer).await.expect(200);
    trusted.end().await;
}

heavy! {
    async fn ten_thousand_unknown_keys_are_asked_for_once(app: App) {
        strangers(&app, 10_000).await;
    }
}

both! {
    async fn an_organisation_of_maskinporten_may_what_it_is_narrowed_by_its_scopes(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let organisation = &trusted.world.municipality["id"];
        let status = trusted.by_maskinporten(&trusted.organisation(LAVANGEN, "region:prosjekt/status other:scope"));
        let me = status.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["kind"], &me["id"], &me["organisationId"]), (&json!("organisation"), organisation, organisation), "{me}");
        assert_eq!((&me["scopes"], &me["issuer"]), (&json!(["framdrift:status"]), &json!(trusted.maskinporten.0.issuer())), "{me}");
        status.get(&trusted.world.report("status")).await.expect(200);
        let refused = status.get("/api/v1/activities").await.refused(403, "access.insufficient_scope");
        assert_eq!(refused.challenge(), "Bearer error=\"insufficient_scope\", scope=\"framdrift:read\"");
        let read = trusted.by_maskinporten(&trusted.organisation(LAVANGEN, "region:prosjekt"));
        read.get("/api/v1/activities").await.expect(200);
        let written = read.post("/api/v1/political-cases", json!({})).await.refused(403, "access.insufficient_scope");
        assert_eq!(written.challenge(), "Bearer error=\"insufficient_scope\", scope=\"framdrift:political.write\"");
        let nothing = trusted.by_maskinporten(&trusted.organisation(LAVANGEN, "framdrift:write"));
        nothing.get("/api/v1/projects").await.refused(403, "access.insufficient_scope");
        // An organisation that is registered and no party sees no project; one that is not registered is told so.
        let bardu = json!({ "name": "Bardu kommune", "kind": "municipality", "orgNumber": "864993982" });
        trusted.app.as_admin().create("organisations", bardu).await;
        let stranger = trusted.by_maskinporten(&trusted.organisation("864993982", "region:prosjekt"));
        assert!(stranger.get("/api/v1/projects").await.expect(200).items().is_empty());
        stranger.get(&trusted.world.report("status")).await.refused(404, "record.not_found");
        let unknown = trusted.by_maskinporten(&trusted.organisation("961416388", "region:prosjekt"));
        unknown.get("/api/v1/projects").await.refused(403, "access.unknown_caller");
        // More may stand after the number.
        let mut longer = trusted.organisation(LAVANGEN, "region:prosjekt");
        longer["consumer"]["ID"] = format!("0192:{LAVANGEN}:avdeling").into();
        trusted.by_maskinporten(&longer).get("/api/v1/me").await.expect(200);
        trusted.end().await;
    }

    async fn a_supplier_acts_only_by_a_delegation_that_is_accepted_and_stands_in_the_journal(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let mut claims = trusted.organisation(LAVANGEN, "region:prosjekt.politisk.write");
        claims["supplier"] = json!({ "authority": "iso6523-actorid-upis", "ID": "0192:123456785" });
        trusted.by_maskinporten(&claims).get("/api/v1/me").await.refused(403, "access.forbidden");
        claims["delegation_source"] = "https://elsewhere.example/".into();
        trusted.by_maskinporten(&claims).get("/api/v1/me").await.refused(403, "access.forbidden");
        claims["delegation_source"] = "https://altinn.example/".into();
        let supplier = trusted.by_maskinporten(&claims);
        let project = &trusted.world.project["id"];
        let matter = json!({ "projectId": project, "subject": "budget", "title": "Budsjett", "rule": "all" });
        let matter = trusted.app.as_admin().create("matters", matter).await;
        let case = json!({ "projectId": project, "matterId": matter["id"], "organisationId": trusted.world.municipality["id"], "caseYear": 2017, "caseSequence": 1 });
        let case = supplier.create("political-cases", case).await;
        assert_eq!(case["createdBy"], trusted.world.municipality["id"]);
        let address = format!("/api/v1/political-cases/{}/history", case["id"].as_str().expect("an id"));
        let history = trusted.app.as_admin().get(&address).await.expect(200);
        assert_eq!(history.items()[0]["actor"], json!({
            "kind": "organisation", "id": trusted.world.municipality["id"],
            "via": {
                "issuer": trusted.maskinporten.0.issuer(), "clientId": "3c8b8a6e-klient", "supplier": "123456785",
                "delegationSource": "https://altinn.example/",
            },
        }));
        trusted.end().await;
    }

    async fn a_person_is_the_user_that_an_administrator_has_linked(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let subject = "pwSJNqBhOUVcXxxPmXvXp5cEXqhsg6Zt";
        let kari = trusted.by_idporten(&trusted.person(subject));
        let told = kari.get("/api/v1/me").await.refused(403, "access.unknown_caller");
        assert!(told["detail"].as_str().is_some_and(|detail| detail.contains(subject)), "whom to link is told: {told}");
        let user = trusted.link(subject).await;
        let me = kari.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["kind"], &me["id"], &me["scopes"]), (&json!("user"), &user["id"], &Value::Null), "{me}");
        // One subject is one user.
        let twice = json!({ "userId": user["id"], "issuer": trusted.idporten.0.issuer(), "subject": subject });
        trusted.app.as_admin().post("/api/v1/user-identities", twice).await.refused(409, "record.conflict");
        // Rights come and go with the user, at once.
        let admin = trusted.app.as_admin();
        kari.get("/api/v1/users").await.expect(200);
        let user = admin.change("users", &user, json!({ "administrator": true })).await.expect(200).json;
        assert_eq!(kari.get("/api/v1/projects").await.expect(200).items().len(), 1);
        let goal = json!({ "projectId": trusted.world.project["id"], "kind": "impact", "text": "Vekst" });
        let goal = kari.create("goals", goal).await;
        let history = admin.get(&format!("/api/v1/goals/{}/history", goal["id"].as_str().expect("an id"))).await.expect(200);
        assert_eq!((&history.items()[0]["actor"]["id"], &history.items()[0]["actor"]["via"]["issuer"]), (&user["id"], &json!(trusted.idporten.0.issuer())));
        admin.change("users", &user, json!({ "disabledAt": Utc::now() })).await.expect(200);
        kari.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        trusted.end().await;
    }

    async fn unknown_keys_are_asked_for_once_however_many_come(app: App) {
        strangers(&app, 2000).await;
    }

    async fn what_is_wrong_with_published_keys_leaves_the_old_ones(app: App) {
        // Keys are asked for anew with every token here.
        let trusted = Trusted::start_with(app.engine, json!({ "refresh-seconds": 0 })).await;
        let (issuer, signer) = &trusted.maskinporten;
        good(&trusted, signer).await.expect(200);
        let oct = json!({ "kty": "oct", "kid": signer.kid, "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" });
        let large = format!("{{\"keys\":[{}],\"x\":\"{}\"}}", signer.jwk(), "x".repeat(10 << 20));
        let twice = format!("{{\"keys\":[],\"keys\":[{}]}}", Signer::rsa("other").jwk());
        let mut short = signer.jwk();
        short["n"] = "AQAB".into();
        for published in [
            Published::Page("text/html", "<html>we are down</html>".to_owned()),
            Published::Page("application/json", large),
            Published::Page("application/json", "{\"keys\": 1}".to_owned()),
            Published::Page("application/json", twice),
            Published::Page("application/json", String::new()),
            Published::Redirect,
            Published::Error,
            Published::Keys(vec![oct]),
            Published::Keys(vec![short]),
            Published::Keys(Vec::new()),
        ] {
            issuer.publish(published);
            let before = issuer.asked();
            while issuer.asked() < before + 3 {
                good(&trusted, signer).await.expect(200);
            }
            good(&trusted, signer).await.expect(200);
            assert!(issuer.asked() < 1000, "a redirect is not followed");
        }
        trusted.end().await;
    }

    async fn a_new_key_works_at_once_and_one_that_is_gone_does_not(app: App) {
        let trusted = Trusted::start(app.engine).await;
        let (issuer, first) = &trusted.maskinporten;
        good(&trusted, first).await.expect(200);
        let second = Signer::rsa("maskinporten-2");
        issuer.publish_keys(&[first, &second]);
        let began = Instant::now();
        good(&trusted, &second).await.expect(200);
        assert!(began.elapsed().as_secs() < 60);
        good(&trusted, first).await.expect(200);
        trusted.end().await;
        // When the keys are fetched anew, which ten minutes bring about by themselves, the old one is no longer among them.
        let trusted = Trusted::start_with(app.engine, json!({ "refresh-seconds": 0 })).await;
        let (issuer, first) = &trusted.maskinporten;
        good(&trusted, first).await.expect(200);
        issuer.publish_keys(&[&second]);
        let patience = Instant::now();
        while good(&trusted, first).await.status == 200 {
            assert!(patience.elapsed().as_secs() < 60, "the old key still works");
        }
        good(&trusted, first).await.refused(401, "auth.invalid_token");
        good(&trusted, &second).await.expect(200);
        trusted.end().await;
    }

    async fn keys_also_come_from_a_file_or_an_address(app: App) {
        let signer = Signer::rsa("of a file");
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("jwks.json");
        std::fs::write(&file, json!({ "keys": [signer.jwk()] }).to_string()).expect("the file is written");
        let trusted = Trusted::start_with(app.engine, json!({ "jwks-file": file })).await;
        good(&trusted, &signer).await.expect(200);
        assert_eq!(trusted.maskinporten.0.asked(), 0);
        trusted.end().await;
        let elsewhere = support::issuer::MockIssuer::start("", &[&signer]);
        let trusted = Trusted::start_with(app.engine, json!({ "jwks-url": format!("{}/jwks", elsewhere.address) })).await;
        good(&trusted, &signer).await.expect(200);
        trusted.end().await;
        elsewhere.end().await;
    }

    async fn metadata_of_another_issuer_gives_no_keys(app: App) {
        let signer = Signer::rsa("a");
        let other = support::issuer::MockIssuer::start("/other", &[&signer]);
        let discovery = format!("{}/.well-known/openid-configuration", other.address);
        let trusted = Trusted::start_with(app.engine, json!({ "discovery": discovery })).await;
        good(&trusted, &signer).await.refused(401, "auth.invalid_token");
        assert_eq!(other.asked(), 0);
        trusted.end().await;
        other.end().await;
    }

    async fn claims_have_the_names_that_the_configuration_gives_them(app: App) {
        let signer = Signer::ed("entra-1");
        let entra = support::issuer::MockIssuer::start("/tenant/v2.0", &[&signer]);
        let settings: IssuerSettings = serde_json::from_value(json!({
            "issuer": entra.issuer(), "caller": "person", "audience": ["api://framdrift"], "algorithms": ["EdDSA"], "subject-claim": "oid",
            "require": { "tid": ["tenant"] }, "discovery": format!("{}/.well-known/openid-configuration", entra.address), "longest-seconds": 5400,
        })).expect("settings");
        let beside = support::app::Beside::start_with(app.engine, |config| config.issuers = vec![settings]).await;
        let admin = beside.app.as_admin();
        let user = admin.create("users", json!({ "email": "ola@framdrift.example", "name": "Ola" })).await;
        admin.create("user-identities", json!({ "userId": user["id"], "issuer": entra.issuer(), "subject": "object-1" })).await;
        let now = Utc::now().timestamp();
        let claims = json!({ "iss": entra.issuer(), "aud": "api://framdrift", "oid": "object-1", "sub": "pairwise", "tid": "tenant", "iat": now, "exp": now + 5000 });
        let ask = async |claims: &Value| beside.app.as_nobody().with_token(signer.token(&signer.header(), claims)).get("/api/v1/me").await;
        assert_eq!(ask(&claims).await.expect(200)["id"], user["id"]);
        for (name, value) in [("tid", json!("another")), ("oid", Value::Null), ("aud", json!(AUDIENCE)), ("exp", json!(now + 5500))] {
            let mut claims = claims.clone();
            claims[name] = value;
            ask(&claims).await.refused(401, "auth.invalid_token");
        }
        beside.end().await;
        entra.end().await;
    }
}

#[test]
fn a_configuration_that_cannot_be_right_is_refused() {
    let good = json!({ "issuer": "https://maskinporten.no/", "caller": "organisation", "scopes": { "a:b": "framdrift:read" } });
    let all = |settings: &[Value]| {
        let settings: Result<Vec<IssuerSettings>, _> = settings.iter().cloned().map(serde_json::from_value).collect();
        settings.map_err(|error| error.to_string()).and_then(|settings| {
            External::all(&settings, "https://framdrift.example")
                .map(|all| all.len())
                .map_err(|error| error.with_causes())
        })
    };
    assert_eq!(all(std::slice::from_ref(&good)), Ok(1));
    let with = |name: &str, value: Value| {
        let mut settings = good.clone();
        settings[name] = value;
        settings
    };
    for (wrong, said) in [
        (with("algorithms", json!(["HS256"])), "HS256"),
        (with("algorithms", json!(["none"])), "none"),
        (with("algorithms", json!([])), "algorithm"),
        (with("scopes", json!({})), "scope"),
        (with("scopes", json!({ "a:b": "framdrift:everything" })), "framdrift:everything"),
        (with("caller", json!("person")), "scopes are for organisations"),
        (with("caller", json!("robot")), "robot"),
        (with("jwks-url", json!("http://keys.example/jwks")), "https"),
        (with("discovery", json!("file:///etc/passwd")), "https"),
        (with("longest-seconds", json!(86_400)), "longest-seconds"),
        (with("isuer", json!("x")), "isuer"),
        (with("issuer", json!("https://framdrift.example")), "itself"),
    ] {
        let refused = all(std::slice::from_ref(&wrong)).expect_err("it is wrong");
        assert!(refused.contains(said), "{wrong}: {refused}");
    }
    let mut both = with("jwks-url", json!("https://a.example/jwks"));
    both["jwks-file"] = "/jwks.json".into();
    assert!(all(&[both]).is_err_and(|refused| refused.contains("exclude")));
    assert!(all(&[good.clone(), good]).is_err_and(|refused| refused.contains("twice")));
}

/// Asks with a good token that is signed by a key of Maskinporten's.
async fn good(trusted: &Trusted, signer: &Signer) -> support::Answer {
    let mut claims = trusted.organisation(LAVANGEN, "region:prosjekt");
    claims["jti"] = Uuid::new_v4().to_string().into();
    trusted.app.as_nobody().with_token(signer.token(&signer.header(), &claims)).get("/api/v1/me").await
}
