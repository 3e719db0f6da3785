/**
 * Nobody can deliver today what happens next year: a date of something past that lies behind the data's
 * own date is a slip, and as a fact it would be wrong on every day until then.
 */
import type { Column, ColumnType } from './manifest.ts';
import type { JsonValue } from './record.ts';

/** Up to which day rows may speak of the past, and the latest day they did; the reader moves the latter. */
export type Horizon = { readonly lastDay: string; latest: string };

export const DATED: ReadonlySet<ColumnType> = new Set([
  'date',
  'month',
  'date-or-month',
  'timestamp',
  'year',
]);

/** Whether a column tells of something that has happened. */
export const isPast = ({ type, ahead }: Pick<Column, 'type' | 'ahead'>): boolean =>
  DATED.has(type) && !ahead;

/** Notes the day of a value; false where it lies behind the horizon. A year and a month begin on their first day. */
export function isWithin(value: JsonValue, horizon: Horizon): boolean {
  if (value === null) return true;
  const day = typeof value === 'number' ? `${value}-01-01` : String(value).slice(0, 10);
  if (day > horizon.latest) horizon.latest = day;
  return day <= horizon.lastDay;
}
