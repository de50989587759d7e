//! `GET /projects/{id}/catalogue`: the project as an entry of a data catalogue, in JSON-LD by DCAT-AP-NO.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use entity::organisations;
use serde_json::{Map, Value, json};

use super::publisher;
use crate::domain::Picture;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::reports::answered;

/// JSON-LD.
const MEDIA_TYPE: &str = "application/ld+json";
const LICENCE: &str = "http://publications.europa.eu/resource/authority/licence/NLOD_2_0";

/// Answers the entry.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let base = call.shared.public_url.clone();
    let mut response = answered(&call, |_, picture| of(picture, &base)).await?;
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    }
    Ok(response)
}

fn of(picture: &Picture, base: &str) -> Value {
    let Some(project) = picture.project() else { return Value::Null };
    let address = format!("{base}/api/v1/projects/{}", project.id);
    let agent = publisher(picture).map(agent);
    let contact = publisher(picture).map(contact);
    let described = |text: &str| json!([{ "@value": text, "@language": "nb" }]);
    let about = project.purpose.clone().unwrap_or_else(|| format!("Prosjektet {}", project.name));
    let distribution = |name: &str, media: &str, title: &str| {
        json!({
            "@id": format!("{address}/{name}"), "@type": "dcat:Distribution",
            "dct:title": described(title),
            "dcat:accessURL": { "@id": format!("{address}/{name}") },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{media}") },
            "dct:license": { "@id": LICENCE },
        })
    };
    let mut dataset = json!({
        "@id": format!("{address}/catalogue#dataset"), "@type": "dcat:Dataset",
        "dct:identifier": project.id,
        "dct:title": described(&project.name),
        "dct:description": described(&about),
        "dcat:theme": [{ "@id": "http://publications.europa.eu/resource/authority/data-theme/ECON" }],
        "dct:accessRights": { "@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC" },
        "dct:modified": { "@value": project.updated_at, "@type": "xsd:dateTime" },
        "dcat:distribution": [
            distribution("oc4ids", "application/json", "Prosjektet som åpne data (OC4IDS)"),
            distribution("public-journal", "application/json", "Offentlig journal"),
            distribution("public-journal?format=csv", "text/csv", "Offentlig journal (CSV)"),
        ],
    });
    if let Some(temporal) = temporal(project) {
        dataset["dct:temporal"] = temporal;
    }
    if let Some(region) = picture.regions.iter().find(|region| Some(region.id) == project.region_id) {
        dataset["dct:spatial"] = json!({ "@type": "dct:Location", "skos:prefLabel": region.name });
    }
    let service = json!({
        "@id": format!("{address}/catalogue#service"), "@type": "dcat:DataService",
        "dct:title": described("Framdrift"),
        "dcat:endpointURL": { "@id": format!("{base}/api/v1") },
        "dcat:endpointDescription": { "@id": format!("{base}/openapi.json") },
        "dcat:servesDataset": { "@id": format!("{address}/catalogue#dataset") },
    });
    let mut catalogue = json!({
        "@context": context(),
        "@id": format!("{address}/catalogue"), "@type": "dcat:Catalog",
        "dct:title": described(&project.name),
        "dct:description": described(&about),
    });
    let mut parts = [dataset, service];
    for part in parts.iter_mut().chain([&mut catalogue]) {
        for (name, value) in [("dct:publisher", &agent), ("dcat:contactPoint", &contact)] {
            if let Some(value) = value {
                part[name] = value.clone();
            }
        }
    }
    let [dataset, service] = parts;
    catalogue["dcat:dataset"] = json!([dataset]);
    catalogue["dcat:service"] = json!([service]);
    catalogue
}

fn context() -> Value {
    json!({
        "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
        "vcard": "http://www.w3.org/2006/vcard/ns#", "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

fn agent(organisation: &organisations::Model) -> Value {
    let mut agent = json!({ "@type": "foaf:Agent", "foaf:name": organisation.name });
    if let Some(number) = &organisation.org_number {
        agent["@id"] =
            format!("https://organization-catalog.fellesdatakatalog.digdir.no/organizations/{number}").into();
        agent["dct:identifier"] = json!(number);
    }
    agent
}

/// The organisation's own address, never a person's.
fn contact(organisation: &organisations::Model) -> Value {
    let mut contact = json!({ "@type": "vcard:Organization", "vcard:fn": organisation.name });
    if let Some(email) = &organisation.email {
        contact["vcard:hasEmail"] = json!({ "@id": format!("mailto:{email}") });
    }
    if let Some(website) = &organisation.website {
        contact["vcard:hasURL"] = json!({ "@id": website });
    }
    contact
}

fn temporal(project: &entity::projects::Model) -> Option<Value> {
    let mut period = Map::new();
    for (name, on) in [("dcat:startDate", project.starts_on), ("dcat:endDate", project.ends_on)] {
        if let Some(on) = on {
            period.insert(name.to_owned(), json!({ "@value": on, "@type": "xsd:date" }));
        }
    }
    if period.is_empty() {
        return None;
    }
    period.insert("@type".to_owned(), "dct:PeriodOfTime".into());
    Some(period.into())
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let schema = json!({
        "type": "object",
        "required": ["@context", "@id", "@type"],
        "properties": {
            "@context": { "type": "object", "description": "The vocabularies." },
            "@id": { "type": "string", "maxLength": 2000 },
            "@type": { "type": "string", "maxLength": 40 },
        },
        "additionalProperties": true
    });
    let example = json!({
        "@context": context(), "@id": "https://framdrift.example/api/v1/projects/015ec5c8-6c00-700b-8000-000000000002/catalogue",
        "@type": "dcat:Catalog", "dct:title": [{ "@value": "Næringsvennlig region", "@language": "nb" }],
    });
    About::new("getProjectCatalogue", "Exchange", "Show a project as an entry of a data catalogue")
        .more(
            "JSON-LD by DCAT-AP-NO: a catalogue with one dataset (the project), how it can be had (`oc4ids`, `public-journal`) under \
             NLOD 2.0, and the service behind it. Publisher and contact are the organisation that commissioned the project, else its \
             first owner; people are not named.",
        )
        .dated()
        .answers_value(200, "The entry", MEDIA_TYPE, schema, example)
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
