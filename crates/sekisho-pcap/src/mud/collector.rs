//! Facts of a MUD file.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sekisho_diag::{Place, Problem, Severity};
use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed, SignatureState, Source};
use sekisho_model::traffic::{MudFile, MudRule};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::read::codes;
use super::signature::{self, Signature};
use super::{Direction, Form, Mud, Peer, Rule, read};
use crate::limits::Limits;

/// Reads MUD files.
#[derive(Debug, Clone, Copy, Default)]
pub struct MudCollector {
    limits: Limits,
    now: Option<OffsetDateTime>,
}

impl MudCollector {
    /// The same, which holds the validity of certificates against `now`.
    #[must_use]
    pub fn at(mut self, now: OffsetDateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the file `bytes`, which facts and messages call `name`, of the component `subject`; a signature that lies beside it is not looked at.
    ///
    /// # Errors
    /// Where it is no MUD file.
    pub fn read(&self, bytes: &[u8], name: &str, subject: &str) -> Result<Collection, Problem> {
        self.read_with(bytes, name, subject, |_| None)
    }

    /// The same, with the signature that `signature` gives for what the file says.
    fn read_with(
        &self,
        bytes: &[u8],
        name: &str,
        subject: &str,
        signature: impl FnOnce(&Mud) -> Option<Signature>,
    ) -> Result<Collection, Problem> {
        let (mud, problems) = read(bytes, name, &self.limits)?;
        let mut document = file(&mud, &problems);
        let unverified = signature(&mud).and_then(|signature| signature.hold_against(bytes, self.now, &mut document));
        let source = || Source { artefact: name.to_owned(), ..Source::default() };
        let fact = |observed, source| Fact { observed, subject: subject.to_owned(), source };
        let mut facts = vec![fact(Observed::MudFile(document), source())];
        for list in &mud.lists {
            let direction = mud.direction(&list.name);
            for (index, rule) in list.rules.iter().enumerate() {
                let place = format!("{}[{index}]", list.name);
                let at = Source { path: Some(place), ..source() };
                facts.push(fact(Observed::MudRule(rule_fact(&list.name, rule, direction)), at));
            }
        }
        let artefact = Artefact {
            name: name.to_owned(),
            kind: ArtefactKind::Mud,
            subject: subject.to_owned(),
            size: Some(bytes.len() as u64),
            sha256: Some(crate::hex(&Sha256::digest(bytes))),
            made: mud.last_update.clone().filter(|text| crate::capture::is_rfc3339(text)),
        };
        Ok(Collection { artefact, facts, coverage: coverage(&mud, &problems, unverified, name, subject) })
    }
}

impl Collector for MudCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Mud
    }

    fn beside(&self, path: &Path) -> Vec<PathBuf> {
        signature::beside(path)
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(self.limits.mud.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        let collection = self.read_with(&bytes, name, subject, |mud| {
            signature::choose(path, mud.signature.as_deref()).map(|(path, meant)| Signature::read(&path, meant))
        })?;
        progress(Progress::Bytes(bytes.len() as u64));
        Ok(collection)
    }
}

fn file(mud: &Mud, problems: &[Problem]) -> MudFile {
    MudFile {
        form: match mud.form {
            Form::Rfc8520 => "rfc8520",
            Form::Draft => "draft",
        }
        .to_owned(),
        version: mud.version,
        url: mud.url.clone(),
        https: mud.url.as_ref().map(|url| url.to_ascii_lowercase().starts_with("https://")),
        last_update: mud.last_update.clone(),
        cache_validity: mud.cache_validity,
        supported: mud.supported,
        system_info: mud.system_info.clone(),
        manufacturer: mud.manufacturer.clone(),
        model: mud.model.clone(),
        // The signature is a file of its own: of the file alone all that can be said is that it names one.
        signature: if mud.signature.is_some() { SignatureState::Present } else { SignatureState::Absent },
        rules: mud.lists.iter().map(|list| list.rules.len() as u64).sum(),
        errors: codes(problems, Severity::Error),
        warnings: codes(problems, Severity::Warning),
        ..MudFile::default()
    }
}

fn rule_fact(list: &str, rule: &Rule, direction: Option<Direction>) -> MudRule {
    let port = |ports: Option<super::Ports>| ports.map(|ports| ports.to_string());
    let (device_port, peer_port) = if direction == Some(Direction::ToDevice) {
        (port(rule.destination_port), port(rule.source_port))
    } else {
        (port(rule.source_port), port(rule.destination_port))
    };
    // A rule with several peers is about whoever is all of them: the kinds stand side by side.
    let parts: Vec<(&str, Option<String>)> = rule.peers.iter().map(Peer::parts).collect();
    let peer =
        if parts.is_empty() { "any".to_owned() } else { parts.iter().map(|part| part.0).collect::<Vec<_>>().join("+") };
    let values: Vec<String> = parts.into_iter().filter_map(|part| part.1).collect();
    MudRule {
        list: list.to_owned(),
        rule: rule.name.clone(),
        direction: direction.map(|direction| direction.name().to_owned()),
        peer,
        value: (!values.is_empty()).then(|| values.join(" ")),
        protocol: rule.protocol.map(crate::capture::protocol_name),
        device_port,
        peer_port,
        initiated: rule.initiated.map(|direction| direction.name().to_owned()),
        action: rule.forwarding.map(|forwarding| forwarding.name().to_owned()),
        not_understood: rule.not_understood.clone(),
    }
}

/// What the reader could not make sense of leaves the rules, or the file's own leaves, looked at in part.
fn coverage(mud: &Mud, problems: &[Problem], unverified: Option<Text>, name: &str, subject: &str) -> Vec<Coverage> {
    const OF_RULES: [&str; 11] = [
        "mud-unknown-match",
        "mud-port",
        "mud-prefix",
        "mud-host",
        "mud-protocol",
        "mud-action",
        "mud-direction",
        "mud-missing-list",
        "mud-too-many-rules",
        "mud-extension",
        "mud-wrong-type",
    ];
    let gap = |problem: &Problem| Gap {
        path: match &problem.place {
            Some(Place::Text { line, column, .. }) => Some(format!("{line}:{column}")),
            _ => None,
        },
        offset: None,
        reason: Text::new(
            problem.message.clone(),
            format!("MUDファイルのこの箇所は解釈できない（{}）：{}", problem.code, problem.message),
        ),
    };
    let mut rules: Vec<Gap> = problems.iter().filter(|p| OF_RULES.contains(&&*p.code)).map(gap).collect();
    if mud.lists.is_empty() {
        rules.push(Gap {
            path: None,
            offset: None,
            reason: Text::new("the file has no access lists", "ファイルにアクセスリストがない"),
        });
    }
    let unreadable = ["mud-wrong-type", "mud-number", "mud-duplicate", "mud-version", "mud-extension"];
    let mut file: Vec<Gap> = problems.iter().filter(|p| unreadable.contains(&&*p.code)).map(gap).collect();
    file.extend(unverified.map(|reason| Gap { path: None, offset: None, reason }));
    [(Aspect::MudFile, file), (Aspect::MudRules, rules)]
        .into_iter()
        .map(|(aspect, gaps)| Coverage {
            aspect,
            subject: subject.to_owned(),
            artefact: name.to_owned(),
            extent: if gaps.is_empty() { Extent::Complete } else { Extent::Partial },
            gaps,
        })
        .collect()
}
