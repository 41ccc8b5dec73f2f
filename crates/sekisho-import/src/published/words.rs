//! The words by which published documents and their passages are told, in English and Japanese.
//!
//! Data only. A line is a kind or topic and its words: lower case, in NFKC. Words of ASCII letters count at the beginning of a word only
//! (`update` finds *updates*, not *outdated*); Japanese ones anywhere.

/// Kinds of documents, by words in their title or headings; of several the first in the list.
pub(super) const KINDS: [(&str, &[&str]); 7] = [
    (
        "declaration-of-conformity",
        &[
            "declaration of conformity",
            "statement of compliance",
            "supplier's declaration",
            "適合宣言",
            "適合性宣言",
            "自己適合宣言",
            "適合証明書",
        ],
    ),
    (
        "vulnerability-policy",
        &[
            "vulnerability disclosure",
            "vulnerability reporting",
            "report a vulnerability",
            "reporting vulnerabilities",
            "coordinated disclosure",
            "security policy",
            "security advisor",
            "product security incident",
            "脆弱性の報告",
            "脆弱性情報",
            "脆弱性開示",
            "脆弱性対応",
            "脆弱性ポリシー",
            "セキュリティアドバイザリ",
            "脆弱性の届出",
            "セキュリティポリシー",
        ],
    ),
    (
        "privacy-notice",
        &[
            "privacy",
            "personal data",
            "data protection",
            "cookie policy",
            "プライバシー",
            "個人情報保護",
            "個人情報の取扱",
            "個人情報の取り扱い",
            "個人データの取扱",
        ],
    ),
    (
        "support-period",
        &[
            "support period",
            "end of life",
            "end-of-life",
            "end of support",
            "security update period",
            "support lifecycle",
            "product lifecycle",
            "defined support",
            "サポート期間",
            "サポート期限",
            "サポート終了",
            "アップデート提供期間",
            "更新提供期間",
            "保守期間",
        ],
    ),
    (
        "terms",
        &[
            "terms of use",
            "terms of service",
            "terms and conditions",
            "licence agreement",
            "license agreement",
            "利用規約",
            "使用許諾",
            "ご利用条件",
            "サービス規約",
        ],
    ),
    (
        "label",
        &[
            "security label",
            "cybersecurity label",
            "product label",
            "cyber trust mark",
            "jc-star",
            "セキュリティラベル",
            "適合ラベル",
        ],
    ),
    (
        "manual",
        &[
            "user manual",
            "user guide",
            "user's guide",
            "instruction manual",
            "instructions for use",
            "quick start",
            "getting started",
            "installation guide",
            "owner's manual",
            "administrator guide",
            "取扱説明書",
            "取り扱い説明書",
            "ユーザーガイド",
            "ユーザーズガイド",
            "操作ガイド",
            "設置ガイド",
            "かんたんガイド",
            "はじめに",
            "マニュアル",
        ],
    ),
];

/// What passages are about, by words in them.
pub(super) const TOPICS: [(&str, &[&str]); 14] = [
    (
        "support-period",
        &[
            "support period",
            "end of support",
            "end of life",
            "end-of-life",
            "security updates until",
            "supported until",
            "security support",
            "years of security updates",
            "サポート期間",
            "サポート期限",
            "サポート終了",
            "提供期間",
            "サポートを終了",
        ],
    ),
    (
        "vulnerability-reporting",
        &[
            "report a vulnerability",
            "report vulnerabilities",
            "reporting vulnerabilities",
            "report a security",
            "reporting a security",
            "report security",
            "vulnerability report",
            "security.txt",
            "security researcher",
            "bug bounty",
            "脆弱性を発見",
            "脆弱性の報告",
            "脆弱性に関する報告",
            "脆弱性のご報告",
            "脆弱性の届出",
            "脆弱性情報の受付",
            "脆弱性報告",
        ],
    ),
    (
        "response-time",
        &[
            "acknowledge",
            "within business days",
            "business days",
            "working days",
            "status updates",
            "resolve within",
            "営業日以内",
            "日以内に",
            "受領の連絡",
            "進捗",
        ],
    ),
    (
        "personal-data",
        &[
            "personal data",
            "personal information",
            "personally identifiable",
            "data we collect",
            "information we collect",
            "個人情報",
            "個人データ",
            "パーソナルデータ",
            "取得する情報",
        ],
    ),
    (
        "third-parties",
        &[
            "third part",
            "third-part",
            "service providers",
            "share your",
            "disclose your",
            "sub-processor",
            "subprocessor",
            "第三者",
            "委託先",
            "共同利用",
        ],
    ),
    (
        "retention",
        &[
            "retain",
            "retention",
            "how long we keep",
            "storage period",
            "stored for",
            "保存期間",
            "保管期間",
            "保有期間",
            "保存します",
        ],
    ),
    (
        "erasure",
        &[
            "right to erasure",
            "erase your",
            "delete your",
            "deletion of",
            "delete my",
            "request deletion",
            "データの削除",
            "データを削除",
            "情報の削除",
            "情報を削除",
            "消去",
            "利用停止",
        ],
    ),
    (
        "consent",
        &["consent", "opt in", "opt-in", "opt out", "opt-out", "withdraw your", "同意", "オプトアウト", "オプトイン"],
    ),
    (
        "telemetry",
        &[
            "telemetry",
            "usage data",
            "diagnostic data",
            "analytics",
            "crash report",
            "usage statistics",
            "テレメトリ",
            "利用状況",
            "使用状況",
            "診断データ",
            "ログ情報",
        ],
    ),
    (
        "updates",
        &[
            "software update",
            "firmware update",
            "security update",
            "automatic update",
            "automatically update",
            "over-the-air",
            "security patch",
            "ソフトウェア更新",
            "ソフトウェアの更新",
            "ファームウェアの更新",
            "ファームウェア更新",
            "ファームウェアのアップデート",
            "ファームウェアアップデート",
            "ソフトウェアアップデート",
            "自動更新",
            "自動アップデート",
            "セキュリティ更新",
            "セキュリティアップデート",
        ],
    ),
    (
        "default-password",
        &[
            "default password",
            "initial password",
            "default credential",
            "default user",
            "factory password",
            "change the password",
            "change your password",
            "初期パスワード",
            "デフォルトパスワード",
            "出荷時のパスワード",
            "パスワードの変更",
            "パスワードを変更",
        ],
    ),
    (
        "factory-reset",
        &[
            "factory reset",
            "factory default",
            "reset to factory",
            "restore default",
            "工場出荷",
            "初期化",
            "出荷時の状態",
            "リセットボタン",
        ],
    ),
    (
        "disposal",
        &[
            "dispos",
            "decommission",
            "before you sell",
            "selling or giving away",
            "resale",
            "end of use",
            "廃棄",
            "譲渡",
            "処分",
            "転売",
        ],
    ),
    (
        "network-interfaces",
        &[
            "open port",
            "port number",
            "tcp port",
            "udp port",
            "network service",
            "disable unused",
            "ポート番号",
            "通信ポート",
            "使用しないサービス",
        ],
    ),
];

/// Words beside which the date of a document stands.
pub(super) const DATES: [&str; 22] = [
    "last updated",
    "last modified",
    "last revised",
    "last reviewed",
    "updated on",
    "updated:",
    "effective",
    "revised",
    "published",
    "date of issue",
    "issued",
    "date:",
    "version of",
    "改定",
    "改訂",
    "最終更新",
    "更新日",
    "制定",
    "施行",
    "発行",
    "作成日",
    "公開日",
];

/// Words that English texts are full of.
pub(super) const ENGLISH: [&str; 10] = ["the", "and", "of", "to", "you", "your", "is", "for", "with", "this"];

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    #[test]
    fn words_are_written_as_they_are_looked_for() {
        for (name, words) in KINDS.iter().chain(TOPICS.iter()) {
            assert!(!words.is_empty(), "{name}");
            for word in *words {
                assert_eq!(word.nfkc().collect::<String>().to_lowercase(), **word, "{name}");
            }
            assert!(
                words.iter().any(|word| word.is_ascii()) && words.iter().any(|word| !word.is_ascii()),
                "{name}: one language only"
            );
        }
    }
}
