-- Values of less than 100 bytes are indexed whole: a search for one, or for a pattern, then reads the
-- index alone. Only longer ones are indexed by their first 100 characters.
DROP INDEX params_by_value;
CREATE INDEX params_by_value ON params (experiment_id, key_id, value, run_id)
  WHERE length(CAST(value AS BLOB)) < 100;
CREATE INDEX params_by_prefix ON params (experiment_id, key_id, substr(value, 1, 100), run_id)
  WHERE length(CAST(value AS BLOB)) >= 100;
DROP INDEX tags_by_value;
CREATE INDEX tags_by_value ON tags (experiment_id, key_id, value, run_id)
  WHERE length(CAST(value AS BLOB)) < 100;
CREATE INDEX tags_by_prefix ON tags (experiment_id, key_id, substr(value, 1, 100), run_id)
  WHERE length(CAST(value AS BLOB)) >= 100;

-- The smallest and the largest value stand in the index of the latest, so that an order by them reads
-- the index alone. An index of their own would be one more to change with every point.
-- From here on minimum, maximum and total of a single point are NULL: they are its value. Rows from
-- before hold them, which says the same.
DROP INDEX metric_summaries_by_value;
CREATE INDEX metric_summaries_by_value ON metric_summaries
  (experiment_id, key_id, value, is_nan, run_id, minimum, maximum);

CREATE INDEX runs_by_name ON runs (experiment_id, deleted, name);
