//! cron: the system's table, the tables of accounts, and what `@reboot` starts.

use sekisho_model::fact::Start;

use super::super::file_name;
use super::launch::Launch;
use super::run::{Guard, Runner};
use crate::tree::View;

/// Lines of one table that are followed.
const MAX_LINES: usize = 500;

/// Tables whose lines name the account (`man 5 crontab`).
const WITH_ACCOUNT: [&str; 1] = ["/etc/cron.d"];

/// Directories of tables that are called as the account they belong to: Debian's, BusyBox's, Red Hat's.
const OF_ACCOUNT: [&str; 4] = ["/etc/crontabs", "/var/spool/cron/crontabs", "/var/spool/cron", "/var/cron/tabs"];

/// The commands of all tables; they run where cron does.
pub(super) fn launches(view: &View<'_>, so_far: &[Launch], out: &mut Vec<Launch>) {
    let cron = so_far
        .iter()
        .filter(|launch| matches!(launch.program(), "crond" | "cron" | "fcron" | "cronie"))
        .map(|launch| launch.start)
        .min();
    let mut tables: Vec<(&crate::tree::Entry, bool)> =
        view.resolve("/etc/crontab").map(|e| (e, true)).into_iter().collect();
    for directory in WITH_ACCOUNT {
        tables.extend(view.listing(directory).into_iter().map(|entry| (entry, true)));
    }
    for directory in OF_ACCOUNT {
        tables.extend(view.listing(directory).into_iter().map(|entry| (entry, false)));
    }
    tables.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    tables.dedup_by(|a, b| a.0.path == b.0.path);
    for (entry, names_account) in tables {
        let Some(text) = view.text_of(entry) else { continue };
        let account = file_name(&entry.path);
        for (index, line) in text.lines().enumerate().take(MAX_LINES) {
            let Some((schedule, user, command)) = job(line, names_account) else { continue };
            let mut runner = Runner::new(view, "cron");
            if schedule != "@reboot" {
                runner.under(Guard { text: format!("cron: {schedule}"), holds: None });
            }
            runner.line(command, &entry.path, index);
            for mut launch in runner.reached {
                if let Some(start) = cron {
                    launch.at_most(start, None);
                } else {
                    launch.start = Start::Disabled;
                    launch.condition = Some("nothing starts cron".to_owned());
                }
                launch.user = launch.user.or_else(|| Some(user.unwrap_or(account).to_owned()));
                out.push(launch);
            }
        }
    }
}

/// Schedule, account and command of a line.
fn job(line: &str, names_account: bool) -> Option<(&str, Option<&str>, &str)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let fields = if line.starts_with('@') { 1 } else { 5 };
    let (schedule, rest) = split_fields(line, fields)?;
    // `MAILTO=root` is no schedule.
    let valid = schedule.starts_with('@') || schedule.starts_with(|c: char| c.is_ascii_digit() || c == '*');
    if !valid {
        return None;
    }
    if names_account {
        let (user, command) = split_fields(rest, 1)?;
        return Some((schedule, Some(user), command));
    }
    Some((schedule, None, rest))
}

/// The first `count` fields of a line as they stand, and what is behind them.
fn split_fields(line: &str, count: usize) -> Option<(&str, &str)> {
    let mut at = 0;
    for _ in 0..count {
        let rest = line.get(at..)?;
        let field = rest.find(|c: char| !c.is_whitespace())?;
        let end = rest.get(field..)?.find(char::is_whitespace)?;
        at += field + end;
    }
    Some((line.get(..at)?.trim(), line.get(at..)?.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(job("*/5 * * * * root /usr/bin/x -y", true), Some(("*/5 * * * *", Some("root"), "/usr/bin/x -y")));
        assert_eq!(job("@reboot /sbin/telnetd", false), Some(("@reboot", None, "/sbin/telnetd")));
        assert_eq!(job("PATH=/bin:/sbin a b c d e", false), None);
        assert_eq!(job("# 1 2 3 4 5 x", false), None);
        assert_eq!(job("1 2 3", false), None);
    }
}
