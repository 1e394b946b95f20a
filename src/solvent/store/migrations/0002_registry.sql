-- Registered models and their versions. Times are milliseconds since 1970 (UTC).
-- Ids are never used again: events name models by them. last_version counts deleted versions too.
CREATE TABLE registered_models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  last_version INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX registered_models_by_update ON registered_models (updated, name);

CREATE TABLE registered_model_tags (
  model_id INTEGER NOT NULL REFERENCES registered_models (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

CREATE TABLE registered_model_aliases (
  model_id INTEGER NOT NULL REFERENCES registered_models (id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model_id, alias)
) WITHOUT ROWID;

-- stage: 0 None, 1 Staging, 2 Production, 3 Archived. A deleted version keeps its number; its row goes.
-- source is what the client gave; storage_location is where the files are.
CREATE TABLE model_versions (
  id INTEGER PRIMARY KEY,
  model_id INTEGER NOT NULL REFERENCES registered_models (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  stage INTEGER NOT NULL DEFAULT 0,
  user TEXT,
  description TEXT,
  source TEXT NOT NULL,
  storage_location TEXT NOT NULL,
  run_uuid TEXT NOT NULL DEFAULT '',
  run_link TEXT NOT NULL DEFAULT '',
  logged_model TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  UNIQUE (model_id, version)
);
CREATE INDEX model_versions_by_run ON model_versions (run_uuid);
CREATE INDEX model_versions_by_stage ON model_versions (model_id, stage, version);
CREATE INDEX model_versions_by_update ON model_versions (updated);

CREATE TABLE model_version_tags (
  version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (version_id, key)
) WITHOUT ROWID;

-- events: a JSON list of [entity, action]. The secret signs deliveries.
CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);

-- What happened, in order: who did what to which thing. Upper rooms derive alerts and debt from it.
-- subject: the kind of thing and its lasting id, as in registered_model/7. body: a JSON object.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX events_by_subject ON events (subject, id);
CREATE INDEX events_by_kind ON events (kind, id);

-- What webhooks are to be told. state: 0 waiting, 1 delivered, 2 given up.
-- due: not sent before; while somebody is sending it, when it may be sent again if nothing more is heard.
-- status: what the receiver answered last.
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  due INTEGER NOT NULL,
  status INTEGER,
  error TEXT
);
CREATE INDEX deliveries_by_due ON deliveries (due) WHERE state = 0;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_by_age ON deliveries (created);
