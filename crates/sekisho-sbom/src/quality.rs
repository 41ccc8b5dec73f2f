//! How good a bill of materials is: counts, and the NTIA minimum elements that it lacks.
//!
//! Source: NTIA, *The Minimum Elements For a Software Bill of Materials (SBOM)*, 12 July 2021, section III "Data Fields", and for where
//! the formats keep them: NTIA, *Survey of Existing SBOM Formats and Standards* (2021), table 1.
//!
//! An element is missing when **any** listed component lacks it; a document that lists no component lacks all five elements that
//! belong to components. SPDX's `NOASSERTION` and `NONE` count as lacking.
//!
//! | element | it is there when |
//! | --- | --- |
//! | `supplier-name` | every component has a supplier. `CycloneDX`: `supplier.name`, else `manufacturer.name`, else `publisher`. SPDX 2: `supplier`, else `originator`. SPDX 3: `suppliedBy`, else `originatedBy` |
//! | `component-name` | every component has a name |
//! | `version` | every component has a version |
//! | `unique-identifier` | every component has a valid package URL, a valid CPE, or a SWID tag, SWHID, or `OmniBOR` (gitoid) identifier |
//! | `dependency-relationship` | every component takes part in a dependency or containment relationship with another one, depends on something that the document does not list, lies inside another component, has an entry in the dependency graph (be it an empty one, which says that it depends on nothing), or is itself what the document describes |
//! | `author` | the document names a person or an organisation that made it; a tool alone does not do. `CycloneDX`: `metadata.authors`, or `metadata.manufacturer` since 1.6 (who made the document; the older `manufacture` is who made the product). SPDX 2: a `Person` or `Organization` among the creators. SPDX 3: `createdBy` other than a `SoftwareAgent` |
//! | `timestamp` | the document has a valid time stamp |

use sekisho_model::fact::{Component, Sbom};

/// Counts over the components of one document.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Components without a name; they do not become facts.
    pub(crate) nameless: u64,
    unrelated: u64,
}

impl Tally {
    /// Counts one component. `identified` says that it has an identifier that is no field of the fact; `related`, that the document
    /// says how it relates to others.
    pub(crate) fn count(&mut self, sbom: &mut Sbom, component: &Component, identified: bool, related: bool) {
        sbom.components += 1;
        sbom.with_version += u64::from(component.version.is_some());
        sbom.with_supplier += u64::from(component.supplier.is_some());
        sbom.with_identifier += u64::from(identified || component.purl.is_some() || component.cpe.is_some());
        sbom.with_hash += u64::from(!component.hashes.is_empty());
        sbom.with_licence += u64::from(!component.licences.is_empty());
        self.unrelated += u64::from(!related);
    }

    /// The minimum elements that the document lacks, in the order in which the NTIA lists them.
    pub(crate) fn missing(&self, sbom: &Sbom) -> Vec<String> {
        // With no component at all, none of them has the element.
        let all = |with: u64| sbom.components > 0 && with == sbom.components && self.nameless == 0;
        [
            ("supplier-name", all(sbom.with_supplier)),
            ("component-name", all(sbom.components)),
            ("version", all(sbom.with_version)),
            ("unique-identifier", all(sbom.with_identifier)),
            ("dependency-relationship", all(sbom.components - self.unrelated)),
            ("author", !sbom.authors.is_empty()),
            ("timestamp", sbom.timestamp.is_some()),
        ]
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(element, _)| element.to_owned())
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Component {
        Component {
            name: "a".into(),
            version: Some("1".into()),
            purl: Some("pkg:generic/a@1".into()),
            supplier: Some("s".into()),
            ..Component::default()
        }
    }

    fn signed() -> Sbom {
        Sbom { authors: vec!["me".into()], timestamp: Some("2026-01-01T00:00:00Z".into()), ..Sbom::default() }
    }

    #[test]
    fn a_complete_document_lacks_nothing() {
        let (mut tally, mut sbom) = (Tally::default(), signed());
        tally.count(&mut sbom, &good(), false, true);
        assert!(tally.missing(&sbom).is_empty());
    }

    #[test]
    fn one_component_is_enough_to_lack_an_element() {
        type Spoil = fn(&mut Component);
        let cases: [(&str, Spoil); 3] = [
            ("supplier-name", |c| c.supplier = None),
            ("version", |c| c.version = None),
            ("unique-identifier", |c| c.purl = None),
        ];
        for (element, spoil) in cases {
            let (mut tally, mut sbom) = (Tally::default(), signed());
            tally.count(&mut sbom, &good(), false, true);
            let mut bad = good();
            spoil(&mut bad);
            tally.count(&mut sbom, &bad, false, true);
            assert_eq!(tally.missing(&sbom), [element]);
        }
        let (mut tally, mut sbom) = (Tally::default(), signed());
        tally.count(&mut sbom, &good(), false, false);
        assert_eq!(tally.missing(&sbom), ["dependency-relationship"]);
    }

    #[test]
    fn an_empty_document_lacks_everything() {
        assert_eq!(Tally::default().missing(&Sbom::default()).len(), 7);
    }

    #[test]
    fn nobody_knows_the_rest_of_a_component_without_name() {
        let (mut tally, mut sbom) = (Tally::default(), signed());
        tally.count(&mut sbom, &good(), false, true);
        tally.nameless = 1;
        assert!(tally.missing(&sbom).contains(&"component-name".to_owned()));
    }
}
