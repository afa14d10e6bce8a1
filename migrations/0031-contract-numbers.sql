-- The vendor's own numbers, by which finance finds customers, contracts and orders in other systems.

-- up
alter table customers add column code text null constraint customers_code_once unique;
alter table subscriptions add column contract_number text null;
-- the number of an annulled contract can be used again
create unique index subscriptions_contract_number_once on subscriptions (contract_number) where status <> 'annulled';
alter table terms
  add column purchase_order text null,
  -- the version of the editable fields (ETag)
  add column version integer not null default 1;

-- down
alter table terms drop column version, drop column purchase_order;
alter table subscriptions drop column contract_number;
alter table customers drop column code;
