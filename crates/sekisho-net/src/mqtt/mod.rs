//! Talks MQTT to a broker.
