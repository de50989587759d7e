//! What others look for at addresses that are the same everywhere.

use serde_json::json;
use support::{Beside, both};

both! {
    async fn contacts_for_vulnerabilities_are_those_of_the_configuration(app: App) {
        app.as_nobody().get("/.well-known/security.txt").await.refused(404, "route.not_found");
        let beside = Beside::start_with(app.engine, |config| {
            let contacts = ["mailto:security@framdrift.example", "https://framdrift.example/security"];
            config.security_contacts = contacts.map(|contact| contact.parse().expect("a contact")).to_vec();
            config.public_url = Some("https://framdrift.example".to_owned());
        }).await;
        let told = beside.app.as_nobody().get("/.well-known/security.txt").await.expect(200);
        assert_eq!(told.header("content-type"), "text/plain; charset=utf-8");
        let text = told.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["Contact: mailto:security@framdrift.example", "Contact: https://framdrift.example/security"]);
        let until = lines.iter().find_map(|line| line.strip_prefix("Expires: ")).expect("RFC 9116 § 2.5.5");
        let until: chrono::DateTime<chrono::Utc> = until.parse().expect("an instant");
        let days = (until - chrono::Utc::now()).num_days();
        assert!((88..=90).contains(&days), "{until}");
        assert!(lines.contains(&"Canonical: https://framdrift.example/.well-known/security.txt"), "{text}");
        beside.end().await;
    }

    async fn a_refusal_says_where_it_is_said_who_issues_tokens(app: App) {
        let metadata = format!("resource_metadata=\"http://{}/.well-known/oauth-protected-resource\"", app.address);
        let nobody = app.as_nobody();
        let none = nobody.get("/api/v1/me").await.refused(401, "auth.required");
        assert_eq!(none.header("www-authenticate"), format!("Bearer {metadata}"));
        let wrong = nobody.with_token("nonsense".to_owned()).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        assert_eq!(wrong.header("www-authenticate"), format!("Bearer error=\"invalid_token\", {metadata}"));
        let world = app.world().await;
        let short = world.as_machine(&["framdrift:status"]).await.get("/api/v1/activities").await.expect(403);
        let said = format!("Bearer error=\"insufficient_scope\", scope=\"framdrift:read\", {metadata}");
        assert_eq!(short.header("www-authenticate"), said);
        // A client that proves itself otherwise is told that, and nothing of tokens.
        let form = nobody.send("POST", "/oauth/token").body("application/x-www-form-urlencoded", "grant_type=client_credentials");
        assert_eq!(form.await.expect(401).header("www-authenticate"), "Basic realm=\"framdrift\"");
    }

    async fn programs_find_out_by_themselves(app: App) {
        let base = format!("http://{}", app.address);
        let resource = app.as_nobody().get("/.well-known/oauth-protected-resource").await.expect(200);
        assert_eq!((&resource["resource"], &resource["authorization_servers"]), (&json!(base), &json!([base])), "{resource}");
        app.as_nobody().get(&path(&base, &resource["jwks_uri"])).await.expect(200);
        assert_eq!(resource["scopes_supported"].as_array().map(Vec::len), Some(5), "{resource}");
        assert_eq!(resource["scopes_supported"][0], "framdrift:status");
        let catalogue = app.as_nobody().get("/.well-known/api-catalog").await.expect(200);
        let kind = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
        assert_eq!(catalogue.header("content-type"), kind);
        let head = app.as_nobody().send("HEAD", "/.well-known/api-catalog").await.expect(200);
        assert!(head.header("link").contains("rel=\"api-catalog\""), "RFC 9727 § 3");
        let links = &catalogue["linkset"][0];
        assert_eq!(links["anchor"], format!("{base}/api/v1"));
        for relation in ["service-desc", "service-doc", "status"] {
            app.as_nobody().get(&path(&base, &links[relation][0]["href"])).await.expect(200);
        }
    }
}

fn path(base: &str, address: &serde_json::Value) -> String {
    let address = address.as_str().expect("an address");
    address.strip_prefix(base).unwrap_or_else(|| panic!("{address} is not below {base}")).to_owned()
}
