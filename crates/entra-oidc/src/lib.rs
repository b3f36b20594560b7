//! entra-oidc
