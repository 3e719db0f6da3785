import { describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { HubError } from '../../src/base/errors.ts';
import { createLog, silentLog } from '../../src/base/log.ts';
import {
  type NightRequest,
  reconcile,
  registerSchedules,
  requests,
  type ScheduleContext,
  type SyncRequest,
  startWorker,
  type Work,
} from '../../src/jobs/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { nextDue } from '../../src/platform/queue.ts';
import type { TestDatabase } from '../harness/database.ts';
import { BACKENDS, type Backend, testQueues } from './backends.ts';

const queues = testQueues();
const NIGHTLY = '0 2 * * *';
/** Far from real time, so that nothing but the injected clock can make anything due. */
const START = '2040-03-01T12:00:00+08:00';

const addFeed = (sql: Sql, feedId: string) => sql`
  insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no,
    legal_basis, purpose, stale_after_days, schedule)
  values (${feedId}, '', '', '', '', '', '', '', 30, '10 1 * * *')`;

async function hub(backend: Backend, feeds: string[], on?: TestDatabase) {
  const database = on ?? (await queues.newDatabase());
  const prefix = queues.newPrefix();
  const jobs = await queues.open(backend, database, prefix);
  const sql = database.as('worker');
  for (const feedId of feeds) await addFeed(sql, feedId);
  const clock = fixedClock(START);
  const context: ScheduleContext = { jobs, sql, clock, log: silentLog };
  await registerSchedules(context, NIGHTLY);
  return { database, prefix, jobs, sql, clock, context };
}

/** Work that only writes down what it was asked. */
function recordingWork(over: Partial<Work> = {}) {
  const syncs: SyncRequest[] = [];
  const nights: NightRequest[] = [];
  const work: Work = {
    async sync(request) {
      syncs.push(request);
    },
    async correlate(request) {
      nights.push(request);
    },
    async help() {},
    ...over,
  };
  return { work, syncs, nights };
}

const quiet = { reconcileMs: 3_600_000 };

test('a cron line is read in its own time zone', () => {
  const after = new Date('2040-03-01T12:00:00+08:00');
  expect(nextDue(NIGHTLY, 'Asia/Shanghai', after).toISOString()).toBe('2040-03-01T18:00:00.000Z');
  expect(() => nextDue('not a cron line', 'Asia/Shanghai', after)).toThrow(HubError);
});

describe.each(BACKENDS)('on %s', (backend) => {
  test('D10 each night once, late rather than never: skipped, repeated, three days at a jump', async () => {
    const { clock, context } = await hub(backend, ['income', 'vehicle']);
    const { work, nights, syncs } = recordingWork();
    await startWorker(context, work, quiet);
    const dates = () => nights.map(({ asOf }) => asOf);
    expect(await reconcile(context)).toMatchObject({ enqueued: [] });

    // Asleep at 02:00, awake at 09:00: late, not never; and the pulls of both feeds come first.
    clock.moveTo('2040-03-02T09:00:00+08:00');
    await Promise.all(Array.from({ length: 5 }, () => reconcile(context)));
    await expect.poll(dates, { timeout: 60_000 }).toEqual(['2040-03-02']);
    // Two by their own schedules, two as part of the night.
    await expect.poll(() => syncs.length, { timeout: 60_000 }).toBe(4);

    // The clock goes back over 02:00 and passes it again.
    clock.moveTo('2040-03-02T01:30:00+08:00');
    await reconcile(context);
    clock.moveTo('2040-03-02T02:30:00+08:00');
    expect(await reconcile(context)).toMatchObject({ enqueued: [] });

    // Three days at a jump: three nights, in order.
    clock.moveTo('2040-03-05T03:00:00+08:00');
    await reconcile(context);
    await expect
      .poll(dates, { timeout: 60_000 })
      .toEqual(['2040-03-02', '2040-03-03', '2040-03-04', '2040-03-05']);
    // Of the pulls that were missed only the newest is made up for.
    const bySchedule = () => syncs.filter(({ requestedBy }) => requestedBy === 'schedule');
    await expect.poll(() => bySchedule().length, { timeout: 60_000 }).toBe(4);
    expect(await reconcile(context)).toMatchObject({ enqueued: [] });
  });

  test('a night pulls those feeds first that say who is in the population', async () => {
    const { sql, clock, context } = await hub(backend, ['audit', 'declaration', 'roster']);
    await sql`update hub.feed set pull_rank = case feed_id when 'roster' then 0 when 'declaration' then 1 else 2 end`;
    const { work, syncs } = recordingWork();
    clock.moveTo('2040-03-02T02:00:00+08:00');
    await reconcile(context);
    await startWorker(context, work, { ...quiet, syncConcurrency: 1 });
    const pulled = () =>
      syncs.filter(({ requestedBy }) => requestedBy === 'nightly').map(({ feedId }) => feedId);
    await expect.poll(pulled, { timeout: 15_000 }).toEqual(['roster', 'declaration', 'audit']);
  });

  test('a night runs though one feed failed for good, and the next night is not blocked', async () => {
    const { clock, context } = await hub(backend, ['income', 'vehicle']);
    const { work, nights } = recordingWork({
      async sync({ feedId }) {
        if (feedId === 'vehicle') throw new HubError('source.truncated', { feed: feedId });
      },
    });
    await startWorker(context, work, quiet);
    for (const day of ['02', '03']) {
      clock.moveTo(`2040-03-${day}T02:00:00+08:00`);
      await reconcile(context);
      await expect.poll(() => nights.at(-1)?.asOf, { timeout: 60_000 }).toBe(`2040-03-${day}`);
    }
    expect(nights).toHaveLength(2);
  });

  test('A7 the queue returns empty: schedulers and due work are rebuilt, and an operator hears of it', async () => {
    const { database, prefix, jobs, sql, clock, context } = await hub(backend, ['income']);
    await reconcile(context);
    const before = await jobs.schedules();
    expect(before.map(({ name }) => name).sort()).toEqual(['nightly', 'sync income']);
    clock.moveTo('2040-03-02T09:00:00+08:00');
    const due = (await reconcile(context)).enqueued;
    expect(due).toHaveLength(2);
    const { syncRunId } = await requests(context).startSync('income', 'analyst');
    const { nightId } = await requests(context).startCorrelation('2040-02-28', 'analyst');
    for (const queue of jobs.queues()) await queue.obliterate({ force: true });
    for (const { name } of before) await jobs.removeSchedule(name);
    expect(await jobs.schedules()).toEqual([]);
    await jobs.close();

    const lines: string[] = [];
    const again = await queues.open(backend, database, prefix);
    const log = createLog((line) => lines.push(line));
    const outcome = await reconcile({ ...context, jobs: again, log });
    expect(outcome.rebuilt).toEqual(['nightly', 'sync income']);
    expect(outcome.enqueued).toEqual(expect.arrayContaining([...due, nightId]));
    expect(lines.join()).toContain('queue.store-lost');
    expect((await again.schedules()).map(({ name, cron }) => [name, cron]).sort()).toEqual([
      ['nightly', NIGHTLY],
      ['sync income', '10 1 * * *'],
    ]);
    const { work, syncs, nights } = recordingWork();
    await startWorker({ ...context, jobs: again }, work, quiet);
    await expect
      .poll(() => nights.map(({ asOf }) => asOf).sort(), { timeout: 60_000 })
      .toEqual(['2040-02-28', '2040-03-02']);
    // The person's request joined the scheduled pull of the same feed, which waited already.
    expect(syncs.some((it) => it.syncRunId === syncRunId)).toBe(true);
    const nightIsDone = async () => {
      const [row] = await sql`select done_through >= '2040-03-02T02:00:00+08:00' as yes
        from hub.schedule where name = 'nightly'`;
      return row?.yes;
    };
    await expect.poll(nightIsDone, { timeout: 60_000 }).toBe(true);
  });

  test('schedulers follow the table: changed, switched off, and gone feeds', async () => {
    const { jobs, sql, context } = await hub(backend, ['income', 'vehicle']);
    await reconcile(context);
    await sql`update hub.feed set schedule = '5 4 * * *' where feed_id = 'income'`;
    await sql`update hub.feed set is_enabled = false where feed_id = 'vehicle'`;
    await registerSchedules(context, '30 3 * * *');
    const { removed } = await reconcile(context);
    expect(removed).toEqual(['sync vehicle']);
    expect((await jobs.schedules()).map(({ name, cron }) => [name, cron]).sort()).toEqual([
      ['nightly', '30 3 * * *'],
      ['sync income', '5 4 * * *'],
    ]);
  });

  test('A9 fifty people asking for the same feed get one run, and asking for one date one night', async () => {
    const { sql, context } = await hub(backend, ['income']);
    const ask = requests(context);
    const fifty = Array.from({ length: 50 }, (_, i) => `actor-${i}`);
    const runs = await Promise.all(fifty.map((by) => ask.startSync('income', by)));
    expect(new Set(runs.map((it) => it.syncRunId)).size).toBe(1);
    const nights = await Promise.all(fifty.map((by) => ask.startCorrelation('2040-03-01', by)));
    expect(new Set(nights.map((it) => it.nightId)).size).toBe(1);
    const [count] = await sql`select (select count(*)::int from hub.sync_run) as syncs,
      (select count(*)::int from hub.night) as nights`;
    expect(count).toEqual({ syncs: 1, nights: 1 });
    const { work, syncs, nights: ran } = recordingWork();
    await startWorker(context, work, quiet);
    await expect.poll(() => [syncs.length, ran.length], { timeout: 60_000 }).toEqual([1, 1]);
  });
});
