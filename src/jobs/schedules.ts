/**
 * Keeps the queue equal to the schedule table. The table says what is due and what is done; the
 * queue only wakes us. So a queue that lost everything, a machine that slept through the night and a
 * clock that jumps all come to the same: each due instant has one run, late rather than never.
 */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { type Jobs, nextDue, type QueueName } from '../platform/queue.ts';
import { correlateJob, NIGHTLY, nightlyJobs, scheduledSyncJob, syncJob } from './requests.ts';

export type ScheduleContext = { jobs: Jobs; sql: Sql; clock: Clock; log: Log };
type Row = {
  name: string;
  feedId: string | null;
  cron: string;
  timezone: string;
  doneThrough: Date;
  queuedAt: Date | null;
};

/** A hub that was off for a season starts with the last month's nights, not with all of them. */
const MOST_NIGHTS_LATE_MS = 31 * 86_400_000;
const LOCK = 0x1a7e_9b12;

/**
 * Writes the schedules of all feeds and of the night; what is due from now on gets run. A cron line or a
 * pause that somebody set in the table stays until the settings themselves say something new.
 */
export async function registerSchedules(
  { sql, clock }: Pick<ScheduleContext, 'sql' | 'clock'>,
  nightlyCron: string,
): Promise<void> {
  const now = clock.now();
  await sql`
    insert into hub.schedule as s
      (name, feed_id, cron, is_enabled, set_cron, set_enabled, done_through)
    select name, feed_id, cron, is_enabled, cron, is_enabled, ${now}::timestamptz from (
      select 'sync ' || feed_id as name, feed_id, schedule as cron, is_enabled from hub.feed
      union all select ${NIGHTLY}, null, ${nightlyCron}, true) wanted
    on conflict (name) do update set
      cron = case when s.set_cron is distinct from excluded.set_cron then excluded.cron else s.cron end,
      is_enabled = case when s.set_enabled is distinct from excluded.set_enabled
        then excluded.is_enabled else s.is_enabled end,
      set_cron = excluded.set_cron, set_enabled = excluded.set_enabled`;
}

const rows = (sql: Sql | Transaction, name: string | null = null) => sql<Row[]>`
  select name, feed_id as "feedId", cron, timezone, done_through as "doneThrough",
    queued_at as "queuedAt"
  from hub.schedule where is_enabled and (${name}::text is null or name = ${name}) order by name`;

/** The due instant to run next: every night in turn, but only the newest of missed pulls. */
function dueOf(row: Row, now: Date): Date | undefined {
  const earliest = new Date(now.getTime() - MOST_NIGHTS_LATE_MS);
  const from = row.doneThrough < earliest ? earliest : row.doneThrough;
  let due = nextDue(row.cron, row.timezone, from);
  if (due > now) return undefined;
  if (row.feedId === null) return due;
  for (let next = due; next <= now; next = nextDue(row.cron, row.timezone, next)) due = next;
  return due;
}

/** Says that nothing due up to this instant is left to run. Never moves back. */
export async function markDone(sql: Sql | Transaction, name: string, dueAt: Date): Promise<void> {
  await sql`update hub.schedule set done_through = greatest(done_through, ${dueAt})
    where name = ${name}`;
}

/** True when the instant already had its run, so that a job delivered twice does nothing. */
export async function isDone(sql: Sql, name: string, dueAt: Date): Promise<boolean> {
  const [row] = await sql`select 1 from hub.schedule
    where name = ${name} and done_through >= ${dueAt}`;
  return row !== undefined;
}

/** Puts what is due into the queue, unless it is there. Safe to call at any time, from anywhere. */
export async function enqueueDue(context: ScheduleContext, name: string): Promise<string[]> {
  const { sql, clock, log } = context;
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const [row] = await rows(tx, name);
    const dueAt = row && dueOf(row, clock.now());
    if (!row || !dueAt) return [];
    const added = row.feedId
      ? await addSync(context, row.name, row.feedId, dueAt)
      : await addNight(context, tx, dueAt);
    if (added.isOver) await markDone(tx, name, dueAt);
    if (added.isNew) log.info('schedule.enqueued', { schedule: name, dueAt: dueAt.toISOString() });
    return added.isNew ? [added.id] : [];
  });
}

type Added = { id: string; isNew: boolean; isOver: boolean };

/** Where the queue stands with a job that should exist; over = it ended without telling us. */
async function standing(jobs: Jobs, queue: QueueName, id: string): Promise<Added> {
  const state = await jobs.state(queue, id);
  return { id, isNew: state === 'unknown', isOver: state === 'failed' || state === 'completed' };
}

async function addSync({ jobs }: ScheduleContext, name: string, feedId: string, dueAt: Date) {
  const job = scheduledSyncJob(name, feedId, dueAt);
  const found = await standing(jobs, job.queue, job.id);
  if (!found.isNew) return found;
  const id = await jobs.add(job);
  // Another pull of the feed is under way: this one has its turn when that is done.
  return { ...found, isNew: id === job.id };
}

async function addNight({ jobs, clock }: ScheduleContext, tx: Transaction, dueAt: Date) {
  const feeds = await tx<{ feedId: string }[]>`
    select feed_id as "feedId" from hub.feed where is_enabled order by pull_rank, feed_id`;
  const { parent, children } = nightlyJobs(
    dueAt,
    clock.today(),
    feeds.map(({ feedId }) => feedId),
  );
  const found = await standing(jobs, parent.queue, parent.id);
  if (found.isNew) await jobs.addFlow(parent, children);
  return found;
}

export type Reconciled = { rebuilt: string[]; removed: string[]; enqueued: string[] };

/** Makes the queue's schedulers equal to the table, and enqueues whatever is due or was lost. */
export async function reconcile(context: ScheduleContext): Promise<Reconciled> {
  const { jobs, sql, clock, log } = context;
  const wanted = await rows(sql);
  const present = new Map((await jobs.schedules()).map((it) => [it.name, it]));
  const rebuilt: string[] = [];
  for (const row of wanted) {
    const found = present.get(row.name);
    present.delete(row.name);
    if (found?.cron === row.cron && found.timezone === row.timezone) continue;
    await jobs.setSchedule(row);
    if (!found && row.queuedAt) rebuilt.push(row.name);
    await sql`update hub.schedule set queued_at = ${clock.now()} where name = ${row.name}`;
  }
  const removed = [...present.keys()];
  for (const name of removed) await jobs.removeSchedule(name);
  const enqueued = await restoreRequests(context);
  for (const { name } of wanted) enqueued.push(...(await enqueueDue(context, name)));
  if (rebuilt.length > 0) {
    log.warn('queue.store-lost', { rebuilt: rebuilt.length, enqueued: enqueued.length });
  }
  return { rebuilt, removed, enqueued };
}

/** Requests of people that were accepted and then lost with the queue's store. */
async function restoreRequests({ jobs, sql }: ScheduleContext): Promise<string[]> {
  const syncs = await sql<{ id: string; feedId: string; by: string }[]>`
    select sync_run_id as id, feed_id as "feedId", requested_by as by
    from hub.sync_run where state = 'queued'`;
  const nights = await sql<{ id: string; asOf: string; by: string }[]>`
    select night_id as id, as_of as "asOf", requested_by as by
    from hub.night where state = 'queued'`;
  const restored: string[] = [];
  for (const request of [
    ...syncs.map(({ id, feedId, by }) => syncJob(feedId, id, by)),
    ...nights.map(({ id, asOf, by }) => correlateJob(asOf, id, by)),
  ]) {
    if ((await jobs.state(request.queue, request.id)) !== 'unknown') continue;
    if ((await jobs.add(request)) === request.id) restored.push(request.id);
  }
  return restored;
}
