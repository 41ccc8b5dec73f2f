//! Texts about collections of facts by themselves.

super::messages! {
    NOT_LOOKED_AT = "Not looked at", "確認できていない箇所";
    MORE = "… and {n} more (--all lists them, --format json has everything)", "…ほか{n}件（--allですべて表示、--format jsonで全内容）";
    NO_CHANGE = "Nothing that is looked at changed.", "確認対象に変化はありません。";
    DETAILS = "details (--format json shows them)", "細部（--format jsonで確認できます）";
    OTHER_CONTENT = "{n} programs and libraries have other content, and nothing else that is said of them changed.", "内容だけが変わったプログラム・ライブラリ：{n}件（その他の事実に変化なし）";
    UNSURE = "Not looked at completely in one of the two images, so that what seems new or gone may only have been unseen: {aspects}", "いずれかのイメージで完全には確認できておらず、増減が見かけだけの可能性がある項目：{aspects}";
}
