//! The value of a checked expression.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use crate::MAX_STEPS;
use crate::ast::{Absent, Comparison, Kind, Node, Quantifier, TextTest};
use crate::error::EvalError;
use crate::value::{List, Value};

/// The variables' values by name, and those of the macros around.
pub(crate) struct Evaluation<'a, 'v> {
    pub(crate) variables: &'v [(&'v str, &'a serde_json::Value)],
    pub(crate) locals: Vec<(&'a str, Value<'a>)>,
    pub(crate) steps: u32,
}

type Result<T> = std::result::Result<T, EvalError>;

impl<'a, 'v> Evaluation<'a, 'v> {
    pub(crate) fn new(variables: &'v [(&'v str, &'a serde_json::Value)]) -> Self {
        Self { variables, locals: Vec::new(), steps: 0 }
    }

    pub(crate) fn value(&mut self, node: &'a Node) -> Result<Value<'a>> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(error(&node.span, "the lists are too long to be evaluated"));
        }
        Ok(match &node.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Int(*value),
            Kind::Double(value) => Value::Double(*value),
            Kind::String(text) => Value::String(Cow::Borrowed(text)),
            Kind::List(items) => {
                Value::List(List::Items(items.iter().map(|item| self.value(item)).collect::<Result<_>>()?))
            }
            Kind::Variable(name) => self.variable(name, &node.span)?,
            Kind::Field { operand, field, absent } => match (self.field(operand, &field.text)?, absent) {
                (Value::Null, Absent::False) => Value::Bool(false),
                (Value::Null, Absent::EmptyList) => Value::List(List::Facts(&[])),
                (Value::Null, Absent::Wrong) => {
                    return Err(error(&field.span, format!("the fact lacks its field '{}'", field.text)));
                }
                (value, _) => value,
            },
            Kind::Has { operand, field } => Value::Bool(!matches!(self.field(operand, &field.text)?, Value::Null)),
            Kind::Not(operand) => Value::Bool(!self.truth(operand)?),
            Kind::And(operands) => Value::Bool(self.all(operands, true)?),
            Kind::Or(operands) => Value::Bool(!self.all(operands, false)?),
            Kind::Compare(comparison, left, right) => Value::Bool(self.compare(*comparison, left, right)?),
            Kind::In(element, list) => Value::Bool(self.contains(element, list)?),
            Kind::Conditional(condition, chosen, otherwise) => {
                let branch = if self.truth(condition)? { chosen } else { otherwise };
                self.value(branch)?
            }
            Kind::Text(test, receiver, argument) => {
                let (receiver, argument) = (self.text(receiver)?, self.text(argument)?);
                Value::Bool(match test {
                    TextTest::StartsWith => receiver.starts_with(&*argument),
                    TextTest::EndsWith => receiver.ends_with(&*argument),
                    TextTest::Contains => receiver.contains(&*argument),
                })
            }
            Kind::Matches(receiver, pattern) => Value::Bool(pattern.is_match(&self.text(receiver)?)),
            Kind::Size { receiver, .. } => Value::Int(match self.value(receiver)? {
                Value::String(text) => size(text.chars().count()),
                Value::List(list) => size(list.len()),
                other => return Err(unfit(receiver, "a text or a list", &other)),
            }),
            Kind::Quantified { quantifier, list, variable, body } => {
                Value::Bool(self.quantified(*quantifier, list, &variable.text, body)?)
            }
            Kind::Call { arguments, function, name } => {
                let Some(function) = function else { return Err(error(&name.span, "the function is not bound")) };
                let arguments = arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>>>()?;
                function.call(&arguments)
            }
        })
    }

    pub(crate) fn truth(&mut self, node: &'a Node) -> Result<bool> {
        match self.value(node)? {
            Value::Bool(value) => Ok(value),
            other => Err(unfit(node, "a boolean", &other)),
        }
    }

    fn text(&mut self, node: &'a Node) -> Result<Cow<'a, str>> {
        match self.value(node)? {
            Value::String(text) => Ok(text),
            other => Err(unfit(node, "a text", &other)),
        }
    }

    fn variable(&self, name: &str, span: &Range<usize>) -> Result<Value<'a>> {
        if let Some((_, value)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
            return Ok(value.clone());
        }
        match self.variables.iter().find(|(variable, _)| *variable == name) {
            Some((_, value)) => Ok(Value::from(*value)),
            None => Err(error(span, format!("the variable '{name}' was not given"))),
        }
    }

    /// The field as the fact has it: `null` where it is absent.
    fn field(&mut self, operand: &'a Node, field: &str) -> Result<Value<'a>> {
        match self.value(operand)? {
            Value::Record(fields) => Ok(fields.get(field).map_or(Value::Null, Value::from)),
            other => Err(unfit(operand, "a record", &other)),
        }
    }

    /// Whether all of `operands` are `wanted`; those behind the first that is not are left alone.
    fn all(&mut self, operands: &'a [Node], wanted: bool) -> Result<bool> {
        for operand in operands {
            if self.truth(operand)? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn compare(&mut self, comparison: Comparison, left: &'a Node, right: &'a Node) -> Result<bool> {
        let (left_value, right_value) = (self.value(left)?, self.value(right)?);
        let order = match comparison {
            Comparison::Equal => return Ok(left_value == right_value),
            Comparison::NotEqual => return Ok(left_value != right_value),
            _ => match left_value.order(&right_value) {
                Some(order) => order,
                None => return Err(unfit(right, "something to order by", &right_value)),
            },
        };
        Ok(match comparison {
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        })
    }

    fn contains(&mut self, element: &'a Node, list: &'a Node) -> Result<bool> {
        let element = self.value(element)?;
        // The usual case, a list of literals, without building it.
        if let Kind::List(items) = &list.kind {
            for item in items {
                if self.value(item)? == element {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let items = self.list(list)?;
        self.steps = self.steps.saturating_add(u32::try_from(items.len()).unwrap_or(u32::MAX));
        Ok(items.iter().any(|item| item == element))
    }

    fn list(&mut self, node: &'a Node) -> Result<List<'a>> {
        match self.value(node)? {
            Value::List(list) => Ok(list),
            other => Err(unfit(node, "a list", &other)),
        }
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        list: &'a Node,
        variable: &'a str,
        body: &'a Node,
    ) -> Result<bool> {
        let decides = quantifier == Quantifier::Exists;
        for item in self.list(list)?.iter() {
            self.locals.push((variable, item));
            let truth = self.truth(body);
            self.locals.pop();
            if truth? == decides {
                return Ok(decides);
            }
        }
        Ok(!decides)
    }
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn error(span: &Range<usize>, message: impl Into<String>) -> EvalError {
    EvalError { span: span.clone(), message: message.into() }
}

/// A fact that is not what its type says; the checker has excluded every other reason.
fn unfit(node: &Node, expected: &str, found: &Value<'_>) -> EvalError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::Double(_) => "a number",
        Value::String(_) => "a text",
        Value::List(_) => "a list",
        Value::Record(_) => "a record",
    };
    error(&node.span, format!("the fact does not have its type: expected {expected}, found {found}"))
}
