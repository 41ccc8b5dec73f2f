//! Words about hosts of the network and what they let in.

use sekisho_model::network::{FailureKind, Vantage};

use crate::bilingual::Bi;

super::messages! {
    PLACE = "Address and port", "アドレスとポート";
    VANTAGE = "Asked from", "問い合わせ元";
    FROM_LOCAL = "its own network", "同じネットワーク";
    FROM_INTERNET = "the Internet", "インターネット";
    TCP_OPEN = "TCP ports open", "開放TCPポート数";
    TCP_ASKED = "TCP ports asked", "確認したTCPポート数";
    TCP_REFUSED = "refused", "接続拒否";
    TCP_SILENT = "silent", "応答なし";
    UDP_OPEN = "UDP services that answered", "応答したUDPサービス数";
    UDP_ASKED = "UDP services asked", "確認したUDPサービス数";
    IN_TLS = "Inside TLS", "TLSによる保護";
    ASKED = "Question", "問い合わせ";
    HAPPENED = "What happened", "結果";
    ATTEMPT = "Tried", "試行内容";
    GRANTED = "Let in", "アクセス可";
    WOULD_ALLOW = "Kind of access", "アクセスの種類";
    FAILING_LOGINS = "Failing log-ins made", "試行したログイン失敗回数";
    LIMITED = "Limited", "制限あり";
    HOW = "How", "制限の方法";
    AFTER = "After", "制限までの回数";
    ABOUT = "About", "対象";
    OF = "Of", "区分";
    DECLARED = "Declared", "申告内容";
    UNDECLARED = "Seen, not declared", "申告なし・観測あり";
    MISSING = "Declared, not there", "申告あり・実際になし";
    AUTHENTICATED = "Declared to authenticate", "認証ありと申告";

    REFUSED = "connection refused", "接続拒否";
    TIMED_OUT = "no answer in time", "時間内に応答なし";
    RESET = "connection reset", "接続がリセットされた";
    CLOSED = "closed before the answer was whole", "応答の途中で切断";
    UNREACHABLE = "cannot be reached", "到達不能";
    UNRESOLVED = "name not resolved", "名前解決不可";
    NONSENSE = "no answer of this protocol", "プロトコルに合わない応答";
    UNTRUSTED = "certificate not to be trusted", "証明書を信頼できない";
    TOO_MUCH = "answer over the size limit", "応答が上限サイズを超過";
    BUDGET_SPENT = "requests or time used up", "問い合わせ数または時間の上限に到達";
    CANCELLED = "stopped by the user", "利用者による中止";
    OTHER = "other", "その他";

    BY_BANNER = "what it said unasked", "接続時の自己表示";
    BY_PROBE = "answer to a request", "問い合わせへの応答";
    BY_HANDSHAKE = "handshake", "ハンドシェイク";
    BY_PORT = "port number only", "ポート番号のみ";

    TRY_ANONYMOUS = "anonymous", "匿名";
    TRY_COMMUNITY = "community “public”", "コミュニティ名「public」";
    TRY_READ = "reading request", "読み出し要求";
    TRY_SHELL = "shell without a log-in", "ログインなしのシェル";
    READ = "read", "読み取り";
    WRITE = "write", "書き込み";

    LOCKED = "locked out", "ロックアウト";
    DELAYED = "answers delayed", "応答の遅延";
    DISCONNECTED = "no more connections", "接続の遮断";

    ABOUT_AUTHENTICATION = "authentication", "認証方式";
    ABOUT_TLS_VERSIONS = "TLS versions", "TLSのバージョン";
    ABOUT_TLS_SUITES = "TLS cipher suites", "TLSの暗号スイート";
    ABOUT_TLS_GROUPS = "TLS groups", "TLSの鍵交換グループ";
    ABOUT_TLS_KEYS = "keys of certificates", "証明書の鍵";
    ABOUT_SSH_KEY_EXCHANGE = "SSH key exchange", "SSHの鍵交換";
    ABOUT_SSH_HOST_KEYS = "SSH host keys", "SSHのホスト鍵";
    ABOUT_SSH_CIPHERS = "SSH ciphers", "SSHの暗号";
    ABOUT_SSH_MACS = "SSH message authentication codes", "SSHのメッセージ認証コード";
    OF_INTERFACE = "interface", "インターフェース";
    OF_FLOW = "flow", "通信";
}

/// About what something differs from what is declared.
pub(crate) fn about(about: &str) -> Option<Bi<'static>> {
    Some(match about {
        "authentication" => ABOUT_AUTHENTICATION,
        "tls-versions" => ABOUT_TLS_VERSIONS,
        "tls-cipher-suites" => ABOUT_TLS_SUITES,
        "tls-groups" => ABOUT_TLS_GROUPS,
        "tls-certificate-keys" => ABOUT_TLS_KEYS,
        "ssh-key-exchange" => ABOUT_SSH_KEY_EXCHANGE,
        "ssh-host-keys" => ABOUT_SSH_HOST_KEYS,
        "ssh-ciphers" => ABOUT_SSH_CIPHERS,
        "ssh-macs" => ABOUT_SSH_MACS,
        _ => return None,
    })
}

/// Of what something is declared.
pub(crate) fn of(of: &str) -> Option<Bi<'static>> {
    Some(match of {
        "interface" => OF_INTERFACE,
        "flow" => OF_FLOW,
        _ => return None,
    })
}

/// From where a host was asked; none where nobody said.
pub(crate) fn vantage(vantage: Vantage) -> Option<Bi<'static>> {
    match vantage {
        Vantage::Local => Some(FROM_LOCAL),
        Vantage::Internet => Some(FROM_INTERNET),
        Vantage::Unknown => None,
    }
}

/// How a question failed.
pub(crate) fn failure(kind: FailureKind) -> Bi<'static> {
    match kind {
        FailureKind::Refused => REFUSED,
        FailureKind::TimedOut => TIMED_OUT,
        FailureKind::Reset => RESET,
        FailureKind::Closed => CLOSED,
        FailureKind::Unreachable => UNREACHABLE,
        FailureKind::Unresolved => UNRESOLVED,
        FailureKind::Nonsense => NONSENSE,
        FailureKind::TooMuch => TOO_MUCH,
        FailureKind::Untrusted => UNTRUSTED,
        FailureKind::BudgetSpent => BUDGET_SPENT,
        FailureKind::Cancelled => CANCELLED,
        FailureKind::Other => OTHER,
    }
}

/// What told the protocol of a service.
pub(crate) fn recognised_by(by: &str) -> Option<Bi<'static>> {
    Some(match by {
        "banner" => BY_BANNER,
        "probe" => BY_PROBE,
        "handshake" => BY_HANDSHAKE,
        "port" => BY_PORT,
        _ => return None,
    })
}

/// What was tried without a log-in.
pub(crate) fn attempt(attempt: &str) -> Option<Bi<'static>> {
    Some(match attempt {
        "anonymous" => TRY_ANONYMOUS,
        "community-public" => TRY_COMMUNITY,
        "read" => TRY_READ,
        "shell" => TRY_SHELL,
        _ => return None,
    })
}

/// What an access allows.
pub(crate) fn access(kind: &str) -> Option<Bi<'static>> {
    Some(match kind {
        "read" => READ,
        "write" => WRITE,
        _ => return None,
    })
}

/// How failing log-ins were limited.
pub(crate) fn limit(how: &str) -> Option<Bi<'static>> {
    Some(match how {
        "locked" => LOCKED,
        "delayed" => DELAYED,
        "disconnected" => DISCONNECTED,
        _ => return None,
    })
}
