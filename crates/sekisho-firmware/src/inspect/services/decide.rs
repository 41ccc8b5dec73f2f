//! Which conditions of a start script the image decides.

use super::super::shell::{Statement, StatementKind};
use super::run::{Guard, Runner};
use super::words::{assignment, unquote};
use crate::tree::Kind;

/// Words of one `[ ]` that are looked at.
const MAX_TEST: usize = 64;

impl Runner<'_> {
    /// Whether a statement succeeds, where the image decides it.
    pub(super) fn decide(&self, statement: &Statement) -> Option<bool> {
        match &statement.kind {
            StatementKind::Not(inner) => self.decide(inner).map(|h| !h),
            StatementKind::Group(inner) => self.decide(inner.last()?),
            StatementKind::Chain(first, rest) => {
                let mut holds = self.decide(first);
                for (wants_success, next) in rest {
                    let next = self.decide(next);
                    holds = if *wants_success { and(holds, next) } else { or(holds, next) };
                }
                holds
            }
            StatementKind::Command(words) => self.decide_command(words),
            _ => None,
        }
    }

    fn decide_command(&self, words: &[String]) -> Option<bool> {
        let inner = match words.first()?.as_str() {
            "true" | ":" => return Some(true),
            "false" => return Some(false),
            "[" | "[[" => words.get(1..words.len() - 1)?,
            "test" => &words[1..],
            // Init scripts of OpenWrt answer whether they are linked into rc.d.
            script if words.get(1).is_some_and(|w| w == "enabled") && script.starts_with("/etc/init.d/") => {
                return Some(self.enabled(super::super::file_name(script)));
            }
            _ => return None,
        };
        self.test(inner)
    }

    fn enabled(&self, name: &str) -> bool {
        if !self.view.exists(&format!("/etc/init.d/{name}")) {
            return false;
        }
        let directory = format!("{}/etc/rc.d", self.view.root);
        self.view.children(&directory).any(|e| {
            let link = super::super::file_name(&e.path);
            link.starts_with('S') && link.get(3..) == Some(name)
        })
    }

    /// The expression inside `[ ]`.
    fn test(&self, words: &[String]) -> Option<bool> {
        if words.len() > MAX_TEST {
            return None;
        }
        if let Some(at) = words.iter().position(|w| w == "-o" || w == "||") {
            return or(self.test(&words[..at]), self.test(&words[at + 1..]));
        }
        if let Some(at) = words.iter().position(|w| w == "-a" || w == "&&") {
            return and(self.test(&words[..at]), self.test(&words[at + 1..]));
        }
        match words {
            [not, rest @ ..] if not == "!" => self.test(rest).map(|h| !h),
            [word] => self.expand(word).map(|value| !value.is_empty()),
            [operator, operand] => {
                let value = self.expand(operand);
                match operator.as_str() {
                    "-n" => value.map(|v| !v.is_empty()),
                    "-z" => value.map(|v| v.is_empty()),
                    "-f" | "-e" | "-x" | "-r" | "-s" | "-d" | "-L" | "-h" => self.file_test(operator, &value?),
                    _ => None,
                }
            }
            [left, operator, right] => {
                let (left, right) = (self.expand(left)?, self.expand(right)?);
                let numbers = || Some((left.trim().parse::<i64>().ok()?, right.trim().parse::<i64>().ok()?));
                match operator.as_str() {
                    "=" | "==" => Some(left == right),
                    "!=" => Some(left != right),
                    // A comparison of what is no number is an error, and so not true.
                    "-eq" => Some(numbers().is_some_and(|(a, b)| a == b)),
                    "-ne" => Some(numbers().is_some_and(|(a, b)| a != b)),
                    "-gt" => Some(numbers().is_some_and(|(a, b)| a > b)),
                    "-ge" => Some(numbers().is_some_and(|(a, b)| a >= b)),
                    "-lt" => Some(numbers().is_some_and(|(a, b)| a < b)),
                    "-le" => Some(numbers().is_some_and(|(a, b)| a <= b)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A test of a file: what is there is there; what is not may come at run time, except where programs are.
    fn file_test(&self, operator: &str, path: &str) -> Option<bool> {
        if path.is_empty() {
            return Some(false);
        }
        if let Some(entry) = self.view.resolve(path) {
            return match (operator, &entry.kind) {
                ("-s", Kind::File(0)) => None,
                ("-d", kind) => Some(*kind == Kind::Directory),
                ("-f", kind) => Some(matches!(kind, Kind::File(_))),
                _ => Some(true),
            };
        }
        let programs =
            ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/lib/", "/usr/lib/", "/usr/libexec/", "/usr/share/"];
        programs.iter().any(|p| path.starts_with(p)).then_some(false)
    }

    /// A word with its quotes taken off and its variables replaced; none where one is not known.
    pub(super) fn expand(&self, word: &str) -> Option<String> {
        let mut out = String::new();
        let mut chars = word.chars().peekable();
        let mut double = false;
        while let Some(c) = chars.next() {
            match c {
                '\'' if !double => {
                    for c in chars.by_ref() {
                        if c == '\'' {
                            break;
                        }
                        out.push(c);
                    }
                }
                '"' => double = !double,
                '\\' => out.extend(chars.next()),
                '`' => return None,
                '$' => match chars.peek().copied() {
                    Some('(') => return None,
                    Some('{') => {
                        chars.next();
                        let inner: String = chars.by_ref().take_while(|&c| c != '}').collect();
                        out.push_str(&self.parameter(&inner)?);
                    }
                    Some(c) if c.is_ascii_digit() => {
                        chars.next();
                        out.push_str(self.variables.get(&c.to_string())?.as_deref()?);
                    }
                    Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                        let mut name = String::new();
                        while let Some(&c) = chars.peek()
                            && (c.is_ascii_alphanumeric() || c == '_')
                        {
                            name.push(c);
                            chars.next();
                        }
                        out.push_str(self.variables.get(&name)?.as_deref()?);
                    }
                    Some('@' | '*') => {
                        chars.next();
                        out.push_str(&self.all_arguments()?.join(" "));
                    }
                    Some('#') => {
                        chars.next();
                        out.push_str(&self.all_arguments()?.len().to_string());
                    }
                    Some('?' | '$' | '!') => return None,
                    _ => out.push('$'),
                },
                c => out.push(c),
            }
        }
        Some(out)
    }

    /// The arguments of the script or function at hand, where all are known.
    fn all_arguments(&self) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for i in 1..=9 {
            match self.variables.get(&i.to_string()) {
                Some(Some(argument)) if argument.is_empty() => break,
                Some(Some(argument)) => all.push(argument.as_str()),
                Some(None) => return None,
                None => break,
            }
        }
        Some(all)
    }

    /// The inside of `${…}`: a name, perhaps with a default.
    fn parameter(&self, inner: &str) -> Option<String> {
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let (name, operation) = inner.split_at(end);
        let value = self.variables.get(name);
        if operation.is_empty() {
            return value?.clone();
        }
        let default = operation
            .strip_prefix(":-")
            .or_else(|| operation.strip_prefix(":="))
            .or_else(|| operation.strip_prefix('-'))?;
        match value {
            Some(Some(value)) if !value.is_empty() => Some(value.clone()),
            Some(None) => None,
            // Not set in what was seen: the environment of a start script is empty.
            _ => Some(unquote(default)),
        }
    }
}

/// Whether all of these hold.
pub(super) fn all_hold(guards: &[Guard]) -> Option<bool> {
    let mut all = Some(true);
    for guard in guards {
        all = and(all, guard.holds);
    }
    all
}

pub(super) fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub(super) fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|h| !h), b.map(|h| !h)).map(|h| !h)
}

pub(super) fn negated(guard: &Guard) -> Guard {
    let inner = guard.text.strip_prefix("! (").and_then(|t| t.strip_suffix(')'));
    let text = inner.map_or_else(|| format!("! ({})", guard.text), str::to_owned);
    Guard { text, holds: guard.holds.map(|h| !h) }
}

/// Whether a statement asks something rather than does something.
pub(super) fn is_test(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Not(inner) => is_test(inner),
        StatementKind::Group(inner) => inner.iter().all(is_test),
        StatementKind::Chain(first, rest) => is_test(first) && rest.iter().all(|(_, s)| is_test(s)),
        StatementKind::Command(words) => words.first().is_some_and(|w| {
            matches!(
                w.as_str(),
                "[" | "[["
                    | "test"
                    | "grep"
                    | "egrep"
                    | "fgrep"
                    | "pidof"
                    | "pgrep"
                    | "which"
                    | "type"
                    | "true"
                    | "false"
                    | "nvram"
                    | "ping"
            ) || words.get(1).is_some_and(|w| w == "enabled")
        }),
        _ => false,
    }
}

/// Whether a command prepares something and is expected to succeed.
pub(super) fn is_setup(statement: &Statement) -> bool {
    let StatementKind::Command(words) = &statement.kind else { return false };
    words.first().is_some_and(|w| {
        assignment(w).is_some()
            || matches!(
                super::super::file_name(w),
                "mkdir"
                    | "cd"
                    | "mount"
                    | "insmod"
                    | "modprobe"
                    | "echo"
                    | "cp"
                    | "rm"
                    | "mv"
                    | "touch"
                    | "mknod"
                    | "ln"
                    | "chmod"
                    | "chown"
                    | "sleep"
                    | "ifconfig"
                    | "export"
                    | "set"
                    | "."
                    | "source"
                    | "mdev"
                    | "hostname"
                    | "sync"
                    | "cat"
                    | "printf"
                    | "log_begin_msg"
                    | "ulimit"
                    | "umask"
            )
    })
}
