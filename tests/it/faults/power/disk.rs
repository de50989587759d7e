//! What a disk may hold after a loss of power: what was synced before it, and of the rest whatever chance has brought there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use support::dice::Dice;

use super::trace::{Call, Event};

/// What a disk writes whole or not at all, in bytes: of old ones, and of newer ones.
const SECTORS: [usize; 2] = [512, 4096];

/// What becomes of writes that were not synced. Names of files go the same ways.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    /// None came through.
    Lost,
    /// All came through but for the last one of each file, which is torn.
    Torn,
    /// Some came through, in any order.
    Some,
    /// Some came through, some of them torn.
    SomeTorn,
}

/// A disk at a line of the trace.
pub struct Disk<'a> {
    root: PathBuf,
    steps: Vec<(usize, &'a Event)>,
    next: usize,
    /// Every file that there was, whatever its name.
    files: Vec<Kept<'a>>,
    /// Names as the process sees them.
    seen: Names,
    /// Names that are safe.
    safe: Names,
    renamed: Vec<(Naming, Option<usize>)>,
    /// Whether a sync of this file does nothing: to show what would be lost then.
    heedless: fn(&Path) -> bool,
}

/// A directory, or a file by its place in the list.
type Names = BTreeMap<PathBuf, Option<usize>>;

#[derive(Default)]
struct Kept<'a> {
    safe: Vec<u8>,
    unsynced: Vec<(Change<'a>, Option<usize>)>,
}

#[derive(Clone, Copy)]
enum Change<'a> {
    Bytes(usize, &'a [u8]),
    Length(usize),
}

enum Naming {
    Made(PathBuf, Option<usize>),
    Moved(PathBuf, PathBuf),
    Gone(PathBuf),
}

impl<'a> Disk<'a> {
    /// A disk that holds an empty directory, before the first line.
    pub fn new(root: &Path, events: &'a [Event]) -> Self {
        // A sync holds from when it is done; anything else may have reached the disk as soon as it is begun.
        let moment = |event: &Event| match event.call {
            Call::Synced(_) => event.done,
            _ => Some(event.begun),
        };
        let mut steps: Vec<_> = events.iter().filter_map(|event| Some((moment(event)?, event))).collect();
        steps.sort_by_key(|(line, _)| *line);
        let names: Names = [(root.to_owned(), None)].into();
        let (seen, safe) = (names.clone(), names);
        Self {
            root: root.to_owned(),
            steps,
            next: 0,
            files: Vec::new(),
            seen,
            safe,
            renamed: Vec::new(),
            heedless: |_| false,
        }
    }

    /// The same disk where syncs of some files do nothing.
    pub fn heedless_of(self, heedless: fn(&Path) -> bool) -> Self {
        Self { heedless, ..self }
    }

    /// Goes on to a line: what stands in lines before it was begun or done.
    pub fn until(&mut self, line: usize) {
        while let Some((_, event)) = self.steps.get(self.next).copied().filter(|(at, _)| *at < line) {
            self.next += 1;
            self.step(event);
        }
    }

    fn step(&mut self, event: &'a Event) {
        match &event.call {
            Call::Opened(path) => {
                if !self.seen.contains_key(path) {
                    self.files.push(Kept::default());
                    self.named(Naming::Made(path.clone(), Some(self.files.len() - 1)), event.done);
                }
            }
            Call::Directory(path) => self.named(Naming::Made(path.clone(), None), event.done),
            Call::Renamed(from, to) => self.named(Naming::Moved(from.clone(), to.clone()), event.done),
            Call::Removed(path) => self.named(Naming::Gone(path.clone()), event.done),
            Call::Written(path, at, bytes) => self.changed(path, Change::Bytes(*at, bytes), event.done),
            Call::Length(path, length) => self.changed(path, Change::Length(*length), event.done),
            Call::Synced(path) => self.synced(path, event.begun),
            Call::Told(..) => {}
        }
    }

    fn named(&mut self, naming: Naming, done: Option<usize>) {
        naming.applied(&mut self.seen);
        self.renamed.push((naming, done));
    }

    fn changed(&mut self, path: &Path, change: Change<'a>, done: Option<usize>) {
        let Some(Some(file)) = self.seen.get(path) else { panic!("{path:?} was never made") };
        self.files[*file].unsynced.push((change, done));
    }

    /// What was done before a sync was begun is safe when the sync is done: of a directory the names in it, and nothing but them.
    fn synced(&mut self, path: &Path, begun: usize) {
        if (self.heedless)(path) {
            return;
        }
        let before = |done: &Option<usize>| done.is_some_and(|done| done < begun);
        match self.seen.get(path) {
            Some(Some(file)) => {
                let kept = &mut self.files[*file];
                for (change, _) in kept.unsynced.extract_if(.., |(_, done)| before(done)) {
                    change.applied(&mut kept.safe);
                }
            }
            Some(None) => {
                for (naming, _) in self.renamed.extract_if(.., |(naming, done)| before(done) && naming.is_in(path)) {
                    naming.applied(&mut self.safe);
                }
            }
            None => panic!("{path:?} was never made"),
        }
    }

    /// Writes what the disk holds after a loss of power into a directory.
    pub fn image(&self, into: &Path, fate: Fate, dice: &mut Dice) {
        for (path, what) in self.left(fate, dice) {
            let place = into.join(path);
            match what {
                None => fs::create_dir(&place).expect("a directory"),
                Some(bytes) => fs::write(&place, bytes).expect("a file"),
            }
        }
    }

    /// What the disk holds after a loss of power: directories, and files with their bytes.
    pub fn left(&self, fate: Fate, dice: &mut Dice) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut names = self.safe.clone();
        for (naming, _) in &self.renamed {
            if comes(fate, dice) {
                naming.applied(&mut names);
            }
        }
        let mut left: BTreeMap<PathBuf, Option<Vec<u8>>> = BTreeMap::new();
        for (path, what) in &names {
            let Ok(place) = path.strip_prefix(&self.root) else { continue };
            let Some(above) = place.parent() else { continue };
            // What is in a directory that is gone is gone with it.
            if above == Path::new("") || left.get(above) == Some(&None) {
                left.insert(place.to_owned(), what.map(|file| self.files[file].after(fate, dice)));
            }
        }
        left
    }
}

impl Kept<'_> {
    /// The bytes after a loss of power.
    fn after(&self, fate: Fate, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for (place, (change, _)) in self.unsynced.iter().enumerate() {
            if !comes(fate, dice) {
                continue;
            }
            let torn = match fate {
                Fate::Torn => place + 1 == self.unsynced.len(),
                Fate::SomeTorn => dice.below(4) == 0,
                Fate::Lost | Fate::Some => false,
            };
            if torn { change.torn(&mut bytes, dice) } else { change.applied(&mut bytes) }
        }
        bytes
    }
}

impl Change<'_> {
    fn applied(self, file: &mut Vec<u8>) {
        match self {
            Self::Bytes(at, bytes) => {
                if file.len() < at + bytes.len() {
                    file.resize(at + bytes.len(), 0);
                }
                file[at..at + bytes.len()].copy_from_slice(bytes);
            }
            Self::Length(length) => file.resize(length, 0),
        }
    }

    /// Some sectors came through, others did not.
    fn torn(self, file: &mut Vec<u8>, dice: &mut Dice) {
        let Self::Bytes(at, bytes) = self else { return self.applied(file) };
        let sector = *dice.one_of(&SECTORS);
        let mut from = 0;
        while from < bytes.len() {
            let to = (((at + from) / sector + 1) * sector - at).min(bytes.len());
            if dice.below(2) == 0 {
                Change::Bytes(at + from, &bytes[from..to]).applied(file);
            }
            from = to;
        }
    }
}

impl Naming {
    fn applied(&self, names: &mut Names) {
        match self {
            Self::Made(path, what) => drop(names.insert(path.clone(), *what)),
            Self::Gone(path) => drop(names.remove(path)),
            Self::Moved(from, to) => {
                if let Some(what) = names.remove(from) {
                    names.insert(to.clone(), what);
                }
            }
        }
    }

    /// Whether a directory holds it; nothing is moved from one to another here.
    fn is_in(&self, directory: &Path) -> bool {
        let (Self::Made(path, _) | Self::Gone(path) | Self::Moved(_, path)) = self;
        path.parent() == Some(directory)
    }
}

fn comes(fate: Fate, dice: &mut Dice) -> bool {
    match fate {
        Fate::Lost => false,
        Fate::Torn => true,
        Fate::Some | Fate::SomeTorn => dice.below(2) == 0,
    }
}
