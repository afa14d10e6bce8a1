-- Housekeeping deletes a piece at a time: each piece finds its oldest rows by an index, not by another pass over the table.

-- up
create index job_runs_finished on job_runs (finished_at) where finished_at is not null;

-- down
drop index job_runs_finished;
