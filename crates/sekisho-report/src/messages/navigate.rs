//! Texts of navigation: documents, crosswalk, gap, matrix, comparison.

use crate::bilingual::Bi;

super::messages! {
    ROLE = "Role", "役割";
    INDUSTRY = "Industry", "業種";
    LAYER = "Layer", "層";
    PHASE = "Phase", "段階";
    KIND = "Kind", "種類";
    DETAIL = "Detail", "詳しさ";
    FORCE = "Binding", "拘束力";
    MARKET = "Market", "市場";
    DOC_STATUS = "Status", "状態";
    BY = "Publisher", "発行者";
    LAW = "law", "法令";
    CERTIFICATE = "certificate", "認証";
    NO_DOCUMENT = "No document has all of this; `sekisho documents --facets` shows what there is.", "条件をすべて満たす文書はありません。`sekisho documents --facets`で件数を確認できます。";
    CONTROL_COUNT = "Controls", "項目数";
    CONCEPT_COUNT = "Concepts", "概念数";
    LANGUAGES = "Languages", "言語";
    PAGE_COUNT = "Pages", "ページ数";
    PUBLISHED = "Published", "発行";
    BOTH = "Both ask for", "双方が求めること";
    ONLY = "Only asked by", "だけが求めること";
    NOTHING = "nothing", "なし";

    CERTAIN_MARK = "=, ⊂, ⊃, ∩: the first control asks for the same, for less, for more, or shares a part. Pairs marked ? only may have something in common: both have to do with the same objective.", "=、⊂、⊃、∩：前の項目の要求が、後の項目と同じ、その一部、それを含む、一部共通。?の組は同じ目標に関わるが、共通部分があるとは限らない。";
    NO_PAIR = "The hub relates no control of the one to a control of the other.", "対応する項目の組はありません。";
    VIA = "via", "共通の目標：";

    COVERED_NO = "Not touched", "対応なし";
    COVERED_PARTLY = "Partly covered", "一部対応";
    COVERED_YES = "Covered", "対応済み";
    COVERED_UNMAPPED = "Cannot be told", "判定不可";
    COVERED_NO_MEANS = "Nothing that is met says anything of it.", "満たしている文書に、関係する項目がない。";
    COVERED_PARTLY_MEANS = "Something that is met shares a part with it, or may: what remains is listed.", "満たしている文書の項目と一部が共通するか、共通する可能性がある。残りを示す。";
    COVERED_YES_MEANS = "Who meets the documents meets it.", "満たしている文書によって満たされる。";
    COVERED_UNMAPPED_MEANS = "It maps to no objective.", "目標への対応付けがない。";
    STILL = "left", "残る目標";
    BEARS = "from", "対応する項目";
    ASSUMED = "Taken for granted: every control of what you have is met. Whether that is so, `sekisho assess` shows.", "前提：満たしているとした文書の全項目を満たしていること。実際に満たしているかは`sekisho assess`で確認できる。";
    GAP_LEGEND = "⊃ contains it, = the same, ⊂ a part of it, ∩ shares a part, ? may share a part; where overlaps cover, they do so together.", "⊃：包含、=：同等、⊂：その一部、∩：一部共通、?：共通の可能性。∩で「対応済み」となるのは、合わせて全体を満たす場合。";

    MATRIX_TITLE = "Which document asks for what", "どの文書が何を求めているか";
    MATRIX_LEAD = "A row for each objective of the hub, a column for each document. The darker a cell, the closer a control of the document comes to the objective; a dot marks what is required.", "行は目標、列は文書。色が濃いほど、文書の項目が目標に近い。点は必須の要求を示す。";
    MATRIX_EQUAL = "the same", "同等";
    MATRIX_SUPERSET = "more", "目標を包含";
    MATRIX_SUBSET = "less", "目標の一部";
    MATRIX_INTERSECTS = "overlaps", "一部共通";
    MATRIX_REQUIRED = "required", "必須";
    MATRIX_OBJECTIVE = "Objective", "目標";
    MATRIX_BY_AREA = "Objectives of each area that the document asks for.", "文書が求める目標の数（領域別）。";
    MATRIX_LEGEND = "=: the same, ⊃: more, ⊂: less, ∩: overlaps, !: required", "=：同等、⊃：目標を包含、⊂：目標の一部、∩：一部共通、!：必須";
    TOTAL = "all", "計";

    LINEAGE_TITLE = "What the documents became", "文書の後継関係";
    LINEAGE_LEAD = "Each document with what took over from it, in the order of publication. What stands in the catalog is framed.", "各文書と、それを引き継いだ文書を発行順に示す。枠付きはカタログに収録されている文書。";
    LINEAGE_NONE = "no successor known", "後継は確認されていない";
    CONFLICTS = "Conflicts with other demands", "他の要求との相反";
    RESOLUTION = "How to do justice to both", "両立の方法";
    PART_OF = "A part of", "次の項目の一部";
    RELATED = "Related in the document", "文書内の関連";
    SECTION = "To be read in", "記載箇所";
    CLASSES = "Classes", "区分";
    NO_CONFLICTS = "No conflict between documents is recorded.", "文書間で両立しない要求は記録されていません。";
}

/// How many documents are listed, of how many.
pub(crate) fn documents_listed(count: usize, controls: usize) -> Bi<'static> {
    Bi::made(
        format!("{count} {} with {controls} controls", if count == 1 { "document" } else { "documents" }),
        format!("{count}文書、{controls}項目"),
    )
}

/// The heading of a crosswalk.
pub(crate) fn pairs(from: &str, to: &str, count: usize, certain: usize) -> Bi<'static> {
    Bi::made(
        format!("{from} and {to}: {count} pairs, {certain} of them certain"),
        format!("{from}と{to}：{count}組（うち確実なもの{certain}組）"),
    )
}

/// The heading of a gap.
pub(crate) fn gap(have: &str, want: &str) -> Bi<'static> {
    Bi::made(format!("With {have}, what is left for {want}"), format!("{have}を満たしたとき、{want}に残るもの"))
}

/// How strongly a path bears.
pub(crate) fn strength(strength: u8) -> Bi<'static> {
    Bi::made(format!("strength {strength}"), format!("関連度{strength}"))
}
