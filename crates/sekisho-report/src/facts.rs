//! Facts as people read them: the columns of their tables, and one line each.

use sekisho_model::fact::{FileMode, Observed};
use sekisho_model::vulnerability::{KnownVulnerability, Statement};
use sekisho_model::{Lang, Text};

use crate::bilingual::Bi;
use crate::messages::facts as m;
use crate::messages::vulnerabilities;
use crate::plain::{shortened, size};

mod cell;
mod mail;
mod messaging;
mod network;
mod published;
mod ssh;
mod tls;
mod traffic;
mod web;

pub(crate) use cell::Cell;
use cell::{CELL, flag, maybe, maybe_flag, number, raw, words};

/// What is said of a fact: headings and cells.
type Columns = Vec<(Bi<'static>, Cell)>;

/// What is said of one fact, column by column; the first is what it is about.
pub(crate) fn columns(observed: &Observed) -> Columns {
    match observed {
        Observed::Region(x) => vec![
            (m::FORMAT, raw(&x.format)),
            (m::LENGTH, Cell::Raw(size(x.length))),
            (m::READ, Cell::Word(m::read(x.read))),
            (m::FILES, number(x.files)),
            (m::SIGNED, maybe_flag(x.signed)),
            (m::CHECKSUM, maybe_flag(x.checksum_valid)),
            (m::DETAIL, maybe(x.detail.as_deref())),
        ],
        Observed::Component(x) => vec![
            (m::NAME, raw(&x.name)),
            (m::VERSION, maybe(x.version.as_deref())),
            (m::FOUND_BY, Cell::Word(m::found_by(x.found_by))),
            (m::SUPPLIER, maybe(x.supplier.as_deref())),
            (m::LICENCES, raw(&x.licences.join(", "))),
            (m::IDENTIFIER, maybe(x.purl.as_deref().or(x.cpe.as_deref()))),
        ],
        Observed::Account(x) => vec![
            (m::USER, raw(&x.user)),
            (m::UID, x.uid.map_or(Cell::Empty, |uid| Cell::Raw(uid.to_string()))),
            (m::PASSWORD, Cell::Word(m::password(x.password))),
            (m::KNOWN_PASSWORD, maybe(x.known_password.as_deref())),
            (m::LOGIN, flag(x.login_shell)),
            (m::SCHEME, maybe(x.scheme.as_deref())),
        ],
        Observed::PrivateKey(x) => vec![
            (m::ENCODING, raw(&x.encoding)),
            (m::ALGORITHM, maybe(x.algorithm.as_deref())),
            (m::BITS, x.bits.map_or(Cell::Empty, |bits| Cell::Raw(bits.to_string()))),
            (m::ENCRYPTED, flag(x.encrypted)),
            (m::WELL_KNOWN, maybe(x.well_known.as_deref())),
            (m::USED_BY, raw(&x.used_by.join(", "))),
            (m::COPIES, raw(&x.copies.join(", "))),
        ],
        Observed::Certificate(x) => {
            let mut marks = Vec::new();
            marks.extend(x.self_signed.then_some(m::MARK_SELF_SIGNED));
            marks.extend(x.authority.then_some(m::MARK_AUTHORITY));
            marks.extend(x.trust_store.then_some(m::MARK_TRUST_STORE));
            marks.extend(x.key_in_image.then_some(m::MARK_KEY_IN_IMAGE));
            let bits = x.key_bits.map(|bits| format!(" {bits}")).unwrap_or_default();
            let validity = format!("{} – {}", crate::age::day_of(&x.not_before), crate::age::day_of(&x.not_after));
            vec![
                (m::SUBJECT, raw(&x.subject)),
                (m::ISSUER, raw(&x.issuer)),
                (m::VALID, raw(&validity)),
                (m::EXPIRED, flag(x.expired)),
                (m::MARKS, words(marks)),
                (m::KEY, raw(&format!("{}{bits}", x.key_algorithm))),
                (m::SIGNATURE, raw(&x.signature)),
                (m::WELL_KNOWN, maybe(x.well_known.as_deref())),
                (m::USED_BY, raw(&x.used_by.join(", "))),
            ]
        }
        Observed::Service(x) => vec![
            (m::PROGRAM, raw(&x.program)),
            (m::PROTOCOL, maybe(x.protocol.as_deref())),
            (m::START, Cell::Word(m::start(x.start))),
            (m::LISTENS, raw(&x.listens.join(", "))),
            (m::STARTED_BY, maybe(x.started_by.as_deref())),
            (m::RUNS_AS, maybe(x.user.as_deref())),
            (m::CLEARTEXT, maybe_flag(x.cleartext)),
            (m::COMMAND, maybe(x.command.as_deref())),
        ],
        Observed::Setting(x) => {
            let start = x.start.map_or(Cell::Empty, |start| Cell::Word(m::start(start)));
            vec![
                (m::PROGRAM, raw(&x.program)),
                (m::SETTING, raw(&x.setting)),
                (m::VALUE, raw(&x.value)),
                (m::START, start),
            ]
        }
        Observed::Binary(x) => vec![
            (m::KIND, Cell::Word(m::binary_kind(x.kind))),
            (m::MACHINE, raw(&x.machine)),
            (m::PIE, maybe_flag(x.pie)),
            (m::NX, maybe_flag(x.nx)),
            (m::RELRO, x.relro.map_or(Cell::Empty, |relro| Cell::Word(m::relro(relro)))),
            (m::STACK_PROTECTOR, maybe_flag(x.stack_protector)),
            (m::FORTIFY, maybe_flag(x.fortify)),
            (m::NETWORK_FACING, flag(x.network_facing)),
            (m::RUNPATH, maybe(x.runpath.as_deref())),
            (m::UNSAFE_FUNCTIONS, raw(&x.unsafe_functions.join(", "))),
        ],
        Observed::Credential(x) => vec![
            (m::KIND, raw(&x.kind)),
            (m::NAME, maybe(x.key.as_deref())),
            (m::VALUE, raw(&x.masked)),
            (m::INACTIVE, flag(x.inactive)),
            (m::WORLD_READABLE, flag(x.world_readable)),
        ],
        Observed::Endpoint(x) => {
            vec![(m::ADDRESS, raw(&x.url)), (m::PURPOSE, raw(&x.purpose)), (m::CLEARTEXT, flag(x.cleartext))]
        }
        Observed::FileMode(x) => {
            vec![
                (m::MODE, raw(&x.mode)),
                (m::UID, Cell::Raw(x.uid.to_string())),
                (m::MARKS, words(file_marks(x))),
                (m::CAPABILITIES, raw(&x.capabilities.join(", "))),
            ]
        }
        Observed::UpdateImage(x) => vec![
            (m::FORMAT, raw(&x.format)),
            (m::PRODUCT, maybe(x.product.as_deref())),
            (m::VERSION, maybe(x.version.as_deref())),
            (m::TARGET, maybe(x.target.as_deref())),
            (m::SIGNED, Cell::Word(m::signature(x.signature))),
            (m::SCHEME, maybe(x.scheme.as_deref())),
            (m::ENCRYPTED, maybe_flag(x.encrypted)),
            (m::DIGEST, maybe_flag(x.digest_valid)),
            (m::ROLLBACK, number(x.rollback_counter)),
            (m::SOURCES, raw(&x.sources.join(", "))),
        ],
        Observed::UpdateMechanism(x) => vec![
            (m::MECHANISM, raw(&x.mechanism)),
            (m::VERIFIES, maybe_flag(x.verifies)),
            (m::TRUST_ANCHOR, maybe(x.trust_anchor.as_deref())),
            (m::SOURCES, raw(&x.sources.join(", "))),
            (m::CLEARTEXT, flag(x.cleartext)),
            (m::START, x.start.map_or(Cell::Empty, |start| Cell::Word(m::start(start)))),
        ],
        Observed::DebugInterface(x) => vec![
            (m::KIND, raw(&x.kind)),
            (m::DETAIL, raw(&x.detail)),
            (m::AUTHENTICATED, maybe_flag(x.authenticated)),
            (m::START, x.start.map_or(Cell::Empty, |start| Cell::Word(m::start(start)))),
        ],
        Observed::BuildOption(x) => {
            vec![(m::OPTION, raw(&x.option)), (m::VALUE, raw(&x.value)), (m::SOFTWARE, raw(&x.software))]
        }
        Observed::WritableCode(x) => vec![
            (m::COMMAND, raw(&x.command)),
            (m::MOUNT, raw(&x.mount)),
            (m::FORMAT, maybe(x.filesystem.as_deref())),
            (m::START, Cell::Word(m::start(x.start))),
        ],
        Observed::Hardening(x) => vec![
            (m::COUNTED, number(Some(x.counted))),
            (m::KIND, raw(&x.of)),
            (m::PROGRAMS, number(Some(x.programs))),
            (m::PIE, number(Some(x.pie))),
            (m::NX, number(Some(x.nx))),
            (m::RELRO, number(Some(x.relro_full))),
            (m::STACK_PROTECTOR, number(Some(x.stack_protector))),
            (m::FORTIFY, number(Some(x.fortify))),
        ],
        Observed::Sbom(x) => vec![
            (m::FORMAT, raw(&format!("{} {} ({})", x.format, x.spec_version, x.encoding))),
            (m::MADE, maybe(x.timestamp.as_deref().map(crate::age::minute_of).as_deref())),
            (m::COMPONENTS, number(Some(x.components))),
            (m::WITH_VERSION, number(Some(x.with_version))),
            (m::WITH_SUPPLIER, number(Some(x.with_supplier))),
            (m::WITH_IDENTIFIER, number(Some(x.with_identifier))),
            (m::RELATIONSHIPS, number(Some(x.relationships))),
            (m::MISSING_ELEMENTS, raw(&x.ntia_missing.join(", "))),
        ],
        Observed::ReviewDifference(x) => {
            vec![(m::COMPONENT, raw(&x.component)), (m::REVIEWED, raw(&x.reviewed)), (m::SEEN, raw(&x.seen))]
        }
        Observed::SbomDifference(x) => vec![
            (m::COMPONENT, raw(&x.component)),
            (m::KIND, Cell::Word(m::difference(x.kind))),
            (m::IN_FIRMWARE, maybe(x.in_firmware.as_deref())),
            (m::IN_SBOM, maybe(x.in_sbom.as_deref())),
        ],
        Observed::UndeclaredService(x) => vec![
            (m::PROGRAM, raw(&x.program)),
            (m::PROTOCOL, raw(&x.protocol)),
            (m::START, Cell::Word(m::start(x.start))),
        ],
        Observed::KnownVulnerability(x) => vec![
            (m::VULNERABILITY, raw(&x.id)),
            (m::COMPONENT, raw(&x.component)),
            (m::VERSION, maybe(x.version.as_deref())),
            (m::STANDING, Cell::Word(m::standing(x.standing))),
            (m::FIXED_IN, maybe(x.fixed_in.as_deref())),
            (m::SEVERITY, severity(x)),
            (m::EPSS, maybe(x.epss.as_deref())),
            (m::EXPLOITED, if x.exploited { flag(true) } else { Cell::Empty }),
            (m::EXPOSURE, m::exposure(x.exposure).map_or(Cell::Empty, Cell::Word)),
            (m::CONFIDENCE, Cell::Word(m::confidence(x.confidence))),
            (m::STATED, x.statement.as_ref().map_or(Cell::Empty, stated)),
            (m::WHY, x.because.last().map_or(Cell::Empty, why)),
        ],
        Observed::TrafficCapture(x) => traffic::capture(x),
        Observed::TrafficHost(x) => traffic::host(x),
        Observed::TrafficFlow(x) => traffic::flow(x),
        Observed::TrafficDestination(x) => traffic::destination(x),
        Observed::TrafficCredential(x) => traffic::credential(x),
        Observed::TrafficTls(x) => traffic::tls(x),
        Observed::TrafficCertificate(x) => traffic::certificate(x),
        Observed::MudFile(x) => traffic::mud_file(x),
        Observed::MudRule(x) => traffic::mud_rule(x),
        Observed::UndeclaredDestination(x) => traffic::undeclared(x),
        Observed::NetworkHost(x) => network::host(x),
        Observed::NetworkService(x) => network::service(x),
        Observed::ProbeFailure(x) => network::failure(x),
        Observed::ServiceAccess(x) => network::access(x),
        Observed::UndeclaredListener(x) => network::undeclared(x),
        Observed::InternetService(x) => network::reached(x),
        Observed::DeclarationDifference(x) => network::difference(x),
        Observed::LoginLimit(x) => network::login_limit(x),
        Observed::DefaultLogin(x) => network::default_login(x),
        Observed::TlsServer(x) => tls::server(x),
        Observed::TlsSuite(x) => tls::suite(x),
        Observed::TlsCertificate(x) => tls::certificate(x),
        Observed::TlsClient(x) => tls::client(x),
        Observed::SshServer(x) => ssh::server(x),
        Observed::SshHostKey(x) => ssh::host_key(x),
        Observed::MqttBroker(x) => messaging::broker(x),
        Observed::CoapServer(x) => messaging::coap_server(x),
        Observed::CoapResource(x) => messaging::coap_resource(x),
        Observed::WebService(x) => web::service(x),
        Observed::WebCookie(x) => web::cookie(x),
        Observed::WebForm(x) => web::form(x),
        Observed::WebSession(x) => web::session(x),
        Observed::WebReflection(x) => web::reflection(x),
        Observed::WebPassword(x) => web::password(x),
        Observed::MailDomain(x) => mail::domain(x),
        Observed::DkimKey(x) => mail::key(x),
        Observed::MailServer(x) => mail::server(x),
        Observed::MailMessage(x) => mail::message(x),
        Observed::SecurityTxt(x) => mail::security_txt(x),
        Observed::PublishedDocument(x) => published::document(x),
        Observed::PublishedPassage(x) => published::passage(x),
        Observed::ToolFinding(x) => published::tool_finding(x),
    }
}

/// How severe a vulnerability is: score and word.
fn severity(vulnerability: &KnownVulnerability) -> Cell {
    let score = vulnerability.score.as_deref().unwrap_or_default();
    match vulnerability.severity {
        None => raw(score),
        Some(severity) => {
            let word = crate::messages::severity(severity);
            let in_language = |lang| format!("{} {}", shortened(score, CELL), word.get(lang)).trim().to_owned();
            Cell::Word(Bi::made(in_language(Lang::En), in_language(Lang::Ja)))
        }
    }
}

/// How it was concluded, shortened as what stands in artefacts is: names of theirs are in it.
fn why(why: &Text) -> Cell {
    Cell::Word(Bi::made(shortened(&why.en, CELL), shortened(&why.ja, CELL)))
}

/// What somebody stated about a vulnerability: what, why, who.
fn stated(statement: &Statement) -> Cell {
    let reason = vulnerabilities::justification(&statement.justification);
    let said = vulnerabilities::stated(&vulnerabilities::status(&statement.status), &shortened(&statement.by, CELL));
    let in_language = |lang| {
        let parts = [said.get(lang).to_owned(), shortened(reason.get(lang), CELL)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    Cell::Word(Bi::made(in_language(Lang::En), in_language(Lang::Ja)))
}

fn file_marks(mode: &FileMode) -> Vec<Bi<'static>> {
    let marks = [
        (mode.setuid, m::MARK_SETUID),
        (mode.setgid, m::MARK_SETGID),
        (mode.world_writable, m::MARK_WORLD_WRITABLE),
        (mode.directory, m::MARK_DIRECTORY),
        (mode.executable, m::MARK_EXECUTABLE),
        (mode.shell, m::MARK_SHELL),
    ];
    marks.into_iter().filter_map(|(set, mark)| set.then_some(mark)).collect()
}

/// A fact in one line: `Account: root · Password: none needed`. Columns that say nothing or say no are left out.
pub(crate) fn line(observed: &Observed) -> Bi<'static> {
    let parts = columns(observed);
    let in_language = |lang: Lang| {
        let said = parts.iter().enumerate().filter_map(|(i, (heading, cell))| {
            let value = match cell {
                Cell::Empty => return None,
                Cell::Raw(text) => text.clone(),
                Cell::Word(word) => word.get(lang).to_owned(),
                Cell::Words(words) => words.iter().map(|word| word.get(lang)).collect::<Vec<_>>().join(", "),
            };
            Some(if i == 0 { value } else { format!("{}: {value}", heading.get(lang)) })
        });
        said.take(LINE_PARTS).collect::<Vec<_>>().join(" · ")
    };
    Bi::made(in_language(Lang::En), in_language(Lang::Ja))
}

/// What changed in one fact: `busybox · Version: 1.30.1 → 1.36.0`; none where no column shows it.
pub(crate) fn changed(old: &Observed, new: &Observed, lang: Lang) -> Option<String> {
    let text = |cell: &Cell| match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Raw(text) => text.clone(),
        Cell::Word(word) => word.get(lang).to_owned(),
        Cell::Words(words) => words.iter().map(|word| word.get(lang)).collect::<Vec<_>>().join(", "),
    };
    let (before, after) = (columns(old), columns(new));
    // A setting is told by program and name.
    let names = if matches!(new, Observed::Setting(_)) { 2 } else { 1 };
    let name: Vec<_> = after.iter().take(names).map(|(_, cell)| text(cell)).collect();
    let mut parts = vec![name.join(" ")];
    for ((heading, old), (_, new)) in before.iter().zip(&after) {
        let (old, new) = (text(old), text(new));
        if old != new {
            parts.push(format!("{}: {old} → {new}", heading.get(lang)));
        }
    }
    (parts.len() > 1).then(|| parts.join(" · "))
}

/// How many columns one line has room for.
const LINE_PARTS: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::{Account, PasswordState};

    #[test]
    fn a_fact_is_told_in_one_line() {
        let account = Observed::Account(Account {
            user: "root".into(),
            uid: Some(0),
            password: PasswordState::Empty,
            login_shell: true,
            ..Account::default()
        });
        assert_eq!(line(&account).get(Lang::En), "root · UID: 0 · Password: none needed · Can log in: yes");
        assert_eq!(line(&account).get(Lang::Ja), "root · UID: 0 · パスワード: 不要（空） · ログイン可能: はい");
    }

    #[test]
    fn a_vulnerability_is_told_with_its_severity_and_what_was_stated() {
        use sekisho_model::vulnerability::{Confidence, Standing};
        let vulnerability = Observed::KnownVulnerability(Box::new(KnownVulnerability {
            id: "CVE-2023-38545".into(),
            component: "curl".into(),
            version: Some("8.1.2".into()),
            standing: Standing::NotAffected,
            score: Some("9.8".into()),
            severity: Some(sekisho_model::verdict::Severity::Critical),
            confidence: Confidence::ExactPurl,
            statement: Some(Statement {
                status: "not-affected".into(),
                justification: "code_not_reachable".into(),
                by: "Acme".into(),
                ..Statement::default()
            }),
            ..KnownVulnerability::default()
        }));
        assert_eq!(
            line(&vulnerability).get(Lang::En),
            "CVE-2023-38545 · Component: curl · Version: 8.1.2 · Standing: not affected, as stated · Severity: 9.8 Critical · \
             Match: exact package · Statement (VEX): stated by Acme: not affected · vulnerable code not in the execution path"
        );
        assert_eq!(
            line(&vulnerability).get(Lang::Ja),
            "CVE-2023-38545 · 部品: curl · バージョン: 8.1.2 · 影響の有無: 影響なし（VEXの記載による） · 深刻度: 9.8 緊急 · \
             照合の確度: パッケージ一致 · VEXの記載: Acmeの記載：影響なし · 脆弱なコードが実行されない"
        );
    }
}
