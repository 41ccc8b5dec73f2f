//! Everything that can be wrong with a catalog beyond what a schema says, found at its place.
//!
//! Each lint has a stable code. What is already compiled (the built-in catalog under a user's folder) is a target of references but is not
//! reported on again.

mod check;
mod conflict;
mod document;
mod objective;
mod text;
mod thesaurus;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use sekisho_diag::{Place, Problem, nearest};
use sekisho_expr::{Expr, Scope};
use sekisho_model::catalog::Vocabulary;

use crate::condition::trait_scope;
use crate::files::{Parsed, Parts};

/// Every code that [`lint`] reports, with what it means; tests hold it against what is reported.
pub const CODES: &[(&str, &str)] = &[
    ("duplicate-id", "an id is used twice"),
    ("unknown-id", "a reference to something that does not exist"),
    ("bad-id", "an id that is not of the form its kind has"),
    ("unmapped-control", "a control with neither a mapping nor a stated reason for having none"),
    ("mapped-and-unmapped", "a control or objective with both a mapping and a reason for having none"),
    ("duplicate-mapping", "a control that maps to one objective twice"),
    ("unmapped-objective", "an objective that no control maps to, without a stated reason"),
    ("blank-text", "a text that is empty in one language"),
    ("untranslated", "a text whose Japanese is not Japanese or whose English is not English"),
    ("bad-condition", "a condition that does not compile"),
    ("bad-effect", "an outcome with an effect it cannot have"),
    ("untested-check", "a check without a test for both its outcomes"),
    ("failing-check-test", "a check that does not come out as its test says"),
    ("dangling-relation", "a relation, parent or group that does not exist in the document"),
    ("inherits-twice", "a part of a control that is itself a part"),
    ("mapped-and-inherits", "a part of a control with mappings of its own"),
    ("no-vocabulary", "a catalog without vocabulary"),
];

/// All problems of `parts`, in the order of the files.
pub fn lint(parts: &Parts) -> Vec<Problem> {
    let mut found = Found::default();
    let Some(vocabulary) = &parts.vocabulary else {
        found.error("no-vocabulary", None, "the catalog has no vocabulary.yaml");
        return found.problems;
    };
    let known = Known::collect(parts, &vocabulary.value);
    vocabulary::lint(vocabulary, &mut found);
    objective::lint(parts, &known, &mut found);
    check::lint(parts, &known, &mut found);
    document::lint(parts, &known, &mut found);
    conflict::lint(parts, &known, &mut found);
    thesaurus::lint(parts, &mut found);
    found.problems
}

/// The problems found so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn push(&mut self, problem: Problem, place: Option<Place>) {
        self.problems.push(Problem { place, ..problem });
    }

    fn error(&mut self, code: &'static str, place: Option<Place>, message: impl Into<String>) {
        self.push(Problem::error(code, message), place);
    }

    /// Reports `id` if `known` does not have it, with the nearest that it has.
    fn reference(&mut self, what: &str, id: &str, known: &BTreeSet<&str>, place: impl FnOnce() -> Option<Place>) {
        if known.contains(id) {
            return;
        }
        let mut problem = Problem::error("unknown-id", format!("unknown {what} '{id}'"));
        let near = nearest(id, known.iter().copied());
        if !near.is_empty() {
            problem = problem.hint(format!("did you mean {}?", quoted(&near)));
        } else if known.len() <= 40 {
            let all: Vec<_> = known.iter().map(|&s| s.to_owned()).collect();
            problem = problem.hint(format!("known are {}", all.join(", ")));
        }
        self.push(problem, place());
    }

    /// Reports `id` if it was seen before, naming where.
    fn unique<'a>(
        &mut self,
        what: &str,
        id: &'a str,
        seen: &mut BTreeMap<&'a str, Option<Place>>,
        place: Option<Place>,
    ) {
        if let Some(first) = seen.get(id) {
            let first = first.as_ref().map_or_else(|| "in the built-in catalog".to_owned(), |p| format!("at {p}"));
            let problem = Problem::error("duplicate-id", format!("the {what} '{id}' exists already"));
            self.push(problem.hint(format!("it was first seen {first}")), place);
        } else {
            seen.insert(id, place);
        }
    }

    /// Reports a condition that does not compile, each mistake at its own place in the text.
    fn condition(&mut self, text: &str, scope: &Scope, place: Option<&Place>) {
        if let Err(errors) = Expr::condition(text, scope) {
            self.condition_errors(text, &errors, place);
        }
    }

    fn condition_errors(&mut self, text: &str, errors: &[sekisho_expr::ExprError], place: Option<&Place>) {
        for error in errors {
            let mut problem = Problem::error("bad-condition", format!("in '{text}': {}", error.message));
            problem.hint.clone_from(&error.hint);
            self.push(problem, place.map(|place| inside(place, text, &error.span)));
        }
    }
}

/// The place of `span` within a one-line scalar at `place`. A quoted scalar begins with its quote.
fn inside(place: &Place, text: &str, span: &std::ops::Range<usize>) -> Place {
    match place {
        Place::Text { file, line, column, length } => {
            let chars = text.chars().count();
            let quote = usize::from(*length > chars);
            let before = text.get(..span.start).map_or(0, |s| s.chars().count());
            let width = text.get(span.clone()).map_or(1, |s| s.chars().count().max(1));
            Place::Text { file: file.clone(), line: *line, column: column + quote + before, length: width }
        }
        other => other.clone(),
    }
}

/// `'a' or 'b'`.
fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" or ")
}

/// The ids that references may name.
struct Known<'a> {
    objectives: BTreeSet<&'a str>,
    checks: BTreeSet<&'a str>,
    concepts: BTreeSet<&'a str>,
    controls: BTreeSet<String>,
    mapped: BTreeSet<&'a str>,
    terms: Terms<'a>,
    traits: Scope,
}

/// The words of the vocabulary.
struct Terms<'a> {
    roles: BTreeSet<&'a str>,
    industries: BTreeSet<&'a str>,
    layers: BTreeSet<&'a str>,
    phases: BTreeSet<&'a str>,
    markets: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn collect(parts: &'a Parts, vocabulary: &'a Vocabulary) -> Self {
        let documents = || parts.documents.iter().map(|d| &d.value);
        let words = |terms: &'a [sekisho_model::catalog::Term]| terms.iter().map(|t| t.id.as_str()).collect();
        Self {
            objectives: values(&parts.objectives).flat_map(|f| &f.objectives).map(|o| o.id.as_str()).collect(),
            checks: values(&parts.checks).flat_map(|f| &f.checks).map(|c| c.id.as_str()).collect(),
            concepts: documents().flat_map(|d| &d.concepts).map(|c| c.id.as_str()).collect(),
            controls: documents().flat_map(|d| d.controls.iter().map(|c| format!("{}:{}", d.id, c.id))).collect(),
            mapped: documents()
                .flat_map(|d| &d.controls)
                .flat_map(|c| &c.mappings)
                .map(|m| m.objective.as_str())
                .collect(),
            terms: Terms {
                roles: words(&vocabulary.roles),
                industries: words(&vocabulary.industries),
                layers: words(&vocabulary.layers),
                phases: words(&vocabulary.phases),
                markets: words(&vocabulary.markets),
            },
            traits: trait_scope(),
        }
    }
}

fn values<T>(files: &[Parsed<T>]) -> impl Iterator<Item = &T> {
    files.iter().map(|file| &file.value)
}

/// Whether `id` is made of lower-case letters, digits and single hyphens.
fn is_kebab(id: &str) -> bool {
    !id.is_empty()
        && id
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}
