-- Sessions, and the marks of used sign-ins. What identifies something is bytea, and so compared byte by byte.

CREATE TABLE entra_sso_session (
    key               bytea  NOT NULL PRIMARY KEY, -- SHA-256 of the session id
    version           bigint NOT NULL,
    user_id           bytea  NOT NULL,             -- this and the next three are texts in UTF-8
    authority         bytea  NOT NULL,
    sid               bytea,
    subject           bytea,
    started_at        bigint,                      -- seconds since 1970, as the next two are
    idle_deadline     bigint NOT NULL,
    absolute_deadline bigint NOT NULL,
    rechecks          bigint NOT NULL,
    body              bytea  NOT NULL,             -- sealed
    deadline          bigint NOT NULL GENERATED ALWAYS AS (least(idle_deadline, absolute_deadline)) STORED
);

-- A sealed body cannot be made shorter.
ALTER TABLE entra_sso_session ALTER COLUMN body SET STORAGE EXTERNAL;

-- Hash indexes, since the others take no long values. A sid and a subject are of one authority, or of few.
CREATE INDEX entra_sso_session_user ON entra_sso_session USING hash (user_id);
CREATE INDEX entra_sso_session_sid ON entra_sso_session USING hash (sid) WHERE sid IS NOT NULL;
CREATE INDEX entra_sso_session_subject ON entra_sso_session USING hash (subject) WHERE subject IS NOT NULL;
CREATE INDEX entra_sso_session_deadline ON entra_sso_session (deadline);

CREATE TABLE entra_sso_used_state (
    hash  bytea  NOT NULL PRIMARY KEY, -- SHA-256
    until bigint NOT NULL              -- seconds since 1970; forgotten some time after
);

CREATE INDEX entra_sso_used_state_until ON entra_sso_used_state (until);
