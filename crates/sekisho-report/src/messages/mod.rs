//! The message catalogue: everything that reports say by themselves, in both languages.
//!
//! Words that all reports share stand here; [`facts`], [`page`] and [`screen`] hold those of single places. A text without variable parts is a
//! constant, one with them a function.

use sekisho_model::Lang;
use sekisho_model::answer::Reply;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::catalog::{Basis as ProvenanceBasis, Effect, Modality, Relationship};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::verdict::{Basis, Outcome, Severity};

use crate::bilingual::Bi;

pub(crate) mod evidence;
pub(crate) mod facts;
pub(crate) mod mail;
pub(crate) mod messaging;
pub(crate) mod navigate;
pub(crate) mod network;
pub(crate) mod page;
pub(crate) mod plan;
pub(crate) mod published;
pub(crate) mod screen;
pub(crate) mod titles;
pub(crate) mod tls;
pub(crate) mod vulndb;
pub(crate) mod vulnerabilities;
pub(crate) mod web;

/// Declares texts, and lists them for the tests.
macro_rules! messages {
    ($($name:ident = $en:literal, $ja:literal;)*) => {
        $(pub(crate) const $name: crate::bilingual::Bi<'static> = crate::bilingual::Bi::fixed($en, $ja);)*

        #[cfg(test)]
        pub(super) const ALL: &[(&str, crate::bilingual::Bi<'static>)] = &[$((stringify!($name), $name),)*];
    };
}
use messages;

mod words {
    super::messages! {
        CONTRADICTED = "Contradicted", "矛盾あり";
        NOT_MET = "Not met", "未達成";
        PARTLY_MET = "Partly met", "一部達成";
        OPEN = "Open", "未判定";
        UNCONFIRMED = "Unconfirmed", "要確認";
        VERIFIED = "Met, seen", "達成（観測）";
        ATTESTED = "Met, stated", "達成（申告）";
        NOT_APPLICABLE = "Not applicable", "対象外";

        CONTRADICTED_MEANS = "Somebody states that it is so, and the product itself shows that it is not.", "達成していると申告されているが、製品そのものからはそうでないことが観測された。";
        NOT_MET_MEANS = "It was seen, or stated, not to be so.", "達成していないことが観測または申告された。";
        PARTLY_MET_MEANS = "Only a part of it is so.", "一部だけが達成されている。";
        OPEN_MEANS = "Nothing settles it yet: no evidence, no answer.", "判定の材料（証拠も回答も）がまだない。";
        UNCONFIRMED_MEANS = "Something speaks for it, or weaknesses nearby speak against it, but nothing settles it.", "裏付けまたは懸念となる観測はあるが、判定を確定できるものがない。";
        VERIFIED_MEANS = "Met, and seen in the product: a check proves it, or supports what was stated.", "製品から達成が確認された（検査による立証、または申告と観測の一致）。";
        ATTESTED_MEANS = "Met according to what a person stated; nothing was seen for or against it.", "担当者の申告によれば達成。裏付けも反証も観測されていない。";
        NOT_APPLICABLE_MEANS = "Its condition does not hold for this product as it is described.", "製品ファイルの記載によれば、前提条件に該当しない。";

        BASIS_NONE = "nothing", "根拠なし";
        BASIS_DECLARED = "what the product file declares", "製品ファイルの記載";
        BASIS_ATTESTED = "what a person stated", "担当者の申告";
        BASIS_VERIFIED = "what was seen", "観測された事実";

        CRITICAL = "Critical", "緊急";
        HIGH = "High", "重要";
        MEDIUM = "Medium", "警告";
        LOW = "Low", "注意";
        INFO = "Info", "情報";

        FAIL = "Found", "検出あり";
        INCONCLUSIVE = "Inconclusive", "判定不能";
        NOTHING_TO_CHECK = "Nothing to check", "検査対象なし";
        PASS = "Not found", "検出なし";

        SAME_REASON = "for the same reason as the check before", "理由は直前の検査と同じ";

        REFUTES = "refutes it", "達成を否定";
        SUPPORTS = "supports it", "達成を裏付け";
        PROVES = "proves it", "達成を立証";
        NO_EFFECT = "settles nothing", "判定に影響なし";

        EQUAL = "Equal", "同等";
        SUBSET_OF = "Asks for less", "目標の一部";
        SUPERSET_OF = "Asks for more", "目標を包含";
        INTERSECTS_WITH = "Overlaps", "一部が共通";

        MUST = "Must", "必須";
        SHOULD = "Should", "推奨";
        MAY = "May", "任意";

        SOURCE_READ = "Checked against the original", "原典で確認";
        HANDBOOK_READ = "From the JNSA handbook’s summary", "JNSAハンドブックの要約による";
        NOT_VERIFIED = "Not yet checked against the original", "原典未確認";

        YES = "yes", "はい";
        PARTLY = "partly", "一部";
        NO = "no", "いいえ";
        DOES_NOT_APPLY = "does not apply", "該当しない";
        UNKNOWN = "unknown", "不明";

        FIRMWARE = "Firmware", "ファームウェア";
        SBOM = "SBOM", "SBOM";
        VULNERABILITIES = "Vulnerability database", "脆弱性データベース";
        CAPTURE = "Network capture", "通信キャプチャ";
        MUD = "MUD file", "MUDファイル";
        HOST = "Host on the network", "ネットワーク上のホスト";
        DOMAIN = "Domain", "ドメイン";
        CLIENT = "TLS client", "TLSクライアント";
        MESSAGE = "Sample message", "見本メール";
        PUBLISHED = "Published material", "公開資料";
        BUILD = "Build configuration", "ビルド設定";
        RESULTS = "Results of another tool", "他ツールの結果";

        COMPLETE = "complete", "完全";
        PARTIAL = "in part", "一部のみ";
        NOT_AT_ALL = "not at all", "未調査";

        A_LAYOUT = "Layout of the image", "イメージの構成";
        A_PACKAGES = "Package databases", "パッケージデータベース";
        A_COMPONENTS = "Software components", "ソフトウェア部品";
        A_ACCOUNTS = "Accounts and passwords", "アカウントとパスワード";
        A_KEYS = "Private keys", "秘密鍵";
        A_CERTIFICATES = "Certificates", "証明書";
        A_SERVICES = "Services and how they start", "サービスと起動方法";
        A_SETTINGS = "Settings of daemons", "デーモンの設定";
        A_BINARIES = "Hardening of binaries", "バイナリの堅牢化";
        A_CREDENTIALS = "Hard-coded credentials", "埋め込まれた認証情報";
        A_ENDPOINTS = "Network endpoints", "通信先";
        A_MODES = "File permissions", "ファイルの権限";
    A_UPDATES = "Updates and what vouches for them", "更新とその真正性";
    A_DEBUG = "Interfaces meant for development", "開発用インターフェース";
    A_BUILD = "Build options", "ビルドオプション";
        A_SBOM_DOCUMENT = "SBOM as a document", "SBOM文書";
        A_SBOM_COMPONENTS = "Components in the SBOM", "SBOM記載の部品";
        A_COMPARE_SBOM = "SBOM against the image", "SBOMとイメージの照合";
        A_COMPARE_SERVICES = "Declared interfaces against the image", "申告されたインターフェースとイメージの照合";
        A_VULNERABILITIES = "Known vulnerabilities of the components", "部品の既知の脆弱性";
        A_TRAFFIC_FLOWS = "Traffic and its protocols", "通信とそのプロトコル";
        A_TRAFFIC_DESTINATIONS = "Destinations of traffic", "通信の宛先";
        A_TRAFFIC_CREDENTIALS = "Log-ins in the clear", "平文の認証情報";
        A_TRAFFIC_TLS = "TLS in traffic", "通信中のTLS";
        A_MUD_FILE = "The MUD file itself", "MUDファイル自体";
        A_MUD_RULES = "Rules of the MUD file", "MUDファイルの規則";
        A_NETWORK_PORTS = "Ports that answer", "応答するポート";
        A_NETWORK_REACH = "What can be reached from the Internet", "インターネットから到達できるもの";
        A_NETWORK_SERVICES = "Services behind the ports", "ポート上のサービス";
        A_NETWORK_ACCESS = "Access without a log-in", "ログインなしのアクセス";
        A_NETWORK_TLS = "TLS of the host", "ホストのTLS";
        A_NETWORK_SSH = "SSH of the host", "ホストのSSH";
        A_NETWORK_MQTT = "MQTT of the host", "ホストのMQTT";
        A_NETWORK_COAP = "CoAP of the host", "ホストのCoAP";
        A_NETWORK_WEB = "Web interface", "Webインターフェース";
        A_NETWORK_LOGINS = "Log-ins tried", "ログインの試行";
        A_NETWORK_SESSIONS = "Sessions of a test account", "試験アカウントのセッション";
        A_CLIENT_TLS = "Certificates that a client accepts", "クライアントが受け入れる証明書";
        A_DOMAIN_MAIL = "Domain's records for mail and trust", "ドメインのメール・信頼関連レコード";
        A_DOMAIN_MAIL_SERVERS = "Mail servers of the domain", "ドメインのメールサーバー";
        A_DOMAIN_SECURITY_TXT = "security.txt", "security.txt";
        A_MESSAGE_SIGNATURE = "Signatures of the sample message", "見本メールの署名";
        A_PUBLISHED_DOCUMENTS = "Published material", "公開資料";
        A_BUILD_OPTIONS = "Options in build configurations", "ビルド設定のオプション";
        A_RESULTS_TOOL = "Results of other tools", "他ツールの結果";
        A_COMPARE_LISTENERS = "Declared interfaces against the open ports", "申告されたインターフェースと開放ポートの照合";
        A_COMPARE_AUTHENTICATION = "Declared ways to authenticate against those seen", "申告された認証方式と実際の方式の照合";
        A_COMPARE_CRYPTOGRAPHY = "Declared cryptography against what was seen", "申告された暗号方式と実際の方式の照合";
        A_COMPARE_REVIEWED = "Reviewed versions against those seen", "レビュー済みの版と実際の版の照合";
        A_COMPARE_DESTINATIONS = "Declared destinations against the traffic", "申告された宛先と通信の照合";
    }
}
pub(crate) use words::*;

/// What a language calls itself.
pub(crate) fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::Ja => "日本語",
    }
}

/// The word for how bad something is. The Japanese words are those that JVN and IPA use for CVSS.
pub(crate) fn severity(severity: Severity) -> Bi<'static> {
    match severity {
        Severity::Critical => CRITICAL,
        Severity::High => HIGH,
        Severity::Medium => MEDIUM,
        Severity::Low => LOW,
        Severity::Info => INFO,
    }
}

/// On what a verdict rests.
pub(crate) fn basis(basis: Basis) -> Bi<'static> {
    match basis {
        Basis::None => BASIS_NONE,
        Basis::Declared => BASIS_DECLARED,
        Basis::Attested => BASIS_ATTESTED,
        Basis::Verified => BASIS_VERIFIED,
    }
}

/// What a check came to.
pub(crate) fn outcome(outcome: Outcome) -> Bi<'static> {
    match outcome {
        Outcome::Fail => FAIL,
        Outcome::Inconclusive => INCONCLUSIVE,
        Outcome::NothingToCheck => NOTHING_TO_CHECK,
        Outcome::Pass => PASS,
    }
}

/// What that does to the objective.
pub(crate) fn effect(effect: Effect) -> Bi<'static> {
    match effect {
        Effect::Refutes => REFUTES,
        Effect::Supports => SUPPORTS,
        Effect::Proves => PROVES,
        Effect::Nothing => NO_EFFECT,
    }
}

/// How a control relates to an objective.
pub(crate) fn relation(relation: Relationship) -> Bi<'static> {
    match relation {
        Relationship::Equal => EQUAL,
        Relationship::SubsetOf => SUBSET_OF,
        Relationship::SupersetOf => SUPERSET_OF,
        Relationship::IntersectsWith => INTERSECTS_WITH,
    }
}

/// How strongly a control asks.
pub(crate) fn modality(modality: Modality) -> Bi<'static> {
    match modality {
        Modality::Must => MUST,
        Modality::Should => SHOULD,
        Modality::May => MAY,
    }
}

/// How far a paraphrase was checked.
pub(crate) fn provenance(basis: ProvenanceBasis) -> Bi<'static> {
    match basis {
        ProvenanceBasis::Source => SOURCE_READ,
        ProvenanceBasis::Handbook => HANDBOOK_READ,
        ProvenanceBasis::Unverified => NOT_VERIFIED,
    }
}

/// What was answered.
pub(crate) fn reply(reply: Reply) -> Bi<'static> {
    match reply {
        Reply::Yes => YES,
        Reply::Partly => PARTLY,
        Reply::No => NO,
        Reply::NotApplicable => DOES_NOT_APPLY,
    }
}

/// True, false or not known.
pub(crate) fn known(value: Option<bool>) -> Bi<'static> {
    match value {
        Some(true) => YES,
        Some(false) => NO,
        None => UNKNOWN,
    }
}

/// What kind of thing an artefact is.
pub(crate) fn artefact_kind(kind: ArtefactKind) -> Bi<'static> {
    match kind {
        ArtefactKind::Firmware => FIRMWARE,
        ArtefactKind::Sbom => SBOM,
        ArtefactKind::Vulnerabilities => VULNERABILITIES,
        ArtefactKind::Capture => CAPTURE,
        ArtefactKind::Mud => MUD,
        ArtefactKind::Host => HOST,
        ArtefactKind::Domain => DOMAIN,
        ArtefactKind::Client => CLIENT,
        ArtefactKind::Message => MESSAGE,
        ArtefactKind::Published => PUBLISHED,
        ArtefactKind::Build => BUILD,
        ArtefactKind::Results => RESULTS,
    }
}

/// How far a collector got.
pub(crate) fn extent(extent: Extent) -> Bi<'static> {
    match extent {
        Extent::Complete => COMPLETE,
        Extent::Partial => PARTIAL,
        Extent::None => NOT_AT_ALL,
    }
}

/// What a collector looks at.
pub(crate) fn aspect(aspect: Aspect) -> Bi<'static> {
    match aspect {
        Aspect::FirmwareLayout => A_LAYOUT,
        Aspect::FirmwarePackages => A_PACKAGES,
        Aspect::FirmwareComponents => A_COMPONENTS,
        Aspect::FirmwareAccounts => A_ACCOUNTS,
        Aspect::FirmwareKeys => A_KEYS,
        Aspect::FirmwareCertificates => A_CERTIFICATES,
        Aspect::FirmwareServices => A_SERVICES,
        Aspect::FirmwareSettings => A_SETTINGS,
        Aspect::FirmwareBinaries => A_BINARIES,
        Aspect::FirmwareCredentials => A_CREDENTIALS,
        Aspect::FirmwareEndpoints => A_ENDPOINTS,
        Aspect::FirmwareModes => A_MODES,
        Aspect::FirmwareUpdates => A_UPDATES,
        Aspect::FirmwareDebug => A_DEBUG,
        Aspect::FirmwareBuild => A_BUILD,
        Aspect::SbomDocument => A_SBOM_DOCUMENT,
        Aspect::SbomComponents => A_SBOM_COMPONENTS,
        Aspect::CompareSbomFirmware => A_COMPARE_SBOM,
        Aspect::CompareDeclaredServices => A_COMPARE_SERVICES,
        Aspect::VulnerabilitiesKnown => A_VULNERABILITIES,
        Aspect::TrafficFlows => A_TRAFFIC_FLOWS,
        Aspect::TrafficDestinations => A_TRAFFIC_DESTINATIONS,
        Aspect::TrafficCredentials => A_TRAFFIC_CREDENTIALS,
        Aspect::TrafficTls => A_TRAFFIC_TLS,
        Aspect::MudFile => A_MUD_FILE,
        Aspect::MudRules => A_MUD_RULES,
        Aspect::CompareDeclaredDestinations => A_COMPARE_DESTINATIONS,
        Aspect::NetworkPorts => A_NETWORK_PORTS,
        Aspect::NetworkReach => A_NETWORK_REACH,
        Aspect::NetworkServices => A_NETWORK_SERVICES,
        Aspect::NetworkAccess => A_NETWORK_ACCESS,
        Aspect::NetworkTls => A_NETWORK_TLS,
        Aspect::NetworkSsh => A_NETWORK_SSH,
        Aspect::NetworkMqtt => A_NETWORK_MQTT,
        Aspect::NetworkCoap => A_NETWORK_COAP,
        Aspect::NetworkWeb => A_NETWORK_WEB,
        Aspect::NetworkLogins => A_NETWORK_LOGINS,
        Aspect::NetworkSessions => A_NETWORK_SESSIONS,
        Aspect::ClientTls => A_CLIENT_TLS,
        Aspect::DomainMail => A_DOMAIN_MAIL,
        Aspect::DomainMailServers => A_DOMAIN_MAIL_SERVERS,
        Aspect::DomainSecurityTxt => A_DOMAIN_SECURITY_TXT,
        Aspect::MessageSignature => A_MESSAGE_SIGNATURE,
        Aspect::PublishedDocuments => A_PUBLISHED_DOCUMENTS,
        Aspect::BuildOptions => A_BUILD_OPTIONS,
        Aspect::ResultsTool => A_RESULTS_TOOL,
        Aspect::CompareDeclaredListeners => A_COMPARE_LISTENERS,
        Aspect::CompareDeclaredAuthentication => A_COMPARE_AUTHENTICATION,
        Aspect::CompareDeclaredCryptography => A_COMPARE_CRYPTOGRAPHY,
        Aspect::CompareReviewedComponents => A_COMPARE_REVIEWED,
    }
}

/// What an entry of what was not looked at names: an artefact's kind, or aspects separated by commas. None where it names no evidence, but
/// questions.
pub(crate) fn evidence_named(what: &str) -> Option<Bi<'static>> {
    if let Some(kind) = ArtefactKind::ALL.into_iter().find(|kind| kind.name() == what) {
        return Some(artefact_kind(kind));
    }
    let named = |name: &str| Aspect::ALL.into_iter().find(|aspect| aspect.name() == name).map(aspect);
    let aspects: Vec<Bi<'static>> = what.split(", ").map(named).collect::<Option<_>>()?;
    let joined = |lang, by: &str| aspects.iter().map(|aspect| aspect.get(lang)).collect::<Vec<_>>().join(by);
    Some(Bi::made(joined(Lang::En, ", "), joined(Lang::Ja, "、")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_evidence_is_told_from_questions() {
        let named = |what| evidence_named(what).map(|bi| bi.get(Lang::En).to_owned());
        assert_eq!(named("sbom").as_deref(), Some("SBOM"));
        assert_eq!(named("firmware.keys, firmware.modes").as_deref(), Some("Private keys, File permissions"));
        assert_eq!(named("answers"), None);
    }

    #[test]
    fn every_text_is_in_both_languages() {
        /// Names and abbreviations that Japanese uses as they are.
        const ALIKE: [&str; 13] = [
            "security.txt",
            "Cookie",
            "p.",
            "SBOM",
            "PIE",
            "NX",
            "RELRO",
            "UID",
            "SHA-256",
            "CPE",
            "CVSS",
            "EPSS",
            "KEV",
        ];
        for (name, text) in [
            super::words::ALL,
            super::evidence::ALL,
            super::facts::ALL,
            super::page::ALL,
            super::plan::ALL,
            super::screen::ALL,
            super::navigate::ALL,
            super::vulndb::ALL,
            super::vulnerabilities::ALL,
            super::network::ALL,
            super::tls::ALL,
            super::messaging::ALL,
            super::web::ALL,
            super::mail::ALL,
            super::published::ALL,
            &super::titles::all(),
        ]
        .concat()
        {
            let (en, ja) = (text.get(Lang::En), text.get(Lang::Ja));
            assert!(!en.is_empty() && !ja.is_empty(), "{name}");
            assert!(en.is_ascii() || !en.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c)), "{name}: {en}");
            assert!(ALIKE.contains(&ja) || ja.chars().any(|c| c >= '\u{3000}'), "{name}: {ja}");
        }
    }
}
