/** Feeds pulled side by side give the graph that one after the other gives, whoever is killed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerFeeds, type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { takeChangeNumber } from '../../src/pipeline/link/changes.ts';
import type { Sql } from '../../src/platform/database.ts';
import { runUntilDone, startChild } from '../harness/child.ts';
import { testDatabase } from '../harness/database.ts';
import { deliveries, littleCounty, type Package, syncContext } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { emptyHub } from '../harness/empty-hub.ts';
import { checkInvariants } from '../harness/invariants.ts';
import {
  company,
  income,
  LI,
  PACKAGES,
  shareholder,
  WIFE,
  ZHAO,
} from '../harness/little-packages.ts';
import { lockIsAwaited } from '../harness/lock-waits.ts';

const ALL: readonly Package[] = [
  ...PACKAGES,
  {
    feed: 'income',
    asOf: '2026-02-15',
    sheets: { income: [LI, WIFE, ZHAO].map((id) => income(id, '2025', '100000')) },
  },
  {
    feed: 'companies',
    asOf: '2026-02-16',
    sheets: {
      companies: [company('虚构商贸有限公司')],
      shareholders: [shareholder(WIFE, '虚构商贸有限公司'), shareholder(ZHAO, '虚构商贸有限公司')],
    },
  },
];
const FEEDS = [...new Set(ALL.map(({ feed }) => feed))];
const packagesOf = (feed: string) => ALL.filter((each) => each.feed === feed);

const database = testDatabase();
let sql: Sql;
let owner: Sql;
let ctx: SyncContext;
let expected: Record<string, string>;
let folder: string;

async function startAnew() {
  await emptyHub(owner);
  await registerFeeds(sql, await littleCounty());
}

beforeAll(async () => {
  const { as } = await database.get();
  sql = as('worker', 24);
  owner = as('owner', 1);
  ctx = await syncContext(sql);
  folder = mkdtempSync(join(tmpdir(), 'hub-concurrent-'));
  await startAnew();
  for (const each of ALL) await syncFeed(ctx, each.feed, deliveries([each]), 'test');
  expected = await graphDigests(sql);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(startAnew);

/** Seeded, so that a failing round can be repeated. */
const turned = <T>(list: readonly T[], by: number): T[] => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
];

test('C2 six feeds at once, each in another order, give one graph every time', async () => {
  expect(
    Object.values(expected).filter((digest) => !digest.startsWith('0:')).length,
  ).toBeGreaterThan(12);
  for (let round = 0; round < 12; round += 1) {
    await startAnew();
    await Promise.all(
      turned(FEEDS, round).map(async (feed) => {
        for (const each of turned(packagesOf(feed), round)) {
          const { state } = await syncFeed(ctx, feed, deliveries([each]), 'test');
          expect(state).toBe('done');
        }
      }),
    );
    expect(await graphDigests(sql), `round ${round}`).toEqual(expected);
  }
  await checkInvariants(ctx);
});

test('A2 workers of six feeds killed at random moments still end in that graph', async () => {
  const { url } = await database.get();
  const files = FEEDS.map((feed) => {
    const file = join(folder, `${feed}.json`);
    writeFileSync(file, JSON.stringify(packagesOf(feed)));
    return file;
  });
  const seed = 11;
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      files.map(async (file, index) => {
        const child = startChild('sync-packages.ts', [url.reveal(), file]);
        const delay = 700 + (((round + 1) * (index + 3) * 7919 * seed) % 2500);
        const timer = setTimeout(() => child.kill('SIGKILL'), delay);
        await child.ended;
        clearTimeout(timer);
      }),
    );
  }
  await Promise.all(files.map((file) => runUntilDone('sync-packages.ts', [url.reveal(), file])));
  expect(await graphDigests(sql), `seed ${seed}`).toEqual(expected);
  await checkInvariants(ctx);
});

test('D1 numbers of changes become visible in their order, however commits overtake each other', async () => {
  const order: string[] = [];
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    goOn = done;
  });
  let taken: () => void = () => undefined;
  const firstHasIt = new Promise<void>((done) => {
    taken = done;
  });
  const first = sql.begin(async (tx) => {
    const no = await takeChangeNumber(tx);
    taken();
    await held;
    order.push('first');
    return no;
  });
  await firstHasIt;
  const second = sql.begin(async (tx) => {
    const no = await takeChangeNumber(tx);
    order.push('second');
    return no;
  });
  await lockIsAwaited(owner, { advisory: 'any' });
  goOn();
  expect(await first).toBeLessThan(await second);
  expect(order).toEqual(['first', 'second']);
});
