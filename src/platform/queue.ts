/**
 * BullMQ on one of two stores behind one API: PostgreSQL when no Redis is configured, Redis otherwise.
 * Whoever asks while the store is away gets `queue.unavailable` in time; workers wait until it is back.
 * Jobs carry ids only. Delivery is at least once, so a handler's effects
 * must be fenced in PostgreSQL; nothing here is needed to be true for the data to be right.
 *
 * What a job stores of a failure is the safe sentence of a HubError, never a foreign message: those
 * may quote a row.
 */

import { setTimeout as delay } from 'node:timers/promises';
import {
  DelayedError,
  getNextMillis,
  type Job,
  type JobsOptions,
  type Queue,
  UnrecoverableError,
  WaitingError,
} from 'bullmq';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import { asHubError } from './foreign-errors.ts';
import { jobSeconds } from './metrics.ts';
import { answerOf, postgresStore, redisStore } from './queue-store.ts';

export const QUEUES = ['sync', 'nightly', 'parts', 'due'] as const;
export type QueueName = (typeof QUEUES)[number];
/** Ids, dates and instants only. */
export type JobData = Readonly<Record<string, string>>;

export type JobRequest = {
  queue: QueueName;
  id: string;
  name: string;
  data: JobData;
  /** While a job with this key waits or runs, another request joins it. */
  key?: string;
};

/** What a handler may know and do. */
export type RunningJob = {
  id: string;
  name: string;
  data: JobData;
  /** 1 on the first attempt. */
  attempt: number;
  isLastAttempt: boolean;
  /** Aborts when the process must stop and the grace time is over; the job is then released. */
  signal: AbortSignal;
  progress(step: string, done: number, total?: number): void;
  note(line: string): Promise<void>;
  /** Ids of children that failed for good. */
  failedChildren(): Promise<string[]>;
};
export type Handler = (job: RunningJob) => Promise<JobData | undefined>;

export type Scheduled = { name: string; cron: string; timezone: string };

export type QueueOptions = {
  /** A login of the hub's; what the queue needs there was made by `prepareQueue`. */
  databaseUrl: Secret;
  redisUrl?: Secret;
  log: Log;
  /** Separates hubs that share one Redis. */
  prefix?: string;
  /** A job whose worker is silent this long is given to another one. */
  lockMs?: number;
  retry?: { attempts: number; delayMs: number };
};

export type Jobs = {
  backend: 'postgres' | 'redis';
  /** Adds the job unless its id or key is taken; gives the id of the job that does the work. */
  add(request: JobRequest): Promise<string>;
  /** Adds a parent that runs when all children have ended, well or badly. */
  addFlow(parent: JobRequest, children: readonly JobRequest[]): Promise<void>;
  state(queue: QueueName, id: string): Promise<string>;
  /** How many jobs of each queue are in which state. */
  depths(): Promise<ReadonlyMap<QueueName, Readonly<Record<string, number>>>>;
  work(queue: QueueName, handler: Handler, concurrency: number): Promise<void>;
  schedules(): Promise<Scheduled[]>;
  setSchedule(schedule: Scheduled): Promise<void>;
  removeSchedule(name: string): Promise<void>;
  /** For the operators' board only. */
  queues(): Queue[];
  /** Stops taking work, lets running jobs end for `graceMs`, then releases them. */
  close(graceMs?: number): Promise<void>;
};

/** The first instant after `after` at which the cron line is due. */
export function nextDue(cron: string, timezone: string, after: Date): Date {
  let next: number | undefined;
  try {
    next = getNextMillis(after.getTime(), { pattern: cron, tz: timezone });
  } catch (cause) {
    throw new HubError('config.invalid', { reason: 'cron' }, cause);
  }
  if (next === undefined) throw new HubError('config.invalid', { reason: 'cron' });
  return new Date(next);
}

const DEPTH_STATES = ['waiting', 'waiting-children', 'active', 'delayed', 'failed'] as const;

/** How long after the signal a job may take to notice it. */
const DEAF_MS = 5000;

const KEEP = { removeOnComplete: { age: 7 * 86400, count: 1000 }, removeOnFail: { count: 1000 } };

export async function openQueue(options: QueueOptions): Promise<Jobs> {
  const { log, redisUrl, lockMs = 60_000, retry = { attempts: 8, delayMs: 2000 } } = options;
  const store = redisUrl
    ? await redisStore(redisUrl, log)
    : await postgresStore(options.databaseUrl, log);
  const prefixed = redisUrl ? { prefix: options.prefix ?? 'hub' } : {};
  const base = { connection: store.asking, ...prefixed };
  const listen = <T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
    it: T,
  ) => {
    it.on('error', (error) => log.error('queue.connection', error));
    return it;
  };
  const queues = new Map(
    QUEUES.map((name) => [name, listen(new store.classes.Queue<JobData>(name, base))] as const),
  );
  const queueOf = (name: QueueName) => {
    const queue = queues.get(name);
    if (!queue) throw new HubError('internal');
    return queue;
  };
  const flow = listen(new store.classes.FlowProducer(base));
  // Without its store the API reads all the same, and whoever needs the queue hears of it then.
  await answerOf(Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()))).catch(
    (error: unknown) => log.error('queue.away', error),
  );

  const workers: { close(): Promise<void> }[] = [];
  const stopping = new AbortController();
  const jobOptions = (request: JobRequest): JobsOptions => ({
    ...KEEP,
    jobId: request.id,
    attempts: retry.attempts,
    backoff: { type: 'exponential', delay: retry.delayMs, jitter: 0.5 },
    ...(request.key ? { deduplication: { id: request.key } } : {}),
  });

  return {
    backend: redisUrl ? 'redis' : 'postgres',
    async add(request) {
      const { queue, name, data, id } = request;
      const job = await answerOf(queueOf(queue).add(name, data, jobOptions(request)));
      return job.id ?? id;
    },
    async addFlow(parent, children) {
      const added = flow.add({
        name: parent.name,
        queueName: parent.queue,
        data: parent.data,
        opts: jobOptions(parent),
        children: children.map((child) => ({
          name: child.name,
          queueName: child.queue,
          data: child.data,
          opts: { ...jobOptions(child), ignoreDependencyOnFailure: true },
        })),
      });
      await answerOf(added);
    },
    state: (queue, id) => answerOf(queueOf(queue).getJobState(id)),
    async depths() {
      const counted = [...queues].map(async ([name, queue]) => {
        const counts = await queue.getJobCounts(...DEPTH_STATES);
        return [name, counts] as const;
      });
      return new Map(await answerOf(Promise.all(counted)));
    },
    async work(queue, handler, concurrency) {
      const worker = new store.classes.Worker<JobData>(
        queue,
        (job, token) =>
          run({ job, token, handler, signal: stopping.signal, log, busyMs: retry.delayMs * 5 }),
        {
          ...{ connection: store.waiting, ...prefixed },
          concurrency,
          lockDuration: lockMs,
          stalledInterval: Math.ceil(lockMs / 2),
          // A worker may die many times over one job; what must not repeat is fenced in PostgreSQL.
          maxStalledCount: 20,
        },
      );
      workers.push(listen(worker));
      await worker.waitUntilReady();
    },
    async schedules() {
      const found = await answerOf(queueOf('due').getJobSchedulers());
      return found.map(({ key, pattern = '', tz = '' }) => ({
        name: key,
        cron: pattern,
        timezone: tz,
      }));
    },
    async setSchedule({ name, cron, timezone }) {
      const set = queueOf('due').upsertJobScheduler(
        name,
        { pattern: cron, tz: timezone },
        { name: 'due', data: { schedule: name }, opts: { ...KEEP, attempts: retry.attempts } },
      );
      await answerOf(set);
    },
    async removeSchedule(name) {
      await answerOf(queueOf('due').removeJobScheduler(name));
    },
    queues: () => [...queues.values()] as unknown as Queue[],
    async close(graceMs = 0) {
      const timer = setTimeout(() => stopping.abort(), graceMs);
      const ended = Promise.all(workers.map((worker) => worker.close()));
      // A job that does not hear the signal loses its connection next, and its lock in time.
      await Promise.race([ended, delay(graceMs + DEAF_MS, undefined, { ref: false })]);
      clearTimeout(timer);
      const closed = [flow.close(), ...[...queues.values()].map((queue) => queue.close())];
      // A store that is away answers nothing any more; what it holds is released in time.
      await answerOf(Promise.all(closed)).catch(() => undefined);
      await answerOf(store.end()).catch(() => undefined);
    },
  };
}

type Attempt = {
  job: Job<JobData>;
  token: string | undefined;
  handler: Handler;
  signal: AbortSignal;
  log: Log;
  busyMs: number;
};

/** One attempt: progress and notes go to the job, errors are sorted into retry and no retry. */
async function run(attempt: Attempt): Promise<JobData | undefined> {
  const { job, token, handler, signal, log, busyMs } = attempt;
  const progress = progressOf(job);
  const attempts = job.opts.attempts ?? 1;
  const queue = job.queueName;
  const ended = jobSeconds.startTimer({ queue });
  try {
    const result = await handler({
      id: job.id ?? '',
      name: job.name,
      data: job.data,
      attempt: job.attemptsMade + 1,
      isLastAttempt: job.attemptsMade + 1 >= attempts,
      signal,
      progress: progress.report,
      note: async (line) => {
        // Awaited each time: concurrent log calls of one job collide on PostgreSQL.
        await job.log(line);
      },
      failedChildren: async () => Object.keys(await job.getIgnoredChildrenFailures()),
    });
    await progress.settled();
    ended({ outcome: 'done' });
    return result;
  } catch (error) {
    await progress.settled();
    if (signal.aborted) {
      ended({ outcome: 'released' });
      // Not a failure of the job: give it back so that the next process takes it at once.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const known = asHubError(error);
    if (known.code === 'run.busy') {
      ended({ outcome: 'yielded' });
      // Someone else is at it: wait for our turn, however long that takes; it is no failed attempt.
      await job.moveToDelayed(Math.round(Date.now() + busyMs * (1 + Math.random())), token);
      throw new DelayedError();
    }
    ended({ outcome: 'failed' });
    log.error('job.failed', error, { queue, job: job.id, name: job.name });
    if (known.kind === 'transient') throw new Error(known.message);
    throw new UnrecoverableError(known.message);
  }
}

/** Sends the newest progress, one update at a time, so that a fast stage cannot flood the store. */
function progressOf(job: Job<JobData>) {
  let latest: object | undefined;
  let sending: Promise<void> | undefined;
  const send = async () => {
    while (latest) {
      const value = latest;
      latest = undefined;
      await job.updateProgress(value).catch(() => undefined);
    }
    sending = undefined;
  };
  return {
    report(step: string, done: number, total?: number) {
      latest = total === undefined ? { step, done } : { step, done, total };
      sending ??= send();
    },
    async settled() {
      await sending;
    },
  };
}
