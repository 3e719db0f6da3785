/** What an operator sees of a pull is true: its counts, its beginning, and how far it is. */

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deliveries, type Package } from '../harness/deliver.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import {
  company,
  crossing,
  home,
  LI,
  official,
  shareholder,
  travelDocument,
  unit,
  WIFE,
} from '../harness/little-packages.ts';

let sql: Sql;
let ctx: SyncContext;

littleHub((hub) => {
  ({ sql, ctx } = hub);
});

const homes = (asOf: string, ...units: string[]): Package => ({
  feed: 'homes',
  asOf,
  sheets: { homes: units.map((no) => home(no, LI)) },
});

test('A1 a run tried again adds to its counts and keeps its beginning', async () => {
  const syncRunId = randomUUID();
  const broken: Package = {
    ...homes('2026-02-10', 'H1', 'H2', 'H3'),
    breaksAfter: { rows: 1, error: new Error('the line broke') },
  };
  const attempt = (at: string, ...packages: Package[]) =>
    syncFeed(
      { ...ctx, syncRunId, clock: { ...ctx.clock, now: () => new Date(at) } },
      'homes',
      deliveries(packages),
      'test',
    );
  await expect(
    attempt('2026-06-30T01:00:00Z', homes('2026-01-10', 'H1', 'H2', 'H4'), broken),
  ).rejects.toThrow();
  await attempt('2026-06-30T02:00:00Z', homes('2026-01-10', 'H1', 'H2', 'H4'), {
    ...homes('2026-02-10', 'H1', 'H2', 'H4', 'H5'),
  });
  const [run] = await sql`select state, batches, rows_landed, started_at from hub.sync_run`;
  expect(run).toEqual({
    state: 'done',
    batches: 2,
    rows_landed: 7,
    started_at: new Date('2026-06-30T01:00:00Z'),
  });
  await checkInvariants(ctx);
});

test('A1 progress within link rises with the kinds that are done', async () => {
  const seen: number[] = [];
  const watched: SyncContext = {
    ...ctx,
    onProgress(step, done, total = 1) {
      if (step === 'link') seen.push(done / total);
    },
  };
  const packages: Package[] = [
    {
      feed: 'border',
      asOf: '2026-01-04',
      sheets: {
        documents: [travelDocument('E10000001', LI, '李明')],
        crossings: [crossing('E10000001', '李明', '出', '2026-01-02 10:00:00')],
      },
    },
    {
      feed: 'companies',
      asOf: '2026-01-04',
      sheets: {
        companies: [company('虚构商贸有限公司')],
        shareholders: [shareholder(LI, '虚构商贸有限公司'), shareholder(WIFE, '虚构商贸有限公司')],
      },
    },
    {
      feed: 'roster',
      asOf: '2026-01-05',
      sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
    },
  ];
  for (const each of packages) {
    seen.length = 0;
    await syncFeed(watched, each.feed, deliveries([each]), 'test');
    expect(seen.at(0)).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen.filter((share) => share > 0 && share < 1).length).toBeGreaterThanOrEqual(2);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  }
});
