//! Unit files: their syntax, and one unit put together from its file and its drop-ins (`man systemd.syntax`, `man systemd.unit`).

use super::super::super::file_name;
use crate::tree::{Kind, View};

/// Where units lie, the surest first: what stands in one hides a file of that name in those behind.
pub(super) const PLACES: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/lib/systemd/system",
    "/usr/lib/systemd/system",
];

/// Assignments of one unit at most.
const MAX_ASSIGNMENTS: usize = 2000;

/// An assignment with the file and line that it stands in.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    section: String,
    key: String,
    pub(super) value: String,
    /// A path of the tree, and the line from 0.
    pub(super) path: String,
    pub(super) line: usize,
}

/// A unit as systemd has it after reading everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    pub(super) masked: bool,
    assignments: Vec<Assignment>,
}

impl Unit {
    /// The unit `name`; an instance (`getty@tty1.service`) comes from its template where it has no file of its own.
    pub(super) fn load(view: &View<'_>, name: &str) -> Option<Self> {
        let template = template_of(name);
        let files = [Some(name), template.as_deref()];
        let candidates = files.into_iter().flatten().flat_map(|file| PLACES.map(|place| format!("{place}/{file}")));
        let mut unit: Option<Self> = None;
        for path in candidates {
            let kind = view.entry(&format!("{}{path}", view.root)).map(|entry| &entry.kind);
            if matches!(kind, Some(Kind::Link(target)) if target == "/dev/null") {
                // What the mask hides is still worth a look: it is what does not start.
                unit.get_or_insert_with(|| Self { masked: true, ..Self::default() });
                continue;
            }
            let Some((entry, text)) = view.text(&path) else { continue };
            let unit = unit.get_or_insert_default();
            // An empty file masks as a link to /dev/null does.
            unit.masked |= text.is_empty();
            unit.read(&entry.path, &text);
            break;
        }
        let mut unit = unit?;
        for file in [template.as_deref(), Some(name)].into_iter().flatten() {
            let mut drop_ins: Vec<_> =
                PLACES.iter().rev().flat_map(|place| view.listing(&format!("{place}/{file}.d"))).collect();
            drop_ins.sort_by_key(|entry| file_name(&entry.path));
            for entry in drop_ins.into_iter().filter(|entry| entry.path.ends_with(".conf")) {
                if let Some((entry, text)) = view.text(view.system_path(&entry.path)) {
                    unit.read(&entry.path, &text);
                }
            }
        }
        Some(unit)
    }

    fn read(&mut self, path: &str, text: &str) {
        let mut section = String::new();
        let mut lines = text.lines().enumerate();
        while let Some((line, first)) = lines.next() {
            let mut joined = first.trim().to_owned();
            if joined.is_empty() || joined.starts_with(['#', ';']) {
                continue;
            }
            while joined.ends_with('\\') && joined.len() < 64 << 10 {
                joined.pop();
                let Some((_, next)) = lines.next() else { break };
                // Comments between continued lines are left out.
                if next.trim_start().starts_with(['#', ';']) {
                    joined.push('\\');
                    continue;
                }
                joined.push(' ');
                joined.push_str(next.trim());
            }
            if let Some(name) = joined.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
            } else if let Some((key, value)) = joined.split_once('=')
                && self.assignments.len() < MAX_ASSIGNMENTS
            {
                self.assignments.push(Assignment {
                    section: section.clone(),
                    key: key.trim().to_owned(),
                    value: value.trim().to_owned(),
                    path: path.to_owned(),
                    line,
                });
            }
        }
    }

    /// The values of a list; an empty assignment empties it.
    pub(super) fn all(&self, section: &str, key: &str) -> Vec<&Assignment> {
        let mut values: Vec<&Assignment> = Vec::new();
        for assignment in self.assignments.iter().filter(|a| a.section == section && a.key == key) {
            if assignment.value.is_empty() {
                values.clear();
            } else {
                values.push(assignment);
            }
        }
        values
    }

    /// The last value of a setting.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&Assignment> {
        self.all(section, key).pop()
    }

    /// The words of a list of units.
    pub(super) fn units(&self, section: &str, key: &str) -> Vec<&str> {
        self.all(section, key).into_iter().flat_map(|a| a.value.split_whitespace()).collect()
    }

    /// Whether it says how it is to be enabled.
    pub(super) fn has_install(&self) -> bool {
        self.assignments.iter().any(|a| {
            a.section == "Install"
                && matches!(a.key.as_str(), "WantedBy" | "RequiredBy" | "Alias" | "Also" | "UpheldBy")
        })
    }

    /// Conditions and assertions, as they stand there with their keys.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (&str, &str)> {
        let conditions = self.assignments.iter().filter(|a| {
            a.section == "Unit"
                && !a.value.is_empty()
                && (a.key.starts_with("Condition") || a.key.starts_with("Assert"))
        });
        conditions.map(|a| (a.key.as_str(), a.value.as_str()))
    }
}

/// `getty@.service` of `getty@tty1.service`.
pub(super) fn template_of(name: &str) -> Option<String> {
    let (stem, kind) = name.rsplit_once('.')?;
    let (prefix, instance) = stem.split_once('@')?;
    (!instance.is_empty()).then(|| format!("{prefix}@.{kind}"))
}

/// The instance's name: `tty1` of `getty@tty1.service`.
pub(super) fn instance_of(name: &str) -> &str {
    name.rsplit_once('.').and_then(|(stem, _)| stem.split_once('@')).map_or("", |(_, instance)| instance)
}
