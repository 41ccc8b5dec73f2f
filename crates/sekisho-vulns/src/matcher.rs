//! Holds one component against the database.

use std::collections::BTreeMap;

use sekisho_model::Text;
use sekisho_model::fact::Component;
use sekisho_model::vulnerability::Confidence;
use sekisho_version::cpe;
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::purl::{self, Purl};
use sekisho_version::range::Verdict;
use sekisho_vulndb::{Database, DatabaseError, Moment, Severity, Source};

use crate::{merge, messages, packages, products};

/// Whether a version is affected by a vulnerability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is.
    Affected,
    /// It is not.
    NotAffected,
    /// It cannot be said.
    Unknown,
}

/// What is concluded of one vulnerability for one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// All its names, sorted.
    pub ids: Vec<String>,
    /// Whether the component is affected.
    pub outcome: Outcome,
    /// How surely the advisories are about the component.
    pub confidence: Confidence,
    /// How it was concluded.
    pub because: Vec<Text>,
    /// The first version that is no longer affected, where one is named.
    pub fixed_in: Option<String>,
    /// When the first of the advisories that name it came out.
    pub fix_published: Option<Moment>,
    /// The advisories, as `feed:identifier`.
    pub advisories: Vec<String>,
    /// What it is, in the words of one of them.
    pub summary: String,
    /// How severe they say it is.
    pub severities: Vec<Severity>,
    /// Whether one of them says that it is disputed or no security problem.
    pub disputed: bool,
    /// When the first of them came out.
    pub published: Option<Moment>,
}

/// What is concluded of one component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Each vulnerability that an advisory holds against its name, whether or not its version is affected.
    pub judgements: Vec<Judgement>,
    /// Why that need not be all, where it need not.
    pub gap: Option<Text>,
}

/// What is known around a component.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The release of a distribution, by its ecosystem's name, for packages that do not say theirs: `Debian` → `12`.
    pub releases: BTreeMap<String, String>,
    /// The CPE names of everything in the product, for vulnerabilities that need two things to come together.
    pub inventory: Vec<cpe::Name>,
}

/// Holds components against a database. Can be asked from several threads at once.
#[derive(Debug)]
pub struct Matcher<'a> {
    database: &'a Database,
    context: Context,
}

/// What one advisory says of a component.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The vulnerability that it speaks of, by all names that it has for it.
    pub(crate) names: Vec<String>,
    pub(crate) verdict: Verdict,
    pub(crate) confidence: Confidence,
    /// More that bears on the verdict than the range that it lies in.
    pub(crate) condition: Option<Text>,
    pub(crate) feed: String,
    pub(crate) advisory: String,
    pub(crate) summary: String,
    pub(crate) severities: Vec<Severity>,
    pub(crate) disputed: bool,
    pub(crate) published: Option<Moment>,
}

/// What a component is looked up by.
pub(crate) struct Wanted<'a> {
    pub(crate) database: &'a Database,
    pub(crate) context: &'a Context,
    /// The version as the advisories' order reads it.
    pub(crate) version: String,
}

impl<'a> Matcher<'a> {
    /// One that knows nothing but the component.
    pub fn new(database: &'a Database) -> Self {
        Self::within(database, Context::default())
    }

    /// One that knows what is around it.
    pub fn within(database: &'a Database, context: Context) -> Self {
        Self { database, context }
    }

    /// What the advisories say of a component.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn judge(&self, component: &Component) -> Result<Judged, DatabaseError> {
        let purl = component.purl.as_deref().and_then(purl::parse);
        let ecosystem = purl.as_ref().and_then(Ecosystem::of_purl);
        if let (Some(purl), Some(ecosystem)) = (&purl, &ecosystem)
            && self.database.status().ecosystems.contains_key(ecosystem.name())
        {
            return self.by_package(component, purl, ecosystem);
        }
        let packaged = packages::is_packaged(component, purl.as_ref());
        let no_feed = ecosystem.as_ref().map(|ecosystem| messages::no_feed(ecosystem.name()));
        let judged = self.by_product(component, packaged)?;
        Ok(match (no_feed, judged) {
            (None, judged) => judged,
            (Some(gap), judged) => Judged { gap: Some(gap), ..judged },
        })
    }

    /// By the advisories of the package's ecosystem.
    fn by_package(&self, component: &Component, purl: &Purl, ecosystem: &Ecosystem) -> Result<Judged, DatabaseError> {
        let own = purl.ordered_version().map(Into::into).or_else(|| component.version.clone());
        let source = component.source_package.as_ref();
        let by_source = packages::names_sources(ecosystem);
        let version = source.filter(|_| by_source).and_then(|source| source.version.clone()).or(own);
        let Some(version) = version else {
            return Ok(Judged { gap: Some(messages::no_version()), ..Judged::default() });
        };
        let wanted = Wanted { database: self.database, context: &self.context, version };
        let source = source.map(|source| source.name.as_str()).filter(|_| by_source);
        let claims = packages::claims(&wanted, ecosystem, &packages::name(purl), source)?;
        // A package that goes by its own name has advisories under it, or none at all: that, only knowing its source tells.
        let gap = (by_source && source.is_none() && claims.is_empty()).then(messages::no_source_package);
        Ok(Judged { judgements: merge::merge(claims, ecosystem.order()), gap })
    }

    /// By CPE names, and by vendor and product in words.
    fn by_product(&self, component: &Component, packaged: bool) -> Result<Judged, DatabaseError> {
        let gap = |reason| Ok(Judged { gap: Some(reason), ..Judged::default() });
        let feeds = &self.database.status().feeds;
        if !feeds.contains_key(Source::Nvd.name()) && !feeds.contains_key(Source::Cve.name()) {
            return gap(messages::no_products());
        }
        let named = component.cpe.as_deref().and_then(cpe::Name::parse);
        let by_name = named.is_none();
        // Of what nobody gave a CPE name, the one by which projects of its name usually go.
        let Some(name) = named.or_else(|| products::guess(component)) else { return gap(messages::no_identity()) };
        let version = products::version(&name, component.version.as_deref(), packaged);
        let Some(version) = version else { return gap(messages::no_version()) };
        let wanted = Wanted { database: self.database, context: &self.context, version };
        let mut claims = products::claims(&wanted, &name)?;
        if by_name && claims.is_empty() {
            return gap(messages::no_identity());
        }
        for claim in &mut claims {
            if by_name {
                claim.confidence = Confidence::NameOnly;
                claim.doubt(messages::name_only());
            } else if packaged {
                claim.doubt(messages::packaged());
            }
        }
        Ok(Judged { judgements: merge::merge(claims, Some(sekisho_version::order::Order::Dotted)), gap: None })
    }
}

impl Claim {
    /// Takes back that the version is affected, for a reason; what was said stays in the derivation.
    pub(crate) fn doubt(&mut self, reason: Text) {
        if matches!(self.verdict, Verdict::Affected(_)) {
            self.condition = Some(reason);
        }
    }
}
