//! Why a user is staff or superuser.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a permission comes from. What gave it can take it back, and nothing else of the same user is touched by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Grant {
    /// `staff_list` or `superuser_list`; judged at every sign-in.
    List,
    /// An app role or a group in `role_map`; judged at every sign-in.
    Role,
    /// `auto_create_first_superuser`.
    First,
    /// Somebody in the admin, or the command.
    Admin,
    /// The application: a hook, or its own code.
    Application,
}

/// A set of [`Grant`]s: a permission is held while the set is not empty.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Grant>", into = "Vec<Grant>")]
pub struct Grants(u8);

/// A change of a set of grants: those in `take` go, then those in `give` are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantChange {
    /// What is there afterwards.
    pub give: Grants,
    /// What is gone afterwards, unless it is given too.
    pub take: Grants,
}

const ALL: [Grant; 5] = [Grant::List, Grant::Role, Grant::First, Grant::Admin, Grant::Application];

impl Grant {
    /// The name, such as `list`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Role => "role",
            Self::First => "first",
            Self::Admin => "admin",
            Self::Application => "application",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::List => 1,
            Self::Role => 2,
            Self::First => 4,
            Self::Admin => 8,
            Self::Application => 16,
        }
    }
}

impl Grants {
    /// No grant: the permission is not held.
    pub const NONE: Self = Self(0);
    /// Every grant that there is.
    pub const ALL: Self = Self(31);

    /// This one alone.
    #[must_use]
    pub const fn of(grant: Grant) -> Self {
        Self(grant.bit())
    }

    /// The same and this one.
    #[must_use]
    pub const fn with(self, grant: Grant) -> Self {
        Self(self.0 | grant.bit())
    }

    /// The same without this one.
    #[must_use]
    pub const fn without(self, grant: Grant) -> Self {
        Self(self.0 & !grant.bit())
    }

    /// Whether this one is there.
    #[must_use]
    pub const fn contains(self, grant: Grant) -> bool {
        self.0 & grant.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One after another.
    pub fn iter(self) -> impl Iterator<Item = Grant> {
        ALL.into_iter().filter(move |grant| self.contains(*grant))
    }

    /// The set as a number, for a database: 1 list, 2 role, 4 first, 8 admin, 16 application. The numbers stay.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set that [`bits`](Grants::bits) wrote; unknown bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl GrantChange {
    /// Nothing changes.
    pub const NONE: Self = Self { give: Grants::NONE, take: Grants::NONE };

    /// This grant is there afterwards, or not.
    #[must_use]
    pub const fn set(grant: Grant, held: bool) -> Self {
        Self::NONE.and(grant, held)
    }

    /// The same change, and this grant is there afterwards, or not.
    #[must_use]
    pub const fn and(self, grant: Grant, held: bool) -> Self {
        if held {
            Self { give: self.give.with(grant), take: self.take.without(grant) }
        } else {
            Self { give: self.give.without(grant), take: self.take.with(grant) }
        }
    }

    /// Takes every grant: the permission is not held afterwards, whatever gave it.
    #[must_use]
    pub const fn take_all() -> Self {
        Self { give: Grants::NONE, take: Grants::ALL }
    }

    /// The set after the change.
    #[must_use]
    pub const fn apply_to(self, grants: Grants) -> Grants {
        Grants(grants.0 & !self.take.0 | self.give.0)
    }
}

impl From<Vec<Grant>> for Grants {
    fn from(grants: Vec<Grant>) -> Self {
        grants.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Grants> for Vec<Grant> {
    fn from(grants: Grants) -> Self {
        grants.iter().collect()
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_gives_and_takes_its_own() {
        let both = Grants::of(Grant::List).with(Grant::Admin);
        for (change, before, after) in [
            (GrantChange::NONE, both, both),
            (GrantChange::set(Grant::List, false), both, Grants::of(Grant::Admin)),
            (GrantChange::set(Grant::Role, true), both, both.with(Grant::Role)),
            (GrantChange::set(Grant::Role, false), both, both),
            (GrantChange::set(Grant::Role, false).and(Grant::Role, true), Grants::NONE, Grants::of(Grant::Role)),
            (GrantChange::set(Grant::Role, true).and(Grant::Role, false), both, both),
            (GrantChange::take_all(), Grants::ALL, Grants::NONE),
        ] {
            assert_eq!(change.apply_to(before), after, "{change:?} of {before:?}");
        }
    }

    #[test]
    fn a_set_survives_numbers_and_json() {
        for bits in 0..=31 {
            let grants = Grants::from_bits(bits);
            assert_eq!(grants.bits(), bits);
            let json = serde_json::to_string(&grants).unwrap();
            assert_eq!(serde_json::from_str::<Grants>(&json).unwrap(), grants, "{json}");
        }
        assert_eq!(Grants::from_bits(0xff), Grants::ALL);
        assert_eq!(serde_json::to_string(&Grants::of(Grant::First)).unwrap(), r#"["first"]"#);
    }
}
