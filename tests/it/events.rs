//! The change feed: what happened, in the order of the commits, to those who may know.

use framdrift::access::Caller;
use framdrift::facts::{self, Change, Row};
use framdrift::store::{Write, Writer};
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Answer, App, Client, Engine, Replica, Role, both};

use crate::process::{added, served, token};

/// The end of the feed as somebody sees it.
async fn now(client: &Client) -> String {
    next(&client.get("/api/v1/events?after=now").await.expect(200))
}

fn next(page: &Answer) -> String {
    page["next"].as_str().unwrap_or_else(|| panic!("no next: {page}")).to_owned()
}

/// Everything that there is after a cursor, page by page, until there is no more.
async fn rest(client: &Client, after: &str, filters: &str) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), after.to_owned());
    loop {
        let page = client.get(&format!("/api/v1/events?limit=7&after={after}{filters}")).await.expect(200);
        if page.items().is_empty() {
            return events;
        }
        events.extend(page.items().iter().cloned());
        after = next(&page);
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["type"].as_str()).collect()
}

both! {
    async fn what_happened_stands_in_its_order_and_there_is_always_a_next(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let me = admin.get("/api/v1/me").await.expect(200)["id"].clone();
        let after = now(&admin).await;
        let goal = world.make("goals").await;
        let changed = admin.change("goals", &goal, json!({ "text": "Nytt mål" })).because("Vedtatt").await.expect(200).json;
        admin.remove("goals", &changed).await.expect(204);
        let page = admin.get(&format!("/api/v1/events?types=goal.*&after={after}")).await.expect(200);
        // The sample's goal has a parent, which is made first.
        let own: Vec<&Value> = page.items().iter().filter(|event| event["record"]["id"] == goal["id"]).collect();
        let [created, moved, deleted] = own.as_slice() else { panic!("three events: {page}") };
        assert_eq!([&created["type"], &moved["type"], &deleted["type"]], ["goal.created", "goal.changed", "goal.deleted"]);
        assert_eq!([&created["version"], &moved["version"], &deleted["version"]], [1, 2, 3]);
        assert_eq!((&moved["at"], &moved["reason"]), (&changed["updatedAt"], &json!("Vedtatt")));
        assert_eq!((&moved["actor"], &moved["projectId"]), (&json!({ "kind": "user", "id": me }), &world.project["id"]));
        assert!(page.text().find("Nytt mål").is_none(), "an event holds nothing of the record: {page}");
        let end = admin.get(&format!("/api/v1/events?after={}", next(&page))).await.expect(200);
        assert!(end.items().is_empty(), "{end}");
        assert_eq!(next(&end), next(&admin.get(&format!("/api/v1/events?after={}", next(&end))).await.expect(200)));
        let again = admin.get(&format!("/api/v1/events?types=goal.*&after={after}")).await.expect(200);
        assert_eq!(again.items(), page.items(), "the same question gets the same answer");
    }

    async fn the_whole_feed_is_walked_from_its_beginning(app: App) {
        app.demo().await;
        let admin = app.as_admin();
        let first = admin.get("/api/v1/events?limit=1").await.expect(200);
        let mut events = first.items().to_vec();
        events.extend(rest(&admin, &next(&first), "").await);
        let mut ids: Vec<&Value> = events.iter().map(|event| &event["id"]).collect();
        let count = ids.len();
        ids.sort_by_key(|id| id.to_string());
        ids.dedup();
        assert!(count > 100 && ids.len() == count, "{count} events, {} of them distinct", ids.len());
        let sequences = |event: &Value| event["id"].as_str().and_then(|id| id.strip_prefix("evt_")?.parse::<u64>().ok());
        assert!(events.iter().map(sequences).is_sorted(), "one writer, one order");
    }

    async fn a_question_is_narrowed_by_name_project_and_organisation(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let after = now(&admin).await;
        let milestone = world.make("milestones").await;
        let moved = admin.change("milestones", &milestone, json!({ "plannedOn": "2018-03-02" })).because("Utsatt");
        moved.await.expect(200);
        let elsewhere = json!({ "code": "ANNET", "name": "Et annet prosjekt", "type": "pre_study" });
        let elsewhere = admin.create("projects", elsewhere).await;
        let body = json!({ "projectId": elsewhere["id"], "kind": "impact", "text": "Vekst" });
        let goal = admin.create("goals", body).await;
        let got = |filters: String| { let (admin, after) = (admin.clone(), after.clone()); async move { rest(&admin, &after, &filters).await } };
        let named = got("&types=milestone.rescheduled,project.created".to_owned()).await;
        assert_eq!(types(&named), ["milestone.rescheduled", "project.created"]);
        let kind = got("&types=milestone.*".to_owned()).await;
        assert_eq!(types(&kind), ["milestone.created", "milestone.rescheduled"]);
        let there = got(format!("&projectId={}", elsewhere["id"].as_str().unwrap_or_default())).await;
        assert_eq!(types(&there), ["project.created", "goal.created"]);
        assert_eq!(there[1]["record"]["id"], goal["id"]);
        let municipality = world.municipality["id"].as_str().unwrap_or_default();
        let ours = got(format!("&organisationId={municipality}")).await;
        assert!(types(&ours).contains(&"milestone.rescheduled"), "its project: {ours:?}");
        assert!(!types(&ours).contains(&"goal.created") || ours.iter().all(|event| event["projectId"] != elsewhere["id"]));
        let profile = json!({ "organisationId": municipality, "asOf": "2017-09-01" });
        admin.create("service-profiles", profile).await;
        let named = got(format!("&organisationId={municipality}&types=service_profile.*")).await;
        assert_eq!(types(&named), ["service_profile.created"], "what names it, outside of any project");
        for (wrong, code) in [
            ("types=milestone", "request.invalid_parameter"),
            ("types=guild.met", "request.invalid_parameter"),
            ("types=milestone.mett", "request.invalid_parameter"),
            ("types=agreement.met", "request.invalid_parameter"),
            ("types=", "request.invalid_parameter"),
            ("projectId=NVR", "request.invalid_parameter"),
            ("limit=201", "request.invalid_parameter"),
            ("wait=31", "request.invalid_parameter"),
            ("colour=blue", "request.unknown_parameter"),
            ("after=AAAA", "request.invalid_cursor"),
        ] {
            admin.get(&format!("/api/v1/events?{wrong}")).await.refused(400, code);
        }
        app.as_nobody().get("/api/v1/events").await.refused(401, "auth.required");
    }

    async fn what_the_field_has_a_name_for_is_told_under_it(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let after = now(&admin).await;
        let party = world.make("agreement-parties").await;
        admin.change("agreement-parties", &party, json!({ "signedOn": "2018-04-13" })).await.expect(200);
        let key = world.make("cost-keys").await;
        let key = admin.change("cost-keys", &key, json!({ "name": "Et annet navn" })).await.expect(200).json;
        admin.change("cost-keys", &key, json!({ "validTo": "2018-06-30" })).await.expect(200);
        let member = world.make("region-members").await;
        let member = admin.change("region-members", &member, json!({ "validTo": "2018-12-31" })).await.expect(200).json;
        admin.remove("region-members", &member).await.expect(204);
        let report = json!({ "projectId": world.project["id"], "kind": "final_report", "title": "Sluttrapport", "status": "final" });
        let report = admin.create("documents", report).await;
        let to = format!("/api/v1/documents/{}/adopt", report["id"].as_str().expect("an id"));
        admin.send("POST", &to).if_match("\"1\"").await.expect(200);
        let got = |types: &'static str| { let (admin, after) = (admin.clone(), after.clone()); async move { rest(&admin, &after, &format!("&types={types}")).await } };
        let signed = got("agreement.signed").await;
        assert_eq!((types(&signed), &signed[0]["record"]["id"]), (vec!["agreement.signed"], &party["id"]));
        assert_eq!(types(&got("agreement.*").await), ["agreement.created", "agreement.signed"]);
        assert_eq!(types(&got("agreement_party.*").await), ["agreement_party.created", "agreement.signed"], "all of a kind of record, whatever their names");
        assert_eq!(types(&got("cost_distribution.changed").await), ["cost_distribution.changed"]);
        assert_eq!(types(&got("cost_key.*").await), ["cost_key.created", "cost_key.changed", "cost_distribution.changed"]);
        assert_eq!(types(&got("membership.*").await), ["membership.changed"]);
        assert_eq!(types(&got("region_member.*").await), ["region_member.created", "membership.changed", "region_member.deleted"]);
        assert_eq!(types(&got("final_report.adopted,document.adopted").await), ["final_report.adopted"]);
        let webhook = json!({ "url": "https://example.org/hook", "eventTypes": ["final_report.*", "membership.changed"] });
        admin.create("webhooks", webhook).await;
        let wrong = json!({ "url": "https://example.org/hook", "eventTypes": ["final_report.rejected"] });
        admin.post("/api/v1/webhooks", wrong).await.faulted("/eventTypes/0", "unknown_event");
    }

    async fn everybody_is_told_of_what_the_lists_show_and_of_nothing_else(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let (manager, observer) = (world.as_a(Role::Manager).await, world.as_a(Role::Observer).await);
        let stranger = world.as_a(Role::Stranger).await;
        let ends = [now(&manager).await, now(&observer).await, now(&stranger).await];
        let milestone = |number: &str, internal: bool| json!({
            "projectId": world.project["id"], "number": number, "title": "Avtale", "internal": internal, "type": "approval",
        });
        let open = admin.post("/api/v1/milestones", milestone("51", false)).because("Åpent").await.expect(201).json;
        let hidden = admin.create("milestones", milestone("52", true)).await;
        let gone = admin.create("milestones", milestone("53", false)).await;
        admin.remove("milestones", &gone).await.expect(204);
        world.make("risks").await;
        let organisation = admin.create("organisations", json!({ "name": "Vinn", "kind": "other" })).await;
        world.make("users").await;
        let of = |events: &[Value], record: &Value| events.iter().filter(|event| event["record"]["id"] == record["id"]).count();
        let told = rest(&manager, &ends[0], "").await;
        assert_eq!([of(&told, &open), of(&told, &hidden), of(&told, &gone), of(&told, &organisation)], [1, 1, 2, 1], "{told:#?}");
        assert!(!types(&told).contains(&"user.created") && types(&told).contains(&"risk.created"));
        let first = told.iter().find(|event| event["record"]["id"] == open["id"]).expect("it is told");
        assert_eq!((&first["reason"], &first["actor"]["kind"]), (&json!("Åpent"), &json!("user")));
        let told = rest(&observer, &ends[1], "").await;
        assert_eq!([of(&told, &open), of(&told, &hidden), of(&told, &gone), of(&told, &organisation)], [1, 0, 0, 1], "{told:#?}");
        assert!(!types(&told).contains(&"risk.created"), "observers see no risks: {told:#?}");
        assert!(told.iter().all(|event| event["actor"].is_null() && event["reason"].is_null()), "{told:#?}");
        let told = rest(&stranger, &ends[2], "").await;
        assert_eq!([of(&told, &open), of(&told, &organisation)], [0, 1]);
        assert!(told.iter().all(|event| event["projectId"].is_null()), "{told:#?}");
        // What is published later is told of then, and what is taken back is not.
        admin.change("milestones", &hidden, json!({ "internal": false })).await.expect(200);
        admin.change("milestones", &open, json!({ "internal": true })).await.expect(200);
        let told = rest(&observer, &ends[1], "&types=milestone.*").await;
        assert_eq!((of(&told, &hidden), of(&told, &open)), (2, 0), "{told:#?}");
    }

    async fn who_loses_its_role_is_told_no_more(app: App) {
        let world = app.world().await;
        let member = world.member(Role::Manager).await;
        let after = now(&member.client).await;
        world.make("risks").await;
        assert!(types(&rest(&member.client, &after, "").await).contains(&"risk.created"));
        app.as_admin().remove("assignments", &member.reason).await.expect(204);
        let told = rest(&member.client, &after, "").await;
        assert!(told.iter().all(|event| event["projectId"].is_null()), "{told:#?}");
    }

    async fn a_cursor_is_ones_own_and_grows_old(app: App) {
        let world = app.world().await;
        let (admin, manager) = (app.as_admin(), world.as_a(Role::Manager).await);
        let old = next(&admin.get("/api/v1/events?limit=1").await.expect(200));
        manager.get(&format!("/api/v1/events?after={old}")).await.refused(400, "request.invalid_cursor");
        let last = now(&admin).await;
        let future = chrono::Utc::now() + chrono::TimeDelta::days(1);
        // What the chain does not have yet is not cleared away.
        framdrift::store::chain::extend(&app.store).await.expect("it is chained");
        framdrift::store::feed::prune(&app.store, future).await.expect("it is cleared away");
        let gone = admin.get(&format!("/api/v1/events?after={old}")).await.refused(410, "events.cursor_gone");
        assert!(gone["type"].as_str().is_some_and(|page| page.ends_with("/problems/events.cursor_gone")), "{gone}");
        let page = admin.get(&format!("/api/v1/events?after={last}")).await.expect(200);
        assert!(page.items().is_empty(), "{page}");
        let goal = world.make("goals").await;
        let told = rest(&admin, &last, "&types=goal.*").await;
        assert_eq!(told.last().expect("it goes on")["record"]["id"], goal["id"]);
        assert_eq!(admin.get("/api/v1/events").await.expect(200).items().len(), rest(&admin, &last, "").await.len());
        // The history is not the feed's: it stays.
        let history = admin.get(&format!("/api/v1/projects/{}/history", world.project["id"].as_str().unwrap_or_default()));
        assert!(!history.await.expect(200).items().is_empty());
        // A database that was restored from a backup has not come as far as the cursor.
        app.sql("UPDATE feed_state SET position = 0 WHERE name = 'pruned'").await;
        app.sql("UPDATE feed_state SET position = 1 WHERE name = 'sealed'").await;
        admin.get(&format!("/api/v1/events?after={last}")).await.refused(410, "events.cursor_gone");
    }

    async fn who_waits_is_told_when_it_happens(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let after = now(&admin).await;
        let began = std::time::Instant::now();
        let waiting: Vec<_> = (0..20)
            .map(|_| tokio::spawn(admin.get(&format!("/api/v1/events?types=risk.*&wait=30&after={after}")).into_future()))
            .collect();
        // None of those who wait holds a connection: there are fewer of them than waiters.
        world.make("goals").await;
        let risk = world.make("risks").await;
        for told in join_all(waiting).await {
            let told = told.expect("no task fails").expect(200);
            assert_eq!(told.items()[0]["record"]["id"], risk["id"], "{told}");
        }
        assert!(began.elapsed().as_secs() < 20, "they were told, not let go");
        let end = now(&admin).await;
        let none = admin.get(&format!("/api/v1/events?wait=1&after={end}")).await.expect(200);
        assert!(none.items().is_empty() && !next(&none).is_empty(), "{none}");
    }

    async fn a_stream_goes_on_from_where_it_broke(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let after = now(&admin).await;
        let mut stream = Stream::open(&app, &format!("?types=risk.*&after={after}"), None).await;
        let first = world.make("risks").await;
        let told = stream.event().await;
        assert_eq!((told.name.as_str(), &told.data["record"]["id"]), ("risk.created", &first["id"]));
        drop(stream);
        let second = world.make("risks").await;
        let mut stream = Stream::open(&app, &format!("?types=risk.*&after={after}"), Some(&told.id)).await;
        let missed = stream.event().await;
        assert_eq!(missed.data["record"]["id"], second["id"], "neither again nor left out");
        // Its ids are cursors like others.
        assert!(rest(&admin, &missed.id, "&types=risk.*").await.is_empty());
        let mut many = Stream::open(&app, "?limit=2", None).await;
        for _ in 0..5 {
            assert!(!many.event().await.id.is_empty());
        }
        // A client that names all that the document says means JSON, which comes first there.
        let all = admin.get("/api/v1/events").header("accept", "application/json, text/event-stream").await.expect(200);
        assert!(!all.items().is_empty(), "{all}");
        let refused = admin.get("/api/v1/events?after=AAAA").header("accept", "text/event-stream").await;
        refused.refused(400, "request.invalid_cursor");
    }

    async fn what_commits_late_is_not_skipped(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let goal = world.make("goals").await;
        let after = now(&admin).await;
        let early = opened(&app, &goal, "goal.changed").await;
        if app.engine == Engine::Sqlite {
            // One writer at a time: the second waits for the first.
            early.commit().await.expect("it is kept");
            opened(&app, &goal, "goal.deleted").await.commit().await.expect("it is kept");
            let told = rest(&admin, &after, "").await;
            return assert_eq!(types(&told), ["goal.changed", "goal.deleted"]);
        }
        let late = opened(&app, &goal, "goal.deleted").await;
        late.commit().await.expect("it is kept");
        let page = admin.get(&format!("/api/v1/events?after={after}")).await.expect(200);
        assert_eq!(types(page.items()), ["goal.deleted"], "what is committed is told at once");
        let waiting = tokio::spawn(admin.get(&format!("/api/v1/events?wait=30&after={}", next(&page))).into_future());
        early.commit().await.expect("it is kept");
        let told = waiting.await.expect("no task fails").expect(200);
        assert_eq!(types(told.items()), ["goal.changed"], "its number is lower, and it is not skipped");
        let sequence = |event: &Value| event["id"].as_str().and_then(|id| id.strip_prefix("evt_")?.parse::<u64>().ok());
        assert!(sequence(&told.items()[0]) < sequence(&page.items()[0]));
        let whole = rest(&admin, &after, "").await;
        assert_eq!(types(&whole), ["goal.deleted", "goal.changed"], "the order of the commits, for ever");
    }

    async fn every_commit_of_many_writers_is_told_once(app: App) {
        const WRITERS: usize = 8;
        const RECORDS: usize = 12;
        let admin = app.as_admin();
        let after = now(&admin).await;
        let writers = (0..WRITERS).map(|writer| tokio::spawn(writes(admin.clone(), writer, RECORDS)));
        let writing = tokio::spawn(join_all(writers));
        let (mut told, mut place) = (Vec::new(), after);
        while told.len() < WRITERS * (1 + 2 * RECORDS) {
            let page = admin.get(&format!("/api/v1/events?wait=10&limit=5&after={place}")).await.expect(200);
            assert!(!page.items().is_empty(), "{} events, then nothing", told.len());
            place = next(&page);
            told.extend(page.items().iter().cloned());
        }
        writing.await.expect("no task fails");
        assert!(rest(&admin, &place, "").await.is_empty(), "nothing is told twice");
        let mut versions: std::collections::HashMap<String, i64> = std::collections::HashMap::new();
        for event in &told {
            let version = versions.entry(event["record"]["id"].to_string()).or_default();
            *version += 1;
            assert_eq!(event["version"], *version, "a record's events are in the order of its versions");
        }
    }
}

/// The database behind two servers: PostgreSQL. What one commits, those who wait at the other are told.
#[test]
fn a_commit_at_one_replica_is_told_at_another() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of(&app).await;
        let there = replica.hears(&app.as_admin());
        let after = now(&there).await;
        let waiting = tokio::spawn(there.get(&format!("/api/v1/events?wait=30&after={after}")).into_future());
        let new = app.as_admin().create("organisations", json!({ "name": "Vinn", "kind": "other" })).await;
        let told = waiting.await.expect("no task fails").expect(200);
        assert_eq!(told.items()[0]["record"]["id"], new["id"], "{told}");
        replica.end().await;
    });
}

both! {
    async fn what_was_committed_before_a_kill_is_in_the_feed(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let mut names = Vec::new();
        for turn in 0..3 {
            let (server, address) = served(&place);
            let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
            for number in 0..5 {
                let name = format!("Programme {turn}.{number}");
                names.push(admin.create("programmes", json!({ "name": name })).await["id"].clone());
            }
            // SIGKILL.
            drop(server);
        }
        let (_server, address) = served(&place);
        let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let told = admin.get("/api/v1/events?types=programme.created").await.expect(200);
        let told: Vec<Value> = told.items().iter().map(|event| event["record"]["id"].clone()).collect();
        assert_eq!(told, names, "each once, in order");
    }
}

/// A transaction that has drawn its number and is not committed.
async fn opened(app: &App, goal: &Value, event: &str) -> Write {
    let facts = facts::by_kind("goal").expect("there are goals");
    let write = app.store.write(Writer::of(&Caller::operator())).await.expect("the door opens");
    let row = Row(goal.as_object().cloned().expect("a record"));
    let change = Change::Changed { before: row.clone(), after: row };
    write.record(facts, &change, event.to_owned()).await.expect("an entry is written");
    write
}

/// Adds a project of its own, then goals, each changed once.
async fn writes(client: Client, writer: usize, records: usize) {
    let project = json!({ "code": format!("P{writer}"), "name": "Samtidig", "type": "pre_study" });
    let project = client.create("projects", project).await;
    for record in 0..records {
        let new = json!({ "projectId": project["id"], "kind": "output", "text": format!("Mål {writer}.{record}") });
        let goal = client.create("goals", new).await;
        client.change("goals", &goal, json!({ "kind": "impact" })).await.expect(200);
    }
}

/// Server-sent events as a client reads them.
struct Stream {
    response: reqwest::Response,
    read: String,
}

/// One of them.
struct Told {
    id: String,
    name: String,
    data: Value,
}

impl Stream {
    async fn open(app: &App, query: &str, last: Option<&str>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
        let mut request = client
            .get(format!("http://{}/api/v1/events{query}", app.address))
            .header("accept", "text/event-stream")
            .header("accept-encoding", "gzip")
            .bearer_auth(app.as_admin().token());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("it answers");
        assert_eq!(response.status(), 200);
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("text/event-stream"));
        assert!(!response.headers().contains_key("content-encoding"), "what is compressed is held back");
        Self { response, read: String::new() }
    }

    /// The next event; comments and what has no data are passed over.
    async fn event(&mut self) -> Told {
        loop {
            while let Some((block, rest)) = self.read.split_once("\n\n") {
                let block = block.to_owned();
                self.read = rest.to_owned();
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .unwrap_or_default()
                        .to_owned()
                };
                if let Ok(data) = serde_json::from_str(&field("data")) {
                    return Told { id: field("id"), name: field("event"), data };
                }
            }
            let chunk = self.response.chunk().await.expect("it goes on").expect("it does not end");
            self.read.push_str(std::str::from_utf8(&chunk).expect("it is text"));
        }
    }
}
