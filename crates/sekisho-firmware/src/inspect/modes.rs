//! Files and directories whose mode matters.

use sekisho_model::fact::{FileMode, Observed};

use super::{Seen, file_name};
use crate::tree::{Entry, Kind};

const SETUID: u16 = 0o4000;
const SETGID: u16 = 0o2000;
const STICKY: u16 = 0o1000;
const OTHERS_WRITE: u16 = 0o002;

/// Shells and interpreters by name: with one of these set-user-id, everybody is root.
const SHELLS: [&str; 14] =
    ["sh", "ash", "bash", "dash", "ksh", "mksh", "zsh", "csh", "hush", "busybox", "toybox", "lua", "perl", "php"];

/// A fact where the entry is set-user-id, set-group-id or writable by everybody, or gets capabilities.
pub(crate) fn inspect(entry: &Entry, bytes: &[u8]) -> Vec<Seen> {
    let Some(mode) = entry.mode else { return Vec::new() };
    let directory = entry.kind == Kind::Directory;
    // A set-group-id directory hands its group down to new files: nothing to worry about.
    let setuid = mode & SETUID != 0 && !directory;
    let setgid = mode & SETGID != 0 && !directory;
    let world_writable = mode & OTHERS_WRITE != 0 && !(directory && mode & STICKY != 0);
    let capabilities = entry.capabilities.clone();
    if !setuid && !setgid && !world_writable && capabilities.is_empty() {
        return Vec::new();
    }
    let name = file_name(&entry.path);
    let script = bytes.starts_with(b"#!");
    let started =
        ["/etc/init.d/", "/etc/rc.d/", "/etc/rc.local", "/etc/profile"].iter().any(|p| entry.path.contains(p));
    let fact = FileMode {
        mode: format!("{mode:o}"),
        uid: entry.uid,
        setuid,
        setgid,
        world_writable,
        directory,
        executable: !directory && (mode & 0o111 != 0 || script || (started && !bytes.starts_with(b"\x7fELF"))),
        shell: !directory && (SHELLS.contains(&name) || name.starts_with("python")),
        capabilities,
    };
    vec![Seen::new(Observed::FileMode(fact))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, mode: u16, kind: Kind) -> Option<FileMode> {
        let entry = Entry { path: path.into(), mode: Some(mode), kind, ..Entry::default() };
        inspect(&entry, b"#!/bin/sh\n").into_iter().next().map(|seen| {
            let Observed::FileMode(mode) = seen.observed else { panic!() };
            mode
        })
    }

    #[test]
    fn only_what_matters() {
        assert!(of("/bin/ls", 0o755, Kind::File(1)).is_none());
        assert!(of("/tmp", 0o1777, Kind::Directory).is_none());
        assert!(of("/srv", 0o2755, Kind::Directory).is_none());
        assert!(of("/var/open", 0o777, Kind::Directory).unwrap().world_writable);
        let shell = of("/bin/bash", 0o4755, Kind::File(1)).unwrap();
        assert!(shell.setuid && shell.shell);
        assert!(of("/etc/init.d/rcS", 0o666, Kind::File(1)).unwrap().executable);
    }

    #[test]
    fn capabilities_alone_are_enough() {
        let capabilities = vec!["cap_net_raw".to_owned()];
        let entry = Entry { mode: Some(0o755), kind: Kind::File(1), capabilities, ..Entry::default() };
        let Observed::FileMode(mode) = &inspect(&entry, b"\x7fELF")[0].observed else { panic!() };
        assert_eq!((mode.setuid, &mode.capabilities), (false, &entry.capabilities));
    }
}
