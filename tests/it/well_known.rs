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

    async fn programs_find_out_by_themselves(app: App) {
        let base = format!("http://{}", app.address);
        let resource = app.as_nobody().get("/.well-known/oauth-protected-resource").await.expect(200);
        assert_eq!((&resource["resource"], &resource["authorization_servers"]), (&json!(base), &json!([base])), "{resource}");
        app.as_nobody().get(&path(&base, &resource["jwks_uri"])).await.expect(200);
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
