-- Travel expenses of visits: included in the package, reported to finance, never charged. They are never edited. A reversal takes an
-- expense back, once.

-- up
create table visit_expenses (
  id uuid constraint visit_expenses_pk primary key,
  visit_id uuid not null constraint visit_expenses_visit_fk references visits (id),
  -- exact, with as many decimal places as the currency has: the type without a scale keeps the given places
  amount numeric not null,
  currency text not null constraint visit_expenses_currency_form check (currency ~ '^[A-Z]{3}$'),
  description text not null,
  -- the accounting month in which the expense counts, and the closed month to which it belongs if that is another one
  accounting_month text not null,
  adjusts_month text null,
  recorded_at timestamptz not null,
  recorded_by uuid not null constraint visit_expenses_recorded_by_fk references users (id),
  -- NaN, which compares greater than every number, is refused
  constraint visit_expenses_amount_sane check (amount > 0 and amount < 10000000000 and scale(amount) <= 4),
  constraint visit_expenses_adjusts_earlier check (adjusts_month < accounting_month)
);
create index visit_expenses_visit on visit_expenses (visit_id, id);

create table visit_expense_reversals (
  id uuid constraint visit_expense_reversals_pk primary key,
  expense_id uuid not null constraint visit_expense_reversals_expense_fk references visit_expenses (id)
    constraint visit_expense_reversals_one_per_expense unique,
  reason text not null,
  accounting_month text not null,
  adjusts_month text null,
  recorded_at timestamptz not null,
  recorded_by uuid not null constraint visit_expense_reversals_recorded_by_fk references users (id),
  constraint visit_expense_reversals_adjusts_earlier check (adjusts_month < accounting_month)
);

create trigger visit_expenses_append_only before update or delete on visit_expenses
  for each row execute function refuse_change();
create trigger visit_expense_reversals_append_only before update or delete on visit_expense_reversals
  for each row execute function refuse_change();

create trigger visit_expenses_keep before truncate on visit_expenses
  for each statement execute function refuse_change();
create trigger visit_expense_reversals_keep before truncate on visit_expense_reversals
  for each statement execute function refuse_change();

create trigger visit_expenses_month_open after insert on visit_expenses
  referencing new table as written for each statement execute function refuse_closed_month();
create trigger visit_expense_reversals_month_open after insert on visit_expense_reversals
  referencing new table as written for each statement execute function refuse_closed_month();

-- down
drop table visit_expense_reversals;
drop table visit_expenses;
