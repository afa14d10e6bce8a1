-- The runs of jobs: which job ran for which moment, what it counted, and how it ended.

-- up
create table jobs (
  name text constraint jobs_pk primary key,
  -- the latest moment that a finished run has handled
  done_through timestamptz null
);

create table job_runs (
  id uuid constraint job_runs_pk primary key,
  job text not null constraint job_runs_job_fk references jobs (name),
  asked_by text not null constraint job_runs_asked_by_known check (asked_by in ('schedule', 'person')),
  due_at timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz null,
  outcome text not null constraint job_runs_outcome_known check (outcome in ('running', 'succeeded', 'failed', 'interrupted')),
  counts jsonb not null default '{}',
  error text null,
  constraint job_runs_finished_when check ((outcome = 'running') = (finished_at is null))
);
create index job_runs_job on job_runs (job, id);

-- down
drop table job_runs;
drop table jobs;
