//! Reading one record.

use serde_json::json;
use support::both;

use super::{at, least, one, resources};

both! {
    async fn a_copy_that_is_still_true_is_304(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let read = admin.get(&one(facts, &record)).await.expect(200);
            for tag in [read.etag(), format!("\"7\", {}", read.etag()), format!("W/{}", read.etag()), "*".to_owned()] {
                let same = admin.get(&one(facts, &record)).if_none_match(&tag).await.expect(304);
                assert_eq!((same.etag(), same.bytes.len()), (read.etag(), 0), "{same}");
            }
            let change = world.changed(sample).await;
            admin.change(facts.path, &record, change).because("Ny opplysning").await.expect(200);
            let newer = admin.get(&one(facts, &record)).if_none_match(&read.etag()).await.expect(200);
            assert_eq!(newer.etag(), "\"2\"", "{newer}");
        }
    }

    /// What is asked for as it stands is written as text where it is found; what is asked for by its fields is a record first.
    async fn a_record_is_the_same_to_the_letter_however_it_is_asked_for(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = world.make(facts.path).await;
            let names: Vec<&str> = facts.fields.iter().map(|field| field.name.as_str()).collect();
            admin.create(facts.path, least(facts, &world.body(facts.path).await)).await;
            for address in [one(facts, &record), format!("{}?sort=-createdAt&limit=1&count=true", at(facts))] {
                let plain = admin.get(&address).await.expect(200);
                let mark = if address.contains('?') { '&' } else { '?' };
                let chosen = admin.get(&format!("{address}{mark}fields={}", names.join(","))).await.expect(200);
                let (plain, chosen) = (plain.text(), chosen.text());
                // A cursor holds what the question was, which is another one here.
                let without = |text: &str| text.split_once("],\"next\":").map_or_else(|| text.to_owned(), |(items, _)| items.to_owned());
                assert_eq!(without(&plain), without(&chosen), "{address}");
                let ends = |text: &str| text.rsplit_once(",\"total\":").map(|(_, total)| total.to_owned());
                assert_eq!(ends(&plain), ends(&chosen), "{address}");
            }
        }
    }

    async fn head_answers_what_get_answers_without_the_body(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = world.make(facts.path).await;
            for address in [at(facts), one(facts, &record), format!("{}/history", one(facts, &record))] {
                let (get, head) = (admin.get(&address).await.expect(200), admin.send("HEAD", &address).await.expect(200));
                assert!(head.bytes.is_empty(), "{head}");
                for name in ["etag", "content-type", "content-language", "cache-control"] {
                    assert_eq!(head.header(name), get.header(name), "{address} {name}");
                }
            }
        }
    }

    async fn an_address_says_what_it_can(app: App) {
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = format!("{}/0190e0a0-0000-7000-8000-000000000000", at(facts));
            let history = format!("{record}/history");
            let what = [
                (at(facts), "GET, POST, HEAD, OPTIONS", "PATCH"),
                (record, "GET, PATCH, DELETE, HEAD, OPTIONS", "PUT"),
                (history, "GET, HEAD, OPTIONS", "DELETE"),
            ];
            for (address, allow, wrong) in what {
                let options = app.as_nobody().send("OPTIONS", &address).await.expect(204);
                assert_eq!(options.header("allow"), allow, "{address}");
                let refused = admin.send(wrong, &address).await.refused(405, "method.not_allowed");
                assert_eq!(refused.header("allow"), allow, "{address}");
            }
        }
    }

    async fn an_address_that_is_no_identifier_is_404(app: App) {
        for (facts, _) in resources() {
            for id in ["1", "0190e0a000007000800000000000000", "%00", "0190e0a0-0000-7000-8000-00000000000g", "..%2f.."] {
                app.as_admin().get(&format!("{}/{id}", at(facts))).await.expect(404);
            }
        }
    }

    async fn fields_are_chosen_and_named(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = world.make(facts.path).await;
            for field in &facts.fields {
                let chosen = admin.get(&format!("{}?fields={}", one(facts, &record), field.name)).await.expect(200);
                let mut expected = json!({ "id": record["id"] });
                expected[&field.name] = record[&field.name].clone();
                assert_eq!(chosen.json, expected, "{}", facts.path);
            }
            let wrong = admin.get(&format!("{}?fields=colour", one(facts, &record))).await;
            let wrong = wrong.refused(400, "request.invalid_parameter");
            assert!(facts.fields.iter().all(|field| wrong.text().contains(&field.name)), "{wrong}");
        }
    }

    async fn what_is_referred_to_is_shown_on_demand(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let known = facts.references.iter().filter(|reference| !sample.without.contains(&reference.field));
            for reference in known {
                let Some(name) = reference.field.strip_suffix("Id") else { continue };
                let expanded = admin.get(&format!("{}?expand={name}", one(facts, &record))).await.expect(200);
                let target = admin.read(reference.target, &json!({ "id": record[reference.field] })).await;
                assert_eq!(expanded[name], target, "{}?expand={name}", facts.path);
                assert_eq!(expanded[reference.field], record[reference.field], "{expanded}");
            }
            admin.get(&format!("{}?expand=colour", one(facts, &record))).await.refused(400, "request.invalid_parameter");
        }
    }
}
