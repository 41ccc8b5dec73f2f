//! Words about MQTT and CoAP.

super::messages! {
    ANONYMOUS = "Lets in anonymous clients", "匿名接続を許可";
    WILDCARD = "Messages sent to anonymous subscribers of #", "匿名の全トピック（#）購読に対する配信";
    TOPICS = "topics seen by them", "配信されたトピック数";
    SYSTEM = "Anonymous may read broker state", "匿名でブローカーの状態を閲覧可";
    PUBLISH = "Anonymous may publish", "匿名で発行可";
    TAKEOVER = "Client id can be taken over", "クライアントIDの乗っ取りが可能";
    READS_OTHERS = "Users read each other's topics", "他の利用者のトピックを閲覧可";
    RETAINED = "Retained messages seen", "受信した保持メッセージ数";
    RETAINED_SECRETS = "of them with secrets", "うち秘密情報を含むもの";
    PROTOCOL_VERSIONS = "Protocol versions", "プロトコルバージョン";
    LISTS_RESOURCES = "Lists its resources to anybody", "リソース一覧を誰にでも公開";
    RESOURCES = "Resources", "リソース数";
    READABLE_COUNT = "of them readable without a log-in", "うちログインなしで読取可";
    PATH = "Path", "パス";
    READABLE = "Readable without a log-in", "ログインなしで読取可";
    ANSWER = "Answer", "応答コード";
    OBSERVABLE = "Can be observed", "監視（Observe）可";
    RESOURCE_TYPES = "Resource types", "リソースの種別";
}
