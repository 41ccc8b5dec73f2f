//! Words about web interfaces.

use crate::bilingual::Bi;

super::messages! {
    STATUS = "Status", "ステータス";
    TO_TLS = "Sends on to TLS", "TLSへ転送";
    LOGIN = "Asks for a log-in", "ログイン方式";
    LOGIN_IN_CLEAR = "Password in the clear", "パスワードを平文で要求";
    MISSING_HEADERS = "Missing headers", "不足するヘッダー";
    EXPOSED = "Files open to anybody", "誰でも読めるファイル";
    LISTINGS = "Folders listed", "一覧が公開されるフォルダー";
    PRESENTS_AS = "Says that it is", "自称するソフトウェア";
    VERSION_TOLD = "Tells a version", "バージョンを表示";
    HSTS = "HSTS (seconds)", "HSTS（秒）";
    SECURITY_HEADERS = "Headers that are there", "設定済みのヘッダー";
    TITLE = "Title", "題名";
    REDIRECT = "Sends on to", "転送先";
    DEFAULT_PAGE = "Server's own page", "初期ページ";
    SESSION_COOKIE = "Holds a session", "セッション用";
    TLS_ONLY = "Over TLS only", "TLSのみで送信";
    NO_SCRIPTS = "Out of reach for scripts", "スクリプトから参照不可";
    SAME_SITE = "SameSite", "SameSite属性";
    SET_IN_CLEAR = "Set in the clear", "平文で発行";
    KEPT = "Kept (seconds)", "保持期間（秒）";
    PAGE = "Page", "ページ";
    SENT_TO = "Sent to", "送信先";
    METHOD = "Method", "メソッド";
    PASSWORD_FIELD = "Has a password field", "パスワード欄あり";
    FORGERY_TOKEN = "Token against forgery", "偽造防止トークン";
    SEEN_LOGGED_IN = "Seen when logged in", "ログイン後に表示";
    LOGGED_IN = "Log-in worked", "ログイン成功";
    FIXATION = "Session id kept over the log-in", "ログイン前後でセッションIDが同一";
    SURVIVES_LOGOUT = "Good after logging out", "ログアウト後も有効";
    OPEN_WITHOUT_SESSION = "Open without a session", "セッションなしで閲覧可";
    PARAMETER = "Parameter", "パラメータ";
    UNESCAPED = "Markup comes back as it was", "マークアップがそのまま返る";
    TRIED = "Tried", "試したパスワード";
    TAKEN = "Taken", "受け入れ";
    RESTORED = "Own password works again", "元のパスワードに復旧";

    SHORT = "short", "短いもの";
    COMMON = "common", "よく使われるもの";
    SAME_AS_NAME = "the account's name", "アカウント名と同じもの";
}

/// What kind of weak password was tried.
pub(crate) fn tried(what: &str) -> Option<Bi<'static>> {
    Some(match what {
        "short" => SHORT,
        "common" => COMMON,
        "name" => SAME_AS_NAME,
        _ => return None,
    })
}
