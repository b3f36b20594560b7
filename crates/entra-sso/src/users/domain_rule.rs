//! `allowable_domains`: whose trusted address lets him in.

use std::{collections::BTreeSet, fmt};

use super::{
    address::{Address, is_domain},
    trusted_address::TrustedAddress,
};

/// The rule that `allowable_domains` writes (F-45), for example `["contoso.example", "*.contoso.example"]`.
///
/// | entry | lets in |
/// |---|---|
/// | `contoso.example` | addresses of exactly this domain |
/// | `*.contoso.example` | addresses of its subdomains, not of the domain itself |
/// | `adele@fabrikam.example` | this address |
/// | `*` | everyone, also who has no trusted address |
///
/// Without case. An empty list lets nobody in. (No list at all is no rule.)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DomainRule {
    everyone: bool,
    domains: BTreeSet<String>,
    /// `.contoso.example` for `*.contoso.example`.
    suffixes: BTreeSet<String>,
    addresses: BTreeSet<String>,
}

/// An entry that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DomainRuleError {
    /// The entry as it was written.
    pub(crate) entry: String,
}

impl DomainRule {
    /// Reads the list. An entry that can let nobody in is an error.
    pub(crate) fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, DomainRuleError> {
        let mut rule = Self::default();
        for entry in entries {
            rule.add(entry.as_ref()).ok_or_else(|| DomainRuleError { entry: entry.as_ref().to_owned() })?;
        }
        Ok(rule)
    }

    /// Whether somebody with these trusted addresses may come in.
    pub(crate) fn allows(&self, addresses: &[TrustedAddress]) -> bool {
        self.everyone || addresses.iter().any(|address| self.allows_one(address))
    }

    /// Whether the rule asks for a trusted address at all.
    pub(crate) fn needs_address(&self) -> bool {
        !self.everyone
    }

    fn add(&mut self, entry: &str) -> Option<()> {
        if entry == "*" {
            self.everyone = true;
        } else if let Some(domain) = entry.strip_prefix("*.") {
            is_domain(domain).then(|| self.suffixes.insert(format!(".{}", domain.to_ascii_lowercase())))?;
        } else if entry.contains('@') {
            // A star is a letter in an address, but who writes one here means a pattern.
            let address = Address::parse(entry).filter(|_| !entry.contains('*'))?;
            self.addresses.insert(address.as_str().to_owned());
        } else {
            is_domain(entry).then(|| self.domains.insert(entry.to_ascii_lowercase()))?;
        }
        Some(())
    }

    fn allows_one(&self, address: &TrustedAddress) -> bool {
        let domain = address.domain();
        self.domains.contains(domain)
            || self.addresses.contains(address.as_str())
            || self.suffixes.iter().any(|suffix| domain.ends_with(suffix.as_str()))
    }
}

impl fmt::Display for DomainRuleError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{:?} is neither a domain (`contoso.example`, international names as `xn--…`), nor `*.` and a domain, nor an \
             address, nor `*`",
            self.entry
        )
    }
}

impl std::error::Error for DomainRuleError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> TrustedAddress {
        TrustedAddress::for_tests(text).expect(text)
    }

    fn allows(entries: &[&str], addresses: &[&str]) -> bool {
        let addresses: Vec<_> = addresses.iter().map(|text| address(text)).collect();
        DomainRule::parse(entries).expect("entries").allows(&addresses)
    }

    #[test]
    fn f45_who_comes_in() {
        for (entries, who, expected) in [
            (&["contoso.example"][..], "adele@contoso.example", true),
            (&["CONTOSO.example"], "Adele@Contoso.Example", true),
            (&["contoso.example"], "adele@mail.contoso.example", false),
            (&["contoso.example"], "adele@evilcontoso.example", false),
            (&["contoso.example"], "adele@contoso.example.evil.test", false),
            (&["contoso.example"], "contoso.example@evil.test", false),
            (&["*.contoso.example"], "adele@mail.contoso.example", true),
            (&["*.contoso.example"], "adele@a.b.contoso.example", true),
            (&["*.contoso.example"], "adele@contoso.example", false),
            (&["*.contoso.example"], "adele@evilcontoso.example", false),
            (&["*"], "adele@contoso.example", true),
            (&[], "adele@contoso.example", false),
            (&["diego@fabrikam.example"], "Diego@fabrikam.example", true),
            (&["diego@fabrikam.example"], "adele@fabrikam.example", false),
            (&["fabrikam.example", "contoso.example"], "adele@contoso.example", true),
        ] {
            assert_eq!(allows(entries, &[who]), expected, "{entries:?} {who}");
        }
    }

    #[test]
    fn f45_without_a_trusted_address_only_the_star_lets_in() {
        assert!(allows(&["*"], &[]));
        assert!(!allows(&["contoso.example"], &[]));
        assert!(allows(&["contoso.example"], &["adele@gmail.example", "adele@contoso.example"]));
    }

    #[test]
    fn f45_an_entry_that_means_nothing_is_an_error() {
        for entry in [
            "",
            "m",
            "com",
            " contoso.example",
            "contoso.example.",
            ".contoso.example",
            "@contoso.example",
            "*contoso.example",
            "*@contoso.example",
            "*.com",
            "*.*",
            "contoso.*",
            "https://contoso.example",
            "contoso.example,fabrikam.example",
            "b\u{fc}cher.example",
            "a@b@contoso.example",
        ] {
            assert_eq!(
                DomainRule::parse(&[entry]),
                Err(DomainRuleError { entry: entry.to_owned() }),
                "{entry:?} was accepted"
            );
        }
    }
}
