//! Facts about MQTT brokers and CoAP servers as people read them.

use sekisho_model::messaging::{CoapResource, CoapServer, MqttBroker};

use super::Columns;
use super::cell::{flag, list, maybe, maybe_flag, number, raw};
use super::network::place;
use crate::messages::messaging as g;
use crate::messages::network as n;

pub(super) fn broker(x: &MqttBroker) -> Columns {
    // Who is not let in was sent nothing, which says nothing of what is retained.
    let let_in = x.anonymous == Some(true);
    vec![
        (n::PLACE, place(&x.address, "tcp", x.port)),
        (n::IN_TLS, flag(x.tls)),
        (g::ANONYMOUS, maybe_flag(x.anonymous)),
        (g::WILDCARD, maybe_flag(x.anonymous_wildcard)),
        (g::TOPICS, number(let_in.then_some(x.anonymous_topics))),
        (g::PUBLISH, maybe_flag(x.anonymous_publish)),
        (g::READS_OTHERS, maybe_flag(x.reads_others)),
        (g::TAKEOVER, maybe_flag(x.takeover)),
        (g::SYSTEM, maybe_flag(x.anonymous_system)),
        (g::RETAINED, number(let_in.then_some(x.retained))),
        (g::RETAINED_SECRETS, number(let_in.then_some(x.retained_secrets))),
        (g::PROTOCOL_VERSIONS, list(&x.versions)),
    ]
}

pub(super) fn coap_server(x: &CoapServer) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (n::IN_TLS, flag(x.tls)),
        (g::LISTS_RESOURCES, flag(x.lists_resources)),
        (g::RESOURCES, number(Some(x.resources))),
        (g::READABLE_COUNT, number((x.resources > 0).then_some(x.readable))),
    ]
}

pub(super) fn coap_resource(x: &CoapResource) -> Columns {
    vec![
        (g::PATH, raw(&x.path)),
        (n::PLACE, place(&x.address, x.transport.as_deref().unwrap_or("udp"), x.port)),
        (g::READABLE, maybe_flag(x.readable)),
        (g::ANSWER, maybe(x.code.as_deref())),
        (g::OBSERVABLE, flag(x.observable)),
        (g::RESOURCE_TYPES, list(&x.types)),
    ]
}
