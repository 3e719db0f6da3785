/**
 * Every kind of job, made in one place. A job's id is the id of the run it makes (sync_run, night),
 * and for scheduled work it follows from the schedule and the due instant: asking twice, from two
 * processes or after a lost store, names the same job.
 */
import { createHash } from 'node:crypto';
import { type CalendarDate, chinaDate } from '../base/clock.ts';
import { uuidFromBytes } from '../base/person-key.ts';
import type { JobRequest } from '../platform/queue.ts';

export const NIGHTLY = 'nightly';
export const BY_SCHEDULE = 'schedule';

const idOf = (...parts: string[]) =>
  uuidFromBytes(createHash('sha256').update(parts.join('\n')).digest());

/** A pull of one feed. Requests for a feed that is already waiting or running join that job. */
export const syncJob = (feedId: string, syncRunId: string, requestedBy: string): JobRequest => ({
  queue: 'sync',
  id: syncRunId,
  name: 'sync-feed',
  data: { feedId, syncRunId, requestedBy },
  key: `sync-${feedId}`,
});

export const scheduledSyncJob = (schedule: string, feedId: string, dueAt: Date): JobRequest => {
  const job = syncJob(feedId, idOf(schedule, dueAt.toISOString()), BY_SCHEDULE);
  return { ...job, data: { ...job.data, schedule, dueAt: dueAt.toISOString() } };
};

/** The rule book over the data of one date. */
export const correlateJob = (
  asOf: CalendarDate,
  nightId: string,
  requestedBy: string,
): JobRequest => ({
  queue: 'nightly',
  id: nightId,
  name: 'correlate',
  data: { nightId, asOf, mode: 'auto', requestedBy },
  key: `correlate-${asOf}`,
});

/** One more process for a night under way; `place` counts them, and a retried night asks anew. */
export const helpJob = (nightId: string, attempt: number, place: number): JobRequest => ({
  queue: 'parts',
  id: idOf('help', nightId, String(attempt), String(place)),
  name: 'help-night',
  data: { nightId },
});

/** A night: pull every feed, then correlate whatever arrived. */
export function nightlyJobs(dueAt: Date, today: CalendarDate, feedIds: readonly string[]) {
  const date = chinaDate(dueAt);
  // A clock whose date stands still (the demo county) has no data of later days to judge.
  const asOf = today < date ? today : date;
  const { key: _, ...job } = correlateJob(asOf, idOf(NIGHTLY, date), BY_SCHEDULE);
  const parent = {
    ...job,
    data: { ...job.data, schedule: NIGHTLY, dueAt: dueAt.toISOString() },
  };
  const children = feedIds.map((feedId) => {
    // No key: a child that joined another job would leave the parent waiting for nothing.
    const { key: __, ...child } = syncJob(feedId, idOf(NIGHTLY, date, feedId), NIGHTLY);
    return child;
  });
  return { parent, children };
}
