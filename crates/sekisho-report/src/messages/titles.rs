//! The kinds of facts: what their tables are called, what one of them is called, and the order in which reports list them.

use crate::bilingual::Bi;

/// A kind of fact, and how it is called.
struct Kind {
    name: &'static str,
    /// The title of a table of them.
    table: Bi<'static>,
    /// What one of them is.
    one: Bi<'static>,
}

const fn kind_of(name: &'static str, table: [&'static str; 2], one: [&'static str; 2]) -> Kind {
    Kind { name, table: Bi::fixed(table[0], table[1]), one: Bi::fixed(one[0], one[1]) }
}

/// In the order in which reports list them: what was seen of the product first, what could not be asked last.
const KINDS: &[Kind] = &[
    kind_of("region", ["Regions of the image", "イメージの領域"], ["Region", "領域"]),
    kind_of("component", ["Software components", "ソフトウェア部品"], ["Component", "部品"]),
    kind_of("account", ["Accounts", "アカウント"], ["Account", "アカウント"]),
    kind_of("private-key", ["Private keys", "秘密鍵"], ["Private key", "秘密鍵"]),
    kind_of("certificate", ["Certificates", "証明書"], ["Certificate", "証明書"]),
    kind_of("service", ["Services", "サービス"], ["Service", "サービス"]),
    kind_of("setting", ["Settings of daemons", "デーモンの設定"], ["Setting", "設定"]),
    kind_of("binary", ["Programs and libraries", "プログラムとライブラリ"], ["Binary", "バイナリ"]),
    kind_of("credential", ["Hard-coded credentials", "埋め込まれた認証情報"], ["Credential", "認証情報"]),
    kind_of("endpoint", ["Network endpoints", "通信先"], ["Endpoint", "通信先"]),
    kind_of("file-mode", ["File permissions", "ファイルの権限"], ["File", "ファイル"]),
    kind_of("update-image", ["Images for installation", "インストール用イメージ"], ["Update image", "更新イメージ"]),
    kind_of("update-mechanism", ["How updates are taken", "更新の仕組み"], ["Update mechanism", "更新の仕組み"]),
    kind_of(
        "debug-interface",
        ["Interfaces meant for development", "開発用インターフェース"],
        ["Debug interface", "開発用インターフェース"],
    ),
    kind_of("build-option", ["Build options", "ビルドオプション"], ["Build option", "ビルドオプション"]),
    kind_of(
        "writable-code",
        ["Code run from writable storage", "書き込み可能な領域から実行されるコード"],
        ["Code in writable storage", "書き込み可能な領域のコード"],
    ),
    kind_of("hardening", ["Hardening, summed up", "堅牢化対策の集計"], ["Hardening", "堅牢化対策"]),
    kind_of("sbom", ["SBOM as a document", "SBOM文書"], ["SBOM", "SBOM"]),
    kind_of(
        "sbom-difference",
        ["Differences between SBOM and image", "SBOMとイメージの差異"],
        ["SBOM difference", "SBOMとの差異"],
    ),
    kind_of(
        "undeclared-service",
        ["Services that the product file does not declare", "製品ファイルに記載のないサービス"],
        ["Undeclared service", "記載のないサービス"],
    ),
    kind_of("known-vulnerability", ["Known vulnerabilities", "既知の脆弱性"], ["Known vulnerability", "既知の脆弱性"]),
    kind_of("traffic-capture", ["Captures of network traffic", "通信のキャプチャ"], ["Capture", "キャプチャ"]),
    kind_of("traffic-host", ["Stations on the local network", "ローカルネットワークの端末"], ["Station", "端末"]),
    kind_of("traffic-flow", ["Who talks to whom", "通信の相手と内容"], ["Traffic", "通信"]),
    kind_of("traffic-destination", ["Destinations of traffic", "通信の宛先"], ["Destination", "宛先"]),
    kind_of(
        "traffic-credential",
        ["Log-ins in the clear", "平文で送られた認証情報"],
        ["Log-in in the clear", "平文の認証情報"],
    ),
    kind_of("traffic-tls", ["TLS in use", "使用中のTLS"], ["TLS in use", "使用中のTLS"]),
    kind_of(
        "traffic-certificate",
        ["Certificates presented in TLS", "TLSで提示された証明書"],
        ["Certificate in TLS", "TLSの証明書"],
    ),
    kind_of("mud-file", ["MUD files", "MUDファイル"], ["MUD file", "MUDファイル"]),
    kind_of("mud-rule", ["Rules of the MUD file", "MUDファイルの規則"], ["MUD rule", "MUDの規則"]),
    kind_of(
        "undeclared-destination",
        ["Destinations that nothing declares", "申告のない宛先"],
        ["Undeclared destination", "申告のない宛先"],
    ),
    kind_of("network-host", ["Hosts on the network", "ネットワーク上のホスト"], ["Host", "ホスト"]),
    kind_of(
        "network-service",
        ["Services on the network", "ネットワーク上のサービス"],
        ["Network service", "ネットワークサービス"],
    ),
    kind_of(
        "service-access",
        ["Access without a log-in", "ログインなしのアクセス"],
        ["Access without a log-in", "ログインなしのアクセス"],
    ),
    kind_of(
        "undeclared-listener",
        ["Open ports that the product file does not declare", "製品ファイルに記載のない開放ポート"],
        ["Undeclared port", "記載のないポート"],
    ),
    kind_of(
        "internet-service",
        ["Services that answered to the Internet", "インターネットに応答したサービス"],
        ["Service reached from the Internet", "インターネットから到達できるサービス"],
    ),
    kind_of(
        "declaration-difference",
        ["Differences from what the product file declares", "製品ファイルの申告との相違"],
        ["Difference from the declaration", "申告との相違"],
    ),
    kind_of(
        "review-difference",
        ["Components in other versions than reviewed", "レビュー済みと異なるバージョンの部品"],
        ["Other version than reviewed", "レビュー済みと異なる版"],
    ),
    kind_of(
        "login-limit",
        ["Limits on failing log-ins", "ログイン失敗回数の制限"],
        ["Log-in limit", "ログイン失敗の制限"],
    ),
    kind_of(
        "default-login",
        ["Log-ins with known passwords", "既知のパスワードによるログイン"],
        ["Known password tried", "既知パスワードの試行"],
    ),
    kind_of("tls-server", ["TLS servers", "TLSサーバー"], ["TLS server", "TLSサーバー"]),
    kind_of(
        "tls-suite",
        ["Cipher suites that servers agree to", "サーバーが応じる暗号スイート"],
        ["Cipher suite", "暗号スイート"],
    ),
    kind_of("tls-certificate", ["Certificates of servers", "サーバー証明書"], ["Server certificate", "サーバー証明書"]),
    kind_of(
        "tls-client",
        ["Certificates shown to clients", "クライアントに提示した証明書"],
        ["Certificate shown to a client", "クライアントへの証明書の提示"],
    ),
    kind_of("ssh-server", ["SSH servers", "SSHサーバー"], ["SSH server", "SSHサーバー"]),
    kind_of("ssh-host-key", ["SSH host keys", "SSHホスト鍵"], ["SSH host key", "SSHホスト鍵"]),
    kind_of("mqtt-broker", ["MQTT brokers", "MQTTブローカー"], ["MQTT broker", "MQTTブローカー"]),
    kind_of("coap-server", ["CoAP servers", "CoAPサーバー"], ["CoAP server", "CoAPサーバー"]),
    kind_of("coap-resource", ["CoAP resources", "CoAPリソース"], ["CoAP resource", "CoAPリソース"]),
    kind_of("web-service", ["Web interfaces", "Webインターフェース"], ["Web interface", "Webインターフェース"]),
    kind_of("web-cookie", ["Cookies", "Cookie"], ["Cookie", "Cookie"]),
    kind_of("web-form", ["Forms", "フォーム"], ["Form", "フォーム"]),
    kind_of("web-session", ["Sessions of the test account", "試験アカウントのセッション"], ["Session", "セッション"]),
    kind_of(
        "web-reflection",
        ["Input that comes back in pages", "ページにそのまま返される入力"],
        ["Reflected input", "返された入力"],
    ),
    kind_of(
        "web-password",
        ["Weak passwords tried", "弱いパスワードへの変更の試行"],
        ["Weak password tried", "弱いパスワードの試行"],
    ),
    kind_of(
        "mail-domain",
        ["Records of domains for mail and trust", "ドメインのメール・信頼関連レコード"],
        ["Domain", "ドメイン"],
    ),
    kind_of("dkim-key", ["Keys for signing mail (DKIM)", "メール署名鍵（DKIM）"], ["DKIM key", "DKIM鍵"]),
    kind_of("mail-server", ["Mail servers", "メールサーバー"], ["Mail server", "メールサーバー"]),
    kind_of("mail-message", ["Sample messages", "見本メール"], ["Sample message", "見本メール"]),
    kind_of(
        "security-txt",
        ["security.txt files", "security.txtファイル"],
        ["security.txt file", "security.txtファイル"],
    ),
    kind_of("published-document", ["Published documents", "公開文書"], ["Published document", "公開文書"]),
    kind_of("published-passage", ["Passages for a person to look at", "人による確認を要する記述"], ["Passage", "記述"]),
    kind_of(
        "tool-finding",
        ["Results of other tools", "他ツールの検出結果"],
        ["Result of another tool", "他ツールの検出結果"],
    ),
    kind_of(
        "probe-failure",
        ["Questions without a proper answer", "正常な応答が得られなかった問い合わせ"],
        ["Question without an answer", "応答の得られなかった問い合わせ"],
    ),
];

/// The names of all facts, in the order in which reports list them.
pub(crate) fn in_order() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.name)
}

/// The title of the table of facts called `name`.
pub(crate) fn table(name: &str) -> Bi<'_> {
    KINDS.iter().find(|kind| kind.name == name).map_or(Bi::same(name), |kind| kind.table.clone())
}

/// What one fact called `name` is about.
pub(crate) fn kind(name: &str) -> Bi<'_> {
    KINDS.iter().find(|kind| kind.name == name).map_or(Bi::same(name), |kind| kind.one.clone())
}

#[cfg(test)]
pub(super) fn all() -> Vec<(&'static str, Bi<'static>)> {
    KINDS.iter().flat_map(|kind| [(kind.name, kind.table.clone()), (kind.name, kind.one.clone())]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sekisho_model::fact::Observed;

    use super::*;

    #[test]
    fn every_kind_of_fact_has_a_title_once() {
        let titled: Vec<_> = in_order().collect();
        assert_eq!(titled.len(), Observed::NAMES.len());
        assert_eq!(titled.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(Observed::NAMES));
        assert_eq!(titled.last(), Some(&"probe-failure"));
    }
}
