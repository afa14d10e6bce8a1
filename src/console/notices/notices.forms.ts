import { IsIn, IsOptional, Matches } from 'class-validator';
import { instantAt } from '../../domain/calendar.js';
import { parties, type Party } from '../../domain/notice.js';
import { Refusal } from '../../domain/refusal.js';
import { IsDay, IsId, IsName, IsText } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { channels, noticeStandings, type Channel, type NoticeStanding } from '../../features/notices/notice.js';

export class NoticesQuery extends PageQuery {
  @IsOptional()
  @IsIn([...noticeStandings])
  standing?: NoticeStanding;
}

export class NewNoticeQuery {
  @IsOptional()
  @IsId()
  subscription?: string;
}

export class NoticeForm {
  @IsId()
  subscription!: string;

  @IsIn([...parties])
  party!: Party;

  @IsName({ max: 200 })
  signedBy!: string;

  @IsIn([...channels])
  channel!: Channel;

  @IsOptional()
  @IsDay()
  receivedOn?: string;

  /** `HH:MM` in the zone of the customer. */
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  receivedTime?: string;

  @IsOptional()
  @IsText({ max: 2_000 })
  note?: string;

  @IsOptional()
  @Matches(/^[0-9a-fA-F]{64}$/)
  documentSha256?: string;

  /** `check` shows what would follow, and records nothing. */
  @IsIn(['check', 'record'])
  step!: 'check' | 'record';
}

/**
 * When the notice arrived; undefined for now. A day needs its time, because the moment of receipt decides.
 * @throws Refusal `malformed-body`
 */
export function receiptOf(
  { receivedOn, receivedTime }: Pick<NoticeForm, 'receivedOn' | 'receivedTime'>,
  timeZone: string,
): Date | undefined {
  if (receivedOn === undefined && receivedTime === undefined) return undefined;
  if (receivedOn !== undefined && receivedTime !== undefined) return instantAt(receivedOn, receivedTime, timeZone);
  const pointer = receivedOn === undefined ? '/receivedOn' : '/receivedTime';
  throw new Refusal('malformed-body', {}, { errors: [{ pointer, code: 'required' }] });
}
