//! What the claims of an ID token mean, in a few words.

/// The meaning of a claim that Microsoft documents; nothing for a claim of one's own.
pub(super) fn of(claim: &str) -> &'static str {
    MEANINGS.iter().find(|(name, _)| *name == claim).map_or("", |(_, meaning)| meaning)
}

const MEANINGS: &[(&str, &str)] = &[
    ("acct", "0: a member of the tenant, 1: a guest"),
    ("acr", "the user flow, in older B2C policies"),
    ("acrs", "which conditional-access contexts were met"),
    ("aio", "Microsoft's own bookkeeping"),
    ("amr", "how the user proved who he is"),
    ("appid", "the application, in a v1 token"),
    ("at_hash", "binds the token to the access token"),
    ("aud", "for whom the token was made: this application"),
    ("auth_time", "when the user last typed his credentials"),
    ("c_hash", "binds the token to the authorization code"),
    ("email", "an address, for showing only"),
    ("emails", "the account's addresses (B2C), for showing only"),
    ("exp", "when the token ends"),
    ("family_name", "last name"),
    ("given_name", "first name"),
    ("groups", "groups of the user, by object id"),
    ("iat", "when the token was made"),
    ("idp", "who vouches for a guest"),
    ("ipaddr", "the address the user signed in from"),
    ("iss", "who made the token: a tenant's authority"),
    ("login_hint", "names the account at sign-out"),
    ("name", "what to call the user"),
    ("nbf", "from when the token counts"),
    ("newUser", "whether the account was made just now (B2C)"),
    ("nonce", "binds the token to this one sign-in"),
    ("oid", "the account, inside its tenant"),
    ("preferred_username", "what the user types to sign in; it can change"),
    ("rh", "Microsoft's own bookkeeping"),
    ("roles", "app roles that the tenant gave the user"),
    ("sid", "the user's session at Microsoft"),
    ("sub", "the account; with Entra ID, for this application only"),
    ("tfp", "the user flow that made the token (B2C)"),
    ("tid", "the tenant"),
    ("unique_name", "a name for showing (v1); it can change"),
    ("upn", "user principal name"),
    ("uti", "the token's own id"),
    ("ver", "the token's version"),
    ("wids", "directory roles of the user"),
    ("xms_edov", "whether the address's domain is verified"),
];
