//! An expression's tree.

use std::ops::Range;

use crate::pattern::Pattern;
use crate::scope::Function;

/// A part of an expression and where it stands in the source.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    String(String),
    List(Vec<Node>),
    Variable(String),
    /// `operand.field`
    Field {
        operand: Box<Node>,
        field: Name,
        absent: Absent,
    },
    /// `has(operand.field)`
    Has {
        operand: Box<Node>,
        field: Name,
    },
    Not(Box<Node>),
    /// Two or more operands; `a && b && c` is one node, so that a long condition is not a deep one.
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Conditional(Box<Node>, Box<Node>, Box<Node>),
    /// `receiver.startsWith(argument)` and its like.
    Text(TextTest, Box<Node>, Box<Node>),
    /// `receiver.matches('pattern')`
    Matches(Box<Node>, Pattern),
    /// `receiver.size()` or `size(receiver)`
    Size {
        receiver: Box<Node>,
        method: bool,
    },
    /// `list.exists(variable, body)` or `list.all(variable, body)`
    Quantified {
        quantifier: Quantifier,
        list: Box<Node>,
        variable: Name,
        body: Box<Node>,
    },
    /// A function that the host declared; bound when the expression is checked.
    Call {
        name: Name,
        arguments: Vec<Node>,
        function: Option<Function>,
    },
}

/// A field's or variable's name and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// What a field is when the fact does not have it: decided by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// Then the fact is not what its type says.
    Wrong,
    Null,
    False,
    EmptyList,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Exists,
    All,
}

impl Comparison {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl TextTest {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }
}

impl Quantifier {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::All => "all",
        }
    }
}

impl Node {
    /// The parts directly below.
    pub(crate) fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Double(_) | Kind::String(_) | Kind::Variable(_) => vec![],
            Kind::List(nodes) | Kind::And(nodes) | Kind::Or(nodes) | Kind::Call { arguments: nodes, .. } => {
                nodes.iter().collect()
            }
            Kind::Field { operand, .. } | Kind::Has { operand, .. } => vec![operand],
            Kind::Not(node) | Kind::Matches(node, _) | Kind::Size { receiver: node, .. } => vec![node],
            Kind::Compare(_, a, b) | Kind::In(a, b) | Kind::Text(_, a, b) => vec![a, b],
            Kind::Quantified { list, body, .. } => vec![list, body],
            Kind::Conditional(a, b, c) => vec![a, b, c],
        }
    }

    /// `value.a.b` where the expression is such a path of fields.
    pub(crate) fn path(&self) -> Option<String> {
        match &self.kind {
            Kind::Variable(name) => Some(name.clone()),
            Kind::Field { operand, field, .. } => Some(format!("{}.{}", operand.path()?, field.text)),
            _ => None,
        }
    }
}
