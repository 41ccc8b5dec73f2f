use sekisho_model::fact::Start;

use super::super::launch::Launch;
use super::launches;
use crate::tree::tests::FakeTree;

fn of(files: &[(&str, u16, &str)], program: &str) -> Vec<Launch> {
    let tree = FakeTree::new(files);
    let mut out = Vec::new();
    launches(&tree.view(), &mut out);
    out.retain(|launch| launch.program() == program);
    out
}

const UNIT: &str = "[Unit]\nDescription=x\n[Service]\nUser=mosquitto\nExecStart=-/usr/sbin/mosquitto \\\n  -c /etc/m.conf\n[Install]\nWantedBy=multi-user.target\n";
const PLACE: (&str, u16, &str) = ("/usr/lib/systemd/system/mosquitto.service", 0o644, UNIT);
const LINK: &str = "-> /usr/lib/systemd/system/mosquitto.service";

fn one(files: &[(&str, u16, &str)]) -> (Start, Option<String>) {
    let mut found = of(files, "mosquitto");
    assert_eq!(found.len(), 1, "{found:?}");
    let launch = found.remove(0);
    assert_eq!(launch.user.as_deref(), Some("mosquitto"));
    assert_eq!(launch.words, ["/usr/sbin/mosquitto", "-c", "/etc/m.conf"]);
    (launch.start, launch.condition)
}

#[test]
fn what_the_boot_wants_starts() {
    let wants = ("/etc/systemd/system/multi-user.target.wants/mosquitto.service", 0o777, LINK);
    assert_eq!(one(&[PLACE, wants]), (Start::Boot, None));
    assert_eq!(one(&[PLACE]), (Start::Disabled, Some("not enabled".into())));
    let rescue = ("/etc/systemd/system/rescue.target.wants/mosquitto.service", 0o777, LINK);
    assert_eq!(one(&[PLACE, rescue]).0, Start::Disabled);
    let bluetooth = ("/etc/systemd/system/bluetooth.target.wants/mosquitto.service", 0o777, LINK);
    assert_eq!(one(&[PLACE, bluetooth]), (Start::Conditional, Some("wanted by bluetooth.target".into())));
}

#[test]
fn a_default_target_that_is_not_reached_pulls_nothing_in() {
    let wants = ("/etc/systemd/system/graphical.target.wants/mosquitto.service", 0o777, LINK);
    let default = |target| ("/etc/systemd/system/default.target", 0o777, target);
    assert_eq!(one(&[PLACE, wants, default("-> /usr/lib/systemd/system/graphical.target")]).0, Start::Boot);
    assert_eq!(one(&[PLACE, wants, default("-> /usr/lib/systemd/system/multi-user.target")]).0, Start::Disabled);
}

#[test]
fn masks_and_conditions_and_drop_ins() {
    let wants = ("/etc/systemd/system/multi-user.target.wants/mosquitto.service", 0o777, LINK);
    let mask = ("/etc/systemd/system/mosquitto.service", 0o777, "-> /dev/null");
    assert_eq!(one(&[PLACE, wants, mask]), (Start::Disabled, Some("masked".into())));
    let drop_in = |text| ("/etc/systemd/system/mosquitto.service.d/10.conf", 0o644, text);
    let open = one(&[PLACE, wants, drop_in("[Unit]\nConditionPathExists=!/etc/nobroker\n")]);
    assert_eq!(open, (Start::Conditional, Some("ConditionPathExists=!/etc/nobroker".into())));
    let off = [PLACE, wants, drop_in("[Unit]\nConditionPathExists=!/etc/nobroker\n"), ("/etc/nobroker", 0o644, "")];
    assert_eq!(one(&off).0, Start::Disabled);
    let device = one(&[PLACE, wants, drop_in("[Unit]\nConditionVirtualization=!container\n")]);
    assert_eq!(device.0, Start::Boot);
    let replaced = of(&[PLACE, wants, drop_in("[Service]\nExecStart=\nExecStart=/usr/sbin/telnetd -F\n")], "telnetd");
    assert_eq!((replaced.len(), replaced[0].start), (1, Start::Boot));
}

#[test]
fn sockets_and_timers() {
    let socket = (
        "/lib/systemd/system/dropbear.socket",
        0o644,
        "[Socket]\nListenStream=22\nListenStream=127.0.0.1:2222\nListenStream=/run/x\nAccept=yes\n",
    );
    let template = ("/lib/systemd/system/dropbear@.service", 0o644, "[Service]\nExecStart=-/usr/sbin/dropbear -i\n");
    let wants =
        ("/etc/systemd/system/sockets.target.wants/dropbear.socket", 0o777, "-> /lib/systemd/system/dropbear.socket");
    let found = of(&[socket, template, wants], "dropbear");
    assert_eq!((found.len(), found[0].start), (1, Start::Boot));
    assert_eq!(found[0].listens, ["tcp/22", "tcp/127.0.0.1:2222"]);
    assert_eq!(of(&[socket, template], "dropbear")[0].start, Start::Disabled);
    let timer = ("/lib/systemd/system/x.timer", 0o644, "[Timer]\nOnCalendar=daily\nUnit=y.service\n");
    let service = ("/lib/systemd/system/y.service", 0o644, "[Service]\nExecStart=/usr/bin/opkg update\n");
    let wants = ("/etc/systemd/system/timers.target.wants/x.timer", 0o777, "-> /lib/systemd/system/x.timer");
    let found = of(&[timer, service, wants], "opkg");
    assert_eq!((found[0].start, found[0].condition.as_deref()), (Start::Conditional, Some("OnCalendar=daily")));
}

#[test]
fn instances_of_templates() {
    let template =
        ("/lib/systemd/system/getty@.service", 0o644, "[Service]\nExecStart=-/sbin/agetty --noclear %I $TERM\n");
    let wants =
        ("/etc/systemd/system/getty.target.wants/getty@ttyS0.service", 0o777, "-> /lib/systemd/system/getty@.service");
    let found = of(&[template, wants], "agetty");
    assert_eq!((found.len(), found[0].start, found[0].words[2].as_str()), (1, Start::Boot, "ttyS0"));
}

#[test]
fn presets_of_the_first_boot() {
    let systemd = ("/usr/lib/systemd/systemd", 0o755, "x\0");
    let preset = |text| ("/usr/lib/systemd/system-preset/90.preset", 0o644, text);
    let found = one(&[PLACE, systemd, preset("enable mosq*\ndisable *\n")]);
    assert_eq!(found, (Start::Conditional, Some("preset at the first boot: enable mosq*".into())));
    assert_eq!(one(&[PLACE, systemd, preset("disable *\n")]).0, Start::Disabled);
    let machine = ("/etc/machine-id", 0o444, "0123456789abcdef0123456789abcdef\n");
    assert_eq!(one(&[PLACE, systemd, machine]).0, Start::Disabled, "this is no first boot");
}

#[test]
fn options_of_an_environment() {
    let unit = "[Service]\nEnvironmentFile=-/etc/default/telnet\nExecStart=/usr/sbin/telnetd -F $OPTIONS\n[Install]\nWantedBy=multi-user.target\n";
    let files =
        [("/lib/systemd/system/telnet.service", 0o644, unit), ("/etc/default/telnet", 0o644, "OPTIONS=\"-p 2323\"\n")];
    assert_eq!(of(&files, "telnetd")[0].words, ["/usr/sbin/telnetd", "-F", "-p", "2323"]);
    let unit = "[Service]\nEnvironment=\"A=-l /bin/login\" PORT=24\nExecStart=telnetd -p $PORT $A\n";
    let found = of(&[("/lib/systemd/system/telnet.service", 0o644, unit)], "telnetd");
    assert_eq!(found[0].words, ["telnetd", "-p", "24", "-l", "/bin/login"]);
}

#[test]
fn cycles_end() {
    let a = ("/lib/systemd/system/a.target", 0o644, "[Unit]\nWants=b.target a.target\n");
    let b = ("/lib/systemd/system/b.target", 0o644, "[Unit]\nRequires=a.target mosquitto.service\n");
    let wants = ("/etc/systemd/system/multi-user.target.wants/a.target", 0o777, "-> /lib/systemd/system/a.target");
    assert_eq!(one(&[PLACE, a, b, wants]).0, Start::Boot);
}
