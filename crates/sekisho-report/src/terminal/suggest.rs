//! Proposed objectives, for a person to accept or refuse.

use sekisho_model::Lang;
use sekisho_model::catalog::{Control, Document};
use sekisho_search::Suggestion;

use super::Style;
use super::paint::{Painter, Tone};
use super::tree::{self, Line, Node};
use crate::messages as words;
use crate::messages::screen as m;
use crate::texts::{Texts, name_of};

/// A control and what is proposed for it.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// The control.
    pub control: &'a Control,
    /// The objectives, the likeliest first.
    pub suggestions: Vec<Suggestion>,
}

/// The proposals for the controls of `document`, each with what speaks for it.
pub fn suggestions(
    document: &Document,
    proposals: &[Proposal<'_>],
    texts: &dyn Texts,
    lang: Lang,
    style: Style,
) -> String {
    let painter = Painter { style };
    let mut out = String::new();
    for (n, proposal) in proposals.iter().enumerate() {
        let id = format!("{}:{}  ", name_of(document), proposal.control.id);
        let mut head = vec![Line::new(Tone::Heading, id).and(Tone::Heading, proposal.control.title.get(lang))];
        if n > 0 {
            head.insert(0, Line::new(Tone::Plain, ""));
        }
        head.push(Line::new(Tone::Faint, proposal.control.statement.get(lang)).inset(2));
        tree::lines(painter, &head, &mut out);
        let mut nodes: Vec<Node> = proposal.suggestions.iter().map(|found| node(found, texts, lang)).collect();
        if nodes.is_empty() {
            let lines = vec![Line::new(Tone::Warn, m::NOTHING_PROPOSED.get(lang))];
            nodes.push(Node { lines, children: Vec::new() });
        }
        tree::draw(painter, &nodes, &mut out);
    }
    out
}

fn node(suggestion: &Suggestion, texts: &dyn Texts, lang: Lang) -> Node {
    let title = texts.objective(&suggestion.objective).map_or("", |objective| objective.title.get(lang));
    let voters: Vec<String> = suggestion
        .voters
        .iter()
        .map(|voter| {
            let name = texts.control(&voter.control).map(|(d, c)| format!("{}:{}", name_of(d), c.id));
            let relation = m::relates(&words::relation(voter.relation));
            format!("{} ({})", name.unwrap_or_else(|| voter.control.clone()), relation.get(lang))
        })
        .collect();
    let why = if voters.is_empty() {
        m::OWN_TEXT_ONLY.get(lang).to_owned()
    } else {
        let voters = voters.join(if lang == Lang::Ja { "、" } else { ", " });
        format!("{}: {voters}", m::ALIKE.get(lang))
    };
    let lines = vec![
        Line::new(Tone::Good, format!("{:.2}  ", suggestion.score))
            .and(Tone::Plain, title)
            .and(Tone::Faint, format!("  {}", suggestion.objective)),
        Line::new(Tone::Faint, why).inset(6),
    ];
    Node { lines, children: Vec::new() }
}
