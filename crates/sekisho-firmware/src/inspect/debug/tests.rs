use sekisho_model::fact::{DebugInterface, Observed, Start};

use super::super::services;
use super::inspect;
use crate::tree::tests::FakeTree;

fn found(files: &[(&str, u16, &str)]) -> Vec<DebugInterface> {
    let tree = FakeTree::new(files);
    let view = tree.view();
    let launches = services::launches(&view);
    let all = inspect(&view, &launches).into_iter().map(|(_, seen)| match seen.observed {
        Observed::DebugInterface(interface) => interface,
        other => panic!("{other:?}"),
    });
    all.collect()
}

fn console(row: &'static str, password: &'static str) -> Vec<(String, Option<bool>, Option<Start>)> {
    let files = [("/etc/inittab", 0o644, row), ("/etc/passwd", 0o644, password)];
    found(&files).into_iter().map(|i| (i.kind, i.authenticated, i.start)).collect()
}

#[test]
fn consoles() {
    let one = |kind: &str, asks| vec![(kind.to_owned(), asks, Some(Start::Boot))];
    let hash = "root:$1$abc$def:0:0::/:/bin/sh\n";
    for (row, expected) in [
        ("ttyS1::respawn:/sbin/getty -L ttyS1 115200 vt100\n", one("serial-console", Some(true))),
        ("::respawn:-/bin/sh\n", one("serial-console", Some(false))),
        ("::askfirst:/bin/ash --login\n", one("serial-console", Some(false))),
        ("ttyS0::respawn:/sbin/getty -n -l /bin/sh 115200 ttyS0\n", one("serial-console", Some(false))),
        ("S0:2345:respawn:/sbin/agetty --autologin root ttyS0 115200\n", one("serial-console", Some(false))),
        ("tty1::respawn:/sbin/getty 38400 tty1\n", vec![]),
        ("#::respawn:-/bin/sh\n", vec![]),
        ("::sysinit:/bin/sh -c true\n", vec![]),
    ] {
        assert_eq!(console(row, hash), expected, "{row}");
    }
    let open = console("ttyS1::respawn:/sbin/getty -L ttyS1 115200\n", "root::0:0::/:/bin/sh\n");
    assert_eq!(open, one("serial-console", Some(false)), "an empty password is not asked for");
}

#[test]
fn a_login_script_goes_one_way_or_the_other() {
    let of = |script: &'static str, password: &'static str| {
        let files = [
            ("/etc/inittab", 0o644, "::askconsole:/usr/libexec/login.sh\n"),
            ("/usr/libexec/login.sh", 0o755, script),
            ("/etc/passwd", 0o644, password),
        ];
        found(&files)[0].authenticated
    };
    let script =
        "#!/bin/sh\n[ \"$(uci -q get system.@system[0].ttylogin)\" = 1 ] || exec /bin/ash --login\nexec /bin/login\n";
    assert_eq!(of(script, "root::0:0::/:/bin/ash\n"), Some(false));
    assert_eq!(of(script, "root:$1$a$b:0:0::/:/bin/ash\n"), None);
    assert_eq!(of("#!/bin/sh\nexec /bin/login\n", "root:$1$a$b:0:0::/:/bin/ash\n"), Some(true));
    assert_eq!(of("#!/bin/sh\nexec /bin/ash --login\n", "root:$1$a$b:0:0::/:/bin/ash\n"), Some(false));
}

#[test]
fn debug_servers_and_shells_on_the_network() {
    let of = |line: &'static str| {
        let files = [("/etc/inittab", 0o644, "::sysinit:/etc/init.d/rcS\n"), ("/etc/init.d/rcS", 0o755, line)];
        found(&files).into_iter().map(|i| (i.kind, i.authenticated, i.start)).collect::<Vec<_>>()
    };
    let one = |kind: &str, asks| vec![(kind.to_owned(), asks, Some(Start::Boot))];
    assert_eq!(of("gdbserver :2345 /usr/bin/app &\n"), one("gdbserver", Some(false)));
    assert_eq!(of("adbd &\n"), one("adb", None));
    assert_eq!(of("telnetd -l /bin/sh\n"), one("network-shell", Some(false)));
    assert_eq!(of("nc -l -p 4444 -e /bin/sh &\n"), one("network-shell", Some(false)));
    assert_eq!(of("/usr/sbin/sshd -d\n"), one("sshd-debug", None));
    for line in
        ["telnetd\n", "#gdbserver :1 x\n", "killall adbd\n", "nc host 80\n", "sshd -D\n", "nc -l -p 1 > /tmp/x\n"]
    {
        assert_eq!(of(line), [], "{line}");
    }
    assert_eq!(of("D=0\n[ $D = 1 ] && gdbserver :1 x\n")[0].2, Some(Start::Disabled));
}

#[test]
fn the_kernel() {
    let sysrq = |value: &'static str| {
        let all = found(&[("/etc/sysctl.d/10.conf", 0o644, "kernel.sysrq=1\n"), ("/etc/sysctl.conf", 0o644, value)]);
        all.into_iter().map(|i| i.detail).collect::<Vec<_>>()
    };
    assert_eq!(sysrq("kernel.sysrq = 0\n"), Vec::<String>::new(), "the last word counts");
    assert_eq!(sysrq("# kernel.sysrq = 0\n"), ["kernel.sysrq=1"]);
    let cmdline =
        found(&[("/boot/cmdline.txt", 0o644, "console=serial0,115200 console=ttyAMA0,115200 root=x kgdboc=ttyAMA0\n")]);
    let kinds: Vec<&str> = cmdline.iter().map(|i| i.kind.as_str()).collect();
    assert_eq!(kinds, ["serial-console", "kernel-debug"]);
}

#[test]
fn systemd_puts_a_login_on_the_kernels_console() {
    let template = "[Service]\nExecStart=-/sbin/agetty -o '-p -- \\\\u' --keep-baud 115200 %I $TERM\n[Install]\nWantedBy=getty.target\n";
    let of = |masked: bool| {
        let mut files = vec![
            ("/usr/lib/systemd/system-generators/systemd-getty-generator", 0o755, "x\0"),
            ("/usr/lib/systemd/system/serial-getty@.service", 0o644, template),
        ];
        if masked {
            files.push(("/etc/systemd/system/serial-getty@.service", 0o777, "-> /dev/null"));
        }
        found(&files).into_iter().filter(|i| i.start == Some(Start::Conditional)).count()
    };
    assert_eq!((of(false), of(true)), (1, 0));
}
