//! Telnet (RFC 854, 855): the negotiation, which is refused politely, and what stands on the screen.

const IAC: u8 = 255;
const SB: u8 = 250;
const SE: u8 = 240;
/// WILL, WONT, DO, DONT.
const WILL: u8 = 251;
const DO: u8 = 253;
const DONT: u8 = 254;
/// The other side shows what is typed (RFC 857), and nobody waits for "go ahead" (RFC 858): what every client agrees to.
const USUAL: [u8; 2] = [1, 3];

/// A terminal that shows text only.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    pending: Vec<u8>,
    answered: Vec<(u8, u8)>,
    screen: Vec<u8>,
}

/// What a screen asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A name.
    Name,
    /// A password.
    Password,
    /// Commands: somebody is logged in.
    Command,
}

impl Terminal {
    /// Takes what came and returns what is to be answered to the negotiation in it.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        let bytes = [std::mem::take(&mut self.pending).as_slice(), bytes].concat();
        let mut reply = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some((&first, after)) = rest.split_first() {
            if first != IAC {
                self.screen.push(first);
                rest = after;
                continue;
            }
            match after {
                [IAC, after @ ..] => {
                    self.screen.push(IAC);
                    rest = after;
                }
                [SB, inside @ ..] => match inside.windows(2).position(|pair| pair == [IAC, SE]) {
                    Some(end) => rest = inside.get(end + 2..).unwrap_or_default(),
                    None => break,
                },
                [verb @ WILL..=DONT, option, after @ ..] => {
                    if !self.answered.contains(&(*verb, *option)) {
                        self.answered.push((*verb, *option));
                        reply.extend(answer(*verb, *option));
                    }
                    rest = after;
                }
                [] | [WILL..=DONT] => break,
                [_, after @ ..] => rest = after,
            }
        }
        self.pending = rest.to_vec();
        reply
    }

    /// What stands on the screen, without the sequences that move the cursor or give colour.
    pub(crate) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.screen);
        let mut plain = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\u{1b}' if chars.next_if_eq(&'[').is_some() => {
                    while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
                }
                '\n' | '\t' => plain.push(c),
                c if c.is_control() => {}
                c => plain.push(c),
            }
        }
        plain
    }

    /// Empties the screen.
    pub(crate) fn clear(&mut self) {
        self.screen.clear();
    }

    /// What the last line asks for.
    pub(crate) fn prompt(&self) -> Option<Prompt> {
        prompt(&self.text())
    }
}

fn answer(verb: u8, option: u8) -> Vec<u8> {
    let agreed = USUAL.contains(&option);
    match verb {
        // WILL is answered with DO or DONT, DO with WILL or WONT; what is taken back needs no answer.
        WILL => vec![IAC, if agreed { DO } else { DONT }, option],
        DO => vec![IAC, if option == 3 { WILL } else { WILL + 1 }, option],
        _ => Vec::new(),
    }
}

/// What a text that ends in a prompt asks for.
pub(crate) fn prompt(text: &str) -> Option<Prompt> {
    let line = text.rsplit('\n').next()?.trim().to_lowercase();
    let ends = |words: &[&str]| words.iter().any(|word| line.ends_with(word));
    if ends(&["login:", "username:", "user name:", "user:", "account:", "login name:", "login id:"]) {
        Some(Prompt::Name)
    } else if ends(&["password:", "passwd:", "passcode:", "パスワード:"]) {
        Some(Prompt::Password)
    } else if ends(&["#", "$", ">", "%"]) && line.chars().count() < 100 && !line.starts_with('<') {
        Some(Prompt::Command)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_in_pieces() {
        let mut terminal = Terminal::default();
        assert_eq!(terminal.take(&[IAC]), b"");
        assert_eq!(terminal.take(&[WILL, 1, IAC, DO, 24, IAC, SB, 24, 1]), [IAC, DO, 1, IAC, 252, 24]);
        assert_eq!(terminal.take(&[IAC, SE]), b"");
        assert_eq!(terminal.take(b"\xff\xfb\x01\x1b[1mcam login: "), b"");
        assert_eq!((terminal.text().as_str(), terminal.prompt()), ("cam login: ", Some(Prompt::Name)));
    }

    #[test]
    fn prompts() {
        assert_eq!(prompt("BusyBox v1.35\r\n\r\n~ # "), Some(Prompt::Command));
        assert_eq!(prompt("Password: "), Some(Prompt::Password));
        assert_eq!(prompt("Welcome to # 1\r\n"), None);
        assert_eq!(prompt("<html>"), None);
    }
}
