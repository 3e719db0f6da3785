/**
 * How far rows may run ahead of the date of their delivery. Departments name a delivery by the day its
 * data were cut, often the last of a month, and go on entering rows until they export it.
 */
import type { CalendarDate } from '../../base/clock.ts';

const DAYS_AHEAD = 31;

/** Up to which day rows of a delivery cut on this date may tell of what has happened. */
export const lastDayOf = (asOf: CalendarDate): CalendarDate =>
  new Date(Date.parse(asOf) + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
