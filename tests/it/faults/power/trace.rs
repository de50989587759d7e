//! What a process did to its files and told others, read from what `strace` has written down of it.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every call that makes, changes, names or keeps a file, and those that tell somebody something. What is written through a
/// mapping (SQLite's `-shm`) is not seen: no promise rests on it.
const CALLS: &str = "trace=openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,ftruncate,truncate,fallocate,\
                     pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,fsync,fdatasync";
/// Bytes of a call that are written down at most: more than a chunk of a document's content.
const MOST: &str = "4194304";

/// A call that was made, and the lines of the trace in which it began and was done; the second is missing where the process ended first.
#[derive(Debug)]
pub struct Event {
    pub call: Call,
    pub begun: usize,
    pub done: Option<usize>,
}

/// What was called for. Paths are those of the moment.
#[derive(Debug)]
pub enum Call {
    /// A file was opened that is made if it is missing.
    Opened(PathBuf),
    /// A directory was made.
    Directory(PathBuf),
    /// Bytes were written to a place.
    Written(PathBuf, usize, Vec<u8>),
    /// A file was made as long as this.
    Length(PathBuf, usize),
    /// A file or a directory was to be safe when this was done.
    Synced(PathBuf),
    /// A file took another name.
    Renamed(PathBuf, PathBuf),
    /// A file's name was taken away.
    Removed(PathBuf),
    /// Somebody was told something, by a connection or a pipe.
    Told(String, Vec<u8>),
}

/// The command under which a program is traced into a file. The program stays the child of whoever starts it.
pub fn command(file: &Path) -> Vec<String> {
    let mut command: Vec<String> =
        ["strace", "-D", "-f", "-y", "-xx", "-s", MOST, "--seccomp-bpf", "-e", CALLS].map(str::to_owned).to_vec();
    command.extend(["-o".to_owned(), file.to_string_lossy().into_owned()]);
    command
}

/// Whether `strace` is installed and may trace.
pub fn is_there() -> bool {
    let command = command(Path::new("/dev/null"));
    let tried = Command::new(&command[0]).args(&command[1..]).arg("true").stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// What was done in a directory and told to others, in the order in which it was begun. Lines are counted from `first`; answers the
/// number of the line after the last, too.
pub fn read(file: &Path, root: &Path, first: usize) -> (Vec<Event>, usize) {
    let lines = BufReader::new(File::open(file).expect("the trace is there")).split(b'\n');
    lines_of(lines.map(|line| line.expect("the trace can be read")), root, first)
}

/// The same of lines.
pub fn lines_of(lines: impl Iterator<Item = Vec<u8>>, root: &Path, first: usize) -> (Vec<Event>, usize) {
    let mut events = Vec::new();
    let mut broken_off: HashMap<Vec<u8>, (usize, Vec<u8>)> = HashMap::new();
    let mut number = first;
    for line in lines {
        let (process, rest) = parted(&line, b" ").unwrap_or((&line, b""));
        let rest = rest.trim_ascii();
        if let Some(begun) = rest.strip_suffix(b"<unfinished ...>") {
            broken_off.insert(process.to_owned(), (number, begun.to_owned()));
        } else if rest.starts_with(b"<... ") {
            let (begun, mut text) = broken_off.remove(process).expect("what is resumed was begun");
            text.extend_from_slice(parted(rest, b" resumed>").expect("a resumed call").1);
            events.extend(event(&text, root, begun, number));
        } else if !rest.is_empty() && !rest.starts_with(b"+++") && !rest.starts_with(b"---") {
            events.extend(event(rest, root, number, number));
        }
        number += 1;
    }
    for (begun, mut text) in broken_off.into_values() {
        text.extend_from_slice(b") = ?");
        events.extend(event(&text, root, begun, begun));
    }
    events.sort_by_key(|event| event.begun);
    (events, number)
}

/// A whole call; nothing where it failed or is about something else.
fn event(text: &[u8], root: &Path, begun: usize, done: usize) -> Option<Event> {
    let (name, arguments) = parted(text, b"(")?;
    let end = arguments.windows(3).rposition(|part| part == b" = ")?;
    let (arguments, result) = (&arguments[..end], arguments[end + 3..].trim_ascii());
    let ended = result != b"?";
    if result.starts_with(b"-1") {
        return None;
    }
    let call = called(std::str::from_utf8(name).ok()?, arguments, leading(result).filter(|_| ended), root)?;
    Some(Event { call, begun, done: ended.then_some(done) })
}

fn called(name: &str, arguments: &[u8], result: Option<usize>, root: &Path) -> Option<Call> {
    let ours = |path: Vec<u8>| {
        let path = PathBuf::from(OsStr::from_bytes(&path));
        let kept = path.starts_with(root) && !path.to_string_lossy().ends_with("-shm");
        kept.then_some(path)
    };
    let about = || {
        let (opened, rest) = parted(arguments, b"<")?;
        opened.iter().all(u8::is_ascii_digit).then_some(())?;
        // Nothing is found again by a name that it has no more.
        let (path, rest) = parted(rest, b">")?;
        (!rest.starts_with(b"(deleted)")).then(|| plain(path))
    };
    let texts = || quoted(arguments);
    match name {
        "openat" | "creat" => {
            let makes = name == "creat" || arguments.windows(7).any(|part| part == b"O_CREAT");
            let path = ours(texts().0.pop()?).filter(|_| makes)?;
            assert!(!arguments.windows(7).any(|part| part == b"O_TRUNC"), "the replay knows no O_TRUNC: {path:?}");
            Some(Call::Opened(path))
        }
        "mkdir" | "mkdirat" => Some(Call::Directory(ours(texts().0.pop()?)?)),
        "unlink" | "unlinkat" => Some(Call::Removed(ours(texts().0.pop()?)?)),
        "rename" | "renameat" | "renameat2" => {
            let [from, to]: [Vec<u8>; 2] = texts().0.try_into().ok()?;
            Some(Call::Renamed(ours(from)?, ours(to)?))
        }
        "fsync" | "fdatasync" => ours(about()?).map(Call::Synced),
        "ftruncate" => Some(Call::Length(ours(about()?)?, leading(parted(arguments, b">, ")?.1)?)),
        "pwrite64" => {
            let path = ours(about()?)?;
            let (mut texts, rest) = texts();
            let mut bytes = texts.pop()?;
            let numbers: Vec<usize> = rest.split(|byte| *byte == b',').filter_map(leading).collect();
            let [count, at] = numbers[..] else { panic!("{name} of {path:?} is cut short in the trace") };
            assert_eq!(bytes.len(), count, "{name} of {path:?} is cut short in the trace");
            bytes.truncate(result.unwrap_or(count));
            Some(Call::Written(path, at, bytes))
        }
        _ => {
            let path = about()?;
            if path.starts_with(b"socket:") || path.starts_with(b"TCP") || path.starts_with(b"pipe:") {
                let mut bytes = texts().0.concat();
                bytes.truncate(result?);
                return Some(Call::Told(String::from_utf8_lossy(&path).into_owned(), bytes));
            }
            let path = ours(path)?;
            panic!("the replay does not know {name} of {path:?}")
        }
    }
}

/// Every text in quotes, and what follows the last one.
fn quoted(mut arguments: &[u8]) -> (Vec<Vec<u8>>, &[u8]) {
    let mut texts = Vec::new();
    while let Some((_, rest)) = parted(arguments, b"\"") {
        let (text, rest) = parted(rest, b"\"").expect("a text ends");
        texts.push(plain(text));
        arguments = rest;
    }
    (texts, arguments)
}

/// Bytes that are written as `\x2f`; others stand for themselves.
fn plain(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).expect("a digit");
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(first) = rest.first() {
        match rest {
            [b'\\', b'x', high, low, after @ ..] => {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = &rest[1..];
            }
        }
    }
    bytes
}

/// The number that a text begins with.
fn leading(text: &[u8]) -> Option<usize> {
    let text = text.trim_ascii();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

fn parted<'a>(text: &'a [u8], by: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = match by {
        // The common case, over megabytes.
        [one] => text.iter().position(|byte| byte == one)?,
        _ => text.windows(by.len()).position(|part| part == by)?,
    };
    Some((&text[..at], &text[at + by.len()..]))
}
