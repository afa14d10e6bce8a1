import { types } from 'pg';

/**
 * Sets how the driver reads values, once for the whole process: days are text (`2026-04-01`) and counts are numbers, also in arrays.
 * `numeric` stays text, because amounts of money are exact.
 */
export function setValueTypes(): void {
  types.setTypeParser(types.builtins.DATE, (text) => text);
  types.setTypeParser(types.builtins.INT8, Number);
  types.setTypeParser(arraysOf.date, textArray);
  types.setTypeParser(arraysOf.int8, (text: string) =>
    textArray(text).map((item) => (item === null ? null : Number(item))),
  );
}

/** The object ids of array types, which `pg` does not name. */
const arraysOf: Record<'text' | 'date' | 'int8', number> = { text: 1009, date: 1182, int8: 1016 };
const textArray = types.getTypeParser(arraysOf.text) as (text: string) => (string | null)[];
