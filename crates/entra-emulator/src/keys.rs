//! Signing keys: made once per process, published, rotated, retired.

/// The emulator's signing keys and the lists in which they are published.
#[derive(Debug)]
pub struct Keys {}

impl Keys {
    /// The next key signs from now on. It was in the list before, the old one stays in it, and a new next key appears.
    pub fn rotate(&self) {}

    /// A key that was in no list before signs from now on, and every older key is gone from the list.
    pub fn replace(&self) {}

    /// Takes the keys that no longer sign, and are not next, out of the list.
    pub fn retire(&self) {}

    /// From now on the signing key is missing in the next fetch of each list, there in the one after, and so on.
    pub fn flap(&self) {}

    /// Ends [`Keys::flap`].
    pub fn steady(&self) {}

    /// The id of the key that signs tokens of work and school accounts.
    #[must_use]
    pub fn signing_kid(&self) -> String {
        String::new()
    }

    /// The ids in the list that `common` serves, as the next fetch will show them without flapping.
    #[must_use]
    pub fn kids(&self) -> Vec<String> {
        Vec::new()
    }
}
