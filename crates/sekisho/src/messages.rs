//! What the program itself says, in both languages.

use sekisho_model::Text;

/// English help texts and their Japanese.
const HELP: &[(&str, &str)] = &[
    (
        "Where a connected product stands in every IoT security document at once, from evidence",
        "コネクテッド製品が各IoTセキュリティ文書に照らしてどのような状態にあるかを、証拠に基づいて一度に示す",
    ),
    (
        "Language of what is shown: en or ja; by default that of the locale",
        "表示言語（enまたはja）。既定はロケールに従う",
    ),
    (
        "Folder with documents, objectives and checks of your own, added to the built-in catalog",
        "内蔵カタログに追加する独自の文書・目標・検査のフォルダー",
    ),
    ("When to use colour", "色を使う条件"),
    ("Show no progress and no notes", "進捗と補足を表示しない"),
    (
        "Assess a product: read its artefacts, evaluate every document, write the report",
        "製品を評価する：対象ファイルを読み、全文書について判定し、報告書を書き出す",
    ),
    ("Run one collector on one artefact and print the facts", "1つのファイルに1つの収集器を実行し、事実を表示する"),
    (
        "Print the whole derivation of a control's or objective's verdict",
        "項目または目標の判定の導出過程をすべて表示する",
    ),
    ("Show a document, a control or an objective", "文書・項目・目標を表示する"),
    ("List the documents", "文書を一覧表示する"),
    ("List the objectives of the hub", "目標を一覧表示する"),
    ("Write a commented product file", "注釈付きの製品ファイルを作成する"),
    ("Check a product file and report every mistake at once", "製品ファイルを検査し、誤りをまとめて報告する"),
    ("Work on catalogs", "カタログを扱う"),
    ("Print the JSON Schema of a kind of file", "ファイル種別のJSON Schemaを表示する"),
    ("The product file", "製品ファイル"),
    ("What to print: the summary or the whole assessment as JSON", "出力：要約、または評価全体のJSON"),
    (
        "Where to write the HTML report; with `--format json` none is written unless this is given",
        "HTML報告書の出力先。`--format json`では指定時のみ書き出す",
    ),
    ("Write no HTML report", "HTML報告書を書き出さない"),
    ("Where to write the assessment as JSON as well", "評価をJSONでも書き出す先"),
    (
        "Assess only these documents (ids or aliases, separated by commas)",
        "評価対象を指定した文書に限る（IDまたは略称、コンマ区切り）",
    ),
    ("Run only these collectors: firmware, sbom", "指定した収集器のみ実行する：firmware、sbom"),
    (
        "Fail (exit code 1) on a finding of this severity or worse, or on any contradiction",
        "この深刻度以上の指摘、または矛盾があれば失敗とする（終了コード1）",
    ),
    (
        "Fail (exit code 3) where an artefact is missing or was not read completely",
        "対象ファイルの欠落や読み残しがあれば失敗とする（終了コード3）",
    ),
    (
        "The moment of the assessment (RFC 3339), for repeatable results; by default `SOURCE_DATE_EPOCH` or the clock",
        "評価時点（RFC 3339）。結果の再現用。既定は`SOURCE_DATE_EPOCH`または現在時刻",
    ),
    ("Which collector", "収集器"),
    ("The artefact", "対象ファイル"),
    ("What to print: a short list or everything as JSON", "出力：簡易一覧、または全体のJSON"),
    ("The moment from which ages are counted (RFC 3339)", "経過日数の基準時点（RFC 3339）"),
    ("DOCUMENT:CONTROL or an objective's id", "「文書:項目」または目標のID"),
    (
        "A product file, or an assessment written with `assess --json`",
        "製品ファイル、または`assess --json`で書き出した評価",
    ),
    ("The moment of the assessment (RFC 3339)", "評価時点（RFC 3339）"),
    (
        "A document (id or alias), DOCUMENT:CONTROL, or an objective's id",
        "文書（IDまたは略称）、「文書:項目」、または目標のID",
    ),
    ("Print the whole data as JSON", "データ全体をJSONで表示する"),
    ("Where to write it", "出力先"),
    ("Ask nothing, even on a terminal", "端末でも質問しない"),
    ("Overwrite a file that exists", "既存ファイルを上書きする"),
    ("Print the problems as JSON", "問題をJSONで表示する"),
    (
        "Check a catalog folder: every mistake with file, line, column and hint",
        "カタログフォルダーを検査し、すべての誤りをファイル・行・列・対処とともに示す",
    ),
    ("The folder", "フォルダー"),
    ("Check it alone instead of on top of the built-in catalog", "内蔵カタログに重ねず、単独で検査する"),
    ("Which kind of file", "ファイルの種別"),
    (
        "Write documents, the hub and the mappings in other formats: OSCAL, CSV, CycloneDX, CISO Assistant",
        "文書・目標・対応付けを他の形式で書き出す：OSCAL、CSV、CycloneDX、CISO Assistant",
    ),
    (
        "Make a document of an OSCAL catalog or of your organisation's own standard (CSV, XLSX)",
        "OSCALカタログ、または自組織の基準（CSV、XLSX）を文書として取り込む",
    ),
    ("The format", "形式"),
    ("Only these documents (ids or aliases, separated by commas)", "指定した文書に限る（IDまたは略称、コンマ区切り）"),
    (
        "File or folder to write to; by default standard output, where the format is one file",
        "出力先のファイルまたはフォルダー。1ファイルで済む形式では既定は標準出力",
    ),
    (
        "Begin CSV with a byte-order mark, by which spreadsheets know UTF-8",
        "CSVの先頭にBOMを付ける（表計算ソフトがUTF-8と判別するため）",
    ),
    (
        "The moment that the files say they were written (RFC 3339); by default `SOURCE_DATE_EPOCH` or the clock",
        "ファイルに記す作成時点（RFC 3339）。既定は`SOURCE_DATE_EPOCH`または現在時刻",
    ),
    ("The file", "ファイル"),
    ("Its format; by default by its name and beginning", "形式。既定では名前と先頭から判別する"),
    ("Id of the document, in kebab case", "文書のID（ケバブケース）"),
    (
        "Catalog folder to write documents/ID.yaml into; used with `--catalog DIR`",
        "documents/ID.yamlを書き出すカタログフォルダー。`--catalog DIR`で使う",
    ),
    ("Title of the document, in place of the file's own", "文書の題名（ファイルの題名に代えて使う）"),
    ("Who publishes it", "発行者"),
    (
        "Language of texts that do not say theirs: en or ja; by default that of most characters",
        "言語の記載がない文言の言語（enまたはja）。既定では文字から判別する",
    ),
    ("How strongly a control asks that does not say so", "必須・推奨・任意の記載がない項目の扱い"),
    ("Which name of an OSCAL control becomes its id", "OSCALの項目のどの名前をIDとするか"),
    (
        "Sheet of a workbook; by default the first with columns that are known",
        "ブックのシート。既定では、判別できる列のある最初のシート",
    ),
    (
        "What a column holds whose name does not say it, such as title=Remarks; may be given several times",
        "名前から判別できない列の内容（例：title=備考）。複数指定可",
    ),
    (
        "The moment of the import (RFC 3339); by default `SOURCE_DATE_EPOCH` or the clock",
        "取り込みの時点（RFC 3339）。既定は`SOURCE_DATE_EPOCH`または現在時刻",
    ),
];

/// The Japanese of an English help text.
pub(crate) fn japanese(english: &str) -> Option<&'static str> {
    HELP.iter().find(|(en, _)| *en == english).map(|(_, ja)| *ja)
}

/// The command with every help text in Japanese.
pub(crate) fn japanese_help(command: clap::Command) -> clap::Command {
    let command = match command.get_about().and_then(|about| japanese(&about.to_string())) {
        Some(about) => command.about(about),
        None => command,
    };
    command
        .mut_args(|arg| match arg.get_help().and_then(|help| japanese(&help.to_string())) {
            Some(help) => arg.help(help),
            None => arg,
        })
        .mut_subcommands(japanese_help)
}

pub(crate) fn collecting() -> Text {
    Text::new("reading", "読み取り中")
}

pub(crate) fn error_word() -> Text {
    Text::new("error", "エラー")
}

pub(crate) fn valid(file: &str) -> Text {
    Text::new(format!("{file} is a valid product file"), format!("{file}は有効な製品ファイルです"))
}

pub(crate) fn problems_found(errors: usize, warnings: usize) -> Text {
    let count = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    Text::new(
        format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
        format!("エラー{errors}件、警告{warnings}件"),
    )
}

pub(crate) fn catalog_is_clean(documents: usize, controls: usize, objectives: usize, checks: usize) -> Text {
    Text::new(
        format!(
            "the catalog is clean: {documents} documents, {controls} controls, {objectives} objectives, {checks} checks"
        ),
        format!("カタログに誤りはありません：文書{documents}、項目{controls}、目標{objectives}、検査{checks}"),
    )
}

pub(crate) fn written(file: &str) -> Text {
    Text::new(format!("written: {file}"), format!("書き出しました：{file}"))
}

pub(crate) fn next_after_init(file: &str) -> Text {
    Text::new(
        format!("next: fill in what you know, then run `sekisho assess {file}`"),
        format!("次の手順：分かる範囲を記入し、`sekisho assess {file}`を実行してください"),
    )
}

pub(crate) fn exists(file: &str) -> Text {
    Text::new(
        format!("{file} exists already; use --force to overwrite it"),
        format!("{file}は既に存在します。上書きするには--forceを指定してください"),
    )
}

pub(crate) fn exported(files: usize, folder: &str) -> Text {
    Text::new(format!("{files} files written to {folder}"), format!("{folder}に{files}ファイルを書き出しました"))
}

pub(crate) fn needs_a_folder() -> Text {
    Text::new(
        "this format gives several files: name a folder with --out, or one document with --document",
        "この形式は複数のファイルになります。--outでフォルダーを、または--documentで文書を1つ指定してください",
    )
}

pub(crate) fn only_the_document() -> Text {
    Text::new(
        "only the document itself is written; --out with a folder writes the hub and the mappings as well",
        "文書のみを書き出します。--outにフォルダーを指定すると、目標と対応付けも書き出します",
    )
}

pub(crate) fn unknown_format(file: &str) -> Text {
    Text::new(
        format!("{file}: the format is not known by its name; say it with --format oscal, csv or xlsx"),
        format!("{file}：名前から形式を判別できません。--formatでoscal、csv、xlsxのいずれかを指定してください"),
    )
}

pub(crate) fn imported(controls: usize, folder: &str, id: &str) -> Text {
    Text::new(
        format!("{controls} controls imported; try `sekisho show {id} --catalog {folder}`"),
        format!("{controls}項目を取り込みました。`sekisho show {id} --catalog {folder}`で確認できます"),
    )
}

pub(crate) fn left_out(documents: &str) -> Text {
    Text::new(
        format!("left out because they have no controls: {documents}"),
        format!("項目がないため書き出さなかった文書：{documents}"),
    )
}

pub(crate) fn bad_column(given: &str) -> Text {
    Text::new(
        format!("--column '{given}' is not of the form FIELD=NAME, such as title=Remarks"),
        format!("--column「{given}」は「title=備考」のようなFIELD=NAMEの形ではありません"),
    )
}
