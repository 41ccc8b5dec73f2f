//! OpenWrt's procd, as its init scripts describe services to it (`/lib/functions/procd.sh`).

use super::super::shell::Statement;
use super::run::Runner;

impl Runner<'_> {
    /// Follows one of procd's functions; `plain` are the words as they stand, `known` their values.
    pub(super) fn procd_command(
        &mut self,
        name: &str,
        plain: &[String],
        known: &[Option<String>],
        statement: &Statement,
    ) -> bool {
        let words =
            || plain.iter().zip(known).skip(1).map(|(word, value)| value.clone().unwrap_or_else(|| word.clone()));
        let kind = known.first().and_then(Option::as_deref).unwrap_or_default();
        match (name, kind) {
            ("procd_open_instance" | "procd_close_instance", _) => self.instance = None,
            ("procd_set_param", "command") => {
                let before = self.reached.len();
                self.run(words().collect(), statement);
                self.instance = (self.reached.len() > before).then_some(before);
            }
            ("procd_append_param", "command") => {
                let (reached, condition) = (self.decided(), super::launch::start_of(&self.guards).1);
                let Some(launch) = self.instance.and_then(|at| self.reached.get_mut(at)) else { return true };
                match reached {
                    _ if launch.words.len() + launch.perhaps.len() > MAX_WORDS => {}
                    Some(true) => launch.words.extend(words()),
                    Some(false) => {}
                    // Where the instance itself is behind an open condition, what is appended under the same is part of it.
                    None if condition == launch.condition => launch.words.extend(words()),
                    None => launch.perhaps.extend(words()),
                }
            }
            ("procd_set_param", "user") => {
                let user = words().next();
                if let Some(launch) = self.instance.and_then(|at| self.reached.get_mut(at)) {
                    launch.user = user.filter(|user| !user.contains(['$', '`']));
                }
            }
            ("procd_set_param" | "procd_append_param", _) => {}
            _ => return false,
        }
        true
    }
}

/// Words of one command at most.
const MAX_WORDS: usize = 200;
