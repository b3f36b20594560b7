-- Why a user is staff or superuser (bits: 1 list, 2 role, 4 first, 8 admin, 16 application), and invitations.

ALTER TABLE entra_sso_user ADD COLUMN staff_grants INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entra_sso_user ADD COLUMN superuser_grants INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entra_sso_user ADD COLUMN invitation TEXT;

UPDATE entra_sso_user SET staff_grants = 8 * is_staff, superuser_grants = 8 * is_superuser;

CREATE UNIQUE INDEX entra_sso_user_invitation ON entra_sso_user (invitation);
