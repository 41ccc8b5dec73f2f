//! Reading a product file: against its schema, then against the catalog's words and against itself.

use std::collections::BTreeSet;

use sekisho_diag::{Place, Problem, Severity, nearest};
use sekisho_model::answer::Reply;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::catalog::Term;
use sekisho_model::product::{Authorized, Component, Interface, Product, is_web_address, ports_in};

use crate::files::{Source, parse};
use crate::index::Catalog;
use crate::schema::FileKind;

/// Reads the product file `name`. On success the product and what is worth a warning.
///
/// # Errors
/// All problems at once, where one of them is an error.
pub fn read_product(name: &str, bytes: &[u8], catalog: &Catalog) -> Result<(Product, Vec<Problem>), Vec<Problem>> {
    let source = Source { name: name.to_owned(), kind: FileKind::Product, bytes: bytes.to_vec() };
    let mut problems = Vec::new();
    let Some(parsed) = parse::<Product>(&source, &mut problems) else { return Err(problems) };
    let mut reader = Reader { place: &|path| parsed.place(path), catalog, problems };
    reader.check(&parsed.value);
    let mut problems = reader.problems;
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    if problems.iter().any(|p| p.severity == Severity::Error) { Err(problems) } else { Ok((parsed.value, problems)) }
}

struct Reader<'a> {
    place: &'a dyn Fn(&str) -> Option<Place>,
    catalog: &'a Catalog,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, path: &str, problem: Problem) {
        self.problems.push(Problem { place: (self.place)(path), ..problem });
    }

    /// Reports a word that is none of `known`.
    fn word<'k>(&mut self, path: &str, what: &str, word: &str, known: impl Iterator<Item = &'k str> + Clone) {
        if known.clone().any(|k| k == word) {
            return;
        }
        let near = nearest(word, known.clone());
        let hint = if near.is_empty() {
            format!("known are {}", known.collect::<Vec<_>>().join(", "))
        } else {
            format!("did you mean '{}'?", near.join("' or '"))
        };
        self.report(path, Problem::error("unknown-id", format!("unknown {what} '{word}'")).hint(hint));
    }

    fn words(&mut self, field: &str, what: &str, words: &[String], terms: &[Term]) {
        for (i, word) in words.iter().enumerate() {
            self.word(&format!("{field}[{i}]"), what, word, terms.iter().map(|t| t.id.as_str()));
        }
    }

    fn check(&mut self, product: &Product) {
        let vocabulary = self.catalog.vocabulary();
        self.words("roles", "role", &product.roles, &vocabulary.roles);
        self.words("markets", "market", &product.markets, &vocabulary.markets);
        self.words("industries", "industry", &product.industries, &vocabulary.industries);
        for (i, name) in product.documents.iter().enumerate() {
            if let Err(unknown) = self.catalog.document(name) {
                let problem = Problem::error("unknown-id", unknown.to_string());
                let names: Vec<_> = self.catalog.documents().map(|d| d.id.as_str()).collect();
                self.report(&format!("documents[{i}]"), problem.hint(format!("the catalog has {}", names.join(", "))));
            }
        }
        self.components(product);
        self.references(product);
        self.answers(product);
    }

    fn components(&mut self, product: &Product) {
        let mut seen = BTreeSet::new();
        let kinds = &self.catalog.vocabulary().interface_kinds;
        for (i, component) in product.components.iter().enumerate() {
            if !seen.insert(&component.id) {
                let problem =
                    Problem::error("duplicate-id", format!("the component '{}' exists already", component.id));
                self.report(&format!("components[{i}].id"), problem);
            }
            for (j, interface) in component.interfaces.iter().flatten().enumerate() {
                let path = format!("components[{i}].interfaces[{j}]");
                self.word(
                    &format!("{path}.kind"),
                    "kind of interface",
                    &interface.kind,
                    kinds.iter().map(|t| t.id.as_str()),
                );
                self.accounts(&path, interface);
                let declared = [("tls", interface.tls.is_some()), ("ssh", interface.ssh.is_some())];
                if let Some((field, _)) = declared.into_iter().find(|(_, there)| *there && interface.port.is_none()) {
                    let problem =
                        Problem::error("declared-without-port", "what is declared can be compared only at a port");
                    self.report(
                        &format!("{path}.{field}"),
                        problem.hint("add port:, and transport: where it is not the usual one"),
                    );
                }
            }
            self.network(&format!("components[{i}]"), component);
        }
    }

    /// A test account needs a password, and one place for it.
    fn accounts(&mut self, path: &str, interface: &Interface) {
        for (k, account) in interface.accounts.iter().enumerate() {
            if account.password_env.is_some() == account.password_file.is_some() {
                let message = format!("the account '{}' needs one place for its password", account.user);
                let problem = Problem::error("bad-account", message);
                let hint = "write password_env: NAME_OF_A_VARIABLE or password_file: path; the password itself does not stand here";
                self.report(&format!("{path}.accounts[{k}]"), problem.hint(hint));
            }
        }
    }

    /// What a component says of how it is looked at over the network.
    fn network(&mut self, path: &str, component: &Component) {
        if let Some(Err(wrong)) = component.tcp_ports.as_deref().map(ports_in) {
            self.report(&format!("{path}.tcp_ports"), Problem::error("bad-ports", wrong).hint("write 22,80,8000-8100"));
        }
        for (k, domain) in component.domains.iter().flatten().enumerate() {
            let path = format!("{path}.domains[{k}]");
            if domain.name.contains(['/', ':', '@', ' ']) {
                let problem = Problem::error("bad-domain", format!("'{}' is no name of a domain", domain.name));
                self.report(&format!("{path}.name"), problem.hint("write the name alone, such as example.com"));
            }
            if let Some(text) = &domain.dmarc_since {
                self.day(&format!("{path}.dmarc_since"), text);
            }
        }
        let interfaces = component.interfaces.iter().flatten().filter_map(|interface| interface.authorized);
        let authorized = interfaces.chain(component.authorized).max().unwrap_or_default();
        let named =
            [ArtefactKind::Host, ArtefactKind::Domain].iter().any(|kind| !component.artefacts(*kind).is_empty())
                || component.artefacts(ArtefactKind::Published).iter().any(|name| is_web_address(name));
        if authorized > Authorized::Passive && !named {
            let problem =
                Problem::warning("nothing-to-contact", "authorized to be looked at, but nothing says where it is");
            self.report(
                &format!("{path}.id"),
                problem.hint("add address:, domains:, or an address on the web to published:"),
            );
        }
    }

    fn day(&mut self, path: &str, text: &str) {
        if time::Date::parse(text, &time::format_description::well_known::Iso8601::DATE).is_err() {
            let problem = Problem::error("bad-date", format!("'{text}' is no day of the calendar"));
            self.report(path, problem.hint("write YYYY-MM-DD"));
        }
    }

    fn references(&mut self, product: &Product) {
        let ids: BTreeSet<&str> = product.components.iter().map(|c| c.id.as_str()).collect();
        let data: BTreeSet<&str> = product.data.iter().flatten().map(|d| d.name.as_str()).collect();
        for (i, flow) in product.flows.iter().flatten().enumerate() {
            if !ids.contains(flow.from.as_str()) && !ids.contains(flow.to.as_str()) {
                let problem = Problem::error("unknown-id", "neither end of the flow is a component of the product");
                let known = ids.iter().copied().collect::<Vec<_>>().join(", ");
                self.report(&format!("flows[{i}]"), problem.hint(format!("the components are {known}")));
            }
            for (j, name) in flow.data.iter().enumerate() {
                if product.data.is_some() {
                    self.word(&format!("flows[{i}].data[{j}]"), "data", name, data.iter().copied());
                }
            }
        }
        for (i, entry) in product.data.iter().flatten().enumerate() {
            for (j, id) in entry.stored_in.iter().enumerate() {
                self.word(&format!("data[{i}].stored_in[{j}]"), "component", id, ids.iter().copied());
            }
        }
    }

    fn answers(&mut self, product: &Product) {
        let objectives: Vec<&str> = self.catalog.objectives().map(|o| o.id.as_str()).collect();
        for (id, entry) in &product.answers {
            let path = format!("answers.{id}");
            if self.catalog.objective(id).is_none() {
                let near = nearest(id, objectives.iter().copied());
                let mut problem = Problem::error("unknown-id", format!("unknown objective '{id}'"));
                problem.hint = Some(if near.is_empty() {
                    "'sekisho objectives' lists them".to_owned()
                } else {
                    format!("did you mean '{}'?", near.join("' or '"))
                });
                self.report(&path, problem);
            }
            let answer = entry.to_answer();
            if matches!(answer.answer, Reply::NotApplicable | Reply::Partly) && answer.reason.is_none() {
                let problem = Problem::error("missing-reason", "this answer needs a reason");
                self.report(&path, problem.hint("write {answer: …, reason: why}"));
            }
            for (field, date) in [("date", &answer.date), ("expires", &answer.expires)] {
                if let Some(text) = date {
                    self.day(&format!("{path}.{field}"), text);
                }
            }
        }
    }
}
