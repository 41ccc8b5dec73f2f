//! What is written is read, and every format says the same of the same product.
#![expect(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]

mod common;

use std::collections::VecDeque;
use std::fmt::Write as _;

use common::{components, gaps, is_complete, read, sbom};
use proptest::prelude::*;
use serde_json::json;

/// A bill of materials of no format.
#[derive(Debug, Clone)]
struct Product {
    parts: Vec<Part>,
    direct: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Part {
    name: String,
    version: Option<String>,
    supplier: Option<String>,
    licence: Option<&'static str>,
    hash: Option<[u8; 4]>,
    purl: bool,
    cpe: bool,
    needs: Vec<usize>,
}

/// What every format should say of a part: name, version, supplier, licences, hashes, purl, CPE, depth.
type Said =
    (String, Option<String>, Option<String>, Vec<String>, Vec<String>, Option<String>, Option<String>, Option<u32>);

impl Part {
    fn hash(&self) -> Option<String> {
        let bytes = self.hash?;
        Some(bytes.iter().cycle().take(32).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
    }

    fn purl(&self) -> Option<String> {
        self.purl.then(|| "pkg:generic/part@1".to_owned())
    }

    fn cpe(&self) -> Option<String> {
        self.cpe.then(|| "cpe:2.3:a:acme:part:1:*:*:*:*:*:*:*".to_owned())
    }
}

fn text() -> impl Strategy<Value = String> {
    // Everything printable, with what XML and JSON must escape; SPDX 2 has `(mail)` after a party's name.
    "[ -'*-~あ-んé&<>\"\\\\]{1,12}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("a text", |text| !text.is_empty() && !text.starts_with("<text>"))
}

fn product() -> impl Strategy<Value = Product> {
    (1..8_usize).prop_flat_map(|count| {
        let part = (
            text(),
            proptest::option::of("[0-9][0-9a-z.+~:-]{0,8}"),
            proptest::option::of(text()),
            proptest::option::of(prop_oneof![Just("MIT"), Just("GPL-2.0-or-later"), Just("Apache-2.0")]),
            proptest::option::of(any::<[u8; 4]>()),
            any::<(bool, bool)>(),
            proptest::collection::vec(0..count, 0..3),
        )
            .prop_map(|(name, version, supplier, licence, hash, (purl, cpe), needs)| Part {
                name,
                version,
                supplier,
                licence,
                hash,
                purl,
                cpe,
                needs,
            });
        (proptest::collection::vec(part, count), proptest::collection::vec(0..count, 0..3))
            .prop_map(|(parts, direct)| Product { parts, direct })
    })
}

impl Product {
    fn depths(&self) -> Vec<Option<u32>> {
        let mut depths = vec![None; self.parts.len()];
        let mut queue: VecDeque<(usize, u32)> = self.direct.iter().map(|&part| (part, 1)).collect();
        while let Some((part, depth)) = queue.pop_front() {
            if depths[part].is_none() {
                depths[part] = Some(depth);
                queue.extend(self.parts[part].needs.iter().map(|&next| (next, depth + 1)));
            }
        }
        depths
    }

    fn said(&self) -> Vec<Said> {
        let said = |(part, depth): (&Part, Option<u32>)| {
            (
                part.name.clone(),
                part.version.clone(),
                part.supplier.clone(),
                part.licence.map(str::to_owned).into_iter().collect(),
                part.hash().map(|hash| format!("sha256:{hash}")).into_iter().collect(),
                part.purl(),
                part.cpe(),
                depth,
            )
        };
        self.parts.iter().zip(self.depths()).map(said).collect()
    }

    fn relationships(&self) -> u64 {
        let mut edges: Vec<(usize, usize)> = self.direct.iter().map(|&part| (usize::MAX, part)).collect();
        for (from, part) in self.parts.iter().enumerate() {
            edges.extend(part.needs.iter().filter(|&&to| to != from).map(|&to| (from, to)));
        }
        edges.sort_unstable();
        edges.dedup();
        edges.len() as u64
    }

    fn cyclonedx_json(&self) -> String {
        let of = |(i, part): (usize, &Part)| {
            let mut component = json!({"type": "library", "bom-ref": format!("p{i}"), "name": part.name});
            let mut put = |key: &str, value: serde_json::Value| {
                component[key] = value;
            };
            part.version.iter().for_each(|version| put("version", json!(version)));
            part.supplier.iter().for_each(|supplier| put("supplier", json!({"name": supplier})));
            part.licence.iter().for_each(|id| put("licenses", json!([{"license": {"id": id}}])));
            part.hash().iter().for_each(|hash| put("hashes", json!([{"alg": "SHA-256", "content": hash}])));
            part.purl().iter().for_each(|purl| put("purl", json!(purl)));
            part.cpe().iter().for_each(|cpe| put("cpe", json!(cpe)));
            component
        };
        let reference = |part: &usize| format!("p{part}");
        let mut dependencies =
            vec![json!({"ref": "root", "dependsOn": self.direct.iter().map(reference).collect::<Vec<_>>()})];
        for (i, part) in self.parts.iter().enumerate() {
            dependencies.push(
                json!({"ref": format!("p{i}"), "dependsOn": part.needs.iter().map(reference).collect::<Vec<_>>()}),
            );
        }
        // The keys are sorted: what is described comes last.
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5",
            "metadata": {"timestamp": "2026-09-01T00:00:00Z", "authors": [{"name": "me"}],
                "component": {"type": "firmware", "bom-ref": "root", "name": "product"}},
            "components": self.parts.iter().enumerate().map(of).collect::<Vec<_>>(),
            "dependencies": dependencies,
        })
        .to_string()
    }

    fn cyclonedx_xml(&self) -> String {
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let mut xml =
            "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\"><metadata>\
            <timestamp>2026-09-01T00:00:00Z</timestamp><authors><author><name>me</name></author></authors>\
            <component type=\"firmware\" bom-ref=\"root\"><name>product</name></component></metadata>\n<components>"
                .to_owned();
        for (i, part) in self.parts.iter().enumerate() {
            let _ = write!(xml, "\n<component type=\"library\" bom-ref=\"p{i}\">");
            let mut tag = |before: &str, text: Option<&str>, after: &str| {
                if let Some(text) = text {
                    let _ = write!(xml, "{before}{}{after}", escape(text));
                }
            };
            tag("<supplier><name>", part.supplier.as_deref(), "</name></supplier>");
            tag("<name>", Some(&part.name), "</name>");
            tag("<version>", part.version.as_deref(), "</version>");
            tag("<hashes><hash alg=\"SHA-256\">", part.hash().as_deref(), "</hash></hashes>");
            tag("<licenses><license><id>", part.licence, "</id></license></licenses>");
            tag("<cpe>", part.cpe().as_deref(), "</cpe>");
            tag("<purl><![CDATA[", part.purl().as_deref(), "]]></purl>");
            xml.push_str("</component>");
        }
        xml.push_str("</components><dependencies>");
        let mut entry = |reference: &str, needs: &[usize]| {
            let _ = write!(xml, "<dependency ref=\"{reference}\">");
            for part in needs {
                let _ = write!(xml, "<dependency ref=\"p{part}\"/>");
            }
            xml.push_str("</dependency>");
        };
        entry("root", &self.direct);
        for (i, part) in self.parts.iter().enumerate() {
            entry(&format!("p{i}"), &part.needs);
        }
        xml + "</dependencies></bom>"
    }

    fn edges(&self) -> Vec<(String, String)> {
        let mut edges: Vec<(String, String)> =
            self.direct.iter().map(|part| ("root".to_owned(), format!("p{part}"))).collect();
        for (i, part) in self.parts.iter().enumerate() {
            edges.extend(part.needs.iter().map(|to| (format!("p{i}"), format!("p{to}"))));
        }
        edges
    }

    fn spdx_json(&self) -> String {
        let mut packages = vec![json!({"SPDXID": "SPDXRef-root", "name": "product", "downloadLocation": "NONE"})];
        for (i, part) in self.parts.iter().enumerate() {
            let mut references = Vec::new();
            references.extend(part.purl().map(|purl| json!({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl})));
            references.extend(part.cpe().map(
                |cpe| json!({"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": cpe}),
            ));
            packages.push(json!({
                "SPDXID": format!("SPDXRef-p{i}"), "name": part.name, "versionInfo": part.version,
                "supplier": part.supplier.as_ref().map_or("NOASSERTION".to_owned(), |name| format!("Organization: {name}")),
                "licenseDeclared": part.licence.unwrap_or("NONE"), "licenseConcluded": "NOASSERTION",
                "checksums": part.hash().map(|hash| json!([{"algorithm": "SHA256", "checksumValue": hash}])),
                "externalRefs": references, "downloadLocation": "NOASSERTION",
            }));
        }
        let mut relationships = vec![
            json!({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"}),
        ];
        for (i, (from, to)) in self.edges().into_iter().enumerate() {
            let (from, to) = (format!("SPDXRef-{from}"), format!("SPDXRef-{to}"));
            let (from, kind, to) = if i % 2 == 0 { (from, "DEPENDS_ON", to) } else { (to, "DEPENDENCY_OF", from) };
            relationships.push(json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to}));
        }
        json!({
            "spdxVersion": "SPDX-2.3", "name": "product", "packages": packages, "relationships": relationships,
            "creationInfo": {"created": "2026-09-01T00:00:00Z", "creators": ["Person: me"]},
        })
        .to_string()
    }

    fn spdx_tag_value(&self) -> String {
        let mut text = "SPDXVersion: SPDX-2.3\nCreator: Person: me\nCreated: 2026-09-01T00:00:00Z\n\
            Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-root\nPackageName: product\nSPDXID: SPDXRef-root\n"
            .to_owned();
        for (i, part) in self.parts.iter().enumerate() {
            let mut tag = |before: &str, value: Option<&str>| {
                if let Some(value) = value {
                    let _ = writeln!(text, "{before}{value}");
                }
            };
            tag("\nPackageName: ", Some(&part.name));
            tag("SPDXID: SPDXRef-p", Some(&i.to_string()));
            tag("PackageVersion: ", part.version.as_deref());
            tag("PackageSupplier: Organization: ", part.supplier.as_deref());
            tag("PackageLicenseDeclared: ", part.licence);
            tag("PackageChecksum: SHA256: ", part.hash().as_deref());
            tag("ExternalRef: PACKAGE-MANAGER purl ", part.purl().as_deref());
            tag("ExternalRef: SECURITY cpe23Type ", part.cpe().as_deref());
        }
        for (from, to) in self.edges() {
            let _ = writeln!(text, "Relationship: SPDXRef-{from} DEPENDS_ON SPDXRef-{to}");
        }
        text
    }

    fn spdx_3(&self) -> String {
        let element =
            |kind: &str, id: &str| json!({"type": kind, "spdxId": format!("urn:{id}"), "creationInfo": "_:c"});
        let mut graph = vec![
            json!({"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-09-01T00:00:00Z", "createdBy": ["urn:me"]}),
        ];
        let mut add = |mut element: serde_json::Value, fields: serde_json::Value| {
            element.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            graph.push(element);
        };
        for (i, (from, to)) in self.edges().into_iter().enumerate() {
            let fields =
                json!({"from": format!("urn:{from}"), "to": [format!("urn:{to}")], "relationshipType": "dependsOn"});
            add(element("Relationship", &format!("r{i}")), fields);
        }
        add(element("Person", "me"), json!({"name": "me"}));
        add(element("SpdxDocument", "document"), json!({"rootElement": ["urn:root"]}));
        add(element("software_Package", "root"), json!({"name": "product"}));
        for (i, part) in self.parts.iter().enumerate() {
            let mut fields =
                json!({"name": part.name, "software_packageVersion": part.version, "software_packageUrl": part.purl()});
            if part.supplier.is_some() {
                fields["suppliedBy"] = json!(format!("urn:s{i}"));
                add(element("Organization", &format!("s{i}")), json!({"name": part.supplier}));
            }
            if let Some(licence) = part.licence {
                let id = format!("l{i}");
                add(
                    element("simplelicensing_LicenseExpression", &id),
                    json!({"simplelicensing_licenseExpression": licence}),
                );
                let fields = json!({"from": format!("urn:p{i}"), "to": [format!("urn:{id}")], "relationshipType": "hasDeclaredLicense"});
                add(element("Relationship", &format!("h{i}")), fields);
            }
            if let Some(hash) = part.hash() {
                fields["verifiedUsing"] = json!([{"type": "Hash", "algorithm": "sha256", "hashValue": hash}]);
            }
            if let Some(cpe) = part.cpe() {
                fields["externalIdentifier"] =
                    json!([{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": cpe}]);
            }
            add(element("software_Package", &format!("p{i}")), fields);
        }
        json!({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}).to_string()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_format_says_the_same(product in product()) {
        let documents = [
            product.cyclonedx_json(),
            product.cyclonedx_xml(),
            product.spdx_json(),
            product.spdx_tag_value(),
            product.spdx_3(),
        ];
        let mut summaries = Vec::new();
        for document in documents {
            let collection = read(document.as_bytes()).unwrap();
            prop_assert!(is_complete(&collection), "{document}: {:?}", gaps(&collection));
            // SPDX lists the product among its packages, with depth 0.
            let said: Vec<Said> = components(&collection)
                .into_iter()
                .filter(|c| c.depth != Some(0))
                .map(|c| (c.name, c.version, c.supplier, c.licences, c.hashes, c.purl, c.cpe, c.depth))
                .collect();
            prop_assert_eq!(said, product.said(), "{}", document);
            let sbom = sbom(&collection);
            prop_assert_eq!(sbom.relationships, product.relationships(), "{}", document);
            prop_assert_eq!(sbom.describes.as_deref(), Some("product"));
            summaries.push((sbom.authors.clone(), sbom.timestamp.clone(), sbom.age_days, sbom.depth));
        }
        prop_assert!(summaries.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", summaries);
        // Both encodings of CycloneDX agree in everything but where it stands.
        let value = |document: String| {
            let mut facts = read(document.as_bytes()).unwrap().facts;
            for fact in &mut facts {
                fact.source = sekisho_model::fact::Source::default();
                if let sekisho_model::fact::Observed::Sbom(sbom) = &mut fact.observed {
                    sbom.encoding.clear();
                }
            }
            facts
        };
        prop_assert_eq!(value(product.cyclonedx_json()), value(product.cyclonedx_xml()));
    }
}
