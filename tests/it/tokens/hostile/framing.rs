//! What is no compact form of a signed token, or none in the one form that is taken.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::super::misplaced::loose;
use super::{Base, Cases, opened, with, with_padding};

pub fn framing(base: &Base) -> Cases {
    let token = base.token();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("three parts") };
    let padded = |part: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).expect("a part")) + "=";
    let turned: String = signature.chars().rev().collect();
    let last = if signature.ends_with('B') { "C" } else { "B" };
    let bytes = |bytes: &[u8]| base.signer.raw(base.header.to_string().as_bytes(), bytes);
    let deep = format!("{},\"deep\":{}{}}}", opened(&base.claims), "[".repeat(1000), "]".repeat(1000));
    let with_text = |text: &[u8]| [opened(&base.claims).as_bytes(), b",\"x\":\"", text, b"\"}"].concat();
    let mut cases: Cases = [
        ("two parts", format!("{header}.{claims}")),
        ("no signature", format!("{header}.{claims}.")),
        ("four parts", format!("{token}.{signature}")),
        ("five parts", format!("{header}.{claims}.{signature}.{signature}.{signature}")),
        ("one part", (*header).to_owned()),
        ("points only", "..".to_owned()),
        ("a point before", format!(".{token}")),
        ("padding", format!("{header}.{claims}.{}", padded(signature))),
        ("padded claims", format!("{header}.{}.{signature}", padded(claims))),
        ("the other alphabet", format!("{}.{claims}.{signature}", STANDARD.encode("{\"alg\":\"???>>>\"}"))),
        ("a blank inside", format!("{header}. {claims}.{signature}")),
        ("a tab inside", format!("{header}.{claims}\t.{signature}")),
        ("two tokens", format!("{token} {token}")),
        ("two tokens with a comma", format!("{token},{token}")),
        ("quotes", format!("\"{token}\"")),
        ("JSON serialisation", json!({ "protected": header, "payload": claims, "signature": signature }).to_string()),
        ("signature turned round", format!("{header}.{claims}.{turned}")),
        ("signature cut", format!("{header}.{claims}.{}", &signature[..signature.len() - 4])),
        ("signature with more", format!("{token}AAAA")),
        ("signature with another end", format!("{header}.{claims}.{}{last}", &signature[..signature.len() - 2])),
        ("signature with loose bits", loose(&token)),
        ("header with loose bits", base.signer.signed(&format!("{}.{claims}", slack(&base.header)))),
        ("claims with loose bits", base.signer.signed(&format!("{header}.{}", slack(&base.claims)))),
        (
            "encrypted",
            format!(
                "{}.AAAA.AAAAAAAAAAAAAAAA.{claims}.{signature}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM"}"#)
            ),
        ),
        ("percent-encoded", token.replace('.', "%2E")),
        (
            "with the letters of the other alphabet",
            format!("{header}.{claims}.{}", padded(signature).replace('-', "+").replace('_', "/")),
        ),
        ("another sign between", token.replace('.', ":")),
        ("wide points", token.replace('.', "\u{ff0e}")),
        ("a blank that is none behind", format!("{token}\u{a0}")),
        ("header and claims exchanged", base.signer.signed(&format!("{claims}.{header}"))),
        ("the header twice", base.signer.signed(&format!("{header}.{header}"))),
        ("the signature of the claims alone", format!("{header}.{}", base.signer.signed(claims))),
        (
            "claims in UTF-16",
            bytes(&base.claims.to_string().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        ),
        ("claims with a remark", bytes(format!("/* */{}", base.claims).as_bytes())),
        ("claims in the quotes of another language", bytes(base.claims.to_string().replace('"', "'").as_bytes())),
        ("claims with a comma behind", bytes(format!("{},}}", opened(&base.claims)).as_bytes())),
        ("zero signature", format!("{header}.{claims}.{}", "A".repeat(signature.len()))),
        (
            "claims changed",
            format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(with(&base.claims, "x", "y").to_string())),
        ),
        (
            "header changed",
            format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(with(&base.header, "x5t", "y").to_string())),
        ),
        ("lower case", token.to_lowercase()),
        ("upper case", token.to_uppercase()),
        ("nested too deep", bytes(deep.as_bytes())),
        ("claims of no UTF-8", bytes(&with_text(&[0xff, 0xfe]))),
        ("claims with a lone surrogate", bytes(&with_text(br"\ud800"))),
        ("claims with U+0000", bytes(&with_text(br"\u0000"))),
        ("claims with a byte order mark", bytes(&["\u{feff}".as_bytes(), base.claims.to_string().as_bytes()].concat())),
        ("claims in a list", bytes(json!([base.claims]).to_string().as_bytes())),
        ("claims as text", bytes(Value::String(base.claims.to_string()).to_string().as_bytes())),
        ("claims empty", bytes(b"")),
        ("claims with more behind", bytes(format!("{}{}", base.claims, base.claims).as_bytes())),
        (
            "a number that is none",
            bytes(base.claims.to_string().replacen("\"exp\":", "\"exp\":NaN,\"e\":", 1).as_bytes()),
        ),
        (
            "header in a list",
            base.signer.raw(json!([base.header]).to_string().as_bytes(), base.claims.to_string().as_bytes()),
        ),
        ("too long", with_padding(base, 7000)),
        ("much too long", with_padding(base, 9_500)),
        ("nonsense", "nonsense".to_owned()),
    ]
    .map(|(name, token)| (name.to_owned(), token))
    .into();
    cases
        .push(("a token in a token".to_owned(), base.signer.raw(base.header.to_string().as_bytes(), token.as_bytes())));
    cases
}

/// A part of a token in letters that stand for the same bytes and are not the ones that an encoder writes.
fn slack(part: &Value) -> String {
    let mut bytes = part.to_string().into_bytes();
    // Whole groups of three leave no bits over.
    while bytes.len().is_multiple_of(3) {
        bytes.push(b' ');
    }
    loose(&URL_SAFE_NO_PAD.encode(bytes))
}
