//! Every operation of the document by every role, on what is its own, what is another project's and what there is not.

use std::fmt::Write;

use serde_json::json;
use support::{Answer, App, Client, Role, both, document};

use super::golden::compare;
use super::requests::{Asked, Stage, changes, closed, public};
use super::same::assert_same;

#[test]
fn every_operation_is_in_one_of_the_tables() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/it/golden/operations");
    let mut kept = Vec::new();
    for file in std::fs::read_dir(folder).expect("there are tables") {
        let table = std::fs::read_to_string(file.expect("a file").path()).expect("a table is text");
        let rows = table.lines().filter_map(|line| line.split_once(';')).map(|(operation, _)| operation.to_owned());
        kept.extend(rows.filter(|operation| !operation.starts_with('#') && operation != "operation"));
    }
    let mut all: Vec<String> =
        document::operations().into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    kept.sort();
    all.sort();
    assert_eq!(kept, all, "each operation has a row, once");
}

both! {
    async fn every_list_and_question_by_every_role(app: App) {
        compare("operations/lists.csv", &table(&app, |method, path| method == "GET" && !path.contains("{id}")).await);
    }

    async fn every_record_by_every_role(app: App) {
        compare("operations/records.csv", &table(&app, |method, path| method == "GET" && path.ends_with("/{id}")).await);
    }

    async fn every_history_by_every_role(app: App) {
        compare("operations/histories.csv", &table(&app, |method, path| method == "GET" && path.ends_with("/history")).await);
    }

    async fn every_report_and_content_by_every_role(app: App) {
        compare("operations/reports.csv", &table(&app, |method, path| method == "GET" && path.contains("{id}/") && !path.ends_with("/history")).await);
    }

    async fn every_creation_and_method_by_every_role(app: App) {
        compare("operations/creations.csv", &table(&app, |method, _| method == "POST").await);
    }

    async fn every_upsert_and_upload_by_every_role(app: App) {
        compare("operations/upserts.csv", &table(&app, |method, _| method == "PUT").await);
    }

    async fn every_change_by_every_role(app: App) {
        compare("operations/changes.csv", &table(&app, |method, _| method == "PATCH").await);
    }

    async fn every_deletion_by_every_role(app: App) {
        compare("operations/deletions.csv", &table(&app, |method, _| method == "DELETE").await);
    }

    async fn rights_come_before_content(app: App) {
        let stage = Stage::new(&app).await;
        let mut refused = 0;
        for column in columns(&app, &stage).await.iter().filter(|column| column.stands_outside()) {
            for (method, path) in document::operations() {
                // A record that is made says itself where: its body is read first.
                if method == "GET" || !(path.contains("{id}") || path.contains("/imports/")) || path.ends_with("/projects") {
                    continue;
                }
                let asked = &stage.requests(&method, &path).await[0];
                let right = asked.send(&column.client, &method).await;
                if !matches!(right.status, 403 | 404) {
                    continue;
                }
                refused += 1;
                for spoilt in asked.spoilt() {
                    assert_same(&column.name, &right, &spoilt.send(&column.client, &method).await);
                }
            }
        }
        assert!(refused > 400, "{refused} were refused");
    }
}

const LEGEND: &str = "\
# Who may use an operation, asked of the service. Columns are roles in a project (\"own\"); the project beside it belongs to others.\n\
# A cell has what is answered for a record of the own project, of the other project, and for an identifier that nothing has:\n\
#   y  may (what then is wrong with the request, if anything, is told)   -  may, and finds nothing\n\
#   f  may not (403)   n  is not there (404)   l  log in (401)\n\
# Whoever takes no part cannot tell the second from the third: status, header fields and body are the same. One letter: the\n\
# operation names no record.\n\
# Kept by FRAMDRIFT_BLESS=1 cargo nextest run -p framdrift-tests by_every_role\n";

/// Somebody who asks, with the name of the column.
struct Column {
    name: String,
    client: Client,
}

impl Column {
    fn has_no_token(&self) -> bool {
        matches!(self.name.as_str(), "anonymous" | "expired token")
    }

    /// Whether it is one of those who are refused much, each for another reason.
    fn stands_outside(&self) -> bool {
        ["steering member", "observer", "stranger", "machine reader"].contains(&self.name.as_str())
    }

    fn only_looks_on(&self) -> bool {
        let looks_on = ["observer", "programme observer", "observing organisation", "reference member"];
        looks_on.contains(&self.name.as_str())
    }
}

async fn columns(app: &App, stage: &Stage) -> Vec<Column> {
    let world = &stage.own.world;
    let mut columns = vec![Column { name: "administrator".to_owned(), client: app.as_admin() }];
    for role in Role::ALL {
        columns.push(Column { name: name(role), client: world.as_a(role).await });
    }
    let scopes: [(&str, &[&str]); 5] = [
        ("machine status", &["framdrift:status"]),
        ("machine reader", &["framdrift:read"]),
        ("machine of cases", &["framdrift:political.write"]),
        ("machine writer", &["framdrift:write"]),
        ("machine of archives", &["framdrift:archive"]),
    ];
    for (name, scopes) in scopes {
        columns.push(Column { name: name.to_owned(), client: world.as_machine(scopes).await });
    }
    columns.push(Column { name: "anonymous".to_owned(), client: app.as_nobody() });
    columns.push(Column { name: "expired token".to_owned(), client: app.as_late().await });
    columns
}

fn name(role: Role) -> String {
    let mut name = String::new();
    for letter in format!("{role:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push(' ');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

async fn table(app: &App, wanted: impl Fn(&str, &str) -> bool) -> String {
    let stage = Stage::new(app).await;
    let columns = columns(app, &stage).await;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut table = LEGEND.to_owned();
    let _ = writeln!(table, "operation;{}", names.join(";"));
    let mut operations = document::operations();
    operations.retain(|(method, path)| wanted(method, path));
    // Who logs out is gone.
    operations.sort_by_key(|(_, path)| path.ends_with("/auth/logout"));
    for (method, path) in operations {
        let mut cells = Vec::new();
        for column in &columns {
            // What somebody may delete is made anew for the next.
            let asked = stage.requests(&method, &path).await;
            cells.push(cell(column, &method, &path, &asked).await);
        }
        let _ = writeln!(table, "{method} {path};{}", cells.join(";"));
    }
    table
}

/// What is answered to each of the requests, held against what must be so whatever the table says.
async fn cell(column: &Column, method: &str, path: &str, asked: &[Asked]) -> String {
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.send(&column.client, method).await);
    }
    let letters: Vec<char> = answers.iter().map(letter).collect();
    let (who, own) = (column.name.as_str(), &answers[0]);
    if public(method, path) {
        assert!(!letters.contains(&'l') && !letters.contains(&'f'), "{who}: this is for everybody: {own}");
    } else if column.has_no_token() {
        assert!(letters.iter().all(|letter| *letter == 'l'), "{who} gets past the door: {own}");
        answers.windows(2).for_each(|pair| assert_same(who, &pair[0], &pair[1]));
    } else if who != "administrator"
        && closed(path)
        && let [_, foreign, nothing] = answers.as_slice()
    {
        assert_same(who, &asked[1].unnamed(foreign), &asked[2].unnamed(nothing));
        assert!(who != "stranger" || letters[0] != 'y', "who takes no part sees nothing: {own}");
    }
    if column.only_looks_on() && changes(method, path) {
        assert!(matches!(own.status, 403 | 404), "{who} looks on and writes nothing: {own}");
    }
    letters.into_iter().collect()
}

fn letter(answer: &Answer) -> char {
    match answer.status {
        401 => 'l',
        403 => 'f',
        404 => 'n',
        200 if answer["items"] == json!([]) => '-',
        200..=499 => 'y',
        _ => panic!("a fault of ours: {answer}"),
    }
}
