//! What each issuer's own rules refuse: RFC 9068, Maskinporten's form of organisations, ID-porten's levels.

use chrono::Utc;
use serde_json::{Value, json};

use super::{Base, Cases, with_raw};

pub fn own(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for name in ["sub", "client_id", "jti", "sid"] {
        cases.push((format!("no {name}"), base.without(name)));
        cases.push((format!("{name} null"), base.claimed(name, Value::Null)));
        cases.push((format!("{name} a number"), base.claimed(name, json!(1))));
        cases.push((format!("{name} empty"), base.claimed(name, json!(""))));
        if name != "jti" {
            let another = json!("0190e0a0-0000-7000-8000-000000000000");
            cases.push((format!("{name} another"), base.claimed(name, another)));
        }
    }
    for typ in ["JWT", "at+jwt ", "id+jwt", "application/jwt", "client-authentication+jwt", ""] {
        cases.push((format!("typ {typ:?}"), base.headed("typ", typ.into())));
    }
    let mut header = base.header.clone();
    header.as_object_mut().expect("a header").remove("typ");
    cases.push(("no typ".to_owned(), base.signer.token(&header, &base.claims)));
    cases.push(("a client with a session".to_owned(), base.claimed("client_id", base.claims["sub"].clone())));
    cases.push(("a user with scopes".to_owned(), base.claimed("scope", json!("framdrift:read"))));
    cases.push(("a user with a client's secret".to_owned(), base.claimed("cred", json!("secret:1"))));
    cases.push(("several audiences".to_owned(), base.claimed("aud", json!(["https://framdrift.example"]))));
    cases.push(("exp with a fraction".to_owned(), base.claimed("exp", json!(Utc::now().timestamp() as f64 + 60.5))));
    cases
}

pub fn consumers(base: &Base) -> Cases {
    let of = |authority: &str, id: &str| json!({ "authority": authority, "ID": id });
    let mut cases = Cases::new();
    for name in ["consumer", "client_id", "scope", "jti"] {
        cases.push((format!("no {name}"), base.without(name)));
        cases.push((format!("{name} null"), base.claimed(name, Value::Null)));
        cases.push((format!("{name} a number"), base.claimed(name, json!(1))));
    }
    const AUTHORITY: &str = "iso6523-actorid-upis";
    for wrong in [
        json!("0192:959469881"),
        json!([of(AUTHORITY, "0192:959469881")]),
        json!({}),
        json!({ "ID": "0192:959469881" }),
        json!({ "authority": AUTHORITY }),
        of("iso6523-actorid", "0192:959469881"),
        of("", "0192:959469881"),
        of(AUTHORITY, "959469881"),
        of(AUTHORITY, "0192"),
        of(AUTHORITY, "0192:"),
        of(AUTHORITY, "9908:959469881"),
        of(AUTHORITY, "0088:959469881"),
        of(AUTHORITY, "0192:959469880"),
        of(AUTHORITY, "0192:95946988"),
        of(AUTHORITY, "0192:9594698810"),
        of(AUTHORITY, "0192: 959469881"),
        of(AUTHORITY, "0192:959469881:a:b:c"),
        of(AUTHORITY, "0192:NO959469881"),
        of(AUTHORITY, "0192:９５９４６９８８１"),
        of(AUTHORITY, ":959469881"),
        json!({ "authority": AUTHORITY, "ID": 959_469_881 }),
        json!({ "authority": AUTHORITY, "id": "0192:959469881" }),
    ] {
        cases.push((format!("consumer {wrong}"), base.claimed("consumer", wrong)));
    }
    let written = |id: &str| with_raw(base, &format!("\"supplier\":{{\"authority\":\"{AUTHORITY}\",{id}}}"));
    cases.push((
        "a supplier with two numbers".to_owned(),
        written("\"ID\":\"0192:959469881\",\"ID\":\"0192:864993982\""),
    ));
    cases.push((
        "a supplier with two numbers, escaped".to_owned(),
        written("\"ID\":\"0192:959469881\",\"\\u0049D\":\"0192:1\""),
    ));
    for other in [json!("0192:959469881"), json!([]), json!({}), of(AUTHORITY, "9908:959469881")] {
        cases.push((format!("supplier {other}"), base.claimed("supplier", other)));
    }
    cases.push(("supplier without a number".to_owned(), base.claimed("supplier", of(AUTHORITY, "0192:1"))));
    cases.push(("supplier null".to_owned(), base.claimed("supplier", Value::Null)));
    cases.push(("token_type of another kind".to_owned(), base.claimed("token_type", json!("DPoP"))));
    cases
}

pub fn people(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for name in ["sub", "acr"] {
        cases.push((format!("no {name}"), base.without(name)));
        for wrong in [Value::Null, json!(1), json!(""), json!(["kari"]), json!({ "kari": true })] {
            cases.push((format!("{name} {wrong}"), base.claimed(name, wrong)));
        }
    }
    for low in ["idporten-loa-low", "Level4", "idporten-loa-high "] {
        cases.push((format!("acr {low}"), base.claimed("acr", low.into())));
    }
    cases.push(("token_type of another kind".to_owned(), base.claimed("token_type", json!("N_A"))));
    cases
}
