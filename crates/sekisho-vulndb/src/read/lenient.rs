//! Reading JSON that says `null` where it means nothing.

use serde::{Deserialize, Deserializer};

/// `null` is what leaving out is.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
