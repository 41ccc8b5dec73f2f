//! Results of other tools, told apart by their content.

mod certificate;
mod collection;
mod endpoint;
mod finding;
mod nmap;
mod nmap_scripts;
mod sarif;
mod ssh;
mod ssh_audit;
mod sslyze;
mod testrun;
mod testssl;
mod zap;

use std::path::Path;

use sekisho_diag::{Place, Problem};
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use time::OffsetDateTime;

use crate::draft::Draft;
use crate::json::Node;
use crate::limits::Limits;
use crate::{artefact, json, text, xml};

/// What is read, for whoever gave something else.
const KNOWN: &str = "what is read: nmap (-oX), testssl.sh (--jsonfile, --jsonfile-pretty, --csvfile), sslyze (--json_out), ssh-audit (-j), ZAP \
                     (traditional JSON or XML), SARIF 2.1.0, Testrun (report.json), and what `sekisho collect --format json` writes";

/// Reads results of other tools.
#[derive(Debug, Clone, Copy)]
pub struct ResultsCollector {
    now: OffsetDateTime,
    limits: Limits,
}

impl ResultsCollector {
    /// A collector for an assessment made at the moment `now`, by which the validity of certificates is told.
    pub fn new(now: OffsetDateTime) -> Self {
        Self { now, limits: Limits::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the results `bytes`, which facts and messages call `name`, of the component `subject`.
    ///
    /// # Errors
    /// Where they are no results of a tool that is known, or break off where nothing can be read.
    pub fn read(
        &self,
        bytes: &[u8],
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Problem> {
        let text = text::decode(bytes, name, KNOWN)?;
        let artefact = artefact::of(bytes, ArtefactKind::Results, name, subject);
        if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
            && collection::is_one(&json::parse(text.trim_start_matches('\u{feff}'), name, self.limits.values)?)
        {
            progress(Progress::Step("sekisho json"));
            return collection::read(text.trim_start_matches('\u{feff}'), artefact);
        }
        let mut draft = Draft::new(self.limits);
        let replaced = text.matches('\u{fffd}').count();
        if replaced > 0 {
            draft.strange("bytes that are no UTF-8", None);
        }
        self.content(&text, name, &mut draft, progress)?;
        progress(Progress::Bytes(bytes.len() as u64));
        Ok(draft.finish(artefact, Aspect::ResultsTool))
    }

    fn content(&self, text: &str, name: &str, draft: &mut Draft, progress: OnProgress<'_>) -> Result<(), Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match text.trim_start().bytes().next() {
            Some(b'{' | b'[') => {
                let root = json::parse(text, name, self.limits.values)?;
                let format = detect(&root, name)?;
                progress(Progress::Step(format.name()));
                match format {
                    Format::TestsslFlat => testssl::flat(&root, self.now, draft),
                    Format::TestsslPretty => testssl::pretty(&root, self.now, draft),
                    Format::Sslyze => sslyze::read(&root, self.now, draft),
                    Format::SshAudit => ssh_audit::read(&root, draft),
                    Format::Zap => zap::json(&root, draft),
                    Format::Sarif => sarif::read(&root, draft),
                    Format::Testrun => testrun::read(&root, draft),
                }
                Ok(())
            }
            Some(b'<') => self.xml(text, name, draft, progress),
            _ if testssl::is_csv(text) => {
                progress(Progress::Step("testssl.sh csv"));
                testssl::csv(text, self.now, draft);
                Ok(())
            }
            _ => {
                let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
                let message = format!("no known tool's results: they begin with '{}'", text::shortened(first, 60));
                Err(Problem::error("import-unknown", message).at(Place::text(name, 1, 1)).hint(KNOWN))
            }
        }
    }

    fn xml(&self, text: &str, name: &str, draft: &mut Draft, progress: OnProgress<'_>) -> Result<(), Problem> {
        let document = xml::parse(text, name, self.limits.values)?;
        if let Some(line) = document.cut_off {
            let reason = sekisho_model::Text::new(
                "the file ends in the midst of an element: the tool did not finish",
                "ファイルが要素の途中で終わっている：ツールの実行が完了していない",
            );
            draft.gap(Some(format!("line {line}")), reason);
        }
        let root = &document.root;
        match root.name.as_str() {
            "nmaprun" if root.attribute("scanner").is_none_or(|scanner| scanner == "nmap") => {
                progress(Progress::Step("nmap xml"));
                nmap::read(root, self.now, draft);
                Ok(())
            }
            "OWASPZAPReport" => {
                progress(Progress::Step("zap xml"));
                zap::xml(root, draft);
                Ok(())
            }
            "bom" => Err(is_sbom("CycloneDX", name)),
            other => {
                let message = format!("XML of another kind: its root element is <{}>", text::shortened(other, 60));
                let line = usize::try_from(root.line).unwrap_or(1);
                Err(Problem::error("import-unknown", message).at(Place::text(name, line, 1)).hint(KNOWN))
            }
        }
    }
}

impl Collector for ResultsCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Results
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let bytes = artefact::open(path, name, self.limits.file)?;
        Ok(self.read(&bytes, name, subject, progress)?)
    }
}

/// Results as JSON, by the members that only they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    TestsslFlat,
    TestsslPretty,
    Sslyze,
    SshAudit,
    Zap,
    Sarif,
    Testrun,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::TestsslFlat => "testssl.sh json",
            Self::TestsslPretty => "testssl.sh json (pretty)",
            Self::Sslyze => "sslyze json",
            Self::SshAudit => "ssh-audit json",
            Self::Zap => "zap json",
            Self::Sarif => "sarif",
            Self::Testrun => "testrun json",
        }
    }
}

fn is_sbom(what: &str, name: &str) -> Problem {
    Problem::error("import-is-sbom", format!("this is a bill of materials ({what}), not the results of a test"))
        .at(Place::file(name))
        .hint("give it as `sbom:` in the product file; EMBA's results come in this form, too")
}

fn detect(root: &Node, name: &str) -> Result<Format, Problem> {
    let has = |key: &str| root.get(key).is_some();
    if has("bomFormat") {
        return Err(is_sbom("CycloneDX", name));
    }
    if has("spdxVersion") || (has("@context") && has("@graph")) {
        return Err(is_sbom("SPDX", name));
    }
    let known = if let Some(first) = root.items().first() {
        // ssh-audit asked for several targets writes a list.
        if first.get("banner").is_some() && first.get("kex").is_some() {
            Some(Format::SshAudit)
        } else {
            (first.get("id").is_some() && first.get("finding").is_some()).then_some(Format::TestsslFlat)
        }
    } else if has("scanResult") && (has("Invocation") || has("version")) {
        Some(Format::TestsslPretty)
    } else if has("server_scan_results") || has("sslyze_version") {
        Some(Format::Sslyze)
    } else if has("runs") && (has("version") || root.text_of("$schema").is_some_and(|schema| schema.contains("sarif")))
    {
        Some(Format::Sarif)
    } else if root.items_of("site").iter().any(|site| site.get("alerts").is_some()) || has("@programName") {
        Some(Format::Zap)
    } else if (has("kex") && has("enc")) || (has("recommendations") && has("cves")) {
        Some(Format::SshAudit)
    } else if has("device") && root.at(&["tests", "results"]).is_some() {
        Some(Format::Testrun)
    } else {
        None
    };
    known.ok_or_else(|| {
        let keys: Vec<String> =
            root.members().iter().take(6).map(|(key, _)| format!("'{}'", text::shortened(key, 40))).collect();
        let message = if keys.is_empty() {
            "JSON of another kind".to_owned()
        } else {
            format!("JSON of another kind: its members are {}", keys.join(", "))
        };
        Problem::error("import-unknown", message).at(Place::text(name, 1, 1)).hint(KNOWN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> Result<Format, Problem> {
        detect(&json::parse(text, "f", 1000).unwrap(), "f")
    }

    #[test]
    fn formats_are_told_by_content() {
        for (text, expected) in [
            (r#"[{"id":"a","ip":"b","finding":"c"}]"#, Format::TestsslFlat),
            (r#"{"Invocation":"x","scanResult":[]}"#, Format::TestsslPretty),
            (r#"{"sslyze_version":"6.0.0","server_scan_results":[]}"#, Format::Sslyze),
            (r#"{"banner":{},"kex":[],"enc":[]}"#, Format::SshAudit),
            (r#"{"@version":"2.14","site":[{"alerts":[]}]}"#, Format::Zap),
            (r#"{"version":"2.1.0","runs":[]}"#, Format::Sarif),
            (r#"{"device":{},"tests":{"total":0,"results":[]}}"#, Format::Testrun),
        ] {
            assert_eq!(format(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_rest_is_refused_with_a_reason() {
        for (text, code) in [
            (r#"{"bomFormat":"CycloneDX"}"#, "import-is-sbom"),
            (r#"{"spdxVersion":"SPDX-2.3"}"#, "import-is-sbom"),
            (r#"{"log":{}}"#, "import-unknown"),
            ("[]", "import-unknown"),
            ("[1]", "import-unknown"),
        ] {
            let problem = format(text).unwrap_err();
            assert_eq!(problem.code, code, "{text}");
            assert!(problem.hint.is_some());
        }
    }
}
