//! An expression as text, from which it can be read again.

use std::fmt::{Display, Formatter, Result, Write};

use crate::ast::{Kind, Node};

/// How tightly an expression holds together; one that holds less than its place demands is put in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Conditional,
    Or,
    And,
    Relation,
    Unary,
    Member,
}

impl Node {
    fn strength(&self) -> Strength {
        match &self.kind {
            Kind::Conditional(..) => Strength::Conditional,
            Kind::Or(_) => Strength::Or,
            Kind::And(_) => Strength::And,
            Kind::Compare(..) | Kind::In(..) => Strength::Relation,
            Kind::Not(_) => Strength::Unary,
            Kind::Int(number) if *number < 0 => Strength::Unary,
            Kind::Double(number) if number.is_sign_negative() => Strength::Unary,
            _ => Strength::Member,
        }
    }
}

/// `node` where something at least as strong as `.1` must stand.
struct At<'a>(&'a Node, Strength);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.0.strength() < self.1 { write!(f, "({})", self.0) } else { self.0.fmt(f) }
    }
}

/// Elements with commas between them.
struct Commas<'a>(&'a [Node]);

impl Display for Commas<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        joined(f, self.0, ", ", Strength::Conditional)
    }
}

fn joined(f: &mut Formatter<'_>, nodes: &[Node], separator: &str, strength: Strength) -> Result {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        At(node, strength).fmt(f)?;
    }
    Ok(())
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        use Strength as S;
        match &self.kind {
            Kind::Null => f.write_str("null"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Int(number) => write!(f, "{number}"),
            Kind::Double(number) => write!(f, "{number:?}"),
            Kind::String(text) => quoted(f, text),
            Kind::List(items) => write!(f, "[{}]", Commas(items)),
            Kind::Variable(name) => f.write_str(name),
            Kind::Field { operand, field, .. } => write!(f, "{}.{}", At(operand, S::Member), field.text),
            Kind::Has { operand, field } => write!(f, "has({}.{})", At(operand, S::Member), field.text),
            Kind::Not(operand) => write!(f, "!{}", At(operand, S::Unary)),
            // An operand of the same kind was in parentheses, too.
            Kind::And(operands) => joined(f, operands, " && ", S::Relation),
            Kind::Or(operands) => joined(f, operands, " || ", S::And),
            Kind::Compare(comparison, left, right) => {
                write!(f, "{} {} {}", At(left, S::Relation), comparison.symbol(), At(right, S::Unary))
            }
            Kind::In(element, list) => write!(f, "{} in {}", At(element, S::Relation), At(list, S::Unary)),
            Kind::Conditional(condition, chosen, otherwise) => {
                write!(f, "{} ? {} : {otherwise}", At(condition, S::Or), At(chosen, S::Or))
            }
            Kind::Text(test, receiver, argument) => {
                write!(f, "{}.{}({argument})", At(receiver, S::Member), test.name())
            }
            Kind::Matches(receiver, pattern) => {
                write!(f, "{}.matches(", At(receiver, S::Member))?;
                quoted(f, &pattern.source)?;
                f.write_char(')')
            }
            Kind::Size { receiver, method: true } => write!(f, "{}.size()", At(receiver, S::Member)),
            Kind::Size { receiver, method: false } => write!(f, "size({receiver})"),
            Kind::Quantified { quantifier, list, variable, body } => {
                write!(f, "{}.{}({}, {body})", At(list, S::Member), quantifier.name(), variable.text)
            }
            Kind::Call { name, arguments, .. } => write!(f, "{}({})", name.text, Commas(arguments)),
        }
    }
}

/// `text` as a literal: raw where that spares backslashes.
fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    if text.contains('\\') && !text.contains(|c: char| c == '\'' || c.is_control()) {
        return write!(f, "r'{text}'");
    }
    f.write_char('\'')?;
    for c in text.chars() {
        match c {
            '\\' | '\'' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}
