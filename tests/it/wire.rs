//! What every request and every answer has in common.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use support::{Answer, both};

both! {
    async fn every_answer_has_a_request_id_and_keeps_others_out(app: App) {
        let admin = app.as_admin();
        let mut seen = Vec::new();
        let answers = [
            admin.get("/api/v1/me").await, app.as_nobody().get("/api/v1/me").await, admin.get("/api/v1/colours").await,
            admin.get("/api/v1/projects").header("x-request-id", "mine").await, app.as_nobody().get("/healthz").await,
        ];
        for answer in answers {
            let id = answer.header("x-request-id").to_owned();
            assert!(id.len() == 36 && !seen.contains(&id), "{id}: {answer}");
            seen.push(id);
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{answer}");
            assert!(!answer.header("cache-control").is_empty(), "{answer}");
            assert!(answer.header("server").is_empty() && answer.header("x-powered-by").is_empty(), "{answer}");
        }
    }

    async fn the_trace_goes_on_from_traceparent(app: App) {
        let ask = |parent: &str| app.as_nobody().get("/api/v1/me").header("traceparent", parent);
        let given = "0af7651916cd43dd8448eb211c80319c";
        let answer = ask(&format!("00-{given}-b7ad6b7169203331-01")).await.refused(401, "auth.required");
        assert_eq!(answer["traceId"], given);
        let wrong = [
            format!("ff-{given}-b7ad6b7169203331-01"), format!("00-{given}-b7ad6b7169203331"), "00-00000000000000000000000000000000-b7ad6b7169203331-01".to_owned(),
            format!("00-{}-b7ad6b7169203331-01", given.to_uppercase()), "nonsense".to_owned(),
        ];
        for parent in wrong {
            let answer = ask(&parent).await.refused(401, "auth.required");
            assert!(answer["traceId"] != given && answer["traceId"] != "00000000000000000000000000000000", "{parent}: {answer}");
        }
    }

    async fn an_answer_is_in_the_callers_language(app: App) {
        let ask = |languages: &str| app.as_nobody().with("accept-language", languages).get("/api/v1/me");
        let titles = [
            ("nb", "nb", "Innlogging kreves"), ("nn-NO, nb;q=0.5", "nn", "Innlogging krevst"), ("en-GB", "en", "Authentication required"),
            ("de, fr;q=0.9", "nb", "Innlogging kreves"), ("en;q=0.1, nn;q=0.2, no;q=0", "nn", "Innlogging krevst"), ("*", "nb", "Innlogging kreves"),
            ("", "nb", "Innlogging kreves"), (";;;q=,,", "nb", "Innlogging kreves"),
        ];
        for (asked, language, title) in titles {
            let answer = ask(asked).await.refused(401, "auth.required");
            assert_eq!((answer.header("content-language"), &answer["title"]), (language, &json!(title)), "{asked}");
            assert!(answer.headers.get_all("vary").iter().any(|vary| vary.to_str().is_ok_and(|vary| vary.contains("Accept-Language"))));
        }
        let faults = app.as_admin().with("accept-language", "nn").post("/api/v1/goals", json!({ "colour": "blå" })).await;
        assert!(faults.faulted("/colour", "unknown_field").text().contains("ukjent felt; tillate"));
    }

    async fn a_body_that_is_no_json_is_400(app: App) {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let bodies: [&[u8]; 12] = [
            b"", b"{", b"{\"name\":}", b"{'name':1}", b"{\"name\":\"a\",\"name\":\"b\"}", b"{} {}", b"\xff\xfe", b"{\"name\":\"\xc3\x28\"}",
            b"{\"name\":\"\\ud800\"}", b"{\"name\":01}", b"NaN", deep.as_bytes(),
        ];
        for body in bodies {
            let request = app.as_admin().send("POST", "/api/v1/programmes").body("application/json", body);
            request.await.refused(400, "request.malformed");
        }
    }

    async fn a_body_of_another_kind_is_415(app: App) {
        let admin = app.as_admin();
        let kinds = ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset = utf-16", "application/json; charset\t=utf-7", "application/jsonx", ""];
        for kind in kinds {
            let request = admin.send("POST", "/api/v1/programmes").body(kind, r#"{"name":"P"}"#);
            request.await.refused(415, "request.unsupported_media_type");
        }
        for kind in ["application/json;charset=UTF-8", "Application/JSON", "application/json; charset=\"utf-8\""] {
            admin.send("POST", "/api/v1/programmes").body(kind, r#"{"name":"P"}"#).await.expect(201);
        }
        let programme = admin.create("programmes", json!({ "name": "P" })).await;
        let patch = |kind: &str| admin.change("programmes", &programme, json!({})).body(kind, "{}");
        patch("application/json").await.expect(200);
        let refused = patch("application/json-patch+json").await.refused(415, "request.unsupported_media_type");
        assert_eq!(refused.header("accept-patch"), "application/merge-patch+json");
    }

    async fn a_compressed_body_is_held_to_the_same_limit(app: App) {
        let admin = app.as_admin();
        let gzip = |text: &str| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory takes it")
        };
        let send = |coding: &str, body: Vec<u8>| {
            admin.send("POST", "/api/v1/programmes").body("application/json", body).header("content-encoding", coding)
        };
        let name = "Sør-Troms";
        let plain = json!({ "name": name }).to_string();
        for coding in ["gzip", "GZIP", "x-gzip"] {
            assert_eq!(send(coding, gzip(&plain)).await.expect(201)["name"], name);
        }
        send("identity", plain.clone().into_bytes()).await.expect(201);
        for coding in ["br", "zstd", "exotic", "gzip, gzip", "aws-chunked", ""] {
            let refused = send(coding, plain.clone().into_bytes()).await.refused(415, "request.unsupported_media_type");
            assert_eq!(refused.header("accept-encoding"), "gzip", "{coding}");
        }
        send("gzip", plain.clone().into_bytes()).await.refused(400, "request.malformed");
        let mut cut = gzip(&plain);
        cut.truncate(cut.len() - 9);
        send("gzip", cut).await.refused(400, "request.malformed");
        let bomb = gzip(&json!({ "name": "x".repeat(1_100_000) }).to_string());
        assert!(bomb.len() < 20_000);
        send("gzip", bomb).await.refused(413, "request.too_large");
    }

    async fn a_body_that_is_too_large_is_413(app: App) {
        let name = "x".repeat(1_100_000);
        let answer = app.as_admin().post("/api/v1/programmes", json!({ "name": name })).await;
        answer.refused(413, "request.too_large");
    }

    async fn an_address_that_is_too_long_is_414(app: App) {
        let answer = app.as_admin().get(&format!("/api/v1/programmes?q={}", "x".repeat(9000))).await;
        answer.refused(414, "request.uri_too_long");
    }

    async fn an_address_that_leads_nowhere_is_404(app: App) {
        for path in ["/", "/api", "/api/v1", "/api/v1/colours", "/api/v1/projects/", "/api/v1/Projects", "/api/v2/projects", "/api/v1/projects/1/colours", "/.env", "/problems/no.such.problem"] {
            app.as_admin().get(path).await.refused(404, "route.not_found");
        }
        app.as_admin().send("TRACE", "/api/v1/projects").await.refused(405, "method.not_allowed");
        app.as_admin().send("BREW", "/api/v1/projects").await.refused(405, "method.not_allowed");
    }

    async fn a_compressed_answer_has_an_entity_tag_of_its_own_that_works(app: App) {
        let admin = app.as_admin();
        let new = json!({ "name": "Næringsvennlig region", "description": "Bedre offentlige tjenester. ".repeat(100) });
        let programme = admin.create("programmes", new).await;
        let address = format!("/api/v1/programmes/{}", programme["id"].as_str().expect("an identifier"));
        let plain = admin.get(&address).await.expect(200);
        for coding in ["gzip", "br", "zstd"] {
            let client = admin.with("accept-encoding", coding);
            let packed = client.get(&address).await.expect(200);
            assert_eq!(packed.header("content-encoding"), coding);
            assert!(packed.bytes.len() < plain.bytes.len() / 2 && packed.etag() != plain.etag(), "{}", packed.etag());
            assert!(packed.headers.get_all("vary").iter().any(|vary| vary.to_str().is_ok_and(|vary| vary.to_lowercase().contains("accept-encoding"))));
            for tag in [plain.etag(), packed.etag()] {
                let same = client.get(&address).if_none_match(&tag).await.expect(304);
                assert!(same.bytes.is_empty());
            }
        }
        let packed = admin.with("accept-encoding", "gzip").get(&address).await.expect(200);
        assert_eq!(unpacked(&packed), plain.json);
        // What was read packed can be changed.
        let change = admin.patch(&address, json!({ "name": "Ny" })).if_match(&packed.etag());
        assert_eq!(change.await.expect(200)["version"], 2);
        let list = admin.with("accept-encoding", "gzip").get("/api/v1/programmes").await.expect(200);
        admin.get("/api/v1/programmes").if_none_match(&list.etag()).await.expect(304);
    }

    async fn a_header_field_is_as_long_as_the_document_says_and_no_longer(app: App) {
        let admin = app.as_admin();
        for (name, most) in bounded() {
            let asked = |length: usize| admin.get("/api/v1/me").header(&name, "x".repeat(length));
            asked(most).await.expect(200);
            asked(most + 1).await.refused(431, "request.headers_too_large");
        }
    }

    async fn a_header_field_that_stands_twice_or_is_no_text_is_400(app: App) {
        let admin = app.as_admin();
        let programme = admin.create("programmes", json!({ "name": "P" })).await;
        let change = || admin.change("programmes", &programme, json!({ "name": "Q" }));
        change().header("x-change-reason", b"\xff\xfe").await.refused(400, "request.malformed");
        change().header("x-change-reason", "x".repeat(1001)).await.refused(400, "request.malformed");
        change().header("x-change-reason", "x".repeat(1000)).await.expect(200);
    }

    async fn what_fails_on_our_side_tells_nothing_of_why(app: App) {
        app.sql("DROP TABLE communication_measures").await;
        let failed = app.as_admin().get("/api/v1/communication-measures").await.refused(500, "server.internal");
        let told = failed.text().to_lowercase();
        for word in ["communication_measures", "table", "sql", "select", "relation", "sea_orm", "sqlx", ".rs", "api/src", "panic"] {
            assert!(!told.contains(word), "{word}: {told}");
        }
        app.as_nobody().get("/healthz").await.expect(200);
    }

    async fn a_problem_has_a_page_that_says_what_to_do(app: App) {
        let problem = app.as_nobody().get("/api/v1/me").await.refused(401, "auth.required");
        let address = problem["type"].as_str().and_then(|kind| kind.split_once("/problems/")).expect("a page").1.to_owned();
        let page = app.as_nobody().get(&format!("/problems/{address}")).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html") && page.text().contains("Authorization: Bearer"), "{page}");
        for code in framdrift::problem::codes::ALL {
            app.as_nobody().get(&format!("/problems/{}", code.name)).await.expect(200);
        }
    }

    async fn operators_are_told_that_it_lives_and_is_ready(app: App) {
        assert_eq!(app.as_nobody().get("/healthz").await.expect(200).json, json!({ "status": "ok" }));
        assert_eq!(app.as_nobody().get("/readyz").await.expect(200).json, json!({ "status": "ready" }));
        for path in ["/healthz", "/readyz", "/.well-known/jwks.json"] {
            let refused = app.as_nobody().post(path, json!({})).await.refused(405, "method.not_allowed");
            assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
        }
    }

    async fn the_document_and_its_page_are_served(app: App) {
        let document = app.as_nobody().get("/openapi.json").await.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["paths"].as_object().map(|paths| paths.len()), support::document::document()["paths"].as_object().map(|paths| paths.len()));
        let page = app.as_nobody().get("/docs/").await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"), "{page}");
        assert!(!page.text().contains("https://") && !page.text().contains("//cdn"), "nothing comes from elsewhere: {page}");
    }
}

fn unpacked(answer: &Answer) -> Value {
    let mut text = String::new();
    GzDecoder::new(answer.bytes.as_slice()).read_to_string(&mut text).expect("a gzip stream");
    serde_json::from_str(&text).expect("JSON")
}

/// Header fields that the document bounds, with their bounds; a reason and a key have rules of their own.
fn bounded() -> Vec<(String, usize)> {
    let document = support::document::document();
    let operations =
        document["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object()).flatten();
    let parameters = operations.filter_map(|(_, operation)| operation["parameters"].as_array()).flatten();
    let parameters =
        parameters.map(|one| one["$ref"].as_str().and_then(|to| document.pointer(&to[1..])).unwrap_or(one));
    let bound = |one: &Value| {
        Some((one["name"].as_str()?.to_owned(), usize::try_from(one["schema"]["maxLength"].as_u64()?).ok()?))
    };
    let mut found: Vec<(String, usize)> = parameters.filter(|one| one["in"] == "header").filter_map(bound).collect();
    found.retain(|(name, _)| !["X-Change-Reason", "Idempotency-Key", "Last-Event-ID"].contains(&name.as_str()));
    found.sort();
    found.dedup();
    assert!(found.len() >= 8, "{found:?}");
    found
}
