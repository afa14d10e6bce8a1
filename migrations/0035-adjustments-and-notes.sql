-- Forgotten work of a closed month is booked as an adjustment with its reason. A reversal can have a note for the customer.

-- up
alter table time_entries add column adjustment_reason text null;
-- An adjustment is either forgotten work with a reason, or the replacement of an entry of the closed month.
alter table time_entries add constraint time_entries_adjustment_explained check (case
  when adjusts_month is null then adjustment_reason is null
  else num_nonnulls(adjustment_reason, corrects_entry_id) = 1 end);
alter table time_entry_reversals add column customer_note text null;

-- down
alter table time_entry_reversals drop column customer_note;
alter table time_entries drop constraint time_entries_adjustment_explained;
alter table time_entries drop column adjustment_reason;
