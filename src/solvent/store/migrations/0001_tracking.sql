-- Experiments. Times are milliseconds since 1970 (UTC).
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  artifact_location TEXT NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);

CREATE TABLE experiment_tags (
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (experiment_id, key)
) WITHOUT ROWID;

INSERT INTO experiments (id, name, artifact_location, created, updated)
SELECT 0, 'Default', '', now, now FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS now);

-- The dictionary of metric, param and tag names: rows hold its integers. Readers remember it, so a
-- number is never given to a second name.
CREATE TABLE keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
);

-- status: 1 RUNNING, 2 SCHEDULED, 3 FINISHED, 4 FAILED, 5 KILLED.
-- artifact_uri is NULL where it follows from the experiment's location and the uuid.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  user TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  end_time INTEGER,
  deleted INTEGER NOT NULL DEFAULT 0,
  deleted_time INTEGER,
  artifact_uri TEXT
);
CREATE INDEX runs_by_start ON runs (experiment_id, deleted, start_time DESC, uuid);

-- The experiment stands in each row so that the value indexes can lead with it.
-- Long values are indexed by their first 100 characters.
CREATE TABLE params (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  experiment_id INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
CREATE INDEX params_by_value ON params (experiment_id, key_id, substr(value, 1, 100), run_id);

CREATE TABLE tags (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  experiment_id INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (experiment_id, key_id, substr(value, 1, 100), run_id);

-- The history of metrics, clustered as it is read. NaN is value 0 with is_nan 1 (SQLite has no NaN).
CREATE TABLE metrics (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  step INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, key_id, step, timestamp, value, is_nan)
) WITHOUT ROWID;

-- One row per run and metric, kept as points arrive: the latest point, and a summary of all.
-- value, step, timestamp, is_nan: the largest (step, timestamp, value).
-- count: all points; minimum, maximum and total are over those that are not NaN, NULL if there are none.
-- ordered: 1 while no point has come with a smaller step or timestamp than one before it, so that the
-- order of the rows (by step) is also the order of time.
CREATE TABLE metric_summaries (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  experiment_id INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  step INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  count INTEGER NOT NULL,
  nan_count INTEGER NOT NULL,
  minimum REAL,
  maximum REAL,
  total REAL,
  ordered INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
CREATE INDEX metric_summaries_by_value ON metric_summaries (experiment_id, key_id, value, is_nan, run_id);

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  source_type TEXT NOT NULL,
  source TEXT NOT NULL,
  schema TEXT,
  profile TEXT,
  UNIQUE (experiment_id, name, digest)
);

-- tags: a JSON object, keys sorted; mlflow.data.context says what the data was used for. The same data
-- used twice in different ways is two inputs.
CREATE TABLE run_datasets (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  tags TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, dataset_id, tags)
) WITHOUT ROWID;
CREATE INDEX run_datasets_by_dataset ON run_datasets (dataset_id, run_id);

-- status: 1 PENDING, 2 READY, 3 UPLOAD_FAILED.
CREATE TABLE logged_models (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  status INTEGER NOT NULL,
  status_message TEXT,
  model_type TEXT,
  source_run TEXT,
  creator TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  deleted_time INTEGER,
  artifact_uri TEXT
);
CREATE INDEX logged_models_by_time ON logged_models (experiment_id, deleted, created DESC, uuid);
CREATE INDEX logged_models_by_run ON logged_models (source_run);

CREATE TABLE logged_model_params (
  model_id INTEGER NOT NULL REFERENCES logged_models (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_tags (
  model_id INTEGER NOT NULL REFERENCES logged_models (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

-- Points that were logged with a model_id, also kept in metrics. No data set is the empty text: NULLs
-- would never be equal in the UNIQUE below.
CREATE TABLE logged_model_metrics (
  id INTEGER PRIMARY KEY,
  model_id INTEGER NOT NULL REFERENCES logged_models (id) ON DELETE CASCADE,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  step INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL DEFAULT 0,
  dataset_name TEXT NOT NULL DEFAULT '',
  dataset_digest TEXT NOT NULL DEFAULT '',
  UNIQUE (model_id, key_id, step, timestamp, value, is_nan, run_id, dataset_name, dataset_digest)
);

-- Models that a run read (output = 0) or made (output = 1).
CREATE TABLE run_models (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  model_uuid TEXT NOT NULL,
  output INTEGER NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, output, model_uuid)
) WITHOUT ROWID;

-- How many records of each SDK spool have been kept.
CREATE TABLE spools (
  name TEXT PRIMARY KEY,
  kept INTEGER NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;
