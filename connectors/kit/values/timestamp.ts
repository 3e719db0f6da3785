/**
 * Moments → ISO 8601 with `+08:00`. A moment without a zone is China time, as every department means
 * it; one with a zone is converted. The date alone is not a moment and is refused.
 */

import { isRealDate } from './calendar.ts';
import { type Cleaned, refuse } from './cleaned.ts';
import { tidy } from './fold.ts';

const SEPARATED =
  /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?[ T]?([0-9]{1,2})[:时]([0-9]{2})(?:[:分]([0-9]{2})(?:[.][0-9]{1,9})?秒?)?分?(Z|[+-][0-9]{2}:?[0-9]{2})?$/;
const DIGITS = /^([0-9]{4})([0-9]{2})([0-9]{2})[ T]?([0-9]{2})([0-9]{2})([0-9]{2})$/;
const CHINA_OFFSET_MINUTES = 480;

const offsetMinutes = (zone: string | undefined): number => {
  if (zone === undefined) return CHINA_OFFSET_MINUTES;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
};

export function clean(raw: string): Cleaned<string> {
  const text = tidy(raw);
  const parts = SEPARATED.exec(text) ?? DIGITS.exec(text);
  if (!parts) return refuse('value.not-a-date');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (!isRealDate(year, month, day) || hour > 23 || minute > 59 || second > 59) {
    return refuse('value.not-a-date');
  }
  const offset = offsetMinutes(parts[7]);
  if (Math.abs(offset) > 14 * 60) return refuse('value.not-a-date');
  const inChina =
    Date.UTC(year, month - 1, day, hour, minute, second) + (CHINA_OFFSET_MINUTES - offset) * 60_000;
  return { value: `${new Date(inChina).toISOString().slice(0, 19)}+08:00` };
}
