use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{
    jose::{algorithm::Algorithm, certificate_name::certificate_name},
    json::{self, Object},
};

/// The primes of the fingerprint in "The Return of Coppersmith's Attack" (ROCA, CVE-2017-15361).
const ROCA_PRIMES: [u16; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// One key of a key list (RFC 7517, RFC 7518 section 6), parsed once.
pub(crate) struct Key {
    /// What it may verify: the algorithm that the list gives for it, else those of its type. Nothing that a token says
    /// adds one (case T2).
    verifiers: Vec<(Algorithm, ParsedPublicKey)>,
    issuer: Option<Box<str>>,
    cloud_instance_name: Option<Box<str>>,
    certificate_name: Option<Box<str>>,
}

impl Key {
    /// Reads a key that may verify signatures: RSA, or EC on P-256.
    ///
    /// # Errors
    /// Why this entry of the list is not used.
    pub(crate) fn parse(jwk: &Object) -> Result<Self, String> {
        expect(jwk, "use", false, "sig")?;
        match jwk.get("key_ops") {
            None => {}
            Some(Value::Array(operations)) if operations.iter().any(|operation| operation == "verify") => {}
            Some(_) => return Err("`key_ops` does not allow to verify".to_owned()),
        }
        if jwk.contains_key("d") || jwk.contains_key("k") {
            return Err("a private key is published".to_owned());
        }
        let verifiers = match json::required_str(jwk, "kty")? {
            "RSA" => rsa(jwk)?,
            "EC" => p256(jwk)?,
            _ => return Err("`kty` is neither RSA nor EC".to_owned()),
        };
        let text = |name: &str| Ok::<_, String>(json::optional_str(jwk, name)?.map(Box::from));
        Ok(Self {
            verifiers,
            issuer: text("issuer")?,
            cloud_instance_name: text("cloud_instance_name")?,
            certificate_name: certificate_name(jwk),
        })
    }

    /// The issuer that the list gives for this key, perhaps with `{tenantid}` in it.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The cloud that the list gives for this key.
    pub(crate) fn cloud_instance_name(&self) -> Option<&str> {
        self.cloud_instance_name.as_deref()
    }

    /// The common name of the certificate that the list gives for this key.
    pub(crate) fn certificate_name(&self) -> Option<&str> {
        self.certificate_name.as_deref()
    }

    /// What verifies signatures of this algorithm, when the key is one for it.
    pub(crate) fn verifier(&self, algorithm: Algorithm) -> Option<&ParsedPublicKey> {
        self.verifiers.iter().find(|(own, _)| *own == algorithm).map(|(_, verifier)| verifier)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithms", &self.verifiers.iter().map(|(algorithm, _)| algorithm).collect::<Vec<_>>())
            .field("issuer", &self.issuer)
            .field("cloud_instance_name", &self.cloud_instance_name)
            .finish_non_exhaustive()
    }
}

/// An RSA key, for the padding that the list names, else for both: the authority's list of algorithms decides.
fn rsa(jwk: &Object) -> Result<Vec<(Algorithm, ParsedPublicKey)>, String> {
    let algorithms = match json::optional_str(jwk, "alg")? {
        None => vec![Algorithm::Rs256, Algorithm::Ps256],
        Some("RS256") => vec![Algorithm::Rs256],
        Some("PS256") => vec![Algorithm::Ps256],
        Some(_) => return Err("`alg` is neither RS256 nor PS256".to_owned()),
    };
    let modulus = number(jwk, "n")?;
    let exponent = number(jwk, "e")?;
    check_modulus(&modulus)?;
    check_exponent(&exponent)?;
    let parsed = |algorithm: Algorithm| {
        let parameters = match algorithm {
            Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
            _ => &RSA_PKCS1_2048_8192_SHA256,
        };
        RsaPublicKeyComponents { n: &modulus, e: &exponent }
            .to_parsed_public_key(parameters)
            .map(|verifier| (algorithm, verifier))
            .map_err(|_| "not an RSA public key".to_owned())
    };
    algorithms.into_iter().map(parsed).collect()
}

/// A key on P-256 (RFC 7518 section 6.2.1). That the point is on the curve is checked while parsing.
fn p256(jwk: &Object) -> Result<Vec<(Algorithm, ParsedPublicKey)>, String> {
    expect(jwk, "crv", true, "P-256")?;
    expect(jwk, "alg", false, "ES256")?;
    let mut point = vec![4];
    point.extend(coordinate(jwk, "x")?);
    point.extend(coordinate(jwk, "y")?);
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .map(|verifier| vec![(Algorithm::Es256, verifier)])
        .map_err(|_| "not a point of P-256".to_owned())
}

fn coordinate(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == 32 { Ok(bytes) } else { Err(format!("`{name}` is not 32 bytes")) }
}

fn expect(jwk: &Object, name: &str, required: bool, value: &str) -> Result<(), String> {
    match json::optional_str(jwk, name)? {
        Some(found) if found == value => Ok(()),
        None if !required => Ok(()),
        _ => Err(format!("`{name}` is not {value}")),
    }
}

/// A big-endian number without leading zeros (RFC 7518 section 2, `Base64urlUInt`).
fn number(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    let bytes = bytes(jwk, name)?;
    if bytes.first().is_none_or(|first| *first == 0) {
        return Err(format!("`{name}` is empty or begins with zeros"));
    }
    Ok(bytes)
}

fn bytes(jwk: &Object, name: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD
        .decode(json::required_str(jwk, name)?)
        .map_err(|_| format!("`{name}` is not base64url without padding"))
}

fn check_modulus(modulus: &[u8]) -> Result<(), String> {
    let leading = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = modulus.len() * 8 - leading;
    if !(2048..=8192).contains(&bits) {
        return Err(format!("a modulus of {bits} bits; 2048 to 8192 are used"));
    }
    if modulus.last().is_some_and(|last| last % 2 == 0) {
        return Err("an even modulus".to_owned());
    }
    if ROCA_PRIMES.iter().all(|prime| is_power_of_65537(remainder(modulus, *prime), *prime)) {
        return Err("a modulus of the ROCA family".to_owned());
    }
    Ok(())
}

/// Odd, from 65537 to 2³²−1: not 1, which verifies anything, and not 3.
fn check_exponent(exponent: &[u8]) -> Result<(), String> {
    let value =
        (exponent.len() <= 4).then(|| exponent.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte)));
    match value {
        Some(value) if value >= 65_537 && value % 2 == 1 => Ok(()),
        _ => Err("an exponent that is even, below 65537 or long".to_owned()),
    }
}

fn remainder(number: &[u8], prime: u16) -> u32 {
    number.iter().fold(0, |remainder, byte| (remainder * 256 + u32::from(*byte)) % u32::from(prime))
}

fn is_power_of_65537(residue: u32, prime: u16) -> bool {
    let prime = u32::from(prime);
    let mut power = 1;
    loop {
        if power == residue {
            return true;
        }
        power = power * (65_537 % prime) % prime;
        if power == 1 || power == 0 {
            return false;
        }
    }
}
