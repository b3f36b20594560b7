-- One row holds a user and his account, permissions remember what gave them, and lists are read from indexes.

CREATE TABLE entra_sso_user_2 (
    id                  TEXT    NOT NULL PRIMARY KEY,
    username            TEXT    NOT NULL,
    email               TEXT,
    first_name          TEXT    NOT NULL,
    first_name_key      TEXT    NOT NULL, -- in lower case, to search for
    last_name           TEXT    NOT NULL,
    last_name_key       TEXT    NOT NULL, -- in lower case, to search for
    is_active           INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    staff               INTEGER NOT NULL, -- 1 list, 2 role, 4 first, 8 admin, 16 application
    superuser           INTEGER NOT NULL, -- the same numbers
    date_joined         INTEGER NOT NULL, -- seconds since 1970
    last_login          INTEGER,          -- seconds since 1970
    invitation          TEXT    UNIQUE,   -- the user principal name that claims this user once
    account_kind        TEXT,             -- entra, b2c, openid; compared byte by byte, as the next two are
    account_tenant      TEXT,
    account_subject     TEXT,
    user_principal_name TEXT,
    locale              TEXT,
    has_picture         INTEGER NOT NULL CHECK (has_picture IN (0, 1)),
    UNIQUE (account_kind, account_tenant, account_subject),
    CHECK ((account_kind IS NULL) = (account_tenant IS NULL)),
    CHECK ((account_kind IS NULL) = (account_subject IS NULL))
) STRICT;

-- Nobody knows what gave the permissions of before. As those of the admin they stay until somebody takes them.
INSERT INTO entra_sso_user_2
SELECT u.id, u.username, u.email, u.first_name, lower(u.first_name), u.last_name, lower(u.last_name), u.is_active,
       u.is_staff * 8, u.is_superuser * 8, u.date_joined, u.last_login, NULL, a.kind, a.tenant, a.subject,
       a.user_principal_name, a.locale, EXISTS (SELECT 1 FROM entra_sso_picture p WHERE p.user_id = u.id)
FROM entra_sso_user u LEFT JOIN entra_sso_microsoft_account a ON a.user_id = u.id;

CREATE TABLE entra_sso_picture_2 (
    user_id      TEXT NOT NULL PRIMARY KEY REFERENCES entra_sso_user_2 (id) ON DELETE CASCADE,
    content_type TEXT NOT NULL,
    bytes        BLOB NOT NULL
) STRICT;

INSERT INTO entra_sso_picture_2 SELECT user_id, content_type, bytes FROM entra_sso_picture;

DROP TABLE entra_sso_picture;
DROP TABLE entra_sso_microsoft_account;
DROP TABLE entra_sso_user;
ALTER TABLE entra_sso_user_2 RENAME TO entra_sso_user;
ALTER TABLE entra_sso_picture_2 RENAME TO entra_sso_picture;

CREATE UNIQUE INDEX entra_sso_user_username ON entra_sso_user (lower(username));
CREATE INDEX entra_sso_user_email ON entra_sso_user (lower(email));
CREATE INDEX entra_sso_user_first_name ON entra_sso_user (first_name_key);
CREATE INDEX entra_sso_user_last_name ON entra_sso_user (last_name_key);
CREATE INDEX entra_sso_user_staff ON entra_sso_user (lower(username)) WHERE (staff | superuser) <> 0;
CREATE INDEX entra_sso_user_superuser ON entra_sso_user (lower(username)) WHERE superuser <> 0;
CREATE INDEX entra_sso_user_inactive ON entra_sso_user (lower(username)) WHERE NOT is_active;
CREATE INDEX entra_sso_user_without_account ON entra_sso_user (lower(username)) WHERE account_kind IS NULL;

-- There was a superuser: true for ever, whoever made him, and also when he is gone.
INSERT INTO entra_sso_meta (key, value)
SELECT 'had_superuser', 'yes' WHERE EXISTS (SELECT 1 FROM entra_sso_user WHERE superuser <> 0);

CREATE TRIGGER entra_sso_superuser_inserted AFTER INSERT ON entra_sso_user WHEN NEW.superuser <> 0
BEGIN
    INSERT INTO entra_sso_meta (key, value) VALUES ('had_superuser', 'yes') ON CONFLICT (key) DO NOTHING;
END;

CREATE TRIGGER entra_sso_superuser_updated AFTER UPDATE OF superuser ON entra_sso_user WHEN NEW.superuser <> 0
BEGIN
    INSERT INTO entra_sso_meta (key, value) VALUES ('had_superuser', 'yes') ON CONFLICT (key) DO NOTHING;
END;
