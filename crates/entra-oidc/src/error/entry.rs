/// Whose move it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Blame {
    /// The person at the browser: try again, choose another account, ask for access.
    User,
    /// The administrator of the user's tenant: consent, assignment, Conditional Access.
    TenantAdministrator,
    /// Who runs this application: a setting, a secret, a registration.
    Operator,
    /// Microsoft, or the network on the way there.
    Microsoft,
    /// Nobody honest. Nothing to cure, something to look at.
    Attacker,
}

impl Blame {
    /// The name for logs and docs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::TenantAdministrator => "tenant administrator",
            Self::Operator => "operator",
            Self::Microsoft => "Microsoft",
            Self::Attacker => "attacker",
        }
    }
}

/// One line of the register.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ErrorEntry {
    /// The stable code, such as `E202`.
    pub code: &'static str,
    /// The name of the kind, such as `StateMismatch`.
    pub name: &'static str,
    /// Whose move it is.
    pub blame: Blame,
    /// What a page may say to anybody. Names no setting.
    pub public: &'static str,
    /// What to do about it, for the log and the docs.
    pub remedy: &'static str,
}

/// A kind of error, its variants, and a line of the register for each: code, blame, public text, remedy. The line's name
/// is `$prefix` and the variant's.
macro_rules! kinds {
    (
        $(#[$about:meta])* $name:ident, $prefix:literal;
        $($(#[$doc:meta])* $kind:ident = $code:literal, $blame:ident, $public:expr, $remedy:literal;)*
    ) => {
        $(#[$about])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$doc])* $kind,)* }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The line of the register.
            #[must_use]
            pub const fn entry(self) -> &'static $crate::error::ErrorEntry {
                match self {
                    $(Self::$kind => const {
                        &$crate::error::ErrorEntry {
                            code: $code,
                            name: concat!($prefix, stringify!($kind)),
                            blame: $crate::error::Blame::$blame,
                            public: $public,
                            remedy: $remedy,
                        }
                    },)*
                }
            }
        }
    };
}

pub(crate) use kinds;
