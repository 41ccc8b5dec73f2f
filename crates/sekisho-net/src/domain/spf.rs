//! SPF (RFC 7208): which servers may send mail for a domain, and whether asking that stays within the bounds that receivers set.

use std::collections::BTreeSet;

use domain::base::iana::Rtype;
use sekisho_model::coverage::Aspect;
use sekisho_model::mail::MailDomain;

use super::answer::Data;
use super::look::{Look, shortened};
use super::resolver::is_name;
use super::spf_record::{Mechanism, Qualifier, Record, expand, is_spf, parse};

/// Look-ups that receivers make at most (section 4.6.4).
const LOOKUPS: u32 = 10;
/// Look-ups that are counted: a record that takes more is wrong either way.
const COUNTED: u32 = 20;
/// Of them, those that may find nothing (section 4.6.4).
const VOID: u32 = 2;
/// Names that an `mx` may lead to (section 4.6.4).
const NAMES: usize = 10;

const ASPECTS: [Aspect; 1] = [Aspect::DomainMail];

/// Looks at the SPF record of the domain.
pub(super) fn look_at(look: &mut Look<'_>, value: &mut MailDomain) {
    let domain = value.domain.clone();
    let Some(answer) = look.ask(&ASPECTS, &domain, Rtype::TXT) else { return };
    let records: Vec<&str> = answer.texts().filter(|text| is_spf(text)).collect();
    value.spf_found = Some(!records.is_empty());
    let Some(text) = records.first() else { return };
    value.spf = Some(shortened(text));
    let mut evaluation = Evaluation {
        look,
        sender: &domain,
        lookups: 0,
        void: 0,
        whole: true,
        problems: BTreeSet::new(),
        within: Vec::new(),
    };
    if records.len() > 1 {
        evaluation.problems.insert("several-records");
    } else if let Some(record) = parse(text) {
        value.spf_all = evaluation.walk(&domain, &record).map(|all| all.name().to_owned());
        value.spf_lookups = evaluation.whole.then_some(evaluation.lookups);
    } else {
        evaluation.problems.insert("syntax");
    }
    let valid = evaluation.problems.is_empty();
    value.spf_valid = (!valid || evaluation.whole).then_some(valid);
    value.spf_problems = evaluation.problems.into_iter().map(str::to_owned).collect();
}

/// What evaluating a record for a sender that matches nothing comes to: the longest way through it.
struct Evaluation<'e, 'l> {
    look: &'e mut Look<'l>,
    sender: &'e str,
    lookups: u32,
    void: u32,
    /// Whether all of it could be followed.
    whole: bool,
    problems: BTreeSet<&'static str>,
    /// The domains whose records are being evaluated, each for the one before it.
    within: Vec<String>,
}

impl Evaluation<'_, '_> {
    /// Follows the record of `domain`; what it says of all other senders.
    fn walk(&mut self, domain: &str, record: &Record) -> Option<Qualifier> {
        self.within.push(domain.to_owned());
        let all = self.follow(domain, record);
        self.within.pop();
        all
    }

    fn follow(&mut self, domain: &str, record: &Record) -> Option<Qualifier> {
        for (qualifier, mechanism) in &record.directives {
            let target = |spec: &Option<String>| match spec {
                Some(spec) => expand(spec, domain, self.sender),
                None => Some(domain.to_owned()),
            };
            match mechanism {
                // What stands after it is never reached (section 5.1).
                Mechanism::All => return Some(*qualifier),
                Mechanism::Address => {}
                Mechanism::Ptr => self.take(),
                Mechanism::Include(spec) => {
                    let target = expand(spec, domain, self.sender);
                    self.take();
                    if let Some(included) = self.record(target.as_deref()) {
                        self.walk(&included.0, &included.1);
                    }
                }
                Mechanism::A(spec) => {
                    let target = target(spec);
                    self.take();
                    self.names(target.as_deref(), &[Rtype::A, Rtype::AAAA]);
                }
                Mechanism::Exists(spec) => {
                    let target = expand(spec, domain, self.sender);
                    self.take();
                    self.names(target.as_deref(), &[Rtype::A]);
                }
                Mechanism::Mx(spec) => {
                    let target = target(spec);
                    self.take();
                    self.names(target.as_deref(), &[Rtype::MX]);
                }
            }
            if self.is_over() {
                let all = record.directives.iter().find(|(_, mechanism)| *mechanism == Mechanism::All);
                return all.map(|(qualifier, _)| *qualifier);
            }
        }
        let target = expand(record.redirect.as_ref()?, domain, self.sender);
        self.take();
        let (domain, record) = self.record(target.as_deref())?;
        self.walk(&domain, &record)
    }

    fn take(&mut self) {
        self.lookups += 1;
        if self.lookups > LOOKUPS {
            self.problems.insert("too-many-lookups");
        }
    }

    fn is_over(&self) -> bool {
        self.lookups >= COUNTED
    }

    fn nothing_found(&mut self) {
        self.void += 1;
        if self.void > VOID {
            self.problems.insert("too-many-void-lookups");
        }
    }

    /// The record of another domain.
    fn record(&mut self, target: Option<&str>) -> Option<(String, Record)> {
        let Some(target) = target else {
            self.whole = false;
            return None;
        };
        if self.is_over() {
            return None;
        }
        if !is_name(target) {
            self.problems.insert("no-record");
            return None;
        }
        if self.within.iter().any(|other| other == target) {
            self.problems.insert("loop");
            return None;
        }
        let Some(answer) = self.look.ask(&ASPECTS, target, Rtype::TXT) else {
            self.whole = false;
            return None;
        };
        if answer.records.is_empty() {
            self.nothing_found();
        }
        let records: Vec<&str> = answer.texts().filter(|text| is_spf(text)).collect();
        match records.as_slice() {
            [] => self.problems.insert("no-record"),
            [text] => match parse(text) {
                Some(record) => return Some((target.to_owned(), record)),
                None => self.problems.insert("syntax"),
            },
            _ => self.problems.insert("several-records"),
        };
        None
    }

    /// Whether a name that a mechanism asks for has anything: what is asked for in vain counts.
    fn names(&mut self, target: Option<&str>, kinds: &[Rtype]) {
        // Without the sender it is not known what would be asked for, but that it counts as one look-up is.
        let Some(target) = target.filter(|target| is_name(target)) else { return };
        if self.is_over() {
            return;
        }
        for kind in kinds {
            let Some(answer) = self.look.ask(&ASPECTS, target, *kind) else {
                self.whole = false;
                return;
            };
            let names = answer.records.iter().filter(|data| matches!(data, Data::Exchange { .. })).count();
            if names > NAMES {
                self.problems.insert("too-many-names");
            }
            if !answer.records.is_empty() {
                return;
            }
        }
        self.nothing_found();
    }
}
