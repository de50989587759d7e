//! Text as it comes: kept as it was meant, the same on both engines, and nothing hidden in it.

use serde_json::json;
use support::both;

/// What shows nothing, turns the direction, or ends the text for somebody.
const HIDDEN: [&str; 23] = [
    "\\u0000",
    "\\u0007",
    "\\u001b",
    "\\u007f",
    "\\u0085",
    "\\u061c",
    "\\u200b",
    "\\u200c",
    "\\u200d",
    "\\u200e",
    "\\u200f",
    "\\u2028",
    "\\u202a",
    "\\u202e",
    "\\u2060",
    "\\u2066",
    "\\u2069",
    "\\ufeff",
    "\\udb40\\udc41",
    "\\ufdd0",
    "\\ufffe",
    "\\uffff",
    "\\ud83f\\udffe",
];

both! {
    async fn what_is_hidden_in_a_text_is_refused_wherever_it_comes(app: App) {
        let admin = app.as_admin();
        for hidden in HIDDEN {
            let body = format!("{{\"name\":\"Lavan{hidden}gen\"}}");
            admin.send("POST", "/api/v1/programmes").body("application/json", body).await.refused(400, "request.malformed");
            let member = format!("{{\"name\":\"Lavangen\",\"a{hidden}b\":1}}");
            admin.send("POST", "/api/v1/programmes").body("application/json", member).await.refused(400, "request.malformed");
            let text: String = serde_json::from_str(&format!("\"{hidden}\"")).expect("a text");
            let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            admin.get(&format!("/api/v1/programmes?q=a{percent}b")).await.refused(400, "request.invalid_parameter");
            admin.get(&format!("/api/v1/programmes?name=a{percent}b")).await.refused(400, "request.invalid_parameter");
        }
        let lone = admin.send("POST", "/api/v1/programmes").body("application/json", "{\"name\":\"\\ud800\"}");
        lone.await.refused(400, "request.malformed");
        assert!(admin.get("/api/v1/programmes").await.expect(200).items().is_empty(), "nothing was written");
    }

    async fn one_text_written_in_two_ways_is_one_text(app: App) {
        let admin = app.as_admin();
        let (composed, decomposed) = ("Skånland og Bjerkvik", "Ska\u{30a}nland og Bjerkvik");
        let made = admin.create("programmes", json!({ "name": decomposed })).await;
        assert_eq!(made["name"], composed);
        for asked in [composed, decomposed] {
            let percent: String = asked.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for filter in ["q", "name"] {
                let found = admin.get(&format!("/api/v1/programmes?{filter}={percent}")).await.expect(200);
                assert_eq!(found.items().len(), 1, "{filter}={asked}");
            }
        }
        let other = admin.post("/api/v1/organisations", json!({ "name": "A", "kind": "municipality", "orgNumber": "９７４７９３３７７" })).await;
        other.faulted("/orgNumber", "");
    }

    async fn what_people_write_comes_back_as_it_was(app: App) {
        let admin = app.as_admin();
        let texts = [
            "Næringsvennlig region – «forprosjekt»", "Loabát, Čáhcesuolu, Ŋ ŧ đ", "👩\u{200d}🌾 🏳\u{fe0f}\u{200d}🌈", "a\u{301}\u{302}\u{303}", "עברית", "ﬁ ﬂ ①", "İ ı I i",
            "'; DROP TABLE programmes; --", "%_\\ \" ' ` $1 {0} %s ${7*7} <script>", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "e\u{301}e\u{301}e\u{301}",
        ].map(str::to_owned);
        for text in texts {
            let made = admin.create("programmes", json!({ "name": text })).await;
            let read = admin.read("programmes", &made).await;
            let told: String = serde_json::from_value(read["name"].clone()).expect("a text");
            assert_eq!(told, normal(&text), "{text}");
        }
        // Signs that mean something to a search are no more than signs.
        for (sign, count) in [("%25", 1), ("_", 1), ("%5C", 1)] {
            let found = admin.get(&format!("/api/v1/programmes?q={sign}&count=true")).await.expect(200);
            assert!(found["total"].as_i64().is_some_and(|total| total <= count), "{sign}: {found}");
        }
    }
}

/// What of these texts changes when it is normalised: a letter and its mark become one.
fn normal(text: &str) -> String {
    text.replace("a\u{301}", "á").replace("e\u{301}", "é")
}
