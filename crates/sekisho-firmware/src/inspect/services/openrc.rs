//! OpenRC: what its runlevels name, and the service scripts that openrc-run reads (`man openrc-run`).

use super::super::file_name;
use super::super::shell::{Statement, StatementKind};
use super::launch::Launch;
use super::run::Runner;
use crate::tree::View;

/// Runlevels that a boot goes through (`man rc`): the last two only where somebody asks for them.
const RUNLEVELS: [&str; 3] = ["sysinit", "boot", "default"];

/// The services of the runlevels.
pub(super) fn launches(view: &View<'_>, out: &mut Vec<Launch>) {
    for level in RUNLEVELS {
        for entry in view.listing(&format!("/etc/runlevels/{level}")) {
            let name = file_name(&entry.path);
            let mut runner = Runner::new(view, "openrc");
            // openrc-run reads the settings of a service before its script.
            runner.line(&format!(". /etc/conf.d/{name}"), &entry.path, 0);
            runner.script(&format!("/etc/init.d/{name}"), &["start"]);
            out.extend(runner.reached);
        }
    }
}

impl Runner<'_> {
    /// What openrc-run does with a script that was read: its own `start`, or `start-stop-daemon` on `command`.
    pub(super) fn openrc(&mut self) {
        if self.functions.contains_key("start") {
            self.call("start", &[]);
            return;
        }
        let value = |name: &str| self.variables.get(name).cloned().flatten();
        let Some(command) = value("command").filter(|command| !command.is_empty()) else { return };
        let mut words = vec![command];
        for arguments in ["command_args", "command_args_background"] {
            words.extend(value(arguments).unwrap_or_default().split_whitespace().map(str::to_owned));
        }
        let user = value("command_user").map(|user| user.split(':').next().unwrap_or_default().to_owned());
        let text = words.join(" ");
        let statement = Statement { kind: StatementKind::Command(Vec::new()), line: 0, text };
        self.note(words, &statement, user.filter(|user| !user.is_empty()), Vec::new());
    }
}
