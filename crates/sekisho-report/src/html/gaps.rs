//! What was not looked at, and what would settle it.

use sekisho_model::assessment::NotLookedAt;

use super::evidence::{GapView, gap_view};
use super::parts::{Context, ObjectiveLink};
use crate::bilingual::Bi;
use crate::messages::{self, page as m};

/// How many single places of one entry are listed at most.
const MAX_PLACES: usize = 50;

/// What was not looked at, of one kind.
pub(super) struct Gaps<'a> {
    pub(super) title: Bi<'static>,
    /// Of what there is so many.
    pub(super) count: usize,
    pub(super) entries: Vec<Missing<'a>>,
}

/// Something that was not looked at.
pub(super) struct Missing<'a> {
    pub(super) what: Bi<'a>,
    pub(super) subject: Option<&'a str>,
    pub(super) artefact: Option<&'a str>,
    pub(super) reason: Bi<'a>,
    pub(super) settled_by: Bi<'a>,
    pub(super) objectives: Vec<ObjectiveLink<'a>>,
    /// For questions: those that are open for this reason, shown instead of `what`.
    pub(super) questions: Vec<Question<'a>>,
    pub(super) places: Vec<GapView<'a>>,
    pub(super) left_out: usize,
}

/// A question without an answer, and the objective that waits for one.
pub(super) struct Question<'a> {
    pub(super) text: Bi<'a>,
    pub(super) objective: ObjectiveLink<'a>,
}

/// Evidence that is missing, then questions without an answer.
pub(super) fn view<'a>(context: &Context<'a>) -> Vec<Gaps<'a>> {
    let (mut evidence, mut questions) = (Vec::new(), Vec::new());
    for entry in &context.assessment.not_looked_at {
        match messages::evidence_named(&entry.what) {
            Some(what) => evidence.push(missing(context, entry, what)),
            None => questions.push(Missing {
                objectives: Vec::new(),
                questions: entry.objectives.iter().map(|id| question(context, id)).collect(),
                ..missing(context, entry, Bi::same(entry.what.as_str()))
            }),
        }
    }
    let count = questions.iter().map(|entry| entry.questions.len()).sum();
    let mut gaps = vec![
        Gaps { title: m::FROM_EVIDENCE, count: evidence.len(), entries: evidence },
        Gaps { title: m::FROM_PEOPLE, count, entries: questions },
    ];
    gaps.retain(|gaps| !gaps.entries.is_empty());
    gaps
}

fn question<'a>(context: &Context<'a>, id: &'a str) -> Question<'a> {
    let objective = context.texts.objective(id);
    Question {
        text: objective.map_or_else(|| Bi::same(id), |objective| Bi::from(&objective.question)),
        objective: context.objective_link(id),
    }
}

fn missing<'a>(context: &Context<'a>, entry: &'a NotLookedAt, what: Bi<'a>) -> Missing<'a> {
    Missing {
        what,
        subject: entry.subject.as_deref(),
        artefact: entry.artefact.as_deref(),
        reason: Bi::from(&entry.reason),
        settled_by: Bi::from(&entry.settled_by),
        objectives: entry.objectives.iter().map(|id| context.objective_link(id)).collect(),
        questions: Vec::new(),
        places: entry.gaps.iter().take(MAX_PLACES).map(gap_view).collect(),
        left_out: entry.gaps.len().saturating_sub(MAX_PLACES),
    }
}
