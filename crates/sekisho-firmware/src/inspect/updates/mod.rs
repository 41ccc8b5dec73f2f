//! How a device takes updates: package managers, bundle installers, and scripts that write flash; whether they check signatures, against
//! what, from where, and what starts them.

mod bundles;
mod packages;
pub(super) mod script;

use sekisho_model::fact::{Observed, Start, UpdateMechanism};

use super::Seen;
use super::services::Launch;
use crate::tree::{Entry, Kind, View};

/// Facts of one system, and sources of one fact.
const MAX_FACTS: usize = 100;
const MAX_SOURCES: usize = 50;

/// The update mechanisms of a system.
pub(super) fn inspect(view: &View<'_>, launches: &[Launch]) -> Vec<(String, Seen)> {
    let system = System { view, launches };
    let mut found = Vec::new();
    packages::inspect(&system, &mut found);
    bundles::inspect(&system, &mut found);
    script::launched(&system, &mut found);
    found.truncate(MAX_FACTS);
    found
}

/// A system and what it starts.
struct System<'a> {
    view: &'a View<'a>,
    launches: &'a [Launch],
}

impl<'a> System<'a> {
    /// The first of these programs that the image has.
    fn program(&self, names: &[&str]) -> Option<&'a Entry> {
        let places = ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/libexec", "/usr/lib/fwupd", "/usr/libexec/fwupd"];
        let mut paths = names.iter().flat_map(|name| places.iter().map(move |place| format!("{place}/{name}")));
        paths.find_map(|path| self.view.resolve(&path).filter(|entry| matches!(entry.kind, Kind::File(_))))
    }

    /// How these programs start, the surest way; present where nothing starts them.
    fn start(&self, names: &[&str]) -> Start {
        let launches = self.launches.iter().filter(|launch| launch.starts() && names.contains(&launch.program()));
        launches.map(|launch| launch.start).min().unwrap_or(Start::Present)
    }

    /// The command lines of a program that starts.
    fn commands(&self, name: &'static str) -> impl Iterator<Item = &'a Launch> {
        self.launches.iter().filter(move |launch| launch.starts() && launch.program() == name)
    }

    /// The settings of a file of sections, from several places, each with its entry.
    fn texts(&self, places: &[&str], end: &str) -> Vec<(&'a Entry, String)> {
        let mut all = Vec::new();
        for place in places {
            if let Some(found) = self.view.text(place) {
                all.push(found);
                continue;
            }
            let files = self.view.listing(place).into_iter().filter(|entry| entry.path.ends_with(end));
            all.extend(files.filter_map(|e| self.view.text(self.view.system_path(&e.path))));
        }
        all
    }
}

/// A mechanism that was seen, with its sources in their order, once each.
fn mechanism(mut value: UpdateMechanism) -> Observed {
    let mut sources = Vec::new();
    for source in value.sources.drain(..) {
        if !sources.contains(&source) && sources.len() < MAX_SOURCES {
            sources.push(source);
        }
    }
    value.cleartext = sources.iter().any(|source| is_cleartext(source));
    value.sources = sources;
    Observed::UpdateMechanism(value)
}

/// Whether an address is fetched from in the clear.
fn is_cleartext(url: &str) -> bool {
    ["http://", "ftp://", "tftp://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)))
}

/// An address without the user and password in it.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// `[section]`, `key = value` as most of these programs have it: each pair with its section and line.
fn ini(text: &str) -> impl Iterator<Item = (&str, &str, &str, usize)> {
    let mut section = "";
    text.lines().enumerate().filter_map(move |(index, line)| {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            return None;
        }
        if line.starts_with(['#', ';']) {
            return None;
        }
        let (key, value) = line.split_once('=')?;
        Some((section, key.trim(), value.trim(), index))
    })
}

/// A switch of such a file.
fn on(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
