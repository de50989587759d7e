//! The replay on a trace that is made up: what must be there, what may be, and what may not.

use std::collections::BTreeSet;
use std::path::Path;

use support::dice::Dice;

use super::disk::{Disk, Fate};
use super::trace::{Call, Event, lines_of};

const TRACE: &str = r#"
1 mkdir("/r/d", 0777) = 0
1 fsync(3</r>) = 0
1 openat(AT_FDCWD</r>, "/r/d/a", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 4</r/d/a>
1 openat(AT_FDCWD</r>, "/r/d/a-shm", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 5</r/d/a-shm>
1 pwrite64(4</r/d/a>, "\x6f\x6e\x65", 3, 0) = 3
1 fdatasync(4</r/d/a> <unfinished ...>
2 pwrite64(4</r/d/a>, "two", 3, 3) = 3
1 <... fdatasync resumed>)              = 0
2 write(7<socket:[11]>, "done", 4) = 4
2 pwrite64(4</r/d/a>, "ONE", 3, 0) = -1 ENOSPC (No space left on device)
1 fsync(6</r/d>) = 0
1 ftruncate(4</r/d/a>, 1) = 0
--- SIGTERM {si_signo=SIGTERM} ---
1 unlink("/r/d/a") = 0
1 fsync(6</r/d>) = 0
1 +++ exited with 0 +++
"#;

fn events() -> (Vec<Event>, usize) {
    lines_of(TRACE.trim().lines().map(|line| line.as_bytes().to_vec()), Path::new("/r"), 0)
}

/// Everything that may be found at a cut before a line, as chance has it: nothing, or what is in the file.
fn found(events: &[Event], line: usize, fates: &[Fate]) -> BTreeSet<Option<String>> {
    let mut disk = Disk::new(Path::new("/r"), events);
    disk.until(line);
    let mut dice = Dice::thrown();
    let all = fates.iter().flat_map(|fate| std::iter::repeat_n(fate, 500));
    all.map(|fate| {
        let file = disk.left(*fate, &mut dice).remove(Path::new("d/a")).flatten();
        file.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    })
    .collect()
}

fn of(texts: &[Option<&str>]) -> BTreeSet<Option<String>> {
    texts.iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn what_was_synced_is_there_and_of_the_rest_anything_may_be() {
    let (events, lines) = events();
    assert_eq!(lines, 16);
    let told = events
        .iter()
        .find(|event| matches!(&event.call, Call::Told(whom, bytes) if whom == "socket:[11]" && bytes == b"done"));
    assert_eq!(told.map(|event| event.begun), Some(8));
    let at = |line: usize, fates: &[Fate]| found(&events, line, fates);
    // A file that was synced without the name of it being so.
    assert_eq!(at(10, &[Fate::Lost]), of(&[None]));
    // Before the sync is done it holds nothing.
    assert_eq!(at(7, &[Fate::Torn, Fate::Some]), of(&[None, Some(""), Some("one"), Some("onetwo"), Some("\0\0\0two")]));
    // And then not what was written after it had begun.
    assert_eq!(at(11, &[Fate::Lost]), of(&[Some("one")]));
    assert_eq!(at(11, &[Fate::Some]), of(&[Some("one"), Some("onetwo")]));
    assert_eq!(at(12, &[Fate::Some]), of(&[Some("one"), Some("onetwo"), Some("o")]));
    assert_eq!(at(14, &[Fate::Lost]), of(&[Some("one")]));
    assert!(at(14, &[Fate::Some]).contains(&None), "a name that is taken away may be gone");
    assert_eq!(at(lines, &[Fate::Lost, Fate::Torn, Fate::Some]), of(&[None]));
}

#[test]
fn a_torn_write_comes_by_sectors() {
    let text = format!(
        "1 mkdir(\"/r/d\", 0777) = 0\n1 fsync(3</r>) = 0\n1 openat(AT_FDCWD</r>, \"/r/d/a\", O_RDWR|O_CREAT, 0600) = 4</r/d/a>\n\
                        1 fsync(6</r/d>) = 0\n1 pwrite64(4</r/d/a>, \"{}\", 1024, 0) = 1024",
        "x".repeat(1024)
    );
    let (events, _) = lines_of(text.lines().map(|line| line.as_bytes().to_vec()), Path::new("/r"), 0);
    let found = found(&events, 5, &[Fate::Torn]);
    let sector = |letter: &str| letter.repeat(512);
    let (first, second) = (sector("x"), sector("\0") + &sector("x"));
    assert_eq!(found, of(&[Some(""), Some(&first), Some(&second), Some(&"x".repeat(1024))]));
}
