//! The list of municipalities comes in: made, completed, or left as it is.

use framdrift::access::Caller;
use framdrift::demo;
use framdrift::exchange::bring::Outcome;
use framdrift::exchange::{municipalities, unwatched};
use framdrift::routes;
use framdrift::store::Writer;

use crate::support::{Place, Result, Told, engines, told};

const LIST: &str = include_str!("municipalities.csv");
const HEAD: &str = "currentCode;code;name;validFrom;validTo;orgNumber\n";

async fn import(place: &Place, table: &[u8]) -> Result<(Outcome, Vec<String>)> {
    let caller = Caller::operator();
    let write = place.store.write(Writer::of(&caller)).await?;
    let (outcome, passed_over) =
        municipalities::import(&write, &caller, routes::resources(), table, &unwatched).await?;
    if outcome.errors.is_empty() {
        write.commit().await?;
    }
    Ok((outcome, passed_over))
}

/// The names of the organisations that have or had a number.
async fn owners(place: &Place, code: &str) -> Result<i64> {
    let sql = format!(
        "SELECT COUNT(DISTINCT o.id) FROM organisations o JOIN municipality_codes c ON c.organisation_id = o.id WHERE c.code = '{code}'"
    );
    place.count(&sql).await
}

/// How many numbers the organisation of a name and an organisation number has.
async fn numbers(place: &Place, name: &str, org_number: &str) -> Result<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM municipality_codes c JOIN organisations o ON o.id = c.organisation_id \
         WHERE o.name = '{name}' AND COALESCE(o.org_number, '') = '{org_number}' AND o.kind = 'municipality'"
    );
    place.count(&sql).await
}

#[tokio::test]
async fn numbers_of_one_municipality_are_together_and_mergers_are_not_collapsed() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        let (outcome, passed_over) = import(&place, LIST.as_bytes()).await?;
        assert_eq!((told(&outcome.errors), outcome.created), (vec![], 11 + 19));
        assert_eq!(passed_over, ["row 21: 2111 Longyearbyen is no municipality and is passed over"]);
        for (name, org_number, count) in [
            ("Bardu kommune", "864993982", 3),
            ("Loabák - Lavangen kommune", "959469881", 3),
            ("Indre Fosen kommune", "944305483", 1),
            ("Rissa kommune", "", 1),
            ("Leksvik kommune", "", 1),
            ("Ørland kommune", "921806027", 3),
            ("Bjugn kommune", "", 2),
            ("Våler kommune", "959272581", 2),
            ("Divtasvuodna - Tysfjord kommune", "", 1),
        ] {
            assert_eq!(numbers(&place, name, org_number).await?, count, "{name}");
        }
        assert_eq!(owners(&place, "0716").await?, 2, "one number, two municipalities one after the other");
        let journal = place.count("SELECT COUNT(*) FROM journal").await?;
        let (outcome, _) = import(&place, LIST.as_bytes()).await?;
        assert_eq!((outcome.created, outcome.updated, outcome.unchanged), (0, 0, 11 + 19));
        assert_eq!(place.count("SELECT COUNT(*) FROM journal").await?, journal);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_form_of_the_table_does_not_matter() -> Result {
    let place = Place::new(engines()[0]).await?;
    import(&place, LIST.as_bytes()).await?;
    let plain = LIST.replace("\r\n", "\n");
    let commas = plain.replace(';', ",");
    let quoted = plain.replace(";Bardu;", ";\"Bardu\";");
    let turned: String = plain.lines().map(|line| line.split(';').rev().collect::<Vec<_>>().join(";") + "\n").collect();
    for table in [format!("\u{feff}{LIST}"), commas, quoted, turned, plain + "\n\n"] {
        let (outcome, _) = import(&place, table.as_bytes()).await?;
        assert_eq!((told(&outcome.errors), outcome.created, outcome.updated), (vec![], 0, 0), "{table:.60}");
    }
    place.close().await
}

#[tokio::test]
async fn what_is_here_is_completed_and_neither_doubled_nor_lost() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        place.import(&Caller::operator(), &serde_json::from_str(demo::DOCUMENT)?).await?;
        let before = place.count("SELECT COUNT(*) FROM organisations WHERE kind = 'municipality'").await?;
        let (outcome, _) = import(&place, LIST.as_bytes()).await?;
        assert_eq!(told(&outcome.errors), vec![]);
        // Re, Våle, Våler and Tysfjord are new, with five numbers; Ørland gets its organisation number.
        assert_eq!((outcome.created, outcome.updated), (4 + 5, 1));
        let after = place.count("SELECT COUNT(*) FROM organisations WHERE kind = 'municipality'").await?;
        assert_eq!(after, before + 4);
        for code in ["1922", "5416", "5520", "5518", "1624", "1718", "5054", "5057", "1621"] {
            assert_eq!(owners(&place, code).await?, 1, "{code}");
        }
        let names = "SELECT COUNT(*) FROM organisations WHERE name = 'Lavangen kommune' AND version = 1";
        assert_eq!(place.count(names).await?, 1, "names that are here stay");
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_later_list_adds_dates_names_and_numbers() -> Result {
    let place = Place::new(engines()[0]).await?;
    import(&place, format!("{HEAD}5406;5406;Hammerfest;;;921770669\n").as_bytes()).await?;
    let later =
        "5603;5603;Hammerfest - Hámmerfeasta;2024-01-01;;921770669\n5603;5406;Hammerfest;2020-01-01;2023-12-31;\n";
    let (outcome, _) = import(&place, format!("{HEAD}{later}").as_bytes()).await?;
    assert_eq!((told(&outcome.errors), outcome.created, outcome.updated), (vec![], 1, 2));
    assert_eq!(numbers(&place, "Hammerfest kommune", "921770669").await?, 2);
    let named = "SELECT COUNT(*) FROM organisations WHERE CAST(alt_names AS TEXT) LIKE '%Hámmerfeasta%'";
    assert_eq!(place.count(named).await?, 1);
    let (outcome, _) = import(&place, format!("{HEAD}{later}").as_bytes()).await?;
    assert_eq!((outcome.created, outcome.updated), (0, 0));
    place.close().await
}

#[tokio::test]
async fn a_split_that_is_known_here_stays() -> Result {
    let place = Place::new(engines()[0]).await?;
    import(&place, format!("{HEAD}1621;1621;Ørland;;;970490361\n").as_bytes()).await?;
    let list = "5057;5057;Ørland;2020-01-01;;921806027\n5057;1621;Ørland;;2017-12-31;\n";
    let (outcome, _) = import(&place, format!("{HEAD}{list}").as_bytes()).await?;
    assert_eq!((told(&outcome.errors), outcome.created, outcome.updated), (vec![], 2, 0));
    assert_eq!(numbers(&place, "Ørland kommune", "970490361").await?, 1);
    assert_eq!(numbers(&place, "Ørland kommune", "921806027").await?, 1);
    let claimed = format!("{HEAD}5057;5057;Ørland;2020-01-01;;939679431\n");
    let (outcome, _) = import(&place, claimed.as_bytes()).await?;
    assert_eq!(told(&outcome.errors), vec![("/rows/2/orgNumber", "taken")]);
    place.close().await
}

#[tokio::test]
async fn every_fault_names_its_row_and_column_and_nothing_is_written() -> Result {
    let cases: &[(&[u8], Told)] = &[
        (b"code;name\n", &[("/rows/1/currentCode", "required"), ("/rows/1/validFrom", "required"), ("/rows/1/validTo", "required"), ("/rows/1/orgNumber", "required")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber;extra\n", &[("/rows/1/extra", "unknown_column")]),
        (b"", &[("/rows/1/currentCode", "required"), ("/rows/1/code", "required"), ("/rows/1/name", "required"), ("/rows/1/validFrom", "required"), ("/rows/1/validTo", "required"), ("/rows/1/orgNumber", "required")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;B\xe5rdu;;;\n", &[("/rows/2", "wrong_format")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\r\n5520;5520;Bardu;;;864993982\r\n5520;1922;Bardu\r\n", &[("/rows/3", "wrong_number_of_fields")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n552;552;Bardu;;;864993982\n", &[("/rows/2/code", "wrong_format")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n;5520; ;;;\n", &[("/rows/2/name", "required"), ("/rows/2/currentCode", "required")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;Bardu;1.1.2024;;864993982\n", &[("/rows/2/validFrom", "wrong_format")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;1922;Bardu;2020-01-01;2019-12-31;\n", &[("/rows/2/validTo", "out_of_order")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;Bardu;;;864993983\n", &[("/rows/2/orgNumber", "wrong_check_digit")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;Bardu;;;86499398\n", &[("/rows/2/orgNumber", "too_short"), ("/rows/2/orgNumber", "wrong_pattern")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;Bardu;;;864993982\n5520;5520;Bardu;;;\n", &[("/rows/3/code", "duplicate")]),
        (b"currentCode;code;name;validFrom;validTo;orgNumber\n5520;5520;Bardu;;;864993982\n5516;5516;Gratangen;;;864993982\n", &[("/rows/3/orgNumber", "duplicate")]),
    ];
    for engine in engines() {
        let place = Place::new(engine).await?;
        for (table, expected) in cases {
            let (outcome, _) = import(&place, table).await?;
            assert_eq!(told(&outcome.errors), *expected, "{}", String::from_utf8_lossy(table));
        }
        assert_eq!(place.count("SELECT COUNT(*) FROM journal").await?, 0);
        place.close().await?;
    }
    Ok(())
}
