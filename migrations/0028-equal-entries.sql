-- A key finds equal entries, so that an import books nothing twice and a booking can name its possible duplicate.

-- up
-- The day and 36 bits of a hash of all other compared fields: entries of one day are together in the index, and the key is exact as a
-- JavaScript number. Different entries can share a key, so the reader compares the fields. src/domain/equal-entries.ts writes the same
-- text. The list of blanks is the one of String.prototype.trim.
alter table time_entries add column equality_key bigint not null generated always as (
  (work_date - date '1900-01-01')::bigint * 68719476736 + ('x' || left(md5(
    subscription_id::text || E'\n' || consultant_id::text || E'\n' || product_line_id::text || E'\n' || activity || E'\n' ||
    delivery || E'\n' || minutes::text || E'\n' ||
    case when reference is null then '' else btrim(replace(replace(
      case when octet_length(reference) = length(reference) then reference else normalize(reference) end,
      E'\r\n', E'\n'), E'\r', E'\n'),
      U&'\0009\000A\000B\000C\000D\0020\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF') end
    || E'\n' || btrim(replace(replace(
      case when octet_length(summary) = length(summary) then summary else normalize(summary) end,
      E'\r\n', E'\n'), E'\r', E'\n'),
      U&'\0009\000A\000B\000C\000D\0020\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF')
  ), 9))::bit(36)::bigint
) stored;
create index time_entries_equality on time_entries (equality_key);

-- down
drop index time_entries_equality;
alter table time_entries drop column equality_key;
