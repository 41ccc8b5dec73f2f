//! Follows start scripts without running them: which commands are reached, and under which conditions.

use std::collections::HashMap;

use super::super::shell::{Statement, StatementKind, parse};
use super::super::uci;
use super::decide::{all_hold, and, is_setup, is_test, negated, or};
use super::launch::{Launch, OF_SCRIPTS};
use super::words::{glob, unquote};
use crate::reason;
use crate::tree::View;

/// Scripts and functions called from each other at most.
pub(super) const MAX_CALLS: usize = 12;
/// Longest condition shown, in bytes.
const MAX_CONDITION: usize = 500;
/// Conditions on the way to one command at most.
const MAX_GUARDS: usize = 50;

/// Statements followed in one system at most; reading a script costs one for each so many bytes.
const MAX_STEPS: usize = 200_000;
pub(super) const BYTES_A_STEP: usize = 64;

/// A condition on the way to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guard {
    /// As it stands there.
    pub(super) text: String,
    /// Whether it holds, where the image decides it.
    pub(super) holds: Option<bool>,
}

/// How the statements of a list ended.
pub(super) enum Flow {
    On,
    /// `return` or `exit` was reached for certain.
    Left,
}

/// The state of one walk.
pub(super) struct Runner<'a> {
    pub(super) view: &'a View<'a>,
    /// Variables: known text, or known to be unknown.
    pub(super) variables: HashMap<String, Option<String>>,
    pub(super) functions: HashMap<String, Vec<Statement>>,
    pub(super) guards: Vec<Guard>,
    pub(super) script: String,
    pub(super) calls: usize,
    pub(super) by: &'static str,
    /// Which of what is reached is the command of procd's instance that is being described.
    pub(super) instance: Option<usize>,
    /// OpenWrt's configuration that is loaded, and the section at hand.
    pub(super) config: Vec<uci::Section>,
    pub(super) section: Option<usize>,
    pub(super) config_is_there: bool,
    pub(super) reached: Vec<Launch>,
}

impl<'a> Runner<'a> {
    /// A walk through what `by` starts.
    pub(super) fn new(view: &'a View<'a>, by: &'static str) -> Self {
        Self {
            view,
            by,
            instance: None,
            variables: HashMap::new(),
            functions: HashMap::new(),
            guards: Vec::new(),
            script: String::new(),
            calls: 0,
            config: Vec::new(),
            section: None,
            config_is_there: false,
            reached: Vec::new(),
        }
    }

    /// Follows the script at `path` of the system as `path arguments…`.
    pub(super) fn script(&mut self, path: &str, arguments: &[&str]) {
        let Some((entry, text)) = self.view.script(path) else { return };
        if !self.spend(text.len() / BYTES_A_STEP) {
            return;
        }
        let statements = parse(&text);
        let outer = std::mem::replace(&mut self.script, entry.path.clone());
        self.arguments(&arguments.iter().map(|a| Some((*a).to_owned())).collect::<Vec<_>>());
        self.variables.insert("0".into(), Some(path.to_owned()));
        let _ = self.list(&statements);
        let interpreter = text.lines().next().unwrap_or_default();
        // An init script of OpenRC sets variables or defines functions; openrc-run does the rest.
        if interpreter.contains("openrc-run") || interpreter.ends_with("/runscript") {
            self.openrc();
        }
        // An init script of OpenWrt only defines functions; rc.common calls them.
        if interpreter.contains("rc.common") {
            let called = arguments.first().copied().unwrap_or("boot");
            let entries: &[&str] = match called {
                "boot" if self.functions.contains_key("boot") => &["boot"],
                _ if self.functions.contains_key("start_service") => &["start_service"],
                _ => &["start"],
            };
            for entry in entries {
                self.call(entry, &[]);
            }
        }
        self.script = outer;
    }

    /// Follows a command line that stands in a table such as `inittab`.
    pub(super) fn line(&mut self, command: &str, path: &str, line: usize) {
        let outer = std::mem::replace(&mut self.script, path.to_owned());
        for mut statement in parse(command) {
            statement.line = line;
            let _ = self.statement(&statement);
        }
        self.script = outer;
    }

    /// Takes `guard` for everything that follows.
    pub(super) fn under(&mut self, guard: Guard) {
        self.guards.push(guard);
    }

    /// Takes from what following scripts may cost; what is left out when it is used up is said once.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let before = self.view.followed.get();
        let after = before.saturating_add(steps);
        self.view.followed.set(after);
        if after > MAX_STEPS && before <= MAX_STEPS {
            self.view.gap(&self.script, OF_SCRIPTS, reason::scripts_limit());
        }
        after <= MAX_STEPS
    }

    fn arguments(&mut self, values: &[Option<String>]) {
        for i in 1..=9 {
            let value = values.get(i - 1).cloned().unwrap_or_else(|| Some(String::new()));
            self.variables.insert(i.to_string(), value);
        }
    }

    pub(super) fn list(&mut self, statements: &[Statement]) -> Flow {
        let outer = self.guards.len();
        for statement in statements {
            if let Flow::Left = self.statement(statement) {
                self.guards.truncate(outer);
                return Flow::Left;
            }
        }
        Flow::On
    }

    /// Follows what is only reached where `guard` holds.
    fn guarded(&mut self, guard: &Guard, statements: &[Statement]) {
        if statements.is_empty() {
            return;
        }
        let before = self.guards.len();
        self.guards.push(guard.clone());
        let left = matches!(self.list(statements), Flow::Left);
        self.guards.truncate(before);
        if left && before < MAX_GUARDS {
            // What follows is reached only where this was not; where it was for certain, it is switched off, and that is worth knowing.
            self.guards.push(negated(guard));
        }
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Flow {
        if !self.spend(1) {
            return Flow::Left;
        }
        match &statement.kind {
            StatementKind::Command(words) => return self.command(words, statement),
            StatementKind::Chain(first, rest) => return self.chain(first, rest),
            StatementKind::Group(inner) => return self.list(inner),
            StatementKind::Not(inner) => {
                self.statement(inner);
            }
            StatementKind::Function(name, body) => {
                self.functions.insert(name.clone(), body.clone());
            }
            StatementKind::If(arms, otherwise) => self.if_statement(arms, otherwise),
            StatementKind::For(variable, words, body) => self.for_loop(variable, words, body),
            StatementKind::While(condition, body) => {
                let guard = self.condition_of(condition);
                // A loop that waits for something comes to its end; what is in it runs if its condition ever holds.
                if guard.holds != Some(false) {
                    let before = self.guards.len();
                    self.guarded(&guard, body);
                    self.guards.truncate(before);
                }
            }
            StatementKind::Case(subject, arms) => {
                let value = self.expand(subject);
                let mut taken = false;
                for (patterns, body) in arms {
                    let matches = match &value {
                        _ if taken => Some(false),
                        Some(value) => Some(patterns.iter().any(|p| glob(&unquote(p), value))),
                        None => None,
                    };
                    taken |= matches == Some(true);
                    let text = format!("case {subject} in {})", patterns.join("|"));
                    if matches == Some(true) {
                        // The arm is part of the way, not a condition worth showing.
                        if let Flow::Left = self.list(body) {
                            return Flow::Left;
                        }
                    } else if matches.is_none() {
                        self.guarded(&Guard { text, holds: None }, body);
                    }
                }
            }
        }
        Flow::On
    }

    fn if_statement(&mut self, arms: &[(Vec<Statement>, Vec<Statement>)], otherwise: &[Statement]) {
        // Ways out of an arm close the way behind the whole `if`.
        let mut left: Vec<Guard> = Vec::new();
        let mut failed: Vec<Guard> = Vec::new();
        let before = self.guards.len();
        for (condition, body) in arms {
            let guard = self.condition_of(condition);
            // An `elif` is reached where what is before did not hold.
            self.guards.extend(failed.iter().filter(|g| g.holds != Some(true)).cloned());
            let inner = self.guards.len();
            self.guarded(&guard, body);
            if guard.holds != Some(false) {
                left.extend(self.guards.drain(inner..));
            }
            self.guards.truncate(before);
            failed.push(negated(&guard));
        }
        if !failed.is_empty() && !otherwise.is_empty() {
            let text = failed.iter().map(|g| g.text.as_str()).collect::<Vec<_>>().join(" && ");
            let holds = all_hold(&failed);
            self.guarded(&Guard { text, holds }, otherwise);
            if holds != Some(false) {
                left.extend(self.guards.drain(before..));
            }
            self.guards.truncate(before);
        }
        self.guards.extend(left);
    }

    fn for_loop(&mut self, variable: &str, words: &[String], body: &[Statement]) {
        let mut values: Vec<Option<String>> = Vec::new();
        for word in words {
            match self.expand(word) {
                Some(text) if text.contains(['*', '?']) && text.starts_with('/') => {
                    let (directory, pattern) = text.rsplit_once('/').unwrap_or(("", &text));
                    // Archives often leave directories out.
                    let directory = self
                        .view
                        .resolve(directory)
                        .map_or(format!("{}{directory}", self.view.root), |e| e.path.clone());
                    let mut names: Vec<String> = self
                        .view
                        .children(&directory)
                        .filter(|e| glob(pattern, super::super::file_name(&e.path)))
                        .map(|e| e.path.strip_prefix(&self.view.root).unwrap_or(&e.path).to_owned())
                        .collect();
                    names.sort();
                    values.extend(names.into_iter().map(Some));
                }
                Some(text) => values.extend(text.split_whitespace().map(|w| Some(w.to_owned()))),
                None => values.push(None),
            }
        }
        for value in values.into_iter().take(200) {
            self.variables.insert(variable.to_owned(), value);
            let before = self.guards.len();
            let _ = self.list(body);
            // `continue` and `break` end one turn, not what follows the loop.
            self.guards.truncate(before);
        }
    }

    fn chain(&mut self, first: &Statement, rest: &[(bool, Statement)]) -> Flow {
        if let Flow::Left = self.statement(first) {
            return Flow::Left;
        }
        let mut holds = self.decide(first);
        let mut text = first.text.clone();
        let asks = is_test(first);
        for (wants_success, next) in rest {
            let reached = if *wants_success { holds } else { holds.map(|h| !h) };
            let reached = match (reached, asks, wants_success) {
                // What does something rather than ask is taken to succeed: `mkdir x || exit 1`.
                (None, false, false) => Some(false),
                (None, false, true) if is_setup(first) => Some(true),
                (reached, ..) => reached,
            };
            let guard =
                Guard { text: if *wants_success { text.clone() } else { format!("! ({text})") }, holds: reached };
            if reached == Some(true) && !asks {
                if let Flow::Left = self.statement(next) {
                    return Flow::Left;
                }
            } else if reached == Some(false) && !asks {
                // The way of a failure: nothing of it is a service.
            } else {
                // Followed even where it is not reached as delivered, to find what is switched off; a way out there is none.
                let before = self.guards.len();
                self.guarded(&guard, std::slice::from_ref(next));
                if reached == Some(false) {
                    self.guards.truncate(before);
                }
            }
            let next_holds = self.decide(next);
            holds = if *wants_success { and(holds, next_holds) } else { or(holds, next_holds) };
            if text.len() < MAX_CONDITION {
                text = format!("{text} {} {}", if *wants_success { "&&" } else { "||" }, next.text);
            }
        }
        Flow::On
    }

    pub(super) fn call(&mut self, name: &str, arguments: &[Option<String>]) {
        if self.calls >= MAX_CALLS {
            return;
        }
        let Some(body) = self.functions.get(name).cloned() else { return };
        self.calls += 1;
        let saved: Vec<(String, Option<Option<String>>)> =
            (1..=9).map(|i| (i.to_string(), self.variables.get(&i.to_string()).cloned())).collect();
        self.arguments(arguments);
        let before = self.guards.len();
        let _ = self.list(&body);
        // A way out of the function ends the function.
        self.guards.truncate(before);
        for (name, value) in saved {
            match value {
                Some(value) => self.variables.insert(name, value),
                None => self.variables.remove(&name),
            };
        }
        self.calls -= 1;
    }

    fn condition_of(&mut self, condition: &[Statement]) -> Guard {
        let text = condition.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("; ");
        for statement in condition {
            if !is_test(statement) {
                let before = self.guards.len();
                let _ = self.statement(statement);
                self.guards.truncate(before);
            }
        }
        let holds = condition.last().and_then(|last| self.decide(last));
        Guard { text, holds }
    }
}
