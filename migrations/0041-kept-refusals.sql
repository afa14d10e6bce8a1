-- Refusals name more than before: terms, visits, people. A refusal that is stored with its key lacks these values, so it is deleted.
-- The same request is then judged again; nothing had been booked.

-- up
delete from idempotency_keys where status in (409, 422);

-- down
select 1;
