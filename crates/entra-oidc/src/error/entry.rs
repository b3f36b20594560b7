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
