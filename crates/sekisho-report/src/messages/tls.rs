//! Words about TLS and SSH.

use crate::bilingual::Bi;

super::messages! {
    STARTTLS = "Changes over from", "STARTTLSの元プロトコル";
    LOGIN_IN_CLEAR = "Password taken before TLS", "TLS前にパスワードを受け付け";
    VERSIONS = "Versions agreed to", "応じるバージョン";
    REFUSED_VERSIONS = "Versions refused", "拒否するバージョン";
    UNKNOWN_VERSIONS = "Versions not told", "判定できなかったバージョン";
    WEAKNESSES = "Weaknesses", "弱点";
    FORWARD_SECRECY = "Forward secrecy", "前方秘匿性";
    DH_BITS = "Smallest DH group (bits)", "最小のDHグループ（ビット）";
    CLIENT_CERTIFICATE = "Asks for a client certificate", "クライアント証明書を要求";
    SERVER_NAME = "Name asked for", "要求したサーバー名";
    CIPHER_SUITES = "Cipher suites", "暗号スイート";
    GROUPS = "Key exchange groups", "鍵交換グループ";
    SERVER_ORDER = "Server's order decides", "サーバー側の優先順を適用";
    COMPRESSION = "Compresses", "圧縮";
    SECURE_RENEGOTIATION = "Safe renegotiation", "安全な再ネゴシエーション";
    CLIENT_RENEGOTIATION = "Clients may renegotiate", "クライアント起点の再ネゴシエーション";
    FALLBACK_REFUSED = "Refuses fallback", "ダウングレードを拒否";
    EXTENDED_MASTER_SECRET = "Extended master secret", "拡張マスターシークレット";
    SESSION_TICKETS = "Session tickets", "セッションチケット";
    OCSP_STAPLED = "OCSP stapled", "OCSPステープリング";
    CODE = "Number", "番号";
    POSITION = "Place in the chain", "証明書チェーン内の位置";
    VALID_NOW = "Valid now", "現在有効";
    DAYS_LEFT = "Days left", "残り日数";
    TRUSTED = "Leads to a trusted root", "信頼するルートに到達";
    FOR_NAMES = "For the names", "対象の名称";
    REVOCATION = "Revocation asked at", "失効情報の所在";
    FINGERPRINT = "Fingerprint", "フィンガープリント";
    CLIENT = "Client", "クライアント";
    PRESENTED = "Certificate shown", "提示した証明書";
    ACCEPTED = "Went on", "通信を継続";

    SELF_SIGNED = "self-signed", "自己署名";
    WRONG_NAME = "for another name", "名称の異なる証明書";
    EXPIRED = "expired", "期限切れ";
    NOT_YET_VALID = "not yet valid", "有効期間の開始前";
    UNTRUSTED_ROOT = "root not trusted", "信頼されないルート";
    TRUSTED_ONE = "trusted (counter-check)", "信頼される証明書（対照）";

    BROKEN = "Broken algorithms", "危殆化したアルゴリズム";
    WEAK = "Weak algorithms", "弱いアルゴリズム";
    PREFIX_TRUNCATION = "Open to prefix truncation (Terrapin)", "先頭切り詰め攻撃（Terrapin）が可能";
    OPEN_LOGIN = "Lets in without proof", "認証なしで許可";
    PASSWORD_LOGIN = "Takes passwords", "パスワード認証を受付";
    AUTHENTICATION = "Ways to log in", "認証方式";
    PROTOCOL_VERSION = "Protocol version", "プロトコルバージョン";
    KEY_EXCHANGE = "Key exchange", "鍵交換";
    HOST_KEYS = "Host keys", "ホスト鍵の種類";
    CIPHERS = "Ciphers", "暗号方式";
    MACS = "MACs", "メッセージ認証コード";
}

/// What was shown to a client.
pub(crate) fn presented(what: &str) -> Option<Bi<'static>> {
    Some(match what {
        "self-signed" => SELF_SIGNED,
        "wrong-name" => WRONG_NAME,
        "expired" => EXPIRED,
        "not-yet-valid" => NOT_YET_VALID,
        "untrusted-root" => UNTRUSTED_ROOT,
        "trusted" => TRUSTED_ONE,
        _ => return None,
    })
}
