/** Meaning does not depend on how deliveries arrive. */
import { beforeEach, expect, test } from 'vitest';
import { registerFeeds, type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { createTestDatabase, type TestDatabase, testDatabase } from '../harness/database.ts';
import { deliveries, littleCounty, type Package, syncContext } from '../harness/deliver.ts';
import { allDigests, graphDigests } from '../harness/digests.ts';
import { emptyHub } from '../harness/empty-hub.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { PACKAGES } from '../harness/little-packages.ts';

const database = testDatabase();
const AT_ONCE = 4;
let sql: Sql;
let owner: Sql;
let ctx: SyncContext;

beforeEach(async () => {
  const { as } = await database.get();
  sql ??= as('worker', 4);
  owner ??= as('owner', 1);
  ctx = await syncContext(sql);
  await startAnew(owner, sql);
});

async function startAnew(asOwner: Sql, asWorker: Sql) {
  await emptyHub(asOwner);
  await registerFeeds(asWorker, await littleCounty());
}

async function deliverAll(to: SyncContext, packages: readonly Package[]) {
  for (const each of packages) {
    const outcome = await syncFeed(to, each.feed, deliveries([each]), 'test');
    expect(outcome.state).toBe('done');
  }
}

/** Small, seeded and printed with a failure, so that a failing order can be repeated. */
function shuffles(count: number, seed: number): number[][] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () =>
    PACKAGES.map((_, index) => ({ index, place: next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ index }) => index),
  );
}

async function digestsOfOrders(on: TestDatabase, orders: readonly number[][]) {
  const [asOwner, asWorker] = [on.as('owner', 1), on.as('worker', 4)];
  const to = await syncContext(asWorker);
  const found = [];
  for (const order of orders) {
    await startAnew(asOwner, asWorker);
    await deliverAll(
      to,
      order.flatMap((index) => PACKAGES[index] ?? []),
    );
    found.push({ order, digests: await graphDigests(asWorker) });
  }
  await checkInvariants(to);
  return found;
}

test('C2 forty orders of arrival of eleven batches, corrected declarations among them, give one graph', async () => {
  await deliverAll(ctx, PACKAGES);
  const expected = await graphDigests(sql);
  const orders = shuffles(40, 20260630);
  const databases = await Promise.all(Array.from({ length: AT_ONCE }, createTestDatabase));
  try {
    const found = await Promise.all(
      databases.map((on, part) =>
        digestsOfOrders(
          on,
          orders.filter((_, index) => index % AT_ONCE === part),
        ),
      ),
    );
    expect(found.flat()).toHaveLength(40);
    for (const { order, digests } of found.flat()) {
      expect(digests, `order ${order}`).toEqual(expected);
    }
  } finally {
    await Promise.all(databases.map((on) => on.drop()));
  }
});

test('C2 the county of the permutations holds facts in every table they are about', async () => {
  await deliverAll(ctx, PACKAGES);
  const digests = await graphDigests(sql);
  const filled = Object.entries(digests).filter(([, digest]) => !digest.startsWith('0:'));
  expect(filled.map(([table]) => table)).toEqual([
    'declaration',
    'declared_property',
    'kinship',
    'official',
    'property',
    'travel_document',
    'crossing',
    'unit',
    'trip',
    'person',
    'kin_authority',
    'cadre_name',
    'identifier',
    'quarantine',
    'record',
  ]);
});

test('C1 a delivery made twice, or under another name, changes nothing', async () => {
  await deliverAll(ctx, PACKAGES);
  const before = await allDigests(sql);
  const again = PACKAGES.map((each) => ({ ...each, name: `copy of ${each.feed}` }));
  for (const each of again) {
    const outcome = await syncFeed(ctx, each.feed, deliveries([each, each]), 'test');
    const kinds = outcome.deliveries.map(({ outcome: kind }) => kind);
    expect(kinds).toEqual(['already-known', 'already-known']);
  }
  expect(await allDigests(sql)).toEqual(before);
});

test('C2 packages of one feed in one run, newest first, give the same graph', async () => {
  await deliverAll(ctx, PACKAGES);
  const expected = await graphDigests(sql);
  await startAnew(owner, sql);
  for (const feed of ['border', 'declaration', 'homes', 'family', 'roster']) {
    const own = PACKAGES.filter((each) => each.feed === feed).toReversed();
    await syncFeed(ctx, feed, deliveries(own), 'test');
  }
  expect(await graphDigests(sql)).toEqual(expected);
});
