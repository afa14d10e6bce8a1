-- A balance may close only when no minutes remain. This is a separate statement, because the triggers of the statement before it must
-- have written the expired minutes first.
update balances b set closed = true from terms t
where t.id = b.term_id and t.closed_at = $1;
