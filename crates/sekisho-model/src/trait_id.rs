//! Traits: properties of a product on which it depends what applies.
//!
//! A trait is true, false or not known: what a product file does not say is unknown, and an objective whose condition is unknown applies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares the traits once; everything else follows from this list.
macro_rules! traits {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A property of a product that conditions speak of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Trait { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl Trait {
            /// All of them, in the vocabulary's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The identifier in conditions and product files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

traits! {
    /// It communicates over a network of any kind.
    Network = "network",
    /// It reaches the Internet or is reached from it.
    Internet = "internet",
    /// It has a radio.
    Wireless = "wireless",
    /// Something on it listens on a network.
    ListeningServices = "listening_services",
    /// It can be managed over a network.
    RemoteManagement = "remote_management",
    /// It has a web interface.
    WebInterface = "web_interface",
    /// It comes with a mobile app.
    MobileApp = "mobile_app",
    /// It comes with a back-end service.
    CloudService = "cloud_service",
    /// It offers an API.
    Api = "api",
    /// Users log in to it.
    UserAuthentication = "user_authentication",
    /// Machines authenticate to each other.
    MachineAuthentication = "machine_authentication",
    /// Passwords are used.
    Passwords = "passwords",
    /// It is shipped with passwords set.
    PresetPasswords = "preset_passwords",
    /// Several users use it.
    MultiUser = "multi_user",
    /// People use it through a screen, an app or pages.
    UserInterface = "user_interface",
    /// Settings that bear on security can be changed.
    Configurable = "configurable",
    /// Its software can be updated.
    Updatable = "updatable",
    /// Updates come over a network.
    NetworkUpdates = "network_updates",
    /// Updates come by themselves.
    AutomaticUpdates = "automatic_updates",
    /// It tells about updates.
    UpdateNotifications = "update_notifications",
    /// The resources of its use case prevent measures.
    Constrained = "constrained",
    /// It has software that cannot be updated.
    Unpatchable = "unpatchable",
    /// It keeps keys or credentials.
    SecureParameters = "secure_parameters",
    /// It has a hard-coded identity.
    HardcodedIdentity = "hardcoded_identity",
    /// It verifies its software at start.
    SecureBoot = "secure_boot",
    /// There is a physical device.
    Hardware = "hardware",
    /// It has a debug interface.
    DebugInterface = "debug_interface",
    /// It has physical ports.
    PhysicalPorts = "physical_ports",
    /// It takes removable media.
    RemovableMedia = "removable_media",
    /// It processes personal data.
    PersonalData = "personal_data",
    /// It processes sensitive personal data.
    SensitiveData = "sensitive_data",
    /// Personal data are processed on consent.
    ConsentBasis = "consent_basis",
    /// Data go to third parties.
    ThirdPartySharing = "third_party_sharing",
    /// The device stores users' data.
    StoredUserData = "stored_user_data",
    /// Services store personal data.
    DataInServices = "data_in_services",
    /// Data serve only to compute aggregates.
    AggregatesData = "aggregates_data",
    /// It sends telemetry.
    Telemetry = "telemetry",
    /// It senses its surroundings.
    Sensors = "sensors",
    /// Its failure can harm people, property or the environment.
    SafetyImpact = "safety_impact",
    /// It is part of a critical infrastructure.
    CriticalService = "critical_service",
    /// It is sold to consumers.
    Consumer = "consumer",
    /// It sends messages to users.
    SendsMessages = "sends_messages",
    /// It contains third-party components.
    ThirdPartyComponents = "third_party_components",
    /// It relies on third-party services.
    ThirdPartyServices = "third_party_services",
    /// It can change hands.
    Transferable = "transferable",
    /// It works with other systems.
    Interconnected = "interconnected",
    /// It takes input from users, APIs or networks.
    ExternalInput = "external_input",
    /// It has software of its own.
    Software = "software",
}

impl fmt::Display for Trait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Trait {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|t| t.name() == s).ok_or_else(|| format!("no trait '{s}'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trait_reads_back() {
        for &t in Trait::ALL {
            assert_eq!(t.name().parse(), Ok(t));
        }
    }
}
