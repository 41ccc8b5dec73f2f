//! What was not looked at in a capture, and why.

use sekisho_model::Text;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};

use super::container::{End, Outcome};
use super::watch::Watch;

/// What each reason leaves open.
const ALL: [Aspect; 4] = Aspect::CAPTURE;
const PAYLOAD: [Aspect; 3] = [Aspect::TrafficDestinations, Aspect::TrafficCredentials, Aspect::TrafficTls];

/// How far each aspect was looked at.
pub(crate) fn coverage(watch: &Watch<'_>, read: &Outcome, name: &str, subject: &str) -> Vec<Coverage> {
    let mut found: Vec<(&[Aspect], Gap)> = Vec::new();
    let mut add = |aspects: &'static [Aspect], offset: Option<u64>, en: String, ja: String| {
        found.push((aspects, Gap { path: None, offset, reason: Text::new(en, ja) }));
    };
    let at = Some(read.at);
    match read.end {
        End::Whole => {}
        End::Truncated => {
            add(&ALL, at, "the file ends within a frame".into(), "ファイルがフレームの途中で終わっている".into());
        }
        End::Damaged => add(
            &ALL,
            at,
            "a block is damaged, and nothing behind it was read".into(),
            "ブロックが破損しており、それ以降は読み取っていない".into(),
        ),
        End::TooLarge => add(
            &ALL,
            at,
            "a block is larger than any frame, and nothing behind it was read".into(),
            "ブロックが上限より大きく、それ以降は読み取っていない".into(),
        ),
        End::Unreadable => add(
            &ALL,
            at,
            "the system could not read on".into(),
            "システムの読み取りエラーのため続きを読み取れない".into(),
        ),
    }
    let c = &watch.counts;
    let mut counted = |aspects: &'static [Aspect], count: u64, en: &str, ja: &str| {
        if count > 0 {
            add(aspects, None, en.replace("{}", &count.to_string()), ja.replace("{}", &count.to_string()));
        }
    };
    if c.frames == 0 {
        counted(&ALL, 1, "the capture has no frames", "キャプチャにフレームがない");
    }
    counted(&ALL, read.unread_blocks, "{} blocks of pcapng were not read", "pcapngの{}個のブロックを読み取っていない");
    counted(
        &ALL,
        c.unknown_link,
        "{} frames are of a link type that is not read",
        "{}個のフレームは未対応のリンク種別である",
    );
    counted(
        &ALL,
        c.encrypted,
        "{} frames of a radio network are encrypted (WPA, WEP)",
        "無線LANの{}個のフレームは暗号化されている（WPA、WEP）",
    );
    counted(
        &ALL,
        c.split,
        "{} frames of a radio network come in pieces or carry several packets, and were not read",
        "無線LANの{}個のフレームは分割または集約されており、読み取っていない",
    );
    counted(&ALL, c.broken, "{} frames have a header that is broken", "{}個のフレームのヘッダーが壊れている");
    counted(
        &PAYLOAD,
        c.cut,
        "{} frames were captured only in part (snapshot length)",
        "{}個のフレームは一部しか記録されていない（スナップ長）",
    );
    counted(
        &ALL,
        c.unread,
        "{} packets are fragments that do not make a whole, or have a broken TCP or UDP header, and were only counted",
        "{}個のパケットは、全体を復元できない断片であるかTCP・UDPヘッダーが壊れているため、計数のみ行った",
    );
    counted(
        &ALL,
        c.evicted,
        "{} flows had to make room for others and were looked at before their end",
        "{}件のフローは保持数の上限のため終了前に調べた",
    );
    counted(
        &PAYLOAD,
        c.let_go,
        "the payload of {} connections had to make room for that of others",
        "{}件の接続のデータは保持量の上限のため途中で手放した",
    );
    counted(
        &ALL,
        watch.conversations.left,
        "{} flows are beyond the number of conversations that are kept",
        "{}件のフローは保持できる通信数の上限を超えた",
    );
    counted(
        &[Aspect::TrafficDestinations],
        watch.names.left,
        "{} names or stations are beyond the number that is kept",
        "{}件の名称または端末は保持数の上限を超えた",
    );
    counted(
        &[Aspect::TrafficCredentials, Aspect::TrafficTls],
        c.left,
        "{} findings are beyond the number that is kept",
        "{}件の検出結果は保持数の上限を超えた",
    );
    counted(
        &[Aspect::TrafficCredentials],
        c.incomplete,
        "{} connections without encryption were not looked at as a whole: their beginning is missing, or they go on beyond what is kept",
        "暗号化されていない{}件の接続は全体を調べていない（冒頭がないか、保持量を超えて続いている）",
    );
    counted(
        &[Aspect::TrafficCredentials],
        c.unknown,
        "{} flows are of a protocol that was not recognised",
        "{}件のフローのプロトコルを識別できない",
    );
    counted(
        &[Aspect::TrafficTls],
        c.hidden,
        "the certificates of {} handshakes are encrypted (TLS 1.3, QUIC)",
        "{}件のハンドシェイクの証明書は暗号化されている（TLS 1.3、QUIC）",
    );
    counted(
        &[Aspect::TrafficTls],
        c.without_hello,
        "{} TLS connections were captured without their handshake",
        "{}件のTLS接続はハンドシェイクが記録されていない",
    );
    counted(
        &[Aspect::TrafficTls],
        c.fragments,
        "the handshakes of {} DTLS flows come in fragments, which are not put together",
        "DTLSの{}件のフローのハンドシェイクは断片化されており、組み立てていない",
    );
    counted(
        &[Aspect::TrafficTls],
        c.quic,
        "the client's hello of {} QUIC flows was not captured as a whole, or is of a version that is not read",
        "QUICの{}件のフローは、クライアントのハンドシェイクが完全には記録されていないか、未対応の版である",
    );
    counted(
        &[Aspect::TrafficTls],
        c.bad_certificates,
        "{} certificates could not be read",
        "{}件の証明書を読み取れない",
    );
    Aspect::CAPTURE
        .into_iter()
        .map(|aspect| {
            let gaps: Vec<Gap> =
                found.iter().filter(|(aspects, _)| aspects.contains(&aspect)).map(|(_, gap)| gap.clone()).collect();
            let extent = match (gaps.is_empty(), c.frames, c.unknown_link + c.encrypted) {
                (true, ..) => Extent::Complete,
                (false, frames, unread) if frames == unread => Extent::None,
                _ => Extent::Partial,
            };
            Coverage { aspect, subject: subject.to_owned(), artefact: name.to_owned(), extent, gaps }
        })
        .collect()
}
