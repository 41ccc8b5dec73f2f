//! What changed from one collection of facts to another.
//!
//! A fact of the one side and a fact of the other are about the same thing when they have the same identity: the account's name and file,
//! the component's name and the way it was recognised. Offsets and digests move with every build and say nothing by themselves.

use std::collections::BTreeMap;

use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::difference::{Change, Difference};
use sekisho_model::fact::{Fact, Observed};

/// The changes from `old` to `new`.
pub fn difference(old: Collection, new: Collection) -> Difference {
    let mut unsure: Vec<Aspect> = [&old, &new]
        .into_iter()
        .flat_map(|side| &side.coverage)
        .filter(|coverage| coverage.extent != Extent::Complete)
        .map(|coverage| coverage.aspect)
        .collect();
    unsure.sort_unstable();
    unsure.dedup();

    let mut sides: BTreeMap<Identity, (Vec<Fact>, Vec<Fact>)> = BTreeMap::new();
    for fact in old.facts {
        sides.entry(identity(&fact)).or_default().0.push(fact);
    }
    for fact in new.facts {
        sides.entry(identity(&fact)).or_default().1.push(fact);
    }
    let mut changes = Vec::new();
    let mut other_content = 0;
    for (mut before, mut after) in sides.into_values() {
        // What both have is paired off first, wherever it stands among facts of the same identity.
        before.retain(|old| {
            let same = after.iter().position(|new| says(new) == says(old));
            if let Some(same) = same {
                let new = after.remove(same);
                other_content +=
                    u64::from(matches!(new.observed, Observed::Binary(_)) && new.source.sha256 != old.source.sha256);
            }
            same.is_none()
        });
        let mut after = after.into_iter();
        for old in before {
            changes.push(match after.next() {
                Some(new) => Change::Changed { old: Box::new(old), new: Box::new(new) },
                None => Change::Removed { old: Box::new(old) },
            });
        }
        changes.extend(after.map(|new| Change::Added { new: Box::new(new) }));
    }
    Difference { old: old.artefact, new: new.artefact, changes, unsure, other_content }
}

/// What a fact says, without what moves with every build.
fn says(fact: &Fact) -> Observed {
    match fact.observed.clone() {
        Observed::Region(mut region) => {
            region.length = 0;
            Observed::Region(region)
        }
        Observed::Component(mut component) => {
            component.hashes.clear();
            Observed::Component(component)
        }
        other => other,
    }
}

/// What a fact is about: the rank of its kind, and names within that.
type Identity = (usize, Vec<String>);

fn identity(fact: &Fact) -> Identity {
    let rank = Observed::NAMES.iter().position(|name| *name == fact.observed.name()).unwrap_or(usize::MAX);
    let path = || fact.source.path.clone().unwrap_or_default();
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
    let names = match &fact.observed {
        Observed::Region(x) => vec![x.format.clone(), path(), nest(fact)],
        Observed::Component(x) => vec![x.name.clone(), format!("{:?}", x.found_by), path()],
        Observed::Account(x) => vec![x.user.clone(), path()],
        // The same key in another file is another matter than another key in the same file.
        Observed::PrivateKey(x) => vec![path(), x.encoding.clone()],
        Observed::Certificate(x) => vec![x.subject.clone(), path()],
        Observed::Service(x) => vec![x.program.clone(), maybe(&x.started_by), path()],
        Observed::Setting(x) => vec![x.program.clone(), x.setting.clone(), path()],
        Observed::Binary(_) | Observed::FileMode(_) => vec![path()],
        Observed::Credential(x) => vec![path(), x.kind.clone(), maybe(&x.key)],
        Observed::Endpoint(x) => vec![x.url.clone(), path()],
        Observed::UpdateImage(x) => vec![x.format.clone(), path(), nest(fact)],
        Observed::UpdateMechanism(x) => vec![x.mechanism.clone()],
        Observed::DebugInterface(x) => vec![x.kind.clone(), path()],
        Observed::BuildOption(x) => vec![x.software.clone(), x.option.clone()],
        Observed::WritableCode(x) => vec![x.command.clone(), path()],
        Observed::Hardening(x) => vec![x.of.clone()],
        Observed::Sbom(x) => vec![maybe(&x.describes)],
        Observed::SbomDifference(x) => vec![x.component.clone()],
        Observed::UndeclaredService(x) => vec![x.program.clone(), x.protocol.clone()],
        Observed::KnownVulnerability(x) => vec![x.id.clone(), x.component.clone()],
        Observed::TrafficCapture(_) | Observed::MudFile(_) => Vec::new(),
        Observed::TrafficHost(x) => vec![x.mac.clone().unwrap_or_else(|| x.address.clone())],
        Observed::TrafficFlow(x) => {
            let to = x.name.clone().unwrap_or_else(|| x.to.clone());
            vec![x.from.clone(), to, x.transport.clone(), port(x.port), maybe(&x.protocol)]
        }
        Observed::TrafficDestination(x) => vec![x.from.clone(), x.host.clone()],
        Observed::TrafficCredential(x) => vec![x.kind.clone(), x.from.clone(), x.to.clone(), port(Some(x.port))],
        Observed::TrafficTls(x) => {
            let server = x.server_name.clone().unwrap_or_else(|| x.server.clone());
            vec![x.client.clone(), server, port(Some(x.port))]
        }
        Observed::TrafficCertificate(x) => vec![x.subject.clone(), x.presented_by.clone(), port(Some(x.port))],
        Observed::MudRule(x) => vec![x.list.clone(), x.rule.clone()],
        Observed::UndeclaredDestination(x) => vec![x.from.clone(), x.host.clone(), x.service.clone()],
        Observed::NetworkHost(x) => vec![x.address.clone()],
        Observed::NetworkService(x) => vec![x.address.clone(), x.transport.clone(), port(Some(x.port))],
        Observed::ProbeFailure(x) => vec![x.address.clone(), maybe(&x.transport), port(x.port), x.probe.clone()],
        Observed::ServiceAccess(x) => {
            vec![x.address.clone(), x.transport.clone(), port(Some(x.port)), x.protocol.clone(), x.attempt.clone()]
        }
        Observed::UndeclaredListener(x) => vec![x.address.clone(), x.transport.clone(), port(Some(x.port))],
        Observed::InternetService(x) => vec![x.address.clone(), x.transport.clone(), port(Some(x.port))],
        Observed::DeclarationDifference(x) => {
            vec![x.about.clone(), x.of.clone(), x.address.clone(), x.transport.clone(), port(Some(x.port))]
        }
        Observed::ReviewDifference(x) => vec![x.component.clone(), x.seen.clone()],
        Observed::LoginLimit(x) => vec![x.address.clone(), port(Some(x.port)), x.protocol.clone()],
        Observed::DefaultLogin(x) => {
            vec![x.address.clone(), port(Some(x.port)), x.protocol.clone(), x.user.clone(), x.masked.clone()]
        }
        Observed::TlsServer(x) => {
            vec![x.address.clone(), x.transport.clone(), port(Some(x.port)), maybe(&x.server_name)]
        }
        Observed::TlsSuite(x) => {
            vec![x.address.clone(), x.transport.clone(), port(Some(x.port)), x.version.clone(), x.code.clone()]
        }
        Observed::TlsCertificate(x) => {
            vec![x.address.clone(), x.transport.clone(), port(Some(x.port)), x.position.to_string()]
        }
        Observed::TlsClient(x) => vec![x.client.clone(), x.presented.clone(), maybe(&x.server_name)],
        Observed::SshServer(x) => vec![x.address.clone(), port(Some(x.port))],
        Observed::SshHostKey(x) => vec![x.address.clone(), port(Some(x.port)), x.kind.clone()],
        Observed::MqttBroker(x) => vec![x.address.clone(), port(Some(x.port))],
        Observed::CoapServer(x) => vec![x.address.clone(), x.transport.clone(), port(Some(x.port))],
        Observed::CoapResource(x) => vec![x.address.clone(), maybe(&x.transport), port(Some(x.port)), x.path.clone()],
        Observed::WebService(x) => vec![x.url.clone()],
        Observed::WebCookie(x) => vec![x.url.clone(), x.cookie.clone()],
        Observed::WebForm(x) => vec![x.url.clone(), x.action.clone(), x.method.clone(), x.logged_in.to_string()],
        Observed::WebSession(x) => vec![x.url.clone(), x.user.clone()],
        Observed::WebReflection(x) => vec![x.url.clone(), x.parameter.clone()],
        Observed::WebPassword(x) => vec![x.url.clone(), x.tried.clone()],
        Observed::MailDomain(x) => vec![x.domain.clone()],
        Observed::DkimKey(x) => vec![x.domain.clone(), x.selector.clone()],
        Observed::MailServer(x) => vec![x.domain.clone(), x.host.clone()],
        Observed::MailMessage(x) => vec![x.domain.clone(), path()],
        Observed::SecurityTxt(x) => vec![x.url.clone()],
        Observed::PublishedDocument(x) => vec![x.kind.clone(), path()],
        Observed::PublishedPassage(x) => vec![x.topic.clone(), path(), x.quote.clone()],
        Observed::ToolFinding(x) => vec![x.tool.clone(), x.rule.clone(), maybe(&x.location)],
    };
    (rank, names)
}

/// The containers around a fact without their offsets.
fn nest(fact: &Fact) -> String {
    let names = fact.source.within.iter().map(|container| container.split('@').next().unwrap_or_default());
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::artefact::{Artefact, ArtefactKind};
    use sekisho_model::fact::{Account, Binary, Component, PasswordState, Source};

    fn fact(observed: Observed, path: &str, sha256: &str) -> Fact {
        let source = Source { path: Some(path.into()), sha256: Some(sha256.into()), ..Source::default() };
        Fact { observed, subject: String::new(), source }
    }

    fn component(name: &str, version: &str) -> Fact {
        let component = Component { name: name.into(), version: Some(version.into()), ..Component::default() };
        fact(Observed::Component(component), "/bin/x", "")
    }

    fn collection(name: &str, facts: Vec<Fact>) -> Collection {
        let artefact = Artefact {
            name: name.into(),
            kind: ArtefactKind::Firmware,
            subject: String::new(),
            size: None,
            sha256: None,
            made: None,
        };
        Collection { artefact, facts, coverage: Vec::new() }
    }

    fn of(old: Vec<Fact>, new: Vec<Fact>) -> Difference {
        difference(collection("old", old), collection("new", new))
    }

    #[test]
    fn another_version_is_a_change_and_not_two() {
        let found = of(
            vec![component("busybox", "1.30.1"), component("zlib", "1.2")],
            vec![component("busybox", "1.36.0"), component("openssl", "3.0.1")],
        );
        let told: Vec<_> = found
            .changes
            .iter()
            .map(|change| match change {
                Change::Added { .. } => "added",
                Change::Removed { .. } => "removed",
                Change::Changed { .. } => "changed",
            })
            .collect();
        assert_eq!(told, ["changed", "added", "removed"]);
    }

    #[test]
    fn the_same_among_several_of_one_name_is_no_change() {
        let found =
            of(vec![component("lib", "1"), component("lib", "2")], vec![component("lib", "2"), component("lib", "3")]);
        let [Change::Changed { old, new }] = found.changes.as_slice() else { panic!("{found:?}") };
        assert_eq!((**old).clone(), component("lib", "1"));
        assert_eq!((**new).clone(), component("lib", "3"));
    }

    #[test]
    fn another_place_or_digest_is_no_change() {
        let account = |sha: &str| {
            let account = Account { user: "root".into(), password: PasswordState::Hash, ..Account::default() };
            fact(Observed::Account(account), "/etc/shadow", sha)
        };
        let binary = |sha: &str| fact(Observed::Binary(Binary::default()), "/bin/a", sha);
        let found = of(vec![account("1"), binary("1")], vec![account("2"), binary("2")]);
        assert_eq!((found.changes.len(), found.other_content), (0, 1));
        let same = of(vec![binary("1")], vec![binary("1")]);
        assert_eq!(same.other_content, 0);
    }
}
