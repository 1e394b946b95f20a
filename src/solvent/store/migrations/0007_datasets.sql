-- Data sets across experiments: when one was first used in its experiment (ms), and the contract that it was last
-- held against, as id@version#digest. details: Solvent's own profile, apart from MLflow's and in the last column, so
-- that what does not ask for it does not read it.
ALTER TABLE datasets ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN contract TEXT;
ALTER TABLE datasets ADD COLUMN details TEXT;

UPDATE datasets SET created = coalesce(
  (SELECT min(r.start_time) FROM run_datasets i JOIN runs r ON r.id = i.run_id WHERE i.dataset_id = datasets.id), 0);

CREATE INDEX datasets_by_name ON datasets (name, digest, experiment_id, created);
