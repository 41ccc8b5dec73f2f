//! Why something could not be looked at, in both languages.

use sekisho_model::Text;

pub(crate) fn depth() -> Text {
    Text::new(
        "containers lie deeper in each other than the limit allows",
        "コンテナの入れ子が上限より深いため、読み取りませんでした",
    )
}

pub(crate) fn time() -> Text {
    Text::new("the time limit was reached", "時間の上限に達しました")
}

pub(crate) fn stream_limit() -> Text {
    Text::new(
        "decompressed data went over the size limit; only the beginning was looked at",
        "展開後のデータがサイズの上限を超えたため、先頭部分だけを調べました",
    )
}

pub(crate) fn file_limit() -> Text {
    Text::new(
        "the file is larger than the limit; only its beginning was looked at",
        "ファイルがサイズの上限を超えているため、先頭部分だけを調べました",
    )
}

pub(crate) fn files_limit() -> Text {
    Text::new("there are more files than the limit allows", "ファイルの数が上限を超えました")
}

pub(crate) fn settings_limit() -> Text {
    Text::new(
        "the system's settings files are larger than the limit in sum; which services use which key was told from some of them only",
        "システムの設定ファイルの合計が上限を超えたため、鍵を使うサービスは一部の設定ファイルだけから判定しました",
    )
}

pub(crate) fn facts_limit() -> Text {
    Text::new(
        "the file gives more findings than the limit allows; the rest is left out",
        "ファイルから得られる事実が上限を超えたため、残りを省きました",
    )
}

pub(crate) fn damaged(what: &str, why: &str) -> Text {
    Text::new(format!("{what} is damaged: {why}"), format!("{what} が壊れています: {why}"))
}

pub(crate) fn unread(what: &str, why: &str) -> Text {
    Text::new(format!("{what} was not read: {why}"), format!("{what} を読み取りませんでした: {why}"))
}

pub(crate) fn memory_limit(what: &str) -> Text {
    Text::new(
        format!("the tables of {what} need more memory than the limit allows; the rest is left out"),
        format!("{what} の管理情報がメモリの上限を超えたため、残りを省きました"),
    )
}

pub(crate) fn truncated(what: &str, declared: u64, available: u64) -> Text {
    Text::new(
        format!("{what} declares {declared} bytes, only {available} are there"),
        format!("{what} の宣言する長さは {declared} バイトですが、{available} バイトしかありません"),
    )
}

pub(crate) fn digest_broken(what: &str) -> Text {
    Text::new(format!("the digest of {what} does not hold"), format!("{what} のダイジェストが一致しません"))
}

pub(crate) fn signature_broken(what: &str) -> Text {
    Text::new(format!("the signature of {what} does not fit its content"), format!("{what} の署名が内容と一致しません"))
}

pub(crate) fn signature_or_digest_broken(what: &str) -> Text {
    Text::new(
        format!("the signature or a digest of {what} does not fit its content"),
        format!("{what} の署名またはダイジェストが内容と一致しません"),
    )
}

pub(crate) fn digest_unchecked(what: &str) -> Text {
    Text::new(
        format!("the digest of {what} could not be checked: it is missing, cut or over a limit"),
        format!("{what} のダイジェストを確認できませんでした (内容がないか、途中で切れているか、上限を超えています)"),
    )
}

pub(crate) fn manifest_unreadable(what: &str) -> Text {
    Text::new(format!("{what} could not be read"), format!("{what} を解釈できませんでした"))
}

pub(crate) fn delta(what: &str) -> Text {
    Text::new(
        format!("{what} is a change against an older image, which is not there"),
        format!("{what} は旧イメージとの差分であり、旧イメージがないため復元できません"),
    )
}

pub(crate) fn part_left_out(what: &str) -> Text {
    Text::new(
        format!("{what} overlaps another part or is one too many; it was left out"),
        format!("{what} は他の部分と重なっているか、数の上限を超えているため、除外しました"),
    )
}

pub(crate) fn unsupported(what: &str) -> Text {
    Text::new(
        format!("{what} was recognised; this version cannot read it"),
        format!("{what} を認識しましたが、この版では読み取れません"),
    )
}

pub(crate) fn encrypted(what: &str) -> Text {
    Text::new(
        format!("{what} is encrypted and cannot be read"),
        format!("{what} は暗号化されているため、読み取れません"),
    )
}

pub(crate) fn unknown(length: u64) -> Text {
    Text::new(
        format!("{length} bytes of an unknown format, not compressed or encrypted as a whole"),
        format!("形式不明の{length}バイトのデータです (全体としては圧縮も暗号化もされていません)"),
    )
}

pub(crate) fn a_few_bytes() -> Text {
    Text::new("a few bytes of an unknown format", "形式不明の数バイトのデータです")
}

pub(crate) fn strings_only() -> Text {
    Text::new(
        "program code without a file system (a boot loader or a kernel): only its strings were looked at",
        "ファイルシステムのないプログラムコード (ブートローダーまたはカーネル) です。文字列だけを調べました",
    )
}

pub(crate) fn program_strings_only() -> Text {
    Text::new(
        "a microcontroller's program: its strings were looked at; what it holds in binary form (keys, passwords in parts) is not seen",
        "マイコンのプログラムです。文字列は調べましたが、バイナリー形式で持つもの (鍵、分割されたパスワードなど) は見えません",
    )
}

pub(crate) fn not_visible_in_a_program() -> Text {
    Text::new(
        "a microcontroller's program keeps no accounts, services or settings in files; which of these it has in its code cannot be seen from the image",
        "マイコンのプログラムはアカウント、サービス、設定をファイルに持ちません。コードの中に何があるかはイメージからは分かりません",
    )
}

pub(crate) fn update_code_not_read() -> Text {
    Text::new(
        "the image says how it is protected itself; what the device checks before it installs one cannot be seen in a microcontroller's program",
        "イメージ自体の保護は分かりますが、機器が導入前に何を検証するかは、マイコンのプログラムからは分かりません",
    )
}

pub(crate) fn remainder() -> Text {
    Text::new(
        "data behind the declared end of a container; not counted as part of the product",
        "コンテナの宣言された終端より後のデータです。製品の一部とはみなしません",
    )
}

pub(crate) fn no_root() -> Text {
    Text::new("no root file system was found in the image", "イメージにルートファイルシステムが見つかりません")
}

pub(crate) fn no_files() -> Text {
    Text::new(
        "no readable file system or archive was found in the image",
        "イメージに読み取れるファイルシステムもアーカイブも見つかりません",
    )
}

pub(crate) fn unsafe_names(count: u64) -> Text {
    Text::new(
        format!("{count} entries have names that lead out of the archive or are malformed; they were left out"),
        format!("アーカイブの外を指す名前または不正な名前を持つ項目 {count} 件を除外しました"),
    )
}

pub(crate) fn failed(what: &str) -> Text {
    Text::new(
        format!("the reader of {what} failed on malformed data"),
        format!("{what} の読み取りが不正なデータのため失敗しました"),
    )
}

pub(crate) fn runs_elsewhere(what: &str) -> Text {
    Text::new(
        format!(
            "{what} is run and lies on a file system that is not part of this one; what it starts was not followed"
        ),
        format!("{what} が実行されますが、別のファイルシステム上にあるため、そこから起動されるものは追跡していません"),
    )
}

pub(crate) fn scripts_limit() -> Text {
    Text::new(
        "the start scripts do more than the limit allows to follow; the rest was not looked at",
        "起動スクリプトの処理が追跡の上限を超えたため、残りは調べていません",
    )
}
