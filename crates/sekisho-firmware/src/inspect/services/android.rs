//! Android's init: services and the triggers that start them (AOSP, `system/core/init/README.md`).

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::Start;

use super::launch::Launch;
use crate::tree::{Kind, View};

/// Directories of further files; those in the root are called `init.*.rc`.
const PLACES: [&str; 5] =
    ["/system/etc/init", "/vendor/etc/init", "/odm/etc/init", "/product/etc/init", "/system/etc/init/hw"];

/// Files and lines that are read at most.
const MAX_FILES: usize = 300;
const MAX_LINES: usize = 20_000;

/// Triggers that every boot passes.
const OF_BOOT: [&str; 16] = [
    "early-init",
    "init",
    "late-init",
    "early-fs",
    "fs",
    "post-fs",
    "late-fs",
    "post-fs-data",
    "zygote-start",
    "load_persist_props_action",
    "firmware_mounts_complete",
    "early-boot",
    "boot",
    "nonencrypted",
    "charger-off",
    "boot-completed",
];

#[derive(Debug, Default)]
struct Described {
    launch: Option<Launch>,
    class: Vec<String>,
    disabled: bool,
}

/// The services of all files.
pub(super) fn launches(view: &View<'_>, out: &mut Vec<Launch>) {
    let mut files: Vec<_> = view.listing("").into_iter().filter(|e| e.path.ends_with(".rc")).collect();
    files.extend(PLACES.iter().flat_map(|place| view.listing(place)).filter(|e| e.path.ends_with(".rc")));
    files.retain(|e| matches!(e.kind, Kind::File(_)));
    if files.is_empty() {
        return;
    }
    let properties = properties(view);
    let mut services: BTreeMap<String, Described> = BTreeMap::new();
    // What starts a service or a class, and when.
    let mut started: BTreeMap<String, BTreeSet<When>> = BTreeMap::new();
    let mut classes: BTreeMap<String, BTreeSet<When>> = BTreeMap::new();
    let mut lines = 0;
    for entry in files.into_iter().take(MAX_FILES) {
        let Some(text) = view.text_of(entry) else { continue };
        let mut of_service: Option<String> = None;
        // The trigger at hand.
        let mut trigger = When::Never;
        for (index, line) in text.lines().enumerate() {
            lines += 1;
            if lines > MAX_LINES {
                break;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["service", name, command @ ..] if !command.is_empty() => {
                    let command = command.iter().map(|w| (*w).to_owned()).collect();
                    let launch = Launch::new(command, &entry.path, Some(index), line.trim(), "init.rc");
                    let described = Described { launch: Some(launch), ..Described::default() };
                    services.insert((*name).to_owned(), described);
                    of_service = Some((*name).to_owned());
                    trigger = When::Never;
                }
                ["on", events @ ..] => {
                    of_service = None;
                    trigger = when(events, &properties);
                }
                ["import", ..] => (of_service, trigger) = (None, When::Never),
                [option, arguments @ ..] => {
                    if let Some(described) = of_service.as_ref().and_then(|name| services.get_mut(name)) {
                        option_of(described, option, arguments);
                    } else if trigger != When::Never {
                        match (*option, arguments) {
                            ("start" | "restart" | "exec_start", [name]) => {
                                started.entry((*name).to_owned()).or_default().insert(trigger.clone());
                            }
                            ("enable", [name]) => {
                                // What is enabled starts with its class.
                                if let Some(described) = services.get_mut(*name) {
                                    described.disabled = false;
                                }
                            }
                            ("class_start", [class]) => {
                                classes.entry((*class).to_owned()).or_default().insert(trigger.clone());
                            }
                            ("mount", [kind, device, place, ..]) => {
                                let options = arguments.get(3..).unwrap_or_default().join(",");
                                let words = ["mount", "-t", kind, "-o", &options, device, place].map(str::to_owned);
                                let mut launch =
                                    Launch::new(words.to_vec(), &entry.path, Some(index), line.trim(), "init.rc");
                                if let When::Event(event) = &trigger {
                                    launch.at_most(Start::Conditional, Some(event));
                                }
                                out.push(launch);
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
    }
    for (name, described) in services {
        let Some(mut launch) = described.launch else { continue };
        let mut ways: BTreeSet<When> = started.remove(&name).unwrap_or_default();
        if !described.disabled {
            let default = ["default".to_owned()];
            let of = if described.class.is_empty() { default.as_slice() } else { described.class.as_slice() };
            ways.extend(of.iter().filter_map(|class| classes.get(class)).flatten().cloned());
        }
        match ways.first() {
            Some(When::Boot) => {}
            Some(When::Event(event)) => launch.at_most(Start::Conditional, Some(event)),
            _ if described.disabled => launch.at_most(Start::Disabled, Some("disabled")),
            _ => launch.at_most(Start::Disabled, Some("nothing starts its class")),
        }
        out.push(launch);
    }
}

fn option_of(described: &mut Described, option: &str, arguments: &[&str]) {
    let Some(launch) = &mut described.launch else { return };
    match (option, arguments) {
        ("class", classes) => described.class = classes.iter().map(|c| (*c).to_owned()).collect(),
        ("disabled", _) => described.disabled = true,
        ("user", [user]) => launch.user = Some((*user).to_owned()),
        ("console", device) => launch.console = Some(device.first().map_or("console", |d| d).to_owned()),
        _ => {}
    }
}

/// When a trigger comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// At every boot.
    Boot,
    /// As something happens.
    Event(String),
    /// Never: the image's properties rule it out.
    Never,
}

fn when(events: &[&str], properties: &BTreeMap<String, String>) -> When {
    let mut open = Vec::new();
    for event in events.iter().filter(|event| **event != "&&") {
        if let Some((name, value)) = event.strip_prefix("property:").and_then(|p| p.split_once('=')) {
            match properties.get(name) {
                Some(known) if value == "*" || known == value => {}
                // What starts with `ro.` never changes; another may be set while it runs.
                Some(_) if name.starts_with("ro.") => return When::Never,
                _ => open.push(*event),
            }
        } else if !OF_BOOT.contains(event) {
            open.push(*event);
        }
    }
    if open.is_empty() { When::Boot } else { When::Event(format!("on {}", open.join(" && "))) }
}

/// The properties that the image sets (`default.prop`, `build.prop`); the first that sets one counts.
pub(in super::super) fn properties(view: &View<'_>) -> BTreeMap<String, String> {
    let files =
        ["/default.prop", "/prop.default", "/system/build.prop", "/vendor/build.prop", "/system/etc/prop.default"];
    let mut all = BTreeMap::new();
    for (_, text) in files.iter().filter_map(|path| view.text(path)) {
        for (name, value) in text.lines().take(MAX_LINES).filter_map(|line| line.trim().split_once('=')) {
            if !name.starts_with('#') {
                all.entry(name.trim().to_owned()).or_insert_with(|| value.trim().to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    fn started(rc: &str, properties: &str) -> Vec<(String, Start, Option<String>)> {
        let tree = FakeTree::new(&[("/init.rc", 0o750, rc), ("/default.prop", 0o644, properties)]);
        let mut out = Vec::new();
        launches(&tree.view(), &mut out);
        out.into_iter().map(|l| (l.program().to_owned(), l.start, l.condition)).collect()
    }

    const RC: &str = "on boot\n    class_start core\nservice adbd /sbin/adbd\n    class core\n    user root\n    disabled\n\
        on property:sys.usb.config=adb\n    start adbd\nservice telnet /system/bin/telnetd -F\n    class core\n    user shell\n";

    #[test]
    fn classes_and_properties() {
        let found = started(RC, "");
        let condition = Some("on property:sys.usb.config=adb".to_owned());
        assert_eq!(
            found,
            [("adbd".to_owned(), Start::Conditional, condition), ("telnetd".to_owned(), Start::Boot, None)]
        );
        assert_eq!(started(RC, "sys.usb.config=adb\n")[0].1, Start::Boot);
        let debuggable = "on property:ro.debuggable=1\n start adbd\nservice adbd /sbin/adbd\n disabled\n";
        assert_eq!(started(debuggable, "ro.debuggable=0\n")[0].1, Start::Disabled);
        assert_eq!(started(debuggable, "ro.debuggable=1\n")[0].1, Start::Boot);
    }
}
