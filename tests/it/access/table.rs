//! The policy, role by area.

use std::fmt::Write;

use framdrift::access::policy::{self, DirectoryWrite};
use framdrift::access::{Area, Role, Sight};

use super::golden::compare;

#[test]
fn the_policy_is_the_one_that_is_kept() {
    compare("access.txt", &table());
}

/// What is decided by the row, beside the area: `framdrift::access::own`.
const OWN: &str = "
Beside that it writes what is its own:
steering_group_member   resolutions of the steering group's meetings
deputy                  resolutions of those of them that it attends as a deputy
project_group_member    its own hours
municipal_officer       of its municipality, when that is a party: political cases and their steps, signatures, hours, costs
";

/// Role by area: what is seen (`-` nothing, `p` what is published, `r` all), whether it is written (`w`) and approved (`a`);
/// for the directory who may write what.
fn table() -> String {
    let mut table = String::from(
        "What a role may do with a project's records: - nothing, p published, r all, w write, a approve\n\n",
    );
    row(&mut table, "", Area::ALL.map(|area| area.name().to_owned()));
    for role in Role::ALL {
        row(&mut table, role.name(), Area::ALL.map(|area| rights(role, area)));
    }
    table.push_str(OWN);
    table.push_str(
        "\nWhat of the directory it may write: - nothing, own organisation, own projects, own programmes, all\n\n",
    );
    row(&mut table, "", Area::ALL.map(|area| area.name().to_owned()));
    for role in Role::ALL {
        row(&mut table, role.name(), Area::ALL.map(|area| written(role, area)));
    }
    table
}

fn row<const N: usize>(table: &mut String, name: &str, cells: [String; N]) {
    let mut line = format!("{name:<24}");
    for cell in cells {
        let _ = write!(line, "{cell:<17}");
    }
    let _ = writeln!(table, "{}", line.trim_end());
}

fn rights(role: Role, area: Area) -> String {
    let rights = policy::rights(role, area);
    let sight = match rights.sight {
        Sight::Nothing => "-",
        Sight::Published => "p",
        Sight::All => "r",
    };
    let write = if rights.write { "w" } else { "" };
    let approve = if rights.approve { "a" } else { "" };
    format!("{sight}{write}{approve}")
}

fn written(role: Role, area: Area) -> String {
    match policy::directory_write(role, area) {
        DirectoryWrite::Nothing => "-",
        DirectoryWrite::OwnOrganisation => "own organisation",
        DirectoryWrite::OwnProjects => "own projects",
        DirectoryWrite::OwnProgrammes => "own programmes",
        DirectoryWrite::All => "all",
    }
    .to_owned()
}
