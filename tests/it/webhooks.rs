//! Webhooks: what happens arrives, signed, at least once, and nobody waits for a dead endpoint.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use framdrift::access::Outbound;
use framdrift::store::{self, deliveries, feed};
use framdrift::webhooks::deliver::Deliverer;
use sea_orm::Statement;
use serde_json::{Value, json};
use support::receiver::{Received, Receiver, Reply};
use support::{App, Beside, Client, Engine, Role, World, both};

use crate::process::{added, on, token};
use framdrift::db::Db as _;

/// A server that may send anywhere, somebody who receives, and somebody who delivers when the test says so.
struct Stage {
    beside: Beside,
    world: World,
    receiver: Receiver,
    deliverer: Arc<Deliverer>,
}

impl Stage {
    async fn new(engine: Engine) -> Self {
        let beside = Beside::start_with(engine, |config| config.webhook_anywhere = true).await;
        let world = beside.app.world().await;
        let deliverer = deliverer(&beside.app, Outbound::Anywhere).await;
        Self { beside, world, receiver: Receiver::start(), deliverer }
    }

    fn app(&self) -> &App {
        &self.beside.app
    }

    /// A webhook of the world's project; its record with its secret.
    async fn hook(&self, types: &[&str]) -> Value {
        let new = json!({ "url": self.receiver.url, "eventTypes": types, "projectId": self.world.project["id"] });
        self.app().as_admin().create("webhooks", new).await
    }

    /// Everything that is due at an instant is sent; answers how many there were.
    async fn deliver(&self, now: DateTime<Utc>) -> usize {
        feed::seal(&self.app().store).await.expect("the feed is sealed");
        self.deliverer.step(now).await.expect("it is delivered")
    }

    async fn deliveries(&self, webhook: &Value) -> Vec<Value> {
        let id = webhook["id"].as_str().unwrap_or_default();
        let list = format!("/api/v1/webhook-deliveries?webhookId={id}&sort=createdAt,id");
        self.app().as_admin().get(&list).await.expect(200).items().to_vec()
    }

    async fn end(self) {
        self.receiver.end().await;
        drop((self.world, self.deliverer));
        self.beside.end().await;
    }
}

async fn deliverer(app: &App, outbound: Outbound) -> Arc<Deliverer> {
    let key = store::secret(&app.store, "webhooks").await.expect("the service has a key");
    Arc::new(Deliverer::new(app.store.clone(), key, outbound).expect("it can send"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// How often each message has come.
fn counts(received: &[Received]) -> BTreeMap<&str, usize> {
    received.iter().fold(BTreeMap::new(), |mut counts, one| {
        *counts.entry(one.id()).or_default() += 1;
        counts
    })
}

/// The findings about a webhook that somebody is told.
async fn about(somebody: &Client, stage: &Stage, hook: &Value, query: &str) -> Vec<Value> {
    let answer = somebody.get(&format!("{}{query}", stage.world.report("findings"))).await.expect(200);
    answer.items().iter().filter(|one| one["record"]["id"] == hook["id"]).cloned().collect()
}

/// That a webhook was disabled is a finding for those who see it, and for nobody else: not in the status, nor in what is kept.
async fn found(stage: &Stage, hook: &Value) {
    let admin = stage.app().as_admin();
    let expected = json!({ "kind": "webhook", "id": hook["id"] });
    for role in [Role::Manager, Role::Executive, Role::ProgrammeManager] {
        let client = stage.world.as_a(role).await;
        let found = about(&client, stage, hook, "").await;
        assert_eq!(found.len(), 1, "{role:?}: {found:?}");
        let one = &found[0];
        assert_eq!(
            (text(&one["rule"]), text(&one["severity"]), text(&one["pointer"])),
            ("webhook.disabled", "warning", "/state")
        );
        assert_eq!((&one["record"], text(&one["message"]).contains("http")), (&expected, false), "{one}");
    }
    let now = Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    assert_eq!(about(&admin, stage, hook, &format!("?asOf={now}")).await.len(), 1, "and as of now");
    let made = text(&hook["createdAt"]);
    assert!(about(&admin, stage, hook, &format!("?asOf={made}")).await.is_empty(), "when it was made it was active");
    for role in [Role::SteeringMember, Role::GroupMember, Role::MunicipalOfficer, Role::Observer] {
        let client = stage.world.as_a(role).await;
        assert!(about(&client, stage, hook, "").await.is_empty(), "{role:?}");
        let status = client.get(&stage.world.report("status")).await.expect(200).text();
        assert!(!status.contains(text(&hook["id"])) && !status.contains("webhook.disabled"), "{role:?}: {status}");
    }
    let document = admin.get(&stage.world.report("document")).await.expect(200).text();
    assert!(!document.contains(text(&hook["id"])), "the document of a project has no webhook");
    for (rule, record) in [("webhook.disabled", json!(null)), ("milestone.likely_typo", expected)] {
        let waiver =
            json!({ "projectId": stage.world.project["id"], "rule": rule, "record": record, "reason": "Vi vet det" });
        admin.post("/api/v1/finding-waivers", waiver).await.refused(422, "record.invalid");
    }
}

both! {
    async fn what_happens_arrives_signed_and_tells_nothing_of_the_record(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let hook = stage.hook(&["goal.*", "milestone.rescheduled"]).await;
        let goal = stage.world.make("goals").await;
        let changed = json!({ "text": "Et hemmelig mål" });
        admin.change("goals", &goal, changed).because("Vedtatt").await.expect(200);
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let received = stage.receiver.so_far();
        let own: Vec<&Received> = received.iter().filter(|one| one.json["data"]["record"]["id"] == goal["id"]).collect();
        assert_eq!(own.len(), 2, "created and changed: {received:#?}");
        for one in &received {
            assert!(one.fits(text(&hook["secret"])), "{one:?}");
            assert!(!one.fits("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), "{one:?}");
            assert_eq!((one.header("content-type"), text(&one.json["type"])), ("application/json", text(&one.json["data"]["type"])));
            assert!(text(&one.json["type"]).starts_with("goal.") && one.bytes.len() < 20_000, "{one:?}");
            assert!(!String::from_utf8_lossy(&one.bytes).contains("hemmelig"), "{one:?}");
        }
        let feed = admin.get("/api/v1/events?types=goal.*&limit=200").await.expect(200);
        let mut told: Vec<Value> = received.iter().map(|one| one.json["data"].clone()).collect();
        told.sort_by_key(|event| feed.items().iter().position(|item| item["id"] == event["id"]));
        assert_eq!(told, feed.items(), "the same as in the feed");
        assert_eq!(received[0].json["timestamp"], received[0].json["data"]["at"]);
        for delivery in stage.deliveries(&hook).await {
            assert_eq!((&delivery["state"], &delivery["attempts"], &delivery["lastStatus"]), (&json!("delivered"), &json!(1), &json!(204)));
            assert_eq!((&delivery["log"][0]["status"], &delivery["lastError"]), (&json!(204), &json!(null)), "{delivery}");
            assert!(received.iter().any(|one| one.id() == text(&delivery["id"])), "its id is the message's: {delivery}");
        }
        assert_eq!(stage.deliver(Utc::now() + TimeDelta::days(4)).await, 0, "what has arrived is not sent again");
        stage.end().await;
    }

    async fn a_secret_is_shown_once_and_rotated_with_an_overlap(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let new = json!({ "url": stage.receiver.url, "eventTypes": ["risk.created"], "projectId": stage.world.project["id"] });
        let send = || admin.post("/api/v1/webhooks", new.clone()).header("idempotency-key", "en");
        let first = send().await.expect(201);
        let again = send().await.expect(201);
        assert_eq!((again.header("idempotent-replayed"), &again.bytes), ("true", &first.bytes), "a retry gets the secret too");
        let hook = first.json;
        let address = format!("/api/v1/webhooks/{}", text(&hook["id"]));
        let rotate = |tag: &str| admin.post(&format!("{address}/rotate-secret"), json!({})).if_match(tag);
        admin.post(&format!("{address}/rotate-secret"), json!({})).await.refused(428, "record.precondition_required");
        let rotated = rotate("\"1\"").header("idempotency-key", "to").await.expect(200);
        assert_eq!(rotate("\"1\"").header("idempotency-key", "to").await.expect(200).bytes, rotated.bytes);
        rotate("\"1\"").await.refused(412, "record.stale");
        assert_eq!((&rotated["secretVersion"], &rotated["version"]), (&json!(2), &json!(2)), "{rotated}");
        let (old, now) = (text(&hook["secret"]), text(&rotated["secret"]));
        assert!(old.starts_with("whsec_") && now.starts_with("whsec_") && old != now);
        for path in [address.clone(), format!("{address}/history"), "/api/v1/webhooks".to_owned(), "/api/v1/events?limit=200".to_owned()] {
            let shown = admin.get(&path).await.expect(200).text();
            assert!(!shown.contains("whsec_"), "{shown}");
        }
        let kept = kept(stage.app(), "SELECT COUNT(*) AS n FROM idempotency_keys WHERE body LIKE '%whsec%'").await;
        assert_eq!(kept, 0, "an answer that is kept for a retry has no secret");
        assert!(admin.get(&format!("{address}/history")).await.expect(200).text().contains("webhook.secret_rotated"));
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let both = stage.receiver.so_far().pop().expect("it has come");
        assert!(both.fits(old) && both.fits(now), "{both:?}");
        let long_ago = (Utc::now() - TimeDelta::hours(25)).to_rfc3339();
        stage.app().sql(&format!("UPDATE webhooks SET secret_rotated_at = '{long_ago}'")).await;
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let one = stage.receiver.so_far().pop().expect("it has come");
        assert!(!one.fits(old) && one.fits(now), "{one:?}");
        stage.end().await;
    }

    async fn what_fails_is_tried_for_three_days_and_then_the_webhook_is_disabled(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let hook = stage.hook(&["risk.created"]).await;
        stage.receiver.always(Reply::Status(500));
        stage.world.make("risks").await;
        let mut now = Utc::now();
        assert_eq!(stage.deliver(now).await, 1, "at once");
        for step in [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] {
            assert_eq!(stage.deliver(now + TimeDelta::seconds(step - 1)).await, 0, "not before {step} s");
            now += TimeDelta::milliseconds(step * 1200 + 1);
            assert_eq!(stage.deliver(now).await, 1, "{step} s and a fifth");
        }
        assert_eq!(stage.deliver(now + TimeDelta::days(30)).await, 0, "ten attempts and no more");
        let received = stage.receiver.so_far();
        assert_eq!((received.len(), counts(&received).len()), (10, 1), "one name in every attempt");
        let delivery = stage.deliveries(&hook).await.remove(0);
        assert_eq!((&delivery["state"], &delivery["lastError"], delivery["log"].as_array().map(Vec::len)), (&json!("failed"), &json!("status"), Some(10)));
        let disabled = admin.read("webhooks", &hook).await;
        assert_eq!((&disabled["state"], &disabled["disabledReason"]), (&json!("disabled"), &json!("failing")), "{disabled}");
        let told = admin.get("/api/v1/events?types=webhook.disabled").await.expect(200);
        assert_eq!((&told.items()[0]["record"]["id"], &told.items()[0]["actor"]["kind"]), (&hook["id"], &json!("service")), "{told}");
        found(&stage, &hook).await;
        stage.world.make("risks").await;
        assert_eq!(stage.deliver(Utc::now()).await, 0, "what happens meanwhile is not sent");
        let enabled = admin.change("webhooks", &disabled, json!({ "state": "active" })).await.expect(200);
        assert_eq!(enabled["disabledReason"], json!(null), "{enabled}");
        assert!(about(&admin, &stage, &hook, "").await.is_empty(), "what is active again is no finding");
        stage.receiver.always(Reply::Status(200));
        stage.world.make("risks").await;
        assert_eq!(stage.deliver(Utc::now()).await, 1, "and what happens then is");
        stage.end().await;
    }

    async fn a_webhook_of_no_project_that_is_disabled_is_found_in_the_portfolio(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let of_all = json!({ "url": stage.receiver.url, "eventTypes": ["risk.created"], "description": "Alt" });
        let of_all = admin.create("webhooks", of_all).await;
        let of_one = json!({ "url": stage.receiver.url, "eventTypes": ["risk.created"], "organisationId": stage.world.municipality["id"] });
        let of_one = admin.create("webhooks", of_one).await;
        let of_the_project = stage.hook(&["risk.created"]).await;
        let before = admin.get("/api/v1/portfolio").await.expect(200);
        assert_eq!(before["findings"], json!([]));
        stage.receiver.always(Reply::Status(410));
        let manager = stage.world.as_a(Role::Manager).await;
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let told = admin.get("/api/v1/portfolio").if_none_match(&before.etag()).await.expect(200);
        let mut found: Vec<&Value> = told["findings"].as_array().into_iter().flatten().map(|one| &one["record"]["id"]).collect();
        found.sort_by_key(|id| id.to_string());
        let mut expected = [&of_all["id"], &of_one["id"]];
        expected.sort_by_key(|id| id.to_string());
        assert_eq!(found, expected, "that of the project stands with the project: {told}");
        let one = &told["findings"][0];
        assert_eq!((text(&one["rule"]), text(&one["severity"]), text(&one["message"]).contains("http")), ("webhook.disabled", "warning", false), "{one}");
        let csv = admin.get("/api/v1/portfolio?format=csv&table=findings").await.expect(200).text();
        assert!(csv.contains("webhook.disabled") && csv.contains("Alt"), "{csv}");
        for somebody in [&admin, &manager] {
            assert_eq!(about(somebody, &stage, &of_the_project, "").await.len(), 1);
        }
        assert_eq!(manager.get("/api/v1/portfolio").await.expect(200)["findings"], json!([]), "they are the administrators'");
        for hook in [&of_all, &of_one] {
            let disabled = admin.read("webhooks", hook).await;
            admin.change("webhooks", &disabled, json!({ "state": "active" })).await.expect(200);
        }
        assert_eq!(admin.get("/api/v1/portfolio").await.expect(200)["findings"], json!([]), "what is active again is no finding");
        stage.end().await;
    }

    async fn the_trace_of_a_change_goes_along_with_it(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let hook = stage.hook(&["risk.*"]).await;
        let traced = |trace: &str| admin.with("traceparent", trace);
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let made = traced(trace).create("risks", stage.world.body("risks").await).await;
        traced("00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-00").change("risks", &made, json!({ "title": "En annen" })).await.expect(200);
        let operations = json!({ "operations": [{ "method": "POST", "path": "/api/v1/risks", "body": stage.world.body("risks").await }] });
        traced(trace).post("/api/v1/batch", operations).await.expect(200);
        stage.world.make("risks").await;
        traced("00-no-trace-01").create("risks", stage.world.body("risks").await).await;
        stage.receiver.once(Reply::Status(500));
        stage.deliver(Utc::now()).await;
        stage.deliver(Utc::now() + TimeDelta::minutes(1)).await;
        let (deliveries, received) = (stage.deliveries(&hook).await, stage.receiver.so_far());
        assert_eq!((deliveries.len(), received.len()), (5, 6), "five changes, one of them sent twice");
        let mut told: Vec<&str> = Vec::new();
        for delivery in &deliveries {
            let own: Vec<&Received> = received.iter().filter(|one| one.id() == text(&delivery["id"])).collect();
            assert!(!own.is_empty() && own.iter().all(|one| one.header("traceparent") == text(&delivery["traceparent"])), "{delivery}: {own:?}");
            told.push(text(&delivery["traceparent"]));
        }
        told.sort_unstable();
        assert_eq!(told, ["", "", trace, trace, "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-00"]);
        stage.end().await;
    }

    async fn one_message_that_fails_does_not_disable_a_webhook_that_works(app: App) {
        let stage = Stage::new(app.engine).await;
        let hook = stage.hook(&["risk.created"]).await;
        stage.receiver.always(Reply::Status(500));
        stage.world.make("risks").await;
        let mut now = Utc::now();
        stage.deliver(now).await;
        stage.receiver.once(Reply::Status(200));
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        for _ in 0..9 {
            now += TimeDelta::days(2);
            stage.deliver(now).await;
        }
        let states: Vec<Value> = stage.deliveries(&hook).await.iter().map(|one| one["state"].clone()).collect();
        assert_eq!(states, ["failed", "delivered"]);
        assert_eq!(stage.app().as_admin().read("webhooks", &hook).await["state"], "active");
        stage.end().await;
    }

    async fn an_endpoint_says_how_it_wants_to_be_treated(app: App) {
        let stage = Stage::new(app.engine).await;
        let hook = stage.hook(&["risk.created"]).await;
        let trap = Receiver::start();
        stage.receiver.once(Reply::With(302, "location", trap.url.clone()));
        stage.receiver.once(Reply::With(307, "location", trap.url.clone()));
        stage.receiver.once(Reply::With(503, "retry-after", "3600".to_owned()));
        stage.world.make("risks").await;
        let start = Utc::now();
        assert_eq!(stage.deliver(start).await, 1);
        assert_eq!(stage.deliveries(&hook).await[0]["lastError"], "status", "a redirect is a failure");
        assert_eq!(stage.deliver(start + TimeDelta::minutes(1)).await, 1);
        assert_eq!(stage.deliver(start + TimeDelta::minutes(10)).await, 1);
        assert!(trap.so_far().is_empty(), "and it is not followed");
        assert_eq!(stage.deliver(start + TimeDelta::minutes(69)).await, 0, "an hour of peace");
        assert_eq!(stage.deliver(start + TimeDelta::minutes(83)).await, 1);
        stage.receiver.once(Reply::Status(410));
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let disabled = stage.app().as_admin().read("webhooks", &hook).await;
        assert_eq!((&disabled["state"], &disabled["disabledReason"]), (&json!("disabled"), &json!("gone")), "{disabled}");
        trap.end().await;
        stage.end().await;
    }

    async fn a_dead_endpoint_holds_up_nobody(app: App) {
        let stage = Stage::new(app.engine).await;
        let dead = Receiver::start();
        dead.always(Reply::Silence);
        for number in 0..50 {
            let new = json!({ "url": format!("{}/{number}", dead.url), "eventTypes": ["risk.created"], "projectId": stage.world.project["id"] });
            stage.app().as_admin().create("webhooks", new).await;
        }
        let running = tokio::spawn(Arc::clone(&stage.deliverer).run());
        for _ in 0..8 {
            stage.world.make("risks").await;
        }
        dead.until(200).await;
        stage.hook(&["goal.created", "risk.created"]).await;
        let began = std::time::Instant::now();
        stage.world.make("risks").await;
        stage.receiver.until(1).await;
        assert!(began.elapsed().as_secs() < 5, "it took {:?}", began.elapsed());
        assert_eq!(dead.so_far().len(), 200, "four of each at a time, and no more while they do not answer");
        running.abort();
        let _ = running.await;
        dead.end().await;
        stage.end().await;
    }

    async fn several_who_deliver_send_each_message_once(app: App) {
        let stage = Stage::new(app.engine).await;
        stage.hook(&["risk.created"]).await;
        stage.hook(&["risk.*"]).await;
        for _ in 0..10 {
            stage.world.make("risks").await;
        }
        let other = deliverer(stage.app(), Outbound::Anywhere).await;
        let running = [Arc::clone(&stage.deliverer), other].map(|one| tokio::spawn(one.run()));
        let received = stage.receiver.until(20).await;
        for one in running {
            one.abort();
            let _ = one.await;
        }
        assert_eq!(counts(&received).len(), 20);
        assert!(counts(&stage.receiver.so_far()).values().all(|count| *count == 1), "{:?}", counts(&stage.receiver.so_far()));
        stage.end().await;
    }

    async fn what_somebody_took_and_never_sent_is_sent_by_another(app: App) {
        let stage = Stage::new(app.engine).await;
        stage.hook(&["risk.created"]).await;
        stage.world.make("risks").await;
        feed::seal(&stage.app().store).await.expect("the feed is sealed");
        let now = Utc::now();
        let taken = deliveries::take(&stage.app().store, now, 10).await.expect("it is taken");
        assert_eq!(taken.len(), 1);
        assert_eq!(stage.deliver(now + TimeDelta::seconds(35)).await, 0, "it is still somebody's");
        assert_eq!(stage.deliver(now + TimeDelta::seconds(41)).await, 1);
        assert_eq!(stage.receiver.so_far()[0].id(), taken[0].id.to_string(), "under the same name");
        stage.end().await;
    }

    async fn a_test_arrives_once_even_while_the_webhook_is_disabled(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let hook = stage.hook(&["risk.created"]).await;
        admin.change("webhooks", &hook, json!({ "state": "disabled" })).await.expect(200);
        let test = format!("/api/v1/webhooks/{}/test", text(&hook["id"]));
        let sent = admin.post(&test, json!({})).await.expect(201);
        assert_eq!((&sent["state"], &sent["eventType"], &sent["webhookId"]), (&json!("pending"), &json!("webhook.test"), &hook["id"]));
        stage.receiver.once(Reply::Status(500));
        assert_eq!(stage.deliver(Utc::now()).await, 1);
        let message = stage.receiver.so_far().pop().expect("it has come");
        assert!(message.fits(text(&hook["secret"])) && message.json["type"] == "webhook.test", "{message:?}");
        let after = admin.get(sent.header("location")).await.expect(200);
        assert_eq!((&after["state"], &after["lastStatus"]), (&json!("failed"), &json!(500)), "a test is tried once: {after}");
        admin.post(&test, json!({ "colour": "blue" })).await.refused(422, "record.invalid");
        stage.end().await;
    }

    async fn a_delivery_is_made_once_more_under_the_same_name(app: App) {
        let stage = Stage::new(app.engine).await;
        let admin = stage.app().as_admin();
        let hook = stage.hook(&["risk.created"]).await;
        stage.world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let delivery = stage.deliveries(&hook).await.remove(0);
        let address = format!("/api/v1/webhook-deliveries/{}", text(&delivery["id"]));
        assert_eq!(admin.get(&address).await.expect(200).json, delivery);
        let again = admin.post(&format!("{address}/redeliver"), json!({})).await.expect(200);
        assert_eq!((&again["state"], &again["attempts"], &again["deliveredAt"]), (&json!("pending"), &json!(0), &json!(null)), "{again}");
        assert_eq!(stage.deliver(Utc::now()).await, 1);
        let received = stage.receiver.so_far();
        assert_eq!((received.len(), counts(&received).len(), received[0].json == received[1].json), (2, 1, true));
        assert_eq!(admin.get(&address).await.expect(200)["log"].as_array().map(Vec::len), Some(2));
        for (method, status) in [("PATCH", 405), ("DELETE", 405)] {
            admin.send(method, &address).await.refused(status, "method.not_allowed");
        }
        admin.post("/api/v1/webhook-deliveries", json!({})).await.refused(405, "method.not_allowed");
        admin.change("webhooks", &hook, json!({ "state": "disabled" })).await.expect(200);
        admin.post(&format!("{address}/redeliver"), json!({})).await.refused(409, "record.wrong_state");
        let now = admin.read("webhooks", &hook).await;
        admin.remove("webhooks", &now).await.expect(204);
        admin.get(&address).await.refused(404, "record.not_found");
        stage.end().await;
    }

    async fn a_webhook_gets_what_its_maker_sees_when_it_is_sent(app: App) {
        let stage = Stage::new(app.engine).await;
        let (world, admin) = (&stage.world, stage.app().as_admin());
        let manager = world.member(Role::Manager).await;
        let new = |scope: Value| {
            let mut new = json!({ "url": stage.receiver.url, "eventTypes": ["*"] });
            new.as_object_mut().expect("an object").extend(scope.as_object().cloned().unwrap_or_default());
            new
        };
        let hook = manager.client.create("webhooks", new(json!({ "projectId": world.project["id"] }))).await;
        let elsewhere = json!({ "code": "ANNET", "name": "Et annet prosjekt", "type": "pre_study" });
        let elsewhere = admin.create("projects", elsewhere).await;
        let goal = json!({ "projectId": elsewhere["id"], "kind": "impact", "text": "Vekst" });
        admin.create("goals", goal).await;
        let risk = world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let told = stage.receiver.so_far();
        assert!(told.iter().any(|one| one.json["data"]["record"]["id"] == risk["id"]), "{told:#?}");
        assert!(told.iter().all(|one| one.json["data"]["projectId"] == world.project["id"]), "{told:#?}");
        // Between the event and its sending, the manager is one no more.
        let risk = world.make("risks").await;
        admin.remove("assignments", &manager.reason).await.expect(204);
        stage.deliver(Utc::now()).await;
        let later = stage.receiver.so_far();
        assert!(later.iter().all(|one| one.json["data"]["record"]["id"] != risk["id"]), "{later:#?}");
        let withheld = stage.deliveries(&hook).await;
        assert!(withheld.iter().any(|one| one["state"] == "withheld" && one["lastError"] == "not_visible" && one["eventType"] == "risk.created"));
        // Of an organisation: what names it, and what happens in its projects.
        let count = later.len();
        let of = new(json!({ "organisationId": world.municipality["id"] }));
        admin.create("webhooks", of).await;
        let risk = world.make("risks").await;
        stage.deliver(Utc::now()).await;
        let told = stage.receiver.so_far().split_off(count);
        assert!(told.iter().any(|one| one.json["data"]["record"]["id"] == risk["id"]), "{told:#?}");
        assert!(told.iter().all(|one| one.json["data"]["projectId"] != elsewhere["id"]), "{told:#?}");
        stage.end().await;
    }

    async fn who_answers_for_a_project_has_its_webhooks(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let own = world.body("webhooks").await;
        let mut of_all = own.clone();
        of_all["projectId"] = json!(null);
        let mut of_an_organisation = of_all.clone();
        of_an_organisation["organisationId"] = world.municipality["id"].clone();
        for role in [Role::ProgrammeManager, Role::Executive, Role::Manager] {
            let client = world.as_a(role).await;
            let made = client.post("/api/v1/webhooks", own.clone()).await.expect(201).json;
            for foreign in [&of_all, &of_an_organisation] {
                client.post("/api/v1/webhooks", foreign.clone()).await.refused(403, "access.forbidden");
            }
            let test = client.post(&format!("/api/v1/webhooks/{}/test", text(&made["id"])), json!({})).await.expect(201);
            client.get(test.header("location")).await.expect(200);
        }
        let hook = admin.create("webhooks", own.clone()).await;
        let test = admin.post(&format!("/api/v1/webhooks/{}/test", text(&hook["id"])), json!({})).await.expect(201);
        for role in [Role::SteeringMember, Role::GroupMember, Role::MunicipalOfficer, Role::Observer, Role::Stranger] {
            let client = world.as_a(role).await;
            let status = client.post("/api/v1/webhooks", own.clone()).await.status;
            assert!(matches!(status, 403 | 404), "{role:?}: {status}");
            client.get(&format!("/api/v1/webhooks/{}", text(&hook["id"]))).await.refused(404, "record.not_found");
            client.get(test.header("location")).await.refused(404, "record.not_found");
            client.post(&format!("{}/redeliver", test.header("location")), json!({})).await.refused(404, "record.not_found");
            client.post(&format!("/api/v1/webhooks/{}/test", text(&hook["id"])), json!({})).await.refused(404, "record.not_found");
            let rotate = client.post(&format!("/api/v1/webhooks/{}/rotate-secret", text(&hook["id"])), json!({}));
            rotate.if_match("\"1\"").await.refused(404, "record.not_found");
            assert!(client.get("/api/v1/webhook-deliveries").await.expect(200).items().is_empty(), "{role:?}");
        }
        admin.create("webhooks", of_all).await;
        admin.create("webhooks", of_an_organisation.clone()).await;
        of_an_organisation["projectId"] = world.project["id"].clone();
        admin.post("/api/v1/webhooks", of_an_organisation).await.faulted("/organisationId", "excluded");
        let moved = admin.change("webhooks", &hook, json!({ "projectId": null })).await;
        moved.faulted("/projectId", "fixed");
        let mut unknown = own;
        unknown["eventTypes"] = json!(["milestone.met", "guild.*"]);
        admin.post("/api/v1/webhooks", unknown).await.faulted("/eventTypes/1", "unknown_event");
    }

    async fn nothing_is_sent_into_the_network_of_the_service(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let trap = Receiver::start();
        let hook = admin.create("webhooks", world.body("webhooks").await).await;
        let mut messages = BTreeSet::new();
        for inside in [
            trap.url.as_str(), "https://127.0.0.1/", "https://localhost/", "https://169.254.169.254/latest/", "https://[::1]/",
            "https://10.0.0.5/", "https://2130706433/", "https://hooks.astfjord.example:22/", "http://hooks.astfjord.example/",
            "https://kari:ord@hooks.astfjord.example/",
        ] {
            let mut new = world.body("webhooks").await;
            new["url"] = inside.into();
            let refused = admin.post("/api/v1/webhooks", new).await.faulted("/url", "not_allowed");
            messages.insert(refused["errors"][0]["message"].to_string());
            admin.change("webhooks", &hook, json!({ "url": inside })).await.faulted("/url", "not_allowed");
        }
        assert_eq!(messages.len(), 1, "why it is refused would tell about the network: {messages:?}");
        // What got past is judged again before it is sent.
        app.sql(&format!("UPDATE webhooks SET url = '{}', event_types = '[\"risk.created\"]'", trap.url)).await;
        let deliverer = deliverer(&app, Outbound::PUBLIC).await;
        world.make("risks").await;
        feed::seal(&app.store).await.expect("the feed is sealed");
        assert_eq!(deliverer.step(Utc::now()).await.expect("it is tried"), 1);
        let log = admin.get("/api/v1/webhook-deliveries").await.expect(200);
        assert_eq!((&log.items()[0]["lastError"], &log.items()[0]["state"]), (&json!("address"), &json!("pending")), "{log}");
        assert!(trap.so_far().is_empty());
        trap.end().await;
    }

    async fn nothing_is_sent_to_the_service_itself(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.public_url = Some("https://framdrift.astfjord.example".to_owned());
            config.webhook_anywhere = false;
        }).await;
        let world = beside.app.world().await;
        for (url, own) in [
            ("https://framdrift.astfjord.example/api/v1/projects", true), ("https://FRAMDRIFT.astfjord.example.:8443/", true),
            ("https://sak.astfjord.example/", false),
        ] {
            let mut new = world.body("webhooks").await;
            new["url"] = url.into();
            let told = beside.app.as_admin().post("/api/v1/webhooks", new).await;
            if own {
                told.faulted("/url", "not_allowed");
            } else {
                told.expect(201);
            }
        }
        beside.end().await;
    }
}

both! {
    async fn what_was_committed_before_a_kill_arrives_under_one_name(place: Place) {
        let (receiver, proxy) = (Receiver::start(), Receiver::start());
        let password = added(&place, "a@framdrift.example");
        let mut made = BTreeSet::new();
        for turn in 0..4 {
            let settings = ["--webhook-delivery", "true", "--webhook-anywhere", "true", "--listen", "127.0.0.1:0"];
            let serve = on(&place).with(&settings).with(&["--log-format", "json"]);
            // A proxy would look names up itself, past the guard.
            let serve = ["http_proxy", "https_proxy", "all_proxy"].iter().fold(serve, |serve, name| serve.knowing(name, &proxy.url));
            let (server, line) = serve.start_logging("serves at");
            let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
            let address = text(&line["address"]).parse().expect("an address");
            let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
            if turn == 0 {
                admin.create("webhooks", json!({ "url": receiver.url, "eventTypes": ["programme.created"] })).await;
            }
            for number in 0..6 {
                let name = format!("Programme {turn}.{number}");
                made.insert(admin.create("programmes", json!({ "name": name })).await["id"].to_string());
            }
            if turn == 3 {
                arrived(&receiver, &made).await;
            }
            // SIGKILL, in the midst of what it is doing.
            drop(server);
        }
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for one in receiver.so_far() {
            names.entry(one.json["data"]["id"].to_string()).or_default().insert(one.id().to_owned());
        }
        assert!(names.values().all(|names| names.len() == 1), "one name for each event: {names:?}");
        assert!(proxy.so_far().is_empty(), "proxies of the environment are passed over");
        proxy.end().await;
        receiver.end().await;
    }
}

/// Waits until every record has been told of. What was on its way in a process that was killed is sent when its lease is out.
async fn arrived(receiver: &Receiver, made: &BTreeSet<String>) {
    let mut count = made.len();
    loop {
        let received = receiver.until(count).await;
        let told: BTreeSet<String> = received.iter().map(|one| one.json["data"]["record"]["id"].to_string()).collect();
        if told.is_superset(made) {
            return;
        }
        count = received.len() + 1;
    }
}

async fn kept(app: &App, sql: &str) -> i64 {
    let statement = Statement::from_string(app.store.read.get_database_backend(), sql);
    let row = app.store.read.query_one_raw(statement).await.expect("it can be counted").expect("a row");
    row.try_get("", "n").expect("a number")
}
