/**
 * The fields that a column can hold. `duration` is the column of an export that writes hours or seconds. `begin` and `end` are
 * the times of the work, which are not stored.
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

/** The fields that a parameter can set for a whole file. */
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
