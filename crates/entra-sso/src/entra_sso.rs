//! entra_sso
