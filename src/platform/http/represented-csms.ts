import { addDays, dayAt, type Day } from '../../domain/calendar.js';
import { standsIn, type DeputyDays } from '../../domain/deputy.js';

/** A CSM whose deputy a user is. Without a zone, the CSM is in the zone of the house. */
export interface RepresentedDays extends DeputyDays {
  csmId: string;
  timeZone: string | null;
}

/** SQL: the CSMs whose deputy a user is, with days that are not over. `userId` and `earliest` are expressions. Nearly always empty. */
export const representedBy = (userId: string, earliest: string): string =>
  `(select coalesce(json_agg(json_build_object(
      'csmId', d.csm_id, 'from', d.from_on, 'to', d.to_on, 'timeZone', c.time_zone)), '[]')
    from deputies d join users c on c.id = d.csm_id
    where d.user_id = ${userId} and d.ended_at is null and d.to_on >= ${earliest})`;

/** The earliest day that it is in any zone. */
export const earliestDay = (now: Date): Day => addDays(dayAt(now, 'UTC'), -1);

/** The clock decides with each request whose deputy a user is. */
export const representedAt = (represented: readonly RepresentedDays[], houseTimeZone: string, now: Date): string[] =>
  represented.filter((days) => standsIn(days, days.timeZone ?? houseTimeZone, now)).map(({ csmId }) => csmId);
