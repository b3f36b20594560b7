//! `staff_list` and `superuser_list`: single people, named by what they cannot change themselves.

use std::{collections::BTreeSet, fmt};

use entra_oidc::{AccountKey, AccountKind, Guid};

use super::{address::Address, trusted_address::TrustedAddress};

/// The people that a list names (F-46).
///
/// | entry | whom it names |
/// |---|---|
/// | `{tenant id}/{object id}` | this account |
/// | `{object id}` | this account of the pinned tenant |
/// | `adele@contoso.example` | who has this trusted address |
/// | `*` | everybody; for staff only |
///
/// Without case. At B2C the object id is the `sub` that its user flows send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PersonList {
    everybody: bool,
    accounts: BTreeSet<(Guid, Guid)>,
    /// Of the pinned tenant.
    objects: BTreeSet<Guid>,
    addresses: BTreeSet<String>,
}

/// An entry that names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonListError {
    /// The entry as it was written.
    pub(crate) entry: String,
}

/// Whom a list is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person<'a> {
    pub(crate) account: &'a AccountKey,
    /// The tenant that bare object ids mean.
    pub(crate) pinned_tenant: Option<Guid>,
    pub(crate) addresses: &'a [TrustedAddress],
}

impl PersonList {
    /// Reads the list. An entry that can name nobody is an error.
    pub(crate) fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, PersonListError> {
        let mut list = Self::default();
        for entry in entries {
            list.add(entry.as_ref()).ok_or_else(|| PersonListError { entry: entry.as_ref().to_owned() })?;
        }
        Ok(list)
    }

    /// Whether the list names this person.
    pub(crate) fn names(&self, person: &Person<'_>) -> bool {
        self.everybody
            || self.names_account(person)
            || person.addresses.iter().any(|address| self.addresses.contains(address.as_str()))
    }

    /// Whether it names everybody.
    pub(crate) const fn is_everybody(&self) -> bool {
        self.everybody
    }

    /// Whether addresses decide something.
    pub(crate) fn has_addresses(&self) -> bool {
        !self.addresses.is_empty() && !self.everybody
    }

    /// Whether it has object ids without their tenant.
    pub(crate) fn has_bare_objects(&self) -> bool {
        !self.objects.is_empty()
    }

    /// A standard provider may write any tenant and object into its tokens (I12).
    fn names_account(&self, person: &Person<'_>) -> bool {
        let key = person.account;
        if key.kind() == AccountKind::OpenId {
            return false;
        }
        let (Ok(tenant), Ok(object)) = (Guid::parse(key.tenant()), Guid::parse(key.subject())) else { return false };
        self.accounts.contains(&(tenant, object))
            || (person.pinned_tenant == Some(tenant) && self.objects.contains(&object))
    }

    fn add(&mut self, entry: &str) -> Option<()> {
        if entry == "*" {
            self.everybody = true;
        } else if let Some((tenant, object)) = entry.split_once('/') {
            self.accounts.insert((Guid::parse(tenant).ok()?, Guid::parse(object).ok()?));
        } else if entry.contains('@') {
            // A star is a letter in an address, but who writes one here means a pattern.
            let address = Address::parse(entry).filter(|_| !entry.contains('*'))?;
            self.addresses.insert(address.as_str().to_owned());
        } else {
            self.objects.insert(Guid::parse(entry).ok()?);
        }
        Some(())
    }
}

impl fmt::Display for PersonListError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.entry.chars().take(80).collect();
        write!(out, "{shown:?} is neither `tenant id/object id`, nor an object id, nor a single address")
    }
}

impl std::error::Error for PersonListError {}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTOSO: &str = "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f";
    const FABRIKAM: &str = "3d9e7b24-61c8-4f05-8a72-f0e1d2c3b4a5";
    const ADELE: &str = "1a2b3c4d-0001-4000-8000-00000000ade1";
    const DIEGO: &str = "1a2b3c4d-0005-4000-8000-0000000d1e60";

    fn names(entries: &[&str], account: &AccountKey, pinned: Option<&str>, addresses: &[&str]) -> bool {
        let addresses: Vec<_> = addresses.iter().map(|text| TrustedAddress::for_tests(text).expect(text)).collect();
        let pinned_tenant = pinned.map(|tenant| Guid::parse(tenant).expect("a GUID"));
        let person = Person { account, pinned_tenant, addresses: &addresses };
        PersonList::parse(entries).expect("entries").names(&person)
    }

    #[test]
    fn f46_whom_an_entry_names() {
        let adele = AccountKey::new(AccountKind::Entra, CONTOSO, ADELE);
        let full = format!("{CONTOSO}/{ADELE}");
        for (entry, pinned, addresses, expected) in [
            (full.as_str(), None, &[][..], true),
            (&full.to_uppercase(), None, &[], true),
            (&format!("{FABRIKAM}/{ADELE}"), Some(CONTOSO), &[], false),
            (&format!("{CONTOSO}/{DIEGO}"), Some(CONTOSO), &[], false),
            (ADELE, Some(CONTOSO), &[], true),
            (ADELE, Some(FABRIKAM), &[], false),
            (ADELE, None, &[], false),
            (DIEGO, Some(CONTOSO), &[], false),
            ("adele@contoso.example", Some(CONTOSO), &["adele@contoso.example"], true),
            ("ADELE@Contoso.Example", None, &["diego@contoso.example", "Adele@contoso.example"], true),
            ("adele@contoso.example", Some(CONTOSO), &[], false),
            ("adele@contoso.example", Some(CONTOSO), &["adele@contoso.example.evil.test"], false),
            ("*", None, &[], true),
        ] {
            assert_eq!(names(&[entry], &adele, pinned, addresses), expected, "{entry} {pinned:?} {addresses:?}");
        }
        assert!(!names(&[], &adele, Some(CONTOSO), &["adele@contoso.example"]), "nobody is named by an empty list");
    }

    #[test]
    fn i12_a_provider_that_emits_our_ids_names_nobody() {
        let full = format!("{CONTOSO}/{ADELE}");
        for (kind, expected) in [(AccountKind::Entra, true), (AccountKind::B2c, true), (AccountKind::OpenId, false)] {
            let account = AccountKey::new(kind, CONTOSO, ADELE);
            for entry in [full.as_str(), ADELE] {
                assert_eq!(names(&[entry], &account, Some(CONTOSO), &[]), expected, "{kind:?} {entry}");
            }
        }
        let other = AccountKey::new(AccountKind::B2c, CONTOSO, "not-a-guid");
        assert!(!names(&[&full, ADELE], &other, Some(CONTOSO), &[]));
    }

    #[test]
    fn f46_an_entry_that_names_nobody_is_an_error() {
        for entry in [
            "",
            "adele",
            "contoso.example",
            "*.contoso.example",
            "*@contoso.example",
            "@contoso.example",
            "adele@",
            "adele@contoso.example@evil.example",
            "**",
            "/",
            &format!("{CONTOSO}/"),
            &format!("/{ADELE}"),
            &format!("contoso.example/{ADELE}"),
            &format!("{CONTOSO}/{ADELE}/x"),
            &format!("{CONTOSO}/adele@contoso.example"),
            &format!("{{{ADELE}}}"),
            &ADELE.replace('-', ""),
            &format!(" {ADELE}"),
        ] {
            let expected = Err(PersonListError { entry: (*entry).to_owned() });
            assert_eq!(PersonList::parse(&[entry]), expected, "{entry:?} was accepted");
        }
    }

    #[test]
    fn f46_what_a_list_asks_for() {
        for (entries, addresses, bare, everybody) in [
            (&[][..], false, false, false),
            (&["adele@contoso.example"], true, false, false),
            (&["adele@contoso.example", "*"], false, false, true),
            (&[ADELE], false, true, false),
        ] {
            let list = PersonList::parse(entries).expect("entries");
            let asked = (list.has_addresses(), list.has_bare_objects(), list.is_everybody());
            assert_eq!(asked, (addresses, bare, everybody), "{entries:?}");
        }
    }
}
