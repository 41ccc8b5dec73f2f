//! What `sekisho collect … --format json` wrote: evidence that was gathered at another time or place, such as a laboratory's network.

use sekisho_diag::{Place, Problem};
use sekisho_model::artefact::Artefact;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Coverage, Extent};

use crate::json::Node;

/// Whether it is one: by the members that only they have. Several stand in a list.
pub(super) fn is_one(root: &Node) -> bool {
    let one = root.items().first().unwrap_or(root);
    ["artefact", "facts", "coverage"].iter().all(|member| one.get(member).is_some())
}

/// Reads them. Facts keep their places and say where they came from; how far each aspect was looked at holds for the component that they are given for.
///
/// # Errors
/// Where something in it is not as this program writes it: of another version, or changed.
pub(super) fn read(text: &str, artefact: Artefact) -> Result<Collection, Problem> {
    let read = if text.trim_start().starts_with('[') {
        serde_json::from_str::<Vec<Collection>>(text)
    } else {
        serde_json::from_str::<Collection>(text).map(|one| vec![one])
    };
    let collections = read.map_err(|error| {
        Problem::error("import-collection", format!("not as this version of sekisho writes collections: {error}"))
            .at(Place::text(&artefact.name, error.line().max(1), error.column().max(1)))
            .hint("collect again with `sekisho collect … --format json`")
    })?;
    let (mut facts, mut coverage) = (Vec::new(), Vec::new());
    for collection in collections {
        let from = &collection.artefact;
        let made = from.made.as_deref().map_or_else(String::new, |made| format!(", {made}"));
        let tool = format!("sekisho ({} {}{made})", from.kind.name(), from.name);
        for mut fact in collection.facts {
            fact.subject.clone_from(&artefact.subject);
            fact.source.artefact.clone_from(&artefact.name);
            fact.source.tool.get_or_insert_with(|| tool.clone());
            facts.push(fact);
        }
        coverage.extend(collection.coverage.into_iter().map(|cover| Coverage {
            subject: artefact.subject.clone(),
            artefact: artefact.name.clone(),
            ..cover
        }));
    }
    coverage.push(Coverage {
        aspect: Aspect::ResultsTool,
        subject: artefact.subject.clone(),
        artefact: artefact.name.clone(),
        extent: Extent::Complete,
        gaps: Vec::new(),
    });
    facts.sort();
    facts.dedup();
    coverage.sort();
    Ok(Collection { artefact, facts, coverage })
}

#[cfg(test)]
mod tests {
    use sekisho_model::artefact::ArtefactKind;
    use sekisho_model::fact::{Fact, Observed, Source};
    use sekisho_model::tls::TlsClient;

    use super::*;

    fn collection() -> Collection {
        let artefact = |name: &str, kind| Artefact {
            name: name.into(),
            kind,
            subject: "-".into(),
            size: None,
            sha256: None,
            made: Some("2026-11-20T10:00:00Z".into()),
        };
        let fact = Fact {
            observed: Observed::TlsClient(TlsClient { presented: "expired".into(), ..TlsClient::default() }),
            subject: "-".into(),
            source: Source { artefact: "192.0.2.1:8443".into(), ..Source::default() },
        };
        let cover = Coverage {
            aspect: Aspect::ClientTls,
            subject: "-".into(),
            artefact: "192.0.2.1:8443".into(),
            extent: Extent::Complete,
            gaps: Vec::new(),
        };
        Collection {
            artefact: artefact("192.0.2.1:8443", ArtefactKind::Client),
            facts: vec![fact],
            coverage: vec![cover],
        }
    }

    fn given() -> Artefact {
        Artefact {
            name: "client.json".into(),
            kind: ArtefactKind::Results,
            subject: "camera".into(),
            size: Some(1),
            sha256: None,
            made: None,
        }
    }

    #[test]
    fn what_was_collected_elsewhere_is_of_the_component_that_it_is_given_for() {
        for text in [
            serde_json::to_string_pretty(&collection()).unwrap(),
            serde_json::to_string(&vec![collection(), collection()]).unwrap(),
        ] {
            let read = read(&text, given()).unwrap();
            assert_eq!(read.facts.len(), 1);
            assert_eq!(
                (read.facts[0].subject.as_str(), read.facts[0].source.artefact.as_str()),
                ("camera", "client.json")
            );
            let tool = read.facts[0].source.tool.as_deref().unwrap();
            assert_eq!(tool, "sekisho (client 192.0.2.1:8443, 2026-11-20T10:00:00Z)");
            assert!(read.coverage.iter().any(|cover| cover.aspect == Aspect::ClientTls && cover.subject == "camera"));
        }
    }

    #[test]
    fn what_was_changed_is_refused_at_its_place() {
        let text = serde_json::to_string_pretty(&collection()).unwrap().replace("tls-client", "tls-clients");
        let problem = read(&text, given()).unwrap_err();
        assert_eq!(problem.code, "import-collection");
        assert!(problem.place.is_some() && problem.hint.is_some());
    }
}
