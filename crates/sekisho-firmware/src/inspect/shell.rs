//! A small reader of shell scripts: enough of the grammar to know which commands a start script runs under which conditions.
//!
//! What it does not understand it skips; it never fails.

/// Statements that lie in each other at most.
const MAX_DEPTH: usize = 48;
/// Tokens of one script at most.
const MAX_TOKENS: usize = 100_000;

/// A statement, with the part of the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    /// Line, from 0.
    pub(super) line: usize,
    /// The statement as it stands there.
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StatementKind {
    /// Words as they stand, quotes included; redirections left out.
    Command(Vec<String>),
    /// `a && b || c`: the first, then each with whether it needs success (`&&`) of what is before.
    Chain(Box<Statement>, Vec<(bool, Statement)>),
    /// Conditions and bodies of `if` and `elif`, and the `else`.
    If(Vec<(Vec<Statement>, Vec<Statement>)>, Vec<Statement>),
    /// `for`: variable, words, body.
    For(String, Vec<String>, Vec<Statement>),
    /// `while` and `until`: condition and body.
    While(Vec<Statement>, Vec<Statement>),
    /// Subject, and patterns with bodies.
    Case(String, Vec<(Vec<String>, Vec<Statement>)>),
    /// A function and its body.
    Function(String, Vec<Statement>),
    /// `{ … }` or `( … )`.
    Group(Vec<Statement>),
    /// `! …`
    Not(Box<Statement>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Operator(&'static str),
}

#[derive(Debug, Clone)]
struct Placed {
    token: Token,
    start: usize,
    end: usize,
    line: usize,
}

/// Reads a script.
pub(super) fn parse(script: &str) -> Vec<Statement> {
    let tokens = tokens(script);
    let mut parser = Parser { script, tokens, at: 0 };
    let mut all = Vec::new();
    while parser.at < parser.tokens.len() {
        let before = parser.at;
        all.extend(parser.statements(0, &[]));
        if parser.at == before || parser.at < parser.tokens.len() {
            // A stray `fi` or `)`: over it.
            parser.at += 1;
        }
    }
    all
}

fn tokens(script: &str) -> Vec<Placed> {
    let bytes = script.as_bytes();
    let mut out: Vec<Placed> = Vec::new();
    let (mut at, mut line) = (0, 0);
    let mut here_documents: Vec<String> = Vec::new();
    while at < bytes.len() && out.len() < MAX_TOKENS {
        let start = at;
        let operator = |s: &'static str| Token::Operator(s);
        let token = match bytes[at] {
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => {
                at += 2;
                line += 1;
                continue;
            }
            b'#' => {
                at += script[at..].find('\n').unwrap_or(script.len() - at);
                continue;
            }
            b'\n' => {
                at += 1;
                out.push(Placed { token: operator("\n"), start, end: at, line });
                line += 1;
                for end in here_documents.drain(..) {
                    while at < bytes.len() {
                        let stop = script[at..].find('\n').map_or(script.len(), |n| at + n + 1);
                        let found = script[at..stop].trim() == end;
                        at = stop;
                        line += 1;
                        if found {
                            break;
                        }
                    }
                }
                continue;
            }
            b';' if bytes.get(at + 1) == Some(&b';') => operator(";;"),
            b';' => operator(";"),
            b'&' if bytes.get(at + 1) == Some(&b'&') => operator("&&"),
            b'&' if bytes.get(at + 1) == Some(&b'>') => {
                at += 1;
                redirection(script, &mut at, &mut here_documents);
                continue;
            }
            b'&' => operator("&"),
            b'|' if bytes.get(at + 1) == Some(&b'|') => operator("||"),
            b'|' => operator("|"),
            b'(' => operator("("),
            b')' => operator(")"),
            b'<' | b'>' => {
                redirection(script, &mut at, &mut here_documents);
                continue;
            }
            b'0'..=b'9' if matches!(bytes.get(at + 1), Some(b'<' | b'>')) && !word_before(bytes, at) => {
                at += 1;
                redirection(script, &mut at, &mut here_documents);
                continue;
            }
            _ => {
                let end = word_end(script, at);
                line += script[at..end].matches('\n').count();
                at = end;
                out.push(Placed { token: Token::Word(script[start..end].to_owned()), start, end, line });
                continue;
            }
        };
        if let Token::Operator(text) = &token {
            at += text.len();
        }
        out.push(Placed { token, start, end: at, line });
    }
    out
}

fn word_before(bytes: &[u8], at: usize) -> bool {
    at > 0 && !matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(')
}

/// Skips `>`, `>>`, `<`, `<<END`, `>&2` and the word behind.
fn redirection(script: &str, at: &mut usize, here_documents: &mut Vec<String>) {
    let bytes = script.as_bytes();
    let start = *at;
    while *at < bytes.len() && matches!(bytes[*at], b'<' | b'>' | b'&' | b'|' | b'-') {
        *at += 1;
    }
    let here = &script[start..*at];
    let here = here.starts_with("<<") && !here.starts_with("<<<");
    while *at < bytes.len() && matches!(bytes[*at], b' ' | b'\t') {
        *at += 1;
    }
    let end = word_end(script, *at);
    if here {
        here_documents.push(script[*at..end].trim_matches(['"', '\'', '\\']).to_owned());
    }
    *at = end;
}

/// Where the word that begins at `at` ends; quotes, `$( )`, `${ }` and back-ticks belong to it.
fn word_end(script: &str, at: usize) -> usize {
    let bytes = script.as_bytes();
    let mut at = at;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
            b'\\' => at += 2,
            b'\'' => at = bytes[at + 1..].iter().position(|&b| b == b'\'').map_or(bytes.len(), |n| at + n + 2),
            b'"' => at = closing(bytes, at + 1, b'"', 0),
            b'`' => at = closing(bytes, at + 1, b'`', 0),
            b'$' if bytes.get(at + 1) == Some(&b'(') => at = closing(bytes, at + 2, b')', 0),
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = closing(bytes, at + 2, b'}', 0),
            _ => at += 1,
        }
    }
    let mut at = at.min(bytes.len());
    while !script.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The place behind the `end` that closes what began before `at`.
fn closing(bytes: &[u8], mut at: usize, end: u8, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return bytes.len();
    }
    while at < bytes.len() {
        match bytes[at] {
            b if b == end => return at + 1,
            b'\\' => at += 2,
            b'\'' if end != b'"' && end != b'}' => {
                at = bytes[at + 1..].iter().position(|&b| b == b'\'').map_or(bytes.len(), |n| at + n + 2);
            }
            b'"' => at = closing(bytes, at + 1, b'"', depth + 1),
            b'$' if bytes.get(at + 1) == Some(&b'(') => at = closing(bytes, at + 2, b')', depth + 1),
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = closing(bytes, at + 2, b'}', depth + 1),
            b'(' if end == b')' => at = closing(bytes, at + 1, b')', depth + 1),
            _ => at += 1,
        }
    }
    bytes.len()
}

struct Parser<'a> {
    script: &'a str,
    tokens: Vec<Placed>,
    at: usize,
}

impl Parser<'_> {
    fn word(&self) -> Option<&str> {
        match self.tokens.get(self.at).map(|p| &p.token) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn operator(&self) -> Option<&'static str> {
        match self.tokens.get(self.at).map(|p| &p.token) {
            Some(Token::Operator(operator)) => Some(operator),
            _ => None,
        }
    }

    fn skip_lines(&mut self) {
        while matches!(self.operator(), Some("\n" | ";" | "&")) {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.word() == Some(word);
        self.at += usize::from(found);
        found
    }

    /// Statements up to one of the words or operators in `until`, which is left.
    fn statements(&mut self, depth: usize, until: &[&str]) -> Vec<Statement> {
        let mut all = Vec::new();
        loop {
            self.skip_lines();
            let Some(placed) = self.tokens.get(self.at) else { break };
            let ends = match &placed.token {
                Token::Word(word) => until.contains(&word.as_str()),
                Token::Operator(operator) => until.contains(operator) || *operator == ")" || *operator == ";;",
            };
            if ends || depth > MAX_DEPTH {
                break;
            }
            let before = self.at;
            all.extend(self.chain(depth));
            if self.at == before {
                break;
            }
        }
        all
    }

    fn chain(&mut self, depth: usize) -> Option<Statement> {
        let start = self.at;
        let first = self.pipeline(depth)?;
        let mut rest = Vec::new();
        while let Some(operator @ ("&&" | "||")) = self.operator() {
            self.at += 1;
            while self.operator() == Some("\n") {
                self.at += 1;
            }
            let Some(next) = self.pipeline(depth) else { break };
            rest.push((operator == "&&", next));
        }
        if rest.is_empty() {
            return Some(first);
        }
        Some(self.made(start, StatementKind::Chain(Box::new(first), rest)))
    }

    /// A pipeline; of its commands all run.
    fn pipeline(&mut self, depth: usize) -> Option<Statement> {
        let start = self.at;
        if self.word() == Some("!") && depth <= MAX_DEPTH {
            self.at += 1;
            let inner = self.pipeline(depth + 1)?;
            return Some(self.made(start, StatementKind::Not(Box::new(inner))));
        }
        let first = self.command(depth)?;
        if self.operator() != Some("|") {
            return Some(first);
        }
        let mut all = vec![first];
        while self.operator() == Some("|") {
            self.at += 1;
            while self.operator() == Some("\n") {
                self.at += 1;
            }
            let Some(next) = self.command(depth) else { break };
            all.push(next);
        }
        Some(self.made(start, StatementKind::Group(all)))
    }

    fn command(&mut self, depth: usize) -> Option<Statement> {
        if depth > MAX_DEPTH {
            return None;
        }
        let start = self.at;
        if self.operator() == Some("(") {
            self.at += 1;
            let inner = self.statements(depth + 1, &[]);
            if self.operator() == Some(")") {
                self.at += 1;
            }
            return Some(self.made(start, StatementKind::Group(inner)));
        }
        let kind = match self.word()? {
            "{" => {
                self.at += 1;
                let inner = self.statements(depth + 1, &["}"]);
                self.eat("}");
                StatementKind::Group(inner)
            }
            "if" => self.if_statement(depth),
            "for" => self.for_statement(depth),
            "while" | "until" => {
                self.at += 1;
                let condition = self.statements(depth + 1, &["do"]);
                self.eat("do");
                let body = self.statements(depth + 1, &["done"]);
                self.eat("done");
                StatementKind::While(condition, body)
            }
            "case" => self.case_statement(depth),
            "function" => {
                self.at += 1;
                let name = self.word()?.to_owned();
                self.at += 1;
                self.function_body(name, depth)
            }
            _ => {
                let mut words = Vec::new();
                while let Some(word) = self.word() {
                    words.push(word.to_owned());
                    self.at += 1;
                }
                if words.len() == 1 && self.operator() == Some("(") && self.closes_at_once() {
                    self.function_body(words.remove(0), depth)
                } else {
                    StatementKind::Command(words)
                }
            }
        };
        Some(self.made(start, kind))
    }

    fn closes_at_once(&self) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Placed { token: Token::Operator(")"), .. }))
    }

    fn function_body(&mut self, name: String, depth: usize) -> StatementKind {
        while matches!(self.operator(), Some("(" | ")" | "\n")) {
            self.at += 1;
        }
        let body = self.command(depth + 1).into_iter().collect();
        StatementKind::Function(name, body)
    }

    fn if_statement(&mut self, depth: usize) -> StatementKind {
        let mut arms = Vec::new();
        let mut otherwise = Vec::new();
        self.at += 1;
        loop {
            let condition = self.statements(depth + 1, &["then"]);
            self.eat("then");
            let body = self.statements(depth + 1, &["elif", "else", "fi"]);
            arms.push((condition, body));
            if self.eat("elif") {
                continue;
            }
            if self.eat("else") {
                otherwise = self.statements(depth + 1, &["fi"]);
            }
            self.eat("fi");
            break;
        }
        StatementKind::If(arms, otherwise)
    }

    fn for_statement(&mut self, depth: usize) -> StatementKind {
        self.at += 1;
        let variable = self.word().unwrap_or_default().to_owned();
        self.at += 1;
        let mut words = Vec::new();
        if self.eat("in") {
            while let Some(word) = self.word() {
                words.push(word.to_owned());
                self.at += 1;
            }
        }
        self.skip_lines();
        self.eat("do");
        let body = self.statements(depth + 1, &["done"]);
        self.eat("done");
        StatementKind::For(variable, words, body)
    }

    fn case_statement(&mut self, depth: usize) -> StatementKind {
        self.at += 1;
        let subject = self.word().unwrap_or_default().to_owned();
        self.at += 1;
        self.skip_lines();
        self.eat("in");
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.at >= self.tokens.len() || self.eat("esac") {
                break;
            }
            if self.operator() == Some("(") {
                self.at += 1;
            }
            let mut patterns = Vec::new();
            while let Some(word) = self.word() {
                patterns.push(word.to_owned());
                self.at += 1;
                if self.operator() == Some("|") {
                    self.at += 1;
                }
            }
            if self.operator() != Some(")") {
                break;
            }
            self.at += 1;
            let body = self.statements(depth + 1, &["esac"]);
            arms.push((patterns, body));
            if self.operator() == Some(";;") {
                self.at += 1;
            } else if self.operator() == Some(")") {
                break;
            }
        }
        StatementKind::Case(subject, arms)
    }

    fn made(&self, start: usize, kind: StatementKind) -> Statement {
        let first = &self.tokens[start.min(self.tokens.len() - 1)];
        let last = &self.tokens[self.at.saturating_sub(1).max(start).min(self.tokens.len() - 1)];
        let text = self.script.get(first.start..last.end).unwrap_or_default();
        let text: String = text.split_whitespace().filter(|part| *part != "\\").collect::<Vec<_>>().join(" ");
        Statement { kind, line: first.line, text: text.chars().take(400).collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn commands(statements: &[Statement]) -> Vec<String> {
        statements
            .iter()
            .flat_map(|s| match &s.kind {
                StatementKind::Command(words) => vec![words.join(" ")],
                StatementKind::Chain(first, rest) => {
                    let mut all = commands(std::slice::from_ref(first));
                    for (_, next) in rest {
                        all.extend(commands(std::slice::from_ref(next)));
                    }
                    all
                }
                StatementKind::If(arms, otherwise) => {
                    let mut all: Vec<String> =
                        arms.iter().flat_map(|(c, b)| [commands(c), commands(b)].concat()).collect();
                    all.extend(commands(otherwise));
                    all
                }
                StatementKind::For(_, _, body) | StatementKind::Function(_, body) | StatementKind::Group(body) => {
                    commands(body)
                }
                StatementKind::While(condition, body) => [commands(condition), commands(body)].concat(),
                StatementKind::Case(_, arms) => arms.iter().flat_map(|(_, body)| commands(body)).collect(),
                StatementKind::Not(inner) => commands(std::slice::from_ref(inner)),
            })
            .collect()
    }

    #[test]
    fn comments_redirections_and_here_documents_are_no_commands() {
        let script = "#!/bin/sh\n# telnetd\necho hi > /dev/null 2>&1 # x\ncat <<EOF >/tmp/x\ntelnetd\nEOF\nls &\n";
        assert_eq!(commands(&parse(script)), ["echo hi", "cat", "ls"]);
    }

    #[test]
    fn the_usual_constructions() {
        let script = "f() {\n a\n}\nif [ -f x ]; then b; elif c; then d; else e; fi\nfor i in 1 2; do g $i; done\ncase \"$1\" in\n start) h ;;\n stop|restart) i ;;\nesac\n[ x ] && { j; k; } || l\nwhile read m; do n; done\n( o; p )\n! q\n";
        assert_eq!(
            commands(&parse(script)),
            [
                "a", "[ -f x ]", "b", "c", "d", "e", "g $i", "h", "i", "[ x ]", "j", "k", "l", "read m", "n", "o", "p",
                "q"
            ]
        );
    }

    #[test]
    fn quotes_and_substitutions_stay_in_their_word() {
        let script = "x=$(ls | grep a; echo \")\") y=`date` z=\"a b ${c:-d e}\" cmd 'a;b'\n";
        let statements = parse(script);
        let StatementKind::Command(words) = &statements[0].kind else { panic!("{statements:?}") };
        assert_eq!(words.len(), 5);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z(){}\\[\\];&|$`\"'\\\\#<> \n!=0-9]{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_unicode_panics(text in ".{0,200}") {
            let _ = parse(&text);
        }
    }
}
