//! Guessing passwords: it ends, and nobody is locked out by it.

use framdrift::db::Db as _;
use sea_orm::Statement;
use serde_json::{Value, json};
use support::app::{ADMINISTRATOR, PASSWORD};
use support::{Answer, App as Server, Beside, Client, both};

both! {
    async fn five_wrong_passwords_close_the_account_to_the_network_that_they_came_from(app: App) {
        let beside = behind_a_proxy(&app).await;
        let from = |address: &str| Client::new(beside.app.address).with("x-forwarded-for", address);
        for _ in 0..5 {
            login(&from("203.0.113.7"), ADMINISTRATOR, "feil passord").await.refused(401, "auth.wrong_credentials");
        }
        let closed = login(&from("203.0.113.7"), ADMINISTRATOR, "feil passord").await.refused(429, "auth.too_many_attempts");
        let wait: u64 = closed.header("retry-after").parse().expect("seconds");
        assert!((890..=901).contains(&wait), "{wait}");
        // The right one is not looked at either, however the address is written.
        login(&from("203.0.113.7"), ADMINISTRATOR, PASSWORD).await.refused(429, "auth.too_many_attempts");
        login(&from("203.0.113.7"), &ADMINISTRATOR.to_uppercase(), PASSWORD).await.refused(429, "auth.too_many_attempts");
        // Its owner gets in from elsewhere, and others from there.
        login(&from("198.51.100.1"), ADMINISTRATOR, PASSWORD).await.expect(200);
        login(&from("203.0.113.7"), "annen@framdrift.example", "feil passord").await.refused(401, "auth.wrong_credentials");
        beside.end().await;
    }

    async fn no_more_than_five_are_told_that_they_are_wrong_when_many_come_together(app: App) {
        let tries = (0..16).map(|_| {
            let client = app.as_nobody();
            async move { login(&client, ADMINISTRATOR, "feil passord").await }
        });
        let answers = futures_util::future::join_all(tries).await;
        let told = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((told(401), told(429)), (5, 11));
        login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.refused(429, "auth.too_many_attempts");
    }

    async fn the_right_password_makes_the_wrong_ones_forgotten(app: App) {
        for _ in 0..3 {
            for _ in 0..4 {
                login(&app.as_nobody(), ADMINISTRATOR, "feil passord").await.refused(401, "auth.wrong_credentials");
            }
            login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.expect(200);
        }
    }

    async fn after_fifteen_minutes_the_count_begins_anew(app: App) {
        for _ in 0..5 {
            login(&app.as_nobody(), ADMINISTRATOR, "feil passord").await.refused(401, "auth.wrong_credentials");
        }
        login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.refused(429, "auth.too_many_attempts");
        let before = chrono::Utc::now() - chrono::TimeDelta::seconds(15 * 60 + 1);
        app.sql(&format!("UPDATE login_failures SET began_at = '{}'", before.format("%Y-%m-%dT%H:%M:%S%.6f+00:00"))).await;
        for _ in 0..5 {
            login(&app.as_nobody(), ADMINISTRATOR, "feil passord").await.refused(401, "auth.wrong_credentials");
        }
        login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.refused(429, "auth.too_many_attempts");
    }

    async fn an_account_that_there_is_not_is_closed_like_one_that_there_is(app: App) {
        let disabled = json!({ "email": "sluttet@framdrift.example", "name": "Sluttet", "disabledAt": "2020-01-01T00:00:00Z" });
        app.as_admin().create("users", disabled).await;
        let mut told = Vec::new();
        for email in [ADMINISTRATOR, "ingen@framdrift.example", "sluttet@framdrift.example"] {
            let mut answers = Vec::new();
            for _ in 0..7 {
                let mut answer = login(&app.as_nobody(), email, "feil passord").await;
                answer.json["traceId"] = Value::Null;
                let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
                names.sort();
                answers.push((answer.status, answer.json, names));
            }
            told.push(answers);
        }
        assert_eq!(told[0].iter().map(|(status, ..)| *status).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 429, 429]);
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:#?}");
    }

    async fn what_is_kept_of_wrong_passwords_names_nobody(app: App) {
        login(&app.as_nobody(), ADMINISTRATOR, "feil passord").await.refused(401, "auth.wrong_credentials");
        let db = &app.store.read;
        let sql = "SELECT id, failures FROM login_failures";
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
        let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        let (id, failures): (Vec<u8>, i64) = (row.try_get("", "id").expect("bytes"), row.try_get("", "failures").expect("a number"));
        assert_eq!((id.len(), failures), (32, 1));
    }

    async fn a_password_is_kept_as_a_hash_that_is_dear_to_try(app: App) {
        let db = &app.store.read;
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT password_hash FROM credentials")).await.expect("rows");
        let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        let hash: String = row.try_get("", "password_hash").expect("a text");
        // OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    async fn a_session_left_open_is_no_way_to_guess_the_password(app: App) {
        let session = login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.expect(200);
        let client = app.as_nobody().with_token(session["access_token"].as_str().expect("a token").to_owned());
        let me = client.get("/api/v1/me").await.expect(200);
        let address = format!("/api/v1/users/{}/password", me["id"].as_str().expect("an identifier"));
        let guess = |current: &str| client.put(&address, json!({ "currentPassword": current, "password": "et nytt og langt passord" }));
        for _ in 0..5 {
            guess("feil passord").await.faulted("/currentPassword", "wrong_password");
        }
        guess(PASSWORD).await.refused(429, "auth.too_many_attempts");
        // Logging in is another door, which stays open.
        login(&app.as_nobody(), ADMINISTRATOR, PASSWORD).await.expect(200);
    }

    async fn logins_wait_for_their_turn_and_nobody_else_waits_for_them(app: App) {
        let logins = (0..12).map(|n| {
            let client = app.as_nobody();
            tokio::spawn(async move { login(&client, &format!("a{n}@framdrift.example"), "feil passord").await })
        });
        let logins: Vec<_> = logins.collect();
        let mut answered = 0;
        while !logins.iter().all(|login| login.is_finished()) {
            app.as_nobody().get("/healthz").await.expect(200);
            answered += 1;
        }
        assert!(answered > 3, "{answered} health checks while logins were worked on");
        for login in logins {
            login.await.expect("it ends").refused(401, "auth.wrong_credentials");
        }
    }
}

async fn behind_a_proxy(app: &Server) -> Beside {
    let trusted = |config: &mut framdrift::config::Config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    };
    Beside::start_with(app.engine, trusted).await
}

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/api/v1/auth/login", json!({ "email": email, "password": password })).await
}
