use sekisho_model::fact::{Observed, Service, Start};

use super::{inspect, launches};
use crate::tree::tests::FakeTree;

fn services(files: &[(&str, u16, &str)]) -> Vec<Service> {
    let tree = FakeTree::new(files);
    let view = tree.view();
    let launches = launches(&view);
    let settings = super::super::settings::read(&view, &launches);
    inspect(&view, &launches, &settings)
        .into_iter()
        .map(|(_, seen)| {
            let Observed::Service(service) = seen.observed else { panic!() };
            service
        })
        .collect()
}

fn start(services: &[Service], program: &str) -> Option<Start> {
    let mut all = services.iter().filter(|s| s.program == program).map(|s| s.start);
    let first = all.next();
    assert!(all.next().is_none(), "{services:?}");
    first
}

const INITTAB: (&str, u16, &str) = (
    "/etc/inittab",
    0o644,
    "::sysinit:/etc/init.d/rcS\nttyS1::respawn:/sbin/getty -L ttyS1 115200 vt100\n#::respawn:/bin/sh\n",
);

#[test]
fn a_daemon_in_rcs_starts_and_a_getty_is_a_console() {
    let found = services(&[
        INITTAB,
        ("/etc/init.d/rcS", 0o755, "#!/bin/sh\nmount -a\ntelnetd &\n# ftpd\nkillall httpd\necho tftpd\n"),
    ]);
    assert_eq!(start(&found, "telnetd"), Some(Start::Boot));
    assert_eq!(found.iter().find(|s| s.program == "telnetd").unwrap().started_by.as_deref(), Some("rcS"));
    let getty = found.iter().find(|s| s.program == "getty").unwrap();
    assert_eq!((getty.protocol.as_deref(), getty.start), (Some("console"), Start::Boot));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_setting_in_a_sourced_file_decides() {
    let script = "#!/bin/sh\n. /etc/device.conf\n[ \"$TELNET\" = 1 ] && telnetd\nif [ \"$FTP\" = \"1\" ]; then\n  ftpd\nfi\n[ -n \"$UNKNOWN\" ] && utelnetd\n";
    let found =
        services(&[INITTAB, ("/etc/init.d/rcS", 0o755, script), ("/etc/device.conf", 0o644, "TELNET=0\nFTP=1\n")]);
    assert_eq!(start(&found, "telnetd"), Some(Start::Disabled));
    assert!(found.iter().find(|s| s.program == "telnetd").unwrap().condition.as_deref().unwrap().contains("$TELNET"));
    assert_eq!(start(&found, "ftpd"), Some(Start::Boot));
    assert_eq!(start(&found, "utelnetd"), Some(Start::Conditional));
}

#[test]
fn scripts_in_a_loop_run_with_start() {
    let rcs = "#!/bin/sh\nfor i in /etc/init.d/S??* ;do\n [ ! -f \"$i\" ] && continue\n case \"$i\" in\n *.sh) ( . $i ) ;;\n *) $i start ;;\n esac\ndone\n";
    let service = "#!/bin/sh\ncase \"$1\" in\n start)\n printf x\n start-stop-daemon -S -q -p /var/run/x.pid --exec /usr/sbin/telnetd -- -F\n ;;\n stop) killall telnetd ;;\nesac\n";
    let found = services(&[
        INITTAB,
        ("/etc/init.d/rcS", 0o755, rcs),
        ("/etc/init.d/S50telnet", 0o755, service),
        ("/etc/init.d/K50ftp", 0o755, "#!/bin/sh\ncase \"$1\" in start) ftpd ;; esac\n"),
        ("/usr/sbin/telnetd", 0o755, "\x7fELF\0"),
    ]);
    assert_eq!(start(&found, "telnetd"), Some(Start::Boot), "{found:?}");
    assert_eq!(start(&found, "ftpd"), Some(Start::Disabled));
}

#[test]
fn a_way_out_guards_what_follows() {
    let script = "#!/bin/sh\n[ -x /usr/sbin/telnetd ] || exit 0\n. /etc/conf\n[ \"$ON\" = yes ] || exit 0\ntelnetd\n";
    let on = services(&[
        INITTAB,
        ("/etc/init.d/rcS", 0o755, script),
        ("/etc/conf", 0o644, "ON=yes\n"),
        ("/usr/sbin/telnetd", 0o755, "x\0"),
    ]);
    assert_eq!(start(&on, "telnetd"), Some(Start::Boot));
    let off = services(&[
        INITTAB,
        ("/etc/init.d/rcS", 0o755, script),
        ("/etc/conf", 0o644, "ON=no\n"),
        ("/usr/sbin/telnetd", 0o755, "x\0"),
    ]);
    assert_ne!(start(&off, "telnetd"), Some(Start::Boot));
    assert_ne!(start(&off, "telnetd"), Some(Start::Conditional));
}

#[test]
fn inetd_entries_start_only_with_inetd() {
    let conf = (
        "/etc/inetd.conf",
        0o644,
        "69 dgram udp nowait root tftpd tftpd -c /tmp\n#ftp stream tcp nowait root ftpd ftpd\n",
    );
    let without = services(&[INITTAB, ("/etc/init.d/rcS", 0o755, "#!/bin/sh\n"), conf]);
    assert_eq!(start(&without, "tftpd"), Some(Start::Present));
    assert_eq!(start(&without, "ftpd"), None);
    let with = services(&[INITTAB, ("/etc/init.d/rcS", 0o755, "#!/bin/sh\ninetd\n"), conf]);
    assert_eq!(start(&with, "tftpd"), Some(Start::Boot));
}

#[test]
fn systemd_units() {
    let unit = "[Service]\nExecStart=-/usr/sbin/mosquitto -c /etc/mosquitto.conf\nUser=mosquitto\n";
    let files = |wanted: bool| {
        let mut files = vec![("/lib/systemd/system/mosquitto.service", 0o644, unit)];
        if wanted {
            files.push((
                "/etc/systemd/system/multi-user.target.wants/mosquitto.service",
                0o777,
                "-> /lib/systemd/system/mosquitto.service",
            ));
        }
        files
    };
    // The fake tree lists no directories; a wants directory is one.
    let off = services(&files(false));
    assert_eq!(start(&off, "mosquitto"), Some(Start::Disabled));
    assert_eq!(off[0].user.as_deref(), Some("mosquitto"));
}

#[test]
fn openwrt_links_and_settings() {
    let script = "#!/bin/sh /etc/rc.common\nSTART=50\nUSE_PROCD=1\nPROG=/usr/sbin/dropbear\nvalidate()\n{\n uci_load_validate dropbear dropbear \"$1\" \"$2\" 'enable:bool:1'\n}\ninstance()\n{\n [ \"$2\" = 0 ] || {\n  echo failed\n  return 1\n }\n [ \"${enable}\" = \"0\" ] && return 1\n procd_set_param command \"$PROG\" -F\n}\nstart_service()\n{\n config_load dropbear\n config_foreach validate dropbear instance\n}\n";
    let files = |config: &'static str, link: bool| {
        let mut files = vec![
            ("/etc/rc.common", 0o755, "#!/bin/sh\n"),
            ("/etc/rc.d/K50x", 0o777, "-> ../init.d/x"),
            ("/etc/rc.d", 0o755, ""),
            ("/etc/init.d/dropbear", 0o755, script),
            ("/etc/config/dropbear", 0o644, config),
        ];
        if link {
            files.push(("/etc/rc.d/S50dropbear", 0o777, "-> ../init.d/dropbear"));
        }
        files
    };
    let on = services(&files("config dropbear\n option Port 22\n", true));
    assert_eq!(start(&on, "dropbear"), Some(Start::Boot), "{on:?}");
    assert_eq!(on[0].started_by.as_deref(), Some("procd"));
    assert_eq!(
        start(&services(&files("config dropbear\n option enable 0\n", true)), "dropbear"),
        Some(Start::Disabled)
    );
    let x = services(&files("config dropbear\n", false));
    assert_eq!(start(&x, "dropbear"), Some(Start::Disabled));
}

#[test]
fn what_is_there_and_not_started_is_present() {
    let found = services(&[INITTAB, ("/etc/init.d/rcS", 0o755, "#!/bin/sh\n"), ("/usr/sbin/vsftpd", 0o755, "x\0")]);
    assert_eq!(start(&found, "vsftpd"), Some(Start::Present));
}
