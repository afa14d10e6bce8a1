-- Refusals name more than before: terms, visits, people. One that was kept with its key lacks these words, so it is forgotten;
-- the same request is then judged anew, as nothing came of it.

-- up
delete from idempotency_keys where status in (409, 422);

-- down
select 1;
