//! The words of a command.

/// `name=value`, where a word is that.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let mut chars = name.chars();
    let valid = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then_some((name, value))
}

/// A word without its quotes.
pub(super) fn unquote(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '"' | '\'')).collect()
}

/// A command without what only starts it, and what that said.
#[derive(Debug, Default)]
pub(super) struct Unwrapped {
    pub(super) words: Vec<String>,
    pub(super) user: Option<String>,
    /// Sockets that are opened for it.
    pub(super) listens: Vec<String>,
}

/// Takes off what only starts something else: `nohup`, `busybox`, `start-stop-daemon -S -x`, `su -c`.
pub(super) fn unwrap_command(words: Vec<String>) -> Unwrapped {
    let mut unwrapped = Unwrapped { words, ..Unwrapped::default() };
    for _ in 0..6 {
        let Unwrapped { words, user, listens } = &mut unwrapped;
        let Some(first) = words.first() else { break };
        match super::super::file_name(first) {
            "nohup" | "exec" | "setsid" | "sudo" | "command" | "busybox" | "toybox" | "daemon" | "start_daemon"
            | "env" | "service_start" | "eval" => {
                words.remove(0);
                while words.first().is_some_and(|w| w.starts_with('-') || assignment(w).is_some()) {
                    words.remove(0);
                }
            }
            "nice" | "ionice" | "chrt" => {
                words.remove(0);
                while words.first().is_some_and(|w| w.starts_with('-') || w.parse::<i32>().is_ok()) {
                    words.remove(0);
                }
            }
            "start-stop-daemon" => {
                let starts = words
                    .iter()
                    .any(|w| w == "--start" || (w.starts_with('-') && !w.starts_with("--") && w.contains('S')));
                let program = ["--startas", "-a", "--exec", "-x"]
                    .iter()
                    .find_map(|option| {
                        words.iter().position(|w| {
                            w == option
                                || (w.len() > 2
                                    && !w.starts_with("--")
                                    && w.starts_with('-')
                                    && w.ends_with('x')
                                    && *option == "-x")
                        })
                    })
                    .and_then(|at| words.get(at + 1).cloned());
                let Some(program) = program.filter(|_| starts) else { return Unwrapped::default() };
                let options = words.iter().position(|w| w == "--").unwrap_or(words.len());
                *user = user.take().or_else(|| {
                    let options = &words[..options];
                    let at = options.iter().position(|w| matches!(w.as_str(), "-c" | "--chuid" | "-u" | "--user"));
                    at.and_then(|at| options.get(at + 1)).map(|account| account_of(account))
                });
                let arguments = words.get(options + 1..).map(<[String]>::to_vec).unwrap_or_default();
                *words = std::iter::once(program).chain(arguments).collect();
            }
            "su" | "runuser" | "setuidgid" | "s6-setuidgid" | "gosu" | "su-exec" | "chroot" => {
                let Some((account, command)) = substituted(words) else { break };
                if account.is_some() {
                    *user = account;
                }
                *words = command;
            }
            "tcpsvd" | "udpsvd" => {
                // Options, address, port, then the program.
                let Some(at) = words.iter().skip(1).position(|w| super::programs::daemon_named(w).is_some()) else {
                    break;
                };
                let transport = if first == "udpsvd" { "udp" } else { "tcp" };
                if let (Some(address), Some(port)) = (words.get(at.wrapping_sub(1)), words.get(at)) {
                    listens.extend(super::ports::socket(transport, address, port));
                }
                words.drain(..=at);
            }
            // `nc -l -p 69 PROGRAM`, as BusyBox and toybox have it: what listens hands its connections to the program.
            "nc" | "ncat" | "netcat" => {
                let short = |letter: char| {
                    words.iter().skip(1).any(|w| w.starts_with('-') && !w.starts_with("--") && w.contains(letter))
                };
                let program = words.iter().skip(1).position(|w| super::programs::daemon_named(w).is_some());
                let Some(at) = program.filter(|_| short('l') || short('L')) else { break };
                let transport = if short('u') { "udp" } else { "tcp" };
                let port = words[..=at].iter().position(|w| w == "-p").and_then(|p| words.get(p + 1));
                if let Some(port) = port {
                    listens.extend(super::ports::socket(transport, "", port));
                }
                words.drain(..=at);
            }
            "softlimit" | "chpst" => {
                let Some(at) = words.iter().skip(1).position(|w| super::programs::daemon_named(w).is_some()) else {
                    break;
                };
                let option = words[..=at].iter().position(|w| w == "-u" || w == "-U");
                *user = option.and_then(|o| words.get(o + 1)).map(|account| account_of(account)).or(user.take());
                words.drain(..=at);
            }
            _ => break,
        }
    }
    unwrapped
}

/// `user:group` and `user.group` name an account and its group.
fn account_of(word: &str) -> String {
    word.split(':').next().unwrap_or(word).to_owned()
}

/// What `su user -c 'command'`, `setuidgid user command` and `chroot directory command` start, and as whom.
fn substituted(words: &[String]) -> Option<(Option<String>, Vec<String>)> {
    let name = super::super::file_name(words.first()?);
    let plain = |from: usize| words.iter().enumerate().skip(from).find(|(_, w)| !w.starts_with('-'));
    match name {
        "chroot" => {
            let (at, _) = plain(1)?;
            Some((None, words.get(at + 1..)?.to_vec()))
        }
        "su" | "runuser" => {
            let at = words.iter().position(|w| w == "-c")?;
            let command = words.get(at + 1)?.split_whitespace().map(str::to_owned).collect();
            let account = words
                .iter()
                .enumerate()
                .skip(1)
                .filter(|(i, w)| *i != at + 1 && !w.starts_with('-') && !w.starts_with('/'))
                .map(|(_, w)| w.clone())
                .next_back();
            Some((account, command))
        }
        _ => {
            let (at, account) = plain(1)?;
            Some((Some(account_of(account)), words.get(at + 1..)?.to_vec()))
        }
    }
}

/// A shell pattern with `*` and `?`, and simple sets.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    fn matches(pattern: &[char], text: &[char], steps: &mut usize) -> bool {
        *steps += 1;
        if *steps > 10_000 {
            return false;
        }
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|i| matches(rest, &text[i..], steps)),
            ['?', rest @ ..] => !text.is_empty() && matches(rest, &text[1..], steps),
            ['[', rest @ ..] => {
                let (Some(end), Some(&c)) = (rest.iter().position(|&c| c == ']'), text.first()) else { return false };
                let set = &rest[..end];
                let (negated, set) = match set {
                    ['!' | '^', set @ ..] => (true, set),
                    set => (false, set),
                };
                let range = set.windows(3).any(|w| w[1] == '-' && w[0] <= c && c <= w[2]);
                (range || set.contains(&c)) != negated && matches(&rest[end + 1..], &text[1..], steps)
            }
            [p, rest @ ..] => text.first() == Some(p) && matches(rest, &text[1..], steps),
        }
    }
    matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>(), &mut 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(glob("S??*", "S50telnet"));
        assert!(!glob("S??*", "rcS"));
        assert!(glob("S[0-9][0-9]*", "S50telnet"));
        assert!(!glob(&"*a".repeat(200), &"a".repeat(150)));
    }
}
