-- Users of entra-sso and their Microsoft accounts.

CREATE TABLE entra_sso_user (
    id           TEXT    NOT NULL PRIMARY KEY,
    username     TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    email        TEXT,
    first_name   TEXT    NOT NULL,
    last_name    TEXT    NOT NULL,
    is_active    INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    is_staff     INTEGER NOT NULL CHECK (is_staff IN (0, 1)),
    is_superuser INTEGER NOT NULL CHECK (is_superuser IN (0, 1)),
    date_joined  INTEGER NOT NULL, -- seconds since 1970
    last_login   INTEGER           -- seconds since 1970
) STRICT;

CREATE INDEX entra_sso_user_email ON entra_sso_user (lower(email));

-- What identifies an account is compared byte by byte.
CREATE TABLE entra_sso_microsoft_account (
    user_id             TEXT NOT NULL PRIMARY KEY REFERENCES entra_sso_user (id) ON DELETE CASCADE,
    kind                TEXT NOT NULL COLLATE BINARY, -- entra, b2c, openid
    tenant              TEXT NOT NULL COLLATE BINARY,
    subject             TEXT NOT NULL COLLATE BINARY,
    user_principal_name TEXT,
    locale              TEXT,
    UNIQUE (kind, tenant, subject)
) STRICT;

-- Apart from the account, so that reading a user does not read a picture.
CREATE TABLE entra_sso_picture (
    user_id      TEXT NOT NULL PRIMARY KEY REFERENCES entra_sso_microsoft_account (user_id) ON DELETE CASCADE,
    content_type TEXT NOT NULL,
    bytes        BLOB NOT NULL
) STRICT;

-- Facts about the database itself, such as whose users these are.
CREATE TABLE entra_sso_meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
