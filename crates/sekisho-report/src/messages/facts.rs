//! Words about facts: headings of their columns, states. The names of their kinds stand in [`titles`](super::titles), words that only facts from the
//! network need in files of their own.

use sekisho_model::fact::{
    BinaryKind, DifferenceKind, FoundBy, PasswordState, ReadState, Relro, SignatureState, Start,
};

use sekisho_model::vulnerability::{Confidence, Exposure, Standing};

use crate::bilingual::Bi;

super::messages! {
    VULNERABILITY = "Vulnerability", "脆弱性";
    STANDING = "Standing", "影響の有無";
    CONFIDENCE = "Match", "照合の確度";
    FIXED_IN = "Fixed in", "修正版";
    SEVERITY = "Severity", "深刻度";
    EPSS = "EPSS", "EPSS";
    EXPLOITED = "Known exploited", "悪用確認済み";
    EXPOSURE = "Exposure", "ネットワークへの露出";
    STATED = "Statement (VEX)", "VEXの記載";
    WHY = "Why", "根拠";

    AFFECTED = "affected", "影響あり";
    UNDECIDED = "cannot be said", "判定不能";
    NOT_AFFECTED = "not affected, as stated", "影響なし（VEXの記載による）";
    MENDED = "fixed, as stated", "修正済み（VEXの記載による）";

    BY_PURL = "exact package", "パッケージ一致";
    BY_DISTRIBUTION = "the distribution's advisory", "ディストリビューションの勧告";
    BY_CPE_VERSION = "CPE with version", "CPEとバージョン";
    BY_CPE = "CPE, all versions", "CPE（全バージョン）";
    BY_PRODUCT = "vendor, product, version", "ベンダー・製品・バージョン";
    BY_NAME = "name only", "名称のみ";

    ON_NETWORK = "listens on the network", "ネットワークで待ち受け";
    NOT_SEEN_LISTENING = "not seen listening", "待ち受けは見られず";

    FORMAT = "Format", "形式";
    LENGTH = "Length", "長さ";
    READ = "Read", "読み取り";
    FILES = "Files", "ファイル数";
    SIGNED = "Signed", "署名";
    SIGNER = "Signer (not held against a root)", "署名者（ルートとの照合なし）";
    SIGNER_IN_TIME = "Signer's certificate in its time", "署名者の証明書が有効期間内";
    SIGNER_UNTIL = "Signer's certificate until", "署名者の証明書の有効期限";
    SIGNER_ISSUER = "Issuer of the signer's certificate", "署名者の証明書の発行者";
    SIGNATURE_SCHEME = "Kind of signature", "署名方式";
    SIGNATURE_FILE = "Signature file", "署名ファイル";
    CHECKSUM = "Checksum holds", "チェックサム一致";
    DETAIL = "Detail", "詳細";
    NAME = "Name", "名称";
    VERSION = "Version", "バージョン";
    FOUND_BY = "Recognised by", "検出方法";
    SUPPLIER = "Supplier", "供給者";
    LICENCES = "Licences", "ライセンス";
    IDENTIFIER = "Identifier", "識別子";
    USER = "User", "ユーザー";
    UID = "UID", "UID";
    PASSWORD = "Password", "パスワード";
    SCHEME = "Hash scheme", "ハッシュ方式";
    LOGIN = "Can log in", "ログイン可能";
    KNOWN_PASSWORD = "Well-known password", "既知のパスワード";
    ENCODING = "Encoding", "符号化";
    ALGORITHM = "Algorithm", "アルゴリズム";
    BITS = "Bits", "ビット長";
    ENCRYPTED = "Encrypted", "暗号化";
    SUBJECT = "Subject", "主体者";
    ISSUER = "Issuer", "発行者";
    VALID = "Valid", "有効期間";
    EXPIRED = "Expired", "期限切れ";
    KEY = "Key", "鍵";
    SIGNATURE = "Signature", "署名方式";
    PROGRAM = "Program", "プログラム";
    PROTOCOL = "Protocol", "プロトコル";
    START = "Start", "起動";
    STARTED_BY = "Started by", "起動元";
    RUNS_AS = "Runs as", "実行ユーザー";
    COMMAND = "Command", "コマンド";
    CLEARTEXT = "In the clear", "平文通信";
    SETTING = "Setting", "設定項目";
    VALUE = "Value", "値";
    KIND = "Kind", "種類";
    MACHINE = "Processor", "プロセッサ";
    PIE = "PIE", "PIE";
    NX = "NX", "NX";
    RELRO = "RELRO", "RELRO";
    STACK_PROTECTOR = "Stack protector", "スタック保護";
    FORTIFY = "Fortified", "FORTIFY有効";
    NETWORK_FACING = "Faces the network", "ネットワークに面する";
    INACTIVE = "Comment or example", "コメント・例示";
    WORLD_READABLE = "Readable by everybody", "全ユーザーが読取可";
    ADDRESS = "Address", "アドレス";
    PURPOSE = "Purpose", "用途";
    MODE = "Mode", "モード";
    MARKS = "Marks", "特記事項";
    MADE = "Made", "作成日時";
    COMPONENTS = "Components", "部品数";
    WITH_VERSION = "with version", "バージョンあり";
    WITH_SUPPLIER = "with supplier", "供給者あり";
    WITH_IDENTIFIER = "with identifier", "識別子あり";
    RELATIONSHIPS = "Relationships", "依存関係";
    MISSING_ELEMENTS = "Missing minimum elements", "不足する最小要素";
    COMPONENT = "Component", "部品";
    WELL_KNOWN = "Publicly known from", "公知の出所";
    USED_BY = "Used by", "使用するサービス";
    COPIES = "Also at", "同じ鍵の所在";
    LISTENS = "Listens on", "待ち受けポート";
    RUNPATH = "Library path", "ライブラリの探索先";
    UNSAFE_FUNCTIONS = "Risky functions", "注意を要する関数";
    CAPABILITIES = "Capabilities", "ケーパビリティ";
    PRODUCT = "Product", "製品";
    TARGET = "For", "対象ハードウェア";
    DIGEST = "Digest holds", "ダイジェスト一致";
    ROLLBACK = "Rollback counter", "ロールバック防止カウンター";
    SOURCES = "From", "取得元";
    MECHANISM = "Mechanism", "仕組み";
    VERIFIES = "Verifies signatures", "署名を検証";
    TRUST_ANCHOR = "Trust anchor", "トラストアンカー";
    AUTHENTICATED = "Asks for a password", "パスワードを要求";
    OPTION = "Option", "オプション";
    SOFTWARE = "Software", "ソフトウェア";
    MOUNT = "Storage", "格納領域";
    COUNTED = "Files", "ファイル数";
    PROGRAMS = "Programs", "プログラム数";
    IN_FIRMWARE = "In the image", "イメージ内";
    IN_SBOM = "In the SBOM", "SBOM内";
    REVIEWED = "Reviewed", "レビュー済みの版";
    SEEN = "Seen", "観測された版";
    LINK_TYPES = "Link types", "リンク種別";
    FRAMES = "Frames", "フレーム数";
    SECONDS = "Seconds", "秒数";
    FLOWS = "Flows", "フロー数";
    CUT_FRAMES = "Frames cut short", "途中で切れたフレーム";
    MAC = "Hardware address", "MACアドレス";
    NAMES = "Names", "名称";
    VENDOR_CLASS = "Vendor class", "ベンダークラス";
    MUD_URL = "MUD URL", "MUDファイルのURL";
    FROM = "From", "送信元";
    TO = "To", "宛先";
    SERVICE = "Port", "ポート";
    SENT = "Sent", "送信量";
    RECEIVED = "Received", "受信量";
    SCOPE = "Where", "宛先の所在";
    CONNECTIONS = "Connections", "接続数";
    INTERVAL = "Every (seconds)", "周期（秒）";
    ENTROPY = "Entropy (bits per byte)", "エントロピー（ビット／バイト）";
    ADDRESSES = "Addresses", "アドレス";
    PROTOCOLS = "Protocols", "プロトコル";
    SECRET = "Secret, masked", "秘密情報（伏せ字）";
    SERVER = "Server", "サーバー";
    OFFERED = "Offered", "提示されたバージョン";
    ALPN = "Protocols inside", "内部のプロトコル（ALPN）";
    CHOSEN = "Chosen", "選択されたバージョン";
    CIPHER_SUITE = "Cipher suite", "暗号スイート";
    WEAK_OFFERED = "Weak suites offered", "提示された弱い暗号スイート";
    WEAK_CHOSEN = "Weak suite chosen", "弱い暗号スイートを選択";
    ALERT = "Alert", "アラート";
    NAME_MATCHES = "For that name", "名称一致";
    VALID_THEN = "Valid then", "通信時点で有効";
    FORM = "Form", "形式";
    HTTPS = "Over HTTPS", "HTTPSで配布";
    SUPPORTED = "Supported", "サポート中";
    CACHE_VALIDITY = "May be kept (hours)", "キャッシュ有効時間（時間）";
    RULES = "Rules", "規則数";
    ERRORS = "Errors", "誤り";
    WARNINGS = "Warnings", "警告";
    RULE = "Rule", "規則";
    DIRECTION = "Direction", "方向";
    PEER = "Other side", "通信相手";
    DEVICE_PORT = "Device's port", "機器側ポート";
    PEER_PORT = "Other side's port", "相手側ポート";
    ACTION = "Action", "動作";
    NOT_UNDERSTOOD = "Not understood", "解釈できない条件";
    HELD_AGAINST = "Held against", "照合した資料";

    READ_WHOLE = "whole", "全体";
    READ_PARTIAL = "in part", "一部";
    READ_NOT = "not read", "未読";
    BY_PACKAGES = "package database", "パッケージDB";
    BY_STRING = "version string", "バージョン文字列";
    BY_KERNEL = "kernel banner", "カーネルのバナー";
    BY_OS_RELEASE = "system description", "OSの記述";
    BY_FILE_NAME = "file name", "ファイル名";
    BY_BUILD_ID = "build id", "ビルドID";
    BY_BUILD_INFO = "build information", "ビルド情報";
    BY_LANGUAGE_PACKAGE = "language package", "言語のパッケージ情報";
    BY_MODULE_INFO = "module information", "モジュール情報";
    BY_IMAGE_HEADER = "image header", "イメージのヘッダー";
    SIG_ABSENT = "none", "なし";
    SIG_PRESENT = "present, not verified", "あり（未検証）";
    SIG_CONSISTENT = "fits content and key", "内容・鍵と一致";
    SIG_BROKEN = "does not fit the content", "内容と不一致";
    SIG_NOT_APPLICABLE = "not known", "不明";
    BY_SBOM = "SBOM", "SBOM";
    PW_EMPTY = "none needed", "不要（空）";
    PW_HASH = "set (hash)", "設定済み（ハッシュ）";
    PW_LOCKED_HASH = "locked hash", "ロックされたハッシュ";
    PW_LOCKED = "locked", "ロック済み";
    START_BOOT = "at every boot", "起動時に毎回";
    START_CONDITIONAL = "at boot, under a condition", "起動時（条件付き）";
    START_DISABLED = "switched off", "無効化";
    START_PRESENT = "only present", "存在のみ";
    BIN_PROGRAM = "program", "プログラム";
    BIN_LIBRARY = "library", "ライブラリ";
    BIN_RELOCATABLE = "relocatable", "再配置可能";
    BIN_OTHER = "other", "その他";
    RELRO_NONE = "none", "なし";
    RELRO_PARTIAL = "partial", "部分的";
    RELRO_FULL = "full", "完全";
    DIFF_MISSING = "missing from the SBOM", "SBOMに記載なし";
    DIFF_UNSEEN = "not seen in the image", "イメージでは未検出";
    DIFF_VERSION = "versions differ", "バージョン相違";
    MARK_SETUID = "setuid", "setuid（実行時の権限昇格）";
    MARK_SETGID = "setgid", "setgid（実行時のグループ変更）";
    MARK_WORLD_WRITABLE = "writable by everybody", "全ユーザーが書込可";
    MARK_DIRECTORY = "directory", "ディレクトリ";
    MARK_EXECUTABLE = "executable", "実行可能";
    MARK_SHELL = "shell or interpreter", "シェル・インタープリター";
    MARK_SELF_SIGNED = "self-signed", "自己署名";
    MARK_AUTHORITY = "authority", "認証局";
    MARK_KEY_IN_IMAGE = "private key in the image", "秘密鍵がイメージ内にあり";
    MARK_TRUST_STORE = "trust store", "信頼ストア";
}

/// How far a region was read.
pub(crate) fn read(state: ReadState) -> Bi<'static> {
    match state {
        ReadState::Whole => READ_WHOLE,
        ReadState::Partial => READ_PARTIAL,
        ReadState::Unread => READ_NOT,
    }
}

/// How a component was recognised.
pub(crate) fn found_by(by: FoundBy) -> Bi<'static> {
    match by {
        FoundBy::PackageDatabase => BY_PACKAGES,
        FoundBy::VersionString => BY_STRING,
        FoundBy::KernelBanner => BY_KERNEL,
        FoundBy::OsRelease => BY_OS_RELEASE,
        FoundBy::FileName => BY_FILE_NAME,
        FoundBy::BuildId => BY_BUILD_ID,
        FoundBy::BuildInfo => BY_BUILD_INFO,
        FoundBy::LanguagePackage => BY_LANGUAGE_PACKAGE,
        FoundBy::ModuleInfo => BY_MODULE_INFO,
        FoundBy::ImageHeader => BY_IMAGE_HEADER,
        FoundBy::Sbom => BY_SBOM,
    }
}

/// The state of a signature.
pub(crate) fn signature(state: SignatureState) -> Bi<'static> {
    match state {
        SignatureState::Absent => SIG_ABSENT,
        SignatureState::Present => SIG_PRESENT,
        SignatureState::Consistent => SIG_CONSISTENT,
        SignatureState::Broken => SIG_BROKEN,
        SignatureState::NotApplicable => SIG_NOT_APPLICABLE,
    }
}

/// The state of a password.
pub(crate) fn password(state: PasswordState) -> Bi<'static> {
    match state {
        PasswordState::Empty => PW_EMPTY,
        PasswordState::Hash => PW_HASH,
        PasswordState::LockedHash => PW_LOCKED_HASH,
        PasswordState::Locked => PW_LOCKED,
    }
}

/// How a service starts.
pub(crate) fn start(start: Start) -> Bi<'static> {
    match start {
        Start::Boot => START_BOOT,
        Start::Conditional => START_CONDITIONAL,
        Start::Disabled => START_DISABLED,
        Start::Present => START_PRESENT,
    }
}

/// What an ELF file is.
pub(crate) fn binary_kind(kind: BinaryKind) -> Bi<'static> {
    match kind {
        BinaryKind::Program => BIN_PROGRAM,
        BinaryKind::Library => BIN_LIBRARY,
        BinaryKind::Relocatable => BIN_RELOCATABLE,
        BinaryKind::Other => BIN_OTHER,
    }
}

/// How far relocations are read-only.
pub(crate) fn relro(relro: Relro) -> Bi<'static> {
    match relro {
        Relro::None => RELRO_NONE,
        Relro::Partial => RELRO_PARTIAL,
        Relro::Full => RELRO_FULL,
    }
}

/// What a difference between SBOM and image is.
pub(crate) fn difference(kind: DifferenceKind) -> Bi<'static> {
    match kind {
        DifferenceKind::MissingFromSbom => DIFF_MISSING,
        DifferenceKind::NotSeenInFirmware => DIFF_UNSEEN,
        DifferenceKind::VersionDiffers => DIFF_VERSION,
    }
}

/// Whether a version is affected.
pub(crate) fn standing(standing: Standing) -> Bi<'static> {
    match standing {
        Standing::Affected => AFFECTED,
        Standing::Unknown => UNDECIDED,
        Standing::NotAffected => NOT_AFFECTED,
        Standing::Fixed => MENDED,
    }
}

/// How surely an advisory is about a component.
pub(crate) fn confidence(confidence: Confidence) -> Bi<'static> {
    match confidence {
        Confidence::ExactPurl => BY_PURL,
        Confidence::Distribution => BY_DISTRIBUTION,
        Confidence::CpeWithVersion => BY_CPE_VERSION,
        Confidence::CpeAllVersions => BY_CPE,
        Confidence::ProductWithVersion => BY_PRODUCT,
        Confidence::NameOnly => BY_NAME,
    }
}

/// Whether a component can be reached; nothing where nobody could look.
pub(crate) fn exposure(exposure: Exposure) -> Option<Bi<'static>> {
    match exposure {
        Exposure::Network => Some(ON_NETWORK),
        Exposure::NotSeen => Some(NOT_SEEN_LISTENING),
        Exposure::Unknown => None,
    }
}
