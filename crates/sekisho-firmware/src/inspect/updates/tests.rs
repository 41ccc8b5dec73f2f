use sekisho_model::fact::{Observed, Start, UpdateMechanism};

use super::super::services;
use super::*;
use crate::inspect::{FileInput, text_of};
use crate::tree::Tree as _;
use crate::tree::tests::FakeTree;

fn found(files: &[(&str, u16, &str)]) -> Vec<UpdateMechanism> {
    let tree = FakeTree::new(files);
    let view = tree.view();
    let launches = services::launches(&view);
    let all = inspect(&view, &launches);
    all.into_iter().map(|(_, seen)| value(seen)).collect()
}

fn value(seen: Seen) -> UpdateMechanism {
    match seen.observed {
        Observed::UpdateMechanism(mechanism) => mechanism,
        other => panic!("{other:?}"),
    }
}

fn script(text: &str) -> Vec<UpdateMechanism> {
    let tree = FakeTree::new(&[("/usr/bin/upgrade.sh", 0o755, text)]);
    let entry = &tree.entries()[0];
    let file = FileInput { entry, bytes: text.as_bytes(), text: text_of(text.as_bytes()), today: time::Date::MIN };
    script::inspect(&file).into_iter().map(value).collect()
}

#[test]
fn opkg_checks_where_it_is_told_to() {
    let files = |option: &'static str| {
        found(&[
            ("/bin/opkg", 0o755, "x\0"),
            ("/etc/opkg.conf", 0o644, option),
            ("/etc/opkg/distfeeds.conf", 0o644, "src/gz base http://downloads.openwrt.org/x\n#src/gz no http://no/\n"),
            ("/etc/opkg/keys/53bad1233d4c98c5", 0o644, "untrusted comment\n"),
        ])
    };
    let with = files("dest root /\noption check_signature\n");
    assert_eq!((with[0].verifies, with[0].trust_anchor.as_deref()), (Some(true), Some("/etc/opkg/keys")));
    assert_eq!((with[0].sources.len(), with[0].cleartext, with[0].start), (1, true, Some(Start::Present)));
    let without = files("dest root /\n");
    assert_eq!((without[0].verifies, without[0].trust_anchor.as_deref()), (Some(false), None));
    assert_eq!(files("option check_signature 0\n")[0].verifies, Some(false));
}

#[test]
fn apt_checks_unless_told_not_to() {
    let of = |list: &'static str| found(&[("/usr/bin/apt-get", 0o755, "x\0"), ("/etc/apt/sources.list", 0o644, list)]);
    let checked = of("deb [signed-by=/usr/share/keyrings/a.gpg] https://user:pw@deb.example.org stable main\n");
    assert_eq!((checked[0].verifies, checked[0].cleartext), (Some(true), false));
    assert_eq!(checked[0].sources, ["https://deb.example.org"]);
    assert_eq!(checked[0].trust_anchor.as_deref(), Some("/usr/share/keyrings/a.gpg"));
    let trusted = of("deb [trusted=yes] http://deb.example.org ./\n");
    assert_eq!((trusted[0].verifies, trusted[0].cleartext), (Some(false), true));
}

#[test]
fn apk_and_dnf() {
    let apk = found(&[
        ("/sbin/apk", 0o755, "x\0"),
        ("/etc/apk/repositories", 0o644, "http://dl-cdn.alpinelinux.org/alpine/v3.20/main\n"),
        ("/etc/apk/keys/a.rsa.pub", 0o644, "k"),
    ]);
    assert_eq!(
        (apk[0].verifies, apk[0].trust_anchor.as_deref(), apk[0].cleartext),
        (Some(true), Some("/etc/apk/keys"), true)
    );
    let repo = "[a]\nbaseurl=https://a.example/\ngpgcheck=1\ngpgkey=file:///etc/pki/a\n[b]\nbaseurl=https://b.example/\ngpgcheck=0\n[c]\nbaseurl=https://c.example/\nenabled=0\n";
    let dnf = found(&[("/usr/bin/dnf", 0o755, "x\0"), ("/etc/yum.repos.d/x.repo", 0o644, repo)]);
    let states: Vec<_> = dnf.iter().map(|m| (m.verifies, m.sources[0].as_str())).collect();
    assert_eq!(states, [(Some(true), "https://a.example/"), (Some(false), "https://b.example/")]);
}

#[test]
fn sysupgrade_needs_both_the_order_and_the_tool() {
    let of = |order: &'static str, tool: bool| {
        let mut files = vec![
            ("/sbin/sysupgrade", 0o755, "#!/bin/sh\ninclude /lib/upgrade\n"),
            ("/lib/upgrade/fwtool.sh", 0o644, "fwtool_check_signature() { :; }\n"),
            ("/lib/upgrade/platform.sh", 0o644, order),
        ];
        if tool {
            files.push(("/usr/bin/ucert", 0o755, "x\0"));
        }
        found(&files)[0].verifies
    };
    assert_eq!(of("REQUIRE_IMAGE_SIGNATURE=1\n", true), Some(true));
    assert_eq!(of("REQUIRE_IMAGE_SIGNATURE=1\n", false), Some(false));
    assert_eq!(of("REQUIRE_IMAGE_METADATA=1\n", true), Some(false));
}

#[test]
fn swupdate_with_and_without_a_key() {
    let of = |command: &'static str| {
        found(&[
            ("/etc/inittab", 0o644, "::sysinit:/etc/init.d/rcS\n"),
            ("/etc/init.d/rcS", 0o755, command),
            ("/usr/bin/swupdate", 0o755, "x\0"),
        ])
        .remove(0)
    };
    let with = of("swupdate -k /etc/swupdate.pem -u '-u http://hawkbit.example:8080'\n");
    assert_eq!((with.verifies, with.trust_anchor.as_deref()), (Some(true), Some("/etc/swupdate.pem")));
    assert_eq!(with.start, Some(Start::Boot));
    assert_eq!(of("swupdate -w '-r /www'\n").verifies, Some(false));
    assert_eq!(of("swupdate $ARGS\n").verifies, None);
    assert_eq!(of("#swupdate\n").verifies, None);
}

#[test]
fn rauc_mender_ostree() {
    let rauc = found(&[
        ("/usr/bin/rauc", 0o755, "x\0"),
        ("/etc/rauc/system.conf", 0o644, "[system]\ncompatible=x\n[keyring]\npath=ca.cert.pem\n"),
    ]);
    assert_eq!((rauc[0].verifies, rauc[0].trust_anchor.as_deref()), (Some(true), Some("/etc/rauc/ca.cert.pem")));
    let mender = |settings: &'static str| {
        found(&[("/usr/bin/mender", 0o755, "x\0"), ("/etc/mender/mender.conf", 0o644, settings)]).remove(0)
    };
    let with = mender(
        "{\"ArtifactVerifyKey\": \"/etc/mender/key.pem\", \"Servers\": [{\"ServerURL\": \"https://m.example\"}]}",
    );
    assert_eq!((with.verifies, with.cleartext), (Some(true), false));
    assert_eq!(mender("{\"ServerURL\": \"http://m.example\"}").verifies, Some(false));
    let ostree = |line: &'static str| found(&[("/etc/ostree/remotes.d/x.conf", 0o644, line)]).remove(0).verifies;
    assert_eq!(ostree("[remote \"x\"]\nurl=https://o.example\n"), Some(true));
    assert_eq!(ostree("[remote \"x\"]\nurl=https://o.example\ngpg-verify=false\n"), Some(false));
}

#[test]
fn scripts_that_write_flash() {
    let plain = script(
        "#!/bin/sh\ncd /tmp\nwget http://u:p@fw.example.com/fw.bin -O fw.bin || exit 1\nmd5sum -c fw.md5\nflashcp -v fw.bin /dev/mtd2\nreboot\n",
    );
    assert_eq!(plain.len(), 1);
    assert_eq!((plain[0].mechanism.as_str(), plain[0].verifies, plain[0].cleartext), ("script", Some(false), true));
    assert_eq!(
        (plain[0].sources.as_slice(), plain[0].start),
        (["http://fw.example.com/fw.bin".to_owned()].as_slice(), None)
    );
    let checked = script(
        "#!/bin/sh\nopenssl dgst -sha256 -verify /etc/key.pem -signature fw.sig fw.bin || exit 1\nmtd write fw.bin firmware\n",
    );
    assert_eq!((checked[0].verifies, checked[0].trust_anchor.as_deref()), (Some(true), Some("/etc/key.pem")));
    let vendor = script("#!/bin/sh\nfwcheck $1 || exit 1\nmtd -r write $1 firmware\n");
    assert_eq!(vendor[0].verifies, None, "a program of the vendor's may check");
    let late = script("#!/bin/sh\nmtd write fw.bin firmware\ngpgv fw.sig fw.bin\n");
    assert_eq!(late[0].verifies, None, "what is checked when it is written is not checked before");
    let piped = script("#!/bin/sh\ncurl -s http://x.example/run | sh\n");
    assert_eq!((piped[0].verifies, piped[0].cleartext), (Some(false), true));
}

#[test]
fn scripts_that_do_not() {
    for text in [
        "#!/bin/sh\n# flashcp fw.bin /dev/mtd2\necho mtd write x firmware\n",
        "#!/bin/sh\nmtd erase rootfs_data\n",
        "#!/bin/sh\nmtd write /tmp/cal art\n",
        "#!/bin/sh\ndd if=/dev/zero of=/tmp/swap\n",
        "#!/bin/sh\ncurl http://x.example/ | grep x\n",
        "#!/bin/sh\ngrep mtd /proc/mtd\n",
    ] {
        assert_eq!(script(text), [], "{text}");
    }
}

#[test]
fn a_script_that_cron_starts() {
    let text = "#!/bin/sh\nwget -O /tmp/fw http://fw.example.com/x\nmtd write /tmp/fw firmware\n";
    let all = found(&[
        ("/etc/inittab", 0o644, "::sysinit:/etc/init.d/rcS\n"),
        ("/etc/init.d/rcS", 0o755, "crond\n"),
        ("/etc/crontabs/root", 0o600, "0 3 * * * /usr/bin/upgrade.sh\n"),
        ("/usr/bin/upgrade.sh", 0o755, text),
    ]);
    assert_eq!((all.len(), all[0].start, all[0].verifies), (1, Some(Start::Conditional), Some(false)));
}
