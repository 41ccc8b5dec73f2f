//! Web servers: lighttpd, nginx, Apache, and the small ones of embedded devices.

use super::super::services::{endpoint, socket};
use super::super::uci;
use super::{File, TLS_VERSIONS, lowest_tls, pair, tls_version, yes_no};

/// `lighttpd.conf`.
pub(super) fn lighttpd(file: &mut File<'_>) {
    let (mut port, mut address) = (None, "");
    // Blocks hold for some requests or another socket only.
    let mut depth = 0_usize;
    for (index, line) in file.lines() {
        // `$SERVER["socket"] == ":443" {` opens another socket.
        if let Some((_, rest)) = line.split_once("$SERVER[\"socket\"]") {
            let text = rest.split('"').nth(1).unwrap_or_default();
            file.listens(endpoint("tcp", text));
        }
        let (opened, closed) = (line.matches('{').count(), line.matches('}').count());
        let outside = depth == 0;
        depth = (depth + opened).saturating_sub(closed);
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_start_matches('>').trim().trim_matches('"');
        match key.trim().trim_end_matches('+').trim() {
            "server.port" if outside => port = Some(value),
            "server.bind" if outside => address = value,
            "ssl.engine" => file.set(index, line, "tls", yes_no(value == "enable")),
            "ssl.openssl.ssl-conf-cmd" => {
                // ("MinProtocol" => "TLSv1.2") or ("Protocol" => "-TLSv1.1, …")
                let parts: Vec<&str> = line.split('"').collect();
                if let Some(at) = parts.iter().position(|p| *p == "MinProtocol")
                    && let Some(version) = parts.get(at + 2).and_then(|v| tls_version(v))
                {
                    file.set(index, line, "tls-min-version", version);
                }
            }
            "ssl.use-sslv3" if value == "enable" => file.set(index, line, "tls-min-version", "ssl3"),
            "ssl.use-sslv2" if value == "enable" => file.set(index, line, "tls-min-version", "ssl2"),
            "dir-listing.activate" | "server.dir-listing" => {
                file.set(index, line, "directory-listing", yes_no(value == "enable"));
            }
            "server.username" => file.set(index, line, "user", value),
            "auth.require" => file.set(index, line, "authentication", "yes"),
            _ => {}
        }
    }
    if port.is_some() || !address.is_empty() {
        file.listens(socket("tcp", address, port.unwrap_or("80")));
    }
}

/// `nginx.conf` and what it includes.
pub(super) fn nginx(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "ssl_protocols" => {
                if let Some(version) = lowest_tls(value.split_whitespace()) {
                    file.set(index, line, "tls-min-version", version);
                }
            }
            "listen" => {
                let mut words = value.split_whitespace();
                file.listens(words.next().and_then(|word| endpoint("tcp", word)));
                let encrypted = words.any(|w| w == "ssl" || w == "quic");
                file.set(index, line, "tls", yes_no(encrypted));
            }
            "autoindex" => file.set(index, line, "directory-listing", yes_no(value == "on")),
            "server_tokens" => file.set(index, line, "server-tokens", yes_no(value == "on")),
            "auth_basic" => file.set(index, line, "authentication", yes_no(value != "off")),
            "user" => file.set(index, line, "user", value.split_whitespace().next().unwrap_or(value)),
            _ => {}
        }
    }
}

/// `apache2.conf`, `httpd.conf` and the sites.
pub(super) fn apache(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key.to_ascii_lowercase().as_str() {
            "listen" => file.listens(endpoint("tcp", value.split_whitespace().next().unwrap_or_default())),
            "sslengine" => file.set_switch(index, line, "tls", value),
            "sslprotocol" => {
                if let Some(version) = apache_protocols(value) {
                    file.set(index, line, "tls-min-version", version);
                }
            }
            "options" => {
                let word =
                    value.split_whitespace().find(|w| w.trim_start_matches(['+', '-']).eq_ignore_ascii_case("indexes"));
                if let Some(word) = word {
                    file.set(index, line, "directory-listing", yes_no(!word.starts_with('-')));
                }
            }
            "servertokens" => {
                file.set(index, line, "server-tokens", yes_no(!value.to_ascii_lowercase().starts_with("prod")));
            }
            // `User ${APACHE_RUN_USER}` is told elsewhere.
            "user" if !value.contains('$') => file.set(index, line, "user", value.trim_start_matches('#')),
            _ => {}
        }
    }
}

/// The lowest version of `SSLProtocol all -SSLv3 -TLSv1`; `all` itself depends on the library's age.
fn apache_protocols(value: &str) -> Option<&'static str> {
    let words: Vec<&str> = value.split_whitespace().collect();
    if !words.iter().any(|w| w.trim_start_matches('+').eq_ignore_ascii_case("all")) {
        return lowest_tls(words.iter().filter(|w| !w.starts_with('-')).map(|w| w.trim_start_matches('+')));
    }
    let without: Vec<&str> = words.iter().filter_map(|w| tls_version(w.strip_prefix('-')?)).collect();
    // Without a word on a version `all` may or may not hold it: only the TLS versions are in every `all`.
    let lowest = TLS_VERSIONS.iter().skip(2).find(|version| !without.contains(version));
    lowest.copied()
}

/// `boa.conf`.
pub(super) fn boa(file: &mut File<'_>) {
    let (mut port, mut address) = (None, "");
    for (index, line) in file.lines() {
        match pair(line) {
            Some(("User", value)) => file.set(index, line, "user", value),
            Some(("DirectoryMaker", _)) => file.set(index, line, "directory-listing", "yes"),
            Some(("Port", value)) => port = Some(value),
            Some(("Listen", value)) => address = value,
            _ => {}
        }
    }
    if let Some(port) = port {
        file.listens(socket("tcp", address, port));
    }
}

/// `thttpd.conf` and `mini_httpd.conf`: `key=value`, or a word alone.
pub(super) fn thttpd(file: &mut File<'_>) {
    let (mut port, mut address) = (None, "");
    for (index, line) in file.lines() {
        for word in line.split_whitespace() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("user", value) => file.set(index, line, "user", value),
                ("port", value) => port = Some(value),
                ("host", value) => address = value,
                ("ssl", _) => file.set(index, line, "tls", "yes"),
                _ => {}
            }
        }
    }
    if let Some(port) = port {
        file.listens(socket("tcp", address, port));
    }
}

/// BusyBox's `httpd.conf`: `/path:user:password` asks for a password there (`networking/httpd.c`).
pub(super) fn busybox(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let mut fields = line.split(':');
        if let (Some(path), Some(user), Some(_)) = (fields.next(), fields.next(), fields.next())
            && path.starts_with('/')
        {
            file.set(index, &format!("{path}:{user}:…"), "authentication", "yes");
        }
    }
}

/// GoAhead's `route.txt`: `route uri=/ auth=digest` (GoAhead, `src/route.txt`).
pub(super) fn goahead(file: &mut File<'_>) {
    for (index, line) in file.lines().filter(|(_, line)| line.starts_with("route ")) {
        let asks = line.split_whitespace().any(|w| w.strip_prefix("auth=").is_some_and(|kind| kind != "none"));
        file.set(index, line, "authentication", yes_no(asks));
    }
}

/// `/etc/config/uhttpd`.
pub(super) fn uhttpd(file: &mut File<'_>) {
    for section in uci::parse(file.text).iter().filter(|s| s.kind == "uhttpd") {
        let https = section.get("listen_https");
        if let Some((value, line)) = https.or_else(|| section.get("listen_http")) {
            file.set(line, value, "tls", yes_no(https.is_some()));
        }
        for (_, value, _) in section.options.iter().filter(|(o, _, _)| o == "listen_http" || o == "listen_https") {
            for word in value.split_whitespace() {
                file.listens(endpoint("tcp", word));
            }
        }
        let switches = [("redirect_https", "redirect-https", false), ("no_dirlists", "directory-listing", true)];
        for (option, name, inverted) in switches {
            if let Some((value, line)) = section.get(option)
                && let Some(on) = uci::boolean(value)
            {
                file.set(line, &format!("option {option} '{value}'"), name, yes_no(on != inverted));
            }
        }
    }
}
