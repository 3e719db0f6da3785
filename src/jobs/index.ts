/**
 * The job layer: between the queue, which forgets and repeats, and the work, which must happen once.
 * `startWorker` runs jobs; `requests` lets the API ask for some.
 */
import { randomUUID } from 'node:crypto';
import type { CalendarDate } from '../base/clock.ts';
import { checkJudgedDate } from '../base/judged-date.ts';
import type { Transaction } from '../platform/database.ts';
import { asHubError } from '../platform/foreign-errors.ts';
import type { Handler, RunningJob } from '../platform/queue.ts';
import { correlateJob, helpJob, syncJob } from './requests.ts';
import { enqueueDue, isDone, markDone, reconcile, type ScheduleContext } from './schedules.ts';
import type { NightRequest, Work } from './work.ts';

export { queueBoard } from './board.ts';
export { reconcile, registerSchedules, type ScheduleContext } from './schedules.ts';
export type { Control, NightRequest, SyncRequest, Work } from './work.ts';

export type WorkerOptions = { syncConcurrency?: number; reconcileMs?: number };
export type RunningWorker = { stop(): void };

/** Takes jobs until the queue is closed; rebuilds the queue's schedulers now and every minute. */
export async function startWorker(
  context: ScheduleContext,
  work: Work,
  { syncConcurrency = 2, reconcileMs = 60_000 }: WorkerOptions = {},
): Promise<RunningWorker> {
  const { jobs, log } = context;
  await reconcile(context);
  await jobs.work('sync', once(context, syncHandler(work)), syncConcurrency);
  const night: NightHere = {};
  await jobs.work('nightly', once(context, nightHandler(context, work, night)), 1);
  await jobs.work('parts', helpHandler(work, night), 1);
  await jobs.work('due', dueHandler(context), 1);
  let isBusy = false;
  const timer = setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await reconcile(context).catch((error: unknown) => log.error('schedule.reconcile', error));
    isBusy = false;
  }, reconcileMs);
  return { stop: () => clearInterval(timer) };
}

/**
 * What people may ask for, in their own name and under the row policies of the role `api`. A request that
 * is already under way is joined, not repeated.
 */
export function requests({ jobs, sql, clock }: ScheduleContext) {
  const asActor = (requestedBy: string, insert: (tx: Transaction) => Promise<unknown>) =>
    sql.begin(async (tx) => {
      await tx`select set_config('hub.actor', ${requestedBy}, true)`;
      await insert(tx);
    });
  return {
    async startSync(feedId: string, requestedBy: string): Promise<{ syncRunId: string }> {
      const syncRunId = await jobs.add(syncJob(feedId, randomUUID(), requestedBy));
      // Written after the job, and kept if the job was quicker: what is queued here and missing in
      // the queue is put there again.
      await asActor(
        requestedBy,
        (tx) => tx`insert into hub.sync_run (sync_run_id, feed_id, state, requested_by, started_at)
          values (${syncRunId}, ${feedId}, 'queued', ${requestedBy}, ${clock.now()})
          on conflict do nothing`,
      );
      return { syncRunId };
    },
    async startCorrelation(
      asOf: CalendarDate | undefined,
      requestedBy: string,
    ): Promise<{ nightId: string }> {
      const date = asOf ?? clock.today();
      checkJudgedDate(date, clock);
      const nightId = await jobs.add(correlateJob(date, randomUUID(), requestedBy));
      await asActor(
        requestedBy,
        (tx) => tx`insert into hub.night (night_id, as_of, mode, state, requested_by, started_at)
          values (${nightId}, ${date}, 'delta', 'queued', ${requestedBy}, ${clock.now()})
          on conflict do nothing`,
      );
      return { nightId };
    },
  };
}

const field = (job: RunningJob, name: string): string => job.data[name] ?? '';

const syncHandler =
  (work: Work): Handler =>
  async (job) => {
    const feedId = field(job, 'feedId');
    await job.note(`sync ${feedId}: attempt ${job.attempt}`);
    await work.sync(
      { feedId, syncRunId: field(job, 'syncRunId'), requestedBy: field(job, 'requestedBy') },
      job,
    );
    return undefined;
  };

const modeOf = (text: string): NightRequest['mode'] =>
  text === 'full' || text === 'delta' ? text : 'auto';

/** The night this process runs itself, if any. */
type NightHere = { running?: Promise<unknown> };

/** More processes than this are not asked for; who comes late finds nothing to do and goes. */
const MOST_HELPERS = 15;

/** Where a process asked to help is the night's own, it holds its request until the night is over. */
const helpHandler =
  (work: Work, night: NightHere): Handler =>
  async (job) => {
    if (night.running) await night.running.catch(() => undefined);
    else await work.help({ nightId: field(job, 'nightId') }, job);
    return undefined;
  };

const nightHandler =
  ({ sql, jobs }: ScheduleContext, work: Work, night: NightHere): Handler =>
  async (job) => {
    const nightId = field(job, 'nightId');
    // The queue delivers at least once; a night that is on record as done stays as it is.
    const [done] =
      await sql`select 1 from hub.night where night_id = ${nightId} and state = 'done'`;
    if (done) return undefined;
    const failed = await job.failedChildren();
    // The night runs all the same: rules that need a missing feed say so themselves.
    await job.note(`correlate ${field(job, 'asOf')}: ${failed.length} feeds failed`);
    const request = {
      ...{ nightId, asOf: field(job, 'asOf'), mode: modeOf(field(job, 'mode')) },
      requestedBy: field(job, 'requestedBy'),
    };
    const askForHelp = async (parts: number) => {
      for (let place = 1; place < Math.min(parts, MOST_HELPERS + 1); place += 1) {
        await jobs.add(helpJob(nightId, job.attempt, place));
      }
    };
    night.running = work.correlate(request, job, askForHelp);
    try {
      await night.running;
    } finally {
      delete night.running;
    }
    return undefined;
  };

const dueHandler =
  (context: ScheduleContext): Handler =>
  async (job) => {
    await enqueueDue(context, field(job, 'schedule'));
    return undefined;
  };

/** Scheduled work: not again once done; when over, for better or worse, the next instant may come. */
const once =
  (context: ScheduleContext, handler: Handler): Handler =>
  async (job) => {
    const { schedule, dueAt } = job.data;
    if (!schedule || !dueAt) return handler(job);
    const due = new Date(dueAt);
    if (await isDone(context.sql, schedule, due)) return undefined;
    try {
      const result = await handler(job);
      await markDone(context.sql, schedule, due);
      await enqueueDue(context, schedule);
      return result;
    } catch (error) {
      const isOver = job.isLastAttempt || asHubError(error).kind !== 'transient';
      if (isOver && !job.signal.aborted) await markDone(context.sql, schedule, due);
      throw error;
    }
  };
