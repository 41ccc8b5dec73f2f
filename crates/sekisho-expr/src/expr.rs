//! A compiled expression.

use std::collections::BTreeSet;
use std::fmt;

use crate::ast::Node;
use crate::check::check;
use crate::error::{EvalError, ExprError};
use crate::eval::Evaluation;
use crate::parser::parse;
use crate::scope::Scope;
use crate::types::Type;
use crate::value::Value;
use crate::{references, traits};

/// An expression that was parsed and checked against a [`Scope`].
#[derive(Debug, Clone)]
pub struct Expr {
    node: Node,
    ty: Type,
}

impl Expr {
    /// Compiles `source`.
    ///
    /// # Errors
    ///
    /// The first mistake of syntax, or else all mistakes of names and types.
    pub fn compile(source: &str, scope: &Scope) -> Result<Self, Vec<ExprError>> {
        let mut node = parse(source).map_err(|error| vec![error])?;
        let ty = check(&mut node, scope)?;
        Ok(Self { node, ty })
    }

    /// Compiles `source`, which must be true or false.
    ///
    /// # Errors
    ///
    /// As [`Expr::compile`], and where the expression is something else.
    pub fn condition(source: &str, scope: &Scope) -> Result<Self, Vec<ExprError>> {
        let expr = Self::compile(source, scope)?;
        if expr.ty == Type::Bool {
            return Ok(expr);
        }
        let message = format!("expected a condition, found {}", expr.ty);
        Err(vec![ExprError::new(expr.node.span, message)])
    }

    /// What its values are.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Its value, given those of its variables.
    ///
    /// # Errors
    ///
    /// Only where the variables do not have the types that it was compiled for, or where [`crate::MAX_STEPS`] are not
    /// enough.
    pub fn eval<'a>(&'a self, variables: &[(&str, &'a serde_json::Value)]) -> Result<Value<'a>, EvalError> {
        Evaluation::new(variables).value(&self.node)
    }

    /// The value of a condition.
    ///
    /// # Errors
    ///
    /// As [`Expr::eval`], and where the expression is not a condition.
    pub fn eval_bool(&self, variables: &[(&str, &serde_json::Value)]) -> Result<bool, EvalError> {
        Evaluation::new(variables).truth(&self.node)
    }

    /// The truth of a formula over traits, of which some may not be known; none where it depends on those.
    ///
    /// Exact as long as twelve or fewer traits are unknown: then `a || !a` is true whatever `a` is. Beyond, Kleene's
    /// logic decides, which may answer none where the truth could be known. What is not a formula over booleans is not
    /// known.
    pub fn eval_traits(&self, known: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
        traits::truth(&self.node, known)
    }

    /// The variables that it names.
    pub fn variables(&self) -> BTreeSet<&str> {
        references::variables(&self.node)
    }

    /// The fields that it reads, as paths from their variables: `value.name`, `value.keys[].bits`.
    pub fn fields(&self) -> BTreeSet<String> {
        references::fields(&self.node)
    }
}

/// The source, without comments and with uniform spaces; it compiles to the same expression.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
