//! Conditions over facts and traits: a typed, bounded subset of CEL.
//!
//! The catalog says in the [Common Expression Language](https://cel.dev) when an objective applies and what a check
//! sees in a fact. Every expression accepted here is valid CEL and means the same; what is added is what CEL leaves to
//! its host:
//!
//! - **Types.** An expression is compiled against a [`Scope`] whose types come from the facts' own JSON Schemas
//!   ([`Type::from_json_schema`]), so a misspelt field or value is an error with a suggestion when the catalog is
//!   read, not a check that silently never matches. A field that may be absent must be asked for before it is used:
//!   `has(value.owner) && value.owner.startsWith('root')`.
//! - **Unknown traits.** [`Expr::eval_traits`] tells "false" from "not known yet".
//! - **Bounds.** [`MAX_SOURCE`], [`MAX_NODES`], [`MAX_NESTING`] and [`MAX_STEPS`]: compiling and evaluating take
//!   bounded time and memory, whatever the source and the facts.
//!
//! # The language
//!
//! Literals (`1`, `-0x1F`, `7.0`, `'text'`, `"text"`, `r'raw'`, `true`, `false`, `null`, `['a', 'b']`), variables and
//! their fields, `!`, `&&`, `||`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` (a list), `?:`, `has(a.b)`, the methods
//! `startsWith`, `endsWith`, `contains`, `matches` (whose pattern is a literal) and `size`, the macros `exists` and
//! `all` over lists, functions that the host declares, and `//` comments.
//!
//! # Absence
//!
//! Records behave like CEL's protocol-buffer messages with wrapper fields: an absent field and a `null` one are the
//! same, `has` is false for both, and either equals `null`. An absent list is empty and an absent boolean is false.
//!
//! ```
//! use sekisho_expr::{Expr, Scope, Type};
//! use serde_json::json;
//!
//! let account = Type::record([("name", Type::String), ("shell", Type::optional(Type::String))]);
//! let scope = Scope::new().variable("value", account);
//! let expr = Expr::compile("value.name == 'root' && has(value.shell) && value.shell.endsWith('sh')", &scope)?;
//! assert_eq!(expr.eval_bool(&[("value", &json!({ "name": "root", "shell": "/bin/sh" }))]), Ok(true));
//!
//! let errors = Expr::compile("value.nmae == 'root'", &scope).unwrap_err();
//! assert_eq!(errors[0].hint.as_deref(), Some("did you mean 'name'?"));
//! # Ok::<(), Vec<sekisho_expr::ExprError>>(())
//! ```

mod ast;
mod check;
mod error;
mod eval;
mod expr;
mod lexer;
mod narrow;
mod parser;
mod pattern;
mod print;
mod references;
mod schema;
mod scope;
mod traits;
mod types;
mod value;

pub use error::{EvalError, ExprError};
pub use expr::Expr;
pub use scope::{Function, Scope};
pub use types::Type;
pub use value::{List, Value};

/// Bytes of source that are compiled.
pub const MAX_SOURCE: usize = 16 << 10;

/// Operands and operators in an expression.
pub const MAX_NODES: usize = 4096;

/// Levels of operands inside operands; a chain of `&&` or of `||` is one level.
pub const MAX_NESTING: usize = 48;

/// Operands and operators evaluated in one evaluation; only macros inside macros over long lists come near.
pub const MAX_STEPS: u32 = 4_000_000;
