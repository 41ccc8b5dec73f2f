//! Words about domains, mail and `security.txt`.

use crate::bilingual::Bi;

super::messages! {
    DOMAIN = "Domain", "ドメイン";
    SPF = "SPF record", "SPFレコード";
    SPF_ALL = "SPF: all other senders", "SPF：その他の送信元の扱い";
    SPF_VALID = "SPF valid", "SPFが有効";
    SPF_LOOKUPS = "SPF look-ups", "SPFの参照回数";
    DMARC = "DMARC record", "DMARCレコード";
    DMARC_POLICY = "DMARC policy", "DMARCポリシー";
    DMARC_SUBDOMAINS = "DMARC policy of subdomains", "サブドメインのDMARCポリシー";
    DMARC_PERCENT = "DMARC applied to (%)", "DMARCの適用割合（%）";
    DMARC_REPORTS = "DMARC reports asked for", "DMARCレポートを要求";
    DMARC_WEAK_DAYS = "Days without enforcement", "強制ポリシーのない日数";
    MTA_STS = "MTA-STS", "MTA-STSのモード";
    TLS_REPORTING = "TLS reports asked for", "TLSレポートを要求";
    DANE = "DANE", "DANEによる証明書の指定";
    DNSSEC = "DNSSEC: computed", "DNSSEC：Sekishoによる検証結果";
    DNSSEC_REASON = "DNSSEC: why", "DNSSEC：理由";
    DNSSEC_ALGORITHM = "DNSSEC: algorithm", "DNSSEC：アルゴリズム";
    DNSSEC_SECURE = "secure", "検証済み";
    DNSSEC_INSECURE = "unsigned, as the name server says", "署名なし（ネームサーバーの応答による）";
    DNSSEC_BROKEN = "bogus", "不正";
    DNSSEC_UNKNOWN = "cannot be told", "判定不能";
    DNSSEC_SIGNED = "DNSSEC: signed", "DNSSEC：署名あり";
    DNSSEC_VERIFIED = "DNSSEC: verified by the name server", "DNSSEC：ネームサーバーが検証";
    DNSSEC_BOGUS = "DNSSEC: signatures do not hold", "DNSSEC：署名が不正";
    CAA = "May issue certificates (CAA)", "証明書の発行を許可（CAA）";
    MAIL_SERVERS = "Mail servers", "メールサーバー";
    NULL_MX = "Takes no mail", "メールを受信しない";
    SELECTOR = "Selector", "セレクター";
    RECORD_FOUND = "Record found", "レコードあり";
    TESTING = "Only testing", "試験運用中";
    REVOKED = "Withdrawn", "失効";
    OFFERS_TLS = "Offers TLS", "TLSへの切替に対応";
    BEST_VERSION = "Best version", "最良のバージョン";
    CERTIFICATE_FITS = "Certificate fits", "証明書が適合";
    DANE_MATCHES = "DANE matches", "DANEと一致";
    SENDER = "Sender's domain", "送信者のドメイン";
    DATE = "Date", "日付";
    SIGNATURES = "Signatures", "署名";
    ALIGNED = "Signed by the sender's domain", "送信者のドメインの署名";
    RECEIVED_OVER_TLS = "Received over TLS", "TLSで受信";
    FILE_FOUND = "Found", "ファイルあり";
    FITS_RFC = "Fulfils RFC 9116", "RFC 9116に適合";
    PROBLEMS = "Problems", "問題点";
    CONTACTS = "Contacts", "連絡先";
    EXPIRES = "Expires", "有効期限";
    POLICIES = "Policy", "ポリシー";
    LANGUAGES = "Languages", "対応言語";

    SPF_FAIL = "fail", "拒否（fail）";
    SPF_SOFTFAIL = "softfail", "疑わしい（softfail）";
    SPF_NEUTRAL = "neutral", "中立（neutral）";
    SPF_PASS = "pass", "許可（pass）";
    NO_ACTION = "none", "何もしない（none）";
    QUARANTINE = "quarantine", "隔離（quarantine）";
    REJECT = "reject", "拒否（reject）";
    ENFORCE = "enforce", "強制（enforce）";
    TESTING_MODE = "testing", "試験（testing）";
    SWITCHED_OFF = "none", "無効（none）";
}

/// What SPF says of all other senders.
pub(crate) fn spf(all: &str) -> Option<Bi<'static>> {
    Some(match all {
        "fail" => SPF_FAIL,
        "softfail" => SPF_SOFTFAIL,
        "neutral" => SPF_NEUTRAL,
        "pass" => SPF_PASS,
        _ => return None,
    })
}

/// A policy of DMARC.
pub(crate) fn dmarc(policy: &str) -> Option<Bi<'static>> {
    Some(match policy {
        "none" => NO_ACTION,
        "quarantine" => QUARANTINE,
        "reject" => REJECT,
        _ => return None,
    })
}

/// A mode of MTA-STS.
pub(crate) fn mta_sts(mode: &str) -> Option<Bi<'static>> {
    Some(match mode {
        "enforce" => ENFORCE,
        "testing" => TESTING_MODE,
        "none" => SWITCHED_OFF,
        _ => return None,
    })
}

/// What came of validating a domain's signatures.
pub(crate) fn dnssec(state: &str) -> Option<Bi<'static>> {
    Some(match state {
        "secure" => DNSSEC_SECURE,
        "insecure" => DNSSEC_INSECURE,
        "bogus" => DNSSEC_BROKEN,
        "unknown" => DNSSEC_UNKNOWN,
        _ => return None,
    })
}
