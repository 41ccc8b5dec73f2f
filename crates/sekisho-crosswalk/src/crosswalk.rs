//! The pairs of two documents.

use std::collections::BTreeMap;
use std::ops::Range;

use sekisho_model::crosswalk::{Pair, Strength, Via};

use crate::algebra::Link;
use crate::links::{Links, Node};

/// All pairs of a control of `from` and a control of `to` (ids of documents that `links` has) that the hub relates with at least `least`
/// strength, in the order of the documents.
pub fn crosswalk(links: &Links<'_>, from: &str, to: &str, least: Strength) -> Vec<Pair> {
    let to = links.controls_of(to);
    let mut pairs = Vec::new();
    for node in &links.nodes[links.controls_of(from)] {
        let related = related(links, node, &to).into_iter();
        pairs.extend(related.filter(|(_, found)| found.link.strength >= least).map(|(number, found)| Pair {
            from: node.id(),
            to: links.nodes[number].id(),
            relationship: found.link.relationship,
            strength: found.link.strength,
            via: found.via(links),
        }));
    }
    pairs
}

/// What was found between two controls.
pub(crate) struct Found {
    /// What all paths say together.
    pub(crate) link: Link,
    /// The paths: objective, link to it, link from it.
    paths: Vec<(usize, Link, Link)>,
}

impl Found {
    pub(crate) fn via(&self, links: &Links<'_>) -> Vec<Via> {
        let mut via: Vec<Via> = self
            .paths
            .iter()
            .filter_map(|&(objective, first, second)| {
                let path = first.then(second)?;
                Some(Via {
                    objective: links.objectives[objective].to_owned(),
                    from: first.relationship,
                    to: second.converse().relationship,
                    strength: path.strength,
                })
            })
            .collect();
        via.sort_by(|a, b| b.strength.cmp(&a.strength).then_with(|| a.objective.cmp(&b.objective)));
        via
    }
}

/// The controls among `to` that `node` is related to, by number.
pub(crate) fn related(links: &Links<'_>, node: &Node<'_>, to: &Range<usize>) -> BTreeMap<usize, Found> {
    let mut related: BTreeMap<usize, Found> = BTreeMap::new();
    for mapped in &node.mapped {
        let all = &links.linked[mapped.objective];
        // The controls of one document follow each other.
        let start = all.partition_point(|(number, _)| *number < to.start);
        for &(number, link) in all[start..].iter().take_while(|(number, _)| *number < to.end) {
            let back = link.converse();
            let Some(path) = mapped.link.then(back) else { continue };
            let step = (mapped.objective, mapped.link, back);
            related
                .entry(number)
                .and_modify(|found| {
                    found.link = found.link.and(path);
                    found.paths.push(step);
                })
                .or_insert_with(|| Found { link: path, paths: vec![step] });
        }
    }
    related
}
