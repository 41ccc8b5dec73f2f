//! Texts of the HTML page.

use sekisho_model::Lang::{En, Ja};

use crate::bilingual::Bi;

super::messages! {
    LEFT_OUT = "Documents that do not concern this product", "この製品に関係しない文書";
    LEFT_OUT_NOTE = "By industry, market and role as the product file gives them. To assess one of them all the same, name it under “documents” in the product file.", "製品ファイルの業種、市場、役割から判断した。評価に加えるには、製品ファイルの「documents」に記載する。";
    TITLE = "Sekisho assessment", "関所 アセスメントレポート";
    REPORT_KIND = "Security assessment of a connected product", "IoT製品セキュリティ アセスメントレポート";
    PROMISE = "This report never says “compliant”. It says what was seen to be met, what was only stated, what was refuted, and what nobody has looked at.", "本レポートは「適合」とは述べません。観測により確認されたこと、申告のみのこと、否定されたこと、そして調べていないことを、それぞれ区別して示します。";
    CONTENTS = "Contents", "目次";
    SKIP = "Skip to the contents", "本文へ移動";
    VENDOR = "Vendor", "メーカー";
    MODEL = "Model", "型番";
    VERSION = "Version", "バージョン";
    ASSESSED = "Assessed", "評価日時";
    TOOL = "Tool", "使用ツール";
    CATALOG = "Catalog (SHA-256)", "カタログ（SHA-256）";
    ROLES = "Roles", "立場";
    MARKETS = "Markets", "市場";
    INDUSTRIES = "Industries", "分野";
    SCOPE = "The product as its file describes it", "製品ファイルに記載された製品の構成";
    COMPONENTS = "Components and interfaces", "コンポーネントとインターフェース";
    COMPONENT = "Component", "コンポーネント";
    KIND = "Kind", "種類";
    INTERFACES = "Interfaces", "インターフェース";
    NOT_SAID = "not stated", "記載なし";
    NO_INTERFACES = "none", "なし";
    TRAITS = "What follows from that for what applies", "適用範囲の判断に用いた製品の特性";
    TRAIT = "Trait", "特性";
    HOLDS = "Holds", "該当";
    WHY = "Why", "理由";

    TILE_CONTRADICTIONS = "Contradictions", "矛盾";
    TILE_CONTRADICTIONS_NOTE = "stated to be so, seen not to be so", "申告と観測の食い違い";
    TILE_FINDINGS = "Findings", "検出事項";
    TILE_FAILING = "Controls not met", "未達成の項目";
    TILE_UNSETTLED = "Controls not settled", "未確定の項目";
    TILE_MET = "Controls met", "達成した項目";

    BOARD = "Where the product stands", "総合状況";
    BOARD_DOCUMENTS = "By document", "文書別";
    BOARD_DOCUMENTS_CAPTION = "Controls of each document by verdict", "各文書の項目の判定別件数";
    BOARD_AREAS = "By objective area", "目標の分野別";
    BOARD_AREAS_CAPTION = "Objectives of each area by verdict", "各分野の目標の判定別件数";
    DOCUMENT = "Document", "文書";
    AREA = "Area", "分野";
    SHARE = "Share", "内訳";
    TOTAL = "Total", "計";
    REQUIRED_ONLY = "required only", "必須のみ";

    CONTRADICTIONS = "Contradictions", "矛盾";
    CONTRADICTIONS_LEAD = "Here somebody states that an objective is met, and the product itself shows that it is not. Settle these first.", "達成していると申告されている一方で、製品そのものからはそうでないことが観測された項目です。最初に対処してください。";
    NO_CONTRADICTIONS = "No statement was contradicted by what was seen.", "申告と食い違う観測はありませんでした。";
    STATED = "Stated", "申告";
    SEEN = "Seen", "観測";
    CONTROLS_AFFECTED = "Controls that fail by it", "影響を受ける項目";

    FINDINGS = "Findings", "検出事項";
    FINDINGS_LEAD = "What checks found wrong in the artefacts, the worst first.", "対象ファイルの検査で見つかった問題を、深刻なものから順に示します。";
    NO_FINDINGS = "No check failed in what was looked at. What was not looked at stands further below.", "調査した範囲では問題は検出されませんでした。調べていない範囲は後述します。";
    CONTRADICTS = "contradicts an answer", "申告と矛盾";
    WHAT_TO_DO = "What to do", "対策";
    WHAT_SHOWS_IT = "What shows it", "根拠となる観測";
    OBJECTIVE = "Objective", "目標";
    CHECK = "Check", "検査";
    OFFSET = "offset", "オフセット";
    DIGEST = "SHA-256", "SHA-256";

    DOCUMENTS = "Document by document", "文書ごとの状況";
    DOCUMENTS_LEAD = "Every control of every document, with the verdict and how it came about. Statements are our own paraphrase; the original is what counts.", "各文書のすべての項目について、判定とその導出を示します。内容は本プロジェクトによる要約であり、正確な文言は原典をご確認ください。";
    FILTER = "Show", "表示";
    FILTER_NOTE = "Verdicts to show; paper always shows all.", "表示する判定（印刷時は常にすべて表示）。";
    SEARCH = "Search titles and ids", "タイトル・IDを検索";
    EXPAND = "Expand all", "すべて開く";
    COLLAPSE = "Collapse all", "すべて閉じる";
    OTHER_CONTROLS = "Other controls", "その他の項目";
    BECAUSE = "Because", "判定理由";
    RESTS_ON = "Rests on", "根拠";
    DECIDED_BY = "Decided by the check", "判定を決めた検査";
    NO_OBJECTIVE = "It maps to no objective.", "目標への対応付けがありません。";
    ADDRESSED_TO = "Addressed to", "対象者";
    EDITIONS = "In the editions", "版ごとの扱い";
    CHANGE = "What changed", "版による違い";
    GONE_IN = "Gone in edition", "削除された版";
    SEEN_AT = "Seen at", "確認元";
    COMPLETE_SET = "Together these objectives hold everything that the control asks for.", "以上の目標で、この項目が求めることをすべて満たします。";
    SUCCESSORS = "What it became", "後継文書";
    ORIGINAL = "Original", "原典";
    PUBLISHER = "Publisher", "発行者";
    EDITION = "Edition", "版";
    STATEMENTS = "Statements", "文言";
    STATEMENTS_AS_IS = "the document’s own text, imported", "取り込んだ文書の原文";
    TRANSLATION = "Translation", "翻訳";
    ONLY_ENGLISH = "none: the text exists in English only", "なし（英語のみ）";
    ONLY_JAPANESE = "none: the text exists in Japanese only", "なし（日本語のみ）";
    PUBLISHED = "Published", "発行";
    STATUS = "Status", "状態";

    OBJECTIVES = "Objectives by area", "分野ごとの目標";
    OBJECTIVES_LEAD = "The common, checkable things that the documents ask for in different words. Evidence and answers attach here.", "各文書が異なる言葉で求めていることを、確認できる共通の目標にまとめたものです。証拠と回答はここに結び付きます。";
    QUESTION = "Question", "質問";
    MET_WHEN = "Met when", "達成とみなす条件";
    HOW_TO_CHECK = "How to check", "確認方法";
    ADVICE = "Advice", "対策の指針";
    CHECKS = "Checks", "検査結果";
    NO_CHECKS = "No check bears on it; only an answer settles it.", "該当する検査はありません。回答によってのみ判定できます。";
    ANSWER = "Answer", "回答";
    NO_ANSWER = "Nobody has answered.", "未回答です。";
    ANSWER_EXPIRED = "The answer has expired and does not count.", "回答は有効期限切れのため考慮していません。";
    EXPIRES = "valid until", "有効期限";
    ATTACHMENTS = "Backed by", "裏付け資料";
    ASKED_BY = "Controls that ask for it", "この目標を求める項目";
    TECHNICAL = "technical", "技術";
    PROCESS = "process", "プロセス";
    DISCLOSURE = "disclosure", "開示";

    EVIDENCE = "Evidence", "証拠";
    EVIDENCE_LEAD = "What was read, how far, and every fact that was seen in it.", "読み取った対象ファイル、調査した範囲、観測されたすべての事実を示します。";
    ARTEFACTS = "Artefacts", "対象ファイル";
    ARTEFACTS_CAPTION = "What was read", "読み取った対象ファイル";
    NO_ARTEFACTS = "No artefact was given. All verdicts rest on answers and on what the product file declares.", "対象ファイルは指定されていません。判定はすべて回答と製品ファイルの記載に基づきます。";
    FILE = "File", "ファイル";
    SIZE = "Size", "サイズ";
    MADE = "Made", "作成日";
    AGE = "Age", "経過";
    NOT_READ = "could not be read", "読み取れませんでした";
    NO_DATE = "no date inside", "日付の記載なし";
    COVERAGE = "How far it was looked at", "調査範囲";
    COVERAGE_CAPTION = "What collectors looked at, and how far", "調査した項目と範囲";
    ASPECT = "Aspect", "調査項目";
    EXTENT = "Extent", "範囲";
    GAPS = "Gaps", "欠けている範囲";
    FACT = "Fact", "観測事実";
    FACT_TABLES = "Facts", "観測事実";
    WHERE = "Where", "所在";

    NOT_LOOKED_AT = "Not looked at, and what would settle it", "未調査の範囲と、判定に必要なもの";
    NOT_LOOKED_AT_LEAD = "Nothing here counts for or against the product. It is what this assessment does not know.", "ここに挙げる項目は、製品の評価に有利にも不利にも数えていません。今回の評価では分からなかったことです。";
    ALL_LOOKED_AT = "Everything that the checks need was looked at, and every question has an answer.", "検査に必要な範囲はすべて調査され、すべての質問に回答があります。";
    FROM_EVIDENCE = "Evidence that is missing", "不足している証拠";
    FROM_PEOPLE = "Questions that only people can answer", "人の回答が必要な質問";
    SETTLED_BY = "What would settle it", "判定に必要なもの";
    WAITING = "Objectives that wait for it", "判定待ちの目標";

    AGES = "How old the data are", "データの鮮度";
    AGES_LEAD = "Data grow old. Ages are counted at the day of the assessment.", "データは古くなります。経過期間は評価日を基準に数えています。";
    AGES_CAPTION = "Documents and artefacts by age", "文書と対象ファイルの経過期間";
    WHAT = "What", "対象";
    DATED = "Dated", "日付";
    THIS_ASSESSMENT = "This assessment", "今回の評価";

    GLOSSARY = "How to read the verdicts", "判定の読み方";
    G_VERDICTS = "Verdicts", "判定";
    G_RELATIONS = "Relations of a control to an objective", "項目と目標の対応関係";
    G_SEVERITIES = "Severities of findings", "検出事項の深刻度";
    EQUAL_MEANS = "Control and objective ask for the same; the objective’s verdict is the control’s.", "項目と目標は同じことを求める。目標の判定がそのまま項目の判定になる。";
    SUBSET_MEANS = "The control asks for a part of the objective: what meets the objective meets the control; a failure carries over only through a check named for it.", "項目は目標の一部を求める。目標を達成していれば項目も達成となるが、未達成は、指定された検査を通じてのみ項目に及ぶ。";
    SUPERSET_MEANS = "The control asks for the objective and for more: a failure carries over; the control is met only where its objectives together are complete.", "項目は目標を含み、さらに広いことを求める。目標の未達成は項目に及ぶ。対応する目標が全体を尽くす場合に限り、達成となりうる。";
    INTERSECTS_MEANS = "They share a part: the objective can speak for the control, and against it only through a check named for it.", "一部が共通する。目標の達成は項目の裏付けにとどまり、否定は指定された検査を通じてのみ行う。";
    CRITICAL_MEANS = "Lets anybody in.", "誰でも侵入できる。";
    HIGH_MEANS = "Lets an attacker in under common circumstances.", "よくある状況で攻撃者の侵入を許す。";
    MEDIUM_MEANS = "Eases an attack.", "攻撃を容易にする。";
    LOW_MEANS = "Hardly exploitable by itself.", "単独で悪用される可能性は低い。";
    INFO_MEANS = "Worth knowing.", "参考情報。";

    COLOPHON = "Made by Sekisho from its evidence and the catalog named above: the same evidence gives the same report, byte for byte. The complete data stand in the JSON form of this assessment.", "本レポートは、関所（Sekisho）が上記のカタログと証拠から作成したものです。同じ証拠からは、バイト単位で同一のレポートが得られます。完全なデータはJSON形式のアセスメントに含まれます。";
}

/// Under a number: of how many controls that apply.
pub(crate) fn out_of(total: u32) -> Bi<'static> {
    Bi::made(format!("of {total} that apply"), format!("対象 {total}件中"))
}

/// The same, with how many more are met in part.
pub(crate) fn out_of_and_partly(total: u32, partly: u32) -> Bi<'static> {
    if partly == 0 {
        return out_of(total);
    }
    Bi::made(
        format!("of {total} that apply; {partly} more met in part"),
        format!("対象 {total}件中（ほかに一部達成 {partly}件）"),
    )
}

/// How many were seen and how many stated.
pub(crate) fn seen_and_stated(seen: u32, stated: u32) -> Bi<'static> {
    Bi::made(format!("{seen} seen, {stated} stated only"), format!("観測 {seen}件、申告のみ {stated}件"))
}

/// Counts of severities, such as `2 critical, 5 high`.
pub(crate) fn severities(counts: &[(Bi<'static>, usize)]) -> Bi<'static> {
    let en: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {}", word.get(En).to_lowercase())).collect();
    let ja: Vec<String> = counts.iter().map(|(word, n)| format!("{} {n}", word.get(Ja))).collect();
    Bi::made(en.join(", "), ja.join("、"))
}

/// A number of facts.
pub(crate) fn facts(count: usize) -> Bi<'static> {
    Bi::made(if count == 1 { "1 fact".to_owned() } else { format!("{count} facts") }, format!("観測事実 {count}件"))
}

/// The facts of a finding behind the first ones.
pub(crate) fn more_facts(count: usize) -> Bi<'static> {
    Bi::made(format!("{count} more"), format!("他{count}件"))
}

/// What a list or table leaves out.
pub(crate) fn left_out(count: usize) -> Bi<'static> {
    Bi::made(
        format!("{count} more are left out here; the JSON form of this assessment has all of them."),
        format!("他{count}件は省略しました。すべてはJSON形式のアセスメントに含まれます。"),
    )
}

/// How many paraphrases of a document nobody has checked against the original.
pub(crate) fn unverified(count: usize, total: usize) -> Bi<'static> {
    Bi::made(
        format!("{count} of {total} paraphrases are not yet checked against the original; they are marked."),
        format!("項目{total}件中{count}件の要約は原典との照合が済んでいません（該当箇所に表示）。"),
    )
}

/// Places where a collector could not look.
pub(crate) fn gaps(count: usize) -> Bi<'static> {
    Bi::made(if count == 1 { "1 place".to_owned() } else { format!("{count} places") }, format!("{count}か所"))
}
