/** A sync killed anywhere ends, after starting it again, where an undisturbed one ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyncContext } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { runUntilDone, startChild } from '../harness/child.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { type Package, syncContext } from '../harness/deliver.ts';
import { allDigests } from '../harness/digests.ts';
import { emptyHub } from '../harness/empty-hub.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { home, income, LI, PACKAGES, STRANGER, WIFE } from '../harness/little-packages.ts';

const SCRIPT = 'sync-packages.ts';
const LANES = 4;

/** Besides the little county: rows in quarantine, a doubled key and a batch that is refused. */
const WITH_BAD_ROWS: readonly Package[] = [
  ...PACKAGES,
  {
    feed: 'income',
    asOf: '2026-02-15',
    sheets: {
      income: [
        income(LI, '2025', '100000'),
        income(WIFE, '2025', '50000'),
        income(LI, '2025', '120000'),
        income(STRANGER, '2025', '1'),
        income(LI, '2024', 'viele'),
      ],
    },
  },
  { feed: 'homes', asOf: '2026-03-10', sheets: { homes: [home('H9', LI)] } },
];

let folder: string;
let file: string;
let lanes: { on: TestDatabase; owner: Sql; worker: Sql; ctx: SyncContext }[] = [];
let expected: Record<string, string>;
let failpoints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-faults-'));
  file = join(folder, 'packages.json');
  writeFileSync(file, JSON.stringify(WITH_BAD_ROWS));
  lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const on = await createTestDatabase();
      const worker = on.as('worker', 4);
      return { on, owner: on.as('owner', 1), worker, ctx: await syncContext(worker) };
    }),
  );
  const [lane] = lanes;
  if (!lane) throw new Error('no database');
  const recording = join(folder, 'failpoints');
  const { code, errors } = await startChild(SCRIPT, [lane.on.url.reveal(), file], {
    HUB_FAILPOINT_RECORD: recording,
  }).ended;
  expect(code, errors).toBe(0);
  expected = await allDigests(lane.worker);
  failpoints = [...new Set(readFileSync(recording, 'utf8').trim().split('\n'))];
});

afterAll(async () => {
  await Promise.all(lanes.map(({ on }) => on.drop()));
  rmSync(folder, { recursive: true, force: true });
});

/** Work shared by the lanes, each with a database of its own. */
async function inLanes<T>(
  items: readonly T[],
  work: (lane: (typeof lanes)[number], item: T) => Promise<void>,
) {
  const left = [...items];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        await emptyHub(lane.owner);
        await work(lane, item);
      }
    }),
  );
}

test('A1 the failpoints cover every stage before and after its commit', () => {
  const stages = ['land', 'normalise', 'resolve', 'link', 'refuse'];
  for (const stage of stages) {
    expect(failpoints).toContain(`${stage}.before-commit`);
    expect(failpoints).toContain(`${stage}.after-commit`);
  }
  expect(failpoints.length).toBeGreaterThan(15);
});

test('A1 killed at every failpoint and started again, the tables equal the undisturbed run', async () => {
  await inLanes(failpoints, async ({ on, worker, ctx }, name) => {
    const args = [on.url.reveal(), file];
    const killed = await startChild(SCRIPT, args, { HUB_FAILPOINT: name }).ended;
    expect(killed.signal, `${name}: ${killed.errors}`).toBe('SIGKILL');
    await runUntilDone(SCRIPT, args);
    expect(await allDigests(worker), name).toEqual(expected);
    await checkInvariants(ctx);
  });
});

test('A2 killed again and again at random moments, it still ends where the undisturbed run ends', async () => {
  const seed = 7;
  const delays = Array.from({ length: 24 }, (_, index) => 150 + ((index * 7919 * seed) % 1100));
  await inLanes([0, 1, 2], async ({ on, worker, ctx }, part) => {
    const args = [on.url.reveal(), file];
    for (const delay of delays.filter((_, index) => index % 3 === part)) {
      const child = startChild(SCRIPT, args);
      const timer = setTimeout(() => child.kill('SIGKILL'), delay);
      await child.ended;
      clearTimeout(timer);
    }
    await runUntilDone(SCRIPT, args);
    expect(await allDigests(worker), `seed ${seed}`).toEqual(expected);
    await checkInvariants(ctx);
  });
});

test('A10 told to stop, it rolls back or finishes the step, and frees the lease', async () => {
  const [lane] = lanes;
  if (!lane) throw new Error('no database');
  await emptyHub(lane.owner);
  const child = startChild(SCRIPT, [lane.on.url.reveal(), file]);
  await expect
    .poll(async () => (await lane.owner`select 1 from hub.batch`).length, {
      timeout: 60_000,
      interval: 5,
    })
    .toBeGreaterThan(0);
  child.kill('SIGTERM');
  await child.ended;
  const held = await lane.owner`select name from hub.lease where holder is not null`;
  expect([...held]).toEqual([]);
  await runUntilDone(SCRIPT, [lane.on.url.reveal(), file]);
  expect(await allDigests(lane.worker)).toEqual(expected);
});
