//! What only a longer list shows: pages while others write, and the order of Norwegian text.

use serde_json::{Value, json};
use support::{App, both};

both! {
    async fn organisations_are_paged_in_any_sort_without_gap_or_double_while_others_are_inserted(app: App) {
        let admin = app.as_admin();
        for n in 0..125 {
            admin.create("organisations", organisation(n)).await;
        }
        for sort in ["name", "-name", "kind,-name", "inhabitants", "-inhabitants", "inhabitantsOn,kind", "-createdAt", "orgNumber"] {
            let before = admin.walk(&format!("/api/v1/organisations?limit=200&sort={sort}")).await;
            let met = walk_while_others_write(&app, sort).await;
            let known: Vec<&Value> = met.iter().filter(|record| before.contains(record)).collect();
            assert_eq!(known, before.iter().collect::<Vec<_>>(), "sort={sort}");
            let mut ids: Vec<&str> = met.iter().filter_map(|record| record["id"].as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), met.len(), "sort={sort}: one stands twice");
        }
    }

    async fn text_stands_in_norwegian_order(app: App) {
        let order = [
            "10 års fond", "9 års fond", "Bardu", "bardufoss", "Co-op", "Coop", "Evenes", "Gratangen", "Lavangen", "Nord Troms",
            "Nordfjord", "Salangen", "Senja", "Sør-Troms", "Tranøy", "Zahl", "Ærfugl", "Øksnes", "Ørland", "ås", "Ås", "Aas", "Åsnes", "Aasnes",
        ];
        let admin = app.as_admin();
        let mut shuffled = order.to_vec();
        shuffled.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
        for name in shuffled {
            admin.create("programmes", json!({ "name": name })).await;
        }
        let names = |records: Vec<Value>| records.iter().filter_map(|record| record["name"].as_str().map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(names(admin.walk("/api/v1/programmes?sort=name&limit=4").await), order);
        let down: Vec<&str> = order.into_iter().rev().collect();
        assert_eq!(names(admin.walk("/api/v1/programmes?sort=-name&limit=5").await), down);
    }
}

/// An organisation in no particular place: many share a kind, some have no number of inhabitants.
fn organisation(n: u32) -> Value {
    let name = format!(
        "{} {}",
        ["Ås", "Bardu", "Ærfugl", "Zorro", "Øyer", "aasen", "alta"][(n * 5 % 7) as usize],
        n * 37 % 41
    );
    let inhabitants = (!n.is_multiple_of(3)).then_some(n * 13 % 10);
    let on = (!n.is_multiple_of(4)).then(|| format!("20{:02}-01-01", n % 5 + 10));
    let kind = ["municipality", "other", "state_agency"][(n % 3) as usize];
    json!({ "name": name, "kind": kind, "inhabitants": inhabitants, "inhabitantsOn": on })
}

/// A walk by twenty, with an organisation more before every page.
async fn walk_while_others_write(app: &App, sort: &str) -> Vec<Value> {
    let admin = app.as_admin();
    let mut met = Vec::new();
    let mut next = String::new();
    for n in 0.. {
        let page = admin.get(&format!("/api/v1/organisations?limit=20&sort={sort}{next}")).await.expect(200);
        met.extend(page.items().iter().cloned());
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
        admin.create("organisations", organisation(1000 + n * 17)).await;
    }
    met
}
