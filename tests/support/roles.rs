//! Who somebody is to a project, and how one becomes it: through people, assignments and parties, as in the service.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Client, World};

/// What a user is to the world's project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Manages the programme of the project.
    ProgrammeManager,
    /// Prosjektansvarlig.
    Executive,
    /// Prosjektleder.
    Manager,
    /// Member of the steering group.
    SteeringMember,
    /// Deputy in the steering group.
    Deputy,
    /// Member of the project group.
    GroupMember,
    /// Works for the municipality that owns the project.
    MunicipalOfficer,
    /// Observes the project in person.
    Observer,
    /// Observes the whole programme in person.
    ProgrammeObserver,
    /// Works for an organisation that observes the whole programme.
    ObservingOrganisation,
    /// Member of the reference group.
    ReferenceMember,
    /// Has a login and no role.
    Stranger,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 12] = [
        Self::ProgrammeManager,
        Self::Executive,
        Self::Manager,
        Self::SteeringMember,
        Self::Deputy,
        Self::GroupMember,
        Self::MunicipalOfficer,
        Self::Observer,
        Self::ProgrammeObserver,
        Self::ObservingOrganisation,
        Self::ReferenceMember,
        Self::Stranger,
    ];

    /// Roles in the project's own organisation are assignments.
    const fn assignment(self) -> Option<&'static str> {
        match self {
            Self::Executive => Some("project_executive"),
            Self::Manager => Some("project_manager"),
            Self::SteeringMember => Some("steering_group_member"),
            Self::Deputy => Some("deputy"),
            Self::GroupMember => Some("project_group_member"),
            Self::Observer => Some("observer"),
            Self::ReferenceMember => Some("reference_group_member"),
            Self::ProgrammeManager
            | Self::MunicipalOfficer
            | Self::ProgrammeObserver
            | Self::ObservingOrganisation
            | Self::Stranger => None,
        }
    }
}

/// A user with a role.
pub struct Member {
    /// The user, logged in.
    pub client: Client,
    /// The person that the user is.
    pub person: Value,
    /// The record that gives the role: assignment, affiliation or programme assignment; null for a stranger.
    pub reason: Value,
}

impl World {
    /// Somebody with this role, logged in.
    pub async fn as_a(&self, role: Role) -> Client {
        self.member(role).await.client
    }

    /// Somebody with this role, and what gives it.
    pub async fn member(&self, role: Role) -> Member {
        let person = self.make("people").await;
        let reason = self.give(role, &person).await;
        let client = self.user_of(&person).await;
        Member { client, person, reason }
    }

    /// A user who is this person, logged in.
    pub async fn user_of(&self, person: &Value) -> Client {
        let email = format!("bruker{}@framdrift.example", self.next());
        let new = json!({ "email": email, "name": person["familyName"], "personId": person["id"] });
        let user = self.app.as_admin().create("users", new).await;
        let id: Uuid = user["id"].as_str().and_then(|id| id.parse().ok()).expect("a user has an identifier");
        self.app.as_user(id).await
    }

    /// A machine that calls for the municipality that owns the project, with these scopes.
    pub async fn as_machine(&self, scopes: &[&str]) -> Client {
        let new = json!({ "organisationId": self.municipality["id"], "name": "Maskin", "scopes": scopes });
        let client = self.app.as_admin().create("clients", new).await;
        let member = |name: &str| client[name].as_str().expect("a client has an identifier and a secret").to_owned();
        let form =
            format!("grant_type=client_credentials&client_id={}&client_secret={}", member("id"), member("secret"));
        let request = self.app.as_nobody().send("POST", "/oauth/token");
        let token = request.body("application/x-www-form-urlencoded", form).await.expect(200);
        self.app.as_nobody().with_token(token["access_token"].as_str().expect("a token").to_owned())
    }

    /// Gives a person a role; answers the record that does, null for a stranger.
    pub async fn give(&self, role: Role, person: &Value) -> Value {
        let admin = self.app.as_admin();
        let (person, project) = (&person["id"], &self.project["id"]);
        if let Some(code) = role.assignment() {
            let new = json!({ "projectId": project, "personId": person, "role": code });
            return admin.create("assignments", new).await;
        }
        let employed = |organisation: &Value| json!({ "personId": person, "organisationId": organisation });
        let programme = |role: &str, holder: &str, id: &Value| json!({ "programmeId": self.programme["id"], "role": role, holder: id });
        match role {
            Role::ProgrammeManager => {
                admin.create("programme-assignments", programme("programme_manager", "personId", person)).await
            }
            Role::ProgrammeObserver => {
                admin.create("programme-assignments", programme("observer", "personId", person)).await
            }
            Role::ObservingOrganisation => {
                let agency = self.make("organisations").await;
                admin.create("affiliations", employed(&agency["id"])).await;
                admin.create("programme-assignments", programme("observer", "organisationId", &agency["id"])).await
            }
            Role::MunicipalOfficer => admin.create("affiliations", employed(&self.municipality["id"])).await,
            _ => Value::Null,
        }
    }
}
