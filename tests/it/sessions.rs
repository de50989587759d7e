//! Login, tokens, and rights that follow the day.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{Days, Utc};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use support::app::{ADMINISTRATOR, PASSWORD};
use support::{Answer, App, Client, Role, both};

both! {
    async fn a_login_opens_a_session_and_a_logout_ends_it(app: App) {
        let session = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        assert_eq!((&session["token_type"], session.header("cache-control")), (&json!("Bearer"), "no-store"), "{session}");
        let client = with(&app, &session);
        let me = client.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["kind"], &me["administrator"]), (&json!("user"), &json!(true)), "{me}");
        client.send("POST", "/api/v1/auth/logout").await.expect(204);
        client.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        client.send("POST", "/api/v1/auth/logout").await.refused(401, "auth.invalid_token");
        refresh(&app, &session).await.refused(400, "invalid_grant");
        app.as_admin().get("/api/v1/me").await.expect(200);
    }

    async fn a_wrong_password_and_an_unknown_user_get_the_same_answer(app: App) {
        let disabled = json!({ "email": "sluttet@framdrift.example", "name": "Sluttet", "disabledAt": "2020-01-01T00:00:00Z" });
        let disabled = app.as_admin().create("users", disabled).await;
        set_password(&app.as_admin(), &disabled, PASSWORD).await.expect(204);
        let mut told = Vec::new();
        for (email, password) in [(ADMINISTRATOR, "feil passord, helt feil"), ("ukjent@framdrift.example", PASSWORD), ("sluttet@framdrift.example", PASSWORD)] {
            let mut answer = login(&app, email, password).await.refused(401, "auth.wrong_credentials");
            answer.json["traceId"] = Value::Null;
            told.push((answer.json, answer.headers.keys().map(|name| name.to_string()).collect::<Vec<_>>()));
        }
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
        login(&app, "  ADMIN@framdrift.example".trim(), PASSWORD).await.expect(200);
    }

    async fn a_login_takes_two_texts_and_nothing_else(app: App) {
        let send = |body: Value| app.as_nobody().post("/api/v1/auth/login", body);
        send(json!({ "email": ADMINISTRATOR })).await.faulted("/password", "");
        send(json!({ "email": ADMINISTRATOR, "password": 5 })).await.faulted("/password", "");
        send(json!({ "email": ADMINISTRATOR, "password": PASSWORD, "otp": "1" })).await.faulted("/otp", "unknown_field");
        send(json!([])).await.faulted("", "wrong_type");
    }

    async fn a_refresh_token_works_once_and_using_it_again_ends_the_session(app: App) {
        let first = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        let second = refresh(&app, &first).await.expect(200);
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        with(&app, &second).get("/api/v1/me").await.expect(200);
        // Somebody else has the old one, too.
        let refused = refresh(&app, &first).await.refused(400, "invalid_grant");
        assert_eq!(refused["error"], "invalid_grant", "RFC 6749 § 5.2: {refused}");
        with(&app, &second).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        with(&app, &first).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        refresh(&app, &second).await.refused(400, "invalid_grant");
    }

    async fn the_token_endpoint_takes_refresh_tokens_only(app: App) {
        let send = |form: &str| app.as_nobody().send("POST", "/oauth/token").body("application/x-www-form-urlencoded", form);
        send("grant_type=password&username=a&password=b").await.refused(400, "unsupported_grant_type");
        send("grant_type=refresh_token&refresh_token=0190e0a0-0000-7000-8000-000000000000.AAAA").await.refused(400, "invalid_grant");
        send("grant_type=refresh_token&refresh_token=nonsense").await.refused(400, "invalid_grant");
        send("grant_type=refresh_token").await.refused(400, "invalid_request");
        send("grant_type=refresh_token&refresh_token=").await.refused(400, "invalid_request");
        app.as_nobody().post("/oauth/token", json!({})).await.refused(415, "request.unsupported_media_type");
    }

    async fn a_refresh_token_is_for_the_one_that_got_it_and_for_no_more_than_it_was_given_for(app: App) {
        let world = app.world().await;
        let body = json!({ "organisationId": world.municipality["id"], "name": "Sak", "scopes": ["framdrift:write"] });
        let machine = app.as_admin().create("clients", body).await;
        let (id, secret) = (machine["id"].as_str().expect("an id"), machine["secret"].as_str().expect("a secret"));
        let session = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        let token = session["refresh_token"].as_str().expect("a refresh token");
        let form = "application/x-www-form-urlencoded";
        let send = |more: &str| {
            let body = format!("grant_type=refresh_token&refresh_token={token}{more}");
            app.as_nobody().send("POST", "/oauth/token").body(form, body)
        };
        for more in [format!("&client_id={id}"), format!("&client_id={id}&client_secret={secret}"), format!("&client_secret={secret}"), "&client_assertion=a.b.c".to_owned()] {
            send(&more).await.refused(400, "invalid_grant");
        }
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        send("").header("authorization", format!("Basic {basic}")).await.refused(400, "invalid_grant");
        for scope in ["framdrift:write", "framdrift:status", "openid", "*"] {
            send(&format!("&scope={scope}")).await.refused(400, "invalid_scope");
        }
        send(&format!("&refresh_token={token}")).await.refused(400, "invalid_request");
        // Nothing of this has used it up. What a program sends with whatever it asks is no other client.
        let access = session["access_token"].as_str().expect("a token");
        let next = send("&client_id=framdrift&scope=").header("authorization", format!("Bearer {access}")).await.expect(200);
        assert_eq!(next.json.get("scope"), None, "{next}");
        with(&app, &next).get("/api/v1/me").await.expect(200);
    }

    async fn a_refresh_token_that_nobody_was_given_ends_no_session(app: App) {
        let first = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        let other = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        let parts = |session: &Answer| {
            let token = session["refresh_token"].as_str().expect("a refresh token").to_owned();
            let (id, secret) = token.split_once('.').expect("two parts");
            (id.to_owned(), secret.to_owned())
        };
        let ((id, secret), (_, others)) = (parts(&first), parts(&other));
        let cut = &secret[..secret.len() - 4];
        // Whoever has seen an access token knows the session of it, and nothing more.
        for forged in [
            format!("{id}."), format!("{id}.AAAA"), format!("{id}.{}", "A".repeat(secret.len())), format!("{id}.{others}"), format!("{id}.{cut}"),
            format!("{id}.{secret}AAAA"), format!("{id}.{secret} "), format!("{id}.{}", secret.to_lowercase()), id.clone(),
        ] {
            let form = format!("grant_type=refresh_token&refresh_token={forged}");
            app.as_nobody().send("POST", "/oauth/token").body("application/x-www-form-urlencoded", form).await.refused(400, "invalid_grant");
        }
        with(&app, &first).get("/api/v1/me").await.expect(200);
        let second = refresh(&app, &first).await.expect(200);
        let third = refresh(&app, &second).await.expect(200);
        // One that was given out, however long ago, does.
        refresh(&app, &first).await.refused(400, "invalid_grant");
        with(&app, &third).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        refresh(&app, &third).await.refused(400, "invalid_grant");
        with(&app, &other).get("/api/v1/me").await.expect(200);
    }

    async fn one_refresh_token_gives_one_other_however_many_ask_at_a_time(app: App) {
        let session = login(&app, ADMINISTRATOR, PASSWORD).await.expect(200);
        let all = futures_util::future::join_all((0..20).map(|_| refresh(&app, &session))).await;
        let given: Vec<&Answer> = all.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!((given.len(), all.iter().filter(|answer| answer.status == 400).count()), (1, 19));
        // The others were a second use of it: whoever has what was given has nothing.
        with(&app, given[0]).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        refresh(&app, given[0]).await.refused(400, "invalid_grant");
    }

    async fn the_published_key_verifies_a_token_and_no_other_algorithm_does(app: App) {
        let keys = app.as_nobody().get("/.well-known/jwks.json").await.expect(200);
        let keys: JwkSet = serde_json::from_value(keys.json).expect("a set of keys");
        let token = app.as_admin().token();
        let header = jsonwebtoken::decode_header(&token).expect("a header");
        assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
        let key = keys.find(header.kid.as_deref().expect("a key id")).expect("the key of the token");
        let mut validation = Validation::new(Algorithm::EdDSA);
        let server = format!("http://{}", app.address);
        validation.set_audience(&[&server]);
        validation.set_issuer(&[&server]);
        let key = DecodingKey::from_jwk(key).expect("a key");
        let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation).expect("a valid token").claims;
        assert!(claims["exp"].as_i64() > claims["iat"].as_i64(), "{claims}");
        assert!(!claims.to_string().contains('@'), "a token names no person: {claims}");
        for forged in forgeries(&token) {
            app.as_nobody().with_token(forged).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        }
    }

    async fn a_disabled_user_is_out_at_once(app: App) {
        let world = app.world().await;
        let manager = world.as_a(Role::Manager).await;
        let me = manager.get("/api/v1/me").await.expect(200)["id"].clone();
        let user = app.as_admin().read("users", &json!({ "id": me })).await;
        app.as_admin().change("users", &user, json!({ "disabledAt": Utc::now() })).await.expect(200);
        manager.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        manager.get("/api/v1/projects").await.refused(401, "auth.invalid_token");
    }

    async fn a_user_who_is_enabled_again_has_to_log_in_anew(app: App) {
        let user = app.as_admin().create("users", json!({ "email": "knut@framdrift.example", "name": "Knut" })).await;
        set_password(&app.as_admin(), &user, PASSWORD).await.expect(204);
        let session = login(&app, "knut@framdrift.example", PASSWORD).await.expect(200);
        // Another change ends nothing.
        let user = app.as_admin().change("users", &user, json!({ "name": "Knut B" })).await.expect(200).json;
        with(&app, &session).get("/api/v1/me").await.expect(200);
        let user = app.as_admin().change("users", &user, json!({ "disabledAt": Utc::now() })).await.expect(200).json;
        with(&app, &session).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        app.as_admin().change("users", &user, json!({ "disabledAt": null })).await.expect(200);
        with(&app, &session).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        refresh(&app, &session).await.refused(400, "invalid_grant");
        let session = login(&app, "knut@framdrift.example", PASSWORD).await.expect(200);
        with(&app, &session).get("/api/v1/me").await.expect(200);
    }

    async fn a_password_that_everybody_would_try_is_refused(app: App) {
        let user = app.as_admin().create("users", json!({ "email": "knut.baglo@framdrift.example", "name": "Knut" })).await;
        for password in [
            "aaaaaaaaaaaa", "123456789012", "abcdefghijkl", "qwertyuiop12", "Passord12345", "passordpassord",
            "knut.baglo@framdrift.example", "Knut.Baglo12",
        ] {
            set_password(&app.as_admin(), &user, password).await.faulted("/password", "too_common");
        }
        set_password(&app.as_admin(), &user, "en lang setning er god").await.expect(204);
    }

    async fn a_new_password_ends_every_session(app: App) {
        let user = app.as_admin().create("users", json!({ "email": "knut@framdrift.example", "name": "Knut" })).await;
        set_password(&app.as_admin(), &user, "kort").await.faulted("/password", "");
        set_password(&app.as_admin(), &user, PASSWORD).await.expect(204);
        let session = login(&app, "knut@framdrift.example", PASSWORD).await.expect(200);
        let knut = with(&app, &session);
        // One's own, nobody else's.
        let admin = app.as_admin().get("/api/v1/me").await.expect(200)["id"].clone();
        set_password(&knut, &json!({ "id": admin }), PASSWORD).await.refused(404, "record.not_found");
        let nobody = json!({ "id": "0190e0a0-0000-7000-8000-000000000000" });
        set_password(&app.as_admin(), &nobody, PASSWORD).await.refused(404, "record.not_found");
        // Who sets its own knows the one that it has: a session left open is not enough.
        let id = user["id"].as_str().expect("an identifier");
        let address = format!("/api/v1/users/{id}/password");
        let change = |current: &str| json!({ "password": "et helt nytt passord", "currentPassword": current });
        set_password(&knut, &user, "et helt nytt passord").await.faulted("/currentPassword", "required");
        app.as_admin().put(&address, change(PASSWORD)).await.faulted("/currentPassword", "only_own");
        let wrong = knut.put(&address, change("et annet passord")).await;
        assert!((400..500).contains(&wrong.status), "{wrong}");
        knut.put(&address, change(PASSWORD)).await.expect(204);
        knut.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        refresh(&app, &session).await.refused(400, "invalid_grant");
        login(&app, "knut@framdrift.example", PASSWORD).await.refused(401, "auth.wrong_credentials");
        login(&app, "knut@framdrift.example", "et helt nytt passord").await.expect(200);
        app.as_nobody().put("/api/v1/users/0190e0a0-0000-7000-8000-000000000000/password", json!({})).await.refused(401, "auth.required");
    }

    async fn no_password_is_ever_answered(app: App) {
        let users = app.as_admin().get("/api/v1/users").await.expect(200);
        assert!(!users.text().contains("argon2") && !users.text().contains("assword"), "{users}");
        let id = users.items()[0]["id"].as_str().expect("an identifier").to_owned();
        let history = app.as_admin().get(&format!("/api/v1/users/{id}/history")).await.expect(200);
        assert!(!history.text().contains("argon2") && !history.text().contains("assword"), "{history}");
    }

    async fn rights_begin_and_end_with_the_day(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let manager = world.member(Role::Manager).await;
        let project = format!("/api/v1/projects/{}", world.project["id"].as_str().expect("an identifier"));
        let today = Utc::now().date_naive();
        let (yesterday, tomorrow) = (today - Days::new(1), today + Days::new(1));
        let mut assignment = manager.reason;
        for (from, to, status) in [
            (None, Some(yesterday), 404), (None, Some(today), 200), (Some(today), None, 200), (Some(tomorrow), None, 404), (None, None, 200),
        ] {
            let dates = json!({ "validFrom": from, "validTo": to });
            assignment = admin.change("assignments", &assignment, dates).await.expect(200).json;
            manager.client.get(&project).await.expect(status);
            let list = manager.client.get("/api/v1/projects").await.expect(200);
            assert_eq!(list.items().len(), usize::from(status == 200), "{from:?} to {to:?}");
        }
        admin.remove("assignments", &assignment).await.expect(204);
        manager.client.get(&project).await.refused(404, "record.not_found");
    }

    async fn a_municipality_has_rights_as_long_as_it_is_a_party(app: App) {
        let world = app.world().await;
        let officer = world.as_a(Role::MunicipalOfficer).await;
        let project = format!("/api/v1/projects/{}", world.project["id"].as_str().expect("an identifier"));
        officer.get(&project).await.expect(200);
        let party = app.as_admin().get("/api/v1/project-parties?role=owner").await.expect(200).items()[0].clone();
        app.as_admin().remove("project-parties", &party).await.expect(204);
        officer.get(&project).await.refused(404, "record.not_found");
    }

    async fn me_tells_roles_and_rights_by_project(app: App) {
        let world = app.world().await;
        let known = [
            (Role::Executive, "project_executive"), (Role::Manager, "project_manager"), (Role::SteeringMember, "steering_group_member"),
            (Role::GroupMember, "project_group_member"), (Role::MunicipalOfficer, "municipal_officer"), (Role::Observer, "observer"),
            (Role::ProgrammeObserver, "observer"), (Role::ObservingOrganisation, "observer"), (Role::ProgrammeManager, "programme_manager"),
            (Role::ReferenceMember, "reference_group_member"),
        ];
        for (role, name) in known {
            let me = world.as_a(role).await.get("/api/v1/me").await.expect(200);
            let [project] = me["projects"].as_array().map(Vec::as_slice).unwrap_or_default() else { panic!("one: {me}") };
            assert_eq!((&project["projectId"], &project["roles"]), (&world.project["id"], &json!([name])), "{me}");
        }
        let stranger = world.as_a(Role::Stranger).await.get("/api/v1/me").await.expect(200);
        assert_eq!(stranger["projects"], json!([]), "{stranger}");
        app.as_nobody().get("/api/v1/me").await.refused(401, "auth.required");
        app.as_admin().get("/api/v1/me?colour=blue").await.refused(400, "request.unknown_parameter");
    }
}

async fn login(app: &App, email: &str, password: &str) -> Answer {
    app.as_nobody().post("/api/v1/auth/login", json!({ "email": email, "password": password })).await
}

async fn refresh(app: &App, session: &Answer) -> Answer {
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        session["refresh_token"].as_str().expect("a refresh token")
    );
    app.as_nobody().send("POST", "/oauth/token").body("application/x-www-form-urlencoded", form).await
}

async fn set_password(client: &Client, user: &Value, password: &str) -> Answer {
    let id = user["id"].as_str().expect("an identifier");
    client.put(&format!("/api/v1/users/{id}/password"), json!({ "password": password })).await
}

fn with(app: &App, session: &Answer) -> Client {
    app.as_nobody().with_token(session["access_token"].as_str().expect("an access token").to_owned())
}

/// The token with its signature, its claims or its header tampered with.
fn forgeries(token: &str) -> Vec<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("three parts: {token}") };
    let turned = |text: &str| text.chars().rev().collect::<String>();
    vec![
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{}", turned(signature)),
        format!("{header}.{}.{signature}", turned(claims)),
        format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}."),
        format!("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.{claims}.{signature}"),
        format!("{token}.{signature}"),
        format!("{token}="),
    ]
}
