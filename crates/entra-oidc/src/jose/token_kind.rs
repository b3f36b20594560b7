use crate::error::SignInErrorKind;

/// What a token is meant to be: which `typ` it must name, and what its faults are called. One kind never passes as
/// another (RFC 8725 section 3.11, case T11).
pub(crate) struct TokenKind {
    /// The `typ` of the header.
    pub(super) typ: &'static str,
    /// Whether it may be left out.
    pub(super) typ_is_optional: bool,
    pub(super) malformed: SignInErrorKind,
    pub(super) algorithm: SignInErrorKind,
    pub(super) signature: SignInErrorKind,
}

/// An ID token (`OpenID` Connect Core section 2).
pub(crate) const ID_TOKEN: TokenKind = TokenKind {
    typ: "JWT",
    typ_is_optional: true,
    malformed: SignInErrorKind::IdTokenMalformed,
    algorithm: SignInErrorKind::IdTokenAlgorithm,
    signature: SignInErrorKind::IdTokenSignature,
};

/// A logout token (`OpenID` Connect Back-Channel Logout 1.0 section 2.4). Its `typ` is recommended there and required
/// here.
pub(crate) const LOGOUT_TOKEN: TokenKind = TokenKind {
    typ: "logout+jwt",
    typ_is_optional: false,
    malformed: SignInErrorKind::LogoutTokenMalformed,
    algorithm: SignInErrorKind::LogoutTokenAlgorithm,
    signature: SignInErrorKind::LogoutTokenSignature,
};
