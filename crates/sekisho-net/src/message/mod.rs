//! Collector for messages of mail that were given as samples (`.eml`): who signed them, and whether the signatures hold.
//!
//! Offline as it is: keys come from name servers, and only where a resolver is given are they asked.

pub(crate) mod address;
mod canonical;
mod header;
mod received;
mod signature;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::mail::MailMessage;
use sekisho_model::network::ProbeFailure;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use crate::budget::{Bounds, Budget, Stop};
use crate::domain::Resolver;
use crate::domain::dkim::Record;
use crate::findings::Findings;
use header::Message;
use signature::{Outcome, Signature};

/// Bytes of a message.
const MOST: u64 = 64 << 20;
/// Signatures of a message that are verified.
const SIGNATURES: usize = 20;

const ASPECT: [Aspect; 1] = [Aspect::MessageSignature];

/// Reads messages of mail.
#[derive(Debug, Clone, Default)]
pub struct MessageCollector {
    resolver: Option<Resolver>,
    stop: Stop,
    /// Key records by domain and selector.
    keys: BTreeMap<(String, String), String>,
}

impl MessageCollector {
    /// The same, asking name servers for keys until the user stops it.
    #[must_use]
    pub fn with_resolver(mut self, resolver: Resolver, stop: Stop) -> Self {
        self.resolver = Some(resolver);
        self.stop = stop;
        self
    }

    /// The same, with the texts of key records by domain and selector; they are taken before a name server is asked.
    #[must_use]
    pub fn with_keys(mut self, keys: BTreeMap<(String, String), String>) -> Self {
        self.keys = keys;
        self
    }

    /// Reads the message `bytes`, which facts and messages call `name`, of the component `subject`.
    pub fn read(&self, bytes: &[u8], name: &str, subject: &str) -> Collection {
        let artefact = Artefact {
            name: name.to_owned(),
            kind: ArtefactKind::Message,
            subject: subject.to_owned(),
            size: Some(bytes.len() as u64),
            sha256: Some(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))),
            made: None,
        };
        let mut findings = Findings::default();
        let made = self.look(bytes, &mut findings);
        findings.into_collection(Artefact { made, ..artefact }, &ASPECT)
    }

    fn look(&self, bytes: &[u8], findings: &mut Findings) -> Option<String> {
        let bytes = header::with_line_ends(bytes);
        let message = Message::parse(&bytes);
        if message.broken {
            let reason = Text::new(
                "the header has lines that are no fields, or is too long",
                "ヘッダーにフィールドでない行がある、または長すぎる",
            );
            findings.gap(&ASPECT, "header", &reason);
        }
        let mut from = message.all("from");
        let author = from.next().and_then(|field| address::domains(&field.text()));
        // Of several authors' mail DMARC says nothing (RFC 9989, section 5.3.1).
        let (Some([author]), None) = (author.as_deref(), from.next()) else {
            let reason = Text::new(
                "the message does not have one author with an address that can be read",
                "送信者（From）のアドレスを一つに読み取れない",
            );
            findings.gap(&ASPECT, "From", &reason);
            return None;
        };
        let date = message.all("date").next().and_then(|field| {
            let moment = OffsetDateTime::parse(&field.text(), &Rfc2822).ok()?;
            moment.format(&Rfc3339).ok()
        });
        let mut fact = MailMessage { domain: author.clone(), date: date.clone(), ..MailMessage::default() };
        let mut open = false;
        for (index, field) in message.all("dkim-signature").enumerate() {
            if index == SIGNATURES {
                let reason = Text::new("it has too many signatures", "署名が多すぎる");
                findings.gap(&ASPECT, "DKIM-Signature", &reason);
                open = true;
                break;
            }
            let (whose, outcome) = match Signature::parse(*field) {
                Ok(signature) => {
                    let outcome = self.verify(&signature, &message, findings);
                    (Some((signature.domain, signature.selector)), outcome)
                }
                Err(unusable) => unusable,
            };
            let aligned = whose.as_ref().is_some_and(|(domain, _)| address::aligned(domain, author));
            if aligned && outcome == Outcome::Pass {
                fact.aligned = Some(true);
            }
            open |= aligned && outcome == Outcome::Unchecked;
            let whose = whose.map_or_else(|| "?".to_owned(), |(domain, selector)| format!("{domain}/{selector}"));
            fact.signatures.push(format!("{whose}: {}", outcome.name()));
        }
        if fact.aligned.is_none() && !open && !message.broken {
            fact.aligned = Some(false);
        }
        let hops: Vec<String> = message.all("received").map(header::Field::text).collect();
        fact.received_over_tls = received::over_tls(hops.iter().map(String::as_str));
        findings.fact(Observed::MailMessage(fact), Source::default());
        date
    }

    fn verify(&self, signature: &Signature<'_>, message: &Message<'_>, findings: &mut Findings) -> Outcome {
        if let Some(text) = self.keys.get(&(signature.domain.clone(), signature.selector.clone())) {
            return signature.verify(message, &Record::parse(text));
        }
        let name = format!("{}._domainkey.{}", signature.selector, signature.domain);
        let Some(resolver) = &self.resolver else {
            let reason = Text::new(
                "the key of the signature was not looked up: no name server may be asked",
                "署名の鍵を取得していない（ネームサーバーへの問い合わせが許可されていない）",
            );
            findings.gap(&ASPECT, &name, &reason);
            return Outcome::Unchecked;
        };
        let budget = Budget::new(Bounds::default(), self.stop.clone());
        match resolver.keys(&budget, &name) {
            Ok(records) => match records.as_slice() {
                [] => Outcome::NoKey,
                [text] => signature.verify(message, &Record::parse(text)),
                _ => Outcome::BadKey,
            },
            Err(failure) => {
                let value = ProbeFailure {
                    address: name.clone(),
                    probe: "dns-txt".to_owned(),
                    failure: failure.kind,
                    detail: failure.detail.clone(),
                    ..ProbeFailure::default()
                };
                findings.fact(Observed::ProbeFailure(value), Source { path: Some(name.clone()), ..Source::default() });
                let reason = failure.reason();
                let reason = Text::new(format!("dns-txt: {}", reason.en), format!("dns-txt：{}", reason.ja));
                findings.gap(&ASPECT, &name, &reason);
                Outcome::Unchecked
            }
        }
    }
}

impl Collector for MessageCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Message
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST {
            return Err(failed(std::io::Error::from(std::io::ErrorKind::FileTooLarge)));
        }
        let collection = self.read(&bytes, name, subject);
        progress(Progress::Bytes(bytes.len() as u64));
        Ok(collection)
    }
}

#[cfg(test)]
mod tests;
