//! What is mounted where, and whether it can be written to: `/etc/fstab`, and the mount commands that init runs.

use sekisho_model::fact::Start;

use super::services::Launch;
use crate::tree::View;

/// File systems that hold files which can be changed while the device works.
const WRITABLE: [&str; 21] = [
    "jffs2", "ubifs", "yaffs", "yaffs2", "vfat", "msdos", "fat", "exfat", "ntfs", "ntfs3", "ext2", "ext3", "ext4",
    "f2fs", "btrfs", "xfs", "tmpfs", "ramfs", "nfs", "nfs4", "cifs",
];

/// Mounts of one system that are kept.
const MAX_MOUNTS: usize = 500;

/// A mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where, without a slash at the end; the root is empty.
    pub(super) place: String,
    pub(super) filesystem: Option<String>,
    pub(super) writable: bool,
    pub(super) start: Start,
    pub(super) condition: Option<String>,
    /// What says so: a path of the tree, the line from 0, the line.
    pub(super) path: String,
    pub(super) line: Option<usize>,
    pub(super) text: String,
}

/// The mounts of a system.
pub(super) fn of(view: &View<'_>, launches: &[Launch]) -> Vec<Mount> {
    let mut table: Vec<(Mount, bool)> = Vec::new();
    if let Some((entry, text)) = view.text("/etc/fstab") {
        for (index, line) in text.lines().enumerate().take(MAX_MOUNTS) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, place, filesystem, rest @ ..] = fields.as_slice() else { continue };
            if line.trim_start().starts_with('#') || !place.starts_with('/') {
                continue;
            }
            let options = rest.first().copied().unwrap_or_default();
            let mut mount = mount(place, Some(filesystem), options, &entry.path, Some(index), line.trim());
            let automatic = !options.split(',').any(|o| o == "noauto");
            mount.start = if automatic { Start::Boot } else { Start::Present };
            table.push((mount, automatic));
        }
    }
    let mut all: Vec<Mount> =
        table.iter().filter(|(_, automatic)| *automatic).map(|(mount, _)| mount.clone()).collect();
    for launch in launches.iter().filter(|launch| launch.starts() && launch.program() == "mount") {
        let Some(mut of_command) = of_command(launch) else { continue };
        // `mount /data` takes the rest from the table.
        if let Some((row, _)) = table.iter().find(|(row, _)| row.place == of_command.place)
            && of_command.filesystem.is_none()
        {
            of_command.filesystem.clone_from(&row.filesystem);
            of_command.writable = row.writable;
        }
        all.push(of_command);
        if all.len() >= MAX_MOUNTS {
            break;
        }
    }
    all
}

fn mount(place: &str, filesystem: Option<&str>, options: &str, path: &str, line: Option<usize>, text: &str) -> Mount {
    let filesystem = filesystem.filter(|f| !matches!(*f, "auto" | "none"));
    let read_only = options.split(',').any(|option| matches!(option, "ro" | "bind" | "rbind" | "move"));
    Mount {
        place: place.trim_end_matches('/').to_owned(),
        writable: !read_only && filesystem.is_none_or(|f| WRITABLE.contains(&f)),
        filesystem: filesystem.map(str::to_owned),
        start: Start::Boot,
        condition: None,
        path: path.to_owned(),
        line,
        text: text.to_owned(),
    }
}

/// What a mount command mounts: `mount -t jffs2 /dev/mtdblock3 /system`.
fn of_command(launch: &Launch) -> Option<Mount> {
    let (mut filesystem, mut options, mut plain) = (None, String::new(), Vec::new());
    let mut words = launch.words.iter().skip(1).map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "-t" | "--types" => filesystem = words.next(),
            "-o" | "--options" => {
                options.push(',');
                options.push_str(words.next().unwrap_or_default());
            }
            "-r" | "--read-only" => options.push_str(",ro"),
            "-a" | "--all" => return None,
            "--bind" | "-B" | "--rbind" | "--move" | "-M" => options.push_str(",bind"),
            word if word.starts_with("-t") && word.len() > 2 => filesystem = word.get(2..),
            word if word.starts_with("-o") && word.len() > 2 => {
                options.push(',');
                options.push_str(word.get(2..).unwrap_or_default());
            }
            word if word.starts_with('-') => {}
            word => plain.push(word),
        }
    }
    let place = *plain.last().filter(|place| place.starts_with('/') && plain.len() <= 2)?;
    let mut mount = mount(place, filesystem, &options, &launch.path, launch.line, &launch.text);
    mount.start = launch.start;
    mount.condition.clone_from(&launch.condition);
    Some(mount)
}

/// The mount that a path lies on, the innermost; of several at one place the last.
pub(super) fn around<'m>(mounts: &'m [Mount], path: &str) -> Option<&'m Mount> {
    let inside = |mount: &&Mount| {
        !mount.place.is_empty() && path.strip_prefix(mount.place.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    mounts.iter().filter(inside).max_by_key(|mount| mount.place.len())
}
