//! Personal data: what is refused, what a person gets of its own, and what an erasure leaves.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use framdrift::db::Db as _;
use framdrift::exchange::retention;
use framdrift::facts::{Facts, Field, Kind};
use framdrift::routes;
use framdrift::store::chain::checkpoint::Signer;
use framdrift::store::chain::verify::verify;
use framdrift::store::{chain, feed, views};
use sea_orm::Statement;
use serde_json::{Value, json};
use support::process::Framdrift;
use support::{App, Client, Engine, Role, World, both};

/// A national identity number with both check digits, made up.
fn made_up() -> String {
    let weights = [&[3, 7, 6, 1, 8, 9, 4, 5, 2][..], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2][..]];
    let checked = |nine: String| {
        weights.iter().try_fold(nine, |number, weights| {
            let digits = number.chars().filter_map(|digit| digit.to_digit(10));
            let sum: u32 = digits.zip(*weights).map(|(digit, weight)| digit * weight).sum();
            let check = (11 - sum % 11) % 11;
            (check < 10).then(|| format!("{number}{check}"))
        })
    };
    (0..).find_map(|number| checked(format!("150870{number:03}"))).expect("one of them has check digits")
}

/// The fields of a resource that take any text.
fn free_text(facts: &Facts) -> impl Iterator<Item = &Field> {
    facts.writable().filter(|field| {
        let bound = field.schema.get("format").or_else(|| field.schema.get("pattern"));
        field.kind == Kind::Text
            && bound.is_none_or(Value::is_null)
            && field.schema["maxLength"].as_u64().is_none_or(|most| most >= 12)
    })
}

fn written() -> impl Iterator<Item = &'static Facts> {
    routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only)
}

/// Everything that is written so far in the chain, which holds.
async fn chained(app: &App) {
    feed::seal(&app.store).await.expect("the feed is sealed");
    chain::extend(&app.store).await.expect("the chain goes on");
    let signer = Signer::of(&app.store).await.expect("a signer");
    let verified = verify(&app.store, &signer, &[], &|_, _| ()).await.expect("the journal can be read");
    assert_eq!((verified.broken, verified.waiting), (None, 0));
}

/// Where the database has a text, of everything that it has: on SQLite in the bytes of its files, on PostgreSQL in its rows,
/// in the files of its tables after they were written anew, and in what `pg_dump` carries out of it.
async fn found(app: &App, text: &str) -> Vec<String> {
    if app.engine == Engine::Sqlite {
        let files = ["framdrift.db", "framdrift.db-wal"].map(|name| app.config.data_dir.join(name));
        return files.into_iter().filter(|file| holds(file, text)).map(|file| file.display().to_string()).collect();
    }
    let ask = async |sql: String| {
        let statement = Statement::from_string(app.store.read.get_database_backend(), sql);
        app.store.read.query_all_raw(statement).await.expect("an answer")
    };
    settled(app).await;
    let sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'";
    let mut places = Vec::new();
    for table in ask(sql.to_owned()).await {
        let name: String = table.try_get("", "name").expect("a name");
        app.store.read.execute_unprepared(&format!("VACUUM FULL {name}")).await.expect("it is written anew");
        let rows = ask(format!("SELECT COUNT(*) AS n FROM {name} AS t WHERE CAST(t AS text) LIKE '%{text}%'")).await;
        let file = format!(
            "SELECT CAST(position('{text}'::bytea IN pg_read_binary_file(pg_relation_filepath('{name}'))) AS bigint) AS n"
        );
        let bytes = ask(file).await;
        for (what, answer) in [("rows", rows), ("bytes", bytes)] {
            if answer[0].try_get::<i64>("", "n").expect("a number") > 0 {
                places.push(format!("{what} of {name}"));
            }
        }
    }
    if dumped(app, text) {
        places.push("the dump".to_owned());
    }
    places
}

/// Waits until every transaction of the cluster that runs now has ended: of a table that is written anew PostgreSQL keeps the
/// dead rows that one of them could see, though it be another test's and in another database.
async fn settled(app: &App) {
    let ask = async |sql: &str| {
        let statement = Statement::from_string(app.store.read.get_database_backend(), sql);
        let row = app.store.read.query_one_raw(statement).await.expect("an answer").expect("a row");
        row.try_get::<i64>("", "n").expect("a number")
    };
    let now = ask("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint) AS n").await;
    let began = Instant::now();
    while ask("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS n").await <= now {
        assert!(began.elapsed() < Duration::from_secs(120), "a transaction of the cluster does not end");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Whether a text stands in the dump of the database, as it is or in the digits that bytes are written in.
fn dumped(app: &App, text: &str) -> bool {
    let url = app.config.database_url.as_ref().expect("PostgreSQL has an address").reveal();
    let Ok(dump) = Command::new("pg_dump").arg(url).output() else {
        eprintln!("skipped: pg_dump is not installed, so nobody looks into a dump");
        return false;
    };
    assert!(dump.status.success() && !dump.stdout.is_empty(), "{}", String::from_utf8_lossy(&dump.stderr));
    let digits = text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let dump = String::from_utf8_lossy(&dump.stdout);
    dump.contains(text) || dump.contains(&digits)
}

fn holds(file: &PathBuf, text: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A person whose every field has a mark, with a user and a name in another system.
struct Marked {
    person: Value,
    user: Value,
    mark: String,
}

async fn marked(world: &World, mark: &str) -> Marked {
    let admin = world.as_admin();
    let person = json!({
        "givenName": format!("{mark}Fornavn"), "familyName": format!("{mark}Etternavn"),
        "email": format!("{mark}.epost@kommune.example"), "phone": "+47 99 88 77 66",
    });
    let key = format!("{mark}-nokkel");
    let person = admin.post("/api/v1/people", person).header("idempotency-key", key.as_bytes()).await.expect(201).json;
    let second = json!({ "email": format!("{mark}.annen@kommune.example") });
    let person = admin.change("people", &person, second).await.expect(200).json;
    let user = json!({ "email": format!("{mark}.bruker@kommune.example"), "name": format!("{mark}Bruker"), "personId": person["id"] });
    let user = admin.create("users", user).await;
    let reference = json!({
        "system": "lonn", "key": format!("{mark}-17"), "url": format!("https://lonn.example/{mark}"),
        "record": { "kind": "person", "id": person["id"] },
    });
    admin.create("external-references", reference).await;
    let identity =
        json!({ "userId": user["id"], "issuer": "https://idporten.example", "subject": format!("{mark}-subjekt") });
    admin.create("user-identities", identity).await;
    let of_user = json!({
        "system": "elements", "key": format!("{mark}-bruker-18"), "record": { "kind": "user", "id": user["id"] },
    });
    admin.create("external-references", of_user).await;
    Marked { person, user, mark: mark.to_owned() }
}

fn address(person: &Value, method: &str) -> String {
    format!("/api/v1/people/{}/{method}", person["id"].as_str().expect("an identifier"))
}

both! {
    async fn no_text_takes_a_national_identity_number(app: App) {
        let world = app.world().await;
        let number = made_up();
        let mut asked = 0;
        for facts in written() {
            let body = world.body(facts.path).await;
            for field in free_text(facts) {
                let mut body = body.clone();
                body[&field.name] = number.clone().into();
                let answer = app.as_admin().post(&format!("/api/v1/{}", facts.path), body).await;
                let answer = answer.faulted(&format!("/{}", field.name), "identity_number");
                assert!(!answer.text().contains(&number), "the number is not said again: {answer}");
                asked += 1;
            }
        }
        assert!(asked > 60, "{asked} fields");
        let (date, rest) = number.split_at(6);
        let body = json!({ "name": "Bardu", "kind": "municipality", "altNames": [{ "name": format!("Fnr {date} {rest}."), "kind": "alias" }] });
        app.as_admin().post("/api/v1/organisations", body).await.faulted("/altNames/0/name", "identity_number");
        let goal = world.make("goals").await;
        let change = app.as_admin().change("goals", &goal, json!({ "text": "Nytt" })).because(&format!("Etter {number}"));
        change.await.refused(400, "request.malformed");
        for right in ["+47 77 18 50 00", "47771850001", "15087012345"] {
            let person = json!({ "givenName": "Knut", "familyName": "Baglo", "phone": right });
            app.as_admin().create("people", person).await;
        }
    }

    async fn a_person_gets_all_of_its_data_and_none_of_others(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let one = marked(&world, "kanarimin").await;
        let other = marked(&world, "kanarifremmed").await;
        let mut marks = Vec::new();
        for facts in written().filter(|facts| facts.kind != "user") {
            for reference in facts.references.iter().filter(|reference| reference.target == "people") {
                for (holder, start) in [(&one, "min"), (&other, "fremmed")] {
                    let mut body = world.body(facts.path).await;
                    body[reference.field] = holder.person["id"].clone();
                    for field in free_text(facts) {
                        let mark = format!("{start}{}", 10_000 + marks.len());
                        body[&field.name] = mark.clone().into();
                        marks.push((format!("{}.{}", facts.path, field.name), mark));
                    }
                    admin.create(facts.path, body).await;
                }
            }
        }
        assert!(marks.len() > 20, "{marks:?}");
        let login: uuid::Uuid = one.user["id"].as_str().and_then(|id| id.parse().ok()).expect("a user");
        let myself = app.as_user(login).await;
        for client in [&admin, &myself] {
            let export = client.get(&address(&one.person, "data-export")).await.expect(200);
            assert_eq!(export.header("cache-control"), "no-store", "{export}");
            let text = export.text();
            for (place, mark) in &marks {
                assert_eq!(text.contains(mark.as_str()), mark.starts_with("min"), "{place} with {mark}: {export}");
            }
            for own in ["Fornavn", "Etternavn", ".epost@", ".annen@", ".bruker@", "Bruker", "-17", "-subjekt", "-bruker-18"] {
                assert!(text.contains(&format!("{}{own}", one.mark)), "{own} is missing: {export}");
            }
            assert!(!text.contains(&other.mark), "{export}");
            assert!(!export["sessions"].as_array().expect("sessions").is_empty(), "{export}");
        }
        let member = world.as_a(Role::Manager).await;
        member.get(&address(&one.person, "data-export")).await.refused(403, "access.forbidden");
        app.as_nobody().get(&address(&one.person, "data-export")).await.expect(401);
        myself.get(&address(&other.person, "data-export")).await.refused(403, "access.forbidden");
    }

    async fn an_erasure_leaves_nothing_behind_and_the_chain_holds(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let one = marked(&world, "kanarivekk").await;
        let other = marked(&world, "kanariblir").await;
        let role = json!({ "projectId": world.project["id"], "personId": one.person["id"], "role": "project_manager" });
        admin.create("assignments", role).await;
        // A published report never changes: it holds no contact detail to begin with.
        world.body("report-signatures").await;
        let published = admin.get("/api/v1/status-reports?state=published").await.expect(200);
        let published = format!("/api/v1/status-reports/{}", published.ids()[0]);
        let frozen = admin.get(&format!("{published}/snapshot")).await.expect(200);
        assert!(frozen.text().contains("kanarivekkEtternavn") && !frozen.text().contains("kanarivekk.annen"), "{frozen}");
        let moment = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let webhook = json!({ "url": "https://mottak.example/krok", "eventTypes": ["*"] });
        admin.create("webhooks", webhook).await;
        chained(&app).await;
        // And a version that is not sealed yet.
        let person = admin.read("people", &one.person).await;
        let person = admin.change("people", &person, json!({ "phone": "+47 11 22 33 44" })).await.expect(200).json;
        let erase = address(&person, "erase");
        let reason = json!({ "reason": "Personen har bedt om det" });
        let tag = format!("\"{}\"", person["version"]);
        let member = world.as_a(Role::Manager).await;
        member.post(&erase, reason.clone()).if_match(&tag).await.refused(403, "access.forbidden");
        admin.post(&erase, reason.clone()).await.refused(428, "record.precondition_required");
        admin.post(&erase, json!({})).if_match(&tag).await.faulted("/reason", "required");
        let whole = json!({ "reason": "Alt", "extent": "everything" });
        let refused = admin.post(&erase, whole).if_match(&tag).await.refused(409, "person.erasure_restricted");
        assert!(refused["legalBasis"][0].as_str().is_some_and(|basis| basis.contains("GDPR")), "{refused}");
        assert_eq!(refused["records"]["assignment"], 1, "{refused}");
        let done = admin.post(&erase, reason.clone()).if_match(&tag).await.expect(200);
        assert_eq!((&done["fields"], &done["users"], &done["gone"]),
            (&json!(["email", "phone"]), &json!(1), &json!({ "external-references": 2, "user-identities": 1 })), "{done}");
        assert_eq!(done["kept"]["assignment"], 1, "{done}");
        let gone = ["kanarivekk.epost", "kanarivekk.annen", "kanarivekk.bruker", "kanarivekkBruker", "kanarivekk-17", "kanarivekk-subjekt", "kanarivekk-bruker-18", "lonn.example/kanarivekk", "+47 11 22 33 44"];
        for mark in gone {
            assert_eq!(found(&app, mark).await, Vec::<String>::new(), "{mark}");
        }
        assert!(!found(&app, "kanariblir.annen").await.is_empty(), "others keep theirs");
        assert!(!found(&app, "kanarivekkEtternavn").await.is_empty(), "the name stands in the role");
        let now = admin.read("people", &person).await;
        assert_eq!((&now["email"], &now["phone"], &now["familyName"]), (&json!(null), &json!(null), &json!("kanarivekkEtternavn")));
        assert!(now["erasedAt"].is_string(), "{now}");
        let history = admin.get(&address(&person, "history")).await.expect(200);
        assert_eq!(history.items()[0]["event"], "person.erased");
        assert_eq!(history.items()[0]["reason"], "Personen har bedt om det");
        let first = history.items().last().expect("the first version");
        assert_eq!((&first["after"]["email"], &first["after"]["erased"]["fields"]), (&json!(null), &json!(["email", "phone"])), "{first}");
        let past = admin.get(&format!("{}?asOf={moment}", world.report("document"))).await.expect(200);
        let there = past["records"]["people"].as_array().expect("people").iter().find(|one| one["id"] == person["id"]).cloned();
        assert!(there.is_some_and(|one| one["email"].is_null() && one["erasedAt"].is_string()), "{past}");
        let login: uuid::Uuid = one.user["id"].as_str().and_then(|id| id.parse().ok()).expect("a user");
        app.as_user(login).await.get("/api/v1/me").await.expect(401);
        chained(&app).await;
        let proof = admin.get(&format!("{published}/verification")).await.expect(200);
        assert_eq!(proof["valid"], true, "a published report is what it was: {proof}");
        // Again changes nothing, and what is gone does not come back.
        let tag = format!("\"{}\"", now["version"]);
        let again = admin.post(&erase, reason).if_match(&tag).await.expect(200);
        assert_eq!(again["erasureId"], Value::Null, "{again}");
        assert_eq!(admin.read("people", &person).await["version"], now["version"]);
        admin.change("people", &now, json!({ "email": "ny@kommune.example" })).await.faulted("/erasedAt", "erased");
        let log = admin.get("/api/v1/erasures").await.expect(200);
        let [line] = log.items() else { panic!("one erasure: {log}") };
        assert_eq!((&line["id"], &line["extent"]), (&done["erasureId"], &json!("contact_details")));
        admin.get(&format!("/api/v1/erasures/{}", line["id"].as_str().expect("an id"))).await.expect(200);
        assert!(member.get("/api/v1/erasures").await.expect(200).items().is_empty());
        // Repeating the request that made the person gives no address either.
        let body = json!({
            "givenName": "kanarivekkFornavn", "familyName": "kanarivekkEtternavn",
            "email": "kanarivekk.epost@kommune.example", "phone": "+47 99 88 77 66",
        });
        let again = admin.post("/api/v1/people", body).header("idempotency-key", "kanarivekk-nokkel".as_bytes()).await;
        again.refused(422, "idempotency.key_reused");
        let export = admin.get(&address(&person, "data-export")).await.expect(200);
        assert!(gone.iter().all(|mark| !export.text().contains(mark)), "{export}");
        assert!(!other.person["email"].is_null());
    }

    async fn a_name_that_stands_nowhere_goes_too_even_of_a_deleted_person(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let one = marked(&world, "kanarinavn").await;
        chained(&app).await;
        let tag = format!("\"{}\"", one.person["version"]);
        let post = json!({ "personId": one.person["id"], "organisationId": world.make("organisations").await["id"], "title": "kanarinavnsjef" });
        let post = admin.create("affiliations", post).await;
        let before = json!({ "personId": one.person["id"], "organisationId": post["organisationId"], "title": "kanarinavnlærling" });
        let before = admin.create("affiliations", before).await;
        admin.remove("affiliations", &before).await.expect(204);
        let all = json!({ "reason": "Feil person", "extent": "everything" });
        let done = admin.post(&address(&one.person, "erase"), all).if_match(&tag).await.expect(200);
        assert_eq!((&done["kept"], &done["legalBasis"], &done["gone"]["affiliations"]), (&json!({}), &json!([]), &json!(1)), "{done}");
        assert_eq!(found(&app, "kanarinavn").await, Vec::<String>::new());
        admin.get(&format!("/api/v1/affiliations/{}", post["id"].as_str().expect("an id"))).await.expect(404);
        let person = json!({ "givenName": "kanariborte", "familyName": "kanariborte", "email": "kanariborte@kommune.example" });
        let person = admin.create("people", person).await;
        admin.remove("people", &person).await.expect(204);
        assert!(!found(&app, "anariborte").await.is_empty(), "the journal still has the person");
        chained(&app).await;
        let erase = address(&person, "erase");
        world.as_a(Role::Manager).await.post(&erase, json!({ "reason": "Bedt om" })).await.refused(404, "record.not_found");
        admin.post(&erase, json!({ "reason": "Bedt om" })).await.expect(200);
        assert_eq!(found(&app, "anariborte").await, Vec::<String>::new());
        let again = admin.post(&erase, json!({ "reason": "Bedt om" })).await.expect(200);
        assert_eq!(again["erasureId"], Value::Null, "{again}");
        admin.post(&erase.replace(person["id"].as_str().expect("an id"), "0190e0a0-0000-7000-8000-000000000009"), json!({ "reason": "Bedt om" })).await.refused(404, "record.not_found");
        chained(&app).await;
    }

    async fn who_saw_whose_contact_details_is_written_down(app: App) {
        let world = app.world().await;
        let manager = world.member(Role::Manager).await;
        let (one, stranger) = (world.make("people").await, world.make("people").await);
        let role = json!({ "projectId": world.project["id"], "personId": one["id"], "role": "project_group_member" });
        let role = app.as_admin().create("assignments", role).await;
        let me = manager.client.get("/api/v1/me").await.expect(200)["id"].clone();
        let id = |record: &Value| record["id"].as_str().expect("an identifier").to_owned();
        let (mine, theirs) = (id(&one), id(&stranger));
        let addresses = [
            (format!("/api/v1/people/{mine}"), true),
            (format!("/api/v1/people/{theirs}"), false),
            (format!("/api/v1/people?id={mine},{theirs}"), true),
            (format!("/api/v1/people?id={mine},{theirs}&format=csv"), true),
            (format!("/api/v1/people?id={mine}&fields=familyName"), false),
            (format!("/api/v1/people/{mine}/history"), true),
            (format!("/api/v1/assignments/{}?expand=person", id(&role)), true),
            (format!("/api/v1/assignments?id={}", id(&role)), false),
            (world.report("document"), true),
        ];
        for (address, shows) in &addresses {
            manager.client.get(address).await.expect(200);
            views::flush(&app.store).await.expect("it is written down");
            let of_me = format!("createdBy={}&personId={mine}&sort=-createdAt,-id", me.as_str().expect("an id"));
            let views = app.as_admin().get(&format!("/api/v1/person-views?{of_me}")).await.expect(200);
            let path = address.split('?').next().expect("a path");
            let last = views.items().first().filter(|view| view["operation"] == format!("GET {path}"));
            let seen = last.is_some_and(|view| view["personIds"].as_array().expect("people").iter().all(|seen| *seen != theirs));
            assert!(seen || !shows, "{address} is not in {views}");
        }
        let either = format!("/api/v1/person-views?personId={theirs},{mine}&limit=1");
        assert_eq!(app.as_admin().get(&either).await.expect(200).items().len(), 1);
        app.as_admin().get(&format!("/api/v1/person-views?personId={mine},x")).await.refused(400, "request.invalid_parameter");
        let of_me = format!("/api/v1/person-views?createdBy={}", me.as_str().expect("an id"));
        let views = app.as_admin().get(&of_me).await.expect(200);
        let shown = addresses.iter().filter(|(_, shows)| *shows).count();
        assert_eq!(views.items().len(), shown, "one row for each answer that held any: {views}");
        manager.client.change("people", &one, json!({ "phone": "+47 11 11 11 11" })).await.expect(200);
        let views = app.as_admin().get(&of_me).await.expect(200);
        assert_eq!((views.items().len(), &views.items()[0]["operation"]), (shown + 1, &json!("write /api/v1/people")));
        let myself = world.user_of(&one).await;
        let own = myself.get("/api/v1/person-views").await.expect(200);
        assert!(own.items().len() > shown && own.items().iter().all(|view| view["personIds"].to_string().contains(&mine)), "{own}");
        myself.get(&format!("/api/v1/person-views/{}", own.ids()[0])).await.expect(200);
        let stranger = world.user_of(&stranger).await.get("/api/v1/person-views").await.expect(200);
        assert!(stranger.items().iter().all(|view| view["personIds"].to_string().contains(&theirs)), "{stranger}");
        let export = myself.get(&address(&one, "data-export")).await.expect(200);
        assert!(export["records"]["person-views"].as_array().is_some_and(|views| views.len() > shown), "{export}");
        let write = app.store.write(framdrift::store::Writer::service(None)).await.expect("the door opens");
        let error = write.tx().execute_unprepared("UPDATE person_views SET operation = ''").await.expect_err("it is refused");
        assert!(error.to_string().contains("is only added to"), "{error}");
    }

    async fn records_of_processing_say_what_is_held_and_how_long(app: App) {
        let (admin, world) = (app.as_admin(), app.world().await);
        world.as_a(Role::Manager).await.get("/api/v1/processing-records").await.refused(403, "access.forbidden");
        world.as_machine(&["framdrift:write"]).await.get("/api/v1/processing-records").await.refused(403, "access.forbidden");
        let told = admin.get("/api/v1/processing-records").await.expect(200);
        assert_eq!(told.header("cache-control"), "no-store");
        let fields = |told: &Value, code: &str, collection: &str| -> Vec<String> {
            let record = told["items"].as_array().into_iter().flatten().find(|record| record["code"] == code).expect("a record");
            let data = record["data"].as_array().into_iter().flatten().filter(|data| data["collection"] == collection);
            data.flat_map(|data| data["fields"].as_array().into_iter().flatten()).filter_map(|field| Some(field.as_str()?.to_owned())).collect()
        };
        let mut contact = fields(&told.json, "contact", "people");
        contact.sort();
        assert_eq!(contact, ["email", "familyName", "givenName", "phone"]);
        assert_eq!(fields(&told.json, "participation", "attendances"), ["personId"]);
        assert!(fields(&told.json, "accounts", "users").contains(&"email".to_owned()), "{told}");
        let kept = |told: &Value, class: &str| -> Vec<Value> {
            let all = told["items"].as_array().into_iter().flatten().flat_map(|record| record["retention"].as_array().into_iter().flatten());
            all.filter(|kept| kept["dataClass"] == class).cloned().collect()
        };
        assert!(kept(&told.json, "contact_details").iter().all(|kept| kept["months"].is_null() && kept["ruleId"].is_null()), "{told}");
        let rule = |months: u32| json!({ "dataClass": "contact_details", "months": months, "action": "erase", "basis": "Vedtatt" });
        admin.create("retention-rules", rule(60)).await;
        let decides = admin.create("retention-rules", rule(24)).await;
        let told = admin.get("/api/v1/processing-records").header("accept-language", "en").await.expect(200);
        for kept in kept(&told.json, "contact_details") {
            assert_eq!((&kept["ruleId"], &kept["months"], &kept["action"]), (&decides["id"], &json!(24), &json!("erase")), "the rule that decides: {kept}");
            assert!(kept["inWords"].as_str().is_some_and(|words| words.ends_with("24 months")), "{kept}");
        }
        let run = admin.post("/api/v1/retention/run?dryRun=true", json!({})).await.expect(200);
        assert_eq!(run["items"][0]["months"], 24, "and it is the one that is applied");
        admin.get("/api/v1/processing-records?colour=blue").await.refused(400, "request.unknown_parameter");
    }

    async fn what_is_told_to_go_is_what_goes_and_goes_once(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let later = |months: u32| chrono::Utc::now() + chrono::Months::new(months);
        let gone = marked(&world, "kanariferdig").await;
        admin.change("users", &gone.user, json!({ "disabledAt": "2026-01-01T00:00:00Z" })).await.expect(200);
        let ended = json!({
            "projectId": world.project["id"], "personId": gone.person["id"], "role": "project_group_member",
            "validFrom": "2017-11-01", "validTo": "2018-04-30",
        });
        admin.create("assignments", ended).await;
        let busy = marked(&world, "kanarimed").await;
        admin.change("users", &busy.user, json!({ "disabledAt": "2026-01-01T00:00:00Z" })).await.expect(200);
        let role = json!({ "projectId": world.project["id"], "personId": busy.person["id"], "role": "project_group_member" });
        admin.create("assignments", role).await;
        let login = marked(&world, "kanariinnlogget").await;
        let id: uuid::Uuid = login.user["id"].as_str().and_then(|id| id.parse().ok()).expect("a user");
        app.as_user(id).await.get("/api/v1/people").await.expect(200);
        views::flush(&app.store).await.expect("it is written down");
        let empty = admin.post("/api/v1/retention/run?dryRun=true", json!({})).await.expect(200);
        assert_eq!((&empty["dryRun"], &empty["items"]), (&json!(true), &json!([])), "without a rule all is kept");
        let wrong = json!({ "dataClass": "contact_details", "months": 24, "action": "delete" });
        admin.post("/api/v1/retention-rules", wrong).await.faulted("/action", "not_fitting");
        for rule in [
            json!({ "dataClass": "contact_details", "months": 24, "action": "erase" }),
            json!({ "dataClass": "contact_details", "months": 60, "action": "erase", "basis": "the longer one does not decide" }),
            json!({ "dataClass": "sessions", "months": 11, "action": "delete" }),
            json!({ "dataClass": "access_log", "months": 60, "action": "delete" }),
        ] {
            admin.create("retention-rules", rule).await;
        }
        world.as_a(Role::Manager).await.post("/api/v1/retention/run", json!({})).await.refused(403, "access.forbidden");
        let keyed = || admin.post("/api/v1/retention/run", json!({})).header("idempotency-key", "natt-til-mandag");
        let first = keyed().await.expect(200);
        assert_eq!(first["items"][0]["records"], 0, "nothing is due yet: {first}");
        let replayed = keyed().await.expect(200);
        assert_eq!((replayed.header("idempotent-replayed"), &replayed.json), ("true", &first.json));
        let ids = json!([gone.person["id"]]);
        // When each class is reached first; a session holds for a month.
        let reached = [("contact_details", 25), ("sessions", 13), ("access_log", 61)];
        for months in [11, 13, 25, 61] {
            let told = retention::due(&app.store.read, later(months)).await.expect("it is told");
            let done = retention::run(&app.store, later(months), None).await.expect("it is done");
            let without_instants = |effects: &[retention::RetentionEffect]| {
                effects.iter().map(|effect| (effect.data_class.clone(), effect.records, json!(effect.person_ids))).collect::<Vec<_>>()
            };
            assert_eq!(without_instants(&told), without_instants(&done), "after {months} months");
            let classes: Vec<&str> = done.iter().map(|effect| effect.data_class.as_str()).collect();
            assert_eq!(classes, ["access_log", "contact_details", "sessions"]);
            for effect in &done {
                let now = reached.contains(&(effect.data_class.as_str(), months));
                assert_eq!(effect.records > 0, now, "{effect:?} after {months} months");
            }
            let erased = done.iter().find(|effect| effect.data_class == "contact_details").expect("its rule");
            assert_eq!(json!(erased.person_ids), if months == 25 { ids.clone() } else { json!([]) });
            let again = retention::run(&app.store, later(months), None).await.expect("it is done");
            assert!(again.iter().all(|effect| effect.records == 0), "{again:?}");
        }
        assert_eq!(found(&app, "kanariferdig.annen").await, Vec::<String>::new());
        assert!(!found(&app, "kanarimed.annen").await.is_empty() && !found(&app, "kanariinnlogget.annen").await.is_empty());
        chained(&app).await;
    }

    async fn no_cache_keeps_what_tells_of_people(app: App) {
        let world = app.world().await;
        let person = world.make("people").await;
        let one = format!("/api/v1/people/{}", person["id"].as_str().expect("an id"));
        let admin = app.as_admin();
        for address in ["/api/v1/people".to_owned(), "/api/v1/people?format=csv".to_owned(), one.clone(), format!("{one}/history"), "/api/v1/users".to_owned(), "/api/v1/assignments?expand=person".to_owned(), "/api/v1/me".to_owned(), world.report("document")] {
            let answer = admin.get(&address).await.expect(200);
            assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        }
        let answer = admin.get("/api/v1/milestones").await.expect(200);
        assert_eq!(answer.header("cache-control"), "private, no-cache");
    }
}

/// A person that was erased after a backup was made: the data directory, with the log of it, and the backup.
async fn erased_after_a_backup(app: &App, mark: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let world = app.world().await;
    let one = marked(&world, mark).await;
    chained(app).await;
    let kept = tempfile::tempdir().expect("a directory");
    let backup = kept.path().join("backup.db");
    let framdrift = Framdrift::new(env!("CARGO_BIN_EXE_framdrift-under-test"));
    let made = framdrift.with(&[
        "--data-dir",
        &app.config.data_dir.display().to_string(),
        "backup",
        &backup.display().to_string(),
    ]);
    assert!(made.printed().contains("SHA-256"));
    assert!(holds(&backup, &format!("{mark}.annen")));
    let tag = format!("\"{}\"", one.person["version"]);
    let reason = json!({ "reason": "Personen har bedt om det" });
    app.as_admin().post(&address(&one.person, "erase"), reason).if_match(&tag).await.expect(200);
    let log = app.config.data_dir.join("erasures.jsonl");
    assert!(!holds(&log, mark), "the log tells nothing of the person");
    (kept, backup, log)
}

fn in_directory(directory: &std::path::Path) -> Framdrift {
    Framdrift::new(env!("CARGO_BIN_EXE_framdrift-under-test")).with(&["--data-dir", &directory.display().to_string()])
}

#[test]
fn a_restored_backup_is_brought_in_line_with_the_log() {
    support::run(Engine::Sqlite, async |app: App| {
        let (kept, backup, log) = erased_after_a_backup(&app, "kanarikopi").await;
        let backup = backup.display().to_string();
        // Where the log is still beside the database that was lost.
        let same = kept.path().join("same");
        std::fs::create_dir(&same).expect("a directory");
        std::fs::copy(&log, same.join("erasures.jsonl")).expect("a copy");
        let said = in_directory(&same).with(&["restore", &backup]).printed();
        assert!(said.contains("1 erased, 0 erased before, 0 not in this database"), "{said}");
        assert!(!holds(&same.join("framdrift.db"), "kanarikopi"), "nothing is left in the restored file");
        assert!(in_directory(&same).with(&["erasure", "log"]).printed().contains("Personen har bedt om det"));
        assert!(in_directory(&same).with(&["journal", "verify"]).printed().starts_with("The journal holds"));
        let apply = in_directory(&same).with(&["erasure", "apply", &log.display().to_string()]);
        assert_eq!(apply.printed().trim(), "0 erased, 1 erased before, 0 not in this database");
        // Where it was kept elsewhere.
        let other = kept.path().join("other");
        let said = in_directory(&other).with(&["restore", &backup, "--erasures", &log.display().to_string()]).printed();
        assert!(said.contains("1 erased"), "{said}");
        assert!(!holds(&other.join("framdrift.db"), "kanarikopi"));
        assert_eq!(std::fs::read(other.join("erasures.jsonl")).expect("a log"), std::fs::read(&log).expect("a log"));
        // Where somebody puts the old file back by hand: it is erased again before anybody is answered.
        let by_hand = kept.path().join("by-hand");
        std::fs::create_dir(&by_hand).expect("a directory");
        std::fs::copy(&backup, by_hand.join("framdrift.db")).expect("a copy");
        std::fs::copy(&log, by_hand.join("erasures.jsonl")).expect("a copy");
        let serve = in_directory(&by_hand).with(&["--listen", "127.0.0.1:0", "--log-format", "json"]);
        let (mut server, line) = serve.start_logging("serves at");
        let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
        let address: std::net::SocketAddr =
            line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        Client::new(address).get("/readyz").await.expect(200);
        assert!(!holds(&by_hand.join("framdrift.db"), "kanarikopi"), "before the first answer");
        server.terminate();
        assert!(server.ended().success());
    });
}
