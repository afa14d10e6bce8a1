/**
 * What a column can hold. `duration` is that of an export which writes hours or seconds; `begin` and `end` are the times of the work,
 * which are not kept.
 */
export const importFields = [
  'subscriptionId',
  'customerId',
  'customer',
  'workDate',
  'minutes',
  'hours',
  'duration',
  'begin',
  'end',
  'consultantId',
  'consultant',
  'productLineId',
  'productLine',
  'activity',
  'delivery',
  'visitId',
  'summary',
  'reference',
  'severity',
  'entryId',
  'kind',
] as const;
export type ImportField = (typeof importFields)[number];

/** Which fields can be said for a whole file, by a parameter. */
export const defaultFields = [
  'subscriptionId',
  'customer',
  'consultant',
  'productLine',
  'activity',
  'delivery',
  'summary',
] as const;
export type Defaults = Partial<Record<(typeof defaultFields)[number], string>>;
