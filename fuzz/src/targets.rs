//! What each fuzz target does with its input. An ordinary test replays the corpora through the same functions (`xtask/tests/corpus.rs`).
//!
//! None of them may panic, whatever the input; where a parser promises more than that, the promise is asserted.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use sekisho_catalog::{Catalog, FileKind};
use sekisho_diag::{Problem, Sources, render};
use sekisho_expr::{Expr, Scope};
use sekisho_import::{BuildCollector, PublishedCollector, ResultsCollector};
use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Fact, Observed, Source};
use sekisho_net::message::MessageCollector;
use sekisho_pcap::{CaptureCollector, MudCollector};
use sekisho_sbom::SbomCollector;
use sekisho_version::{order, purl};
use sekisho_vulndb::{Database, DatabaseError, ImportOptions};
use sekisho_yaml::{Document, Limits};
use serde_json::Value;
use time::{Date, OffsetDateTime};

/// A fuzz target.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus and its binary.
pub const TARGETS: [(&str, Target); 19] = [
    ("build_configuration", build_configuration),
    ("capture", capture),
    ("expr", expr),
    ("firmware_file", firmware_file),
    ("firmware_formats", firmware_formats),
    ("firmware_image", firmware_image),
    ("firmware_system", firmware_system),
    ("import", import),
    ("message", message),
    ("mud", mud),
    ("product", product),
    ("published", published),
    ("results", results),
    ("sbom", sbom),
    ("security_txt", security_txt),
    ("version", version),
    ("vulndb_open", vulndb_open),
    ("vulnerabilities", vulnerabilities),
    ("yaml", yaml),
];

static CATALOG: LazyLock<Catalog> = LazyLock::new(sekisho_builtin::catalog);
static SCHEMAS: LazyLock<Vec<Value>> = LazyLock::new(|| FileKind::ALL.map(sekisho_catalog::schema).to_vec());

/// Any file as YAML: parsed, held against every schema, turned into JSON, which is YAML again and means the same.
pub fn yaml(data: &[u8]) {
    let limits = Limits { bytes: 64 << 10, nodes: 20_000, problems: 20, ..Limits::default() };
    match Document::parse(FILE, data, &limits) {
        Ok(document) => {
            for schema in SCHEMAS.iter() {
                show(&document.validate(schema), data);
            }
            let json = document.to_json();
            let text = escaped(&json.to_string());
            // Escapes make a text longer, and JSON has no aliases.
            let limits = Limits { bytes: 8 << 20, nodes: 100_000, ..limits };
            let again = Document::parse(FILE, &text, &limits).map(|document| document.to_json());
            assert_eq!(again.as_ref(), Ok(&json), "{text}");
        }
        Err(problems) => show(&problems.0, data),
    }
}

/// The first line says what the condition speaks of: `traits` or a fact's name; the second is a fact's value as JSON (or empty); the rest
/// is the condition. What compiles is evaluated and printed, and what is printed compiles to the same.
pub fn expr(data: &[u8]) {
    static SCOPES: LazyLock<Vec<(&str, Scope)>> = LazyLock::new(|| {
        let facts = Observed::NAMES.into_iter().filter_map(|name| Some((name, sekisho_catalog::check_scope(name)?)));
        std::iter::once(("traits", sekisho_catalog::trait_scope())).chain(facts).collect()
    });
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let (Some(about), Some(value), Some(source)) = (lines.next(), lines.next(), lines.next()) else { return };
    let Some((_, scope)) = SCOPES.iter().find(|(name, _)| *name == about) else { return };
    let value: Value = serde_json::from_str(value).unwrap_or(Value::Null);
    match Expr::compile(source, scope) {
        Ok(expr) => {
            let _ = expr.eval_bool(&[("value", &value)]);
            let unknown = expr.eval_traits(&|_| None);
            for known in [false, true] {
                let answer = expr.eval_traits(&|_| Some(known));
                assert!(
                    unknown.is_none() || unknown == answer,
                    "what does not depend on the unknown stays so when it is known"
                );
            }
            let _ = (expr.variables(), expr.fields());
            let printed = expr.to_string();
            let again = Expr::compile(&printed, scope).map(|expr| expr.to_string());
            assert!(again.as_ref() == Ok(&printed) || printed.len() > sekisho_expr::MAX_SOURCE, "{printed}\n{again:?}");
        }
        Err(errors) => assert!(!errors.is_empty()),
    }
}

/// A product file against the schema and the catalog; a good one is assessed without evidence.
pub fn product(data: &[u8]) {
    if data.len() > 64 << 10 {
        return;
    }
    match sekisho_catalog::read_product(FILE, data, &CATALOG) {
        Ok((product, warnings)) => {
            show(&warnings, data);
            let request = sekisho_assess::Request { product: &product, now: OffsetDateTime::UNIX_EPOCH, tool: "fuzz" };
            let assessment = sekisho_assess::assess(&CATALOG, request, sekisho_assess::Evidence::default());
            assert!(assessment.is_ok(), "the built-in catalog's checks compile");
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            show(&problems, data);
        }
    }
}

/// Versions, one a line: the order is total, and package URLs survive being taken apart and put together.
pub fn version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines: Vec<&str> = text.lines().take(8).collect();
    for a in &lines {
        assert_eq!(order::compare(a, a), Ordering::Equal);
        assert!(a.contains(order::upstream(a)));
        for b in &lines {
            assert_eq!(order::compare(a, b), order::compare(b, a).reverse(), "{a:?} {b:?}");
            for c in &lines {
                if order::compare(a, b).is_le() && order::compare(b, c).is_le() {
                    assert!(order::compare(a, c).is_le(), "{a:?} {b:?} {c:?}");
                }
            }
        }
        if let Some(parts) = purl::parse(a)
            && let Some(built) =
                purl::build(&parts.kind, parts.namespace.as_deref(), &parts.name, parts.version.as_deref())
        {
            // The qualifiers are not among what is built.
            let parts = purl::Purl { distribution: None, epoch: None, upstream: None, ..parts };
            assert_eq!(purl::parse(&built).as_ref(), Some(&parts), "{built}");
        }
    }
}

/// Every reader of a format, as if its signature had been found at the beginning.
pub fn firmware_formats(data: &[u8]) {
    sekisho_firmware::entry_points::formats(data);
}

/// Every inspector of single files. The first line is the file's path.
pub fn firmware_file(data: &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(data.len());
    let path = String::from_utf8_lossy(&data[..end]);
    sekisho_firmware::entry_points::file(&path, data.get(end + 1..).unwrap_or_default());
}

/// A whole image.
pub fn firmware_image(data: &[u8]) {
    assert!(sekisho_firmware::entry_points::image(data).is_ok(), "data in memory can be read");
}

/// Every inspector of whole systems, on text files that each begin with a line `=== PATH`.
pub fn firmware_system(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let files: Vec<(&str, &str)> =
        text.split("=== ").skip(1).take(64).map(|file| file.split_once('\n').unwrap_or((file, ""))).collect();
    sekisho_firmware::entry_points::system(&files);
}

/// A bill of materials of whatever format.
pub fn sbom(data: &[u8]) {
    let limits =
        sekisho_sbom::Limits { components: 500, relationships: 2_000, entries: 16, gaps: 20, ..Default::default() };
    let collector = SbomCollector::new(Date::MAX).with_limits(limits);
    match collector.read(data, FILE, "device", &|_| ()) {
        Ok(collection) => {
            assert_eq!(collection.facts.iter().filter(|fact| fact.observed.name() == "sbom").count(), 1);
            assert!(collection.facts.len() <= 501, "{} facts", collection.facts.len());
        }
        Err(problem) => show(&[problem], data),
    }
}

/// A capture: the same bytes give the same facts, no more of them than the limits allow, and what was cut short is said.
pub fn capture(data: &[u8]) {
    let limits = sekisho_pcap::Limits {
        frame: 2 << 20,
        open_flows: 16,
        stream: 4 << 10,
        payload: 32 << 10,
        conversations: 32,
        names: 16,
        findings: 8,
        ..Default::default()
    };
    let read = || CaptureCollector::default().with_limits(limits).read(data, FILE, "device", &|_| ());
    match read() {
        Ok(collection) => {
            assert_eq!(read().as_ref(), Ok(&collection));
            assert_eq!(collection.artefact.size, Some(data.len() as u64));
            // A capture, stations, flows and their destinations, and three kinds of findings.
            assert!(collection.facts.len() <= 1 + 16 + 2 * 32 + 3 * 8, "{} facts", collection.facts.len());
            let said = |c: &sekisho_model::coverage::Coverage| {
                c.gaps.is_empty() == (c.extent == sekisho_model::coverage::Extent::Complete)
            };
            assert!(collection.coverage.iter().all(said), "{:?}", collection.coverage);
        }
        Err(problem) => show(&[problem], data),
    }
}

/// A MUD file: what was read is written, and reads back the same but for what was not understood.
pub fn mud(data: &[u8]) {
    let limits = sekisho_pcap::Limits { mud: 256 << 10, rules: 200, problems: 20, ..Default::default() };
    match sekisho_pcap::mud::read(data, FILE, &limits) {
        Ok((mud, problems)) => {
            show(&problems, data);
            let sound = problems.iter().all(|problem| problem.severity != sekisho_diag::Severity::Error);
            if sound && mud.form == sekisho_pcap::mud::Form::Rfc8520 {
                let text = sekisho_pcap::mud::write(&mud).to_string();
                let again = sekisho_pcap::mud::read(text.as_bytes(), FILE, &limits);
                assert!(again.is_ok(), "{text}\n{again:?}");
            }
            assert!(MudCollector::default().read(data, FILE, "device").is_ok());
        }
        Err(problem) => show(&[problem], data),
    }
}

/// Results of another tool, whichever it is.
pub fn results(data: &[u8]) {
    let limits = sekisho_import::Limits { values: 20_000, facts: 300, gaps: 20, text: 200, ..Default::default() };
    let collector =
        ResultsCollector::new(OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000)).with_limits(limits);
    let read = || collector.read(data, FILE, "device", &|_| ());
    match read() {
        Ok(collection) => {
            assert_eq!(read().as_ref(), Ok(&collection));
            sound(&collection, &Aspect::RESULTS, data, 300, 21);
        }
        Err(problem) => show(&[problem], data),
    }
}

/// The configuration of a build. The first line is the file's name, for some are told by it.
pub fn build_configuration(data: &[u8]) {
    let limits = sekisho_import::Limits { facts: 300, gaps: 20, text: 200, ..Default::default() };
    let (name, data) = first_line(data);
    let read = || BuildCollector::default().with_limits(limits).read(data, &name, "device", &|_| ());
    match read() {
        Ok(collection) => {
            assert_eq!(read().as_ref(), Ok(&collection));
            sound(&collection, &Aspect::BUILD, data, 300, 21);
        }
        Err(problem) => show(&[problem], data),
    }
}

/// A published document.
pub fn published(data: &[u8]) {
    // Where the reader of PDF panics, that is contained and becomes a gap; libFuzzer's hook would end at it. What gets out ends all the same.
    static CONTAINED: std::sync::Once = std::sync::Once::new();
    if cfg!(fuzzing) {
        CONTAINED.call_once(|| drop(std::panic::take_hook()));
    }
    let limits = sekisho_import::Limits { facts: 100, gaps: 20, text: 200, drawings: 20_000, ..Default::default() };
    let read = || PublishedCollector::default().with_limits(limits).read(data, FILE, "device");
    let collection = read();
    assert_eq!(read(), collection);
    sound(&collection, &Aspect::PUBLISHED, data, 100, 21);
}

/// A message of mail. The first two lines are the key records of the example of RFC 8463: selectors `brisbane` and `test`.
pub fn message(data: &[u8]) {
    let (brisbane, data) = first_line(data);
    let (test, data) = first_line(data);
    let key = |selector: &str, text| (("football.example.com".to_owned(), selector.to_owned()), text);
    let keys = [key("brisbane", brisbane), key("test", test)].into();
    let collector = MessageCollector::default().with_keys(keys);
    let collection = collector.read(data, FILE, "device");
    assert_eq!(collector.read(data, FILE, "device"), collection);
    // A gap for each of 20 signatures, for further ones, and for the header.
    sound(&collection, &Aspect::MESSAGE, data, 1, 22);
}

/// A `security.txt`.
pub fn security_txt(data: &[u8]) {
    let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
    let text = String::from_utf8_lossy(data);
    let read = sekisho_net::domain::security_txt::read(&text, "https://example.com/.well-known/security.txt", now);
    assert_eq!(read.valid, read.problems.iter().all(|problem| problem == "expires-late"), "{read:?}");
    assert!(read.days_left.is_none() || read.expires.is_some(), "{read:?}");
    let lists = [&read.problems, &read.contacts, &read.policies, &read.languages];
    assert!(lists.iter().all(|list| list.len() <= 20), "{read:?}");
    let fact = Fact {
        observed: Observed::SecurityTxt(Box::new(read)),
        subject: "device".to_owned(),
        source: Source::default(),
    };
    written(&fact, data);
}

/// A standard to import, as each of the formats; what is accepted is a document that the lint accepts.
pub fn import(data: &[u8]) {
    use sekisho_exchange::{ControlIds, ImportFormat, ImportRequest};
    let limits = sekisho_exchange::Limits {
        bytes: 256 << 10,
        unpacked: 2 << 20,
        rows: 200,
        text: 256 << 10,
        problems: 20,
        ..Default::default()
    };
    let request = ImportRequest {
        catalog: &CATALOG,
        file: FILE,
        bytes: data,
        id: "imported",
        title: None,
        publisher: None,
        language: None,
        modality: sekisho_model::catalog::Modality::Must,
        ids: ControlIds::Id,
        sheet: None,
        columns: &[],
        today: OffsetDateTime::UNIX_EPOCH.date(),
        limits: &limits,
    };
    for format in [ImportFormat::Oscal, ImportFormat::Csv, ImportFormat::Xlsx] {
        match sekisho_exchange::import(format, request) {
            Ok(imported) => {
                show(&imported.notes, data);
                let yaml = Document::parse(FILE, &imported.yaml, &Limits::default());
                let found = yaml.as_ref().map(|yaml| yaml.validate(&sekisho_catalog::schema(FileKind::Document)));
                let errors = found.iter().flatten().filter(|problem| problem.code != "too-short").count();
                assert_eq!((yaml.is_ok(), errors), (true, 0), "{found:?}\n{}", imported.yaml);
            }
            Err(problems) => {
                assert!(!problems.is_empty());
                show(&problems, data);
            }
        }
    }
}

/// What vulnerability databases publish: given to the reader of every format, and imported as a file into a new database. That is whole, and
/// the same once more changes nothing in it.
pub fn vulnerabilities(data: &[u8]) {
    let limits = sekisho_vulndb::Limits {
        document: 256 << 10,
        decompressed: 4 << 20,
        records: 2_000,
        sorting: 64 << 10,
        list: 200,
        text: 512,
        depth: 4,
    };
    sekisho_vulndb::entry_points::readers(data, &limits);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (input, database) = (folder.path().join("input"), folder.path().join("database"));
    fs::write(&input, data).expect("the folder can be written to");
    let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
    let options = ImportOptions { limits, threads: NonZeroUsize::MIN, ..ImportOptions::new(now.into()) };
    for first in [true, false] {
        let paths = std::slice::from_ref(&input);
        match sekisho_vulndb::import(paths, &database, &options, &mut |_| ControlFlow::Continue(())) {
            Ok(report) if report.read == 0 => assert!(!database.exists(), "nothing was read, and there is a database"),
            Ok(report) => {
                assert!(first || report.added + report.replaced == 0, "{report:?}");
                let sound = Database::open(&database).and_then(|database| database.check());
                assert!(sound.is_ok(), "{sound:?}");
            }
            Err(DatabaseError::TooManyRecords(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// A database file, damaged or not: opened, asked for what its records name, and checked.
pub fn vulndb_open(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("database");
    fs::write(&path, data).expect("the folder can be written to");
    let opened = sekisho_vulndb::entry_points::open(&path);
    assert!(!matches!(opened, Err(DatabaseError::Io { .. })), "a fault of the file taken for one of the system");
}

/// What every collection fulfils: it is of this artefact, has these aspects and no more facts and gaps than the limits allow, says what was
/// cut short, and survives being written down.
fn sound(collection: &Collection, aspects: &[Aspect], data: &[u8], facts: usize, gaps: usize) {
    assert_eq!(collection.artefact.size, Some(data.len() as u64));
    assert!(collection.facts.len() <= facts, "{} facts", collection.facts.len());
    assert!(collection.coverage.iter().map(|coverage| coverage.aspect).eq(aspects.iter().copied()));
    for coverage in &collection.coverage {
        assert_eq!(coverage.gaps.is_empty(), coverage.extent == Extent::Complete, "{coverage:?}");
        assert!(coverage.gaps.len() <= gaps, "{} gaps", coverage.gaps.len());
    }
    collection.facts.iter().for_each(|fact| written(fact, data));
    let text = serde_json::to_string(&collection.coverage).expect("coverage is JSON");
    assert_eq!(serde_json::from_str(&text).ok().as_ref(), Some(&collection.coverage), "{text}");
}

/// A fact is the same after it was written as JSON, and not much longer than what it was read from.
fn written(fact: &Fact, data: &[u8]) {
    let text = serde_json::to_string(fact).expect("a fact is JSON");
    assert!(text.len() <= (16 << 10) + 8 * data.len(), "{} bytes: {text:.1000}", text.len());
    let again = serde_json::from_str::<Fact>(&text);
    assert!(again.as_ref().is_ok_and(|again| again == fact), "{text}\n{again:?}");
}

/// The first line as text, and what follows it.
fn first_line(data: &[u8]) -> (String, &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(data.len());
    (String::from_utf8_lossy(&data[..end]).into_owned(), data.get(end + 1..).unwrap_or_default())
}

/// JSON with the characters escaped that JSON allows and that are refused here even inside quotes.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

/// What the user calls the input.
const FILE: &str = "input";

/// Prints problems as the program would: every place must lie in the text.
fn show(problems: &[Problem], data: &[u8]) {
    let mut sources = Sources::new();
    if let Ok(text) = std::str::from_utf8(data) {
        sources.insert(FILE.to_owned(), text.to_owned());
    }
    for problem in problems {
        assert!(!render(problem, &sources, false).is_empty());
    }
}
