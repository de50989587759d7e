//! What the document says of the service as a whole: what it is, for whom, under which rules.

use serde_json::{Map, Value, json};

use super::standard::Words;
use crate::access::scope;
use crate::routes;

const ABOUT: &str = "\
Framdrift runs inter-municipal development projects by the PLP method: a pre-study, a pre-project and a main project, with \
milestones that are states reached, decision points where the owners decide to go on, and a plan that is checked for what \
does not fit together. It is for those who build on it: frontends, the observer who asks how a project is doing, and the \
systems of municipalities.

## First steps

`framdrift demo` starts the service with a real project in it and prints a login. Get a token at `POST /api/v1/auth/login`, \
send it as `Authorization: Bearer …`, and ask `GET /api/v1/projects/{id}/status`: one call says where the project stands.

## Rules that hold everywhere

- **Names.** Fields are camelCase, codes are snake_case and never translated; `GET /api/v1/code-lists` has their labels. Dates \
  end in `On` (`YYYY-MM-DD`), instants in `At` (RFC 3339, UTC, milliseconds). Money is whole øre, full-time equivalents are exact to two \
  decimals. What is not known is `null`, never 0.
- **Unknown is an error.** A parameter, field, sort key or code that is not known is refused with 400 or 422, and the answer names \
  what is allowed. Nothing is ignored, clamped or filtered in silence.
- **Lists.** `limit` records a page (50 unless asked, at most 200); send `next` back as `cursor` with the same sort and filters. A \
  filter takes several values separated by commas, and `null` for what is not known (`\\,` is a comma in a value, `\\null` the word \
  as text); a repeated parameter is a list too. `.gte` and `.lte` are inclusive. Nulls \
  come last in both directions, and text is in Norwegian order.
- **Spreadsheets.** Every list and most reports also come as CSV and XLSX, by `Accept` or `?format=csv`, with the same filters, \
  fields, pages (`Link: rel=next`) and rights. CSV is for programs: codes, ISO dates, compact JSON where something is nested. XLSX \
  is for people: labels, real dates and numbers, readable text. Both have headings in the caller's language, amounts in kroner, \
  yes or no in words, and an empty cell for what is not known.
- **Changes.** A record's `ETag` is its version. `PATCH` and `DELETE` need it in `If-Match`: 428 without it, 412 when somebody else was \
  first. A change is a JSON merge patch (RFC 7396): an absent field stays, `null` clears it where it may be null, a \
  value replaces. Lists are replaced whole.
- **Retries.** Send an `Idempotency-Key` with a `POST`: the same key and body get the same answer for 24 hours.
- **Problems.** Every error is a problem document (RFC 9457) with a stable `code`, a JSON pointer to each fault, and a page at its \
  `type`. A record that is not yours to see is 404, like one that does not exist.
- **Text** is UTF-8 and kept in NFC. Control characters, noncharacters, zero-width characters and direction marks are refused \
  with 400.
- **Limits.** An address has at most 8 KiB (414), a token 8 KiB (401), the header fields together 16 KiB (431), a JSON body 1 MiB and \
  a project document 32 MiB (413), nested at most 127 deep, an object 1000 members (400). A body may come with \
  `Content-Encoding: gzip`, and is held to its limit as it unfolds; another coding is 415. A body has ten seconds and one more for each 64 KiB (408). What \
  cannot be read as HTTP is refused before any of these rules, with an empty body (400, 408, 431).
- **Rates.** A caller has 600 requests a minute, and 60 of the expensive ones (workbooks, whole projects, many projects, the past, \
  imports, batches), unless the service is set otherwise; without a token, those of one network have them together. `RateLimit` \
  says with every answer how many are left; then it is 429 with `Retry-After`. 304 is free. When too many expensive requests are \
  worked on it is 503 with `Retry-After`.
- Every `GET` also answers `HEAD`, and every address `OPTIONS`; another method is 405 with `Allow`.";

/// `info`.
#[must_use]
pub fn info() -> Value {
    json!({
        "title": "Framdrift",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Inter-municipal development projects over HTTP",
        "description": ABOUT,
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
}

/// `servers`: the one that the document comes from.
#[must_use]
pub fn servers() -> Value {
    json!([{ "url": "/", "description": "The service that this document comes from: production, staging or local", "x-internal": false }])
}

/// How a caller shows who it is.
#[must_use]
pub fn security_schemes() -> Value {
    let scopes: Map<String, Value> =
        scope::ALL.into_iter().map(|one| (scope::code(one).to_owned(), scope::about(one).into())).collect();
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token from `POST /api/v1/auth/login`, renewed at `POST /oauth/token`. It is a JWT (RFC 9068) \
                            signed with EdDSA, made and checked by the rules of RFC8725: algorithm, issuer, audience and times are \
                            pinned. The public keys are at `/.well-known/jwks.json`. A service may take tokens of other issuers \
                            (ID-porten, Entra), by its configuration."
        },
        "machine": {
            "type": "oauth2",
            "description": "A token of a machine client, from `POST /oauth/token` with its secret or by `private_key_jwt`; or of Maskinporten, \
                            whose scopes the configuration maps to these. The machine may what its organisation may as a party, narrowed by \
                            its scopes; of the alternatives that an operation names, one is enough.",
            "flows": { "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": scopes } }
        }
    })
}

/// The groups of operations: what most callers ask first, then the records, then what operators ask.
#[must_use]
pub fn tags() -> Vec<Value> {
    let tag = |name: &str, about: &str| json!({ "name": name, "description": about });
    let mut tags = vec![
        tag("Access", "Logging in, tokens, and who the caller is."),
        tag("Reports", "One request each, for people who want to know how it goes; nothing is changed by them."),
        tag("Economy", "What a project costs, who pays and who bears how much, in sum."),
        tag("Calendar links", "Secret addresses for programs that cannot send a token."),
        tag("Exchange", "A whole project as one document, out and in."),
        tag("Events", "What happens, as it happens: the feed to follow, and what webhooks bring."),
    ];
    tags.extend(routes::resources().iter().map(|resource| tag(&Words::of(resource.facts).tag, &resource.facts.about)));
    tags.push(tag("Operations", "Health, keys and documentation, for those who run the service or build on it."));
    tags
}
