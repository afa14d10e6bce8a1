-- The far limit: a counter and a row for each booking, under no rule at all.
create schema counter;
create table counter.counters (number integer primary key, used_minutes integer not null) with (fillfactor = 70);
create table counter.entries (id bigint generated always as identity primary key, number integer not null, minutes integer not null);
insert into counter.counters select number, 0 from floor_targets;
