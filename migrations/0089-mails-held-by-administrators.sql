-- An administrator can hold all mails, for example while wrong contacts are corrected.

-- up
alter table service_identity
  drop constraint service_identity_reasons_known,
  add constraint service_identity_reasons_known check (
    mails_held_because <@ array['administrator', 'other-cluster', 'other-database', 'other-address', 'other-folder']);

-- down
-- The older version knows no administrator who holds mails. They stay held, for a reason that it knows.
update service_identity set mails_held_because = array_replace(mails_held_because, 'administrator', 'other-address');
alter table service_identity
  drop constraint service_identity_reasons_known,
  add constraint service_identity_reasons_known check (
    mails_held_because <@ array['other-cluster', 'other-database', 'other-address', 'other-folder']);
