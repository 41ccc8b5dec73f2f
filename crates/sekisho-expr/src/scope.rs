//! What an expression can name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::types::Type;
use crate::value::Value;

/// The variables and functions that expressions can use.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub(crate) variables: BTreeMap<String, Type>,
    pub(crate) functions: BTreeMap<String, Function>,
}

impl Scope {
    /// A scope in which nothing is declared.
    pub fn new() -> Self {
        Self::default()
    }

    /// The scope with a variable `name` of type `ty`.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, ty: Type) -> Self {
        self.variables.insert(name.into(), ty);
        self
    }

    /// The scope with a boolean variable for each of `names`: for formulas over traits.
    #[must_use]
    pub fn traits<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(self, |scope, name| scope.variable(name, Type::Bool))
    }

    /// The scope with `function` under `name`.
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, function: Function) -> Self {
        self.functions.insert(name.into(), function);
        self
    }
}

/// What a function of the host computes.
type Body = dyn for<'a> Fn(&[Value<'a>]) -> Value<'static> + Send + Sync;

/// A function of the host: without side effects, and as cheap as an operator.
#[derive(Clone)]
pub struct Function {
    pub(crate) parameters: Arc<[Type]>,
    pub(crate) result: Type,
    body: Arc<Body>,
}

impl Function {
    /// A function from `parameters` to `result`. `body` gets as many arguments as there are parameters, each of its
    /// type, and must return a value of type `result`.
    pub fn new(
        parameters: impl IntoIterator<Item = Type>,
        result: Type,
        body: impl for<'a> Fn(&[Value<'a>]) -> Value<'static> + Send + Sync + 'static,
    ) -> Self {
        Self { parameters: parameters.into_iter().collect(), result, body: Arc::new(body) }
    }

    /// A question about two texts, such as `versionLess(a, b)`.
    pub fn of_texts(body: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        Self::new([Type::String, Type::String], Type::Bool, move |arguments| match arguments {
            [Value::String(a), Value::String(b)] => Value::Bool(body(a, b)),
            _ => Value::Bool(false),
        })
    }

    pub(crate) fn call(&self, arguments: &[Value<'_>]) -> Value<'static> {
        (self.body)(arguments)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Function({:?} -> {:?})", self.parameters, self.result)
    }
}
