//! From tokens to the tree, by CEL's grammar.

use std::ops::Range;

use sekisho_diag::closest;

use crate::ast::{Absent, Comparison, Kind, Name, Node, Quantifier, TextTest};
use crate::error::ExprError;
use crate::lexer::{Token, tokens};
use crate::pattern::Pattern;
use crate::{MAX_NESTING, MAX_NODES, MAX_SOURCE};

/// The tree of `source`, or the first thing in it that does not fit the grammar.
pub(crate) fn parse(source: &str) -> Result<Node, ExprError> {
    if source.len() > MAX_SOURCE {
        return Err(ExprError::new(0..0, format!("the expression is longer than {MAX_SOURCE} bytes")));
    }
    let mut parser = Parser { tokens: tokens(source)?, position: 0, nesting: 0, nodes: 0 };
    let (node, _) = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

/// Words that CEL keeps for itself; they can be fields, but not variables.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Words that cannot be fields either.
const KEYWORDS: [&str; 4] = ["true", "false", "null", "in"];

/// A node and how many levels it has.
type Parsed = Result<(Node, usize), ExprError>;

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    position: usize,
    /// Levels of the grammar that are entered.
    nesting: usize,
    nodes: usize,
}

impl Parser {
    fn expression(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.too_nested(self.span()));
        }
        let condition = self.chain("||")?;
        let parsed = if self.take("?") {
            let chosen = self.chain("||")?;
            self.expect(":")?;
            let otherwise = self.expression()?;
            let span = condition.0.span.start..otherwise.0.span.end;
            let levels = condition.1.max(chosen.1).max(otherwise.1);
            let kind = Kind::Conditional(Box::new(condition.0), Box::new(chosen.0), Box::new(otherwise.0));
            self.node(kind, span, levels)?
        } else {
            condition
        };
        self.nesting -= 1;
        Ok(parsed)
    }

    /// Operands joined by `||`, or by `&&`, which binds tighter.
    fn chain(&mut self, symbol: &'static str) -> Parsed {
        let operand = |parser: &mut Self| if symbol == "||" { parser.chain("&&") } else { parser.relation() };
        let first = operand(self)?;
        if *self.peek() != Token::Symbol(symbol) {
            return Ok(first);
        }
        let (mut operands, mut levels) = (vec![first.0], first.1);
        while self.take(symbol) {
            let (node, level) = operand(self)?;
            operands.push(node);
            levels = levels.max(level);
        }
        let span = operands[0].span.start..self.end();
        let kind = if symbol == "||" { Kind::Or(operands) } else { Kind::And(operands) };
        self.node(kind, span, levels)
    }

    fn relation(&mut self) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let comparison = match self.peek() {
                Token::Symbol("==") => Some(Comparison::Equal),
                Token::Symbol("!=") => Some(Comparison::NotEqual),
                Token::Symbol("<") => Some(Comparison::Less),
                Token::Symbol("<=") => Some(Comparison::LessOrEqual),
                Token::Symbol(">") => Some(Comparison::Greater),
                Token::Symbol(">=") => Some(Comparison::GreaterOrEqual),
                Token::Name(name) if name == "in" => None,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.unary()?;
            let span = left.0.span.start..right.0.span.end;
            let levels = left.1.max(right.1);
            let (left_node, right_node) = (Box::new(left.0), Box::new(right.0));
            let kind = match comparison {
                Some(comparison) => Kind::Compare(comparison, left_node, right_node),
                None => Kind::In(left_node, right_node),
            };
            left = self.node(kind, span, levels)?;
        }
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span().start;
        let mut negations = 0;
        while self.take("!") {
            negations += 1;
            if negations > MAX_NESTING {
                return Err(self.too_nested(start..self.end()));
            }
        }
        let mut operand = self.member()?;
        for _ in 0..negations {
            let span = start..operand.0.span.end;
            operand = self.node(Kind::Not(Box::new(operand.0)), span, operand.1)?;
        }
        Ok(operand)
    }

    /// Something and the fields and methods that are taken of it.
    fn member(&mut self) -> Parsed {
        let mut member = self.primary()?;
        while self.take(".") {
            let start = member.0.span.start;
            let name = self.name("a field or method")?;
            member = if self.take("(") {
                let (kind, levels) = self.method(member, &name)?;
                self.node(kind, start..self.end(), levels)?
            } else {
                let span = start..name.span.end;
                let kind = Kind::Field { operand: Box::new(member.0), field: name, absent: Absent::Wrong };
                self.node(kind, span, member.1)?
            };
        }
        if *self.peek() == Token::Symbol("[") {
            return Err(ExprError::new(self.span(), "elements cannot be taken by number")
                .hint("ask about all elements with `exists` or `all`"));
        }
        Ok(member)
    }

    /// The method `name` of `receiver`, from behind its opening parenthesis.
    fn method(&mut self, receiver: (Node, usize), name: &Name) -> Result<(Kind, usize), ExprError> {
        let quantifier = match name.text.as_str() {
            "exists" => Some(Quantifier::Exists),
            "all" => Some(Quantifier::All),
            _ => None,
        };
        if let Some(quantifier) = quantifier {
            let variable = self.name("a name for the element")?;
            not_reserved(&variable)?;
            self.expect(",")?;
            let body = self.expression()?;
            self.expect(")")?;
            let (list, levels) = (Box::new(receiver.0), receiver.1.max(body.1));
            return Ok((Kind::Quantified { quantifier, list, variable, body: Box::new(body.0) }, levels));
        }
        let arguments_start = self.end();
        let (mut arguments, levels) = self.list(")")?;
        let levels = levels.max(receiver.1);
        let receiver = Box::new(receiver.0);
        let test = [TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains];
        let test = test.into_iter().find(|test| test.name() == name.text);
        let expected = usize::from(name.text != "size");
        let known = test.is_some() || matches!(name.text.as_str(), "matches" | "size");
        if !known {
            let error = ExprError::new(name.span.clone(), format!("unknown method '{}'", name.text));
            let names = ["startsWith", "endsWith", "contains", "matches", "size", "exists", "all"];
            return Err(match closest(&name.text, names) {
                Some(near) => error.hint(format!("did you mean '{near}'?")),
                None => error.hint(format!("known methods: {}", names.join(", "))),
            });
        }
        if arguments.len() != expected {
            let message = miscounted(&name.text, expected, arguments.len());
            return Err(ExprError::new(name.span.start..self.end(), message));
        }
        let kind = match (test, arguments.pop()) {
            (Some(test), Some(argument)) => Kind::Text(test, receiver, Box::new(argument)),
            (None, Some(argument)) => match argument.kind {
                Kind::String(pattern) => Kind::Matches(receiver, Pattern::compile(pattern, argument.span)?),
                _ => {
                    return Err(ExprError::new(arguments_start..self.end(), "the pattern must be a literal text")
                        .hint("write it here, such as matches(r'^[0-9]+$')"));
                }
            },
            (_, None) => Kind::Size { receiver, method: true },
        };
        Ok((kind, levels))
    }

    fn primary(&mut self) -> Parsed {
        let span = self.span();
        let kind = match self.peek().clone() {
            Token::Symbol("(") => {
                self.advance();
                let (node, levels) = self.expression()?;
                self.expect(")")?;
                return Ok((node, levels));
            }
            Token::Symbol("[") => {
                self.advance();
                let (nodes, levels) = self.list("]")?;
                return self.node(Kind::List(nodes), span.start..self.end(), levels);
            }
            Token::Symbol("-") => return self.negative(),
            Token::Name(name) if name == "true" => Kind::Bool(true),
            Token::Name(name) if name == "false" => Kind::Bool(false),
            Token::Name(name) if name == "null" => Kind::Null,
            Token::Name(_) => return self.variable_or_call(),
            Token::Int(digits, base) => int(&digits, base, false, &span)?,
            Token::Double(number) => Kind::Double(number),
            Token::String(text) => Kind::String(text),
            Token::Symbol(_) | Token::End => return Err(self.unexpected("a value")),
        };
        self.advance();
        self.node(kind, span, 0)
    }

    /// A negative number; `-` has no other use.
    fn negative(&mut self) -> Parsed {
        let start = self.span().start;
        self.advance();
        let span = start..self.span().end;
        let kind = match self.peek() {
            Token::Int(digits, base) => int(digits, *base, true, &span)?,
            Token::Double(number) => Kind::Double(-number),
            _ => return Err(self.unexpected("a number")),
        };
        self.advance();
        self.node(kind, span, 0)
    }

    fn variable_or_call(&mut self) -> Parsed {
        let name = self.name("a variable")?;
        not_reserved(&name)?;
        let start = name.span.start;
        if !self.take("(") {
            let span = name.span.clone();
            return self.node(Kind::Variable(name.text), span, 0);
        }
        let (mut arguments, levels) = self.list(")")?;
        let span = start..self.end();
        let kind = match (name.text.as_str(), arguments.len()) {
            ("has", _) => match (arguments.pop().map(|node| node.kind), arguments.is_empty()) {
                (Some(Kind::Field { operand, field, .. }), true) => Kind::Has { operand, field },
                _ => {
                    return Err(ExprError::new(span, "'has' takes one field").hint("such as has(value.owner)"));
                }
            },
            ("size", 1) => Kind::Size { receiver: Box::new(arguments.remove(0)), method: false },
            _ => Kind::Call { name, arguments, function: None },
        };
        self.node(kind, span, levels)
    }

    /// Expressions between commas, from behind the opening bracket to behind the `closing` one.
    fn list(&mut self, closing: &'static str) -> Result<(Vec<Node>, usize), ExprError> {
        let (mut nodes, mut levels) = (Vec::new(), 0);
        while !self.take(closing) {
            if !nodes.is_empty() {
                self.expect(",")?;
                // CEL allows a comma behind the last element of a list, but not of arguments.
                if closing == "]" && self.take(closing) {
                    break;
                }
            }
            let (node, level) = self.expression()?;
            nodes.push(node);
            levels = levels.max(level);
        }
        Ok((nodes, levels))
    }

    fn name(&mut self, expected: &str) -> Result<Name, ExprError> {
        let span = self.span();
        match self.peek() {
            Token::Name(text) if !KEYWORDS.contains(&text.as_str()) => {
                let text = text.clone();
                self.advance();
                Ok(Name { text, span })
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A node over parts that have `levels`.
    fn node(&mut self, kind: Kind, span: Range<usize>, levels: usize) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(ExprError::new(span, format!("more than {MAX_NODES} operands and operators")));
        }
        if levels >= MAX_NESTING {
            return Err(self.too_nested(span));
        }
        Ok((Node { kind, span }, levels + 1))
    }

    #[expect(clippy::unused_self, reason = "reads as the other errors of the parser do")]
    fn too_nested(&self, span: Range<usize>) -> ExprError {
        ExprError::new(span, format!("more than {MAX_NESTING} operands inside one another"))
    }

    fn unexpected(&self, expected: &str) -> ExprError {
        let found = match self.peek() {
            Token::Name(name) => format!("'{name}'"),
            Token::Int(..) | Token::Double(_) => "a number".to_owned(),
            Token::String(_) => "a text".to_owned(),
            Token::Symbol(symbol) => format!("'{symbol}'"),
            Token::End => "the end".to_owned(),
        };
        let error = ExprError::new(self.span(), format!("expected {expected}, found {found}"));
        match self.peek() {
            Token::Name(name) if name == "and" => error.hint("did you mean '&&'?"),
            Token::Name(name) if name == "or" => error.hint("did you mean '||'?"),
            Token::Symbol("-") => error.hint("'-' is not supported but in a negative number"),
            _ => error,
        }
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.position].0
    }

    fn span(&self) -> Range<usize> {
        self.tokens[self.position].1.clone()
    }

    /// Where the last token taken ends.
    fn end(&self) -> usize {
        self.position.checked_sub(1).map_or(0, |last| self.tokens[last].1.end)
    }

    /// The end is never passed.
    fn advance(&mut self) {
        self.position = (self.position + 1).min(self.tokens.len() - 1);
    }

    fn take(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == Token::Symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), ExprError> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected(&format!("'{symbol}'"))) }
    }
}

/// How to say that a function has the wrong number of arguments.
pub(crate) fn miscounted(name: &str, expected: usize, found: usize) -> String {
    let noun = if expected == 1 { "argument" } else { "arguments" };
    format!("'{name}' takes {expected} {noun}, not {found}")
}

fn not_reserved(name: &Name) -> Result<(), ExprError> {
    if RESERVED.contains(&name.text.as_str()) {
        return Err(ExprError::new(name.span.clone(), format!("CEL keeps the word '{}' for itself", name.text)));
    }
    Ok(())
}

fn int(digits: &str, base: u32, negative: bool, span: &Range<usize>) -> Result<Kind, ExprError> {
    let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
    i64::from_str_radix(&signed, base)
        .map(Kind::Int)
        .map_err(|_| ExprError::new(span.clone(), "the number does not fit into 64 bits"))
}
