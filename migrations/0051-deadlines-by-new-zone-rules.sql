-- The rules of a time zone may change after a deadline was computed. The service then moves the deadline, or keeps it where a reminder
-- has announced a later one. Such a move is kept like a move of the customer: from and to the same zone.

-- up
alter table deadline_moves drop constraint deadline_moves_to_another_zone;

-- down
-- the older table has no room for what it does not know
alter table deadline_moves disable trigger user;
delete from deadline_moves where to_zone = from_zone;
alter table deadline_moves enable trigger user;
alter table deadline_moves add constraint deadline_moves_to_another_zone check (to_zone <> from_zone);
