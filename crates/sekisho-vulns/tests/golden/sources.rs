//! The real artefacts as records that can be imported. What is not in such a format is put into one, as the osv.dev project does with the same
//! data: what a distribution lists as fixed in a version is affected before it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use sekisho_test::shared_data;
use serde_json::{Value, json};

/// Any date: the records that are made here have none of their own.
const MODIFIED: &str = "2024-01-01T00:00:00Z";

/// Lays the records of a source out in `folder`; none, said aloud, where the real artefact is absent.
pub(crate) fn unpack(source: &str, folder: &Path) -> Option<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    match source {
        "alpine-secdb" => write(folder, &alpine(files(&shared_data("vuln/alpine-secdb.tar.gz")?))),
        "cve5/openssl" => copy(folder, files(&shared_data("vuln/cve5/openssl-secjson.tar.gz")?)),
        "cve5/vulnrichment" => copy(folder, files(&shared_data("vuln/cve5/vulnrichment-iot.tar.gz")?)),
        "linux-kernel" => write(folder, &kernel(&text(&shared_data("vuln/linux-kernel/stream_fixes.json.gz")?))),
        "osv/almalinux" => copy(folder, files(&shared_data("vuln/osv/almalinux-iot.tar.gz")?)),
        "osv/go" => copy(folder, files(&shared_data("vuln/osv/go.tar.xz")?)),
        "osv/pypa" => copy(folder, files(&shared_data("vuln/osv/pypa.tar.gz")?)),
        "osv/rustsec" => copy(folder, files(&shared_data("vuln/osv/rustsec.tar.gz")?)),
        "oval" => write(folder, &azure(&text(&shared_data("vuln/oval/cbl-mariner-1.0-oval.xml.gz")?))),
        other => panic!("{other}: no such source"),
    }
    Some(folder.to_owned())
}

/// The JSON and YAML documents of an archive.
fn files(archive: &Path) -> Vec<Value> {
    let file = BufReader::new(File::open(archive).unwrap());
    let packed: Box<dyn Read> = if archive.extension().is_some_and(|extension| extension == "xz") {
        Box::new(lzma_rust2::XzReader::new(file, true))
    } else {
        Box::new(GzDecoder::new(file))
    };
    let mut documents = Vec::new();
    for entry in tar::Archive::new(packed).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        let mut text = String::new();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => {
                entry.read_to_string(&mut text).unwrap();
                documents.push(serde_json::from_str(&text).unwrap());
            }
            Some("yaml") => {
                entry.read_to_string(&mut text).unwrap();
                let document = sekisho_yaml::Document::parse("record", text, &sekisho_yaml::Limits::default());
                documents.push(document.unwrap().to_json());
            }
            _ => {}
        }
    }
    documents
}

fn text(packed: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(File::open(packed).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn copy(folder: &Path, records: Vec<Value>) {
    write(folder, &Value::Array(records));
}

fn write(folder: &Path, records: &Value) {
    fs::write(folder.join("records.json"), records.to_string()).unwrap();
}

fn fixed_in(ecosystem: &str, package: &str, version: &str) -> Value {
    json!({
        "package": {"ecosystem": ecosystem, "name": package},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": version}]}],
    })
}

fn records(affected: BTreeMap<String, Vec<Value>>) -> Value {
    affected.into_iter().map(|(id, affected)| json!({"id": id, "modified": MODIFIED, "affected": affected})).collect()
}

/// Alpine's lists of fixes; `0` there means that no version was ever affected.
fn alpine(branches: Vec<Value>) -> Value {
    let mut affected: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for branch in branches {
        let ecosystem = format!("Alpine:{}", branch["distroversion"].as_str().unwrap());
        for package in branch["packages"].as_array().into_iter().flatten().map(|package| &package["pkg"]) {
            for (version, ids) in
                package["secfixes"].as_object().into_iter().flatten().filter(|(fixed, _)| *fixed != "0")
            {
                let entry = fixed_in(&ecosystem, package["name"].as_str().unwrap(), version);
                let words =
                    ids.as_array().into_iter().flatten().filter_map(Value::as_str).flat_map(str::split_whitespace);
                for id in words.filter(|word| word.starts_with("CVE-")) {
                    let entries = affected.entry(format!("ALPINE-{id}")).or_default();
                    if entries.last() != Some(&entry) {
                        entries.push(entry.clone());
                    }
                }
            }
        }
    }
    records(affected)
}

/// Azure Linux's OVAL definitions: `Package kernel is earlier than 5.10.188.1-1, affected by …`.
fn azure(oval: &str) -> Value {
    let mut affected: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for criterion in oval.split("<criterion comment=\"Package ").skip(1) {
        let Some((package, rest)) = criterion.split_once(" is earlier than ") else { continue };
        let (version, rest) = rest.split_once(", affected by ").unwrap();
        let (_, rest) = rest.split_once("cbl-mariner:tst:").unwrap();
        let (test, _) = rest.split_once('"').unwrap();
        affected.entry(format!("mariner-{test}")).or_default().push(fixed_in("Azure Linux", package, version));
    }
    records(affected)
}

/// In which version each stream of the kernel has a fix, as the NVD writes it.
fn kernel(fixes: &str) -> Value {
    let fixes: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(fixes).unwrap();
    let element = |(id, streams): (&String, &BTreeMap<String, Value>)| {
        let matches: Value = streams
            .iter()
            .map(|(stream, fix)| {
                json!({
                    "vulnerable": true, "criteria": "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*",
                    "versionStartIncluding": stream, "versionEndExcluding": fix["fixed_version"],
                })
            })
            .collect();
        let configuration = json!({"nodes": [{"operator": "OR", "negate": false, "cpeMatch": matches}]});
        json!({"cve": {
            "id": id, "lastModified": MODIFIED, "vulnStatus": "Analyzed", "configurations": [configuration],
        }})
    };
    let elements: Vec<Value> = fixes.iter().map(element).collect();
    json!({
        "resultsPerPage": elements.len(), "startIndex": 0, "totalResults": elements.len(), "format": "NVD_CVE",
        "version": "2.0", "vulnerabilities": elements,
    })
}
