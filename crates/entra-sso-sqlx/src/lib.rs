//! entra-sso-sqlx
