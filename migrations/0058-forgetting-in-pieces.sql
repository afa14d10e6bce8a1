-- Housekeeping deletes in pieces. Each piece finds its oldest rows by an index instead of scanning the table again.

-- up
create index job_runs_finished on job_runs (finished_at) where finished_at is not null;

-- down
drop index job_runs_finished;
