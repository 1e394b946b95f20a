-- The same order, walked backwards: new runs are added at the end of the index, which fills its pages,
-- where they were added at the front, which left each page half empty.
DROP INDEX runs_by_start;
CREATE INDEX runs_by_start ON runs (experiment_id, deleted, start_time, uuid DESC);
