//! Telnet: whether it asks for a log-in, and log-ins.

use std::time::Duration;

use sekisho_model::network::{FailureKind, ServiceAccess};

use super::terminal::Session;
use super::{ASPECT, access, add};
use crate::attempts::Reply;
use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::protocol::shown;
use crate::protocol::telnet::Prompt;

/// How long a prompt may take: programs that log people in answer late on purpose when it failed.
const PROMPT: Duration = Duration::from_secs(8);

/// Looks at whether there is a shell without a log-in. Nothing but an empty line is typed.
pub(super) fn look(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    let fact = access(endpoint, "telnet", "shell", "write", None);
    match first_prompt(endpoint, budget) {
        Ok((Some(Prompt::Command), screen)) => {
            let line = screen.trim_end().rsplit('\n').next().map(|line| shown(line.as_bytes()));
            add(findings, endpoint, ServiceAccess { granted: Some(true), detail: line, ..fact });
        }
        Ok((Some(Prompt::Name | Prompt::Password), _)) => {
            add(findings, endpoint, ServiceAccess { granted: Some(false), ..fact });
        }
        Ok((None, screen)) => {
            findings.failed(&ASPECT, endpoint, "telnet-prompt", &Failure::nonsense(shown(screen.as_bytes())));
            add(findings, endpoint, fact);
        }
        Err(failure) => findings.failed(&ASPECT, endpoint, "telnet-prompt", &failure),
    }
}

fn first_prompt(endpoint: &Endpoint, budget: &Budget) -> Result<(Option<Prompt>, String), Failure> {
    let mut session = Session::open(endpoint, budget)?;
    let mut prompt = session.prompt(Duration::from_secs(6))?;
    if prompt.is_none() {
        // "Press RETURN to get started."
        session.enter("")?;
        prompt = session.prompt(Duration::from_secs(3))?;
    }
    Ok((prompt, session.screen()))
}

/// Tries a log-in.
pub(super) fn log_in(endpoint: &Endpoint, budget: &Budget, user: &str, password: &str) -> Result<Reply, Failure> {
    let mut session = Session::open(endpoint, budget)?;
    let mut prompt = session.prompt(PROMPT)?;
    if prompt == Some(Prompt::Name) {
        session.enter(user)?;
        prompt = session.prompt(PROMPT)?;
    }
    if prompt != Some(Prompt::Password) {
        return match prompt {
            // Let in without being asked for a password.
            Some(Prompt::Command) => Ok(Reply::Accepted),
            // A name that is refused at once.
            Some(Prompt::Name) => Ok(Reply::Refused(session.screen())),
            _ => Err(Failure::nonsense(shown(session.screen().as_bytes()))),
        };
    }
    session.enter(password)?;
    match session.prompt(PROMPT) {
        Ok(Some(Prompt::Command)) => {
            session.enter("exit")?;
            Ok(Reply::Accepted)
        }
        Ok(Some(_)) => Ok(Reply::Refused(session.screen())),
        Ok(None) if says_no(&session.screen()) => Ok(Reply::Refused(session.screen())),
        Ok(None) => Err(Failure::nonsense(shown(session.screen().as_bytes()))),
        // It hung up, having said why or not: after a password that was right it would not.
        Err(failure) if matches!(failure.kind, FailureKind::Closed | FailureKind::Reset) => {
            Ok(Reply::Refused(session.screen()))
        }
        Err(failure) => Err(failure),
    }
}

fn says_no(screen: &str) -> bool {
    let screen = screen.to_lowercase();
    ["incorrect", "invalid", "failed", "denied", "wrong", "fail"].iter().any(|word| screen.contains(word))
}
