-- Files of models as they were when the version or the logged model was made. owner: '<model row>/<number>' of a
-- version (neither is ever given again), or the id of a logged model (m-...). modified: the file's time of change (ns), null where its place has none.
CREATE TABLE model_files (
  owner TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  modified INTEGER,
  PRIMARY KEY (owner, path)
) WITHOUT ROWID;

-- What the MLmodel file of an owner says (JSON, wire.model_files.ModelFacts).
CREATE TABLE model_facts (
  owner TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  recorded INTEGER NOT NULL
) WITHOUT ROWID;

-- Gate policies: one for each model that has its own, and that of all others under the empty name.
CREATE TABLE gate_policies (
  model TEXT PRIMARY KEY,
  policy TEXT NOT NULL,
  digest TEXT NOT NULL,
  applied INTEGER NOT NULL,
  actor TEXT NOT NULL
) WITHOUT ROWID;

-- What is known of versions; only ever added to, the newest of a kind counts.
CREATE TABLE version_evidence (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  digest TEXT,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL
);
CREATE INDEX version_evidence_by_version ON version_evidence (version_id, kind, id);
