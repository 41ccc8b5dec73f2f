//! Code that runs from storage which can be written to while the device works: scripts and programs on data partitions, memory cards,
//! temporary directories, and a root file system that is itself writable.

use std::collections::BTreeSet;

use sekisho_model::fact::{Observed, Start, WritableCode};

use super::mounts::{self, Mount};
use super::services::{Launch, OF_SCRIPTS};
use super::{Seen, shorten};
use crate::reason;
use crate::tree::View;

/// Facts of one system.
const MAX_FACTS: usize = 200;

/// Directories under which only what is attached or made while the device works is found, by the Filesystem Hierarchy Standard 3.0
/// (3.12, 3.13, 3.15, 3.18, 5.15) and, for the last two, by Android's layout.
const ATTACHED: [&str; 7] = ["/mnt/", "/media/", "/run/", "/tmp/", "/var/tmp/", "/sdcard/", "/storage/"];

/// The code of a system that runs from writable storage.
pub(super) fn inspect(view: &View<'_>, launches: &[Launch]) -> Vec<(String, Seen)> {
    let mounts = mounts::of(view, launches);
    let mut found = Vec::new();
    found.extend(of_root(view, &mounts));
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    for launch in launches.iter().filter(|launch| launch.starts()) {
        let Some(target) = code_of(launch) else { continue };
        let Some((place, filesystem, mount)) = storage(view, &mounts, target) else { continue };
        if !known.insert((launch.path.as_str(), target)) || found.len() >= MAX_FACTS {
            continue;
        }
        let volatile = filesystem.is_some_and(|f| matches!(f, "tmpfs" | "ramfs"));
        if !volatile && view.resolve(target).is_none() {
            // What it starts in turn lies in another image.
            view.gap(&launch.path, OF_SCRIPTS, reason::runs_elsewhere(target));
        }
        // What runs only where its storage is mounted runs under that condition, too.
        let start = mount.map_or(launch.start, |mount| launch.start.max(mount.start));
        let fact = WritableCode {
            command: shorten(&launch.words.join(" ")),
            mount: place.to_owned(),
            filesystem: filesystem.map(str::to_owned),
            start: if start == Start::Present { Start::Conditional } else { start },
        };
        let mut seen = Seen::in_string(Observed::WritableCode(fact), &launch.text);
        seen.line = launch.line.and_then(|line| u32::try_from(line + 1).ok());
        found.push((launch.path.clone(), seen));
    }
    found
}

/// The file whose code a command runs: the program, the script, the kernel module.
fn code_of(launch: &Launch) -> Option<&str> {
    let target = match launch.program() {
        "insmod" => launch.words.iter().skip(1).find(|word| word.starts_with('/')).map(String::as_str),
        _ => launch.target(),
    };
    target.filter(|target| target.starts_with('/') && !target.contains(['$', '`', '*']))
}

/// The writable storage that a file lies on: where it is mounted, its file system, and what mounts it.
fn storage<'m>(
    view: &View<'_>,
    mounts: &'m [Mount],
    target: &'m str,
) -> Option<(&'m str, Option<&'m str>, Option<&'m Mount>)> {
    if let Some(mount) = mounts::around(mounts, target) {
        return mount.writable.then_some((mount.place.as_str(), mount.filesystem.as_deref(), Some(mount)));
    }
    // Not in the image, and at a place for what comes from outside.
    if view.resolve(target).is_some() {
        return None;
    }
    let base = ATTACHED.iter().find(|base| target.starts_with(**base))?;
    let rest = target.get(base.len()..)?;
    let place = match rest.split_once('/') {
        Some((first, _)) if matches!(*base, "/mnt/" | "/media/" | "/storage/") => {
            target.get(..base.len() + first.len())?
        }
        _ => base.trim_end_matches('/'),
    };
    Some((place, None, None))
}

/// A root file system that the table mounts for writing, or over which init lays what can be written to.
fn of_root(view: &View<'_>, mounts: &[Mount]) -> Option<(String, Seen)> {
    // OpenWrt's `mount_root` lays the data partition over the image before it runs any of its start scripts.
    if let Some(entry) = view.resolve("/sbin/mount_root")
        && let Some(preinit) = view.listing("/lib/preinit").into_iter().find(|e| e.path.ends_with("mount_root"))
        && view.text_of(preinit).is_some_and(|text| text.contains("mount_root"))
    {
        let fact = WritableCode {
            command: "/etc/init.d/rcS S boot".to_owned(),
            mount: "/".to_owned(),
            filesystem: Some("overlay".to_owned()),
            start: Start::Boot,
        };
        let text = format!("mount_root ({})", view.system_path(&entry.path));
        return Some((preinit.path.clone(), Seen::in_string(Observed::WritableCode(fact), &text)));
    }
    let root = mounts.iter().rfind(|mount| mount.place.is_empty())?;
    if !root.writable || root.filesystem.as_deref().is_none_or(|f| matches!(f, "tmpfs" | "ramfs")) {
        return None;
    }
    let fact = WritableCode {
        command: "/sbin/init".to_owned(),
        mount: "/".to_owned(),
        filesystem: root.filesystem.clone(),
        start: root.start,
    };
    let mut seen = Seen::in_string(Observed::WritableCode(fact), &root.text);
    seen.line = root.line.and_then(|line| u32::try_from(line + 1).ok());
    Some((root.path.clone(), seen))
}

#[cfg(test)]
mod tests {
    use super::super::services;
    use super::*;
    use crate::tree::tests::FakeTree;

    const INITTAB: (&str, u16, &str) = ("/etc/inittab", 0o644, "::sysinit:/etc/init.d/rcS\n");

    fn found(files: &[(&str, u16, &str)]) -> (Vec<WritableCode>, usize) {
        let tree = FakeTree::new(files);
        let view = tree.view();
        let launches = services::launches(&view);
        let all = inspect(&view, &launches)
            .into_iter()
            .map(|(_, seen)| match seen.observed {
                Observed::WritableCode(code) => code,
                other => panic!("{other:?}"),
            })
            .collect();
        (all, view.gaps.borrow().len())
    }

    fn rcs(script: &str) -> (Vec<WritableCode>, usize) {
        found(&[INITTAB, ("/etc/init.d/rcS", 0o755, script)])
    }

    #[test]
    fn a_script_on_a_data_partition() {
        let (code, gaps) = rcs("#!/bin/sh\nmount -t jffs2 /dev/mtdblock3 /system\n/system/init/ipcam.sh\n");
        let expected = WritableCode {
            command: "/system/init/ipcam.sh".into(),
            mount: "/system".into(),
            filesystem: Some("jffs2".into()),
            start: Start::Boot,
        };
        assert_eq!((code, gaps), (vec![expected], 1), "and what it starts is not known");
    }

    #[test]
    fn a_memory_card_decides() {
        let script = "#!/bin/sh\nif [ -f /mnt/sd/run.sh ]; then\n sh /mnt/sd/run.sh\nfi\n";
        let (code, _) = rcs(script);
        assert_eq!(code.len(), 1);
        assert_eq!(
            (code[0].mount.as_str(), code[0].start, code[0].filesystem.as_deref()),
            ("/mnt/sd", Start::Conditional, None)
        );
    }

    #[test]
    fn modules_and_sourced_files_are_code() {
        let (code, _) = rcs("mount -t vfat /dev/mmcblk0p1 /data\ninsmod /data/x.ko\n. /data/env.sh\n");
        let commands: Vec<&str> = code.iter().map(|c| c.command.as_str()).collect();
        assert_eq!(commands, ["insmod /data/x.ko", ". /data/env.sh"]);
    }

    #[test]
    fn what_cannot_be_written_to_is_none() {
        for script in [
            "mount -t squashfs /dev/mtdblock3 /system\n/system/init/ipcam.sh\n",
            "mount -t jffs2 -o ro /dev/mtdblock3 /system\n/system/init/ipcam.sh\n",
            "mount -t jffs2 /dev/mtdblock3 /system\n#/system/init/ipcam.sh\necho /system/init/ipcam.sh\n",
            "RUN=0\nmount -t jffs2 /dev/mtdblock3 /system\n[ $RUN = 1 ] && /system/init/ipcam.sh\n",
            "mount -t jffs2 /dev/mtdblock3 /system\nrm /system/x\n/bin/echo /system/init/ipcam.sh\n",
            "mount -t jffs2 /dev/mtdblock3 /sys\n/system/init/ipcam.sh\n",
        ] {
            assert_eq!(rcs(script).0, [], "{script}");
        }
    }

    #[test]
    fn the_table_counts() {
        let fstab = "/dev/root / ext4 defaults 0 1\n/dev/mmcblk0p3 /opt ext4 rw 0 0\n/dev/x /usb vfat noauto 0 0\n";
        let (code, _) = found(&[
            INITTAB,
            ("/etc/fstab", 0o644, fstab),
            ("/etc/init.d/rcS", 0o755, "mount -a\n/opt/app/start &\n/usb/x\n"),
        ]);
        let places: Vec<(&str, &str)> = code.iter().map(|c| (c.mount.as_str(), c.command.as_str())).collect();
        assert_eq!(places, [("/", "/sbin/init"), ("/opt", "/opt/app/start")]);
        let (code, _) =
            found(&[INITTAB, ("/etc/fstab", 0o644, "/dev/root / ext4 ro 0 1\n"), ("/etc/init.d/rcS", 0o755, "")]);
        assert_eq!(code, []);
    }
}
