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

/// The one service of this program.
fn one(files: &[(&str, u16, &str)], program: &str) -> Service {
    let mut found = services(files);
    found.retain(|service| service.program == program);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn rcs(script: &'static str, program: &str) -> Service {
    one(&[INITTAB, ("/etc/init.d/rcS", 0o755, script)], program)
}

#[test]
fn ports_of_command_lines() {
    for (line, program, ports) in [
        ("telnetd &\n", "telnetd", vec!["tcp/23"]),
        ("telnetd -p 2323 -l /bin/login\n", "telnetd", vec!["tcp/2323"]),
        ("dropbear -p 127.0.0.1:22 -p 2222\n", "dropbear", vec!["tcp/127.0.0.1:22", "tcp/2222"]),
        ("httpd -p $PORT -h /www\n", "httpd", vec![]),
        ("tcpsvd -vE 0.0.0.0 21 ftpd -w /\n", "ftpd", vec!["tcp/21"]),
        ("udpsvd -E 0 69 tftpd /tmp &\n", "tftpd", vec!["udp/69"]),
        ("uhttpd -p 0.0.0.0:80 -s 443 -h /www\n", "uhttpd", vec!["tcp/443", "tcp/80"]),
        ("dnsmasq --port=0\n", "dnsmasq", vec![]),
        ("gdbserver :2345 /bin/app\n", "gdbserver", vec!["tcp/2345"]),
        ("boa -c /etc/boa &\n", "boa", vec!["tcp/80"]),
    ] {
        assert_eq!(rcs(line, program).listens, ports, "{line}");
    }
}

#[test]
fn ports_and_users_of_settings() {
    let script = ("/etc/init.d/rcS", 0o755, "lighttpd -f /etc/web.conf\nvsftpd\n");
    let files = [
        INITTAB,
        script,
        ("/etc/web.conf", 0o644, "server.port = 8080\nserver.username = \"www\"\n"),
        ("/etc/vsftpd.conf", 0o644, "listen_port=2121\nlisten_address=192.0.2.1\n"),
    ];
    let web = one(&files, "lighttpd");
    assert_eq!((web.listens, web.user.as_deref()), (vec!["tcp/8080".to_owned()], Some("www")));
    assert_eq!(one(&files, "vsftpd").listens, ["tcp/192.0.2.1:2121"]);
}

#[test]
fn users_of_what_starts_it() {
    for (line, user) in [
        ("start-stop-daemon -S -b -c nobody:nogroup -x /usr/sbin/boa -- -c /etc\n", Some("nobody")),
        ("su - www -c 'boa -d'\n", Some("www")),
        ("chpst -u www:www boa\n", Some("www")),
        ("setuidgid www boa\n", Some("www")),
        ("boa -u www\n", None),
    ] {
        assert_eq!(rcs(line, "boa").user.as_deref(), user, "{line}");
    }
}

#[test]
fn runlevels() {
    let telnet = ("/etc/init.d/telnet", 0o755, "#!/bin/sh\ncase $1 in start) telnetd ;; esac\n");
    let of = |inittab: &'static str, link: &'static str| {
        one(&[("/etc/inittab", 0o644, inittab), telnet, (link, 0o777, "-> /etc/init.d/telnet")], "telnetd").start
    };
    assert_eq!(of("id:3:initdefault:\n", "/etc/rc3.d/S20telnet"), Start::Boot);
    assert_eq!(of("id:3:initdefault:\n", "/etc/rc.d/rc3.d/S20telnet"), Start::Boot);
    assert_ne!(of("id:3:initdefault:\n", "/etc/rc5.d/S20telnet"), Start::Boot);
    assert_eq!(of("id:3:initdefault:\n", "/etc/rc3.d/K20telnet"), Start::Disabled);
    let respawn = |row: &'static str| services(&[("/etc/inittab", 0o644, row)]).len();
    assert_eq!(respawn("id:3:initdefault:\nS0:5:respawn:/sbin/getty 115200 ttyS0\n"), 0, "another runlevel");
    assert_eq!(respawn("id:3:initdefault:\nS0:35:respawn:/sbin/getty 115200 ttyS0\n"), 1);
}

#[test]
fn openrc() {
    let script = (
        "/etc/init.d/mosquitto",
        0o755,
        "#!/sbin/openrc-run\ncommand=/usr/sbin/mosquitto\ncommand_args=\"-p ${PORT:-1883}\"\ncommand_user=mosquitto:mosquitto\ndepend() {\n need net\n}\n",
    );
    let link = ("/etc/runlevels/default/mosquitto", 0o777, "-> /etc/init.d/mosquitto");
    let conf = ("/etc/conf.d/mosquitto", 0o644, "PORT=8883\n");
    let on = one(&[script, link, conf], "mosquitto");
    assert_eq!(
        (on.start, on.started_by.as_deref(), on.user.as_deref()),
        (Start::Boot, Some("openrc"), Some("mosquitto"))
    );
    assert_eq!(on.listens, ["tcp/8883"]);
    assert_eq!(one(&[script, conf], "mosquitto").start, Start::Disabled);
}

#[test]
fn runit_and_s6() {
    let run = "#!/bin/sh\nexec 2>&1\nexec chpst -u www /usr/sbin/lighttpd -D -f /etc/l.conf\n";
    let stage = ("/etc/runit/2", 0o755, "#!/bin/sh\nexec runsvdir -P /etc/service\n");
    let service = ("/etc/sv/web/run", 0o755, run);
    let link = ("/etc/service/web", 0o777, "-> /etc/sv/web");
    let on = one(&[stage, service, link], "lighttpd");
    assert_eq!((on.start, on.started_by.as_deref(), on.user.as_deref()), (Start::Boot, Some("runit"), Some("www")));
    assert_eq!(one(&[stage, service], "lighttpd").start, Start::Disabled);
    let down = ("/etc/sv/web/down", 0o644, "");
    let off = one(&[stage, service, link, down], "lighttpd");
    assert_eq!(off.start, Start::Disabled);
    assert!(off.condition.unwrap().contains("down"));
    let execline = "#!/command/execlineb -P\ns6-setuidgid www\n# telnetd\nnginx -g \"daemon off;\"\n";
    let s6 = one(&[("/etc/services.d/nginx/run", 0o755, execline), ("/bin/s6-svscan", 0o755, "x\0")], "nginx");
    assert_eq!((s6.start, s6.user.as_deref()), (Start::Boot, Some("www")));
}

#[test]
fn cron() {
    let of = |table: &'static str, daemon: &'static str| {
        one(&[INITTAB, ("/etc/init.d/rcS", 0o755, daemon), ("/etc/cron.d/x", 0o644, table)], "telnetd")
    };
    let job = of("*/5 * * * * nobody telnetd -p 24\n", "crond\n");
    assert_eq!((job.start, job.condition.as_deref()), (Start::Conditional, Some("cron: */5 * * * *")));
    assert_eq!((job.user.as_deref(), job.listens.as_slice()), (Some("nobody"), ["tcp/24".to_owned()].as_slice()));
    assert_eq!(of("@reboot root telnetd\n", "crond\n").start, Start::Boot);
    assert_eq!(of("@reboot root telnetd\n", "#crond\n").start, Start::Disabled);
}

#[test]
fn super_servers() {
    let row =
        "service telnet\n{\n disable = no\n socket_type = stream\n user = root\n server = /usr/sbin/in.telnetd\n}\n";
    let off = "service telnet\n{\n disable = yes\n socket_type = stream\n server = /usr/sbin/in.telnetd\n}\n";
    let of = |text: &'static str, daemon: &'static str| {
        one(&[INITTAB, ("/etc/init.d/rcS", 0o755, daemon), ("/etc/xinetd.d/telnet", 0o644, text)], "in.telnetd")
    };
    let on = of(row, "xinetd\n");
    assert_eq!(
        (on.start, on.user.as_deref(), on.listens.as_slice()),
        (Start::Boot, Some("root"), ["tcp/23".to_owned()].as_slice())
    );
    assert_eq!(of(row, "#xinetd\n").start, Start::Present);
    assert_eq!(of(off, "xinetd\n").start, Start::Disabled);
    let conf = ("/etc/inetd.conf", 0o644, "8023 stream tcp nowait root /usr/sbin/tcpd in.telnetd -L\n");
    let conditional = ("/etc/init.d/rcS", 0o755, "[ -f /data/on ] && inetd\n");
    let tcpd = one(&[INITTAB, conditional, conf], "in.telnetd");
    assert_eq!((tcpd.start, tcpd.listens.as_slice()), (Start::Conditional, ["tcp/8023".to_owned()].as_slice()));
    assert!(tcpd.condition.unwrap().contains("/data/on"));
}

#[test]
fn twins_that_do_not_run() {
    for script in [
        "# telnetd\n",
        "killall telnetd\n",
        "pidof telnetd && echo telnetd\n",
        "start-stop-daemon -K -x /usr/sbin/telnetd\n",
        "/etc/init.d/telnet stop\n",
        "cat <<E\ntelnetd\nE\n",
        "x='telnetd'\n",
        "rm -f /usr/sbin/telnetd\n",
        "which telnetd\n",
        "telnetd --help\n",
    ] {
        let found = services(&[("/etc/init.d/rcS", 0o755, script)]);
        assert_eq!(found, [], "{script}");
    }
    for script in ["TELNET=0\n[ $TELNET -eq 1 ] && telnetd\n", "if false; then telnetd; fi\n", "exit 0\ntelnetd\n"] {
        let found = services(&[("/etc/init.d/rcS", 0o755, script)]);
        assert!(found.iter().all(|s| s.start == Start::Disabled), "{script} {found:?}");
    }
}

#[test]
fn twins_that_do() {
    for script in [
        "sh -c 'telnetd &'\n",
        "busybox telnetd\n",
        "(sleep 5; telnetd) &\n",
        "cd /sbin; ./telnetd\n",
        "D=telnetd\n$D -F\n",
        "TELNET=1\n[ $TELNET -eq 1 ] && telnetd\n",
        "start() {\n telnetd\n}\nstart\n",
        "for d in telnetd; do $d; done\n",
        "eval telnetd\n",
    ] {
        assert_eq!(rcs(script, "telnetd").start, Start::Boot, "{script}");
    }
}

#[test]
fn options_in_a_variable() {
    let service = rcs("OPTIONS=\"-p 2323 -l /bin/login\"\ntelnetd $OPTIONS\n", "telnetd");
    assert_eq!(service.listens, ["tcp/2323"]);
    let script = "#!/bin/sh\nACTION=\"$@\"\ncase $ACTION in start) telnetd ;; esac\n";
    let files = [("/etc/init.d/rcS", 0o755, "/sbin/ctl start\n"), ("/sbin/ctl", 0o755, script)];
    assert_eq!(one(&files, "telnetd").start, Start::Boot);
    let passed = "run() {\n \"$@\"\n}\nstart() {\n telnetd -l /bin/login \"$@\"\n}\nstart -p 24\n";
    assert_eq!(rcs(passed, "telnetd").listens, ["tcp/24"]);
    assert_eq!(rcs("rsync --daemon --port=8730\n", "rsyncd").listens, ["tcp/8730"]);
}

#[test]
fn a_variable_that_a_command_sets_is_not_known() {
    let script = "f() {\n local state\n json_get_var state telnet\n [ -n \"$state\" ] && telnetd\n}\nf\n";
    assert_eq!(rcs(script, "telnetd").start, Start::Conditional);
}

#[test]
fn procd_puts_a_command_together() {
    let script = "#!/bin/sh /etc/rc.common\nUSE_PROCD=1\nstart_service() {\n config_load web\n config_foreach one web\n}\none() {\n local port\n config_get port $1 port 80\n procd_open_instance\n procd_set_param command /usr/sbin/uhttpd -f\n procd_append_param command -p $port\n [ -f /data/tls ] && procd_append_param command -s 443\n procd_set_param user www\n procd_close_instance\n}\n";
    let of = |config: &'static str| {
        let files = [
            ("/etc/rc.common", 0o755, "#!/bin/sh\n"),
            ("/etc/rc.d", 0o755, ""),
            ("/etc/init.d/web", 0o755, script),
            ("/etc/rc.d/S50web", 0o777, "-> ../init.d/web"),
            ("/etc/config/web", 0o644, config),
        ];
        services(&files).into_iter().filter(|s| s.program == "uhttpd").collect::<Vec<_>>()
    };
    let single = of("config web\n option port 8080\n");
    assert_eq!(single.len(), 1);
    assert_eq!(single[0].command.as_deref(), Some("/usr/sbin/uhttpd -f -p 8080"));
    assert_eq!(
        (single[0].user.as_deref(), single[0].listens.len()),
        (Some("www"), 0),
        "TLS or not: its ports are not known"
    );
    assert_eq!(of("config web\n option port 1\nconfig web\n option port 2\n").len(), 2, "one for each section");
    assert_eq!(of("config other\n")[0].start, Start::Disabled);
}

#[test]
fn scripts_without_end_are_cut_short_and_said() {
    // Each level of functions calls the next a hundred times.
    let level = |n: usize| format!("f{n}() {{ for i in 1 2 3 4 5 6 7 8 9 10; do f{}; done; }}\n", n + 1);
    let levels: String = (0..9).rev().map(level).collect();
    let script = format!("f9() {{ telnetd; }}\n{levels}f0\nftpd\n");
    let tree = FakeTree::new(&[("/etc/init.d/rcS", 0o755, script.as_str())]);
    let view = tree.view();
    let found = launches(&view);
    assert_eq!(found.iter().filter(|launch| launch.program() == "telnetd").count(), 1);
    assert_eq!(
        view.gaps.borrow().iter().filter(|(path, ..)| path == "/etc/init.d/rcS").count(),
        2,
        "steps and commands"
    );
}

proptest::proptest! {
    #[test]
    fn no_files_panic(parts in proptest::collection::vec(proptest::sample::select(vec![
        "telnetd ", "-p ", "22", "\n", "[ ", "] ", "&& ", "if ", "then ", "fi ", "$1 ", "${x:-", "} ", "`", "\"", "'", "{ ", "procd_set_param ",
        "procd_append_param ", "command ", "config_foreach ", "f ", "f() ", "( ", ") ", ";; ", "case ", "in ", "esac ", "service ", "= ", ":", "*/5 ",
        "@reboot ", "on ", "property:x=y ", "class ", "[Service]\n", "ExecStart=", "[Socket]\n", "ListenStream=", "\\\n", "stream ", "tcp ", "su ",
        "-c ", "chroot ", "tcpsvd ", "start-stop-daemon ", "-S ", "-x ", "%i", "\u{e9}", "/etc/init.d/rcS ", ". ", "cd ", "./",
    ]), 0..80)) {
        let text = parts.concat();
        let paths = [
            "/etc/inittab", "/etc/init.d/rcS", "/etc/inetd.conf", "/etc/xinetd.d/a", "/etc/cron.d/a", "/init.rc", "/etc/sv/a/run",
            "/etc/rc.common", "/etc/rc.d/S10a", "/lib/systemd/system/a@.service", "/lib/systemd/system/a.socket", "/etc/fstab",
            "/etc/systemd/system/multi-user.target.wants/a@b.service", "/etc/runlevels/default/rcS", "/etc/services", "/etc/swupdate.cfg",
        ];
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, text.as_str())).collect();
        crate::inspect::system_of_texts(&files);
    }
}
