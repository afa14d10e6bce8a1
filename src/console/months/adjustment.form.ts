import { IsIn, IsOptional } from 'class-validator';
import { readDuration } from '../../domain/duration-text.js';
import type { FieldError } from '../../domain/field-errors.js';
import { Refusal } from '../../domain/refusal.js';
import { activities, type Activity } from '../../domain/time-entry.js';
import { IsDay, IsId, IsName, IsText } from '../../platform/http/fields.js';
import type { NewAdjustment } from '../../features/hours/time-entry.dto.js';

/** Where the form about forgotten work begins: with a part of a customer's name, or with the chosen subscription. */
export class AdjustmentQuery {
  @IsOptional()
  @IsName({ max: 200 })
  customer?: string;

  @IsOptional()
  @IsId()
  subscriptionId?: string;
}

export class AdjustmentForm {
  @IsId()
  subscriptionId!: string;

  @IsDay()
  workDate!: string;

  /** An amount of time as people type it. */
  @IsName({ max: 30 })
  time!: string;

  /** The ids of a consultant and of a product line. */
  @IsName({ max: 100 })
  pair!: string;

  @IsIn(activities)
  activity!: Activity;

  /** The visit of onsite work; empty for remote work. */
  @IsOptional()
  @IsId()
  visitId?: string;

  @IsText({ max: 2_000 })
  summary!: string;

  @IsOptional()
  @IsName({ max: 200 })
  reference?: string;

  @IsText({ max: 2_000 })
  reason!: string;
}

/**
 * What the form asks to record. Work with a visit is onsite, other work is remote.
 * @throws Refusal `malformed-body` at the field of the time
 */
export function adjustmentOf({ time, pair, visitId, ...form }: AdjustmentForm): NewAdjustment {
  const read = readDuration(time);
  if (read === undefined) throw wrongTime({ code: 'duration' });
  if ('ambiguous' in read) throw wrongTime({ code: 'duration-ambiguous', params: { number: read.ambiguous } });
  const [consultantId = '', productLineId = ''] = pair.split(' ');
  const delivery = visitId === undefined ? 'remote' : 'onsite';
  return { ...form, minutes: read.minutes, consultantId, productLineId, delivery, visitId };
}

const wrongTime = (fault: Omit<FieldError, 'pointer'>): Refusal =>
  new Refusal('malformed-body', {}, { errors: [{ pointer: '/time', ...fault }] });

const fieldsOfForm: Readonly<Record<string, string>> = {
  '/minutes': '/time',
  '/consultantId': '/pair',
  '/productLineId': '/pair',
  '/delivery': '/visitId',
};

/** A refusal of the entry, with its faults at the fields of the form. */
export function atFieldsOfForm(refusal: Refusal): Refusal {
  if (!refusal.errors) return refusal;
  const errors = refusal.errors.map((error) => ({ ...error, pointer: fieldsOfForm[error.pointer] ?? error.pointer }));
  return new Refusal(refusal.code, refusal.params, { errors });
}
