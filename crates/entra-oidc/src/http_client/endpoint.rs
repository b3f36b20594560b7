use http::Extensions;

/// What a request is for. It stands among the extensions of each request that an [`HttpClient`](super::HttpClient) is
/// handed, so that a client can count and measure without looking at addresses.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The authority's metadata document.
    Metadata,
    /// The authority's signing keys.
    Keys,
    /// The token endpoint.
    Token,
    /// The `UserInfo` endpoint of a standard provider.
    UserInfo,
    /// Graph: the profile of a sign-in.
    GraphProfile,
    /// Graph: the photo of a sign-in.
    GraphPhoto,
    /// Graph: the groups that a token has no room for.
    GraphGroups,
    /// Graph: what the application asks.
    GraphCall,
    /// A managed identity, on this machine or beside it.
    ManagedIdentity,
}

impl Endpoint {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Metadata,
        Self::Keys,
        Self::Token,
        Self::UserInfo,
        Self::GraphProfile,
        Self::GraphPhoto,
        Self::GraphGroups,
        Self::GraphCall,
        Self::ManagedIdentity,
    ];

    /// What the request is for that has these extensions.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// A word for it, such as `token` or `graph_me`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "discovery",
            Self::Keys => "keys",
            Self::Token => "token",
            Self::UserInfo => "userinfo",
            Self::GraphProfile => "graph_me",
            Self::GraphPhoto => "graph_photo",
            Self::GraphGroups => "graph_groups",
            Self::GraphCall => "graph_other",
            Self::ManagedIdentity => "managed_identity",
        }
    }
}
