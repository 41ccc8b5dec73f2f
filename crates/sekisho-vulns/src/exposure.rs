//! Whether a component can be reached over the network: it is, or is loaded by, a program that listens there.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Binary, Fact, Observed, Service, Start};
use sekisho_model::vulnerability::Exposure;

use crate::inventory::Item;

/// Protocols that are none to anybody outside: clients, local daemons, the console.
const NOT_OFFERED: [&str; 7] = ["console", "dhcp-client", "ntp-client", "syslog", "cron", "local", "inetd"];

/// Programs that are many in one file, started under the names of others.
const MULTI_CALL: [&str; 3] = ["busybox", "toybox", "dropbearmulti"];

/// What listens in one component of the product.
#[derive(Debug, Default)]
pub(crate) struct Listening {
    /// Whether anybody looked at what starts and what is linked.
    looked: bool,
    /// Names of programs that listen.
    programs: BTreeSet<String>,
    /// Names of files that these are or load.
    files: BTreeSet<String>,
    /// Whether one of them has no file of its own: then it is an applet of a program of many names.
    applets: bool,
}

/// What listens, by component of the product.
pub(crate) fn listening(facts: &[Fact]) -> BTreeMap<String, Listening> {
    let mut all: BTreeMap<String, (Vec<&Service>, BTreeMap<String, &Binary>)> = BTreeMap::new();
    for fact in facts {
        match &fact.observed {
            Observed::Service(service) => all.entry(fact.subject.clone()).or_default().0.push(service),
            Observed::Binary(binary) => {
                let path = fact.source.path.as_deref().unwrap_or_default();
                all.entry(fact.subject.clone()).or_default().1.insert(file_name(path).to_owned(), binary);
            }
            _ => {}
        }
    }
    all.into_iter().map(|(subject, (services, binaries))| (subject, of(&services, &binaries))).collect()
}

fn of(services: &[&Service], binaries: &BTreeMap<String, &Binary>) -> Listening {
    let programs: BTreeSet<String> =
        services.iter().filter(|service| listens(service)).map(|service| service.program.clone()).collect();
    let mut files = BTreeSet::new();
    let mut left: Vec<String> = programs.iter().filter(|name| binaries.contains_key(*name)).cloned().collect();
    let applets = programs.iter().any(|name| !binaries.contains_key(name));
    // What a program loads, it exposes.
    while let Some(name) = left.pop() {
        if files.insert(name.clone())
            && let Some(binary) = binaries.get(&name)
        {
            left.extend(binary.libraries.iter().cloned());
        }
    }
    Listening { looked: !services.is_empty() && !binaries.is_empty(), programs, files, applets }
}

/// Whether a service starts and listens on more than the device itself.
fn listens(service: &Service) -> bool {
    let starts = matches!(service.start, Start::Boot | Start::Conditional);
    let offered = service.protocol.as_deref().is_some_and(|protocol| !NOT_OFFERED.contains(&protocol));
    let local = |port: &String| port.contains("/127.") || port.contains("/[::1]") || port.contains("/localhost:");
    starts && offered && (service.listens.is_empty() || !service.listens.iter().all(local))
}

impl Listening {
    /// Whether a component is exposed.
    pub(crate) fn exposure(&self, item: &Item) -> Exposure {
        if !self.looked {
            return Exposure::Unknown;
        }
        let name = item.component.name.to_lowercase();
        // The kernel handles every packet, and which of its parts are reached cannot be seen from here.
        if matches!(name.as_str(), "linux" | "kernel" | "linux_kernel") {
            return Exposure::Unknown;
        }
        let names: Vec<String> = item.packages.iter().map(|name| name.to_lowercase()).chain([name.clone()]).collect();
        let by_file = item.files.iter().any(|path| self.files.contains(file_name(path)));
        let by_name = names.iter().any(|name| self.programs.iter().any(|program| is_program(program, name)));
        let by_library = names.iter().any(|name| self.files.iter().any(|file| is_library(file, name)));
        let as_applet = self.applets && MULTI_CALL.contains(&name.as_str());
        if by_file || by_name || by_library || as_applet { Exposure::Network } else { Exposure::NotSeen }
    }
}

/// Whether a package or component of this name has the program: `dropbear` is in `dropbear` and `dropbear-bin`.
fn is_program(program: &str, name: &str) -> bool {
    name == program
        || name.strip_prefix(program).is_some_and(|rest| matches!(rest, "-bin" | "-core" | "-server" | "-full"))
}

/// Whether a package is the one of a shared library: Debian names them after the file (`libssl.so.3` is in `libssl3`, `libpcre2-8.so.0` in
/// `libpcre2-8-0`; Debian Policy 8.1), others without the number.
fn is_library(file: &str, name: &str) -> bool {
    let Some((stem, rest)) = file.split_once(".so") else { return false };
    let stem = stem.to_lowercase();
    let number = rest.trim_start_matches('.').split('.').next().unwrap_or_default();
    let numbered = if stem.ends_with(|c: char| c.is_ascii_digit()) {
        format!("{stem}-{number}")
    } else {
        format!("{stem}{number}")
    };
    // `zlib1g` and `libssl3t64` are the exceptions that everybody has.
    name == stem
        || name == numbered
        || name.strip_suffix("t64").is_some_and(|name| name == numbered)
        || (stem == "libz" && matches!(name, "zlib1g" | "zlib"))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_and_their_packages() {
        for (file, name) in [
            ("libssl.so.3", "libssl3"),
            ("libssl.so.3", "libssl3t64"),
            ("libpcre2-8.so.0", "libpcre2-8-0"),
            ("libz.so.1", "zlib1g"),
            ("libc.so.6", "libc6"),
            ("libubox.so", "libubox"),
        ] {
            assert!(is_library(file, name), "{file} {name}");
        }
        assert!(!is_library("libssl.so.3", "libssl1.1"));
        assert!(!is_library("ssl", "ssl"));
        assert!(is_program("dropbear", "dropbear-bin") && !is_program("drop", "dropbear"));
    }
}
