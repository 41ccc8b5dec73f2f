//! Collectors for what others made: results of other tools ([`ResultsCollector`]), configurations of builds ([`BuildCollector`]), published
//! documents ([`PublishedCollector`]). All of them read files; nothing is fetched, nothing is run.
//!
//! | results | what becomes of them |
//! | --- | --- |
//! | nmap 7, XML | hosts, ports, services; TLS, certificates, SSH, anonymous FTP by its scripts |
//! | testssl.sh 3.0 to 3.2: JSON flat and pretty, CSV | TLS, certificates, headers of web servers |
//! | sslyze 5 and 6, JSON | TLS, certificates |
//! | ssh-audit 2 and 3, JSON | SSH |
//! | ZAP, traditional JSON and XML; SARIF 2.1.0; Testrun | findings |
//!
//! They become the same facts that Sekisho's own looks over the network make, each with the tool and its version; a field is absent where the
//! tool did not look. All else that a tool says is a `tool-finding` in its own words, and what cannot be understood at all is counted in a gap.
//! The format is told by the content, never by the name.
//!
//! | builds | |
//! | --- | --- |
//! | `.config` of Linux, BusyBox, U-Boot, Zephyr, Buildroot, OpenWrt; `sdkconfig` | options that bear on security (`sekisho-kconfig`); whole |
//! | `prj.conf`, `sdkconfig.defaults`, `defconfig` | the same, in part: defaults are not there |
//! | Yocto's `local.conf` and the like | features and settings; in part |
//! | image manifests of Yocto and OpenWrt, `license.manifest` | components; of options nothing |
//!
//! Published documents are plain text, Markdown, HTML and PDF. What a document is, its title, date and language, and the first few passages of
//! each topic are facts, with the line or page; they are for a person to look at. Of other formats, and of what has no text, there is a gap.
//!
//! Input is hostile until shown otherwise: everything is limited ([`Limits`]), and what goes over a limit is a gap or is refused.

mod artefact;
mod build;
mod draft;
mod json;
mod limits;
mod published;
mod results;
mod text;
mod xml;

pub use build::BuildCollector;
pub use limits::Limits;
pub use published::PublishedCollector;
pub use results::ResultsCollector;
