//! Words about what makers publish, and about other tools' results.

use crate::bilingual::Bi;

super::messages! {
    TITLE = "Title", "題名";
    DATE = "Date", "日付";
    LANGUAGE = "Language", "言語";
    PAGES = "Pages", "ページ数";
    CHARACTERS = "Characters", "文字数";
    FILE_DATE = "File dated", "ファイルの日付";
    TOPIC = "Topic", "主題";
    QUOTE = "Passage", "記述";
    DOCUMENT = "Document", "文書";
    OUTCOME = "Outcome", "結果";
    LOCATION = "Location", "所在";
    TOOL = "Tool", "ツール";
    WEAKNESSES = "Weaknesses (CWE)", "脆弱性の種別（CWE）";

    PRIVACY_NOTICE = "privacy notice", "プライバシーに関する通知";
    SUPPORT_PERIOD = "support period", "サポート期間";
    VULNERABILITY_POLICY = "vulnerability disclosure policy", "脆弱性開示ポリシー";
    MANUAL = "manual", "取扱説明書";
    LABEL = "label", "ラベル";
    DECLARATION = "declaration of conformity", "適合宣言書";
    TERMS = "terms", "利用規約";
    NOT_KNOWN = "unknown", "不明";

    VULNERABILITY_REPORTING = "reporting vulnerabilities", "脆弱性の報告";
    RESPONSE_TIME = "response time", "対応期間";
    PERSONAL_DATA = "personal data", "個人データ";
    THIRD_PARTIES = "third parties", "第三者提供";
    RETENTION = "retention", "保存期間";
    ERASURE = "erasure", "消去";
    CONSENT = "consent", "同意";
    TELEMETRY = "telemetry", "テレメトリ";
    UPDATES = "updates", "更新";
    DEFAULT_PASSWORD = "default password", "初期パスワード";
    FACTORY_RESET = "factory reset", "初期化";
    DISPOSAL = "disposal", "廃棄";

    FINDING = "finding", "問題あり";
    PASSED = "passed", "問題なし";
    NOTE = "note", "参考情報";
    FAILED = "could not tell", "判定不能";
}

/// What a published document seems to be.
pub(crate) fn document(kind: &str) -> Option<Bi<'static>> {
    Some(match kind {
        "privacy-notice" => PRIVACY_NOTICE,
        "support-period" => SUPPORT_PERIOD,
        "vulnerability-policy" => VULNERABILITY_POLICY,
        "manual" => MANUAL,
        "label" => LABEL,
        "declaration-of-conformity" => DECLARATION,
        "terms" => TERMS,
        "unknown" => NOT_KNOWN,
        _ => return None,
    })
}

/// What a passage is about.
pub(crate) fn topic(topic: &str) -> Option<Bi<'static>> {
    Some(match topic {
        "support-period" => SUPPORT_PERIOD,
        "vulnerability-reporting" => VULNERABILITY_REPORTING,
        "response-time" => RESPONSE_TIME,
        "personal-data" => PERSONAL_DATA,
        "third-parties" => THIRD_PARTIES,
        "retention" => RETENTION,
        "erasure" => ERASURE,
        "consent" => CONSENT,
        "telemetry" => TELEMETRY,
        "updates" => UPDATES,
        "default-password" => DEFAULT_PASSWORD,
        "factory-reset" => FACTORY_RESET,
        "disposal" => DISPOSAL,
        _ => return None,
    })
}

/// What another tool's result comes to.
pub(crate) fn outcome(outcome: &str) -> Option<Bi<'static>> {
    Some(match outcome {
        "finding" => FINDING,
        "passed" => PASSED,
        "note" => NOTE,
        "failed" => FAILED,
        _ => return None,
    })
}
