//! From text to [`Tree`]: the only module that knows the YAML parser.

use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Tag, options};
use sekisho_diag::{Problem, Problems};

use crate::limits::Limits;
use crate::scalar::Core;
use crate::syntax;
use crate::tree::{Data, Entry, Id, Scalar, Span, Tree, Value};

/// Reads the one document in `text`; all problems at once, as far as its syntax lets one see.
pub(crate) fn parse(file: &str, text: &str, limits: &Limits) -> Result<Tree, Problems> {
    let limits = Limits {
        depth: limits.depth.min(Limits::MAX_DEPTH),
        nodes: limits.nodes.min(Id::MAX as usize - 1),
        ..limits.clone()
    };
    let mut builder = Builder::new(file, &limits);
    match builder.read(text) {
        Ok(()) if builder.problems.is_empty() => {}
        read => {
            builder.problems.extend(read.err());
            builder.problems.sort_by(|a, b| a.place.cmp(&b.place));
            return Err(Problems(builder.problems));
        }
    }
    let root = match builder.root {
        Some(root) => root,
        None => builder.empty(),
    };
    Ok(Tree { file: file.to_owned(), nodes: builder.nodes, root, problems: limits.problems })
}

struct Builder<'l> {
    file: &'l str,
    limits: &'l Limits,
    nodes: Vec<Data>,
    /// The lists and mappings that are not closed yet, outermost first.
    open: Vec<Open>,
    /// The value each anchor names; none while it is being read.
    anchors: HashMap<usize, Option<Id>>,
    root: Option<Id>,
    problems: Vec<Problem>,
}

/// A list or mapping that is being read.
struct Open {
    span: Span,
    anchor: usize,
    size: usize,
    text: usize,
    height: usize,
    children: Children,
}

enum Children {
    List(Vec<Id>),
    Mapping { entries: Vec<Entry>, key: Option<(Box<str>, Span)> },
}

impl<'l> Builder<'l> {
    fn new(file: &'l str, limits: &'l Limits) -> Self {
        Self {
            file,
            limits,
            nodes: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            problems: Vec::new(),
        }
    }

    fn read(&mut self, text: &str) -> Result<(), Problem> {
        // One level more than the limit, so that it is this module which reports it, at its place.
        let levels = self.limits.depth + 1;
        let options = options! { emit_comments: false, flow_nesting_limit: levels, block_nesting_limit: levels };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, at) = match event {
                Ok(read) => read,
                Err(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) => {
                    let mark = error.marker();
                    let span = Span { line: mark.line() as u32, column: mark.col() as u32 + 1, length: 1 };
                    return Err(self.too_deep(span));
                }
                Err(error) => return Err(syntax::problem(self.file, text, &error)),
            };
            let span = span_of(&at);
            let tag_span = at.tag_span().map_or(span, |at| span_of(&at));
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.fatal("several-documents", "a second document begins here", span).hint(
                            "keep one document in a file: remove this `---`, or move what follows to a file of its own",
                        ));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    // The parser writes `~` where nothing is written.
                    let text = if at.is_empty() && style == ScalarStyle::Plain { "" } else { &*text };
                    self.scalar(text, style, anchor, tag.as_deref().map(|tag| (tag, tag_span)), span)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.own_tag(tag.as_deref(), "seq", tag_span);
                    self.begin(Children::List(Vec::new()), anchor, span)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.own_tag(tag.as_deref(), "map", tag_span);
                    self.begin(Children::Mapping { entries: Vec::new(), key: None }, anchor, span)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end()?,
                Event::Alias(anchor) => self.alias(anchor, span)?,
                // Comments, stream marks and the end of a document carry no value.
                _ => {}
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<(), Problem> {
        let plain = style == ScalarStyle::Plain;
        if self.awaits_key() {
            if plain && text == "<<" {
                let hint =
                    "write the fields out, or give the whole mapping a name with `&name` and use it with `*name`";
                self.report(Problem::error("merge-key", "merge keys are not supported").hint(hint), span);
            }
            if plain && text.is_empty() {
                return Err(self.fatal("unsupported-key", "a key is missing before this ':'", span));
            }
        }
        let core = match tag.map(|(tag, at)| (tag, tag.core_suffix(), at)) {
            None if plain => Core::of_plain(text),
            None | Some((_, Some("str"), _)) => Core::Text,
            Some((_, Some(name @ ("null" | "bool" | "int" | "float")), _)) => self.tagged(name, text, span),
            // A lone `!` says only "not resolved": a text.
            Some((tag, ..)) if tag.parts() == ("", "!") => Core::Text,
            Some((tag, _, at)) => {
                self.own_tag(Some(tag), "str", at);
                Core::Text
            }
        };
        let value = Value::Scalar(Scalar { text: text.into(), core, is_block: style == ScalarStyle::Literal });
        let id = self.add(Data { span, value, size: 1, text: text.len(), height: 0 });
        self.name(anchor, id);
        self.attach(id, span)
    }

    /// The meaning of `text` under the core schema's tag `name`.
    fn tagged(&mut self, name: &str, text: &str, span: Span) -> Core {
        match (name, Core::of_plain(text)) {
            ("null", Core::Null) => Core::Null,
            ("bool", core @ Core::Bool(_))
            | ("int", core @ (Core::Int(_) | Core::UInt(_)))
            | ("float", core @ Core::Float(_)) => core,
            ("float", Core::Int(number)) => Core::Float(number as f64),
            ("float", Core::UInt(number)) => Core::Float(number as f64),
            _ => {
                self.report(
                    Problem::error("wrong-type", format!("'{text}' is not what its tag `!!{name}` says")),
                    span,
                );
                Core::Text
            }
        }
    }

    /// Reports any tag but the core schema's own for this kind of value.
    fn own_tag(&mut self, tag: Option<&Tag>, expected: &str, span: Span) {
        if let Some(tag) = tag
            && !tag.is_yaml_core_schema_tag(expected)
        {
            let message = format!("the tag `{}` is not supported", tag.original());
            self.report(Problem::error("unknown-tag", message).hint("remove the tag"), span);
        }
    }

    fn begin(&mut self, children: Children, anchor: usize, span: Span) -> Result<(), Problem> {
        if self.awaits_key() {
            return Err(self.collection_as_key(span));
        }
        if self.open.len() >= self.limits.depth {
            return Err(self.too_deep(span));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open { span, anchor, size: 1, text: 0, height: 1, children });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some(Open { span, anchor, size, text, height, children }) = self.open.pop() else { return Ok(()) };
        let value = match children {
            Children::List(items) => Value::List(items.into()),
            Children::Mapping { entries, .. } => {
                self.duplicates(&entries);
                Value::Mapping(entries.into())
            }
        };
        let id = self.add(Data { span, value, size, text, height });
        self.name(anchor, id);
        self.attach(id, span)
    }

    fn duplicates(&mut self, entries: &[Entry]) {
        let mut seen = HashSet::with_capacity(entries.len());
        for entry in entries {
            if !seen.insert(&*entry.key) {
                let message = format!("'{}' is given a second time", entry.key);
                let hint = "keep one of the two; a list is written under one key";
                self.report(Problem::error("duplicate-key", message).hint(hint), entry.span);
            }
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let Some(Some(id)) = self.anchors.get(&anchor).copied() else {
            return Err(self.fatal("syntax", "this alias stands inside what it names", span));
        };
        if self.open.len() + self.nodes[id as usize].height > self.limits.depth {
            return Err(self.too_deep(span));
        }
        self.attach(id, span)
    }

    /// Puts a complete value where it belongs, counting what it costs.
    fn attach(&mut self, id: Id, span: Span) -> Result<(), Problem> {
        let Data { size, text, height, .. } = self.nodes[id as usize];
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(id);
            return Ok(());
        };
        parent.size = parent.size.saturating_add(size);
        parent.text = parent.text.saturating_add(text);
        parent.height = parent.height.max(height + 1);
        let (size, text) = (parent.size, parent.text);
        match &mut parent.children {
            Children::List(items) => items.push(id),
            Children::Mapping { entries, key } => match key.take() {
                Some((key, span)) => entries.push(Entry { key, span, value: id }),
                None => match &self.nodes[id as usize].value {
                    Value::Scalar(scalar) => *key = Some((scalar.text.clone(), span)),
                    Value::List(_) | Value::Mapping(_) => return Err(self.collection_as_key(span)),
                },
            },
        }
        // Values of lists that are still open are in no size yet: the count of all that exist bounds those.
        let nodes = size.max(self.nodes.len());
        if nodes > self.limits.nodes || text > self.limits.bytes {
            return Err(self.too_large(nodes > self.limits.nodes, span));
        }
        Ok(())
    }

    fn add(&mut self, data: Data) -> Id {
        self.nodes.push(data);
        // Fits: `parse` keeps the limit on values, checked at each, within 32 bits.
        (self.nodes.len() - 1) as Id
    }

    /// The value of a file that has none.
    fn empty(&mut self) -> Id {
        let span = Span { line: 1, column: 1, length: 1 };
        let value = Value::Scalar(Scalar { text: "".into(), core: Core::Null, is_block: false });
        self.add(Data { span, value, size: 1, text: 0, height: 0 })
    }

    fn name(&mut self, anchor: usize, id: Id) {
        if anchor != 0 {
            self.anchors.insert(anchor, Some(id));
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { children: Children::Mapping { key: None, .. }, .. }))
    }

    fn report(&mut self, problem: Problem, span: Span) {
        if self.problems.len() < self.limits.problems {
            self.problems.push(problem.at(span.place(self.file)));
        }
    }

    fn fatal(&self, code: &'static str, message: impl Into<String>, span: Span) -> Problem {
        Problem::error(code, message).at(span.place(self.file))
    }

    fn collection_as_key(&self, span: Span) -> Problem {
        self.fatal("unsupported-key", "a list or mapping cannot be a key", span)
            .hint("quote the key if `[`, `{` or `?` belongs to its text")
    }

    fn too_deep(&self, span: Span) -> Problem {
        self.fatal("too-deep", format!("more than {} lists and mappings inside one another", self.limits.depth), span)
    }

    fn too_large(&self, by_count: bool, span: Span) -> Problem {
        let message = if by_count {
            format!("more than {} values", self.limits.nodes)
        } else {
            format!("more than {} bytes of text", self.limits.bytes)
        };
        let problem = self.fatal("too-large", message, span);
        if self.anchors.is_empty() {
            problem
        } else {
            problem.hint("aliases (`*name`) count as often as they are used: aliases of aliases multiply")
        }
    }
}

fn span_of(at: &granit_parser::Span) -> Span {
    let one_line = at.start.line() == at.end.line();
    Span {
        line: at.start.line() as u32,
        column: at.start.col() as u32 + 1,
        length: if one_line { at.end.col().saturating_sub(at.start.col()).max(1) as u32 } else { 1 },
    }
}
