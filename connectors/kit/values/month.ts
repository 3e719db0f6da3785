/** Months → the first day of the month, `YYYY-MM-01`, because fact tables hold dates. */

import { isoDate } from './calendar.ts';
import { type Cleaned, refuse } from './cleaned.ts';
import { clean as cleanDate } from './date.ts';
import { compact } from './fold.ts';

const SEPARATED = /^([0-9]{4})[-/.年]([0-9]{1,2})月?$/;
const SIX_DIGITS = /^([0-9]{4})([0-9]{2})$/;

export function clean(raw: string): Cleaned<string> {
  const text = compact(raw);
  const parts = SEPARATED.exec(text) ?? SIX_DIGITS.exec(text);
  if (parts) {
    const first = isoDate(parts[1] ?? '', parts[2] ?? '', '01');
    return first === null ? refuse('value.not-a-date') : { value: first };
  }
  const date = cleanDate(raw);
  return 'value' in date ? { value: `${date.value.slice(0, 7)}-01` } : date;
}

/** Where a form asks for the month and some write the day: the day if there is one, else the first. */
export function cleanDateOrMonth(raw: string): Cleaned<string> {
  const date = cleanDate(raw);
  return 'value' in date ? date : clean(raw);
}
