//! Lists and reports as CSV and XLSX: the same records, the same rights, and nothing that a spreadsheet runs.

use framdrift::routes;
use serde_json::{Value, json};
use support::spreadsheet::{Cell, by_heading, csv, sheets};
use support::{Answer, Role, both};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The reports of a project that have tables.
const REPORTS: [&str; 6] = ["status", "findings", "schedule", "organisation", "political-handling", "decisions"];

/// Text that spreadsheets take for formulas.
const FORMULAS: [&str; 6] =
    ["=1+1", "+47 77 00 00 00", "-2+3", "@SUM(A1:A9)", "=HYPERLINK(\"http://x.example\";\"y\")", "|calc"];

both! {
    async fn every_list_is_a_table_in_every_format(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for facts in routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only) {
            let record = world.make(facts.path).await;
            let id = record["id"].as_str().expect("an identifier");
            let address = format!("/api/v1/{}?id={id}", facts.path);
            let lines = csv(&admin.get(&format!("{address}&format=csv")).await.expect(200));
            assert_eq!((lines.len(), lines[0].len()), (2, facts.fields.len()), "{}: {lines:?}", facts.path);
            assert_eq!(by_heading(&lines, 1)["Id"], id, "{}", facts.path);
            let answer = admin.get(&address).header("accept", XLSX).await.expect(200);
            let sheets = sheets(&answer);
            assert_eq!((sheets.len(), sheets[0].headings()), (1, lines[0].clone()), "{}", facts.path);
            assert_eq!(sheets[0].under("Id", 2), Cell::text(id), "{}", facts.path);
            assert!(!sheets[0].xml.contains("<f>"), "{}: a formula", facts.path);
        }
    }

    async fn every_table_of_a_report_is_a_sheet(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let region = admin.get("/api/v1/regions?sort=createdAt&limit=1").await.expect(200).items()[0]["id"].clone();
        let region = format!("/api/v1/regions/{}/capacity", region.as_str().expect("an identifier"));
        let addresses = REPORTS.iter().map(|name| format!("/api/v1/projects/{project}/{name}")).chain([region]);
        for address in addresses {
            let named = admin.get(&format!("{address}?format=csv&table=nothing")).await.refused(400, "request.invalid_parameter");
            let detail = named["detail"].as_str().unwrap_or_default();
            let names: Vec<&str> = detail.rsplit("av ").next().unwrap_or_default().split(", ").collect();
            let book = sheets(&admin.get(&format!("{address}?format=xlsx")).await.expect(200));
            assert_eq!(book.len(), names.len(), "{address}: {detail}");
            for (sheet, name) in book.iter().zip(&names) {
                assert!(!sheet.xml.contains("<f>") && sheet.xml.contains("<autoFilter") && sheet.xml.contains("state=\"frozen\""), "{address} {name}");
                let lines = csv(&admin.get(&format!("{address}?format=csv&table={name}")).await.expect(200));
                assert_eq!(sheet.headings(), lines[0], "{address} {name}");
            }
            let main = admin.get(&address).header("accept", "text/csv").await.expect(200);
            let first = admin.get(&format!("{address}?format=csv&table={}", names[0])).await.expect(200);
            assert_eq!(main.bytes, first.bytes, "{address}: CSV is the first table");
            let one = sheets(&admin.get(&format!("{address}?format=xlsx&table={}", names[1])).await.expect(200));
            assert_eq!(one.iter().map(|sheet| &sheet.name).collect::<Vec<_>>(), [&book[1].name], "{address}");
            admin.get(&format!("{address}?table={}", names[0])).await.refused(400, "request.invalid_parameter");
        }
    }

    async fn cells_are_for_programs_in_csv_and_for_people_in_xlsx(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        world.make("milestones").await;
        let lines = csv(&admin.get("/api/v1/milestones?format=csv").await.expect(200));
        let cells = by_heading(&lines, 1);
        assert_eq!((cells["Plandato"], cells["Type"], cells["Krever dokument"], cells["Sakens tilstand"]), ("2017-12-15", "engagement", "Ja", ""));
        let sheet = sheets(&admin.get("/api/v1/milestones?format=xlsx").await.expect(200)).remove(0);
        assert_eq!(sheet.name, "Milepæler");
        let day = sheet.under("Plandato", 2).expect("a date");
        // Days since the last of 1899: what 15.12.2017 is to a spreadsheet.
        assert!(day.number() == 43_084.0 && day != Cell::Number(43_084.0, "0".to_owned()), "{day:?}");
        assert_eq!(sheet.under("Type", 2), Cell::text("medvirkning"));
        assert_eq!(sheet.under("Krever dokument", 2), Cell::text("Ja"));
        assert_eq!(sheet.under("Versjon", 2).expect("a number").number(), 1.0);
        assert_eq!(sheet.under("Sakens tilstand", 2), None);

        world.make("service-provisions").await;
        let lines = csv(&admin.get("/api/v1/service-provisions?format=csv").await.expect(200));
        assert_eq!(by_heading(&lines, 1)["Årsverk til næring"], "0,2");
        let sheet = sheets(&admin.get("/api/v1/service-provisions?format=xlsx").await.expect(200)).remove(0);
        assert_eq!(sheet.under("Årsverk til næring", 2).expect("a number").number(), 0.2);

        world.make("organisations").await;
        let address = "/api/v1/organisations?kind=development_organisation&sort=-createdAt&limit=1";
        let lines = csv(&admin.get(&format!("{address}&format=csv")).await.expect(200));
        let names: Value = serde_json::from_str(by_heading(&lines, 1)["Andre navn"]).expect("compact JSON");
        assert_eq!(names[0]["kind"], "official");
        let sheet = sheets(&admin.get(&format!("{address}&format=xlsx")).await.expect(200)).remove(0);
        let Some(Cell::Text(said)) = sheet.under("Andre navn", 2) else { panic!("text") };
        assert!(said.starts_with("Navn: Loabák") && said.ends_with("Slag: offisielt navn"), "{said}");
    }

    async fn nothing_is_run_as_a_formula(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for text in FORMULAS {
            let goal = json!({ "projectId": world.project["id"], "kind": "output", "text": text });
            let goal = admin.create("goals", goal).await;
            let address = format!("/api/v1/goals?id={}", goal["id"].as_str().expect("an identifier"));
            let lines = csv(&admin.get(&format!("{address}&format=csv")).await.expect(200));
            assert_eq!(by_heading(&lines, 1)["Tekst"], format!("'{text}"));
            let sheet = sheets(&admin.get(&format!("{address}&format=xlsx")).await.expect(200)).remove(0);
            let said = text.replace('"', "&quot;");
            let cell = sheet.under("Tekst", 2);
            assert!(cell == Cell::text(text) || cell == Cell::text(&said), "{cell:?}");
            assert!(!sheet.xml.contains("<f>") && !sheet.xml.contains("<hyperlink"), "{}", sheet.xml);
        }
    }

    async fn accept_and_format_choose_and_what_there_is_not_is_refused(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let list = "/api/v1/goals".to_owned();
        for address in [list, world.report("findings")] {
            let kind = |answer: &Answer| answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
            let asked = [
                ("*/*", "application/json"), ("", "application/json"), ("text/csv", "text/csv"), (XLSX, XLSX),
                ("text/html, application/xml;q=0.9, */*;q=0.8", "application/json"),
                ("application/json;q=0.4, text/csv;q=0.5", "text/csv"), ("text/*", "text/csv"),
            ];
            for (accept, expected) in asked {
                let answer = admin.get(&address).header("accept", accept).await.expect(200);
                assert_eq!(kind(&answer), expected, "{accept}");
                assert!(varies(&answer), "{address} {accept}: {:?}", answer.headers);
            }
            let answer = admin.get(&format!("{address}?format=csv")).header("accept", "application/json").await.expect(200);
            assert_eq!(kind(&answer), "text/csv", "format goes before Accept");
            assert!(answer.header("content-disposition").starts_with("attachment; filename=\""), "{:?}", answer.headers);
            assert_eq!(answer.header("content-language"), "nb");
            let refused = admin.get(&address).header("accept", "text/html").await.refused(406, "request.not_acceptable");
            assert_eq!(refused["offered"], json!(["application/json", "text/csv", XLSX]));
            assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("text/csv")) && varies(&refused), "{refused}");
            for wrong in ["format=pdf", "format=", "format=CSV", "format=csv&format=xlsx"] {
                let refused = admin.get(&format!("{address}?{wrong}")).await.refused(400, "request.invalid_parameter");
                assert_eq!(refused["parameter"], "format", "{wrong}");
            }
        }
        admin.get("/api/v1/goals?format=csv&kind=wish").await.refused(400, "request.invalid_parameter");
        admin.get(&format!("{}?format=csv", world.report("document"))).await.refused(400, "request.unknown_parameter");
        let whole = admin.get(&world.report("document")).header("accept", "text/csv").await.expect(200);
        assert_eq!(whole.header("content-type"), "application/json", "a document has one format");
    }

    async fn every_format_has_an_entity_tag_of_its_own(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        world.make("goals").await;
        for address in ["/api/v1/goals".to_owned(), world.report("status"), world.report("findings")] {
            let mut tags = Vec::new();
            for format in ["json", "csv", "xlsx"] {
                let address = format!("{address}?format={format}");
                let first = admin.get(&address).await.expect(200);
                assert_eq!(first.bytes, admin.get(&address).await.expect(200).bytes, "{address}: not the same bytes");
                let same = admin.get(&address).if_none_match(&first.etag()).await.expect(304);
                assert!(same.etag() == first.etag() && same.bytes.is_empty() && varies(&same), "{address}");
                tags.push(first.etag());
            }
            for (format, other) in [("json", 1), ("csv", 2), ("xlsx", 0)] {
                admin.get(&format!("{address}?format={format}")).if_none_match(&tags[other]).await.expect(200);
            }
            world.make("goals").await;
            admin.get(&format!("{address}?format=csv")).if_none_match(&tags[1]).await.expect(200);
        }
        let parties = format!("{}?format=csv&table=parties", world.report("status"));
        let main = admin.get(&format!("{}?format=csv", world.report("status"))).await.expect(200);
        admin.get(&parties).if_none_match(&main.etag()).await.expect(200);
    }

    async fn a_table_has_the_pages_filters_and_fields_of_its_list(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for n in 1..=5 {
            let goal = json!({ "projectId": world.project["id"], "kind": if n == 3 { "impact" } else { "output" }, "text": format!("Mål {n}") });
            admin.create("goals", goal).await;
        }
        let mut address = "/api/v1/goals?format=csv&kind=output&sort=-text&fields=text,kind&expand=project&limit=3&count=true".to_owned();
        let mut texts = Vec::new();
        loop {
            let page = admin.get(&address).await.expect(200);
            let lines = csv(&page);
            assert_eq!((&lines[0][..], page.header("x-total-count")), (&["Tekst", "Slag", "Id", "Prosjekt"].map(str::to_owned)[..], "4"));
            assert_eq!(by_heading(&lines, 1)["Prosjekt"], world.project["name"].as_str().expect("a name"));
            texts.extend(lines[1..].iter().map(|line| line[0].clone()));
            let Some((next, _)) = page.header("link").strip_prefix('<').and_then(|link| link.split_once('>')) else { break };
            address = next.split_once("/api/").map(|(_, path)| format!("/api/{path}")).expect("an address");
        }
        assert_eq!(texts, ["Mål 5", "Mål 4", "Mål 2", "Mål 1"]);
        // A page of one format goes on in another.
        let first = admin.get("/api/v1/goals?limit=2").await.expect(200);
        let next = first["next"].as_str().expect("a cursor");
        assert_eq!(csv(&admin.get(&format!("/api/v1/goals?limit=2&cursor={next}&format=csv")).await.expect(200)).len(), 3);
        let head = admin.send("HEAD", "/api/v1/goals?format=xlsx").await.expect(200);
        assert_eq!((head.header("content-type"), head.bytes.len()), (XLSX, 0));
    }

    async fn headings_and_labels_are_in_the_callers_language(app: App) {
        let world = app.world().await;
        world.make("milestones").await;
        for (lang, sheet, heading, label, yes) in [
            ("nb", "Milepæler", "Plandato", "medvirkning", "Ja"), ("nn", "Milepælar", "Tilstanden til saka", "medverknad", "Ja"),
            ("en", "Milestones", "Planned on", "engagement", "Yes"),
        ] {
            let client = app.as_admin().with("accept-language", lang);
            let answer = client.get("/api/v1/milestones?format=xlsx").await.expect(200);
            assert_eq!(answer.header("content-language"), lang);
            let book = sheets(&answer);
            assert_eq!(book[0].name, sheet);
            let headings = book[0].headings();
            assert!(headings.iter().any(|known| known == heading), "{headings:?}");
            assert_eq!(book[0].under("Type", 2), Cell::text(label));
            let lines = csv(&client.get("/api/v1/milestones?format=csv").await.expect(200));
            assert_eq!(lines[0], headings);
            assert!(lines[1].iter().any(|cell| cell == yes), "{lines:?}");
            let report = sheets(&client.get(&format!("{}?format=xlsx", world.report("status"))).await.expect(200));
            assert_eq!(report[0].name, sheet);
        }
    }

    async fn a_table_shows_no_more_than_the_list(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let milestone = |number: &str, internal: bool| {
            json!({ "projectId": world.project["id"], "number": number, "title": format!("Tilstand {number}"), "internal": internal, "plannedOn": "2030-01-01" })
        };
        admin.create("milestones", milestone("01", false)).await;
        admin.create("milestones", milestone("02", true)).await;
        let member = world.member(Role::SteeringMember).await;
        let (observer, stranger) = (world.as_a(Role::Observer).await, world.as_a(Role::Stranger).await);
        let report = format!("{}?format=csv", world.report("status"));
        for address in ["/api/v1/milestones?format=csv", &report] {
            let seen = |answer: Answer| csv(&answer.expect(200)).len() - 1;
            assert_eq!(seen(admin.get(address).await), 2, "{address}");
            assert_eq!(seen(observer.get(address).await), 1, "{address}");
        }
        assert_eq!(csv(&stranger.get("/api/v1/milestones?format=csv").await.expect(200)).len(), 1);
        for format in ["csv", "xlsx"] {
            let address = format!("{}?format={format}", world.report("status"));
            stranger.get(&address).await.refused(404, "record.not_found");
            app.as_nobody().get(&address).await.refused(401, "auth.required");
            app.as_nobody().get(&format!("/api/v1/goals?format={format}")).await.refused(401, "auth.required");
        }
        let phone = |answer: Answer| by_heading(&csv(&answer.expect(200)), 1)["Telefon"].to_owned();
        let address = format!("/api/v1/people?format=csv&id={}", member.person["id"].as_str().expect("an identifier"));
        assert_eq!(phone(member.client.get(&address).await), "'+47 00 00 00 00");
        assert_eq!(phone(stranger.get(&address).await), "");
        let book = sheets(&stranger.get(&address.replace("csv", "xlsx")).await.expect(200));
        assert_eq!(book[0].under("Telefon", 2), None);
    }
}

fn varies(answer: &Answer) -> bool {
    let mut named = answer.headers.get_all("vary").iter().filter_map(|vary| vary.to_str().ok());
    let names: Vec<&str> = named.by_ref().flat_map(|vary| vary.split(',')).map(str::trim).collect();
    names.contains(&"Accept") && names.contains(&"Accept-Language")
}
