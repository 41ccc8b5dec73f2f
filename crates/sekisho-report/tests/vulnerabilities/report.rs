//! Reports made by hand, with every case that there is.

use sekisho_model::Text;
use sekisho_model::fact::{Fact, Observed, Source};
use sekisho_model::verdict::Severity;
use sekisho_model::vulnerability::{
    Confidence, DatabaseUse, Exposure, FeedUse, InventoryEntry, KnownVulnerability, NotJudged, ProductName, Standing,
    Statement, VulnerabilityReport,
};

/// A component of the device and a vulnerability of it.
pub(crate) fn vulnerability(id: &str, component: &str, version: &str) -> KnownVulnerability {
    KnownVulnerability {
        id: id.into(),
        summary: format!("A flaw in {component}."),
        component: component.into(),
        version: Some(version.into()),
        standing: Standing::Affected,
        confidence: Confidence::CpeWithVersion,
        published: Some("2022-03-15".into()),
        ..KnownVulnerability::default()
    }
}

fn because(en: &str, ja: &str) -> Vec<Text> {
    vec![Text::new(en, ja)]
}

fn scored(score: &str, severity: Severity, vector: &str) -> impl Fn(KnownVulnerability) -> KnownVulnerability {
    move |value| KnownVulnerability {
        score: Some(score.into()),
        severity: Some(severity),
        vector: (!vector.is_empty()).then(|| vector.into()),
        ..value
    }
}

fn statement(status: &str, justification: &str, detail: &str, by: &str) -> Statement {
    Statement {
        status: status.into(),
        justification: justification.into(),
        detail: detail.into(),
        by: by.into(),
        document: "https://psirt.example/vex/2026-001".into(),
    }
}

/// All that concerns the device.
pub(crate) fn vulnerabilities() -> Vec<KnownVulnerability> {
    let openssl = |id: &str| KnownVulnerability {
        cpe: Some("cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*".into()),
        exposure: Exposure::Network,
        ..vulnerability(id, "openssl", "1.1.1k")
    };
    vec![
        scored("10.0", Severity::Critical, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")(KnownVulnerability {
            aliases: vec!["GHSA-jfh8-c2jp-5v3q".into()],
            summary: "Remote code execution by JNDI look-ups in log messages.".into(),
            purl: Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1".into()),
            reference: Some("log4j-core".into()),
            confidence: Confidence::ExactPurl,
            because: because(
                "2.14.1 lies between 2.13.0 and 2.15.0 (osv/Maven GHSA-jfh8-c2jp-5v3q)",
                "2.14.1は2.13.0以上2.15.0未満に含まれる（osv/Maven GHSA-jfh8-c2jp-5v3q）",
            ),
            fixed_in: Some("2.15.0".into()),
            fix_days: Some(1800),
            epss: Some("0.97565".into()),
            exploited: true,
            exploited_days: Some(1799),
            exposure: Exposure::Network,
            published: Some("2021-12-10".into()),
            advisories: vec!["nvd:CVE-2021-44228".into(), "osv/Maven:GHSA-jfh8-c2jp-5v3q".into()],
            ..vulnerability("CVE-2021-44228", "log4j-core", "2.14.1")
        }),
        scored("7.5", Severity::High, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")(KnownVulnerability {
            because: because("1.1.1k is before 1.1.1n (nvd)", "1.1.1kは1.1.1nより前（nvd）"),
            fixed_in: Some("1.1.1n".into()),
            epss: Some("0.05113".into()),
            ..openssl("CVE-2022-0778")
        }),
        scored("7.4", Severity::High, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H")(KnownVulnerability {
            because: because("1.1.1k is before 1.1.1t (nvd)", "1.1.1kは1.1.1tより前（nvd）"),
            fixed_in: Some("1.1.1t".into()),
            epss: Some("0.00043".into()),
            ..openssl("CVE-2023-0286")
        }),
        scored("5.0", Severity::Medium, "AV:N/AC:L/Au:N/C:N/I:N/A:P")(KnownVulnerability {
            purl: Some("pkg:deb/debian/busybox@1:1.30.1-6?distro=debian-11".into()),
            confidence: Confidence::Distribution,
            exposure: Exposure::NotSeen,
            because: because(
                "Debian 11 mends it in 1:1.30.1-6+deb11u1",
                "Debian 11では1:1.30.1-6+deb11u1で修正されている",
            ),
            fixed_in: Some("1:1.30.1-6+deb11u1".into()),
            ..vulnerability("CVE-2021-42374", "busybox", "1:1.30.1-6")
        }),
        scored("9.3", Severity::Critical, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")(
            KnownVulnerability {
                statement: Some(statement("affected", "", "設定画面から到達できます。", "株式会社アクメ")),
                exposure: Exposure::Network,
                ..vulnerability("GHSA-4r97-2c2q-9h5h", "計測ライブラリ", "2.0")
            },
        ),
        // Nobody scored it, nobody mended it.
        vulnerability("CVE-2026-1001", "tinyhttp", "0.3"),
        // All of it is made to break something.
        KnownVulnerability {
            aliases: vec![String::new(), "x y".into(), "GHSA-\"><script>".into(), "GHSA-\"><script>".into()],
            summary: "\u{1b}]0;owned\u{7}<script>alert(1)</script>\u{202e}".into(),
            purl: Some("pkg:not a purl".into()),
            cpe: Some("cpe:2.3:a:a b".into()),
            reference: Some("urn:cdx:not-ours".into()),
            because: because("\u{1b}[2Jbecause\nof that", "\u{1b}[2Jそのため\n"),
            fixed_in: Some("<3 or later\u{202e}".into()),
            score: Some("NaN".into()),
            vector: Some("CVSS:3.1/AV:X".into()),
            epss: Some("1e400".into()),
            disputed: true,
            published: Some("some day".into()),
            ..vulnerability("CVE-2024-99999", "evil\u{1b}[31m\u{202e}<b>", "all versions <2")
        },
        KnownVulnerability {
            version: None,
            standing: Standing::Unknown,
            confidence: Confidence::NameOnly,
            because: because("the component has no version", "部品のバージョンが不明"),
            ..vulnerability("CVE-2020-11022", "jquery", "")
        },
        // Another copy of the same library, of which it cannot be told.
        scored("7.5", Severity::High, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")(KnownVulnerability {
            standing: Standing::Unknown,
            confidence: Confidence::ProductWithVersion,
            because: because(
                "the distribution may have mended 1.1.1k without saying so",
                "ディストリビューションが1.1.1kに修正を取り込んでいる可能性がある",
            ),
            ..vulnerability("CVE-2022-0778", "libssl1.1", "1.1.1k-1vendor")
        }),
        scored("9.8", Severity::Critical, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")(KnownVulnerability {
            standing: Standing::NotAffected,
            purl: Some("pkg:generic/curl@8.1.2".into()),
            statement: Some(statement(
                "not-affected",
                "vulnerable_code_not_in_execute_path",
                "SOCKS proxies are never used.",
                "Acme PSIRT",
            )),
            exploited: true,
            ..vulnerability("CVE-2023-38545", "curl", "8.1.2")
        }),
        KnownVulnerability {
            standing: Standing::NotAffected,
            statement: Some(statement("not-affected", "protected_at_perimeter", "", "")),
            ..vulnerability("CVE-2023-38546", "curl", "8.1.2")
        },
        scored("9.8", Severity::Critical, "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")(KnownVulnerability {
            standing: Standing::Fixed,
            statement: Some(statement("fixed", "", "Patched since 1.0.2.", "Acme PSIRT")),
            ..vulnerability("CVE-2022-37434", "zlib", "1.2.11")
        }),
    ]
}

/// Facts about the device.
pub(crate) fn facts(found: Vec<KnownVulnerability>) -> Vec<Fact> {
    let fact = |value| Fact {
        observed: Observed::KnownVulnerability(Box::new(value)),
        subject: "device".into(),
        source: Source { artefact: "camera.cdx.json".into(), ..Source::default() },
    };
    found.into_iter().map(fact).collect()
}

/// The report on version 1.0.3 of a camera.
pub(crate) fn report() -> VulnerabilityReport {
    let not_judged = |name: &str, version: Option<&str>, reason: Text| NotJudged {
        subject: "device".into(),
        name: name.into(),
        version: version.map(Into::into),
        reason,
    };
    let no_version = || Text::new("no version is known", "バージョンが不明");
    let mut lost: Vec<NotJudged> =
        ["libfoo", "libbar", "计数", "a", "b", "c", "d"].map(|name| not_judged(name, None, no_version())).into();
    lost.push(not_judged(
        "odd",
        Some("r\u{1b}4711"),
        Text::new("no order of versions reads it", "バージョンの順序を判定できない"),
    ));
    VulnerabilityReport {
        format: VulnerabilityReport::FORMAT.into(),
        tool: "sekisho 0.1.0".into(),
        made: "2026-11-20T09:30:00Z".into(),
        product: ProductName {
            name: "Door Camera".into(),
            vendor: Some("Acme".into()),
            model: Some("DC-1".into()),
            version: Some("1.0.3".into()),
        },
        database: DatabaseUse {
            digest: "3f2a9c0b77e1".repeat(5),
            records: 312_456,
            imported: Some("2026-08-01T00:00:00Z".into()),
            feeds: ["epss", "kev", "nvd", "osv/Debian", "osv/Maven"]
                .map(|name| FeedUse { name: name.into(), records: 1000, newest: None })
                .into(),
            warnings: vec![
                Text::new(
                    "The database is 111 days old: what was published since then is missing.",
                    "データベースは111日前のものです。それ以降に公開された脆弱性は含まれません。",
                ),
                Text::new(
                    "This is the sample database: it holds a few vulnerabilities only.",
                    "これはサンプルのデータベースで、ごく一部の脆弱性しか含みません。",
                ),
            ],
        },
        components: 145,
        inventory: Vec::new(),
        not_judged: lost,
        vulnerabilities: facts(vulnerabilities()),
    }
}

/// A report in which nothing was found.
pub(crate) fn clean() -> VulnerabilityReport {
    let mut report = report();
    report.vulnerabilities.clear();
    report.not_judged.clear();
    report.database.warnings.clear();
    report.product.vendor = None;
    report.product.version = None;
    report
}

/// The report on the camera before, and on the one after it: version 1.0.4, with another database.
pub(crate) fn before_and_after() -> (VulnerabilityReport, VulnerabilityReport) {
    let (mut old, mut new) = (report(), report());
    old.made = "2026-10-01T08:00:00Z".into();
    new.product.version = Some("1.0.4".into());
    new.database.digest = "99ab".repeat(15);
    new.database.warnings.clear();
    old.database.warnings.truncate(1);
    let entry = |name: &str, version: Option<&str>| InventoryEntry {
        subject: "device".into(),
        name: name.into(),
        version: version.map(Into::into),
    };
    let listed = |report: &VulnerabilityReport| -> Vec<InventoryEntry> {
        let values = report.vulnerabilities.iter().filter_map(|fact| match &fact.observed {
            Observed::KnownVulnerability(value) => Some(entry(&value.component, value.version.as_deref())),
            _ => None,
        });
        values.collect()
    };
    old.inventory = listed(&old);
    let mut found = vulnerabilities();
    // Mended by an update, gone with its component, gone with its advisory.
    found.retain(|value| !matches!(&*value.component, "log4j-core" | "busybox" | "tinyhttp"));
    for value in &mut found {
        match &*value.id {
            "CVE-2023-0286" => {
                value.exploited = true;
                value.epss = Some("0.31".into());
                value.severity = Some(Severity::Critical);
            }
            "GHSA-4r97-2c2q-9h5h" => {
                value.fixed_in = Some("2.1".into());
                value.aliases = vec!["GHSA-4r97-2c2q-9h5h".into()];
                value.id = "CVE-2026-2002".into();
                value.version = Some("2.0.1".into());
            }
            "CVE-2020-11022" => {
                value.standing = Standing::NotAffected;
                value.exposure = Exposure::NotSeen;
                value.statement = Some(statement("not-affected", "component_not_present", "", "Acme PSIRT"));
            }
            _ => {}
        }
    }
    found.push(vulnerability("CVE-2026-3003", "openssl", "1.1.1k"));
    found.push(vulnerability("CVE-2026-4004", "mosquitto", "2.0.18"));
    new.vulnerabilities = facts(found);
    new.inventory = listed(&new);
    new.inventory.extend([entry("log4j-core", Some("2.17.1")), entry("tinyhttp", Some("0.3"))]);
    let lost = Text::new("two advisories contradict each other", "勧告の記載が矛盾している");
    new.not_judged =
        vec![NotJudged { subject: "device".into(), name: "zlib".into(), version: Some("1.2.11".into()), reason: lost }];
    new.vulnerabilities
        .retain(|fact| !matches!(&fact.observed, Observed::KnownVulnerability(v) if v.component == "zlib"));
    (old, new)
}
