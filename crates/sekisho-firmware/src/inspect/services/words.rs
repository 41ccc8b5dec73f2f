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

/// Takes off what only starts something else: `nohup`, `busybox`, `start-stop-daemon -S -x`, `procd_set_param command`.
pub(super) fn unwrap_command(mut words: Vec<String>) -> Vec<String> {
    for _ in 0..6 {
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
            "procd_set_param" if words.get(1).is_some_and(|w| w == "command") => {
                words.drain(..2);
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
                let Some(program) = program.filter(|_| starts) else { return Vec::new() };
                let arguments =
                    words.iter().position(|w| w == "--").map(|at| words[at + 1..].to_vec()).unwrap_or_default();
                words = std::iter::once(program).chain(arguments).collect();
            }
            "tcpsvd" | "udpsvd" | "nc" | "ncat" | "netcat" | "softlimit" | "chpst" => {
                // Options, address, port, then the program.
                let Some(at) = words.iter().skip(1).position(|w| super::programs::daemon_named(w).is_some()) else {
                    break;
                };
                words.drain(..=at);
            }
            _ => break,
        }
    }
    words
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
