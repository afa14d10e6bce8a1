-- The rules of a time zone may change after a deadline was computed. The service then moves the deadline, or keeps it if a reminder
-- has announced a later one. The move is recorded like a move of the customer, with the same zone twice.

-- up
alter table deadline_moves drop constraint deadline_moves_to_another_zone;

-- down
-- the older table cannot hold such a move
alter table deadline_moves disable trigger user;
delete from deadline_moves where to_zone = from_zone;
alter table deadline_moves enable trigger user;
alter table deadline_moves add constraint deadline_moves_to_another_zone check (to_zone <> from_zone);
