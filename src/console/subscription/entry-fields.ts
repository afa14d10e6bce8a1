import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import type { Pair } from '../../domain/allocation.js';
import { Refusal } from '../../domain/refusal.js';
import { activities, type Activity } from '../../domain/time-entry.js';
import type { NewTimeEntry, TimeEntryAnswer } from '../../features/hours/time-entry.dto.js';
import { durationText } from '../../domain/duration-text.js';
import { IsDay, IsId, IsName, IsText, QueryInt } from '../../platform/http/fields.js';
import { isId } from '../../platform/http/fields.js';
import { readForm } from '../../platform/pages/form.js';
import { typedMinutes, wellFormed } from '../page/well-formed.js';

/** The fields of one entry as a person fills them in. */
export class EntryFields {
  @IsDay()
  workDate!: string;

  /** An amount of time. */
  @IsText({ max: 20 })
  hours!: string;

  /** The largest acceptable amount, if the reader chose it instead of the typed one. */
  @IsOptional()
  @IsText({ max: 20 })
  useHours?: string;

  /** A consultant and a product line, as `pairText` writes them. */
  @IsText({ max: 100 })
  pair!: string;

  @IsIn(activities)
  activity!: Activity;

  /** The visit of onsite work. Without one, the work was remote. */
  @IsOptional()
  @IsId()
  visitId?: string;

  @IsText({ max: 2_000 })
  summary!: string;

  @IsOptional()
  @IsName({ max: 200 })
  reference?: string;

  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(4)
  severity?: number;

  @IsOptional()
  @IsId()
  plannedSessionId?: string;
}

/** Why an entry is reversed. */
export class ReversalFields {
  @IsText({ max: 2_000 })
  reason!: string;

  @IsOptional()
  @IsText({ max: 2_000 })
  customerNote?: string;
}

export class CorrectionFields extends IntersectionType(EntryFields, ReversalFields) {}

export class AdjustmentFields extends EntryFields {
  @IsText({ max: 2_000 })
  reason!: string;
}

/** The fields of an entry while somebody types. None is complete yet, so none is refused; long texts are not sent. */
export class TypedEntryQuery {
  @IsOptional()
  @IsString()
  workDate?: string;

  @IsOptional()
  @IsString()
  hours?: string;

  @IsOptional()
  @IsString()
  pair?: string;

  @IsOptional()
  @IsString()
  activity?: string;

  @IsOptional()
  @IsString()
  visitId?: string;

  @IsOptional()
  @IsString()
  reference?: string;

  @IsOptional()
  @IsString()
  severity?: string;

  @IsOptional()
  @IsString()
  plannedSessionId?: string;
}

/** Stands for the text that is not sent while somebody types. */
const textToCome = '…';

/**
 * The entry that is being typed.
 * @throws Refusal `malformed-body` if it is incomplete or cannot be read yet
 */
export function entryBeingTyped({ severity, ...query }: TypedEntryQuery): NewTimeEntry {
  const fields = readForm(EntryFields, { ...query, severity: severity ?? '', summary: textToCome });
  return entryOf(wellFormed(fields));
}

/** A pair as one value of a choice. */
export const pairText = ({ consultantId, productLineId }: Pair): string => `${consultantId} ${productLineId}`;

/** @throws Refusal `malformed-body` */
export function pairOf(text: string): Pair {
  const [consultantId, productLineId] = text.split(' ');
  if (!isId(consultantId) || !isId(productLineId)) {
    throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/pair', code: 'format' }] });
  }
  return { consultantId, productLineId };
}

/**
 * The entry that was typed.
 * @throws Refusal `malformed-body` for an amount of time that cannot be read
 */
export function entryOf(fields: EntryFields): NewTimeEntry {
  const { workDate, hours, useHours, pair, activity, visitId, summary, reference, severity, plannedSessionId } = fields;
  return {
    workDate,
    minutes: typedMinutes(useHours ?? hours, 'hours'),
    ...pairOf(pair),
    activity,
    delivery: visitId === undefined ? 'remote' : 'onsite',
    visitId: visitId ?? null,
    summary,
    reference: reference ?? null,
    severity: severity ?? null,
    ...(plannedSessionId !== undefined && { plannedSessionId }),
  };
}

/** An entry as a form shows it. */
export function typedOf(entry: TimeEntryAnswer): Record<string, string> {
  return {
    workDate: entry.workDate,
    hours: durationText(entry.minutes),
    pair: pairText(entry),
    activity: entry.activity,
    visitId: entry.visitId ?? '',
    summary: entry.summary,
    reference: entry.reference ?? '',
    severity: entry.severity === null ? '' : String(entry.severity),
    plannedSessionId: entry.plannedSessionId ?? '',
  };
}
