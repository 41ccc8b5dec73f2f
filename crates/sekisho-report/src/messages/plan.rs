//! Texts of the reading plan.

use sekisho_model::Lang::{En, Ja};

use crate::bilingual::Bi;

super::messages! {
    TITLE = "Reading plan", "読むべき文書と順序";
    PAGES = "Pages", "ページ数";
    ADDS = "Adds", "追加";
    SO_FAR = "So far", "累計";
    ALSO_FOR = "Also for", "ほかの対象読者";
    SPEAKS_OF = "Adds", "加わる内容";
    WHOLE_DOCUMENT = "the whole document", "文書全体";
    WHERE = "p.", "p.";
    CHAPTER = "Chapter", "章";
    RANGE = "Where", "該当ページ";
    LANGUAGES = "Available in", "提供言語";
    FOREIGN = "not in a language you read", "読める言語の版はありません";
    BECAME = "Became", "後継";
    NOT_COVERED = "Not covered", "取り上げられない目標";
    FOR_WANT_OF_PAGES = "For want of pages", "ページ数の制限による";
    FOR_OTHERS = "Asked only of others, or in documents left out", "対象外の文書か、ほかの読者向けの項目だけが求めている";
    NOT_ASKED = "Asked by no document of the catalog", "カタログのどの文書も求めていない";
    LEFT_OUT = "Documents left out", "対象外とした文書";
    OVER_BUDGET = "Has to be read as well, beyond the pages given", "指定ページ数には収まらないが、読む必要があるもの";
    PASSED_OVER = "Concern you too, but add nothing to the above", "関係するが、以上の内容に加わるもののない文書";
    PASSED_OVER_LIMITED = "Concern you too, beyond the pages given", "関係するが、ページ数の上限のため採らなかった文書";
    SHOW = "`sekisho show DOCUMENT` tells more of a document, and where to get it.", "文書の詳細と入手先は`sekisho show 文書`で確認できます。";
    OTHER_ROLES = "Binds in your markets, or labels there rest on it, but addresses other roles; if you are one of them, say so with --role", "市場で拘束力を持つか、ラベル制度の基礎であるが、別の役割に向けた文書（該当する場合は--roleで指定）";
    EVERYWHERE = "all markets", "すべての市場";
    EVERYBODY = "Any reader: nothing was said of role, industry or market", "読者の指定なし（役割・業種・市場のすべてを対象）";
    ESTIMATE = "≈ pages are estimated: from the number of requirements where a document’s length is not known, and by sharing out its length where that of its chapters is not. Held against documents of known length, such an estimate was off by a factor of two in the median and of ten at worst.", "≈は推定ページ数です。文書の長さが不明な場合は要求事項の数から推定し、章の長さだけが不明な場合は文書の長さを按分しています。長さの分かる文書で確かめたところ、推定のずれは中央値で2倍、最大で10倍でした。";
    ROLES = "Roles", "役割";
    INDUSTRIES = "Industries", "業種";
    MARKETS = "Markets", "市場";
    PHASES = "Phases", "工程";
    READS = "Reads", "読める言語";
    READ_BEFORE = "Read before", "既読";
    LIMIT = "Pages at most", "ページ数の上限";
    WITH = "In any case", "必ず読む文書";
    TILE_PLAN = "Pages to read", "読むページ数";
    TILE_ALL = "Pages of all documents that concern you", "関係する文書の総ページ数";
    TILE_COVERED = "Objectives spoken of", "取り上げられる目標";
    TILE_WHOLE = "Said as a whole", "全体が述べられる目標";
    CURVE = "What the pages bring", "ページ数と得られる内容";
    CURVE_NOTE = "Objectives spoken of (up) against pages read (right); each dot is the end of a step.", "縦軸は取り上げられた目標の数、横軸は読んだページ数。点は各文書の終わりを示します。";
    STEPS = "What to read, in order", "読む順序";
    STEPS_NOTE = "First what binds you, by the day from which it does; then what adds the most per page to what stands before it.", "まず拘束力のある文書を適用日の順に、続いて、それまでの内容に対してページ当たり最も多くを加える文書から順に並べています。";
    READ_FIRST = "Read first", "最初に読むべき箇所";
    WHOLE = "as a whole", "全体";
    REST = "the rest of it", "残り";
    PART = "a part of it", "一部";
    RECOMMENDED = "recommended to your role", "あなたの役割に推奨";
    NOTHING_NEW = "nothing new, but its own words bind", "新しい目標はないが、この文書自身の文言が拘束力を持つ";
    NOTHING_TO_READ = "Nothing is left to read: what concerns you was read, or no document of the catalog concerns you.", "読むべきものは残っていません。関係する文書はすべて既読か、該当する文書がカタログにありません。";
    METHOD = "How it was made", "作成方法";
    METHOD_NOTE = "Every control of a document is mapped to objectives. The plan takes what binds you in your markets, and then chapters that together speak of every objective that any document concerning you speaks of, with as few pages as the method finds: always the chapter that adds the most per page, and at the end none that the others make superfluous. An objective counts as said as a whole where a control asks for all of it. Pages that chapters share count once. Documents no longer current are read only for what no current one speaks of.", "文書の各項目は目標に対応付けられています。計画では、まず市場で拘束力のある文書を採り、続いて、関係する文書のいずれかが取り上げる目標すべてを、できるだけ少ないページ数で網羅するように章を選びます（ページ当たり最も多くを加える章から選び、最後に不要になった章を除く）。項目が目標の全体を求めている場合に「全体が述べられる」と数えます。章の間で重なるページは一度だけ数えます。現行でない文書は、現行文書が取り上げない内容がある場合に限り採用します。";
}

/// A number of pages, with a mark where it is estimated.
pub(crate) fn pages(count: u64, estimated: bool, mark: &str) -> String {
    format!("{}{count}", if estimated { mark } else { "" })
}

/// A number of pages within a sentence.
pub(crate) fn number(count: u64, estimated: bool, mark: &str) -> Bi<'static> {
    Bi::made(pages(count, estimated, mark), pages(count, estimated, "約"))
}

/// What the plan saves, in pages.
pub(crate) fn claim(plan: &Bi<'_>, all: &Bi<'_>, documents: usize) -> Bi<'static> {
    let many = if documents == 1 { "document that concerns" } else { "documents that concern" };
    Bi::made(
        format!("Read {} pages instead of the {} pages of the {documents} {many} you.", plan.get(En), all.get(En)),
        format!("関係する{documents}文書は全部で{}ページですが、{}ページを読めば済みます。", all.get(Ja), plan.get(Ja)),
    )
}

/// What a limited plan takes, in pages.
pub(crate) fn limited(plan: &Bi<'_>, all: &Bi<'_>, documents: usize) -> Bi<'static> {
    let many = if documents == 1 { "document that concerns" } else { "documents that concern" };
    Bi::made(
        format!("Read {} of the {} pages of the {documents} {many} you.", plan.get(En), all.get(En)),
        format!("関係する{documents}文書の全{}ページのうち、{}ページを読みます。", all.get(Ja), plan.get(Ja)),
    )
}

/// How far the plan gets.
pub(crate) fn reach(covered: usize, possible: usize, apply: usize, whole: usize) -> Bi<'static> {
    if covered == possible {
        return Bi::made(
            format!(
                "They speak of all {covered} objectives of which any of these speaks (of {apply} that may apply), {whole} of them as a whole."
            ),
            format!(
                "該当しうる目標{apply}件のうち、これらの文書が取り上げる{covered}件すべてを網羅します。うち{whole}件は全体が述べられています。"
            ),
        );
    }
    Bi::made(
        format!(
            "They speak of {covered} of the {possible} objectives of which any of these speaks (of {apply} that may apply), {whole} of them as a whole."
        ),
        format!(
            "該当しうる目標{apply}件のうち、これらの文書は{possible}件を取り上げており、この計画ではその{covered}件を読めます。うち{whole}件は全体が述べられています。"
        ),
    )
}

/// After how many pages most of it is reached.
pub(crate) fn most(pages: &Bi<'_>, covered: usize) -> Bi<'static> {
    Bi::made(
        format!("The first {} pages already speak of {covered} of them.", pages.get(En)),
        format!("最初の{}ページで、そのうち{covered}件まで読めます。", pages.get(Ja)),
    )
}

/// How many objectives what was read before speaks of.
pub(crate) fn before(count: usize) -> Bi<'static> {
    Bi::made(
        format!("What you have read speaks of {count} of them."),
        format!("そのうち{count}件は既読の文書で取り上げられています。"),
    )
}

pub(crate) fn mandatory(markets: &Bi<'_>, since: Option<&str>) -> Bi<'static> {
    let (en, ja) = match since {
        Some(day) => (format!(", applies from {day}"), format!("（{day}から適用）")),
        None => (String::new(), String::new()),
    };
    Bi::made(format!("Law in: {}{en}", markets.get(En)), format!("{}の法令{ja}", markets.get(Ja)))
}

pub(crate) fn label(markets: &Bi<'_>, since: Option<&str>) -> Bi<'static> {
    let (en, ja) = match since {
        Some(day) => (format!(", since {day}"), format!("（{day}から）")),
        None => (String::new(), String::new()),
    };
    Bi::made(
        format!("Criteria of a label or certificate in: {}{en}", markets.get(En)),
        format!("{}のラベル・認証制度の基準{ja}", markets.get(Ja)),
    )
}

pub(crate) fn asked() -> Bi<'static> {
    Bi::fixed("You asked for it", "指定された文書")
}

pub(crate) fn basis(markets: &Bi<'_>) -> Bi<'static> {
    Bi::made(
        format!("Labels or certificates rest on it in: {}", markets.get(En)),
        format!("{}のラベル・認証制度が基礎とする文書", markets.get(Ja)),
    )
}

pub(crate) fn adds() -> Bi<'static> {
    Bi::fixed("Says what nothing before it says", "ここまでの文書にない内容を補う")
}

pub(crate) fn superseded() -> Bi<'static> {
    Bi::fixed(
        "No longer the current edition; says what no current document says",
        "現行版ではないが、現行文書にない内容を含む",
    )
}

/// What a document that was passed over would add.
pub(crate) fn would_add(pages: &str, objectives: usize) -> Bi<'static> {
    if objectives == 0 {
        return Bi::made(format!("{pages} pages"), format!("{pages}ページ"));
    }
    Bi::made(format!("{pages} pages, would add {objectives}"), format!("{pages}ページ、目標{objectives}件を追加"))
}

/// How many entries of a list are not shown.
pub(crate) fn more(count: usize) -> Bi<'static> {
    Bi::made(format!("and {count} more"), format!("ほか{count}件"))
}
