//! Small inputs for the vulnerability database, one of every kind.

use std::fs;
use std::path::Path;

/// An OSV record.
pub fn osv(id: &str, modified: &str, ecosystem: &str, package: &str, rest: &str) -> String {
    format!(
        r#"{{"schema_version":"1.7.0","id":"{id}","modified":"{modified}","summary":"a flaw in {package}",
        "affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"{package}"}},
        "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"1.2.3"}}]}}]}}]{rest}}}"#
    )
}

/// An answer of NVD's API with the elements given.
pub fn nvd(total: usize, elements: &[String]) -> String {
    format!(
        r#"{{"resultsPerPage":{},"startIndex":0,"totalResults":{total},"format":"NVD_CVE","version":"2.0","vulnerabilities":[{}]}}"#,
        elements.len(),
        elements.join(",\n")
    )
}

/// An element of one.
pub fn nvd_cve(id: &str, modified: &str, status: &str, criteria: &str) -> String {
    format!(
        r#"{{"cve":{{"id":"{id}","published":"2024-01-01T00:00:00.000","lastModified":"{modified}","vulnStatus":"{status}",
        "descriptions":[{{"lang":"es","value":"uno"}},{{"lang":"en","value":"a flaw"}}],
        "metrics":{{"cvssMetricV31":[{{"source":"nvd@nist.gov","type":"Primary","cvssData":{{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}}}]}},
        "weaknesses":[{{"source":"x","type":"Primary","description":[{{"lang":"en","value":"CWE-787"}}]}}],
        "configurations":[{{"operator":"AND","nodes":[
          {{"operator":"OR","negate":false,"cpeMatch":[{{"vulnerable":true,"criteria":"{criteria}","versionEndExcluding":"1.36.1"}}]}},
          {{"operator":"OR","negate":false,"cpeMatch":[{{"vulnerable":false,"criteria":"cpe:2.3:h:acme:router:-:*:*:*:*:*:*:*"}}]}}]}}],
        "references":[{{"url":"https://example.org/{id}","tags":["Patch"]}}]}}}}"#
    )
}

/// One input of every kind, in a folder.
///
/// # Panics
/// Where the folder cannot be written to.
pub fn all_kinds(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the folder can be written to");
    fs::create_dir_all(folder.join("osv")).expect("the folder can be written to");
    write(
        "osv/GHSA-1.json",
        &osv(
            "GHSA-1111-2222-3333",
            "2026-08-20T00:00:00Z",
            "PyPI",
            "Foo_Bar",
            r#","aliases":["CVE-2024-10001","PYSEC-2024-1"]"#,
        ),
    );
    write(
        "osv/PYSEC-1.json",
        &osv(
            "PYSEC-2024-1",
            "2026-08-21T00:00:00Z",
            "PyPI",
            "foo-bar",
            r#","aliases":["CVE-2024-10001","GHSA-1111-2222-3333"]"#,
        ),
    );
    write(
        "osv/DSA.json",
        &osv("DSA-5000-1", "2026-08-01T00:00:00Z", "Debian:11", "busybox", r#","related":["CVE-2024-10002"]"#),
    );
    write(
        "osv/gone.json",
        &osv(
            "GHSA-gone-gone-gone",
            "2026-08-01T00:00:00Z",
            "PyPI",
            "foo-bar",
            r#","withdrawn":"2026-08-02T00:00:00Z""#,
        ),
    );
    write(
        "nvd.json",
        &nvd(
            2,
            &[
                nvd_cve(
                    "CVE-2024-10002",
                    "2026-08-30T10:00:00.000",
                    "Analyzed",
                    "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*",
                ),
                nvd_cve(
                    "CVE-2024-10003",
                    "2026-08-30T10:00:00.000",
                    "Rejected",
                    "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*",
                ),
            ],
        ),
    );
    write(
        "CVE-2024-10002.json",
        r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2024-10002","state":"PUBLISHED",
        "dateUpdated":"2026-08-30T10:00:00.000Z"},"containers":{"cna":{"title":"a flaw","providerMetadata":{"shortName":"acme"},
        "affected":[{"vendor":"BusyBox","product":"BusyBox","defaultStatus":"unaffected","versions":[
          {"version":"1.0","lessThan":"1.36.1","status":"affected","versionType":"custom","changes":[{"at":"1.35.9","status":"unaffected"}]}]}],
        "metrics":[{"format":"CVSS","cvssV4_0":{"vectorString":"CVSS:4.0/AV:N"}}],
        "problemTypes":[{"descriptions":[{"lang":"en","cweId":"CWE-787"}]}]},"adp":[{"tags":["disputed"]}]}}"#,
    );
    write(
        "kev.json",
        r#"{"title":"catalogue","catalogVersion":"2026.08.25","dateReleased":"2026-08-25T17:04:19.9796Z","count":1,"vulnerabilities":[
        {"cveID":"CVE-2024-10002","vendorProject":"BusyBox","product":"BusyBox","vulnerabilityName":"a flaw","dateAdded":"2026-08-25",
        "shortDescription":"x","requiredAction":"update","dueDate":"2026-09-15","knownRansomwareCampaignUse":"Known","notes":""}]}"#,
    );
    write(
        "epss.csv",
        "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\nCVE-2024-10002,0.5,0.9\n",
    );
    write(
        "openvex.json",
        r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.org/vex-1","author":"Acme","timestamp":"2026-01-01T00:00:00Z",
        "version":1,"statements":[{"vulnerability":{"name":"CVE-2024-10002"},"products":[{"@id":"pkg:oci/router@1",
        "subcomponents":[{"@id":"pkg:deb/debian/busybox@1.35"}]}],"status":"not_affected",
        "justification":"vulnerable_code_not_present","impact_statement":"left out"}]}"#,
    );
    write(
        "csaf.json",
        r#"{"document":{"category":"csaf_vex","csaf_version":"2.0","publisher":{"name":"Acme","namespace":"https://example.org"},
        "tracking":{"id":"ACME-1","version":"1","current_release_date":"2026-02-01T00:00:00Z"}},
        "product_tree":{"branches":[{"category":"product_version","name":"4.2","product":{"name":"Router 4.2","product_id":"P1",
          "product_identification_helper":{"purl":"pkg:generic/router@4.2"}}}],
          "full_product_names":[{"product_id":"P2","name":"BusyBox","product_identification_helper":{"cpe":"cpe:/a:busybox:busybox"}}],
          "relationships":[{"category":"default_component_of","full_product_name":{"name":"BusyBox in the router","product_id":"P3"},
            "product_reference":"P2","relates_to_product_reference":"P1"}],
          "product_groups":[{"group_id":"G1","product_ids":["P3"]}]},
        "vulnerabilities":[{"cve":"CVE-2024-10002","product_status":{"known_not_affected":["P3"],"fixed":["P1"]},
          "flags":[{"label":"component_not_present","group_ids":["G1"]}],
          "threats":[{"category":"impact","details":"left out","product_ids":["P3"]}]}]}"#,
    );
    write(
        "cyclonedx.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:1","version":1,"metadata":{"timestamp":"2026-03-01T00:00:00Z"},
        "components":[{"type":"library","bom-ref":"b","name":"busybox","version":"1.35","purl":"pkg:generic/busybox@1.35"}],
        "vulnerabilities":[{"id":"GHSA-9999-9999-9999","references":[{"id":"CVE-2024-10002","source":{"name":"NVD"}}],
          "analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"the applet is off"},"affects":[{"ref":"b"}]}]}"#,
    );
}
