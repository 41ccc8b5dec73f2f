//! What the program itself says, in both languages.

use sekisho_isolation::Layer;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::{Lang, Text};
use sekisho_vulndb::Step;

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
    ("Contact nothing over the network", "ネットワークには一切接続しない"),
    (
        "Make the active tests that the product file authorizes without asking",
        "製品ファイルで許可された能動的な試験を、確認せずに実行する",
    ),
    ("Most requests to one host in a second", "1つのホストへの1秒あたりの最大要求数"),
    ("Most seconds to spend on one host or domain", "1つのホスト・ドメインにかける最大秒数"),
    (
        "Name server for questions about domains, as ADDRESS or ADDRESS:PORT; by default the system's",
        "ドメインの問い合わせに使うネームサーバー（アドレスまたはアドレス:ポート）。既定はシステムの設定",
    ),
    (
        "File with trusted keys of zones (DS records) that DNSSEC is computed from; by default those of the root",
        "DNSSEC検証のトラストアンカー（DSレコード）のファイル。既定はルートゾーンの鍵",
    ),
    (
        "File with the root certificates (PEM) that servers' chains are held against",
        "サーバーの証明書チェーンの検証に使うルート証明書のファイル（PEM）",
    ),
    (
        "The component of the product to look at; by default all that can be",
        "調査する製品のコンポーネント。既定は調査可能なものすべて",
    ),
    ("Show no progress and no notes", "進捗と補足を表示しない"),
    (
        "Assess a product: read its artefacts, evaluate every document, write the report",
        "製品を評価する：対象ファイルを読み、全文書について判定し、レポートを書き出す",
    ),
    (
        "Read artefacts in this process and not in confined ones of their own",
        "対象ファイルを隔離プロセスではなくこのプロセスで読む",
    ),
    (
        "Collect in a confined process; the program starts this itself",
        "隔離プロセスで収集する（プログラムが自動的に起動する）",
    ),
    ("The artefact; two of them with --diff, the older first", "対象ファイル（--diffでは旧・新の順に2つ）"),
    (
        "From where this machine asks the hosts: their own network, or the Internet; what can be reached from there is concluded only where it is said",
        "どこからホストを調べるか：機器と同じネットワーク、またはインターネット。インターネットからの到達性は、指定した場合にのみ判定する",
    ),
    ("Where to wait for the device to connect", "機器の接続を待つアドレスとポート"),
    ("The name by which the device calls the server", "機器が接続先サーバーとして指定する名前"),
    (
        "Certificate of an authority that the device trusts (PEM), by which wrong names and dates are told from wrong signers",
        "機器が信頼する認証局の証明書（PEM）。名前や有効期間の検証を、署名者の検証と区別して確認できる",
    ),
    (
        "The authority's private key (PEM), where it does not stand in the file of its certificate",
        "認証局の秘密鍵（PEM）。証明書と同じファイルにない場合に指定する",
    ),
    ("Show what changed from the first artefact to the second", "1つ目から2つ目への変化を表示する"),
    (
        "What to print: a list, everything as JSON, or the components of a firmware image as a bill of materials",
        "出力形式：一覧、すべてをJSONで、またはファームウェアイメージの構成要素を部品表で",
    ),
    ("What to print: a list or everything as JSON", "出力形式：一覧、またはすべてをJSONで"),
    ("The product file that declares them", "対象を記載した製品ファイル"),
    (
        "From a firmware image: components, accounts, keys, services, settings",
        "ファームウェアイメージから収集する：構成要素、アカウント、鍵、サービス、設定",
    ),
    ("From a bill of materials", "部品表（SBOM）から収集する"),
    ("From a capture of traffic (pcap, pcapng)", "通信のキャプチャ（pcap、pcapng）から収集する"),
    ("From a MUD file (RFC 8520)", "MUDファイル（RFC 8520）から収集する"),
    (
        "From the hosts that a product file declares, over the network",
        "製品ファイルに記載したホストから、ネットワーク経由で収集する",
    ),
    (
        "From the domains that a product file declares: DNS, mail, security.txt",
        "製品ファイルに記載したドメインから収集する：DNS、メール、security.txt",
    ),
    (
        "From a client that connects here: which bad certificates it accepts",
        "接続してくるクライアントから収集する：受け入れてしまう不正な証明書",
    ),
    (
        "From a sample of mail (.eml): signatures, sender, TLS on the way",
        "見本メール（.eml）から収集する：署名、送信者、経路上のTLS",
    ),
    (
        "From published documents, a folder or a file: text, Markdown, HTML, PDF",
        "公開文書のフォルダーまたはファイルから収集する：テキスト、Markdown、HTML、PDF",
    ),
    ("From the configuration or manifest of a build", "ビルドの設定またはマニフェストから収集する"),
    (
        "From the results of another tool: nmap, testssl.sh, sslyze, ssh-audit, ZAP, SARIF, Testrun",
        "他のツールの結果から収集する：nmap、testssl.sh、sslyze、ssh-audit、ZAP、SARIF、Testrun",
    ),
    ("List every fact, also where there are many of a kind", "件数が多い種類の事実も省略せずに表示する"),
    ("Run one collector on one artefact and print the facts", "1つの対象に1つの収集器を実行し、事実を表示する"),
    (
        "Print the whole derivation of a control's or objective's verdict",
        "項目または目標の判定の導出過程をすべて表示する",
    ),
    ("Show a document, a control or an objective", "文書・項目・目標を表示する"),
    ("List the documents, all or by facets", "文書を一覧表示する（絞り込みも可能）"),
    ("List where documents ask for what cannot both be done", "文書間で両立しない要求を一覧表示する"),
    (
        "Compare two documents: for whom, how detailed, and what only one of them asks",
        "2つの文書を比較する：対象者、詳しさ、一方だけが求めること",
    ),
    (
        "List the pairs of controls of two documents that ask for the same or overlap",
        "2つの文書の項目のうち、同じ内容または重なる内容を求める組を一覧表示する",
    ),
    ("Show what meeting some documents leaves open in another", "ある文書を満たしたとき、別の文書で残る項目を示す"),
    ("Show which document asks for what", "どの文書が何を求めているかを示す"),
    (
        "For whom it is written: developer, device-manufacturer, hospital …",
        "対象者：developer、device-manufacturer、hospitalなど",
    ),
    ("For which industry; what is for all industries is listed too", "対象業種（分野横断の文書も含む）"),
    ("Of which layer it speaks: hardware, firmware, cloud …", "対象の層：hardware、firmware、cloudなど"),
    ("For which phase of the life cycle", "ライフサイクルの段階"),
    ("What kind of document: law, standard, guideline …", "文書の種類：law、standard、guidelineなど"),
    ("How detailed: overview, intermediate, detailed", "詳しさ：overview、intermediate、detailed"),
    (
        "How far it binds: mandatory, certification-basis, voluntary",
        "拘束力：mandatory、certification-basis、voluntary",
    ),
    ("In which market; what is for the whole world is listed too", "対象市場（全世界向けの文書も含む）"),
    ("Whether it is still the one to use: current, superseded, expired", "状態：current、superseded、expired"),
    ("Who publishes it, by its abbreviation", "発行者（略称）"),
    ("Print how many of them have each word of each facet", "絞り込み項目ごとの件数を表示する"),
    ("Write a page that shows what each document became", "各文書の後継関係を示すページを書き出す"),
    ("The one document", "一方の文書"),
    ("The other", "もう一方の文書"),
    ("The document to start from", "起点の文書"),
    ("The document to go to", "対応先の文書"),
    (
        "Leave out what bears less: 1 shows all, 4 what is certain, 7 containment, 10 equality",
        "これより弱い対応を省く：1はすべて、4は確実なもの、7は包含、10は同等",
    ),
    ("Print the pairs as JSON", "組をJSONで表示する"),
    ("The documents that are met, separated by commas", "満たしている文書（コンマ区切り）"),
    ("The document that is wanted", "目指す文書"),
    ("Show the controls that are covered, too", "満たされる項目も表示する"),
    ("Only these documents (ids or aliases, separated by commas)", "指定した文書に限る（IDまたは略称、コンマ区切り）"),
    (
        "The objectives of this area one by one, instead of counts for each area",
        "領域ごとの件数の代わりに、この領域の目標を1つずつ表示する",
    ),
    ("Write the whole matrix as a picture in a page", "対応表の全体を図としてページに書き出す"),
    (
        "Plan what to read: which documents and chapters, in which order, for the fewest pages",
        "読むべき文書と章を、最少のページ数になるように選び、順序を示す",
    ),
    (
        "A product file, from which roles, industries, markets and traits are taken",
        "製品ファイル。役割、業種、市場、特性をここから読み取る",
    ),
    ("Your roles, such as developer,device-manufacturer", "あなたの役割（例：developer,device-manufacturer）"),
    ("Industries the product is for, such as consumer,smart-home", "製品の業種（例：consumer,smart-home）"),
    ("Markets it is for: eu, uk, us, jp", "製品の市場：eu、uk、us、jp"),
    (
        "Phases of the life cycle you are busy with, such as design,implementation",
        "担当する工程（例：design,implementation）",
    ),
    ("Languages you read, such as en,ja; by default all", "読める言語（例：en,ja）。既定はすべて"),
    ("What you have read: documents, or chapters as DOCUMENT:CHAPTER", "既読の文書。章は「文書:章」で指定する"),
    ("Documents to read in any case", "必ず読む文書"),
    ("Documents not to read", "読まない文書"),
    ("How many pages you are willing to read", "読めるページ数の上限"),
    ("Print the whole plan as JSON", "計画全体をJSONで表示する"),
    ("Where to write the plan as an HTML page", "計画をHTMLページとして書き出す先"),
    ("List the objectives of the hub", "目標を一覧表示する"),
    ("Write a commented product file", "注釈付きの製品ファイルを作成する"),
    ("Check a product file and report every mistake at once", "製品ファイルを検査し、誤りをまとめて報告する"),
    ("Work on catalogs", "カタログを扱う"),
    ("Print the JSON Schema of a kind of file", "ファイル種別のJSON Schemaを表示する"),
    ("The product file", "製品ファイル"),
    ("What to print: the summary or the whole assessment as JSON", "出力：要約、または評価全体のJSON"),
    (
        "Where to write the HTML report; with `--format json` none is written unless this is given",
        "HTMLレポートの出力先。`--format json`では指定時のみ書き出す",
    ),
    ("Write no HTML report", "HTMLレポートを書き出さない"),
    ("Where to write the assessment as JSON as well", "評価をJSONでも書き出す先"),
    (
        "Assess only these documents (ids or aliases, separated by commas)",
        "評価対象を指定した文書に限る（IDまたは略称、コンマ区切り）",
    ),
    (
        "Run only these collectors, such as firmware, sbom, host",
        "指定した収集器（firmware、sbom、hostなど）のみ実行する",
    ),
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
        "Find controls, documents, objectives and concepts by words of either language",
        "項目・文書・目標・概念を、日本語または英語の語で検索する",
    ),
    (
        "Write the MUD file (RFC 8520) of a device: with whom it communicates, as the product file declares it",
        "製品ファイルに記載された通信先から、機器のMUDファイル（RFC 8520）を作成する",
    ),
    ("Where the MUD file is going to be published: an https address", "MUDファイルの公開先（httpsのURL）"),
    (
        "The component that it is about; by default the product's only device",
        "対象のコンポーネント。省略時は製品の唯一の機器",
    ),
    ("The moment that is written as that of the last update (RFC 3339)", "最終更新日時として書き込む日時（RFC 3339）"),
    ("Words in English or Japanese, or a name such as OTA:12", "日本語または英語の語、もしくはOTA:12のような名前"),
    ("Only this kind of thing", "この種類のものだけを探す"),
    ("Only in this document (id or alias)", "この文書だけを探す（IDまたは略称）"),
    ("How many to show at most", "表示する件数の上限"),
    (
        "Propose objectives for the controls of a document that have no mapping yet, for a person to accept",
        "文書の未対応の項目に対し、対応する目標の候補を示す（採否は人が判断する）",
    ),
    (
        "A document of the catalog (id or alias), or a document file",
        "カタログの文書（IDまたは略称）、または文書ファイル",
    ),
    ("How many objectives to propose for each control at most", "項目ごとに示す目標の上限"),
    (
        "Also for controls that are mapped already, as if this document were not",
        "対応付け済みの項目にも、この文書が未対応であるものとして候補を示す",
    ),
    (
        "Write documents, the hub and the mappings in other formats: OSCAL, CSV, CycloneDX, CISO Assistant",
        "文書・目標・対応付けを他の形式で書き出す：OSCAL、CSV、CycloneDX、CISO Assistant",
    ),
    (
        "Make a document of an OSCAL catalog or of your organisation's own standard (CSV, XLSX)",
        "OSCALカタログ、または自組織の基準（CSV、XLSX）を文書として取り込む",
    ),
    ("The format", "形式"),
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
    ("Show the known vulnerabilities of a product's components", "製品の部品の既知の脆弱性を表示する"),
    (
        "What to print: a table, the whole report as JSON, a CycloneDX VDR, a CSAF 2.0 or an `OpenVEX` document",
        "出力：表、JSON、CycloneDX VDR、CSAF 2.0、OpenVEXのいずれか",
    ),
    ("The same as `--format json`", "`--format json`と同じ"),
    ("List every vulnerability and say of each why", "すべての脆弱性とその根拠を表示する"),
    (
        "Show what changed since a day (2026-11-01), since a report written with `--json`, or since an earlier database",
        "指定日（2026-11-01）、`--json`で出力した報告、または以前のデータベースからの変化を表示する",
    ),
    (
        "Fail (exit code 1) where a component is affected by a vulnerability of this severity or worse, or by one known to be exploited",
        "この深刻度以上の脆弱性、または悪用が確認された脆弱性の影響を受ける部品があれば失敗とする（終了コード1）",
    ),
    (
        "Who issues the CSAF or `OpenVEX` document; by default the product's maker",
        "CSAF・OpenVEX文書の発行者。既定は製品のメーカー",
    ),
    ("A URI of theirs, such as `https://www.example.com`", "発行者のURI（例：https://www.example.com）"),
    (
        "The database of known vulnerabilities; by default what the product file names, `SEKISHO_VULNDB`, or `sekisho/vulnerabilities.db` in your folder for data where it is there",
        "既知の脆弱性のデータベース。既定は製品ファイルの指定、`SEKISHO_VULNDB`、またはユーザーのデータフォルダーの`sekisho/vulnerabilities.db`（あれば）",
    ),
    ("Use no database of known vulnerabilities", "脆弱性データベースを使わない"),
    (
        "The database of known vulnerabilities: make it, see how old it is, carry it along signed",
        "既知の脆弱性のデータベースを扱う：作成、新しさの確認、署名付きの持ち運び",
    ),
    (
        "Import what was downloaded: OSV, NVD, CVE records, KEV, EPSS, VEX documents",
        "ダウンロード済みのデータを取り込む：OSV、NVD、CVEレコード、KEV、EPSS、VEX文書",
    ),
    ("Show what the database holds and how old that is", "データベースの内容と新しさを表示する"),
    (
        "Write a signed copy of the database, for places without a network",
        "ネットワークのない環境向けに、署名付きの複製を書き出す",
    ),
    ("Verify a signed copy", "署名付きの複製を検証する"),
    (
        "The database; by default `SEKISHO_VULNDB`, or `sekisho/vulnerabilities.db` in your folder for data",
        "データベース。既定は`SEKISHO_VULNDB`、またはユーザーのデータフォルダーの`sekisho/vulnerabilities.db`",
    ),
    (
        "Files and folders, compressed or not; each file's format is told by its content",
        "ファイルまたはフォルダー（圧縮も可）。形式は各ファイルの内容から判別する",
    ),
    (
        "The input is a part of its feeds, such as what changed: that it has fewer records than before means nothing",
        "入力はフィードの一部（差分など）であり、前回より件数が少なくても問題としない",
    ),
    ("What to print: a report or all of it as JSON", "出力：報告、またはすべてをJSONで"),
    ("What to print: a table or all of it as JSON", "出力：表、またはすべてをJSONで"),
    (
        "How old the newest record may be, for all feeds (30) or by feed (kev=7,osv=30,osv/GO=60); there are defaults for each",
        "最新レコードの許容日数。全フィード共通（30）、またはフィード別（kev=7,osv=30,osv/GO=60）。フィードごとに既定値がある",
    ),
    (
        "Fail (exit code 1) where a feed is older than it may be, or has lost records",
        "許容日数を超えた、またはレコードが減ったフィードがあれば失敗とする（終了コード1）",
    ),
    ("Where to write the copy; its signature is written beside it", "複製の出力先。署名はその隣に書き出す"),
    (
        "File with the secret key, as minisign makes it; its password is taken from `SEKISHO_MINISIGN_PASSWORD`",
        "minisignの秘密鍵ファイル。パスワードは`SEKISHO_MINISIGN_PASSWORD`で渡す",
    ),
    ("The copy; its signature lies beside it", "複製。署名はその隣に置く"),
    ("File with the public key of who signed it, or the key itself", "署名者の公開鍵ファイル、または公開鍵そのもの"),
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

/// Why a host or domain was not looked at: `--offline`, or a command that contacts nothing.
pub(crate) fn left_out_offline() -> Text {
    Text::new("nothing was contacted over the network in this run", "今回の実行ではネットワークに接続していない")
}

/// Why a host or domain was not looked at: the product file does not allow it.
pub(crate) fn not_authorized() -> Text {
    Text::new(
        "the product file does not authorize looking at it over the network (`authorized: probe`)",
        "製品ファイルでネットワーク経由の調査が許可されていない（`authorized: probe`）",
    )
}

/// Why a look that is said to be from the Internet does not tell what the Internet reaches.
pub(crate) fn no_address_of_the_internet() -> Text {
    Text::new(
        "an address of a local network: what the Internet reaches of the device was not asked",
        "ローカルネットワークのアドレスであり、インターネットから到達できるものは調べていない",
    )
}

/// Why active tests were not made though they are authorized.
pub(crate) fn not_confirmed() -> Text {
    Text::new(
        "active tests are authorized but were not confirmed (`--yes`, or `y` when asked)",
        "能動的な試験は許可されているが、実行が確認されていない（`--yes`、または質問に`y`で回答）",
    )
}

/// What active tests will do and to what, and the question whether to make them.
pub(crate) fn active_tests(tests: &[String], asks: bool) -> Text {
    let list = format!("  {}\n", tests.join("\n  "));
    let (ask, ask_ja) = if asks {
        ("Make them? [y/N]", "実行しますか？ [y/N]")
    } else {
        (
            "Not made: there is nobody to ask. --yes makes them.",
            "確認できないため実行しない。実行するには--yesを付ける。",
        )
    };
    Text::new(
        format!(
            "Active tests are authorized for:\n{list}They try log-ins (known default passwords, at most ten failing ones, the test accounts given), \
             publish a test message, log a test account in and out, and change its password and back. They may lock a test account.\n{ask}"
        ),
        format!(
            "次の対象について能動的な試験が許可されている：\n{list}試験では、ログイン（既知の初期パスワード、最大10回の失敗、指定された試験アカウント）、\
             テストメッセージの送信、試験アカウントのログイン・ログアウト、パスワードの変更と復元を行う。試験アカウントがロックされることがある。\n{ask_ja}"
        ),
    )
}

pub(crate) fn no_file_given() -> Text {
    Text::new("name the artefact to read", "読み取るファイルを指定する")
}

/// What `collect host` and `collect domain` need.
pub(crate) fn one_product_file(kind: ArtefactKind) -> Text {
    let name = kind.name();
    Text::new(
        format!(
            "collect {name} takes the product file that declares what may be contacted: sekisho collect {name} product.yaml"
        ),
        format!("collect {name}には接続先を記載した製品ファイルを指定する：sekisho collect {name} product.yaml"),
    )
}

/// Where the product file declares nothing of the kind.
pub(crate) fn nothing_declared(kind: ArtefactKind) -> Text {
    let field = if kind == ArtefactKind::Domain { "domains" } else { "address" };
    Text::new(
        format!("the product file declares no `{field}:` at the component"),
        format!("製品ファイルのコンポーネントに`{field}:`の記載がない"),
    )
}

/// What `collect client` needs.
pub(crate) fn where_to_listen() -> Text {
    Text::new(
        "collect client needs an address to wait at, to which the device is then pointed: --listen 192.0.2.1:8443",
        "collect clientには待ち受けるアドレスが必要：--listen 192.0.2.1:8443（機器の接続先をここに向ける）",
    )
}

/// That the test of a client waits for it.
pub(crate) fn listening(address: &str, seconds: u32) -> Text {
    Text::new(
        format!(
            "waiting at {address} for at most {seconds} s: let the device connect there, several times (Ctrl-C ends it)"
        ),
        format!("{address}で最大{seconds}秒待機中：機器を数回接続させる（Ctrl-Cで終了）"),
    )
}

pub(crate) fn collecting() -> Text {
    Text::new("reading", "読み取り中")
}

/// The layers of confinement that the system at hand does not offer.
pub(crate) fn not_confined(missing: &[Layer]) -> Text {
    let (en, ja): (Vec<_>, Vec<_>) = missing
        .iter()
        .map(|layer| match layer {
            Layer::Files => ("access to files", "ファイルへのアクセス"),
            Layer::SystemCalls => {
                ("system calls (network, other programs)", "システムコール（ネットワーク、他プログラムの起動）")
            }
            Layer::Resources => ("memory and processor time", "メモリーとCPU時間"),
        })
        .unzip();
    Text::new(
        format!("note: this system does not let the processes that read artefacts be confined in: {}", en.join(", ")),
        format!("補足：このシステムでは、対象ファイルを読み取るプロセスの次の隔離ができません：{}", ja.join("、")),
    )
}

pub(crate) fn diff_needs_two() -> Text {
    Text::new(
        "--diff compares two artefacts: give the older and the newer",
        "--diffには旧・新の2つのファイルを指定してください",
    )
}

pub(crate) fn two_without_diff() -> Text {
    Text::new(
        "one artefact is collected from at a time; to compare two, add --diff",
        "収集の対象は一度に1つです。2つを比較するには--diffを付けてください",
    )
}

pub(crate) fn no_bill_of_a_difference() -> Text {
    Text::new(
        "'--format cyclonedx' describes one image; with --diff use 'text' or 'json'",
        "「--format cyclonedx」は1つのイメージを記述する形式です。--diffでは「text」または「json」を指定してください",
    )
}

pub(crate) fn no_bill_of_a_bill() -> Text {
    Text::new(
        "'--format cyclonedx' writes what is recognised in a firmware image; a bill of materials is one already: use 'text' or 'json'",
        "「--format cyclonedx」はファームウェアイメージから認識した構成要素を出力します。部品表はすでに部品表なので「text」または「json」を指定してください",
    )
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

pub(crate) fn nothing_to_map(document: &str) -> Text {
    Text::new(
        format!(
            "every control of {document} has a mapping, or a stated reason for having none; --all proposes all the same"
        ),
        format!(
            "{document}の項目はすべて、対応付けまたは対応付けのない理由を持っています。--allを付けると全項目に候補を示します"
        ),
    )
}

pub(crate) fn suggestions_are_proposals() -> Text {
    Text::new(
        "proposals by likeness of words: read both sides before you accept one, and choose the relation yourself",
        "語の類似による候補です。採用する前に双方を読み、関係は自分で判断してください",
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

/// What an import is doing.
pub(crate) struct ImportSteps(pub(crate) Lang);

impl ImportSteps {
    /// What it has come to.
    pub(crate) fn text(&self, step: Step) -> String {
        let text = match step {
            Step::Read { files, records } => Text::new(
                format!("reading: {files} files, {records} records"),
                format!("読み取り中：{files}ファイル、{records}レコード"),
            ),
            Step::PutAside => Text::new("reading: sorted records put aside", "読み取り中：整列済みレコードを一時保存"),
            Step::Compared => Text::new("writing the new database", "新しいデータベースを書き込み中"),
            Step::Written | Step::Replaced => Text::new("putting it in its place", "データベースを置き換え中"),
        };
        text.get(self.0).to_owned()
    }
}

pub(crate) fn no_place_for_database() -> Text {
    Text::new(
        "nothing says where the vulnerability database is: name it with --db FILE or SEKISHO_VULNDB",
        "脆弱性データベースの場所が分かりません。--db FILEまたはSEKISHO_VULNDBで指定してください",
    )
}

pub(crate) fn next_after_pack(pack: &str) -> Text {
    Text::new(
        format!("next: carry both files along, and there run `sekisho vulndb verify {pack} --key PUBLIC-KEY`"),
        format!(
            "次の手順：両方のファイルを運び、運び先で`sekisho vulndb verify {pack} --key 公開鍵`を実行してください"
        ),
    )
}

pub(crate) fn next_after_verify(pack: &str) -> Text {
    Text::new(
        format!("next: use it as it is with `--vulndb {pack}`, or by the variable SEKISHO_VULNDB"),
        format!("次の手順：そのまま`--vulndb {pack}`、または環境変数SEKISHO_VULNDBで指定して使えます"),
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

pub(crate) fn not_read(name: &str, reason: &Text) -> Text {
    Text::new(format!("{name} was not read: {}", reason.en), format!("{name}を読み取れませんでした：{}", reason.ja))
}

pub(crate) fn no_database() -> Text {
    Text::new(
        "there is no database of known vulnerabilities: make one with `sekisho vulndb import PATH…`, or name one with --vulndb",
        "脆弱性データベースがありません。`sekisho vulndb import PATH…`で作成するか、--vulndbで指定してください",
    )
}

pub(crate) fn which_component(named: Option<&str>, devices: &str) -> Text {
    match named {
        Some(named) => Text::new(
            format!("the product file has no component '{named}'; its devices: {devices}"),
            format!("製品ファイルにコンポーネント「{named}」はありません。機器：{devices}"),
        ),
        None => Text::new(
            format!("name the device with --component; the product file has: {devices}"),
            format!("--componentで対象の機器を指定してください。製品ファイルの機器：{devices}"),
        ),
    }
}

pub(crate) fn no_since(given: &str) -> Text {
    Text::new(
        format!("--since '{given}' is no day such as 2026-11-01 and no file that can be read"),
        format!("--since「{given}」は日付（例：2026-11-01）でも、読み取れるファイルでもありません"),
    )
}

pub(crate) fn no_report_before(given: &str, format: &str) -> Text {
    Text::new(
        format!("--since '{given}' is JSON, but no report of `sekisho vulns --json` (`format` is not {format})"),
        format!(
            "--since「{given}」はJSONですが、`sekisho vulns --json`の報告ではありません（`format`が{format}ではない）"
        ),
    )
}

pub(crate) fn changes_have_no_format() -> Text {
    Text::new(
        "changes are shown as a table or as JSON; the other formats have no place for them",
        "変化は表またはJSONで表示します。ほかの形式では表せません",
    )
}

pub(crate) fn no_publisher() -> Text {
    Text::new(
        "the document needs somebody who issues it, and the product file names no vendor: give --publisher NAME --namespace URI",
        "文書には発行者が必要ですが、製品ファイルにvendorがありません。--publisher NAME --namespace URIで指定してください",
    )
}
