//! The versions of components that were reviewed and those that were seen, put side by side.

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::declaration::{Review, ReviewDifference};
use sekisho_model::fact::{self, Fact, Observed};
use sekisho_model::product::Component;
use sekisho_version::order::upstream;

use crate::{compare, messages};

/// Components that were seen in another version than was reviewed.
pub(crate) fn differences(component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    for review in &component.reviewed {
        let mut told = BTreeSet::new();
        for (fact, seen) in seen(component, review, facts) {
            let Some(version) = seen.version.as_deref().filter(|version| !is_reviewed(version, review)) else {
                continue;
            };
            // The image and the bill of materials tell the same.
            if !told.insert(version) {
                continue;
            }
            let value = ReviewDifference {
                component: review.name.clone(),
                reviewed: review.version.clone(),
                seen: version.to_owned(),
            };
            found.push(Fact {
                observed: Observed::ReviewDifference(value),
                subject: component.id.clone(),
                source: fact.source.clone(),
            });
        }
    }
    found
}

/// Reviewed components of which no version was seen.
pub(crate) fn open(component: &Component, facts: &[Fact]) -> Vec<Text> {
    let unseen = |review: &&Review| seen(component, review, facts).all(|(_, seen)| seen.version.is_none());
    component.reviewed.iter().filter(unseen).map(|review| messages::version_not_seen(&review.name)).collect()
}

/// What of the component's software the review is of: by its name, or where nothing has it, by that of its package.
fn seen<'f>(
    component: &'f Component,
    review: &'f Review,
    facts: &'f [Fact],
) -> impl Iterator<Item = (&'f Fact, &'f fact::Component)> + use<'f> {
    let software = move || {
        facts.iter().filter(|fact| fact.subject == component.id).filter_map(|fact| match &fact.observed {
            Observed::Component(seen) => Some((fact, seen)),
            _ => None,
        })
    };
    let named = |seen: &fact::Component| seen.name.eq_ignore_ascii_case(&review.name);
    let any = software().any(|(_, seen)| named(seen));
    software().filter(move |(_, seen)| if any { named(seen) } else { compare::is_part_of(&review.name, seen) })
}

/// Whether a version is the reviewed one; a distribution's package may add its revision.
fn is_reviewed(version: &str, review: &Review) -> bool {
    version == review.version || upstream(version) == review.version
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::Source;

    fn software(name: &str, version: Option<&str>) -> Fact {
        let value =
            fact::Component { name: name.into(), version: version.map(str::to_owned), ..fact::Component::default() };
        Fact { observed: Observed::Component(value), subject: "camera".into(), source: Source::default() }
    }

    fn camera(name: &str, version: &str) -> Component {
        let review = Review { name: name.into(), version: version.into(), report: None };
        Component { id: "camera".into(), reviewed: vec![review], ..Component::default() }
    }

    fn found(component: &Component, facts: &[Fact]) -> Vec<String> {
        let seen = differences(component, facts).into_iter().map(|fact| match fact.observed {
            Observed::ReviewDifference(x) => x.seen,
            other => panic!("{other:?}"),
        });
        seen.collect()
    }

    #[test]
    fn another_version_than_was_reviewed_is_told_once() {
        let facts = [software("dropbear", Some("2022.83")), software("Dropbear", Some("2022.83"))];
        assert_eq!(found(&camera("dropbear", "2024.85"), &facts), ["2022.83"]);
        assert!(found(&camera("dropbear", "2022.83"), &facts).is_empty());
        assert!(open(&camera("dropbear", "2022.83"), &facts).is_empty());
    }

    #[test]
    fn packages_add_revisions_and_have_names_of_their_own() {
        let facts = [software("dropbear-bin", Some("2022.83-1+deb12u2"))];
        assert!(found(&camera("dropbear", "2022.83"), &facts).is_empty());
        assert_eq!(found(&camera("dropbear", "2022.82"), &facts), ["2022.83-1+deb12u2"]);
        // What has the name itself is what was reviewed, not what is called alike.
        let both = [software("openssl", Some("3.0.11")), software("openssl-tool", Some("9"))];
        assert!(found(&camera("openssl", "3.0.11"), &both).is_empty());
    }

    #[test]
    fn what_is_not_seen_keeps_the_comparison_open() {
        for facts in [vec![], vec![software("mbedtls", None)], vec![software("busybox", Some("1.36"))]] {
            let camera = camera("mbedtls", "2.28.3");
            assert!(found(&camera, &facts).is_empty());
            assert_eq!(open(&camera, &facts).len(), 1, "{facts:?}");
        }
        let mut other = software("mbedtls", Some("3.0"));
        other.subject = "app".into();
        assert!(found(&camera("mbedtls", "2.28.3"), &[other]).is_empty());
    }
}
