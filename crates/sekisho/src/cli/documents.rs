//! What commands that find one's way through the documents take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sekisho_search::HitKind;

use super::shared::at_least_one;

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A document (id or alias), DOCUMENT:CONTROL, or an objective's id
    pub(crate) id: String,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// A product file, from which roles, industries, markets and traits are taken
    #[arg(long, value_name = "FILE")]
    pub(crate) product: Option<PathBuf>,
    /// Your roles, such as developer,device-manufacturer
    #[arg(long = "role", alias = "roles", value_name = "ROLE,…", value_delimiter = ',')]
    pub(crate) roles: Vec<String>,
    /// Industries the product is for, such as consumer,smart-home
    #[arg(long = "industry", alias = "industries", value_name = "INDUSTRY,…", value_delimiter = ',')]
    pub(crate) industries: Vec<String>,
    /// Markets it is for: eu, uk, us, jp
    #[arg(long = "market", alias = "markets", value_name = "MARKET,…", value_delimiter = ',')]
    pub(crate) markets: Vec<String>,
    /// Phases of the life cycle you are busy with, such as design,implementation
    #[arg(long = "phase", alias = "phases", value_name = "PHASE,…", value_delimiter = ',')]
    pub(crate) phases: Vec<String>,
    /// Languages you read, such as en,ja; by default all
    #[arg(long = "language", alias = "languages", value_name = "LANG,…", value_delimiter = ',')]
    pub(crate) languages: Vec<String>,
    /// What you have read: documents, or chapters as DOCUMENT:CHAPTER
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) read: Vec<String>,
    /// Documents to read in any case
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) with: Vec<String>,
    /// Documents not to read
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) without: Vec<String>,
    /// How many pages you are willing to read
    #[arg(long, value_name = "N")]
    pub(crate) pages: Option<u64>,
    /// Print the whole plan as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to write the plan as an HTML page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DocumentsArgs {
    /// For whom it is written: developer, device-manufacturer, hospital …
    #[arg(long, value_name = "ROLE,…", value_delimiter = ',')]
    pub(crate) role: Vec<String>,
    /// For which industry; what is for all industries is listed too
    #[arg(long, value_name = "INDUSTRY,…", value_delimiter = ',')]
    pub(crate) industry: Vec<String>,
    /// Of which layer it speaks: hardware, firmware, cloud …
    #[arg(long, value_name = "LAYER,…", value_delimiter = ',')]
    pub(crate) layer: Vec<String>,
    /// For which phase of the life cycle
    #[arg(long, value_name = "PHASE,…", value_delimiter = ',')]
    pub(crate) phase: Vec<String>,
    /// What kind of document: law, standard, guideline …
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    pub(crate) kind: Vec<String>,
    /// How detailed: overview, intermediate, detailed
    #[arg(long, value_name = "DETAIL,…", value_delimiter = ',')]
    pub(crate) detail: Vec<String>,
    /// How far it binds: mandatory, certification-basis, voluntary
    #[arg(long, value_name = "FORCE,…", value_delimiter = ',')]
    pub(crate) binding: Vec<String>,
    /// In which market; what is for the whole world is listed too
    #[arg(long, value_name = "MARKET,…", value_delimiter = ',')]
    pub(crate) market: Vec<String>,
    /// Whether it is still the one to use: current, superseded, expired
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',')]
    pub(crate) status: Vec<String>,
    /// Who publishes it, by its abbreviation
    #[arg(long, value_name = "PUBLISHER,…", value_delimiter = ',')]
    pub(crate) publisher: Vec<String>,
    /// Print how many of them have each word of each facet
    #[arg(long)]
    pub(crate) facets: bool,
    /// Write a page that shows what each document became
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The one document
    pub(crate) a: String,
    /// The other
    pub(crate) b: String,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CrosswalkArgs {
    /// The document to start from
    #[arg(long, value_name = "DOC")]
    pub(crate) from: String,
    /// The document to go to
    #[arg(long, value_name = "DOC")]
    pub(crate) to: String,
    /// Leave out what bears less: 1 shows all, 4 what is certain, 7 containment, 10 equality
    #[arg(long, value_name = "1…10", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) strength: u8,
    /// Print the pairs as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GapArgs {
    /// The documents that are met, separated by commas
    #[arg(long, value_name = "DOC,…", value_delimiter = ',', required = true)]
    pub(crate) have: Vec<String>,
    /// The document that is wanted
    #[arg(long, value_name = "DOC")]
    pub(crate) want: String,
    /// Show the controls that are covered, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words in English or Japanese, or a name such as OTA:12
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only this kind of thing
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<KindName>,
    /// Only in this document (id or alias)
    #[arg(long, value_name = "DOC")]
    pub(crate) document: Option<String>,
    /// How many to show at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    pub(crate) limit: usize,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    /// Only these documents (ids or aliases, separated by commas)
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) documents: Vec<String>,
    /// The objectives of this area one by one, instead of counts for each area
    #[arg(long, value_name = "AREA")]
    pub(crate) area: Option<String>,
    /// Write the whole matrix as a picture in a page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    Control,
    Document,
    Objective,
    Concept,
}

impl From<KindName> for HitKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Control => Self::Control,
            KindName::Document => Self::Document,
            KindName::Objective => Self::Objective,
            KindName::Concept => Self::Concept,
        }
    }
}
