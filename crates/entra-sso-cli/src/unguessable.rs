//! Names and secrets of this run.

use entra_sso::oidc::random_bytes;

/// 192 bits of chance, in hexadecimal.
pub(crate) fn unguessable() -> String {
    let digits = random_bytes::<24>().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::unguessable;

    #[test]
    fn it_is_48_digits_and_never_the_same() {
        let (one, other) = (unguessable(), unguessable());
        assert_eq!((one.len(), other.len()), (48, 48));
        assert_ne!(one, other);
    }
}
