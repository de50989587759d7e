//! The matrix on small pictures, and the roll-up in words.

use serde_json::{Value, json};

use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn record(more: Value) -> Value {
    let mut whole = json!({
        "version": 1, "createdAt": "2017-09-28T08:00:00Z", "updatedAt": "2017-09-28T08:00:00Z", "projectId": id(1)
    });
    if let (Some(whole), Some(more)) = (whole.as_object_mut(), more.as_object()) {
        whole.extend(more.clone());
    }
    whole
}

fn picture(records: &[(&str, Value)]) -> Picture {
    let mut picture = Picture { focus: id(1), ..Picture::default() };
    for (path, more) in records {
        picture.add(path, record(more.clone())).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    picture
}

fn matter(number: u128, project: u128, more: Value) -> (&'static str, Value) {
    let mut whole = json!({ "id": id(number), "projectId": id(project), "subject": "budget", "title": "Budsjett" });
    if let (Some(whole), Some(more)) = (whole.as_object_mut(), more.as_object()) {
        whole.extend(more.clone());
    }
    ("matters", whole)
}

fn project(number: u128, predecessor: Option<u128>) -> (&'static str, Value) {
    let code = number.to_string();
    (
        "projects",
        json!({ "id": id(number), "code": code, "name": "P", "type": "pre_project", "predecessorId": predecessor.map(id) }),
    )
}

#[test]
fn the_matters_of_the_project_come_first_then_those_before_and_none_of_those_after() {
    let picture = picture(&[
        project(1, Some(2)),
        project(2, Some(3)),
        project(3, None),
        project(4, Some(1)),
        matter(11, 3, json!({})),
        matter(12, 1, json!({})),
        matter(13, 4, json!({})),
        matter(14, 2, json!({})),
    ]);
    let councils = Councils::of(&picture);
    let order: Vec<u128> = councils.matters(&picture).map(|(_, matter)| matter.id.as_u128()).collect();
    assert_eq!(order, [12, 14, 11]);
}

#[test]
fn a_cell_says_where_a_municipality_stands() {
    let case = |organisation: u128, more: Value| {
        let mut whole = json!({ "id": id(20 + organisation), "matterId": id(10), "organisationId": id(organisation) });
        if let (Some(whole), Some(more)) = (whole.as_object_mut(), more.as_object()) {
            whole.extend(more.clone());
        }
        ("political-cases", whole)
    };
    let picture = picture(&[
        project(1, None),
        matter(10, 1, json!({})),
        case(1, json!({ "outcome": "adopted" })),
        case(2, json!({ "windowTo": "2018-01-14" })),
        case(3, json!({ "windowTo": "2018-01-15" })),
        case(4, json!({})),
        (
            "political-steps",
            json!({ "id": id(30), "caseId": id(24), "body": "council", "meetingOn": "2018-01-10", "outcome": "postponed" }),
        ),
    ]);
    let councils = Councils::of(&picture);
    let today = NaiveDate::from_ymd_opt(2018, 1, 15).expect("a date");
    let matter = &picture.matters[0];
    let status = |organisation, owned| councils.cell(matter, id(organisation), owned, today).status.code();
    assert_eq!([status(1, true), status(2, true), status(3, true)], ["adopted", "overdue", "pending"]);
    assert_eq!([status(4, true), status(5, true), status(6, false)], ["postponed", "not_sent", "not_asked"]);
    let awaited: Vec<u128> =
        councils.awaited(&picture, matter, today).iter().map(|cell| cell.organisation.as_u128()).collect();
    assert_eq!(awaited, [2, 3, 4]);
}

#[test]
fn a_roll_up_reads_as_a_sentence() {
    let said = |subject: &str, state: &str, numbers: [i64; 6]| {
        let [of, adopted, conditions, rejected, postponed, pending] = numbers;
        let roll_up = json!({
            "of": of, "adopted": adopted, "adoptedWithConditions": conditions, "rejected": rejected,
            "postponed": postponed, "pending": pending
        });
        let (_, matter) = matter(1, 1, json!({ "subject": subject, "state": state, "rollUp": roll_up }));
        in_words(&serde_json::from_value(record(matter)).expect("a matter"))
    };
    assert_eq!(said("budget", "met", [4, 4, 0, 0, 0, 0]).nb, "4 av 4 har vedtatt");
    assert_eq!(
        said("budget", "partially_met", [4, 2, 1, 0, 0, 1]).nb,
        "3 av 4 har vedtatt, 1 av dem med vilkår, 1 venter"
    );
    assert_eq!(
        said("budget", "partially_met", [4, 1, 0, 1, 1, 1]).en,
        "1 of 4 have adopted, 1 said no, 1 postponed, 1 pending"
    );
    assert_eq!(said("final_report", "pending", [4, 0, 0, 0, 0, 4]).nn, "0 av 4 har handsama, 4 ventar");
    assert_eq!(said("budget", "pending", [0, 0, 0, 0, 0, 0]).nn, "ingen kommune er spurd enno");
}
