-- Saved views: what somebody wants to see again. state: a JSON object of the page's own.
-- experiment_id is NULL for a view across experiments.
CREATE TABLE views (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  experiment_id INTEGER REFERENCES experiments (id) ON DELETE CASCADE,
  owner TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE UNIQUE INDEX views_by_name ON views (coalesce(experiment_id, -1), owner, name);

-- What has changed, in the order of commits: one row per commit and run (run_id 0: the experiment itself).
-- kinds: bits, see store/changes.py. keys: the ids of the keys that were
-- written, with commas between them; NULL if they are too many.
-- Old rows are taken away; the newest never is, so that numbers only grow.
CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  kinds INTEGER NOT NULL,
  keys TEXT
);
