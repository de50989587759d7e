//! A bound on the memory of a process, by a control group of the kernel (Linux).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked how much there is.
const LOOK: Duration = Duration::from_millis(5);

/// A group whose processes together have so much memory and no more: the kernel kills who wants more.
pub struct Cap {
    group: PathBuf,
    files: Files,
}

/// The names of what the kernel tells, in either version of control groups.
struct Files {
    limit: &'static str,
    swap: (&'static str, bool),
    own: &'static str,
    kills: &'static str,
}

const ONE: Files = Files {
    limit: "memory.limit_in_bytes",
    swap: ("memory.memsw.limit_in_bytes", true),
    own: "total_rss",
    kills: "memory.oom_control",
};
const TWO: Files = Files { limit: "memory.max", swap: ("memory.swap.max", false), own: "anon", kills: "memory.events" };

impl Cap {
    /// A group of so many MiB; `None` where none may be made.
    #[must_use]
    pub fn of(mebibytes: u64) -> Option<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("framdrift-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        [("/sys/fs/cgroup/memory", ONE), ("/sys/fs/cgroup", TWO)].into_iter().find_map(|(above, files)| {
            let cap = Self { group: Path::new(above).join(&name), files };
            fs::create_dir(&cap.group).ok()?;
            // Made below a directory that is none of the kernel's, it would bound nothing; what is not kept is removed.
            cap.write(cap.files.limit, mebibytes << 20)?;
            let (swap, with_memory) = cap.files.swap;
            // Where the kernel does not count swap there is nothing to bound.
            let _ = cap.write(swap, if with_memory { mebibytes << 20 } else { 0 });
            cap.lets_in().then_some(cap)
        })
    }

    fn write(&self, file: &str, number: u64) -> Option<()> {
        let file = self.group.join(file);
        file.exists().then(|| fs::write(file, number.to_string()).ok()).flatten()
    }

    /// The command that becomes a program in this group.
    #[must_use]
    pub fn command(&self) -> [String; 3] {
        let enter = format!("echo $$ > {}/cgroup.procs && exec \"$0\" \"$@\"", self.group.display());
        ["sh".to_owned(), "-c".to_owned(), enter]
    }

    /// Whether a process may enter: who may make a group need not be allowed to move into it.
    fn lets_in(&self) -> bool {
        let [shell, flag, enter] = self.command();
        let entered = Command::new(shell).args([flag.as_str(), &enter, "true"]).stderr(Stdio::null()).status();
        entered.is_ok_and(|status| status.success())
    }

    /// What the processes hold, in bytes, without what the kernel keeps of their files.
    #[must_use]
    pub fn own(&self) -> u64 {
        told(&self.group.join("memory.stat"), self.files.own)
    }

    /// How many processes the kernel has killed for wanting more.
    #[must_use]
    pub fn kills(&self) -> u64 {
        told(&self.group.join(self.files.kills), "oom_kill")
    }

    /// Looks from now on how much the processes hold at most.
    #[must_use]
    pub fn peak(&self) -> Peak {
        let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (group, own) = (self.group.join("memory.stat"), self.files.own);
        let looks = {
            let (most, over) = (Arc::clone(&most), Arc::clone(&over));
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    most.fetch_max(told(&group, own), Ordering::Relaxed);
                    std::thread::sleep(LOOK);
                }
            })
        };
        Peak { most, over, looks: Some(looks) }
    }
}

impl Drop for Cap {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}

/// Somebody who looks how much memory is held.
pub struct Peak {
    most: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    looks: Option<JoinHandle<()>>,
}

impl Peak {
    /// The most that was held since the last time that this was asked, in MiB.
    #[must_use]
    pub fn mebibytes(&self) -> u64 {
        self.most.swap(0, Ordering::Relaxed) >> 20
    }
}

impl Drop for Peak {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.looks.take().map(JoinHandle::join);
    }
}

/// The number behind a name in a file of the kernel's.
fn told(file: &Path, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok()).unwrap_or_default()
}
