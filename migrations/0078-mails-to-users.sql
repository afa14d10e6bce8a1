-- The service mails a user a link to sign in, and an invitation. Such a mail is about the user alone, not about the portfolio of a CSM, and
-- reaches users of every role.

-- up
alter table mails
  drop constraint mails_nudges_go_to_csms,
  drop constraint mails_recipient_role_known,
  add constraint mails_recipient_role_known check (recipient_role in ('customer', 'csm', 'operator', 'reader', 'user')),
  add constraint mails_of_users check (case when user_id is null then recipient_role <> 'user' else recipient_role in ('csm', 'user') end);

-- down
alter table mail_attempts disable trigger user;
delete from mail_attempts where mail_id in (select id from mails where recipient_role = 'user');
alter table mail_attempts enable trigger user;
alter table mails disable trigger user;
delete from mails where recipient_role = 'user';
alter table mails enable trigger user;
alter table mails
  drop constraint mails_of_users,
  drop constraint mails_recipient_role_known,
  add constraint mails_recipient_role_known check (recipient_role in ('customer', 'csm', 'operator', 'reader')),
  add constraint mails_nudges_go_to_csms check (user_id is null or recipient_role = 'csm');
