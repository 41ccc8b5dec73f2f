//! Network endpoints named in files: where a device fetches its updates from, which cloud it reports to.
//!
//! Comments, documentation, licence texts, XML namespaces, examples and links for people are left out.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::bytes::Regex;
use sekisho_model::fact::{Endpoint, Observed};

use super::comment::{self, Language};
use super::{FileInput, Seen, mask};

/// Endpoints of one file that are listed.
const MAX_ENDPOINTS: usize = 100;

static URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)\b(https?|ftps?|mqtts?|wss?|rtsps?|rtmp|tftp|coaps?|amqps?|ldaps?)://([^\s"'<>`/\\)(,;|\x00-\x1f\x7f-\xff]{1,253})([^\s"'<>`\\)(|\x00-\x1f\x7f-\xff]{0,512})"#)
        .ok()
});

/// Hosts that stand in programs and texts to name a format, a licence or a project, not to be talked to.
const NAMED_ONLY: [&str; 50] = [
    "w3.org",
    "xmlsoap.org",
    "microsoft.com",
    "oasis-open.org",
    "onvif.org",
    "adobe.com",
    "purl.org",
    "xml.org",
    "gnu.org",
    "fsf.org",
    "apache.org",
    "opensource.org",
    "sourceforge.net",
    "sourceforge.io",
    "github.com",
    "github.io",
    "gitlab.com",
    "bitbucket.org",
    "googlecode.com",
    "code.google.com",
    "openssl.org",
    "busybox.net",
    "landley.net",
    "kernel.org",
    "haxx.se",
    "curl.se",
    "lua.org",
    "sqlite.org",
    "zlib.net",
    "gzip.org",
    "ietf.org",
    "iana.org",
    "rfc-editor.org",
    "mozilla.org",
    "wikipedia.org",
    "openwall.com",
    "ucc.asn.au",
    "thekelleys.org.uk",
    "w1.fi",
    "lighttpd.net",
    "nginx.org",
    "nginx.com",
    "mosquitto.org",
    "eclipse.org",
    "jquery.com",
    "jquery.org",
    "bugs.debian.org",
    "launchpad.net",
    "freedesktop.org",
    "uclibc.org",
];

/// Endings of the names of images.
const IMAGES: [&str; 7] = [".bin", ".bin.gz", ".img", ".ota", ".hex", ".uf2", ".zigbee"];

/// The endpoints in a file.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let Some(pattern) = URL.as_ref() else { return Vec::new() };
    let mut seen = Vec::new();
    let mut known = HashSet::new();
    let mut add = |captures: &regex::bytes::Captures<'_>, line: Option<(usize, &str)>| {
        let part =
            |i: usize| captures.get(i).map_or(String::new(), |m| String::from_utf8_lossy(m.as_bytes()).into_owned());
        let Some(endpoint) = endpoint(&part(1), &part(2), &part(3), &file.entry.path) else { return };
        // The same host once per file and scheme: what is behind it varies without end.
        if seen.len() < MAX_ENDPOINTS
            && known.insert((endpoint.scheme.clone(), endpoint.host.clone(), endpoint.url.clone()))
        {
            let url = endpoint.url.clone();
            let observed = Observed::Endpoint(endpoint);
            seen.push(match line {
                Some((index, text)) => Seen::at_line(observed, index, &without_credentials(text)),
                None => Seen::in_string(observed, &url),
            });
        }
    };
    if let Some(text) = &file.text {
        let language = comment::language(&file.entry.path, text);
        // Descriptions of the system and greetings name its makers' home pages.
        let about = ["os-release", "openwrt_release", "device_info", "issue", "motd"].contains(&file.name())
            || file.name().starts_with("banner");
        if language == Language::Prose || about {
            return Vec::new();
        }
        for (index, line, comment) in comment::lines(text, comment::style(&file.entry.path, language)) {
            for captures in pattern.captures_iter(line.as_bytes()) {
                let at = captures.get(0).map_or(0, |m| m.start());
                let before = line[..at].trim_end_matches(['"', '\'', '\\']);
                // A link is for the person who reads the page; a document type names a format.
                let link = language == Language::Markup
                    && (before.ends_with("href=") || line.contains("<!DOCTYPE") || before.contains("xmlns"));
                if at < comment && !link {
                    add(&captures, Some((index, line)));
                }
            }
        }
    } else if file.is_elf() && !is_relocatable(file.bytes) {
        for captures in stand_alone(pattern, file.bytes) {
            add(&captures, None);
        }
    }
    seen
}

/// The addresses in program code. In a program a URL is a string of its own; in the middle of a sentence it is help or a licence.
fn stand_alone<'b>(pattern: &'b Regex, code: &'b [u8]) -> impl Iterator<Item = regex::bytes::Captures<'b>> {
    pattern.captures_iter(code).filter(|captures| {
        let before = captures.get(0).and_then(|m| code.get(m.start().checked_sub(1)?));
        before.is_some_and(|b| !matches!(b, b' ' | b'(' | b'<'))
    })
}

/// The endpoints in program code without a file around it, each with its offset.
pub(super) fn in_code(code: &[u8]) -> Vec<(usize, Seen)> {
    let Some(pattern) = URL.as_ref() else { return Vec::new() };
    stand_alone(pattern, code)
        .filter_map(|captures| {
            let part =
                |i: usize| String::from_utf8_lossy(captures.get(i).map_or(&[][..], |m| m.as_bytes())).into_owned();
            let endpoint = endpoint(&part(1), &part(2), &part(3), "")?;
            let url = endpoint.url.clone();
            Some((captures.get(0)?.start(), Seen::in_string(Observed::Endpoint(endpoint), &url)))
        })
        .collect()
}

/// Kernel modules name their authors' home pages.
fn is_relocatable(elf: &[u8]) -> bool {
    matches!(elf.get(16..18), Some([1, 0] | [0, 1]))
}

fn endpoint(scheme: &str, authority: &str, rest: &str, path: &str) -> Option<Endpoint> {
    let scheme = scheme.to_ascii_lowercase();
    let host_port =
        authority.rsplit_once('@').map_or(authority, |(_, host)| host).trim_end_matches(['.', ':', ']', '}']);
    let host = host_port
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host_port, |(host, _)| host);
    if !is_host(host) {
        return None;
    }
    let lower = host.to_ascii_lowercase();
    let under = |domain: &str| lower == domain || lower.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'));
    let example = [
        "example.com",
        "example.org",
        "example.net",
        "test",
        "invalid",
        "localhost",
        "domain.com",
        "your.org.here",
        "yourdomain.com",
    ];
    let local = lower.starts_with("127.") || lower == "0.0.0.0" || lower == "255.255.255.255";
    // A project's home is named; an image that lies there is fetched.
    let image = || IMAGES.iter().any(|ending| rest.to_ascii_lowercase().ends_with(ending));
    if example.iter().any(|d| under(d)) || local || (NAMED_ONLY.iter().any(|d| under(d)) && !image()) {
        return None;
    }
    if ["schemas.", "xmlns.", "ns.", "wiki.", "docs.", "doc.", "forum.", "bugs.", "lists."]
        .iter()
        .any(|p| lower.starts_with(p))
    {
        return None;
    }
    let rest = rest.trim_end_matches(['.', ',', ';', ':', ']', '}', '*']);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let all = format!("{lower}{}", rest.to_ascii_lowercase());
    let any = |words: &[&str]| words.iter().any(|w| all.contains(w));
    let feed = ["/opkg", "/apt/", "sources.list", "/apk/repositories", "distfeeds", "customfeeds"]
        .iter()
        .any(|p| path.contains(p));
    let purpose = if feed {
        "package-feed"
    } else if any(&["update", "upgrade", "firmware", "/ota", "ota.", "fota", "/fw/", "download"]) {
        "update"
    } else if any(&["ntp.", "time."]) {
        "time"
    } else if matches!(scheme.as_str(), "mqtt" | "mqtts" | "amqp" | "amqps" | "coap" | "coaps")
        || any(&["api.", "/api", "cloud", "iot.", "mqtt", "amazonaws", "aliyun", "azure", "telemetry", "p2p"])
    {
        "cloud"
    } else {
        "unknown"
    };
    Some(Endpoint {
        url: format!("{scheme}://{host_port}{rest}"),
        cleartext: matches!(
            scheme.as_str(),
            "http" | "ftp" | "mqtt" | "ws" | "rtsp" | "rtmp" | "tftp" | "coap" | "amqp" | "ldap"
        ),
        scheme,
        host: host.to_owned(),
        purpose: purpose.to_owned(),
    })
}

/// A name with a dot and a plausible last label, or an address.
fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let valid = labels.iter().all(|l| {
        !l.is_empty() && l.len() <= 63 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    });
    if !valid || labels.len() < 2 {
        return false;
    }
    if labels.iter().all(|l| l.bytes().all(|b| b.is_ascii_digit())) {
        return labels.len() == 4 && labels.iter().all(|l| l.parse::<u8>().is_ok());
    }
    labels.last().is_some_and(|last| last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn without_credentials(line: &str) -> String {
    static USER: LazyLock<Option<regex::Regex>> =
        LazyLock::new(|| regex::Regex::new(r"://([^\s/@:]+):([^\s/@]+)@").ok());
    match USER.as_ref().and_then(|p| p.captures(line)) {
        Some(captures) => line.replace(&captures[2], &mask(&captures[2])),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(path: &str, text: &str) -> Vec<(String, String)> {
        let entry = Entry { path: path.into(), ..Entry::default() };
        let file = FileInput {
            entry: &entry,
            bytes: text.as_bytes(),
            text: super::super::text_of(text.as_bytes()),
            today: time::Date::MIN,
        };
        inspect(&file)
            .into_iter()
            .map(|seen| {
                let Observed::Endpoint(endpoint) = seen.observed else { panic!() };
                (endpoint.url, endpoint.purpose)
            })
            .collect()
    }

    #[test]
    fn feeds_and_updates() {
        assert_eq!(
            of(
                "/etc/opkg/distfeeds.conf",
                "src/gz base http://downloads.openwrt.org/base\n# src/gz x http://commented.org/x\n"
            ),
            [("http://downloads.openwrt.org/base".into(), "package-feed".into())]
        );
        assert_eq!(of("/etc/init.d/up", "#!/bin/sh\nwget http://fw.vendor.cn/update.bin # http://no.org\n").len(), 1);
        assert_eq!(
            of("/etc/app.conf", "server=mqtt://user:secret@broker.vendor.cn:1883\n"),
            [("mqtt://broker.vendor.cn:1883".into(), "cloud".into())]
        );
    }

    #[test]
    fn what_names_a_format_or_an_example_is_left_out() {
        for text in [
            "<a xmlns=\"http://www.w3.org/1999/xhtml\">",
            "url=http://www.example.com/x",
            "url=http://127.0.0.1/x",
            "case http://*|ftp://*)",
            "url=http://$HOST/x",
            "url=http://%s/x",
            "see http://www.gnu.org/licenses/",
        ] {
            assert!(of("/etc/x.conf", text).is_empty(), "{text}");
        }
        assert!(of("/usr/share/doc/x/README", "http://vendor.cn/").is_empty());
        // But an image is fetched from a project's home, too.
        let image = of("/etc/x.conf", "url=http://github.com/vendor/firmware/node.bin.gz");
        assert_eq!(image, [("http://github.com/vendor/firmware/node.bin.gz".into(), "update".into())]);
    }
}
