/** One run at a time, and no commit by a run that lost its turn. */

import { expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { type SyncContext, syncFeed, withLease } from '../../src/pipeline/index.ts';
import { land } from '../../src/pipeline/land/land.ts';
import { fenceOf } from '../../src/pipeline/lease.ts';
import { link } from '../../src/pipeline/link/link.ts';
import { normalise } from '../../src/pipeline/normalise/normalise.ts';
import { resolve } from '../../src/pipeline/resolve/resolve.ts';
import { connectorOf, type StageContext } from '../../src/pipeline/stage.ts';
import type { Sql } from '../../src/platform/database.ts';
import type { Delivery } from '../../src/transports/delivery.ts';
import { deliveries, delivery } from '../harness/deliver.ts';
import { allDigests } from '../harness/digests.ts';
import { littleHub } from '../harness/little-hub.ts';
import { LI, official, unit } from '../harness/little-packages.ts';

const HOUR = 3600_000;
const roster = {
  feed: 'roster',
  asOf: '2026-01-05',
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
let sql: Sql;
let owner: Sql;
let ctx: SyncContext;

littleHub((hub) => {
  ({ sql, owner, ctx } = hub);
});

test('A11 a lease is taken over after its term, not before', async () => {
  const clock = fixedClock('2026-06-30T04:00:00Z');
  const options = { holder: 'first', ttlMs: 4 * HOUR, clock };
  await withLease(sql, 'work', options, async (first) => {
    const second = () =>
      withLease(sql, 'work', { ...options, holder: 'second' }, async (fence) => fence.token);
    clock.moveTo('2026-06-30T04:05:00Z');
    await expect(second()).rejects.toMatchObject({ code: 'run.busy', details: { name: 'work' } });
    clock.moveTo('2026-06-30T08:01:00Z');
    expect(await second()).toBe(first.token + 1);
  });
});

test('A11 a lease that was given back is free at once', async () => {
  const options = { holder: 'one', ttlMs: HOUR, clock: fixedClock('2026-06-30T04:00:00Z') };
  const first = await withLease(sql, 'work', options, async ({ token }) => token);
  await expect(
    withLease(sql, 'work', options, async () => {
      throw new Error('work failed');
    }),
  ).rejects.toThrow('work failed');
  expect(await withLease(sql, 'work', options, async ({ token }) => token)).toBe(first + 2);
});

test('A8 a fence from before the takeover is refused inside the transaction', async () => {
  const clock = fixedClock('2026-06-30T04:00:00Z');
  const options = { holder: 'first', ttlMs: HOUR, clock };
  await withLease(sql, 'work', options, async (stale) => {
    await sql.begin((tx) => stale.check(tx));
    clock.moveTo('2026-06-30T06:00:00Z');
    await withLease(sql, 'work', { ...options, holder: 'second' }, async (fresh) => {
      await expect(sql.begin((tx) => stale.check(tx))).rejects.toMatchObject({
        code: 'run.superseded',
      });
      await sql.begin((tx) => fresh.check(tx));
    });
  });
});

/** A delivery whose rows stop until `go` is called. */
function stalled(): { packed: AsyncIterable<Delivery>; reached: Promise<void>; go(): void } {
  let go: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const reached = new Promise<void>((done) => {
    arrive = done;
  });
  const gate = new Promise<void>((done) => {
    go = done;
  });
  async function* sheets() {
    for await (const row of delivery(roster).sheets) {
      yield row;
      arrive();
      await gate;
    }
  }
  async function* packed() {
    yield { ...delivery(roster), sheets: sheets() };
  }
  return { packed: packed(), reached, go: () => go() };
}

test('A8 of two runs at once the one that lost its lease commits nothing', async () => {
  const clock = fixedClock('2026-06-30T04:00:00Z');
  const slow = stalled();
  const first = syncFeed({ ...ctx, clock, leaseMs: HOUR }, 'roster', slow.packed, 'first');
  await slow.reached;
  await expect(
    syncFeed({ ...ctx, clock }, 'roster', deliveries([roster]), 'early'),
  ).rejects.toMatchObject({ code: 'run.busy' });
  clock.moveTo('2026-06-30T06:00:00Z');
  const second = await syncFeed({ ...ctx, clock }, 'roster', deliveries([roster]), 'second');
  expect(second.state).toBe('done');
  const after = await allDigests(sql);
  slow.go();
  await expect(first).rejects.toMatchObject({ code: 'run.superseded' });
  expect(await allDigests(sql)).toEqual(after);
  const runs = await sql`select requested_by, state from hub.sync_run order by requested_by`;
  expect([...runs]).toEqual([
    { requested_by: 'first', state: 'superseded' },
    { requested_by: 'second', state: 'done' },
  ]);
});

test('A8 no stage commits once another has the lease, and each goes on for whoever has it', async () => {
  const ofBatch = async (batchId: number) => {
    const [row] = await sql`select state from hub.batch where batch_id = ${batchId}`;
    return row?.state;
  };
  await withLease(
    sql,
    'feed:roster',
    { holder: 'x', ttlMs: HOUR, clock: ctx.clock },
    async (fence) => {
      const mine: StageContext = { ...ctx, fence };
      const late: StageContext = { ...ctx, fence: fenceOf(fence.name, fence.token - 1) };
      const connector = connectorOf(mine, 'roster');
      const landing = land(late, connector, delivery(roster), async () => undefined);
      await expect(landing).rejects.toMatchObject({ code: 'run.superseded' });
      const { batchId } = await land(mine, connector, delivery(roster), async () => undefined);
      for (const stage of [normalise, resolve, link]) {
        const before = await ofBatch(batchId);
        await expect(stage(late, batchId)).rejects.toMatchObject({ code: 'run.superseded' });
        expect(await ofBatch(batchId)).toBe(before);
        await stage(mine, batchId);
        expect(await ofBatch(batchId)).not.toBe(before);
      }
    },
  );
});

test('A5 a retry after a commit whose answer was lost finds the batch done', async () => {
  await syncFeed(ctx, 'roster', deliveries([roster]), 'first');
  const before = await allDigests(sql);
  const again = await syncFeed(ctx, 'roster', deliveries([roster]), 'retry');
  expect(again.deliveries).toMatchObject([{ outcome: 'already-known' }]);
  expect(await allDigests(sql)).toEqual(before);
});

test('A3 a backend dies in the third of five batches: that batch vanishes, the next run goes on', async () => {
  const five = [1, 2, 3, 4, 5].map((month) => ({ ...roster, asOf: `2026-0${month}-05` }));
  async function* dying() {
    for (const [index, each] of five.entries()) {
      const made = delivery(each);
      async function* sheets() {
        yield* made.sheets;
        if (index !== 2) return;
        const killed = await owner`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query like 'copy%' and state = 'active'`;
        expect(killed).toHaveLength(1);
      }
      yield { ...made, sheets: sheets() };
    }
  }
  await expect(syncFeed(ctx, 'roster', dying(), 'first')).rejects.toThrow();
  const linked = await sql`select 1 from hub.batch where state = 'linked'`;
  expect(linked).toHaveLength(2);
  const outcome = await syncFeed(ctx, 'roster', deliveries(five), 'second');
  expect(outcome.deliveries.map(({ outcome: kind }) => kind)).toEqual([
    'already-known',
    'already-known',
    'linked',
    'linked',
    'linked',
  ]);
});
