\set number random(1, :targets)
with counted as (
  update counter.counters set used_minutes = used_minutes + 1 where number = :number returning number
)
insert into counter.entries (number, minutes) select number, 1 from counted;
