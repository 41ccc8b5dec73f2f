//! What the specification of `CycloneDX` lists: values of enumerations, each with the version that brought it.
//!
//! Source: the official schemas, `schema/bom-1.0.xsd` to `bom-1.7.xsd` and `bom-1.2.schema.json` to `bom-1.7.schema.json` of
//! CycloneDX/specification.

/// An enumeration.
#[derive(Debug)]
pub(super) struct Listed {
    /// The field, as messages call it.
    pub(super) field: &'static str,
    /// Whether the field must be there.
    pub(super) required: bool,
    values: &'static [(&'static str, u8)],
}

impl Listed {
    /// Whether version 1.`minor` knows `value`.
    pub(super) fn knows(&self, value: &str, minor: u8) -> bool {
        self.values.iter().any(|&(known, since)| known == value && since <= minor)
    }
}

/// `component.type` (`classification`).
pub(super) static TYPE: Listed = Listed {
    field: "type",
    required: true,
    values: &[
        ("application", 0),
        ("framework", 0),
        ("library", 0),
        ("operating-system", 0),
        ("device", 0),
        ("file", 1),
        ("container", 2),
        ("firmware", 2),
        ("platform", 5),
        ("device-driver", 5),
        ("machine-learning-model", 5),
        ("data", 5),
        ("cryptographic-asset", 6),
    ],
};

/// `component.scope`.
pub(super) static SCOPE: Listed =
    Listed { field: "scope", required: false, values: &[("required", 0), ("optional", 0), ("excluded", 1)] };

/// `hash.alg` (`hashAlg`).
pub(super) static HASH: Listed = Listed {
    field: "hashes/alg",
    required: true,
    values: &[
        ("MD5", 0),
        ("SHA-1", 0),
        ("SHA-256", 0),
        ("SHA-384", 0),
        ("SHA-512", 0),
        ("SHA3-256", 0),
        ("SHA3-512", 0),
        ("SHA3-384", 2),
        ("BLAKE2b-256", 2),
        ("BLAKE2b-384", 2),
        ("BLAKE2b-512", 2),
        ("BLAKE3", 2),
        ("Streebog-256", 7),
        ("Streebog-512", 7),
    ],
};

/// `pedigree.patches[].type` (`patchClassification`).
pub(super) static PATCH: Listed = Listed {
    field: "pedigree/patches/type",
    required: true,
    values: &[("unofficial", 0), ("monkey", 0), ("backport", 0), ("cherry-pick", 0)],
};

/// `pedigree.patches[].resolves[].type` (`issueClassification`).
pub(super) static ISSUE: Listed = Listed {
    field: "pedigree/patches/resolves/type",
    required: true,
    values: &[("defect", 0), ("enhancement", 0), ("security", 0)],
};

/// `services[].data[].flow` (`dataFlowType`).
pub(super) static FLOW: Listed = Listed {
    field: "data/flow",
    required: true,
    values: &[("inbound", 0), ("outbound", 0), ("bi-directional", 0), ("unknown", 0)],
};

/// `license.text.encoding`.
pub(super) static ENCODING: Listed =
    Listed { field: "licenses/text/encoding", required: false, values: &[("base64", 0)] };
