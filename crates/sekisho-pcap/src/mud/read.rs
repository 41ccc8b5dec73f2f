//! Reads a MUD file and says everything that is wrong with it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use sekisho_diag::{Place, Problem, Severity};

use super::{AccessList, Direction, Form, Forwarding, Mud, Peer, Ports, Prefix, Rule};
use crate::json::{self, Node, Value};
use crate::limits::Limits;

const ACLS: &str = "ietf-access-control-list:acls";
const ACCESS_LISTS: &str = "ietf-access-control-list:access-lists";
const FORMAT: &str = "RFC 8520, section 9, shows a MUD file";

/// Reads the MUD file `bytes`, which messages call `name`: what it says, and what is wrong with it. Errors among the problems are against
/// RFC 8520 or 8519; what could be read stands all the same.
///
/// # Errors
/// Where it is no MUD file at all.
pub fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<(Mud, Vec<Problem>), Problem> {
    if bytes.len() as u64 > limits.mud {
        return Err(Problem::error("mud-too-large", format!("larger than {} bytes", limits.mud))
            .at(Place::file(name))
            .hint("a MUD file is some kilobytes; is this another file?"));
    }
    let source = std::str::from_utf8(bytes).map_err(|error| {
        Problem::error("mud-syntax", "no UTF-8")
            .at(Place::Offset { file: name.to_owned(), offset: error.valid_up_to() as u64 })
            .hint("JSON is UTF-8 (RFC 8259, section 8.1)")
    })?;
    let root = json::parse(source, name)?;
    let Some(mud) = root.get("ietf-mud:mud") else {
        return Err(Problem::error("not-a-mud-file", "'ietf-mud:mud' is missing at the top")
            .at(json::place(source, root.at, name))
            .hint(FORMAT));
    };
    let mut reader = Reader { source, name, problems: Vec::new(), more: 0, limit: limits.problems };
    let read = reader.file(&root, mud, limits);
    Ok((read, reader.finish()))
}

struct Reader<'a> {
    source: &'a str,
    name: &'a str,
    problems: Vec<Problem>,
    more: usize,
    limit: usize,
}

impl Reader<'_> {
    fn finish(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let text = format!("{} more problems are not listed", self.more);
            self.problems.push(Problem::note("mud-more-problems", text).at(Place::file(self.name)));
        }
        self.problems
    }

    fn add(&mut self, problem: Problem, at: usize, hint: &str) {
        if self.problems.len() >= self.limit {
            self.more += 1;
            return;
        }
        self.problems.push(problem.at(json::place(self.source, at, self.name)).hint(hint));
    }

    fn error(&mut self, code: &'static str, at: usize, message: impl Into<String>, hint: &str) {
        self.add(Problem::error(code, message), at, hint);
    }

    fn warning(&mut self, code: &'static str, at: usize, message: impl Into<String>, hint: &str) {
        self.add(Problem::warning(code, message), at, hint);
    }

    fn wrong_type(&mut self, field: &str, node: &Node, wanted: &str) {
        let text = format!("'{field}' is {}, expected {wanted}", node.kind());
        self.error("mud-wrong-type", node.at, text, FORMAT);
    }

    fn text(&mut self, parent: &Node, field: &str) -> Option<String> {
        let node = parent.get(field)?;
        if let Value::Text(text) = &node.value {
            return Some(text.clone());
        }
        self.wrong_type(field, node, "a text");
        None
    }

    /// A number that fits into `0..=most`.
    fn number(&mut self, parent: &Node, field: &str, most: u64) -> Option<u64> {
        let node = parent.get(field)?;
        let Value::Number(number) = &node.value else {
            self.wrong_type(field, node, "a number");
            return None;
        };
        let number = number.parse::<u64>().ok().filter(|number| *number <= most);
        if number.is_none() {
            self.error("mud-number", node.at, format!("'{field}' is not a whole number from 0 to {most}"), FORMAT);
        }
        number
    }

    fn items<'n>(&mut self, parent: &'n Node, field: &str) -> &'n [Node] {
        let Some(node) = parent.get(field) else { return &[] };
        if let Value::List(items) = &node.value {
            return items;
        }
        self.wrong_type(field, node, "a list");
        &[]
    }

    fn required(&mut self, parent: &Node, field: &str) {
        if parent.get(field).is_none() {
            let text = format!("'{field}' is missing");
            self.error("mud-missing", parent.at, text, "RFC 8520, section 7: the leaf is mandatory");
        }
    }

    fn twice(&mut self, node: &Node) {
        let mut seen = BTreeSet::new();
        for member in node.members() {
            if !seen.insert(member.key.as_str()) {
                let text = format!("'{}' stands there more than once; the first one was read", member.key);
                self.error("mud-duplicate", member.at, text, "remove all but one");
            }
        }
    }

    fn file(&mut self, root: &Node, mud: &Node, limits: &Limits) -> Mud {
        if !matches!(mud.value, Value::Object(_)) {
            self.wrong_type("ietf-mud:mud", mud, "an object");
        }
        self.twice(root);
        self.twice(mud);
        for field in ["mud-version", "mud-url", "last-update", "is-supported"] {
            self.required(mud, field);
        }
        let version = self.number(mud, "mud-version", 255);
        if let (Some(other), Some(node)) = (version.filter(|version| *version != 1), mud.get("mud-version")) {
            let text = format!("'mud-version' is {other}, which this program does not know");
            self.error("mud-version", node.at, text, "RFC 8520 is version 1");
        }
        let url = self.text(mud, "mud-url");
        self.https(mud, "mud-url", url.as_deref(), 253);
        let signature = self.text(mud, "mud-signature");
        match &signature {
            Some(_) => self.https(mud, "mud-signature", signature.as_deref(), usize::MAX),
            None => self.warning(
                "mud-unsigned",
                mud.at,
                "'mud-signature' is missing: nobody can tell whether the file was changed on its way",
                "sign it with CMS (RFC 8520, section 13) and give the URL of the signature",
            ),
        }
        let last_update = self.text(mud, "last-update");
        if let (Some(text), Some(node)) = (&last_update, mud.get("last-update"))
            && time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_err()
        {
            let text = format!("'last-update' is '{}', no date and time", shown(text));
            self.error("mud-date", node.at, text, "write it as RFC 3339 does: 2026-01-31T12:00:00Z");
        }
        let cache_validity = self.number(mud, "cache-validity", 255);
        if let (Some(hours), Some(node)) = (cache_validity, mud.get("cache-validity"))
            && !(1..=168).contains(&hours)
        {
            let text = format!("'cache-validity' is {hours} hours, expected 1 to 168");
            self.error("mud-cache-validity", node.at, text, "RFC 8520, section 3.5: at most a week; 48 where left out");
        }
        let supported = mud.get("is-supported").and_then(|node| {
            if let Value::Bool(supported) = node.value {
                if !supported {
                    let text = "the device is no longer supported, as the file says";
                    self.warning("mud-not-supported", node.at, text, "replace the device, or isolate it");
                }
                return Some(supported);
            }
            self.wrong_type("is-supported", node, "true or false");
            None
        });
        let system_info = self.text(mud, "systeminfo");
        if let (Some(text), Some(node)) = (&system_info, mud.get("systeminfo"))
            && text.chars().count() > 60
        {
            let text = format!("'systeminfo' has {} characters", text.chars().count());
            self.warning("mud-systeminfo", node.at, text, "RFC 8520, section 3.7: no more than 60");
        }
        let mut extensions = Vec::new();
        for node in self.items(mud, "extensions") {
            match &node.value {
                Value::Text(name) if (1..=40).contains(&name.chars().count()) => {
                    let text = format!("the extension '{}' was not read", shown(name));
                    self.warning("mud-extension", node.at, text, "what it adds is not shown");
                    extensions.push(name.clone());
                }
                _ => self.error("mud-extension", node.at, "an extension is a name of 1 to 40 characters", FORMAT),
            }
        }
        for member in mud.members() {
            if !KNOWN.contains(&member.key.as_str()) {
                let text = format!("'{}' is not known", shown(&member.key));
                self.warning(
                    "mud-unknown-field",
                    member.at,
                    text,
                    "it was not read; a later version, an extension or a slip?",
                );
            }
        }
        let (form, lists) = self.lists(root, limits);
        let mut read = Mud {
            form,
            version,
            url,
            last_update,
            signature,
            cache_validity,
            supported,
            system_info,
            manufacturer: self.text(mud, "mfg-name"),
            model: self.text(mud, "model-name"),
            firmware_rev: self.text(mud, "firmware-rev"),
            software_rev: self.text(mud, "software-rev"),
            documentation: self.text(mud, "documentation"),
            extensions,
            lists,
            ..Mud::default()
        };
        read.from_device = self.policy(mud, "from-device-policy", &read);
        read.to_device = self.policy(mud, "to-device-policy", &read);
        if read.from_device.is_empty() && read.to_device.is_empty() {
            let text = "no policy names an access list: the file says nothing of what the device may do";
            self.warning("mud-no-policy", mud.at, text, "add 'from-device-policy' and 'to-device-policy'");
        }
        read
    }

    /// MUD URLs are https (RFC 8520, section 6), and DHCP carries the URL in at most 253 bytes (section 10).
    fn https(&mut self, mud: &Node, field: &str, url: Option<&str>, most: usize) {
        let (Some(url), Some(node)) = (url, mud.get(field)) else { return };
        let after = url.split_once("://").filter(|(scheme, _)| scheme.eq_ignore_ascii_case("https"));
        if after.is_none_or(|(_, rest)| rest.is_empty() || rest.starts_with('/')) {
            let text = format!("'{field}' is '{}', no https URL", shown(url));
            self.error("mud-not-https", node.at, text, "RFC 8520 wants https, so that the file is the maker's");
        }
        if url.len() > most {
            let text = format!("'{field}' has {} bytes, more than {most}", url.len());
            self.error("mud-url-length", node.at, text, "the DHCP option of RFC 8520, section 10, has no room for it");
        }
    }

    fn lists(&mut self, root: &Node, limits: &Limits) -> (Form, Vec<AccessList>) {
        let (form, node) = match (root.get(ACLS), root.get(ACCESS_LISTS)) {
            (Some(acls), other) => {
                if let Some(other) = other {
                    let text = format!("'{ACCESS_LISTS}' stands beside '{ACLS}' and was not read");
                    self.error("mud-two-forms", other.at, text, "keep only the form of RFC 8520");
                }
                (Form::Rfc8520, acls)
            }
            (None, Some(draft)) => {
                let text = format!("the lists stand under '{ACCESS_LISTS}', as drafts before RFC 8520 had it");
                self.warning("mud-draft-form", draft.at, text, &format!("RFC 8520 says '{ACLS}'"));
                (Form::Draft, draft)
            }
            (None, None) => {
                let text = format!("'{ACLS}' is missing");
                self.error("mud-missing", root.at, text, FORMAT);
                return (Form::Rfc8520, Vec::new());
            }
        };
        let mut lists: Vec<AccessList> = Vec::new();
        let (mut rules, mut left) = (0, 0);
        let mut names = BTreeSet::new();
        for acl in self.items(node, "acl") {
            // The drafts called the leaves otherwise.
            let name = self.text(acl, "name").or_else(|| self.text(acl, "acl-name")).unwrap_or_default();
            if name.is_empty() || name.chars().count() > 64 {
                self.error(
                    "mud-list-name",
                    acl.at,
                    "a list has no name of 1 to 64 characters",
                    "RFC 8519, section 4.1",
                );
            }
            if !names.insert(name.clone()) {
                let text = format!("two lists have the name '{}'", shown(&name));
                self.error("mud-duplicate", acl.at, text, "the name is the key: make it different");
            }
            let kind = self.text(acl, "type").or_else(|| self.text(acl, "acl-type"));
            let entries = acl.get("aces").or_else(|| acl.get("access-list-entries"));
            let mut list = AccessList { name, kind, rules: Vec::new() };
            for ace in entries.map(|entries| self.items(entries, "ace")).unwrap_or_default() {
                if rules == limits.rules {
                    left += 1;
                    continue;
                }
                rules += 1;
                let rule = self.rule(ace);
                if list.rules.iter().rev().take(64).any(|other| other.name == rule.name) {
                    let text = format!("two rules of '{}' have the name '{}'", shown(&list.name), shown(&rule.name));
                    self.error("mud-duplicate", ace.at, text, "the name is the key: make it different");
                }
                list.rules.push(rule);
            }
            if list.rules.is_empty() {
                let text = format!("the list '{}' is empty", shown(&list.name));
                self.warning("mud-empty-list", acl.at, text, "an empty list lets nothing pass");
            }
            lists.push(list);
        }
        if left > 0 {
            let text = format!("{left} rules beyond the first {} were not read", limits.rules);
            self.error("mud-too-many-rules", node.at, text, "no device needs that many");
        }
        (form, lists)
    }

    fn policy(&mut self, mud: &Node, field: &str, read: &Mud) -> Vec<String> {
        let lists = mud.get(field).and_then(|policy| policy.get("access-lists"));
        let mut names = Vec::new();
        for item in lists.map(|lists| self.items(lists, "access-list")).unwrap_or_default() {
            let Some(name) = self.text(item, "name").or_else(|| self.text(item, "acl-name")) else {
                self.error("mud-missing", item.at, format!("an entry of '{field}' has no 'name'"), FORMAT);
                continue;
            };
            if !read.lists.iter().any(|list| list.name == name) {
                let known: Vec<&str> = read.lists.iter().map(|list| list.name.as_str()).collect();
                let hint = sekisho_diag::closest(&name, known.iter().copied()).map_or_else(
                    || "add the list, or take the name out".to_owned(),
                    |near| format!("did you mean '{near}'?"),
                );
                let text = format!("'{field}' names the list '{}', which is not there", shown(&name));
                self.error("mud-missing-list", item.at, text, &hint);
            }
            names.push(name);
        }
        names
    }

    fn rule(&mut self, ace: &Node) -> Rule {
        let name = self.text(ace, "name").or_else(|| self.text(ace, "rule-name")).unwrap_or_default();
        if name.is_empty() {
            self.error("mud-missing", ace.at, "a rule has no 'name'", "RFC 8519, section 4.1: the name is the key");
        }
        let mut rule = Rule { name, ..Rule::default() };
        let matches = ace.get("matches");
        for member in matches.map(Node::members).unwrap_or_default() {
            self.condition(&mut rule, &member.key, &member.node, member.at);
        }
        self.agree(&rule, matches.unwrap_or(ace));
        let forwarding = ace.get("actions").and_then(|actions| self.text(actions, "forwarding"));
        rule.forwarding = match forwarding.as_deref().map(plain) {
            Some("accept" | "permit") => Some(Forwarding::Accept),
            Some("drop" | "deny") => Some(Forwarding::Drop),
            Some("reject") => Some(Forwarding::Reject),
            Some(other) => {
                let text = format!("the action '{}' is not known", shown(other));
                self.error("mud-action", ace.at, text, "RFC 8519: accept, drop or reject");
                None
            }
            None => {
                let text = format!("the rule '{}' has no action", shown(&rule.name));
                self.error("mud-missing", ace.at, text, "add 'actions': {'forwarding': 'accept'}");
                None
            }
        };
        rule
    }

    /// Ports without TCP or UDP, and a layer that contradicts the number of the protocol.
    fn agree(&mut self, rule: &Rule, node: &Node) {
        let with_ports = matches!(rule.protocol, Some(6 | 17 | 33 | 132 | 136));
        if (rule.source_port.is_some() || rule.destination_port.is_some()) && !with_ports {
            let text = format!("the rule '{}' has ports, and not a protocol that has them", shown(&rule.name));
            self.warning("mud-protocol", node.at, text, "add 'tcp' or 'udp', and 'protocol' 6 or 17");
        }
        if rule.initiated.is_some() && rule.protocol.is_some_and(|protocol| protocol != 6) {
            let text = format!("the rule '{}' says who begins, and is not about TCP", shown(&rule.name));
            self.warning("mud-protocol", node.at, text, "RFC 8520, section 4.8: of TCP only");
        }
    }

    fn condition(&mut self, rule: &mut Rule, key: &str, node: &Node, at: usize) {
        match plain(key) {
            "ipv4" | "ipv6" | "ipv4-acl" | "ipv6-acl" => self.network(rule, node),
            layer @ ("tcp" | "udp" | "tcp-acl" | "udp-acl") => {
                let number = if layer.starts_with("tcp") { 6 } else { 17 };
                if let Some(other) = rule.protocol.filter(|other| *other != number) {
                    let text = format!("'protocol' is {other}, and '{layer}' is {number}");
                    self.error("mud-protocol", at, text, "make them agree: nothing can fit both");
                }
                rule.protocol = Some(number);
                self.transport(rule, node);
            }
            "icmp" | "icmp-acl" => {
                let mut code = |field| self.number(node, field, 255).and_then(|n| u8::try_from(n).ok());
                rule.icmp = Some((code("type"), code("code")));
                for member in node.members() {
                    if !matches!(member.key.as_str(), "type" | "code") {
                        self.unknown(rule, &member.key, member.at);
                    }
                }
            }
            "eth" | "eth-acl" => {
                for member in node.members() {
                    match (plain(&member.key), &member.node.value) {
                        (
                            field @ ("destination-mac-address" | "source-mac-address" | "ethertype"),
                            Value::Text(text),
                        ) => {
                            rule.peers.push(Peer::Ethernet(format!("{field} {}", shown(text))));
                        }
                        (other, _) => self.unknown(rule, other, member.at),
                    }
                }
            }
            "mud" | "mud-acl" => {
                for member in node.members() {
                    self.abstraction(rule, &member.key, &member.node, member.at);
                }
            }
            // Drafts had these beside the layers.
            "same-manufacturer" | "local-networks" | "my-controller" | "manufacturer" | "model" | "controller" => {
                self.abstraction(rule, key, node, at);
            }
            _ => self.unknown(rule, key, at),
        }
    }

    fn unknown(&mut self, rule: &mut Rule, key: &str, at: usize) {
        let text = format!("the condition '{}' of the rule '{}' is not known", shown(key), shown(&rule.name));
        self.warning("mud-unknown-match", at, text, "the rule fits less than it is shown to");
        rule.not_understood.push(shown(key));
    }

    fn network(&mut self, rule: &mut Rule, node: &Node) {
        for member in node.members() {
            match plain(&member.key) {
                "protocol" => {
                    let number = self.number(node, &member.key, 255).and_then(|number| u8::try_from(number).ok());
                    match (number, rule.protocol) {
                        (Some(number), Some(other)) if number != other => {
                            let text = format!("'protocol' is {number}, and the layer above is {other}");
                            self.error("mud-protocol", member.at, text, "make them agree: nothing can fit both");
                        }
                        _ => rule.protocol = number.or(rule.protocol),
                    }
                }
                field @ ("src-dnsname" | "dst-dnsname") => {
                    let Some(host) = self.text(node, &member.key) else { continue };
                    if is_host(&host) {
                        rule.peers.push(Peer::Dns(host));
                    } else {
                        let text = format!("'{field}' is '{}', no host name", shown(&host));
                        self.error("mud-host", member.node.at, text, "a name in DNS, without scheme, port or path");
                        rule.not_understood.push(field.to_owned());
                    }
                }
                field @ ("source-ipv4-network"
                | "destination-ipv4-network"
                | "source-ipv6-network"
                | "destination-ipv6-network") => {
                    let Some(text) = self.text(node, &member.key) else { continue };
                    match text.parse::<Prefix>() {
                        Ok(prefix) if prefix.address.is_ipv4() == field.contains("ipv4") => {
                            rule.peers.push(Peer::Network(prefix));
                        }
                        _ => {
                            let message = format!("'{field}' is '{}', no prefix", shown(&text));
                            self.error(
                                "mud-prefix",
                                member.node.at,
                                message,
                                "an address and a length, as 192.0.2.0/24",
                            );
                            // An address without a length can only mean itself.
                            match text.parse::<IpAddr>() {
                                Ok(address) if address.is_ipv4() == field.contains("ipv4") => {
                                    let length = if address.is_ipv4() { 32 } else { 128 };
                                    rule.peers.push(Peer::Network(Prefix { address, length }));
                                }
                                _ => rule.not_understood.push(field.to_owned()),
                            }
                        }
                    }
                }
                // In the drafts the ports stood here.
                "source-port-range" => rule.source_port = self.ports(&member.node, rule).or(rule.source_port),
                "destination-port-range" => {
                    rule.destination_port = self.ports(&member.node, rule).or(rule.destination_port);
                }
                other => self.unknown(rule, other, member.at),
            }
        }
    }

    fn transport(&mut self, rule: &mut Rule, node: &Node) {
        for member in node.members() {
            match plain(&member.key) {
                "source-port" | "source-port-range" => {
                    rule.source_port = self.ports(&member.node, rule).or(rule.source_port);
                }
                "destination-port" | "destination-port-range" => {
                    rule.destination_port = self.ports(&member.node, rule).or(rule.destination_port);
                }
                "direction-initiated" => {
                    rule.initiated = match self.text(node, &member.key).as_deref() {
                        Some("from-device") => Some(Direction::FromDevice),
                        Some("to-device") => Some(Direction::ToDevice),
                        Some(other) => {
                            let text = format!("'direction-initiated' is '{}'", shown(other));
                            self.error("mud-direction", member.node.at, text, "'from-device' or 'to-device'");
                            None
                        }
                        None => None,
                    };
                }
                other => self.unknown(rule, other, member.at),
            }
        }
    }

    fn ports(&mut self, node: &Node, rule: &mut Rule) -> Option<Ports> {
        if !matches!(node.value, Value::Object(_)) {
            self.wrong_type("port", node, "an object with 'operator' and 'port'");
            return None;
        }
        let mut port = |field: &str| -> Option<u16> {
            let number = self.number(node, field, u64::from(u16::MAX))?;
            if number == 0 {
                let at = node.get(field).map_or(node.at, |node| node.at);
                self.error("mud-port", at, "the port is 0, which nothing listens on", "give the port, or leave it out");
            }
            u16::try_from(number).ok()
        };
        if node.get("lower-port").is_some() || node.get("upper-port").is_some() {
            let (first, last) = (port("lower-port"), port("upper-port"));
            return match (first, last) {
                (Some(first), Some(last)) if first > last => {
                    self.error("mud-port", node.at, format!("the ports {first} to {last} are none"), "lower first");
                    None
                }
                (Some(first), Some(last)) if first == last => Some(Ports::One(first)),
                (Some(first), Some(last)) => Some(Ports::Range(first, last)),
                _ => {
                    let hint = "give both, or 'operator' and 'port'";
                    self.error("mud-port", node.at, "a range without 'lower-port' or 'upper-port'", hint);
                    None
                }
            };
        }
        let port = port("port");
        if port.is_none() && node.get("port").is_none() {
            self.error("mud-port", node.at, "'port' is missing", "as {'operator': 'eq', 'port': 443}");
        }
        let port = port?;
        // Where it is not given it is `eq` (RFC 8519, section 4.2).
        match self.text(node, "operator").as_deref() {
            None | Some("eq") => Some(Ports::One(port)),
            Some("neq") => Some(Ports::Not(port)),
            Some("lte") => Some(Ports::UpTo(port)),
            Some("gte") => Some(Ports::From(port)),
            Some(other) => {
                let text = format!("the operator '{}' is not known", shown(other));
                self.error("mud-port", node.at, text, "eq, neq, lte or gte");
                rule.not_understood.push("operator".to_owned());
                None
            }
        }
    }

    fn abstraction(&mut self, rule: &mut Rule, key: &str, node: &Node, at: usize) {
        let text = |node: &Node| match &node.value {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let peer = match plain(key) {
            "local-networks" => Some(Peer::LocalNetworks),
            "same-manufacturer" => Some(Peer::SameManufacturer),
            "my-controller" => Some(Peer::MyController),
            "manufacturer" => text(node).map(Peer::Manufacturer),
            "model" => text(node).map(Peer::Model),
            "controller" => text(node).map(Peer::Controller),
            "direction-initiated" => {
                rule.initiated = match text(node).as_deref() {
                    Some("from-device") => Some(Direction::FromDevice),
                    Some("to-device") => Some(Direction::ToDevice),
                    _ => None,
                };
                return;
            }
            _ => return self.unknown(rule, key, at),
        };
        // A leaf of type empty is `[null]` in JSON (RFC 7951, section 6.9).
        let empty =
            matches!(&node.value, Value::List(items) if matches!(items.as_slice(), [Node { value: Value::Null, .. }]));
        if matches!(peer, Some(Peer::LocalNetworks | Peer::SameManufacturer | Peer::MyController)) && !empty {
            let text = format!("'{}' is {}, expected [null]", plain(key), node.kind());
            self.error("mud-wrong-type", node.at, text, "RFC 7951, section 6.9: an empty leaf is [null]");
        }
        if let Some(peer) = peer {
            rule.peers.push(peer);
        } else {
            self.wrong_type(plain(key), node, "a text");
            rule.not_understood.push(plain(key).to_owned());
        }
    }
}

/// The name without its module: `ietf-mud:mud` is `mud`.
fn plain(key: &str) -> &str {
    key.rsplit_once(':').map_or(key, |(_, name)| name)
}

/// What messages show of a text of the file.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut shown: String = text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// RFC 1123, section 2.1, with the underscore that names of services have.
fn is_host(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'*')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// The leaves of `ietf-mud:mud`.
const KNOWN: [&str; 15] = [
    "mud-version",
    "mud-url",
    "mud-signature",
    "last-update",
    "cache-validity",
    "is-supported",
    "systeminfo",
    "mfg-name",
    "model-name",
    "firmware-rev",
    "software-rev",
    "documentation",
    "extensions",
    "from-device-policy",
    "to-device-policy",
];

/// Codes of the problems of one severity, each once, in the order in which they came.
pub(super) fn codes(problems: &[Problem], severity: Severity) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for problem in problems.iter().filter(|problem| problem.severity == severity) {
        if !codes.iter().any(|code| *code == problem.code) {
            codes.push(problem.code.to_string());
        }
    }
    codes
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
