//! Three projects, who walks through them, and who may see what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use framdrift::access::Area;
use framdrift::facts::{self, Facts, Field, Kind};
use framdrift::routes;
use serde_json::{Value, json};
use support::{Answer, App, Client, Role, World};

use super::steps::{Ask, Dice};

/// What stands in the text of a project, with its number after it.
pub const CANARY: &str = "kanarifugl";

/// What somebody may become where the administrator puts it.
const ROLES: [Role; 10] = [
    Role::Manager,
    Role::Executive,
    Role::SteeringMember,
    Role::Deputy,
    Role::GroupMember,
    Role::MunicipalOfficer,
    Role::Observer,
    Role::ReferenceMember,
    Role::ProgrammeManager,
    Role::ProgrammeObserver,
];

/// A project with what is in it.
pub struct Tenant {
    /// The project.
    pub world: World,
    /// Every record of the project that is nobody else's to know: collection and identifier.
    pub records: Vec<(&'static str, String)>,
    /// A valid body for a new record of each collection.
    pub bodies: BTreeMap<&'static str, Value>,
}

/// Somebody who walks.
pub struct Walker {
    /// What it is called in a failure.
    pub name: String,
    /// It, logged in.
    pub client: Client,
    /// The person; null for a machine, which nobody moves.
    person: Value,
    /// By project: the collection and the record that let it take part.
    seats: BTreeMap<usize, (&'static str, Value)>,
}

/// What there is, and who may see it.
pub struct Model {
    /// The projects.
    pub tenants: Vec<Tenant>,
    /// Who walks.
    pub walkers: Vec<Walker>,
    /// Whose an identifier is.
    owners: HashMap<String, usize>,
    /// Who was answered under which key.
    answered: BTreeSet<(usize, String)>,
}

impl Model {
    /// Three projects, and eight who walk: in one of them, in two, in none; a machine, and somebody who was shut out.
    pub async fn new(app: &App) -> Self {
        let mut tenants = Vec::new();
        for number in 0..3 {
            tenants.push(tenant(app, number).await);
        }
        let walkers = vec![
            walker(&tenants, "manager of 0", &[(0, Role::Manager)]).await,
            walker(&tenants, "officer of 0", &[(0, Role::MunicipalOfficer)]).await,
            walker(&tenants, "observer of 1", &[(1, Role::Observer)]).await,
            walker(&tenants, "programme manager of 1", &[(1, Role::ProgrammeManager)]).await,
            walker(&tenants, "group member of 2", &[(2, Role::GroupMember)]).await,
            walker(&tenants, "executive of 2, observer of 0", &[(2, Role::Executive), (0, Role::Observer)]).await,
            walker(&tenants, "stranger", &[]).await,
            machine(&tenants, 1).await,
        ];
        let of = |(number, tenant): (usize, &Tenant)| {
            tenant.records.iter().map(|(_, id)| (id.clone(), number)).collect::<Vec<_>>()
        };
        let owners = tenants.iter().enumerate().flat_map(of).collect();
        Self { tenants, walkers, owners, answered: BTreeSet::new() }
    }

    /// Everybody gets a new token; a machine gives way to another one like it.
    pub async fn renew(&mut self, app: &App) {
        app.renew_admin().await;
        for at in 0..self.walkers.len() {
            self.walkers[at].client = if self.walkers[at].person.is_object() {
                app.renewed(&self.walkers[at].client).await
            } else {
                machine(&self.tenants, 1).await.client
            };
        }
    }

    /// The administrator takes somebody's seat away, or gives it one somewhere: that holds from the next request on.
    pub async fn move_somebody(&mut self, dice: &mut Dice) {
        let people: Vec<usize> = (0..self.walkers.len()).filter(|who| self.walkers[*who].person.is_object()).collect();
        let (who, number) = (*dice.of(&people), dice.below(self.tenants.len()));
        let world = &self.tenants[number].world;
        let walker = &mut self.walkers[who];
        match walker.seats.remove(&number) {
            Some((collection, seat)) => {
                let id = text(&seat["id"]);
                let at = format!("/api/v1/{collection}/{id}");
                world.as_admin().delete(&at).if_match("*").await.expect(204);
                self.owners.remove(id);
            }
            None => {
                let role = *dice.of(&ROLES);
                let seat = world.give(role, &walker.person).await;
                walker.seats.insert(number, (collection_of(role), seat));
            }
        }
    }

    /// Whether somebody takes part in a project today.
    pub fn sees(&self, who: usize, tenant: usize) -> bool {
        self.walkers[who].seats.contains_key(&tenant)
    }

    /// How much of its own somebody met in an answer.
    ///
    /// # Errors
    /// With what it met of a project that it takes no part in, beyond what it asked with.
    pub fn judge(&self, who: usize, ask: &Ask, answer: &Answer) -> Result<usize, String> {
        let walker = &self.walkers[who];
        // Its own answer from before, word by word: for a day that is so, whatever it has become since.
        let replayed = answer.header("idempotent-replayed") == "true";
        if replayed && ask.key().is_some_and(|key| self.answered.contains(&(who, key.to_owned()))) {
            return Ok(0);
        }
        let (asked, told) = (ask.text(), said(answer));
        let met = self.words(&told);
        if let Some((word, owner)) = met.iter().find(|(word, owner)| !self.sees(who, *owner) && !asked.contains(word)) {
            return Err(format!("{} met {word} of project {owner} in {answer}", walker.name));
        }
        // What is another's is not there, whatever one would do with it; what no scope, or not this one, lets a machine
        // do is refused before anything is looked for.
        let machine = walker.person.is_null() && answer.status == 403;
        let scopes =
            machine && (answer["code"] == "access.insufficient_scope" || ask.path.starts_with("/api/v1/webhooks"));
        let away = matches!(answer.status, 400 | 404 | 405) || scopes;
        let anothers = |owner: &usize| !self.sees(who, *owner);
        if let Some(owner) = ask.at.as_ref().and_then(|id| self.owners.get(id)).filter(|owner| anothers(owner))
            && !away
        {
            return Err(format!("{} reached what is of project {owner}: {answer}", walker.name));
        }
        if let Some(owner) = ask.into.filter(|owner| anothers(owner) && answer.status < 400) {
            return Err(format!("{} wrote into project {owner}: {answer}", walker.name));
        }
        Ok(met.iter().filter(|(_, owner)| self.sees(who, *owner)).count())
    }

    /// Identifiers and canaries of the projects in a text, and whose they are.
    fn words<'a>(&'a self, told: &'a str) -> Vec<(&'a str, usize)> {
        let bytes = told.as_bytes();
        let mut found = Vec::new();
        for (dash, _) in told.match_indices('-') {
            let Some(at) = dash.checked_sub(8) else { continue };
            if [13, 18, 23].iter().all(|place| bytes.get(at + place) == Some(&b'-'))
                && let Some(word) = told.get(at..at + 36)
                && let Some(owner) = self.owners.get(word)
            {
                found.push((word, *owner));
            }
        }
        for (at, _) in told.match_indices(CANARY) {
            let end = at + CANARY.len() + 1;
            let number = told.get(end - 1..end).and_then(|digit| digit.parse::<usize>().ok());
            found.extend(number.and_then(|number| Some((told.get(at..end)?, number))));
        }
        found
    }

    /// What was made is somebody's from now on.
    pub fn learn(&mut self, who: usize, ask: &Ask, answer: &Answer) {
        self.answered.extend(ask.key().filter(|_| answer.status == 201).map(|key| (who, key.to_owned())));
        let (Some(owner), 201, Some(id)) = (ask.into, answer.status, answer["id"].as_str()) else { return };
        let collection = ask.path.trim_start_matches("/api/v1/").split(['/', '?']).next().unwrap_or_default();
        if let Some(facts) = facts::by_path(collection).filter(|facts| ours(facts)) {
            self.owners.insert(id.to_owned(), owner);
            self.tenants[owner].records.push((facts.path, id.to_owned()));
        }
    }
}

/// All that an answer says: body, header fields, and what is inside of cursors.
fn said(answer: &Answer) -> String {
    let mut told = answer.text();
    for value in answer.headers.values() {
        told.push('\n');
        told.push_str(&String::from_utf8_lossy(value.as_bytes()));
    }
    if let Some(inside) = answer["next"].as_str().and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok()) {
        told.push('\n');
        told.push_str(&String::from_utf8_lossy(&inside));
    }
    told
}

/// The resources whose records are known in their project alone.
pub fn all_ours() -> impl Iterator<Item = &'static Facts> {
    routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only && ours(facts))
}

fn ours(facts: &Facts) -> bool {
    facts.of_project || facts.area == Area::Webhooks
}

async fn tenant(app: &App, number: usize) -> Tenant {
    let world = app.world().await;
    let canary = format!("{CANARY}{number}");
    let admin = app.as_admin();
    let mut records = vec![("projects", text(&world.project["id"]).to_owned())];
    let mut bodies = BTreeMap::new();
    for facts in all_ours() {
        for turn in 0..2 {
            let mut body = world.body(facts.path).await;
            sing(facts, &mut body, &format!("{canary} {}", world.next()));
            if facts.path == "documents" && turn == 0 {
                body["access"] = json!("public");
                body["exemptionBasis"] = Value::Null;
            }
            let made = admin.create(facts.path, body).await;
            records.push((facts.path, text(&made["id"]).to_owned()));
            let mut body = world.body(facts.path).await;
            sing(facts, &mut body, &format!("{canary} {}", world.next()));
            bodies.insert(facts.path, body);
        }
    }
    // Contact details are for those who share the project; what other systems call its records, for those who see them.
    let person = json!({ "givenName": "Kari", "familyName": "Nordmann", "email": format!("{canary}@a.example") });
    let person = admin.create("people", person).await;
    let seat = json!({ "projectId": world.project["id"], "personId": person["id"], "role": "steering_group_chair" });
    admin.create("assignments", seat).await;
    let record = json!({ "kind": "project", "id": world.project["id"] });
    admin.create("external-references", json!({ "system": "sak", "key": canary, "record": record })).await;
    admin.post(&world.report("calendar-links"), json!({ "name": canary })).await.expect(201);
    for (path, id) in records.iter().filter(|(path, _)| *path == "documents") {
        let content = admin.send("PUT", &format!("/api/v1/{path}/{id}/content"));
        content.body("text/plain", canary.clone()).if_match("*").await.expect(200);
    }
    Tenant { world, records, bodies }
}

/// Puts a canary into every text that takes one.
fn sing(facts: &Facts, body: &mut Value, canary: &str) {
    for field in facts.writable().filter(|field| takes_any_text(field)) {
        if body[&field.name].is_string() {
            body[&field.name] = canary.into();
        }
    }
}

fn takes_any_text(field: &Field) -> bool {
    let free = field.schema["pattern"].is_null() && field.schema["format"].is_null();
    let long = field.schema["maxLength"].as_u64().unwrap_or(200) >= 20;
    field.kind == Kind::Text && free && long
}

async fn walker(tenants: &[Tenant], name: &str, roles: &[(usize, Role)]) -> Walker {
    let world = &tenants[0].world;
    let person = world.as_admin().create("people", json!({ "givenName": "Gå", "familyName": name })).await;
    let mut seats = BTreeMap::new();
    for (number, role) in roles {
        let seat = tenants[*number].world.give(*role, &person).await;
        seats.insert(*number, (collection_of(*role), seat));
    }
    Walker { name: name.to_owned(), client: world.user_of(&person).await, person, seats }
}

async fn machine(tenants: &[Tenant], number: usize) -> Walker {
    let client = tenants[number].world.as_machine(&["framdrift:read", "framdrift:political.write"]).await;
    let seats = BTreeMap::from([(number, ("clients", Value::Null))]);
    Walker { name: format!("machine of {number}"), client, person: Value::Null, seats }
}

/// Where the record stands that gives a role.
fn collection_of(role: Role) -> &'static str {
    match role {
        Role::MunicipalOfficer | Role::ObservingOrganisation => "affiliations",
        Role::ProgrammeManager | Role::ProgrammeObserver => "programme-assignments",
        Role::Executive
        | Role::Manager
        | Role::SteeringMember
        | Role::Deputy
        | Role::GroupMember
        | Role::Observer
        | Role::ReferenceMember
        | Role::Stranger => "assignments",
    }
}

/// A text that must be one.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
