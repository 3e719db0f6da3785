/** Rows that repeat cost their batch a list of pages; what they state counts all the same. */

import { beforeEach, expect, test } from 'vitest';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deliveries, littleCounty, type Package } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import { home, income, LI, official, STRANGER, unit, WIFE } from '../harness/little-packages.ts';

let sql: Sql;
let ctx: SyncContext;
let startAnew: () => Promise<void>;

littleHub((hub) => {
  ({ sql, ctx, startAnew } = hub);
});
beforeEach(() =>
  sync({
    feed: 'roster',
    asOf: '2026-01-01',
    sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
  }),
);

const sync = (...packages: Package[]) =>
  syncFeed(ctx, packages[0]?.feed ?? '', deliveries(packages), 'test');

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);
const homes = (asOf: string, numbers: readonly number[], price = (_: number) => '1'): Package => ({
  feed: 'homes',
  asOf,
  sheets: { homes: numbers.map((n) => home(`H${n * 7919}`, LI, { 价格: price(n) })) },
});

const counts = async () => {
  const [row] = await sql`select (select count(*) from hub.record)::int as records,
    (select count(*) from hub.record_page)::int as pages,
    (select count(*) from hub.stated)::int as stated`;
  return row as { records: number; pages: number; stated: number };
};

const ALL = upTo(1500);

test('C1 rows that repeat add statements to the log and no record', async () => {
  await sync(homes('2026-02-01', ALL));
  const first = await counts();
  expect(first.pages).toBeGreaterThan(3);
  const again = await sync(homes('2026-03-01', ALL));
  expect(again.deliveries).toMatchObject([{ outcome: 'linked' }]);
  const second = await counts();
  expect(second).toEqual({ ...first, stated: first.stated + ALL.length });
  const [batch] = await sql`select rows_landed as landed, rows_recorded as recorded
    from hub.batch where as_of = '2026-03-01'`;
  expect(batch).toEqual({ landed: 1500, recorded: 1500 });
  const [told] = await sql`select count(*)::int as facts, min(known_from)::text as since,
    max(known_to)::text as until from hub.property`;
  expect(told).toEqual({ facts: 1500, since: '2026-02-01', until: 'infinity' });
  await checkInvariants(ctx);
});

test('C1 one row that changes, one that goes and one that comes cost the pages around them', async () => {
  await sync(homes('2026-02-01', ALL));
  const first = await counts();
  const without = [...ALL.filter((n) => n !== 700), 5000];
  await sync(homes('2026-03-01', without, (n) => (n === 300 ? '2' : '1')));
  const second = await counts();
  expect(second.pages - first.pages).toBeLessThan(first.pages);
  const facts = await sql`select unit_no, price_fen::int as fen, known_from::text as since,
      known_to::text as until from hub.property
    where known_to <> 'infinity' or known_from <> '2026-02-01' order by unit_no, known_from`;
  const [from, to] = ['2026-02-01', '2026-03-01'];
  expect([...facts]).toEqual(
    [
      { unit_no: `H${300 * 7919}`, fen: 100, since: from, until: to },
      { unit_no: `H${300 * 7919}`, fen: 200, since: to, until: 'infinity' },
      { unit_no: `H${700 * 7919}`, fen: 100, since: from, until: to },
      { unit_no: `H${5000 * 7919}`, fen: 100, since: to, until: 'infinity' },
    ].sort((a, b) => (a.unit_no + a.since < b.unit_no + b.since ? -1 : 1)),
  );
  await checkInvariants(ctx);
});

test('C2 repeated, changed and late deliveries give the same graph in any order of arrival', async () => {
  const some = upTo(400);
  const packages = [
    homes('2026-02-01', some),
    homes('2026-03-01', some, (n) => (n % 97 === 0 ? '2' : '1')),
    homes(
      '2026-04-01',
      some.filter((n) => n !== 7),
    ),
    homes('2026-05-01', some),
  ];
  const graphs: Record<string, string>[] = [];
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [3, 0, 2, 1],
    [1, 3, 0, 2],
  ]) {
    await startAnew();
    await sync({
      feed: 'roster',
      asOf: '2026-01-01',
      sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
    });
    for (const n of order) await sync(packages[n] as Package);
    await checkInvariants(ctx);
    graphs.push(await graphDigests(sql));
  }
  for (const graph of graphs) expect(graph).toEqual(graphs[0]);
});

test('C1 bad rows and doubled keys of a repeated page are held and counted again', async () => {
  const rows = [
    ...upTo(300).map((n) => ({ ...income(LI, '2025', String(n + 1)), 单位代码: `P1${n}` })),
    income(LI, '2024', 'viele'),
    income(LI, '2023', '1'),
    income(WIFE, '2023', '1'),
    income(LI, '2023', '2'),
    income(STRANGER, '2023', '2'),
  ];
  const delivered = (asOf: string) => ({ feed: 'income', asOf, sheets: { income: rows } });
  await sync(delivered('2026-02-01'));
  const { records } = await counts();
  await sync(delivered('2026-03-01'));
  expect((await counts()).records).toBe(records);
  const batches = await sql`select rows_recorded as r, rows_quarantined as q, rows_superseded as s
    from hub.batch where feed_id = 'income' order by as_of`;
  expect(batches[0]).toMatchObject({ q: 1, s: 1 });
  expect(batches[1]).toEqual(batches[0]);
  const held = await sql`select ordinal, cells::text like '%viele%' as shown from hub.quarantine`;
  expect([...held]).toEqual([
    { ordinal: 301, shown: true },
    { ordinal: 301, shown: true },
  ]);
  const [fact] = await sql`select gross_fen::int as fen from hub.income
    where tax_year = 2023 and person_id in (select person_id from hub.official)`;
  expect(fact?.fen).toBe(200);
  await checkInvariants(ctx);
});

test('C1 a changed manifest reads repeated rows anew', async () => {
  const rows = [income(LI, '2025', '100000')];
  await sync({ feed: 'income', asOf: '2026-02-01', sheets: { income: rows } });
  const connectors = new Map(await littleCounty());
  const feed = connectors.get('income');
  if (!feed) throw new Error('no income feed');
  connectors.set('income', { ...feed, manifest: { ...feed.manifest, agreementNo: 'another' } });
  ctx = { ...ctx, connectors };
  await sync({ feed: 'income', asOf: '2026-03-01', sheets: { income: rows } });
  const pages = await sql`select 1 from hub.record_page where sheet = 'income'`;
  expect(pages).toHaveLength(2);
});

test('C1 a row that comes to a repeated delivery under a key it already has replaces the older row', async () => {
  const rows = upTo(1500).map((n) => ({ ...income(LI, '2025', '1'), 单位代码: `P${n * 7919}` }));
  const delivered = (asOf: string, more: typeof rows) => ({
    feed: 'income',
    asOf,
    sheets: { income: [...rows, ...more] },
  });
  await sync(delivered('2026-02-01', []));
  const again = { ...income(LI, '2025', '2'), 单位代码: `P${7919}` };
  await sync(delivered('2026-03-01', [again]));
  const [batch] = await sql`select rows_recorded as recorded, rows_superseded as superseded
    from hub.batch where as_of = '2026-03-01'`;
  expect(batch).toEqual({ recorded: 1500, superseded: 1 });
  const facts = await sql`select gross_fen::int as fen from hub.income
    where payer_code = ${`P${7919}`} and known_to = 'infinity'`;
  expect([...facts]).toEqual([{ fen: 200 }]);
  await checkInvariants(ctx);
});
