//! What the servers on the way wrote (RFC 5321, section 4.4): whether a message came over TLS.

/// Whether the last server that took the message from another host took it over TLS; `None` where it does not say. The first field is the last
/// server's.
pub(super) fn over_tls<'t>(fields: impl Iterator<Item = &'t str>) -> Option<bool> {
    fields.take(200).find_map(hop)
}

/// Whether this hop was over TLS; `None` where it was none between hosts: a delivery on one machine, a submission by a program.
fn hop(text: &str) -> Option<bool> {
    let bare = without_comments(text);
    let mut words = bare.split([' ', '\t', ';']).filter(|word| !word.is_empty());
    if !words.next().is_some_and(|first| first.eq_ignore_ascii_case("from")) {
        return None;
    }
    let protocol = words.skip_while(|word| !word.eq_ignore_ascii_case("with")).nth(1)?.to_ascii_uppercase();
    // The registry of transmission types (RFC 3848, RFC 6531): an S for TLS, an A for a log-in.
    match protocol.strip_prefix("UTF8").unwrap_or(&protocol) {
        "ESMTPS" | "ESMTPSA" | "SMTPS" => Some(true),
        // Some servers write of TLS in a comment only.
        "ESMTP" | "ESMTPA" | "SMTP" => Some(text.contains("TLSv1") || text.contains("version=TLS")),
        _ => None,
    }
}

fn without_comments(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hops() {
        let local = "by mx.example (Postfix, from userid 1000) id 1; Mon, 1 Jan 2024 00:00:00 +0000";
        let lmtp = "from mx.example by imap.example with LMTP id 2; date";
        let tls =
            "from a.example (a.example [192.0.2.1]) (using TLSv1.3) by mx.example (with ESMTP) with ESMTPS id 3; date";
        let clear = "from a.example ([192.0.2.1]) by mx.example with ESMTP id 4; date";
        assert_eq!(over_tls([local, lmtp, tls, clear].into_iter()), Some(true));
        assert_eq!(over_tls([clear, tls].into_iter()), Some(false));
        assert_eq!(over_tls([local].into_iter()), None);
        assert_eq!(hop("from a by b with UTF8SMTPS id 5"), None.or(Some(true)));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*") {
            let _ = hop(&text);
            let _ = hop(&format!("from {text} with ESMTP"));
        }
    }
}
