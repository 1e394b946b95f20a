-- Who may ask. Times are milliseconds since 1970 (UTC). Roles: 0 none, 1 reader, 2 writer, 3 admin.
-- role: what the user may do with everything that no grant says more about.
-- Ids are never used again: grants, tokens and sign-ins never pass to somebody else.
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password TEXT NOT NULL,
  admin INTEGER NOT NULL DEFAULT 0,
  role INTEGER NOT NULL DEFAULT 1,
  disabled INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);

-- hash: SHA-256 of a token of 256 random bits, which is shown once and never kept.
CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created INTEGER NOT NULL,
  expires INTEGER,
  last_used INTEGER,
  UNIQUE (user_id, name)
);

-- Sign-ins of browsers; the hash is that of the cookie.
CREATE TABLE sign_ins (
  hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, created);

-- kind: 1 experiment, 2 registered model. A grant says more than the user's own role, or less.
CREATE TABLE grants (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  role INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, resource_id)
) WITHOUT ROWID;
CREATE INDEX grants_by_resource ON grants (kind, resource_id);

CREATE TRIGGER grants_of_experiments AFTER DELETE ON experiments BEGIN
  DELETE FROM grants WHERE kind = 1 AND resource_id = old.id;
END;
CREATE TRIGGER grants_of_models AFTER DELETE ON registered_models BEGIN
  DELETE FROM grants WHERE kind = 2 AND resource_id = old.id;
END;

-- Grows with everything that may end somebody's access: servers then forget whom they know.
CREATE TABLE account_changes (version INTEGER NOT NULL);
INSERT INTO account_changes (version) VALUES (0);
CREATE TRIGGER users_changed AFTER UPDATE ON users BEGIN
  UPDATE account_changes SET version = version + 1;
END;
CREATE TRIGGER users_removed AFTER DELETE ON users BEGIN
  UPDATE account_changes SET version = version + 1;
END;
CREATE TRIGGER tokens_removed AFTER DELETE ON tokens BEGIN
  UPDATE account_changes SET version = version + 1;
END;
CREATE TRIGGER sign_ins_removed AFTER DELETE ON sign_ins BEGIN
  UPDATE account_changes SET version = version + 1;
END;
