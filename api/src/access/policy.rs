//! The policy: two total functions over role and area, one arm per role; the tests print it as a table.

/// What a person (or organisation) is in a project today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Manages the programme that the project belongs to.
    ProgrammeManager,
    /// Prosjektansvarlig (PA).
    ProjectExecutive,
    /// Prosjektleder (PL).
    ProjectManager,
    /// Member or chair of the steering group.
    SteeringGroup,
    /// Stands in for a member of the steering group in the meetings that it attends as a deputy.
    Deputy,
    /// Member of the project group.
    ProjectGroup,
    /// Works for a municipality that is a party.
    MunicipalOfficer,
    /// Observes: sees what is published, never votes.
    Observer,
    /// Member of a reference group: sees what an observer sees.
    ReferenceGroup,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::ProgrammeManager,
        Self::ProjectExecutive,
        Self::ProjectManager,
        Self::SteeringGroup,
        Self::Deputy,
        Self::ProjectGroup,
        Self::MunicipalOfficer,
        Self::Observer,
        Self::ReferenceGroup,
    ];

    /// The name in `GET /me` and in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgrammeManager => "programme_manager",
            Self::ProjectExecutive => "project_executive",
            Self::ProjectManager => "project_manager",
            Self::SteeringGroup => "steering_group_member",
            Self::Deputy => "deputy",
            Self::ProjectGroup => "project_group_member",
            Self::MunicipalOfficer => "municipal_officer",
            Self::Observer => "observer",
            Self::ReferenceGroup => "reference_group_member",
        }
    }

    /// The role that a stored role code gives.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "programme_manager" => Self::ProgrammeManager,
            "project_executive" => Self::ProjectExecutive,
            "project_manager" => Self::ProjectManager,
            "steering_group_member" | "steering_group_chair" => Self::SteeringGroup,
            "deputy" => Self::Deputy,
            "project_group_member" => Self::ProjectGroup,
            "municipal_officer" => Self::MunicipalOfficer,
            "observer" => Self::Observer,
            "reference_group_member" => Self::ReferenceGroup,
            _ => return None,
        })
    }
}

/// A row of the policy table: resources that the same people may read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Organisations and people: names for every caller.
    Directory,
    /// Programmes, regions and who belongs to them.
    Programmes,
    /// How a municipality organises its service; written by the municipality.
    ServiceProfiles,
    /// Users of the service; administrators only.
    Users,
    /// The project, its parties and assignments.
    Project,
    /// Goals, indicators and measurements.
    Goals,
    /// Milestones.
    Milestones,
    /// Activities, services and competence needs: what the project group writes.
    Work,
    /// Documents.
    Documents,
    /// Decision points and what they require.
    Decisions,
    /// Risks, changes, recommendations and the rest of the plan.
    Control,
    /// Meetings: who, what and what follows.
    Meetings,
    /// What meetings resolved.
    Resolutions,
    /// Matters put to the municipalities, their cases and steps; a municipality writes its own.
    Handling,
    /// Agreements and their parties; a municipality signs for itself.
    Agreements,
    /// Budgets, funding, costs, hours and cost keys; who worked or paid writes its own.
    Economy,
    /// Status reports and who signed them.
    Reports,
    /// Webhooks and what was delivered to them: for those who answer for the project.
    Webhooks,
}

impl Area {
    /// Every area, in the order of the table.
    pub const ALL: [Self; 18] = [
        Self::Directory,
        Self::Programmes,
        Self::ServiceProfiles,
        Self::Users,
        Self::Project,
        Self::Goals,
        Self::Milestones,
        Self::Work,
        Self::Documents,
        Self::Decisions,
        Self::Control,
        Self::Meetings,
        Self::Resolutions,
        Self::Handling,
        Self::Agreements,
        Self::Economy,
        Self::Reports,
        Self::Webhooks,
    ];
}

impl Area {
    /// The areas of a project's records, in the order of the table: all but the first four.
    pub const PROJECT: &[Self] = Self::ALL.split_at(4).1;

    /// The name in `GET /me` and in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Programmes => "programmes",
            Self::ServiceProfiles => "serviceProfiles",
            Self::Users => "users",
            Self::Project => "project",
            Self::Goals => "goals",
            Self::Milestones => "milestones",
            Self::Work => "work",
            Self::Documents => "documents",
            Self::Decisions => "decisions",
            Self::Control => "control",
            Self::Meetings => "meetings",
            Self::Resolutions => "resolutions",
            Self::Handling => "handling",
            Self::Agreements => "agreements",
            Self::Economy => "economy",
            Self::Reports => "reports",
            Self::Webhooks => "webhooks",
        }
    }
}

/// How much of an area a role sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// Nothing.
    #[default]
    Nothing,
    /// What is published: no drafts, nothing internal.
    Published,
    /// All of it.
    All,
}

/// What a role may do in an area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// What it sees.
    pub sight: Sight,
    /// Whether it writes.
    pub write: bool,
    /// Whether it decides and approves.
    pub approve: bool,
}

impl Rights {
    const NONE: Self = Self { sight: Sight::Nothing, write: false, approve: false };
    const PUBLISHED: Self = Self { sight: Sight::Published, write: false, approve: false };
    const READ: Self = Self { sight: Sight::All, write: false, approve: false };
    const WRITE: Self = Self { sight: Sight::All, write: true, approve: false };
    const APPROVE: Self = Self { sight: Sight::All, write: true, approve: true };

    /// What both allow: the less of each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sight: self.sight.min(other.sight),
            write: self.write && other.write,
            approve: self.approve && other.approve,
        }
    }

    /// Both together: the more of each.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            sight: self.sight.max(other.sight),
            write: self.write || other.write,
            approve: self.approve || other.approve,
        }
    }
}

/// What a role in a project may do with the project's records of an area. What is a municipality's own (its cases,
/// steps, signatures, hours and costs) its officer also writes, a member of the project group its own hours, a member
/// of the steering group what its meetings resolve, a deputy what a meeting did where it sat in a member's place: that
/// is decided by the row, in `own`.
#[must_use]
pub const fn rights(role: Role, area: Area) -> Rights {
    if matches!(area, Area::Users | Area::Directory | Area::Programmes | Area::ServiceProfiles) {
        return Rights::NONE;
    }
    match role {
        Role::ProgrammeManager | Role::ProjectExecutive => Rights::APPROVE,
        Role::ProjectManager => Rights::WRITE,
        Role::SteeringGroup | Role::Deputy => match area {
            Area::Project
            | Area::Goals
            | Area::Milestones
            | Area::Work
            | Area::Documents
            | Area::Decisions
            | Area::Control
            | Area::Meetings
            | Area::Resolutions
            | Area::Handling
            | Area::Agreements
            | Area::Economy
            | Area::Reports => Rights::READ,
            Area::Users | Area::Directory | Area::Programmes | Area::ServiceProfiles | Area::Webhooks => Rights::NONE,
        },
        // The address of a webhook may hold a key of somebody else's system.
        Role::MunicipalOfficer if matches!(area, Area::Webhooks) => Rights::NONE,
        Role::MunicipalOfficer => Rights::READ,
        Role::ProjectGroup => match area {
            Area::Work | Area::Documents | Area::Meetings => Rights::WRITE,
            Area::Project
            | Area::Goals
            | Area::Milestones
            | Area::Decisions
            | Area::Control
            | Area::Resolutions
            | Area::Handling
            | Area::Agreements
            | Area::Economy
            | Area::Reports => Rights::READ,
            Area::Users | Area::Directory | Area::Programmes | Area::ServiceProfiles | Area::Webhooks => Rights::NONE,
        },
        Role::Observer | Role::ReferenceGroup => match area {
            Area::Project
            | Area::Goals
            | Area::Milestones
            | Area::Documents
            | Area::Decisions
            | Area::Meetings
            | Area::Resolutions
            | Area::Handling
            | Area::Agreements
            | Area::Economy
            | Area::Reports => Rights::PUBLISHED,
            Area::Users
            | Area::Directory
            | Area::Programmes
            | Area::ServiceProfiles
            | Area::Work
            | Area::Control
            | Area::Webhooks => Rights::NONE,
        },
    }
}

/// What of the directory a caller with this role in any project may write beyond reading.
#[must_use]
pub const fn directory_write(role: Role, area: Area) -> DirectoryWrite {
    match (role, area) {
        (Role::ProgrammeManager, Area::Directory | Area::Programmes | Area::ServiceProfiles) => {
            DirectoryWrite::OwnProgrammes
        }
        (Role::ProjectExecutive | Role::ProjectManager, Area::Directory) => DirectoryWrite::OwnProjects,
        (Role::MunicipalOfficer, Area::ServiceProfiles) => DirectoryWrite::OwnOrganisation,
        (
            Role::ProgrammeManager
            | Role::ProjectExecutive
            | Role::ProjectManager
            | Role::SteeringGroup
            | Role::Deputy
            | Role::ProjectGroup
            | Role::MunicipalOfficer
            | Role::Observer
            | Role::ReferenceGroup,
            _,
        ) => DirectoryWrite::Nothing,
    }
}

/// How far a caller may write the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DirectoryWrite {
    /// Not at all.
    Nothing,
    /// What is its own municipality's.
    OwnOrganisation,
    /// Add records, and change those that only its own projects use.
    OwnProjects,
    /// Its programmes with their regions; add records, and change those that only its own programmes use.
    OwnProgrammes,
    /// Everything.
    All,
}
