//! The super-servers: `inetd.conf` and `xinetd.d`. What they name runs where they do; otherwise it only lies there.

use sekisho_model::fact::Start;

use super::super::file_name;
use super::launch::Launch;
use super::ports;
use crate::tree::View;

/// The entries of the super-servers' files.
pub(super) fn launches(view: &View<'_>, so_far: &[Launch], out: &mut Vec<Launch>) {
    let begun = so_far
        .iter()
        .filter(|launch| matches!(launch.program(), "inetd" | "xinetd"))
        .min_by_key(|launch| launch.start)
        .map(|launch| (launch.start, launch.condition.clone()));
    let names = ports::Names::of(view);
    let before = out.len();
    inetd_conf(view, &names, out);
    xinetd(view, &names, out);
    for launch in out.iter_mut().skip(before).filter(|launch| launch.start == Start::Boot) {
        if let Some((start, condition)) = &begun {
            launch.at_most(*start, condition.as_deref());
        } else {
            launch.start = Start::Present;
            launch.by = None;
        }
    }
}

fn inetd_conf(view: &View<'_>, names: &ports::Names, out: &mut Vec<Launch>) {
    let Some((entry, text)) = view.text("/etc/inetd.conf") else { return };
    for (index, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // service, socket, protocol, wait, user, server, arguments; some vendors' files have a word in front.
        let Some(socket) = fields.iter().position(|f| matches!(*f, "stream" | "dgram")) else { continue };
        let behind = |by: usize| fields.get(socket + by).copied();
        let (Some(service), Some(transport), Some(user), Some(server)) =
            (socket.checked_sub(1).and_then(|at| fields.get(at)), behind(1), behind(3), behind(4))
        else {
            continue;
        };
        if line.trim_start().starts_with('#') {
            continue;
        }
        // Behind the program its arguments begin with its own name; `tcpd` lets through to the program that these name.
        let mut words: Vec<String> = fields.iter().skip(socket + 5).map(|w| (*w).to_owned()).collect();
        if file_name(server) != "tcpd" || words.is_empty() {
            words = std::iter::once(server.to_owned()).chain(words.into_iter().skip(1)).collect();
        }
        let internal = words.first().is_some_and(|word| word == "internal");
        let mut launch = Launch::new(words, &entry.path, Some(index), line.trim(), "inetd");
        if internal {
            launch.words = vec![(*service).to_owned()];
        }
        launch.user = Some(user.split(['.', ':', '/']).next().unwrap_or(user).to_owned());
        launch.listens = names.socket(service, transport);
        launch.protocol = Some((*service).to_owned());
        out.push(launch);
    }
}

fn xinetd(view: &View<'_>, names: &ports::Names, out: &mut Vec<Launch>) {
    let mut files = view.listing("/etc/xinetd.d");
    files.extend(view.resolve("/etc/xinetd.conf"));
    for entry in files {
        let Some(text) = view.text_of(entry) else { continue };
        let mut service: Option<(usize, &str)> = None;
        let mut attributes: Vec<(&str, &str)> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some(name) = line.strip_prefix("service ") {
                service = Some((index, name.trim()));
                attributes.clear();
            } else if line == "}" {
                if let Some((index, name)) = service.take() {
                    out.extend(of_service(&entry.path, index, name, &attributes, names));
                }
            } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                attributes.push((key.trim().trim_end_matches(['+', '-']).trim(), value.trim()));
            }
        }
    }
}

fn of_service(
    path: &str,
    index: usize,
    name: &str,
    attributes: &[(&str, &str)],
    names: &ports::Names,
) -> Option<Launch> {
    let get = |wanted: &str| attributes.iter().rev().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
    let internal = get("type").is_some_and(|value| value.contains("INTERNAL"));
    let server = if internal { name } else { get("server")? };
    let mut words = vec![server.to_owned()];
    words.extend(get("server_args").unwrap_or_default().split_whitespace().map(str::to_owned));
    let mut launch = Launch::new(words, path, Some(index), &format!("service {name}: server = {server}"), "inetd");
    if get("disable").is_some_and(|value| value.eq_ignore_ascii_case("yes")) {
        launch.start = Start::Disabled;
        launch.condition = Some("disable = yes".to_owned());
    }
    launch.user = get("user").map(str::to_owned);
    let transport = get("protocol")
        .or_else(|| get("socket_type").map(|t| if t == "dgram" { "udp" } else { "tcp" }))
        .unwrap_or("tcp");
    let service = get("port").unwrap_or(name);
    launch.listens = match get("bind").or_else(|| get("interface")) {
        Some(address) => names
            .number(service, transport)
            .and_then(|port| ports::socket(transport, address, &port))
            .into_iter()
            .collect(),
        None => names.socket(service, transport),
    };
    launch.protocol = Some(name.to_owned());
    Some(launch)
}
