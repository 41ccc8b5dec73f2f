//! Messages whose signatures are known to hold, and what becomes of them when they are changed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::Extent;
use sekisho_model::fact::Observed;
use sekisho_model::mail::MailMessage;

use super::*;

// The example of RFC 8463, appendix A.
const SIGNED: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\nFrom: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n";
const ED25519: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const RSA: &str = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

fn collector(keys: &[(&str, &str)]) -> MessageCollector {
    let keys = keys
        .iter()
        .map(|(selector, text)| (("football.example.com".to_owned(), (*selector).to_owned()), (*text).to_owned()));
    MessageCollector::default().with_keys(keys.collect::<BTreeMap<_, _>>())
}

fn fact(collection: &Collection) -> &MailMessage {
    let found = collection.facts.iter().find_map(|fact| match &fact.observed {
        Observed::MailMessage(message) => Some(message),
        _ => None,
    });
    found.unwrap()
}

fn signatures(text: &str) -> Vec<String> {
    let both = collector(&[("brisbane", ED25519), ("test", RSA)]);
    fact(&both.read(text.as_bytes(), "a.eml", "x")).signatures.clone()
}

fn both(outcome: &str) -> Vec<String> {
    ["brisbane", "test"].map(|selector| format!("football.example.com/{selector}: {outcome}")).to_vec()
}

#[test]
fn the_example_of_the_rfc() {
    let collection = collector(&[("brisbane", ED25519), ("test", RSA)]).read(SIGNED.as_bytes(), "a.eml", "x");
    let message = fact(&collection);
    assert_eq!(message.signatures, both("pass"));
    assert_eq!((message.aligned, message.domain.as_str()), (Some(true), "football.example.com"));
    assert_eq!(message.date.as_deref(), Some("2003-07-11T21:00:37-07:00"));
    assert_eq!(collection.coverage[0].extent, Extent::Complete);
}

#[test]
fn as_a_file_has_it() {
    assert_eq!(signatures(&SIGNED.replace("\r\n", "\n")), both("pass"));
    assert_eq!(signatures(&SIGNED.replace("Joe SixPack ", "Joe\r\n   SixPack ")), both("pass"));
}

#[test]
fn changes() {
    assert_eq!(signatures(&SIGNED.replace("hungry", "thirsty")), both("body-changed"));
    assert_eq!(signatures(&SIGNED.replace("dinner", "supper")), both("fail"));
    assert_eq!(signatures(&SIGNED.replace("Message-ID", "Subject: Buy this\r\nMessage-ID")), both("fail"));
}

#[test]
fn an_author_from_elsewhere() {
    let text = SIGNED.replace("From: Joe SixPack <joe@football.example.com>", "From: <joe@other.example.org>");
    let collection = collector(&[("brisbane", ED25519), ("test", RSA)]).read(text.as_bytes(), "a.eml", "x");
    assert_eq!(fact(&collection).aligned, Some(false));
    let two = SIGNED.replace("To: ", "From: <x@evil.example>\r\nTo: ");
    let collection = collector(&[]).read(two.as_bytes(), "a.eml", "x");
    assert!(collection.facts.is_empty() && collection.coverage[0].extent == Extent::Partial);
}

#[test]
fn without_keys() {
    let collection = MessageCollector::default().read(SIGNED.as_bytes(), "a.eml", "x");
    assert_eq!((fact(&collection).signatures.clone(), fact(&collection).aligned), (both("unchecked"), None));
    assert_eq!(collection.coverage[0].extent, Extent::Partial);
    let collection =
        collector(&[("brisbane", "v=DKIM1; p="), ("test", "v=DKIM1; p=AAAA")]).read(SIGNED.as_bytes(), "a.eml", "x");
    let expected = ["football.example.com/brisbane: revoked", "football.example.com/test: bad-key"];
    assert_eq!(fact(&collection).signatures, expected);
}

#[test]
fn what_is_too_weak_or_malformed() {
    let with = |from: &str, to: &str| signatures(&SIGNED.replacen(from, to, 2));
    assert_eq!(with("a=rsa-sha256", "a=rsa-sha1")[1], "football.example.com/test: weak");
    assert_eq!(with("c=relaxed/relaxed", "c=loose")[0], "football.example.com/brisbane: unsupported");
    assert_eq!(with("i=@football.example.com", "i=@example.org"), both("malformed"));
    assert_eq!(signatures(&SIGNED.replace("from : subject", "subject").replace("h=from :", "h=")), both("malformed"));
    assert_eq!(signatures(&SIGNED.replace("h=from : to", "h=to")), both("fail"));
    assert_eq!(with("d=football.example.com", "d=foot ball/"), ["?: malformed", "?: malformed"]);
}

#[test]
fn unsigned() {
    let collection = MessageCollector::default().read(b"From: a@example.com\n\nhi", "a.eml", "x");
    assert_eq!((fact(&collection).signatures.len(), fact(&collection).aligned), (0, Some(false)));
    assert_eq!(collection.coverage[0].extent, Extent::Complete);
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0..SIGNED.len(), change in any::<u8>()) {
        let collector = collector(&[("brisbane", ED25519), ("test", RSA)]);
        collector.read(&bytes, "a.eml", "x");
        let mut changed = SIGNED.as_bytes().to_vec();
        changed[at] = change;
        collector.read(&changed, "a.eml", "x");
        collector.read(&changed[..at], "a.eml", "x");
    }
}
