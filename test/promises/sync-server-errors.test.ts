/** A server that fails in the middle of a pull ends the run; nothing waits for ever, nothing is lost. */

import { expect, test } from 'vitest';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { connect, type Sql } from '../../src/platform/database.ts';
import { asHubError } from '../../src/platform/foreign-errors.ts';
import { cutWire } from '../harness/cut-proxy.ts';
import type { TestDatabase } from '../harness/database.ts';
import { deliveries, delivery, type Package } from '../harness/deliver.ts';
import { allDigests } from '../harness/digests.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import { LI, official, unit, ZHAO } from '../harness/little-packages.ts';

const roster: Package = {
  feed: 'roster',
  asOf: '2026-01-05',
  sheets: {
    units: [unit('U1', '财政局')],
    officials: [official(LI, '李明'), official(ZHAO, '赵刚')],
  },
};
let sql: Sql;
let owner: Sql;
let ctx: SyncContext;
let database: TestDatabase;
let startAnew: () => Promise<void>;

littleHub((hub) => {
  ({ database, sql, owner, ctx, startAnew } = hub);
});

const held = async () => [...(await owner`select name from hub.lease where holder is not null`)];

/** What the tables hold after an undisturbed pull. */
async function undisturbed(): Promise<Record<string, string>> {
  await syncFeed(ctx, 'roster', deliveries([roster]), 'undisturbed');
  const digests = await allDigests(sql);
  await startAnew();
  return digests;
}

/** The failed run is on record, its lease is free, and the next attempt gives the undisturbed graph. */
async function expectRecovery(expected: Record<string, string>): Promise<void> {
  expect(await held()).toEqual([]);
  const runs = await owner`select state, error_code is not null as told from hub.sync_run`;
  expect([...runs]).toEqual([{ state: 'failed', told: true }]);
  await syncFeed(ctx, 'roster', deliveries([roster]), 'again');
  expect(await allDigests(sql)).toEqual(expected);
  await checkInvariants(ctx);
}

test.each([
  ['landed pages', 'landed_page', 'batch_id'],
  ['pages of the log', 'record_page', 'page_id'],
  ['records', 'record', 'page_id'],
])(
  'A3 a server that refuses %s after the last byte of a COPY ends the run',
  async (_, table, column) => {
    const expected = await undisturbed();
    await owner.unsafe(`alter table hub.${table} add constraint refused check (${column} < 0)`);
    const run = syncFeed(ctx, 'roster', deliveries([roster]), 'first');
    await expect(run).rejects.toMatchObject({ code: '23514' });
    await owner.unsafe(`alter table hub.${table} drop constraint refused`);
    await expectRecovery(expected);
  },
);

test('A3 a server error in the middle of a COPY ends the run, and is worth another attempt', async () => {
  const expected = await undisturbed();
  async function* cancelled() {
    const made = delivery(roster);
    async function* sheets() {
      for await (const row of made.sheets) yield row;
      const found = await owner`select pg_cancel_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'copy%' and state = 'active'`;
      expect(found).toHaveLength(1);
    }
    yield { ...made, sheets: sheets() };
  }
  const error = await syncFeed(ctx, 'roster', cancelled(), 'first').catch((e: unknown) => e);
  expect(asHubError(error)).toMatchObject({ code: 'database.unavailable', kind: 'transient' });
  await expectRecovery(expected);
});

test.each([
  ['land', 1],
  ['normalise', 2],
  ['resolve', 3],
  ['link', 4],
])('A5 the answer to the COMMIT of %s is lost: another attempt finds it done', async (_, nth) => {
  const expected = await undisturbed();
  const wire = await cutWire(database.url);
  const through = connect(wire.url, { role: 'worker', max: 6 });
  wire.cutAfter('COMMIT', nth);
  const run = syncFeed({ ...ctx, sql: through }, 'roster', deliveries([roster]), 'first');
  const error = await run.catch((e: unknown) => e);
  expect(asHubError(error)).toMatchObject({ code: 'database.unavailable', kind: 'transient' });
  const batches = await owner`select state from hub.batch`;
  const states = ['landed', 'normalised', 'resolved', 'linked'];
  expect([...batches]).toEqual([{ state: states[nth - 1] }]);
  await expectRecovery(expected);
  await through.end({ timeout: 1 });
  await wire.close();
});

test('A11 a run that shows no progress gives its lease back and is on record as failed', async () => {
  const expected = await undisturbed();
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((done) => {
    goOn = done;
  });
  async function* stuck() {
    const made = delivery(roster);
    async function* sheets() {
      yield* made.sheets;
      await gate;
    }
    yield { ...made, sheets: sheets() };
  }
  const run = syncFeed({ ...ctx, stallMs: 300 }, 'roster', stuck(), 'first');
  await expect(run).rejects.toMatchObject({ code: 'run.stalled', kind: 'transient' });
  await expectRecovery(expected);
  goOn();
  await expect.poll(async () => [...(await owner`select 1 from hub.batch`)].length).toBe(1);
  expect(await allDigests(sql)).toEqual(expected);
});
