/**
 * Dates as departments write them → `YYYY-MM-DD`. A day that does not exist is refused, never moved.
 */
import { isoDate, isRealYear } from './calendar.ts';
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';
import { clean as cleanTimestamp } from './timestamp.ts';

const ISO = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const SEPARATED = /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$/;
const EIGHT_DIGITS = /^([0-9]{4})([0-9]{2})([0-9]{2})$/;
/** Days since 1899-12-30, as spreadsheets count; five digits are 1927–2173. */
const SPREADSHEET_SERIAL = /^[1-9][0-9]{4}$/;

const fromSerial = (serial: string): string | null => {
  const iso = new Date(Date.UTC(1899, 11, 30) + Number(serial) * 86_400_000).toISOString();
  return isRealYear(Number(iso.slice(0, 4))) ? iso.slice(0, 10) : null;
};

export function clean(raw: string): Cleaned<string> {
  const text = compact(raw);
  const parts = ISO.exec(text) ?? SEPARATED.exec(text) ?? EIGHT_DIGITS.exec(text);
  if (parts) {
    const date = isoDate(parts[1] ?? '', parts[2] ?? '', parts[3] ?? '');
    return date === null ? refuse('value.not-a-date') : { value: date };
  }
  if (SPREADSHEET_SERIAL.test(text)) {
    const date = fromSerial(text);
    return date === null ? refuse('value.not-a-date') : { value: date };
  }
  // A date with a time of day is the day it falls on in China.
  const moment = cleanTimestamp(raw);
  return 'value' in moment ? { value: moment.value.slice(0, 10) } : moment;
}
