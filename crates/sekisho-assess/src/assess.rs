//! The whole road: from product, catalog and evidence to the assessment.

use std::collections::HashMap;

use sekisho_catalog::{Catalog, CheckError, Conditions};
use sekisho_model::Text;
use sekisho_model::answer::{Answer, Reply};
use sekisho_model::artefact::Artefact;
use sekisho_model::assessment::{
    Assessment, ControlObjective, ControlResult, Counts, DocumentResult, FORMAT, ObjectiveResult,
};
use sekisho_model::catalog::{Control, Document, Modality, Objective};
use sekisho_model::collect::Collection;
use sekisho_model::product::Product;
use sekisho_model::verdict::{Basis, Outcome, Verdict};
use sekisho_model::vulnerability::DatabaseUse;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

use crate::checks::{Ran, Values};
use crate::{aspects, checks, compare, concern, control, findings, messages, objective, open, own_traffic, scope};

/// An artefact that the product file names and that could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The artefact.
    pub artefact: Artefact,
    /// Why.
    pub reason: Text,
}

/// What was collected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What the collectors brought back.
    pub collections: Vec<Collection>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// The vulnerability database that one of the collections rests on.
    pub database: Option<DatabaseUse>,
}

/// What is to be assessed, and when.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The product.
    pub product: &'a Product,
    /// The moment of the assessment; expiry of answers is counted from it.
    pub now: OffsetDateTime,
    /// Name and version of the program.
    pub tool: &'a str,
}

/// Assesses a product: every control of the documents that it names, or of those that concern it where it names none.
///
/// # Errors
/// Where a check of the catalog does not compile; a linted catalog has none such.
pub fn assess(catalog: &Catalog, request: Request<'_>, evidence: Evidence) -> Result<Assessment, CheckError> {
    let product = request.product;
    let (documents, left_out) = concern::documents(catalog, product);
    let mut facts: Vec<_> = Vec::new();
    let (mut artefacts, mut coverage) = (Vec::new(), Vec::new());
    for collection in evidence.collections {
        artefacts.push(collection.artefact);
        facts.extend(collection.facts);
        coverage.extend(collection.coverage);
    }
    artefacts.extend(evidence.unread.iter().map(|u| u.artefact.clone()));
    // Comparisons have to know whose traffic it is.
    own_traffic::mark(product, &mut facts, &mut coverage);
    let derived = compare::derive(product, &facts);
    facts.extend(derived);
    compare::mark_packaged(&mut facts);
    // The order in which collectors finished must not show.
    facts.sort();
    facts.dedup();
    artefacts.sort_by(|a, b| (&a.subject, a.kind, &a.name).cmp(&(&b.subject, b.kind, &b.name)));
    coverage.sort();

    let traits = scope::traits(product, &facts);
    let conditions = Conditions::new(&traits);
    let aspects = aspects::aspects(product, &coverage, &evidence.unread, &facts);
    let components: Vec<String> = product.components.iter().map(|c| c.id.clone()).collect();
    let ran = checks::run(catalog, &components, &Values::new(&facts), &aspects)?;
    let objectives = objectives(catalog, &documents, &request, &conditions, &ran);
    let controls: Vec<ControlResult> = {
        let by_id: HashMap<&str, &ObjectiveResult> = objectives.iter().map(|o| (o.id.as_str(), o)).collect();
        let evaluation = Evaluation { product, conditions: &conditions, objectives: &by_id };
        documents.iter().flat_map(|d| d.controls.iter().map(|c| evaluation.control(d, c))).collect()
    };
    let findings = findings::findings(&ran, &objectives, &controls);
    let not_looked_at = open::not_looked_at(product, &coverage, &evidence.unread, catalog.checks(), &objectives);
    Ok(Assessment {
        format: FORMAT.to_owned(),
        tool: request.tool.to_owned(),
        made: request.now.format(&Rfc3339).unwrap_or_default(),
        catalog: catalog.digest().to_owned(),
        product: product.clone(),
        traits,
        artefacts,
        database: evidence.database,
        documents: documents.iter().map(|d| document_result(d, &controls)).collect(),
        left_out,
        objectives,
        controls,
        findings,
        facts,
        coverage,
        not_looked_at,
    })
}

fn document_result(document: &Document, controls: &[ControlResult]) -> DocumentResult {
    let prefix = format!("{}:", document.id);
    let (mut counts, mut required) = (Counts::default(), Counts::default());
    for control in controls.iter().filter(|c| c.id.starts_with(&prefix)) {
        counts.add(control.verdict, control.basis);
        if control.modality == Modality::Must {
            required.add(control.verdict, control.basis);
        }
    }
    DocumentResult {
        id: document.id.clone(),
        edition: document.edition.clone(),
        published: document.published.clone(),
        counts,
        required,
    }
}

fn objectives(
    catalog: &Catalog,
    documents: &[&Document],
    request: &Request<'_>,
    conditions: &Conditions,
    ran: &[Ran<'_>],
) -> Vec<ObjectiveResult> {
    let asked: std::collections::BTreeSet<&str> =
        documents.iter().flat_map(|d| &d.controls).flat_map(|c| &c.mappings).map(|m| m.objective.as_str()).collect();
    catalog
        .objectives()
        .filter(|o| {
            // What somebody answered or evidence refutes is not passed over because no chosen document asks for it.
            let refuted = ran.iter().any(|r| r.check.objective == o.id && r.result.outcome == Outcome::Fail);
            asked.contains(o.id.as_str()) || request.product.answers.contains_key(&o.id) || refuted
        })
        .map(|o| objective_result(o, request, conditions, ran))
        .collect()
}

fn objective_result(
    objective: &Objective,
    request: &Request<'_>,
    conditions: &Conditions,
    ran: &[Ran<'_>],
) -> ObjectiveResult {
    let answer = request.product.answers.get(&objective.id).map(sekisho_model::product::AnswerEntry::to_answer);
    let answer_expired = answer.as_ref().is_some_and(|a| is_expired(a, request.now.date()));
    let mut bearing = objective::Bearing {
        inapplicable: conditions.is_false(&objective.applies_when),
        answer: answer.as_ref().filter(|_| !answer_expired).map(|a| a.answer),
        ..objective::Bearing::default()
    };
    let own: Vec<&Ran<'_>> = ran.iter().filter(|r| r.check.objective == objective.id).collect();
    for ran in &own {
        bearing.take(ran.result.outcome, ran.check.fail, ran.check.pass);
    }
    let (verdict, basis, rule) = objective::verdict(bearing);
    ObjectiveResult {
        id: objective.id.clone(),
        verdict,
        basis,
        because: messages::objective(rule, &objective.applies_when),
        checks: own.iter().map(|r| r.result.clone()).collect(),
        answer,
        answer_expired,
    }
}

/// Whether the last day on which an answer counts lies before `today`.
fn is_expired(answer: &Answer, today: Date) -> bool {
    let expires = answer.expires.as_deref().and_then(|day| Date::parse(day, &Iso8601::DATE).ok());
    // A «no» that has expired is still a no: forgetting it would improve the verdict.
    answer.answer != Reply::No && expires.is_some_and(|day| day < today)
}

struct Evaluation<'a> {
    product: &'a Product,
    conditions: &'a Conditions,
    objectives: &'a HashMap<&'a str, &'a ObjectiveResult>,
}

impl Evaluation<'_> {
    fn control(&self, document: &Document, control: &Control) -> ControlResult {
        let objectives: Vec<ControlObjective> = control
            .mappings
            .iter()
            .filter_map(|mapping| {
                let objective = self.objectives.get(mapping.objective.as_str())?;
                let decided_by = mapping.decided_by.iter().filter(|id| fails(objective, id)).cloned().collect();
                Some(ControlObjective {
                    objective: mapping.objective.clone(),
                    relation: mapping.relation,
                    verdict: objective.verdict,
                    decided_by,
                })
            })
            .collect();
        let (verdict, basis, because) = if let Some(because) = self.out_of_scope(document, control) {
            (Verdict::NotApplicable, Basis::Declared, because)
        } else if let Some(whole) =
            control.inherits.as_ref().and_then(|id| document.controls.iter().find(|c| c.id == *id))
        {
            let whole = self.control(document, whole);
            let (verdict, basis, rule) = control::part_verdict(whole.verdict, whole.basis);
            (verdict, basis, messages::part(rule, &whole.id))
        } else {
            let parts: Vec<control::Part> = objectives
                .iter()
                .map(|o| control::Part {
                    relation: o.relation,
                    verdict: o.verdict,
                    basis: self.objectives[o.objective.as_str()].basis,
                    decided_against: !o.decided_by.is_empty(),
                })
                .collect();
            let (verdict, basis, rule) = control::verdict(&parts, control.complete);
            (verdict, basis, messages::control(rule))
        };
        ControlResult {
            id: format!("{}:{}", document.id, control.id),
            verdict,
            basis,
            modality: control.modality,
            because,
            objectives,
        }
    }

    /// Why a control does not concern this product and its people, if it does not.
    fn out_of_scope(&self, document: &Document, control: &Control) -> Option<Text> {
        if let Some(edition) = &control.superseded_in {
            return Some(messages::gone_in(edition));
        }
        let addressees = if control.addressees.is_empty() { &document.audience } else { &control.addressees };
        let roles = &self.product.roles;
        if !roles.is_empty() && !addressees.is_empty() && !addressees.iter().any(|a| roles.contains(a)) {
            return Some(messages::addressed_to_others(&addressees.join(", ")));
        }
        let condition = control.applies_when.as_deref()?;
        self.conditions.is_false(condition).then(|| messages::control_condition_false(condition))
    }
}

fn fails(objective: &ObjectiveResult, check: &str) -> bool {
    objective.checks.iter().any(|c| c.check == check && c.outcome == Outcome::Fail)
}
