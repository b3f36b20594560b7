//! An address, or a network in CIDR notation.

use std::{error::Error, fmt, net::IpAddr, str::FromStr};

/// `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address lies in this network. An IPv4 address that came over an IPv6 socket counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                leading(u128::from(u32::from(ours)), 32, self.prefix)
                    == leading(u128::from(u32::from(theirs)), 32, self.prefix)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                leading(u128::from(ours), 128, self.prefix) == leading(u128::from(theirs), 128, self.prefix)
            }
            _ => false,
        }
    }

    /// Whether it is every address there is.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.prefix == 0
    }
}

fn leading(bits: u128, width: u32, prefix: u8) -> u128 {
    bits.checked_shr(width - u32::from(prefix)).unwrap_or(0)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// The text is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidNetwork(&'static str);

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for InvalidNetwork {}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Network, InvalidNetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr =
            address.parse().map_err(|_| InvalidNetwork("expected an IP address or a network such as 10.0.0.0/8"))?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => width,
            Some(digits) => plain_number(digits).filter(|prefix| *prefix <= width).ok_or(InvalidNetwork(
                "expected a prefix length of at most 32 (IPv4) or 128 (IPv6) behind the slash",
            ))?,
        };
        let network = Network { address, prefix };
        if network.has_host_bits() {
            return Err(InvalidNetwork(
                "the address has bits set behind the prefix length; write the network's first address",
            ));
        }
        Ok(network)
    }
}

impl Network {
    fn has_host_bits(&self) -> bool {
        let (bits, width) = match self.address {
            IpAddr::V4(ip) => (u128::from(u32::from(ip)), 32),
            IpAddr::V6(ip) => (u128::from(ip), 128),
        };
        let kept = leading(bits, width, self.prefix).checked_shl(width - u32::from(self.prefix)).unwrap_or(0);
        kept != bits
    }
}

fn plain_number(digits: &str) -> Option<u8> {
    let canonical = digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits.parse().ok().filter(|_| canonical)
}
