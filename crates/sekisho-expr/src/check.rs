//! The types of an expression's parts, and every mistake in them.

use std::ops::Range;

use sekisho_diag::closest;

use crate::ast::{Absent, Comparison, Kind, Name, Node};
use crate::error::ExprError;
use crate::narrow::present;
use crate::parser::miscounted;
use crate::scope::Scope;
use crate::types::Type;

/// The type of `node`, whose fields and functions are bound on the way; none where there are errors.
pub(crate) fn check(node: &mut Node, scope: &Scope) -> Result<Type, Vec<ExprError>> {
    let mut checker = Checker { scope, locals: Vec::new(), present: Vec::new(), errors: Vec::new() };
    match checker.check(node) {
        Some(ty) if checker.errors.is_empty() => Ok(ty),
        _ => Err(checker.errors),
    }
}

struct Checker<'s> {
    scope: &'s Scope,
    /// The variables of the macros around, innermost last.
    locals: Vec<(String, Type)>,
    /// Optional paths that are known to be present here.
    present: Vec<String>,
    errors: Vec<ExprError>,
}

impl Checker<'_> {
    /// The type of `node`; none where it has errors, which are then reported.
    fn check(&mut self, node: &mut Node) -> Option<Type> {
        let span = node.span.clone();
        match &mut node.kind {
            Kind::Null => Some(Type::Null),
            Kind::Bool(_) => Some(Type::Bool),
            Kind::Int(_) => Some(Type::Int),
            Kind::Double(_) => Some(Type::Double),
            Kind::String(_) => Some(Type::String),
            Kind::List(items) => self.list(items),
            Kind::Variable(name) => {
                let name = name.clone();
                let ty = self.variable(&name, &span)?;
                Some(if self.present.contains(&name) { ty.present().clone() } else { ty })
            }
            Kind::Field { operand, field, absent } => {
                let ty = self.field(operand, field)?;
                *absent = match ty {
                    Type::Optional(_) | Type::Null => Absent::Null,
                    Type::Bool => Absent::False,
                    Type::List(_) => Absent::EmptyList,
                    _ => Absent::Wrong,
                };
                let known = node.path().is_some_and(|path| self.present.contains(&path));
                match if known { ty.present().clone() } else { ty } {
                    Type::Opaque => self.fail(span, format!("this is {}", Type::Opaque)),
                    ty => Some(ty),
                }
            }
            Kind::Has { operand, field } => {
                self.field(operand, field)?;
                Some(Type::Bool)
            }
            Kind::Not(operand) => self.expect(operand, "a boolean", |ty| *ty == Type::Bool),
            Kind::And(operands) => self.chain(operands, true),
            Kind::Or(operands) => self.chain(operands, false),
            Kind::Compare(comparison, left, right) => self.comparison(*comparison, left, right, span),
            Kind::In(element, list) => self.membership(element, list, span),
            Kind::Conditional(condition, chosen, otherwise) => self.conditional(condition, chosen, otherwise, span),
            Kind::Text(_, receiver, argument) => {
                let receiver = self.expect(receiver, "a text", Type::is_text);
                let argument = self.expect(argument, "a text", Type::is_text);
                receiver.and(argument).and(Some(Type::Bool))
            }
            Kind::Matches(receiver, _) => self.expect(receiver, "a text", Type::is_text).and(Some(Type::Bool)),
            Kind::Size { receiver, .. } => {
                let sized = |ty: &Type| ty.is_text() || matches!(ty, Type::List(_));
                self.expect(receiver, "a text or a list", sized).and(Some(Type::Int))
            }
            Kind::Quantified { list, variable, body, .. } => self.quantified(list, variable, body),
            Kind::Call { name, arguments, function } => {
                let types: Vec<Option<Type>> = arguments.iter_mut().map(|argument| self.check(argument)).collect();
                let Some(declared) = self.scope.functions.get(&name.text) else {
                    let known = self.scope.functions.keys().map(String::as_str).chain(["has", "size"]);
                    return self.unknown("function", name, known);
                };
                if declared.parameters.len() != arguments.len() {
                    let (expected, found) = (declared.parameters.len(), arguments.len());
                    return self.fail(span, miscounted(&name.text, expected, found));
                }
                *function = Some(declared.clone());
                for ((argument, found), expected) in arguments.iter().zip(types).zip(declared.parameters.iter()) {
                    let found = found?;
                    if found.unified(expected).as_ref() != Some(expected) {
                        self.unfit(argument, &expected.to_string(), &found);
                    }
                }
                Some(declared.result.clone())
            }
        }
    }

    fn fail<T>(&mut self, span: Range<usize>, message: impl Into<String>) -> Option<T> {
        self.errors.push(ExprError::new(span, message));
        None
    }

    fn unknown<'a, T>(&mut self, what: &str, name: &Name, known: impl Iterator<Item = &'a str>) -> Option<T> {
        let known: Vec<&str> = known.collect();
        let error = ExprError::new(name.span.clone(), format!("unknown {what} '{}'", name.text));
        self.errors.push(match closest(&name.text, known.iter().copied()) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error.hint(format!("known {what}s: {}", known.join(", "))),
        });
        None
    }

    /// Checks `node` and that its type is what is `wanted`.
    fn expect(&mut self, node: &mut Node, wanted: &str, fits: impl Fn(&Type) -> bool) -> Option<Type> {
        let ty = self.check(node)?;
        if fits(&ty) {
            return Some(ty);
        }
        if fits(ty.present()) {
            self.absent(node, wanted);
        } else {
            self.unfit(node, wanted, &ty);
        }
        None
    }

    fn unfit(&mut self, node: &Node, wanted: &str, found: &Type) {
        self.errors.push(ExprError::new(node.span.clone(), format!("expected {wanted}, found {found}")));
    }

    /// Reports that `node` would be `wanted` if it were sure to be present.
    fn absent(&mut self, node: &Node, wanted: &str) {
        let error = ExprError::new(node.span.clone(), format!("expected {wanted}, but this may be absent"));
        self.errors.push(match (node.path(), &node.kind) {
            (Some(path), Kind::Field { .. }) => error.hint(format!("ask for it first: has({path}) && ...")),
            (Some(path), _) => error.hint(format!("ask for it first: {path} != null && ...")),
            (None, _) => error,
        });
    }

    fn list(&mut self, items: &mut [Node]) -> Option<Type> {
        let types: Vec<Option<Type>> = items.iter_mut().map(|item| self.check(item)).collect();
        let mut element = Type::Never;
        for (item, ty) in items.iter().zip(types) {
            let ty = ty?;
            match element.unified(&ty) {
                Some(unified) => element = unified,
                None => return self.fail(item.span.clone(), format!("the list begins with {element}, this is {ty}")),
            }
        }
        Some(Type::list(element))
    }

    fn variable(&mut self, name: &str, span: &Range<usize>) -> Option<Type> {
        let local = self.locals.iter().rev().find(|(local, _)| local == name).map(|(_, ty)| ty);
        if let Some(ty) = local.or_else(|| self.scope.variables.get(name)) {
            return Some(ty.clone());
        }
        let locals: Vec<String> = self.locals.iter().map(|(local, _)| local.clone()).collect();
        let known = self.scope.variables.keys().map(String::as_str).chain(locals.iter().map(String::as_str));
        self.unknown("variable", &Name { text: name.to_owned(), span: span.clone() }, known)
    }

    /// The declared type of a field.
    fn field(&mut self, operand: &mut Node, field: &Name) -> Option<Type> {
        let record = self.expect(operand, "a record", |ty| matches!(ty, Type::Record(_)))?;
        let Type::Record(fields) = record else { return None };
        match fields.get(&field.text) {
            Some(ty) => Some(ty.clone()),
            None => self.unknown("field", field, fields.keys().map(String::as_str)),
        }
    }

    /// `&&` or `||`: each operand is only reached where those before it were all true, or all false.
    fn chain(&mut self, operands: &mut [Node], reached_if: bool) -> Option<Type> {
        let known = self.present.len();
        let mut all = Some(Type::Bool);
        for operand in operands {
            all = all.and(self.expect(operand, "a boolean", |ty| *ty == Type::Bool));
            self.present.extend(present(operand, reached_if));
        }
        self.present.truncate(known);
        all
    }

    fn conditional(
        &mut self,
        condition: &mut Node,
        chosen: &mut Node,
        otherwise: &mut Node,
        span: Range<usize>,
    ) -> Option<Type> {
        let checked = self.expect(condition, "a boolean", |ty| *ty == Type::Bool);
        let [chosen, otherwise] = [(chosen, true), (otherwise, false)].map(|(branch, truth)| {
            let known = self.present.len();
            self.present.extend(present(condition, truth));
            let ty = self.check(branch);
            self.present.truncate(known);
            ty
        });
        let (chosen, otherwise) = (checked.and(chosen)?, otherwise?);
        match chosen.unified(&otherwise) {
            Some(ty) => Some(ty),
            None => self.fail(span, format!("one branch is {chosen}, the other {otherwise}")),
        }
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        left: &mut Node,
        right: &mut Node,
        span: Range<usize>,
    ) -> Option<Type> {
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            let ordered = |ty: &Type| matches!(ty, Type::Int | Type::Double) || ty.is_text();
            let wanted = "a number or a text";
            let (left_type, right_type) = (self.expect(left, wanted, ordered), self.expect(right, wanted, ordered));
            let (left_type, right_type) = (left_type?, right_type?);
            return match left_type.unified(&right_type) {
                Some(_) => Some(Type::Bool),
                None => self.incomparable(&left_type, &right_type, span),
            };
        }
        let (left_type, right_type) = (self.check(left), self.check(right));
        let (left_type, right_type) = (left_type?, right_type?);
        for (ty, node, other, other_node) in
            [(&left_type, &*left, &right_type, &*right), (&right_type, &*right, &left_type, &*left)]
        {
            // Asking twice is idle, but no mistake.
            let known = || other_node.path().is_some_and(|path| self.present.contains(&path));
            if *ty == Type::Null && !other.is_nullable() && !known() {
                return self.fail(span, format!("{other} is never null"));
            }
            self.known_word(node, other.present());
        }
        match left_type.unified(&right_type) {
            Some(ty) if ty.is_comparable() => Some(Type::Bool),
            _ if [&left_type, &right_type].contains(&&Type::Null) => Some(Type::Bool),
            _ => self.incomparable(&left_type, &right_type, span),
        }
    }

    fn incomparable<T>(&mut self, left: &Type, right: &Type, span: Range<usize>) -> Option<T> {
        let error = ExprError::new(span, format!("{left} cannot be compared with {right}"));
        self.errors.push(match (left.present(), right.present()) {
            (Type::Int, Type::Double) | (Type::Double, Type::Int) => error.hint("write numbers such as 7 as 7.0"),
            (Type::Bool | Type::Int | Type::Double, ty) | (ty, Type::Bool | Type::Int | Type::Double)
                if ty.is_text() =>
            {
                error.hint("numbers and booleans are written without quotes, texts with them")
            }
            (Type::List(_), _) | (_, Type::List(_)) => error.hint("use `in`, `exists` or `all` with lists"),
            _ => error,
        });
        None
    }

    fn membership(&mut self, element: &mut Node, list: &mut Node, span: Range<usize>) -> Option<Type> {
        let element_type = self.check(element);
        let list_type = self.expect(list, "a list", |ty| matches!(ty, Type::List(_)))?;
        let (Type::List(items), element_type) = (list_type, element_type?) else { return None };
        if let Kind::List(literals) = &list.kind {
            for literal in literals {
                self.known_word(literal, element_type.present());
            }
        }
        self.known_word(element, items.present());
        match element_type.unified(&items) {
            Some(ty) if ty.is_comparable() => Some(Type::Bool),
            _ => self.fail(span, format!("{element_type} cannot be in {}", Type::List(items))),
        }
    }

    /// Reports a literal text that a value of `ty` can never be.
    fn known_word(&mut self, node: &Node, ty: &Type) {
        if let (Kind::String(text), Type::Word(words)) = (&node.kind, ty)
            && !words.contains(text)
        {
            let name = Name { text: text.clone(), span: node.span.clone() };
            self.unknown::<()>("value", &name, words.iter().map(String::as_str));
        }
    }

    fn quantified(&mut self, list: &mut Node, variable: &Name, body: &mut Node) -> Option<Type> {
        let list_type = self.expect(list, "a list", |ty| matches!(ty, Type::List(_)));
        let taken = self.scope.variables.contains_key(&variable.text)
            || self.locals.iter().any(|(local, _)| *local == variable.text);
        if taken {
            // CEL would allow it; nobody could read it.
            let message = format!("'{}' already names something else", variable.text);
            return self.fail(variable.span.clone(), message);
        }
        let Some(Type::List(element)) = list_type else { return None };
        self.locals.push((variable.text.clone(), (*element).clone()));
        let ty = self.expect(body, "a boolean", |ty| *ty == Type::Bool);
        self.locals.pop();
        ty
    }
}
