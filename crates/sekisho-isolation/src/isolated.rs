//! The parent's side: a [`Collector`] that lets a worker do it.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed};

use crate::confine::{Bounds, Layer};
use crate::message::Message;

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// The program: this one, as a rule.
    pub program: PathBuf,
    /// Its arguments, in front of the artefact's path.
    pub arguments: Vec<OsString>,
}

/// A collector whose work is done by a confined process.
#[derive(Debug)]
pub struct Isolated {
    reads: ArtefactKind,
    aspects: &'static [Aspect],
    start: Start,
    bounds: Bounds,
    missing: Mutex<Vec<Layer>>,
}

/// Bytes of one line: no collection is as large, and a worker that was taken over shall not fill the parent's memory.
const LINE: u64 = 512 << 20;
/// Bytes of what a worker complains of that are kept.
const COMPLAINT: u64 = 4096;

impl Isolated {
    /// A collector of `reads`; `aspects` are those that it has to answer for.
    pub fn new(reads: ArtefactKind, aspects: &'static [Aspect], start: Start, bounds: Bounds) -> Self {
        Self { reads, aspects, start, bounds, missing: Mutex::default() }
    }

    /// The layers of confinement that the system did not offer the last time.
    pub fn missing(&self) -> Vec<Layer> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The collection of a worker that did not get to its end.
    fn partial(&self, artefact: Artefact, mut facts: Vec<Fact>, reason: &Text) -> Collection {
        let Artefact { name, subject, .. } = &artefact;
        sort(&mut facts);
        let cover = |&aspect: &Aspect| Coverage {
            aspect,
            subject: subject.clone(),
            artefact: name.clone(),
            extent: if facts.is_empty() { Extent::None } else { Extent::Partial },
            gaps: vec![Gap { path: None, offset: None, reason: reason.clone() }],
        };
        let coverage = self.aspects.iter().map(cover).collect();
        Collection { coverage, facts, artefact }
    }
}

/// As collectors sort: by kind of fact, then by place.
fn sort(facts: &mut Vec<Fact>) {
    let rank = |fact: &Fact| Observed::NAMES.iter().position(|name| *name == fact.observed.name());
    facts.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.source.cmp(&b.source)).then_with(|| a.cmp(b)));
    facts.dedup();
}

impl Collector for Isolated {
    fn reads(&self) -> ArtefactKind {
        self.reads
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        // Asked here, so that what is plainly wrong is said without a worker.
        let metadata = std::fs::metadata(path).map_err(failed)?;
        let size = metadata.is_file().then_some(metadata.len());
        let path = std::path::absolute(path).map_err(failed)?;
        let mut worker = Worker::start(&self.start, &path).map_err(failed)?;
        let outcome = worker.listen(self.bounds, progress);
        *self.missing.lock().unwrap_or_else(PoisonError::into_inner) = outcome.missing;
        let mine = |facts: &mut [Fact]| {
            for fact in facts {
                name.clone_into(&mut fact.source.artefact);
                subject.clone_into(&mut fact.subject);
            }
        };
        match outcome.last {
            Some(Message::Done(collection)) => {
                let mut collection = *collection;
                let last = std::mem::replace(&mut collection.facts, outcome.parts);
                collection.facts.extend(last);
                name.clone_into(&mut collection.artefact.name);
                subject.clone_into(&mut collection.artefact.subject);
                mine(&mut collection.facts);
                for coverage in &mut collection.coverage {
                    name.clone_into(&mut coverage.artefact);
                    subject.clone_into(&mut coverage.subject);
                }
                Ok(collection)
            }
            Some(Message::Unreadable { code, words }) => Err(failed(Message::io_error(code, words))),
            Some(Message::Unusable(mut problem)) => {
                // The worker knows the artefact by its path, the user by the name that he gave it.
                let theirs = path.display().to_string();
                problem.message = problem.message.replace(&theirs, name);
                if let Some(place) = &mut problem.place {
                    place.rename(name);
                }
                Err((*problem).into())
            }
            _ => {
                let mut facts = outcome.facts;
                facts.extend(outcome.parts);
                mine(&mut facts);
                let artefact = Artefact {
                    name: name.to_owned(),
                    kind: self.reads,
                    subject: subject.to_owned(),
                    size,
                    sha256: None,
                    made: None,
                };
                Ok(self.partial(artefact, facts, &outcome.end.reason(&self.bounds)))
            }
        }
    }
}

/// What a worker told, and how it ended.
struct Outcome {
    missing: Vec<Layer>,
    facts: Vec<Fact>,
    /// The collection's facts as far as they were told in parts.
    parts: Vec<Fact>,
    last: Option<Message>,
    end: End,
}

/// How a worker ended.
enum End {
    /// By itself or by a signal.
    Exited(io::Result<ExitStatus>, String),
    /// Its time was over.
    TimeIsOver,
}

impl End {
    fn reason(&self, bounds: &Bounds) -> Text {
        const MEMORY: &str = "memory allocation of";
        let seconds = bounds.time.as_secs();
        let mib = bounds.memory >> 20;
        match self {
            Self::TimeIsOver => Text::new(
                format!(
                    "the process that read the artefact was ended after {seconds} s; what it had found by then is kept"
                ),
                format!("対象ファイルを読み取るプロセスを{seconds}秒で打ち切った（それまでに得た結果は採用）"),
            ),
            Self::Exited(_, complaint) if complaint.contains(MEMORY) => Text::new(
                format!(
                    "the process that read the artefact needed more than {mib} MiB of memory; what it had found by then is kept"
                ),
                format!(
                    "対象ファイルを読み取るプロセスのメモリーが上限（{mib} MiB）を超えた（それまでに得た結果は採用）"
                ),
            ),
            Self::Exited(status, complaint) => {
                let how = status.as_ref().map_or_else(ToString::to_string, ToString::to_string);
                let said = complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                Text::new(
                    format!(
                        "the process that read the artefact failed ({how}{said}); what it had found by then is kept"
                    ),
                    format!("対象ファイルを読み取るプロセスが異常終了した（{how}{said}。それまでに得た結果は採用）"),
                )
            }
        }
    }
}

/// A worker that runs. It is ended when this is dropped.
struct Worker {
    child: Child,
}

impl Worker {
    fn start(start: &Start, artefact: &Path) -> io::Result<Self> {
        let child = Command::new(&start.program)
            .args(&start.arguments)
            .arg(artefact)
            // Nothing of the user's surroundings is its business.
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self { child })
    }

    fn listen(&mut self, bounds: Bounds, progress: OnProgress<'_>) -> Outcome {
        let mut outcome = Outcome {
            missing: Layer::ALL.to_vec(),
            facts: Vec::new(),
            parts: Vec::new(),
            last: None,
            end: End::TimeIsOver,
        };
        let (Some(stdout), Some(stderr)) = (self.child.stdout.take(), self.child.stderr.take()) else {
            outcome.end = End::Exited(Err(io::Error::other("its output is not to be had")), String::new());
            return outcome;
        };
        let complaint = thread::spawn(move || {
            let mut said = Vec::new();
            let mut stderr = stderr;
            let _ = stderr.by_ref().take(COMPLAINT).read_to_end(&mut said);
            // The rest is read and dropped: a full pipe would hold the worker up.
            let _ = io::copy(&mut stderr, &mut io::sink());
            String::from_utf8_lossy(&said).into_owned()
        });
        let (sender, receiver) = mpsc::sync_channel(16);
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout);
            loop {
                let mut line = Vec::new();
                match lines.by_ref().take(LINE).read_until(b'\n', &mut line) {
                    Ok(n) if n > 0 && line.ends_with(b"\n") => {}
                    _ => break,
                }
                let Ok(message) = serde_json::from_slice::<Message>(&line) else { break };
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let deadline = Instant::now() + bounds.time;
        loop {
            match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Message::Confined(held)) => outcome.missing.retain(|layer| !held.contains(layer)),
                Ok(Message::Step(step)) => progress(Progress::Step(&step)),
                Ok(Message::Bytes(bytes)) => progress(Progress::Bytes(bytes)),
                Ok(Message::Facts(facts)) => {
                    progress(Progress::Facts(&facts));
                    outcome.facts.extend(facts);
                }
                Ok(Message::Part(facts)) => outcome.parts.extend(facts),
                Ok(last) => outcome.last = Some(last),
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    return outcome;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        // Its output has ended, or made no sense.
        let status = self.end_within(deadline);
        outcome.end = End::Exited(status, complaint.join().unwrap_or_default());
        outcome
    }

    /// Waits for the end, and brings it about where it doesn't come by itself.
    fn end_within(&mut self, deadline: Instant) -> io::Result<ExitStatus> {
        const A_MOMENT: std::time::Duration = std::time::Duration::from_secs(2);
        let deadline = deadline.min(Instant::now() + A_MOMENT);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() >= deadline {
                self.child.kill()?;
                return self.child.wait();
            }
            thread::sleep(std::time::Duration::from_millis(1));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
