-- Users of entra-sso. What is compared is compared byte by byte (COLLATE "C"), whatever the database's collation.

CREATE TABLE entra_sso_user (
    id                  text COLLATE "C" NOT NULL PRIMARY KEY,
    username            text COLLATE "C" NOT NULL,
    email               text COLLATE "C",
    first_name          text NOT NULL,
    first_name_key      text COLLATE "C" NOT NULL, -- in lower case, to search for
    last_name           text NOT NULL,
    last_name_key       text COLLATE "C" NOT NULL, -- in lower case, to search for
    is_active           boolean NOT NULL,
    staff               bigint NOT NULL, -- 1 list, 2 role, 4 first, 8 admin, 16 application
    superuser           bigint NOT NULL, -- the same numbers
    date_joined         bigint NOT NULL, -- seconds since 1970
    last_login          bigint,          -- seconds since 1970
    invitation          text COLLATE "C" UNIQUE, -- the user principal name that claims this user once
    account_kind        text COLLATE "C",        -- entra, b2c, openid
    account_tenant      text COLLATE "C",
    account_subject     text COLLATE "C",
    user_principal_name text,
    locale              text,
    has_picture         boolean NOT NULL,
    UNIQUE (account_kind, account_tenant, account_subject),
    CHECK ((account_kind IS NULL) = (account_tenant IS NULL)),
    CHECK ((account_kind IS NULL) = (account_subject IS NULL))
);

CREATE UNIQUE INDEX entra_sso_user_username ON entra_sso_user (lower(username));
CREATE INDEX entra_sso_user_email ON entra_sso_user (lower(email));
CREATE INDEX entra_sso_user_first_name ON entra_sso_user (first_name_key);
CREATE INDEX entra_sso_user_last_name ON entra_sso_user (last_name_key);
CREATE INDEX entra_sso_user_staff ON entra_sso_user (lower(username)) WHERE (staff | superuser) <> 0;
CREATE INDEX entra_sso_user_superuser ON entra_sso_user (lower(username)) WHERE superuser <> 0;
CREATE INDEX entra_sso_user_inactive ON entra_sso_user (lower(username)) WHERE NOT is_active;
CREATE INDEX entra_sso_user_without_account ON entra_sso_user (lower(username)) WHERE account_kind IS NULL;

-- Apart from the user, so that reading a user does not read a picture.
CREATE TABLE entra_sso_picture (
    user_id      text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES entra_sso_user (id) ON DELETE CASCADE,
    content_type text NOT NULL,
    bytes        bytea NOT NULL
);

-- Facts about the database itself, such as whose users these are.
CREATE TABLE entra_sso_meta (
    key   text COLLATE "C" NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- There was a superuser: true for ever, whoever made him, and also when he is gone.
CREATE FUNCTION entra_sso_had_superuser() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO entra_sso_meta (key, value) VALUES ('had_superuser', 'yes') ON CONFLICT (key) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER entra_sso_had_superuser AFTER INSERT OR UPDATE OF superuser ON entra_sso_user
    FOR EACH ROW WHEN (NEW.superuser <> 0) EXECUTE FUNCTION entra_sso_had_superuser();
