//! The dependency graph of a bill of materials: who includes whom, and how far from the product.
//!
//! Elements are named by references that may come before or after the element itself, so every reference gets a node
//! when it is first seen, and a component that turns out to bear that reference takes the node over ([`Graph::bind`]).

use std::collections::HashMap;

/// A place in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(u32);

impl Node {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// Nodes and edges while they are collected.
#[derive(Debug)]
pub(crate) struct Graph {
    by_reference: HashMap<Box<str>, Node>,
    nodes: Vec<State>,
    edges: Vec<(Node, Node)>,
    inclusions: Vec<(Node, Node)>,
    roots: Vec<Node>,
    max_nodes: usize,
    max_edges: usize,
    dropped: u64,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// The node that took this one over, or itself.
    alias: Node,
    /// Whether the document lists what it stands for, rather than only refers to it.
    listed: bool,
    /// Whether the document says something about what it depends on, be it that there is nothing.
    stated: bool,
}

impl Graph {
    pub(crate) fn new(max_nodes: usize, max_edges: usize) -> Self {
        Self {
            by_reference: HashMap::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            inclusions: Vec::new(),
            roots: Vec::new(),
            max_nodes: max_nodes.min(u32::MAX as usize),
            max_edges,
            dropped: 0,
        }
    }

    /// A node for something that the document lists. The caller keeps within its own limit of those.
    pub(crate) fn add(&mut self) -> Node {
        self.push(true)
    }

    fn push(&mut self, listed: bool) -> Node {
        let node = Node(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(State { alias: node, listed, stated: false });
        node
    }

    /// Says that `node`, made by [`Graph::add`], bears `reference`; false where another listed node already does.
    pub(crate) fn bind(&mut self, node: Node, reference: &str) -> bool {
        match self.by_reference.get(reference) {
            Some(&known) if self.nodes[known.index()].alias != known || self.nodes[known.index()].listed => false,
            Some(&known) => {
                self.nodes[known.index()].alias = node;
                true
            }
            None => {
                self.by_reference.insert(reference.into(), node);
                true
            }
        }
    }

    /// The node that `reference` names; none over the limit.
    pub(crate) fn reference(&mut self, reference: &str) -> Option<Node> {
        if let Some(&node) = self.by_reference.get(reference) {
            return Some(self.resolve(node));
        }
        if self.nodes.len() >= self.max_nodes {
            self.dropped += 1;
            return None;
        }
        let node = self.push(false);
        self.by_reference.insert(reference.into(), node);
        Some(node)
    }

    /// Says that the document lists what `node` stands for, though it is no component.
    pub(crate) fn list(&mut self, node: Node) {
        self.nodes[node.index()].listed = true;
    }

    /// The node that `node` has become.
    pub(crate) fn resolve(&self, node: Node) -> Node {
        // One step is enough: only listed nodes take others over, and a listed node is never taken over.
        self.nodes[node.index()].alias
    }

    /// Says that `from` depends on `to`.
    pub(crate) fn edge(&mut self, from: Node, to: Node) {
        if self.edges.len() >= self.max_edges {
            self.dropped += 1;
        } else {
            self.edges.push((from, to));
        }
    }

    /// Says that `part` stands inside `whole` in the document, which is not counted among the relationships.
    pub(crate) fn include(&mut self, whole: Node, part: Node) {
        self.inclusions.push((whole, part));
    }

    /// Says that the document makes a statement about what `node` depends on.
    pub(crate) fn state(&mut self, node: Node) {
        self.nodes[node.index()].stated = true;
    }

    /// Says that the document describes `node`.
    pub(crate) fn root(&mut self, node: Node) {
        self.roots.push(node);
    }

    /// Relationships and references that went over a limit.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Walks the graph from what the document describes, along the relationships first, and to what these do not reach also into what
    /// lies inside each other.
    pub(crate) fn measure(mut self) -> Measured {
        let mut edges: Vec<(Node, Node)> = self
            .edges
            .drain(..)
            .map(|(from, to)| (self.nodes[from.index()].alias, self.nodes[to.index()].alias))
            .collect();
        edges.retain(|(from, to)| from != to);
        edges.sort_unstable();
        edges.dedup();
        let relationships =
            edges.iter().filter(|(from, to)| self.nodes[from.index()].listed && self.nodes[to.index()].listed).count();
        let inclusions = Adjacency::new(self.nodes.len(), std::mem::take(&mut self.inclusions));
        let edges = Adjacency::new(self.nodes.len(), edges);
        let mut roots: Vec<Node> = self.roots.iter().map(|root| self.nodes[root.index()].alias).collect();
        roots.sort_unstable();
        roots.dedup();
        let mut known: Vec<bool> = self.nodes.iter().map(|state| state.listed).collect();
        for root in &roots {
            known[root.index()] = true;
        }
        let related = self.related(&edges, &inclusions, &known, &roots);

        let mut depth = vec![None; self.nodes.len()];
        let mut levels = vec![roots.clone()];
        walk(&mut depth, &mut levels, &[&edges]);
        let mut deepest =
            depth.iter().zip(&known).filter(|(_, known)| **known).filter_map(|(depth, _)| *depth).max().unwrap_or(0);
        if deepest == 0 && relationships > 0 {
            deepest = unrooted(&edges, self.nodes.len());
        }
        // What no relationship leads to may lie inside something that was reached.
        walk(&mut depth, &mut levels, &[&edges, &inclusions]);
        let inside =
            depth.iter().zip(&known).filter(|(_, known)| **known).filter_map(|(depth, _)| *depth).max().unwrap_or(0);
        Measured { relationships: relationships as u64, deepest: deepest.max(inside), depth, related }
    }

    /// For each node, whether the document says how it relates to something that it lists.
    fn related(&self, edges: &Adjacency, inclusions: &Adjacency, known: &[bool], roots: &[Node]) -> Vec<bool> {
        let mut related: Vec<bool> = self.nodes.iter().map(|state| state.stated).collect();
        for &(from, to) in edges.pairs.iter().chain(&inclusions.pairs) {
            if known[from.index()] && known[to.index()] {
                related[from.index()] = true;
                related[to.index()] = true;
            }
        }
        for root in roots {
            related[root.index()] = true;
        }
        // What was said of a reference before its component came counts for the component.
        for i in 0..self.nodes.len() {
            if related[i] {
                related[self.nodes[i].alias.index()] = true;
            }
        }
        related
    }
}

/// Pairs sorted by their first, with where each first begins.
struct Adjacency {
    pairs: Vec<(Node, Node)>,
    begin: Vec<usize>,
}

impl Adjacency {
    fn new(nodes: usize, mut pairs: Vec<(Node, Node)>) -> Self {
        pairs.sort_unstable();
        let mut begin = vec![0_usize; nodes + 1];
        for (from, _) in &pairs {
            begin[from.index() + 1] += 1;
        }
        for i in 1..begin.len() {
            begin[i] += begin[i - 1];
        }
        Self { pairs, begin }
    }

    fn from(&self, node: Node) -> &[(Node, Node)] {
        &self.pairs[self.begin[node.index()]..self.begin[node.index() + 1]]
    }
}

/// Goes on from what `levels` holds, breadth first, to every node that has no depth yet: cycles end by themselves.
fn walk(depth: &mut [Option<u32>], levels: &mut Vec<Vec<Node>>, ways: &[&Adjacency]) {
    let mut level = 0;
    while level < levels.len() {
        let mut next = Vec::new();
        let number = u32::try_from(level).unwrap_or(u32::MAX);
        for &node in &levels[level] {
            depth[node.index()].get_or_insert(number);
            for &(_, to) in ways.iter().flat_map(|way| way.from(node)) {
                if depth[to.index()].is_none() {
                    depth[to.index()] = Some(number + 1);
                    next.push(to);
                }
            }
        }
        match levels.get_mut(level + 1) {
            Some(following) => following.append(&mut next),
            None if !next.is_empty() => levels.push(next),
            None => {}
        }
        level += 1;
    }
}

/// The greatest depth of a graph of which the document does not say where it begins: from those that nothing depends on, which then
/// are the direct dependencies of something unsaid. The depth of the single components stays unknown.
fn unrooted(edges: &Adjacency, nodes: usize) -> u32 {
    let mut free = vec![true; nodes];
    for (_, to) in &edges.pairs {
        free[to.index()] = false;
    }
    let mut first: Vec<Node> = edges.pairs.iter().map(|(from, _)| *from).filter(|from| free[from.index()]).collect();
    first.dedup();
    let mut levels = vec![Vec::new(), first];
    walk(&mut vec![None; nodes], &mut levels, &[edges]);
    u32::try_from(levels.len() - 1).unwrap_or(u32::MAX)
}

/// The graph after it was walked.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Distinct relationships between things that the document lists or describes.
    pub(crate) relationships: u64,
    /// Greatest depth of the graph.
    pub(crate) deepest: u32,
    depth: Vec<Option<u32>>,
    related: Vec<bool>,
}

impl Measured {
    /// Distance of `node` from what the document describes; none where no way leads there.
    pub(crate) fn depth(&self, node: Node) -> Option<u32> {
        self.depth[node.index()]
    }

    /// Whether the document says how `node` relates to something else.
    pub(crate) fn related(&self, node: Node) -> bool {
        self.related[node.index()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_may_come_first() {
        let mut graph = Graph::new(100, 100);
        let (a, b) = (graph.reference("a").unwrap(), graph.reference("b").unwrap());
        graph.edge(a, b);
        let (component_a, component_b) = (graph.add(), graph.add());
        assert!(graph.bind(component_b, "b"));
        assert!(graph.bind(component_a, "a"));
        assert!(!graph.bind(component_a, "b"), "b is taken");
        graph.root(a);
        let measured = graph.measure();
        assert_eq!(measured.relationships, 1);
        assert_eq!((measured.depth(component_a), measured.depth(component_b)), (Some(0), Some(1)));
        assert!(measured.related(component_b));
    }

    #[test]
    fn a_cycle_and_a_self_loop_end() {
        let mut graph = Graph::new(100, 100);
        let nodes = [graph.add(), graph.add(), graph.add()];
        for i in 0..3 {
            graph.edge(nodes[i], nodes[(i + 1) % 3]);
            graph.edge(nodes[i], nodes[i]);
        }
        graph.root(nodes[0]);
        let measured = graph.measure();
        assert_eq!(measured.relationships, 3, "a thing does not depend on itself");
        assert_eq!(nodes.map(|node| measured.depth(node)), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn what_lies_inside_is_reached_last() {
        let mut graph = Graph::new(100, 100);
        let [root, a, b, c, d] = [graph.add(), graph.add(), graph.add(), graph.add(), graph.add()];
        graph.root(root);
        graph.edge(root, a);
        graph.edge(a, b);
        graph.edge(b, c);
        graph.include(root, c);
        graph.include(a, d);
        let measured = graph.measure();
        assert_eq!([root, a, b, c, d].map(|node| measured.depth(node)), [Some(0), Some(1), Some(2), Some(3), Some(2)]);
        assert_eq!((measured.relationships, measured.deepest), (3, 3));
        assert!(measured.related(d));
    }

    #[test]
    fn without_a_root_only_the_greatest_depth_is_known() {
        let mut graph = Graph::new(100, 100);
        let [root, a, b] = [graph.add(), graph.add(), graph.add()];
        graph.root(root);
        graph.edge(a, b);
        let measured = graph.measure();
        assert_eq!((measured.depth(a), measured.depth(b), measured.deepest), (None, None, 2));
    }

    #[test]
    fn a_thing_that_is_not_listed_relates_to_nothing() {
        let mut graph = Graph::new(100, 100);
        let a = graph.add();
        let file = graph.reference("file").unwrap();
        graph.edge(a, file);
        let measured = graph.measure();
        assert!(!measured.related(a));
        assert_eq!(measured.relationships, 0);
    }

    #[test]
    fn over_the_limit_is_counted() {
        let mut graph = Graph::new(2, 1);
        let (a, b) = (graph.reference("a").unwrap(), graph.reference("b").unwrap());
        assert!(graph.reference("c").is_none());
        graph.edge(a, b);
        graph.edge(b, a);
        assert_eq!(graph.dropped(), 2);
    }

    proptest! {
        /// The depth of every node is one more than the least depth of those that lead to it.
        #[test]
        fn depths_are_shortest(edges in proptest::collection::vec((0..12_usize, 0..12_usize), 0..40)) {
            let mut graph = Graph::new(100, 100);
            let nodes: Vec<Node> = (0..12).map(|_| graph.add()).collect();
            for &(from, to) in &edges {
                graph.edge(nodes[from], nodes[to]);
            }
            graph.root(nodes[0]);
            let measured = graph.measure();
            for i in 1..12 {
                let least = edges.iter().filter(|(_, to)| *to == i).filter_map(|(from, _)| measured.depth(nodes[*from])).min();
                prop_assert_eq!(measured.depth(nodes[i]), least.map(|depth| depth + 1).filter(|_| least.is_some()));
            }
        }
    }
}
