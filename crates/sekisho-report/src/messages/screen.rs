//! Texts of the terminal.

use sekisho_model::vulnerability::DatabaseUse;

use crate::bilingual::Bi;
use crate::{age, plain};

super::messages! {
    NAME = "Sekisho", "関所 Sekisho";
    WHAT_WAS_READ = "Read", "読み取ったもの";
    NOTHING_READ = "No artefact was given; only answers count.", "対象ファイルの指定がないため、回答だけに基づきます。";
    WARNING = "WARNING:", "警告：";
    NOT_READ = "could not be read", "読み取れませんでした";
    DOCUMENTS = "Documents", "文書";
    BAR_FAILS = "not met", "未達成";
    BAR_PARTLY = "partly", "一部達成";
    BAR_UNSETTLED = "unsettled", "未確定";
    BAR_MET = "met", "達成";
    CONTRADICTIONS = "Contradictions: stated to be so, seen not to be so", "矛盾: 達成と申告されているが、観測と食い違うもの";
    FINDINGS = "Findings", "検出事項";
    NO_FINDINGS = "No check failed in what was looked at.", "調査した範囲では問題は検出されませんでした。";
    NOT_LOOKED_AT = "Not looked at, and what would settle it", "未調査の範囲と、判定に必要なもの";
    REPORT = "Report", "レポート";
    STATED = "stated", "申告";
    SEEN = "seen", "観測";
    BECAUSE = "because", "判定理由";
    WHY = "why related", "対応付けの理由";
    RESTS_ON = "rests on", "根拠";
    ANSWER = "answer", "回答";
    NO_ANSWER = "nobody answered", "回答なし";
    ANSWER_EXPIRED = "the answer has expired and does not count", "回答は有効期限切れのため考慮していません";
    DECIDED_BY = "decided by", "判定を決めた検査";
    NO_OBJECTIVES = "It maps to no objective.", "目標への対応付けがありません。";
    SHA256 = "SHA-256", "SHA-256";
    OFFSET = "offset", "オフセット";

    PUBLISHER = "Publisher", "発行者";
    EDITION = "Edition", "版";
    STATUS = "Status", "状態";
    BINDING = "Binding", "拘束力";
    AUDIENCE = "For", "対象読者";
    ORIGINAL = "Original", "原典";
    LICENCE = "Licence", "権利";
    SUMMARY = "Summary", "概要";
    READ_FIRST = "Read first", "最初に読むべき箇所";
    CONTENTS = "Contents", "目次";
    CONTROLS = "Controls", "項目";
    BECAME = "What it became", "後継文書";
    STATEMENT = "What it asks (our paraphrase)", "求められること（本プロジェクトによる要約）";
    STATEMENT_AS_IS = "What it asks (the document’s own text)", "求められること（文書の原文）";
    ONLY_ENGLISH = "The text exists in English only.", "文言は英語のみで、翻訳はありません。";
    ONLY_JAPANESE = "The text exists in Japanese only.", "文言は日本語のみで、翻訳はありません。";
    APPLIES_WHEN = "Applies when", "適用条件";
    EDITIONS = "In the editions", "版ごとの扱い";
    CHANGE = "What changed", "版による違い";
    GONE_IN = "Gone in edition", "削除された版";
    MAPPINGS = "Objectives it asks for", "対応する目標";
    UNMAPPED = "Why it maps to no objective", "目標への対応付けがない理由";
    COMPLETE_SET = "Together the objectives hold everything it asks for.", "以上の目標で、求められることをすべて満たします。";
    UNVERIFIED_NOTE = "Not yet checked against the original: take the wording with care.", "原典との照合が済んでいません。文言の扱いにご注意ください。";
    HANDBOOK_NOTE = "From the JNSA handbook’s summary, not from the original.", "原典ではなく、JNSAハンドブックの要約によるものです。";
    INTENT = "Why it matters", "重要な理由";
    MET_WHEN = "Met when", "達成とみなす条件";
    HOW_TO_CHECK = "How to check", "確認方法";
    QUESTION = "Question", "質問";
    ADVICE = "Advice", "対策の指針";
    ASKED_BY = "Controls that ask for it", "この目標を求める項目";
    NOT_ASKED = "No control of the catalog asks for it.", "カタログにこの目標を求める項目はありません。";
    PAGES = "pages", "ページ";

    HIT_CONTROL = "control", "項目";
    HIT_DOCUMENT = "document", "文書";
    HIT_SECTION = "section", "節";
    HIT_OBJECTIVE = "objective", "目標";
    HIT_CONCEPT = "concept", "概念";
    UNDERSTOOD_AS = "Searched also as", "同義語も検索";
    NOTHING_FOUND = "Nothing found. Try fewer or wider words, or `sekisho objectives`, which lists what the documents ask for.", "該当するものはありません。語を減らすか、より広い語を試してください。`sekisho objectives`で、文書が求めることの一覧を表示できます。";
    ALIKE = "like", "類似";
    OWN_TEXT_ONLY = "by its own text; no similar control maps to it", "目標自体の文面による。類似の項目からの対応付けはない";
    NOTHING_PROPOSED = "Nothing in the hub is like it.", "似た目標はありません。";
}

/// When and with what it was made.
pub(crate) fn made(when: &str, tool: &str, catalog: &str) -> Bi<'static> {
    Bi::made(
        format!("Assessed {when} with {tool}, catalog {catalog}"),
        format!("評価日時 {when}　使用ツール {tool}　カタログ {catalog}"),
    )
}

/// The vulnerability database that was used: how much is in it, how new it is, and the digest by which it can be told from others.
pub(crate) fn database(database: &DatabaseUse) -> Bi<'static> {
    let digest: String = database.digest.chars().take(12).collect();
    let imported = database.imported.as_deref().map(age::day_of);
    let (en, ja) = match imported {
        Some(day) => (format!(", imported {day}"), format!("、{day}取り込み")),
        None => (String::new(), String::new()),
    };
    Bi::made(
        format!("vulnerability database {digest}, {} records{en}", plain::grouped(database.records)),
        format!("脆弱性データベース {digest}、{}件{ja}", plain::grouped(database.records)),
    )
}

/// When an artefact was made, by its own account.
pub(crate) fn artefact_made(day: &str, old: Option<&Bi<'_>>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    match old {
        Some(old) => Bi::made(format!("{day} ({})", old.get(En)), format!("{day}（{}）", old.get(Ja))),
        None => Bi::same(day.to_owned()),
    }
}

/// The total behind a row of counts.
pub(crate) fn of_total(total: u32) -> Bi<'static> {
    Bi::made(format!("of {total}"), format!("計 {total}"))
}

/// What was left out of a list.
pub(crate) fn more(count: usize) -> Bi<'static> {
    Bi::made(format!("{count} more in the report"), format!("他{count}件はレポートを参照"))
}

/// How many documents do not concern the product.
pub(crate) fn left_out(count: usize) -> Bi<'static> {
    Bi::made(
        format!("{count} more do not concern it, by industry, market or role; the report says why"),
        format!("他{count}文書は業種、市場、役割の点で関係しない（理由はレポートに記載）"),
    )
}

/// What was left out of a list of facts.
pub(crate) fn more_facts(count: usize) -> Bi<'static> {
    Bi::made(format!("{count} more facts"), format!("他に観測事実{count}件"))
}

/// How many questions nobody answered.
pub(crate) fn open_questions(count: usize) -> Bi<'static> {
    if count == 1 {
        return Bi::fixed("1 question that only people can answer", "人の回答が必要な質問 1件");
    }
    Bi::made(format!("{count} questions that only people can answer"), format!("人の回答が必要な質問 {count}件"))
}

/// A control's relation to its objective, read as a sentence's beginning.
pub(crate) fn relates(relation: &Bi<'_>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    Bi::made(relation.get(En).to_lowercase(), relation.get(Ja).to_owned())
}

/// What was answered, by whom, when.
pub(crate) fn answered(reply: &Bi<'_>, by: Option<&str>, date: Option<&str>) -> Bi<'static> {
    use sekisho_model::Lang::{En, Ja};
    let who: Vec<&str> = by.into_iter().chain(date).collect();
    if who.is_empty() {
        return Bi::made(reply.get(En).to_owned(), reply.get(Ja).to_owned());
    }
    Bi::made(format!("{} ({})", reply.get(En), who.join(", ")), format!("{}（{}）", reply.get(Ja), who.join("、")))
}

/// How many hits there are, where not all are shown.
pub(crate) fn shown_of(shown: usize, total: usize) -> Bi<'static> {
    Bi::made(
        format!("{shown} of {total}; --limit {total} shows all"),
        format!("{total}件中{shown}件を表示（--limit {total}で全件）"),
    )
}

/// A word that stands nowhere, and what may have been meant.
pub(crate) fn stands_nowhere(word: &str, nearest: &[String]) -> Bi<'static> {
    if nearest.is_empty() {
        return Bi::made(format!("'{word}' stands nowhere."), format!("「{word}」はどこにも見つかりません。"));
    }
    Bi::made(
        format!("'{word}' stands nowhere; near to it: {}", nearest.join(", ")),
        format!("「{word}」はどこにも見つかりません。近い語：{}", nearest.join("、")),
    )
}
