//! The commands, one file each. A command returns its exit code; it neither exits nor prints but through the printer.

pub(crate) mod assess;
pub(crate) mod catalog;
pub(crate) mod collect;
pub(crate) mod compare;
pub(crate) mod conflicts;
pub(crate) mod crosswalk;
pub(crate) mod documents;
pub(crate) mod explain;
pub(crate) mod gap;
pub(crate) mod init;
pub(crate) mod matrix;
pub(crate) mod mud;
pub(crate) mod objectives;
pub(crate) mod plan;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod validate;
pub(crate) mod vulndb;
pub(crate) mod vulns;
pub(crate) mod worker;
