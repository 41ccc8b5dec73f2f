//! OpenWrt's shell functions for its configuration, as start scripts call them (`/lib/functions.sh`, `/lib/functions/procd.sh`).

use super::super::uci;
use super::run::{Guard, Runner};

/// Sections of one kind that a function is called for.
const MAX_SECTIONS: usize = 32;

impl Runner<'_> {
    /// OpenWrt's configuration functions, which decide most of its start scripts.
    pub(super) fn uci_command(&mut self, name: &str, arguments: &[Option<String>]) -> bool {
        let text = |i: usize| arguments.get(i).cloned().flatten().unwrap_or_default();
        match name {
            "config_load" => {
                self.load(&text(0));
            }
            "config_foreach" => {
                let (function, kind) = (text(0), text(1));
                let sections: Vec<usize> =
                    self.config.iter().enumerate().filter(|(_, s)| s.kind == kind).map(|(at, _)| at).collect();
                let mut passed = vec![None];
                passed.extend(arguments.iter().skip(2).cloned());
                let before = self.guards.len();
                if sections.is_empty() {
                    // A file that is not in the image may be made when the device first starts.
                    let holds = self.config_is_there.then_some(false);
                    self.guards.push(Guard { text: format!("a section '{kind}' in the configuration"), holds });
                    self.section = None;
                    self.call(&function, &passed);
                }
                for section in sections.into_iter().take(MAX_SECTIONS) {
                    self.section = Some(section);
                    passed[0] = self.config.get(section).and_then(|s| s.name.clone());
                    self.call(&function, &passed);
                    // The function may have loaded another file.
                    if self.config.get(section).is_none_or(|s| s.kind != kind) {
                        break;
                    }
                }
                self.guards.truncate(before);
            }
            "config_get" | "config_get_bool" => {
                let named =
                    self.config.iter().find(|s| s.name.is_some() && s.name == arguments.get(1).cloned().flatten());
                let section = named.or_else(|| self.section.and_then(|s| self.config.get(s)));
                let value = section.and_then(|s| s.get(&text(2))).map(|(v, _)| v.to_owned());
                let mut value = value.or_else(|| arguments.get(3).cloned().flatten()).unwrap_or_default();
                if name == "config_get_bool"
                    && let Some(on) = uci::boolean(&value)
                {
                    value = u8::from(on).to_string();
                }
                self.variables.insert(text(0), Some(value));
            }
            "uci_validate_section" | "uci_load_validate" => {
                self.load(&text(0));
                let kind = text(1);
                self.section = self.config.iter().position(|s| s.kind == kind).or(self.section);
                let from = if name == "uci_load_validate" { 4 } else { 3 };
                for rule in arguments.iter().skip(from).flatten() {
                    self.validated(rule);
                }
                if name == "uci_load_validate" {
                    let callback = text(3);
                    self.call(&callback, &[None, Some("0".into())]);
                }
            }
            _ => return false,
        }
        true
    }

    /// A rule such as `PasswordAuth:bool:1`: the option's value, or its default.
    fn validated(&mut self, rule: &str) {
        let Some((option, rest)) = rule.split_once(':') else { return };
        let (kind, default) = match rest.rfind(':') {
            // A colon inside parentheses belongs to the type.
            Some(at) if !rest[at..].contains(')') => (&rest[..at], &rest[at + 1..]),
            _ => (rest, ""),
        };
        let section = self.section.and_then(|s| self.config.get(s));
        let mut value = section.and_then(|s| s.get(option)).map_or(default, |(v, _)| v).to_owned();
        if kind == "bool"
            && let Some(on) = uci::boolean(&value)
        {
            value = u8::from(on).to_string();
        }
        self.variables.insert(option.to_owned(), Some(value));
    }

    fn load(&mut self, package: &str) {
        let found = self.view.text(&format!("/etc/config/{package}"));
        self.config_is_there = found.is_some();
        self.config = found.map(|(_, text)| uci::parse(&text)).unwrap_or_default();
    }
}
