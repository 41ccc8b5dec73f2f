//! Input that is broken, or made to break something.
#![expect(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]

mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use common::{components, gaps, is_complete, read, read_with, sbom};
use sekisho_model::collect::{CollectError, Collector as _};
use sekisho_model::coverage::Extent;
use sekisho_sbom::Limits;

fn cyclonedx(rest: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,{rest}}}"#)
}

fn refused(bytes: &[u8]) -> String {
    let problem = read(bytes).unwrap_err();
    assert!(problem.hint.is_some() && problem.place.is_some(), "{problem}");
    problem.to_string()
}

#[test]
fn what_is_no_bill_of_materials_is_refused_with_place_and_hint() {
    let mut all = String::new();
    for input in [
        "",
        "hello",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{\"type\": \"library\",",
        "{\"bomFormat\": \"CycloneDX\",\n \"specVersion\": \"1.6\", \"components\": [}",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\"} trailing",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"2.0\"}",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.06\"}",
        "{\"spdxVersion\": \"SPDX-2.9\"}",
        "{\"spdxVersion\": \"SPDX-2.3\", \"packages\": [{\"name\": \"\\ud800\"}]}",
        "SPDXVersion: SPDX-1.2\n",
        "SPDXVersion: SPDX-2.3\nPackageComment: <text>no end\n",
        "{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\", \"@graph\": []}",
        "{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\", \"@graph\": [{\"type\": \"CreationInfo\", \"specVersion\": \"4.0\"}]}",
        "<bom/>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/12'/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>\n<components>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>\n<components></bom>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'/><bom/>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/1.6' version='1' version='2'/>",
        "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><metadata><timestamp>&lol;</timestamp></metadata></bom>",
        "text <bom/>",
        "<!-- nothing else -->",
    ] {
        writeln!(all, "{input}\n  => {}\n", refused(input.as_bytes())).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn entity_bombs_and_external_entities_are_refused() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE bom [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
        <bom xmlns='http://cyclonedx.org/schema/bom/1.6'><components>&b;</components></bom>";
    let external = "<!DOCTYPE bom SYSTEM 'file:///etc/passwd'><bom xmlns='http://cyclonedx.org/schema/bom/1.6'/>";
    for input in [bomb, external] {
        assert!(refused(input.as_bytes()).contains("sbom-doctype"));
    }
}

#[test]
fn deep_nesting_ends_neither_the_stack_nor_the_time() {
    const DEEP: usize = 200_000;
    let start = Instant::now();
    // In values that nobody asks for.
    let lists = cyclonedx(&format!(r#""x":{}{}"#, "[".repeat(DEEP), "]".repeat(DEEP)));
    assert!(is_complete(&read(lists.as_bytes()).unwrap()));
    let unclosed = cyclonedx(&format!(r#""x":{}"#, "[".repeat(DEEP)));
    assert!(read(unclosed.as_bytes()).is_err());
    let before = format!(
        r#"{{"x":{}{},"bomFormat":"CycloneDX","specVersion":"1.6"}}"#,
        "{\"a\":".repeat(DEEP),
        "}".repeat(DEEP)
    );
    assert!(read(before.as_bytes()).is_err());
    // In what is read.
    let component = r#"{"type":"library","name":"a","components":["#;
    let nested = cyclonedx(&format!(r#""components":[{}{}]"#, component.repeat(DEEP), "]}".repeat(DEEP)));
    let collection = read(nested.as_bytes()).unwrap();
    assert_eq!(components(&collection).len(), 33);
    assert!(gaps(&collection).iter().any(|gap| gap.contains("more than 32 deep")), "{:?}", gaps(&collection));
    // In XML.
    let namespace = "xmlns='http://cyclonedx.org/schema/bom/1.6'";
    let strange = format!("<bom {namespace}>{}{}</bom>", "<a>".repeat(DEEP), "</a>".repeat(DEEP));
    assert!(is_complete(&read(strange.as_bytes()).unwrap()));
    let open = "<component type='library'><name>a</name><components>";
    let close = "</components></component>";
    let nested = format!("<bom {namespace}><components>{}{}</components></bom>", open.repeat(DEEP), close.repeat(DEEP));
    let collection = read(nested.as_bytes()).unwrap();
    assert_eq!(components(&collection).len(), 33);
    assert!(!is_complete(&collection));
    let entries = "<dependency ref='a'>".repeat(DEEP) + &"</dependency>".repeat(DEEP);
    let nested = format!("<bom {namespace}><dependencies>{entries}</dependencies></bom>");
    assert!(!is_complete(&read(nested.as_bytes()).unwrap()));
    // In SPDX 3, where elements may stand inside others.
    let inner = r#"{"type":"CreationInfo","createdBy":"#;
    let nested = format!(
        r#"{{"@context":"https://spdx.org/rdf/3.0.1/x","@graph":[{}{}]}}"#,
        inner.repeat(DEEP),
        "}".repeat(DEEP)
    );
    assert!(refused(nested.as_bytes()).contains("sbom-syntax"));
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}

#[test]
fn over_the_limits_the_result_is_partial_and_says_so() {
    let limits = Limits { components: 100, relationships: 50, text: 100, entries: 4, gaps: 10, ..Limits::default() };
    let list: Vec<String> =
        (0..1000).map(|i| format!(r#"{{"type":"library","name":"n{i}","bom-ref":"r{i}"}}"#)).collect();
    let edges: Vec<String> =
        (0..1000).map(|i| format!(r#"{{"ref":"r{i}","dependsOn":["r{}","x{i}"]}}"#, i + 1)).collect();
    let many = cyclonedx(&format!(r#""components":[{}],"dependencies":[{}]"#, list.join(","), edges.join(",")));
    let collection = read_with(many.as_bytes(), limits).unwrap();
    assert_eq!(components(&collection).len(), 100);
    let gaps_of = gaps(&collection).join("\n");
    assert!(gaps_of.contains("only the first 100 components") && gaps_of.contains("900 more"), "{gaps_of}");
    assert!(gaps_of.contains("too many relationships"), "{gaps_of}");

    let long = "x".repeat(101);
    let lists = format!(
        r#""components":[{{"type":"library","name":"a","version":"{long}","hashes":[{}],"licenses":[{}]}}]"#,
        [r#"{"alg":"MD5","content":"00000000000000000000000000000000"}"#; 9].join(","),
        [r#"{"license":{"id":"MIT"}}"#; 9].join(",")
    );
    let collection = read_with(cyclonedx(&lists).as_bytes(), limits).unwrap();
    let component = &components(&collection)[0];
    assert_eq!((component.version.as_deref(), component.hashes.len(), component.licences.len()), (None, 4, 1));
    assert_eq!(gaps(&collection).len(), 3, "{:?}", gaps(&collection));

    let bad = vec![r#"{"type":"?","name":"a"}"#; 50].join(",");
    let collection = read_with(cyclonedx(&format!(r#""components":[{bad}]"#)).as_bytes(), limits).unwrap();
    assert_eq!((components(&collection).len(), gaps(&collection).len()), (50, 11));
    assert!(gaps(&collection)[10].contains("40 more"));

    let problem = read_with(many.as_bytes(), Limits { file: 1000, ..limits }).unwrap_err();
    assert_eq!(problem.code, "sbom-too-large");
}

#[test]
fn wrong_types_cost_one_component_not_the_document() {
    let document = cyclonedx(
        r#""metadata":[],"serialNumber":7,"services":3,"components":[
            7, "x", null, [],
            {"type":"library","name":5},
            {"type":"library","name":"good","version":1.0,"hashes":{},"licenses":[1,{}],"supplier":"x","purl":["a"],"swid":1,"pedigree":2},
            {"type":"library","name":"null is nothing","version":null,"purl":null,"hashes":null,"supplier":null},
            {"type":"library","name":"twice","name":"again","components":7}
        ],"dependencies":[1,{"ref":2,"dependsOn":[3]},{"ref":"a","dependsOn":"b"}]"#,
    );
    let collection = read(document.as_bytes()).unwrap();
    let names: Vec<String> = components(&collection).into_iter().map(|component| component.name).collect();
    assert_eq!(names, ["good", "null is nothing", "twice"]);
    insta::assert_snapshot!(gaps(&collection).join("\n"));
    assert!(collection.coverage.iter().all(|coverage| coverage.extent == Extent::Partial));
}

#[test]
fn spdx_2_with_wrong_types() {
    let document = r#"{"spdxVersion":"SPDX-2.3","name":[],"creationInfo":{"created":"now","creators":["Martian: X",1]},
        "packages":[1,{"name":"no id"},{"SPDXID":"SPDXRef-a"},
            {"SPDXID":"SPDXRef-b","name":"b","checksums":[{"algorithm":"FOO","checksumValue":"1"},{"algorithm":"SHA1","checksumValue":"1"},2],
             "externalRefs":[{"referenceType":"purl","referenceLocator":"nonsense"},{"referenceType":"cpe23Type","referenceLocator":"cpe:2.3:"},{}]},
            {"SPDXID":"SPDXRef-b","name":"b again"}],
        "relationships":[1,{},{"spdxElementId":"SPDXRef-a","relationshipType":"LOVES","relatedSpdxElement":"SPDXRef-b"}]}"#;
    let collection = read(document.as_bytes()).unwrap();
    let names: Vec<String> = components(&collection).into_iter().map(|component| component.name).collect();
    assert_eq!(names, ["no id", "b", "b again"]);
    insta::assert_snapshot!(gaps(&collection).join("\n"));
}

#[test]
fn spdx_3_with_wrong_types() {
    let document = r#"{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"],"@graph":[
        7, {"type":"CreationInfo","@id":"_:c","created":"2026-01-01","createdBy":5},
        {"type":"software_Package","name":"no id"},
        {"type":["software_Package"],"spdxId":"urn:a"},
        {"type":"software_Package","spdxId":"urn:b","name":"b","software_packageUrl":"x",
         "externalIdentifier":[{"externalIdentifierType":"cpe23","identifier":"x"},3],
         "verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"x"}]},
        {"type":"Relationship","spdxId":"urn:r","from":"urn:b","to":["urn:a"],"relationshipType":"loves"},
        {"type":"Relationship","spdxId":"urn:q","from":"urn:b","to":"urn:a"},
        {"spdxId":"urn:untyped","name":"x"}]}"#;
    let collection = read(document.as_bytes()).unwrap();
    let names: Vec<String> = components(&collection).into_iter().map(|component| component.name).collect();
    assert_eq!(names, ["no id", "b"]);
    insta::assert_snapshot!(gaps(&collection).join("\n"));
}

#[test]
fn encodings() {
    let document = cyclonedx(r#""components":[{"type":"library","name":"é"}]"#);
    let name = |bytes: &[u8]| components(&read(bytes).unwrap())[0].name.clone();
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(document.bytes());
    assert_eq!(name(&marked), "é");
    let collection = read(&marked).unwrap();
    let offset = usize::try_from(collection.facts[1].source.offset.unwrap()).unwrap();
    assert!(marked[offset..].starts_with(br#"{"type":"library""#), "offsets count the mark");

    let wide: Vec<u8> = std::iter::once(0xfeff).chain(document.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let collection = read(&wide).unwrap();
    assert_eq!(components(&collection)[0].name, "é");
    assert!(gaps(&collection)[0].contains("UTF-16"), "{:?}", gaps(&collection));
    assert_eq!(collection.facts[1].source.offset, None, "offsets in the recoded text would mislead");

    let narrow: Vec<u8> = document.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let collection = read(&narrow).unwrap();
    assert_eq!(components(&collection)[0].name, "\u{fffd}");
    assert!(collection.coverage.iter().all(|coverage| coverage.extent == Extent::Partial));
}

#[test]
fn cycles_and_duplicates() {
    let document = cyclonedx(
        r#""metadata":{"component":{"type":"firmware","name":"fw","bom-ref":"root"}},
        "components":[{"type":"library","name":"a","bom-ref":"a"},{"type":"library","name":"b","bom-ref":"b"},{"type":"library","name":"a2","bom-ref":"a"}],
        "dependencies":[{"ref":"root","dependsOn":["a","a"]},{"ref":"a","dependsOn":["b","a"]},{"ref":"b","dependsOn":["a","root"]}],
        "components":[{"type":"library","name":"hidden"}]"#,
    );
    let collection = read(document.as_bytes()).unwrap();
    let depths: Vec<_> =
        components(&collection).into_iter().map(|component| (component.name, component.depth)).collect();
    assert_eq!(depths, [("a".into(), Some(1)), ("b".into(), Some(2)), ("a2".into(), None)]);
    assert_eq!((sbom(&collection).relationships, sbom(&collection).depth), (4, 2));
    let gaps = gaps(&collection).join("\n");
    assert!(gaps.contains("'a' is used twice") && gaps.contains("'components' stands there more than once"), "{gaps}");
}

/// Twice the input takes about twice the time, whatever it is made of.
#[test]
fn time_is_linear() {
    let make = |count: usize| -> Vec<String> {
        let gen_list = |f: &dyn Fn(usize) -> String| (0..count).map(f).collect::<Vec<_>>().join(",");
        vec![
            cyclonedx(&format!(
                r#""components":[{}]"#,
                gen_list(&|_| r#"{"type":"library","name":"a","bom-ref":"same"}"#.into())
            )),
            cyclonedx(&format!(
                r#""dependencies":[{{"ref":"a","dependsOn":[{}]}}]"#,
                gen_list(&|i| format!("\"{i}\""))
            )),
            cyclonedx(&format!(r#""metadata":{{"authors":[{}]}}"#, gen_list(&|i| format!(r#"{{"name":"{i}"}}"#)))),
            cyclonedx(&format!(
                r#""components":[{{"type":"library","name":"a","licenses":[{}]}}]"#,
                gen_list(&|i| format!(r#"{{"license":{{"name":"{i}"}}}}"#))
            )),
            "SPDXVersion: SPDX-2.3\n".to_owned() + &"what\n".repeat(count),
            "SPDXVersion: SPDX-2.3\n".to_owned() + &"A: <text></text>\n".repeat(count),
            format!("<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>{}</bom>", "&amp;".repeat(count)),
            format!(
                "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><components><component{}/></components></bom>",
                (0..count).fold(String::new(), |tag, i| tag + &format!(" a{i}=''"))
            ),
        ]
    };
    for document in make(100_000) {
        let start = Instant::now();
        let _ = read(document.as_bytes());
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}: {}", start.elapsed(), &document[..120]);
    }
}

#[test]
fn files_that_cannot_be_read() {
    let collect = |path: &std::path::Path| common::collector().collect(path, "name", "camera", &|_| ());
    let folder = tempfile::tempdir().unwrap();
    let missing = collect(&folder.path().join("missing")).unwrap_err();
    assert!(matches!(missing, CollectError::Io { .. }), "{missing}");
    assert!(collect(folder.path()).is_err());
    let path = folder.path().join("a.json");
    std::fs::write(&path, cyclonedx(r#""components":[]"#)).unwrap();
    let collection = collect(&path).unwrap();
    assert_eq!(collection.artefact.size, Some(std::fs::metadata(&path).unwrap().len()));
    assert_eq!(collection.artefact.sha256.unwrap().len(), 64);
}
