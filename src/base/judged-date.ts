/**
 * The date a night judges. One that has not come is refused wherever a night begins or is asked for:
 * every later night would be older than it and find nothing to judge.
 */
import type { Clock } from './clock.ts';
import { HubError } from './errors.ts';
import { isCalendarDate } from './settings.ts';

/** Throws date.malformed for what is no date, night.in-future for one after today in China. */
export function checkJudgedDate(asOf: string, clock: Clock): void {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf) || !isCalendarDate(asOf)) {
    throw new HubError('date.malformed', { field: 'asOf' });
  }
  const today = clock.today();
  if (asOf > today) throw new HubError('night.in-future', { date: asOf, today, field: 'asOf' });
}
