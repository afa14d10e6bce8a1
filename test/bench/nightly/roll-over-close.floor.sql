-- A balance may close when nothing is left, which is so only when the statement before has ended and its triggers have posted.
update balances b set closed = true from terms t
where t.id = b.term_id and t.closed_at = $1;
