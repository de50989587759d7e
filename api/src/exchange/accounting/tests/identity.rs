//! The same file twice is the same rows, and rows that are alike are two.

use super::*;

#[test]
fn rows_that_are_alike_are_numbered_and_a_file_read_again_has_the_same_identities() {
    let file = "dato;sum;bilag;tekst\n1.2.18;1;7;a\n1.2.18;1;7;a\n1.2.18;1;8;a\n";
    let first = identities(&entries(file));
    assert_eq!(first[0], "1:7;10:2018-02-01;3:100;-;-;1:a;-;-;-;1:0;");
    assert_eq!(first[1], "1:7;10:2018-02-01;3:100;-;-;1:a;-;-;-;1:1;");
    assert_ne!(first[0], first[2]);
    // Other columns and other rows around them change nothing.
    let again =
        "bilag;dato;beløp;tekst;bank\n9;1.1.18;5;;\n7;01.02.2018;1,00;a;HA 2\n8;1.2.18;1;a;\n7;1.2.18;1;a;HA 2\n";
    let again = identities(&entries(again));
    assert_eq!([&again[1], &again[3], &again[2]], [&first[0], &first[1], &first[2]]);
}

#[test]
fn no_text_passes_for_another_part() {
    let identity = |file: &str| identities(&entries(file)).remove(0);
    let one = identity("dato;sum;konto;leverandør\n1.2.18;1;a;b\n");
    assert_ne!(one, identity("dato;sum;konto;leverandør\n1.2.18;1;\"a;1:b\";\n"));
    assert_ne!(one, identity("dato;sum;konto;leverandør\n1.2.18;1;;\"1:a;1:b\"\n"));
}
