//! What a command of a start script does: sets a variable, calls a function, runs another script, starts a program.

use super::super::shell::{Statement, parse};
use super::decide::all_hold;
use super::launch::{Launch, MAX_LAUNCHES, OF_SCRIPTS, is_shell, is_telling, start_of};
use super::run::{BYTES_A_STEP, Flow, MAX_CALLS, Runner};
use super::words::{Unwrapped, assignment, unquote, unwrap_command};
use crate::reason;

impl Runner<'_> {
    /// Follows a command; its words as they stand.
    pub(super) fn command(&mut self, words: &[String], statement: &Statement) -> Flow {
        let mut words = words;
        while let Some((name, value)) = words.first().and_then(|w| assignment(w)) {
            let value = self.expand(value);
            self.variables.insert(name.to_owned(), value);
            words = &words[1..];
        }
        let Some(first) = words.first() else { return Flow::On };
        let first = self.expand(first).unwrap_or_default();
        match first.as_str() {
            "exit" | "return" | "continue" | "break" => return Flow::Left,
            "local" | "export" | "readonly" | "declare" => {
                for word in &words[1..] {
                    if let Some((name, value)) = assignment(word) {
                        let value = self.expand(value);
                        self.variables.insert(name.to_owned(), value);
                    } else if first == "local" {
                        self.variables.entry(word.clone()).or_insert_with(|| Some(String::new()));
                    }
                }
                return Flow::On;
            }
            "cd" => {
                let to = words.get(1).and_then(|w| self.expand(w));
                self.variables.insert("PWD".into(), to.filter(|to| to.starts_with('/')));
                return Flow::On;
            }
            "read" | "unset" => {
                for word in &words[1..] {
                    self.variables.insert(word.clone(), None);
                }
                return Flow::On;
            }
            "." | "source" => {
                if let Some(path) = words.get(1).and_then(|w| self.expand(w)) {
                    self.source(&path, statement);
                }
                return Flow::On;
            }
            _ => {}
        }
        let mut arguments: Vec<Option<String>> = Vec::new();
        let mut plain: Vec<String> = Vec::new();
        let mut bare: Vec<bool> = Vec::new();
        for word in &words[1..] {
            if matches!(word.as_str(), "\"$@\"" | "$@" | "$*" | "\"$*\"") {
                let passed =
                    (1..=9).map_while(|i| self.variables.get(&i.to_string()).filter(|v| v.as_deref() != Some("")));
                arguments.extend(passed.cloned());
                plain.resize(arguments.len(), String::new());
                bare.resize(arguments.len(), false);
            } else {
                arguments.push(self.expand(word));
                plain.push(unquote(word));
                bare.push(word.starts_with('$'));
            }
        }
        if self.uci_command(&first, &arguments) || self.procd_command(&first, &plain, &arguments, statement) {
            return Flow::On;
        }
        if self.functions.contains_key(&first) {
            self.call(&first, &arguments);
            return Flow::On;
        }
        // rc.common's `start` calls what the script defines.
        if first == "start" && self.functions.contains_key("start_service") {
            self.call("start_service", &arguments);
            return Flow::On;
        }
        // What an unknown command is given by name, it may set: `json_get_var state up`.
        let reached = self.decided() != Some(false);
        if reached && !matches!(first.as_str(), "[" | "test" | "echo" | "logger") {
            for word in &words[1..] {
                if let Some(value) = self.variables.get_mut(word.as_str()) {
                    *value = None;
                }
            }
        }
        let first = match (first.strip_prefix("./"), self.variables.get("PWD")) {
            (Some(rest), Some(Some(at))) => format!("{}/{rest}", at.trim_end_matches('/')),
            _ => first,
        };
        let mut expanded = vec![first];
        for ((word, value), bare) in plain.into_iter().zip(arguments).zip(bare) {
            match value {
                // Without quotes around it a variable's value is several words, or none: `telnetd $OPTIONS`.
                Some(value) if bare => expanded.extend(value.split_whitespace().map(str::to_owned)),
                value => expanded.push(value.unwrap_or(word)),
            }
        }
        self.run(expanded, statement);
        Flow::On
    }

    /// A program or script is reached.
    pub(super) fn run(&mut self, words: Vec<String>, statement: &Statement) {
        let Unwrapped { words, user, listens } = unwrap_command(words);
        let Some(first) = words.first() else { return };
        // `/etc/init.d/telnet start`, `sh /etc/rc.local`, `/system/init.sh &`.
        let (script, arguments) = match first.as_str() {
            shell if is_shell(shell) => (words.get(1).cloned().unwrap_or_default(), words.get(2..).unwrap_or_default()),
            "service" => (
                format!("/etc/init.d/{}", words.get(1).cloned().unwrap_or_default()),
                words.get(2..).unwrap_or_default(),
            ),
            name if name.ends_with(".sh") && !name.contains('/') => (self.in_path(name), &words[1..]),
            _ => (first.clone(), &words[1..]),
        };
        if script == "-c" {
            // `sh -c 'telnetd &'`: the text is a script of its own.
            let text = words.get(2).cloned().unwrap_or_default();
            if self.calls < MAX_CALLS {
                self.calls += 1;
                for mut inner in parse(&text) {
                    inner.line = statement.line;
                    let _ = self.statement(&inner);
                }
                self.calls -= 1;
            }
            return;
        }
        let asked = arguments.first().is_some_and(|a| matches!(a.as_str(), "stop" | "enabled" | "disable" | "status"));
        let arguments: Vec<String> = arguments.to_vec();
        // A start script is called like its daemon and is none.
        if !asked && !script.contains("/init.d/") {
            self.note(words, statement, user, listens);
        }
        if script.starts_with('/')
            && self.calls < MAX_CALLS
            && let Some((entry, _)) = self.view.script(&script)
        {
            if entry.path == self.script || asked {
                return;
            }
            self.calls += 1;
            let outer = (self.variables.clone(), self.functions.clone(), self.guards.len());
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            self.script(&script, &arguments);
            self.variables = outer.0;
            self.functions = outer.1;
            self.guards.truncate(outer.2);
            self.calls -= 1;
        }
    }

    /// Where a script called by its name alone lies.
    fn in_path(&self, name: &str) -> String {
        let places = ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
        let found = places.iter().map(|place| format!("{place}/{name}")).find(|path| self.view.exists(path));
        found.unwrap_or_else(|| name.to_owned())
    }

    /// Keeps a command that is reached; whether it was.
    pub(super) fn note(
        &mut self,
        words: Vec<String>,
        statement: &Statement,
        user: Option<String>,
        listens: Vec<String>,
    ) -> bool {
        if !is_telling(&words) {
            return false;
        }
        let kept = self.view.kept.get();
        self.view.kept.set(kept.saturating_add(1));
        if kept == MAX_LAUNCHES {
            self.view.gap(&self.script, OF_SCRIPTS, reason::scripts_limit());
        }
        if kept >= MAX_LAUNCHES {
            return false;
        }
        let (start, condition) = start_of(&self.guards);
        let launch = Launch::new(words, &self.script, Some(statement.line), &statement.text, self.by);
        self.reached.push(Launch { start, condition, user, listens, ..launch });
        true
    }

    /// Whether what is at hand is reached, where the image decides it.
    pub(super) fn decided(&self) -> Option<bool> {
        all_hold(&self.guards)
    }

    pub(super) fn source(&mut self, path: &str, statement: &Statement) {
        // The function libraries of OpenWrt are known; following them would only cost time.
        if path.starts_with("/lib/functions") || self.calls >= MAX_CALLS {
            return;
        }
        self.note(vec![".".to_owned(), path.to_owned()], statement, None, Vec::new());
        if let Some((entry, text)) = self.view.text(path) {
            if !self.spend(text.len() / BYTES_A_STEP) {
                return;
            }
            self.calls += 1;
            let outer = std::mem::replace(&mut self.script, entry.path.clone());
            let _ = self.list(&parse(&text));
            self.script = outer;
            self.calls -= 1;
        }
    }
}
