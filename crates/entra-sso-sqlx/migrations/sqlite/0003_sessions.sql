-- Sessions, and the marks of used sign-ins. What identifies something is a BLOB, and so compared byte by byte.

CREATE TABLE entra_sso_session (
    key               BLOB    NOT NULL PRIMARY KEY, -- SHA-256 of the session id
    version           INTEGER NOT NULL,
    user_id           BLOB    NOT NULL,             -- this and the next three are texts in UTF-8
    authority         BLOB    NOT NULL,
    sid               BLOB,
    subject           BLOB,
    started_at        INTEGER,                      -- seconds since 1970, as the next two are
    idle_deadline     INTEGER NOT NULL,
    absolute_deadline INTEGER NOT NULL,
    rechecks          INTEGER NOT NULL,
    body              BLOB    NOT NULL,             -- sealed
    deadline          INTEGER NOT NULL GENERATED ALWAYS AS (min(idle_deadline, absolute_deadline)) VIRTUAL
) STRICT;

CREATE INDEX entra_sso_session_user ON entra_sso_session (user_id);
CREATE INDEX entra_sso_session_sid ON entra_sso_session (authority, sid) WHERE sid IS NOT NULL;
CREATE INDEX entra_sso_session_subject ON entra_sso_session (authority, subject) WHERE subject IS NOT NULL;
CREATE INDEX entra_sso_session_deadline ON entra_sso_session (deadline);

CREATE TABLE entra_sso_used_state (
    hash  BLOB    NOT NULL PRIMARY KEY, -- SHA-256
    until INTEGER NOT NULL              -- seconds since 1970; forgotten some time after
) STRICT, WITHOUT ROWID;

CREATE INDEX entra_sso_used_state_until ON entra_sso_used_state (until);
