/** Which of two deliveries counts is said by the department or by arrival, never by their bytes. */
import { expect, test } from 'vitest';
import { syncFeed } from '../../src/pipeline/index.ts';
import type { Delivery } from '../../src/transports/delivery.ts';
import { deliveries, delivery, type Package } from '../harness/deliver.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { type LittleHub, littleHub, syncWell } from '../harness/little-hub.ts';
import { home, income, LI, ROSTER_OF_LI } from '../harness/little-packages.ts';

let sql: LittleHub['sql'];
let ctx: LittleHub['ctx'];

littleHub(async (hub) => {
  ({ sql, ctx } = hub);
  await syncWell(ctx, [ROSTER_OF_LI]);
});

const sync = (...packages: Package[]) =>
  syncFeed(ctx, packages[0]?.feed ?? '', deliveries(packages), 'test');

/** The same bytes whatever the date, as a file has them. */
const syncAs = (digest: string, given: Package) => {
  async function* one(): AsyncIterable<Delivery> {
    yield { ...delivery(given), digest };
  }
  return syncFeed(ctx, given.feed, one(), 'test');
};

const incomes = (asOf: string, ...rows: ReturnType<typeof income>[]): Package => ({
  feed: 'income',
  asOf,
  sheets: { income: rows },
});

const yuan = async () => {
  const rows =
    await sql`select gross_fen / 100 as yuan from hub.income where known_to = 'infinity'`;
  return rows.map((row) => Number(row.yuan));
};

test('corrections of one date and number count in the order of arrival, whatever their bytes', async () => {
  for (const amount of ['70', '30', '90', '10', '50', '20', '80']) {
    const { deliveries: outcomes } = await sync(incomes('2026-02-01', income(LI, '2025', amount)));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['linked']);
    expect(await yuan()).toEqual([Number(amount)]);
  }
  await checkInvariants(ctx);
  expect(await yuan()).toEqual([80]);
});

test('the number the department gives goes before arrival', async () => {
  await sync({ ...incomes('2026-02-01', income(LI, '2025', '2')), sequence: 2 });
  await sync({ ...incomes('2026-02-01', income(LI, '2025', '1')), sequence: 1 });
  expect(await yuan()).toEqual([2]);
  await checkInvariants(ctx);
});

test('rows sent again unchanged on the same date keep the row they are cited by', async () => {
  const [a, b] = [income(LI, '2024', '1'), income(LI, '2025', '2')];
  await sync(incomes('2026-02-01', a, b));
  const cited = () =>
    sql`select tax_year, batch_id, ordinal, known_from from hub.income
      where known_to = 'infinity' and tax_year < 2026 order by 1`;
  const before = [...(await cited())];
  const changes = await sql`select 1 from hub.changed_subject`;
  for (const other of ['5', '6', '7']) {
    await sync(incomes('2026-02-01', income(LI, '2026', other), a, b));
    expect([...(await cited())]).toEqual(before);
  }
  await checkInvariants(ctx);
  expect([...(await cited())]).toEqual(before);
  expect(await sql`select 1 from hub.changed_subject`).toHaveLength(changes.length + 3);
});

test('a value put back on the same date is as if it had stayed', async () => {
  const [a, b] = [income(LI, '2025', '1'), income(LI, '2025', '2')];
  await sync(incomes('2026-02-01', a));
  await sync(incomes('2026-03-01', b), { ...incomes('2026-03-01', a), sequence: 2 });
  const [row] =
    await sql`select count(*)::int as facts, min(known_from)::text as since from hub.income`;
  expect(row).toEqual({ facts: 1, since: '2026-02-01' });
  await checkInvariants(ctx);
});

test('the same bytes under a later date are news: the register was the same that day too', async () => {
  const homes: Package = { feed: 'homes', asOf: '2026-02-01', sheets: { homes: [home('H1', LI)] } };
  await syncAs('same bytes', homes);
  const again = await syncAs('same bytes', homes);
  expect(again.deliveries.map(({ outcome }) => outcome)).toEqual(['already-known']);
  const later = await syncAs('same bytes', { ...homes, asOf: '2026-05-01' });
  expect(later.deliveries.map(({ outcome }) => outcome)).toEqual(['linked']);
  const [feed] = await sql`select data_as_of::text from hub.feed where feed_id = 'homes'`;
  expect(feed?.data_as_of).toBe('2026-05-01');
  const facts = await sql`select known_from::text from hub.property`;
  expect(facts.map(({ known_from }) => known_from)).toEqual(['2026-02-01']);
  await checkInvariants(ctx);
});

test('C1 an old delta that comes again under a later date is known, and undoes no correction', async () => {
  const of = (asOf: string, amount: string) => incomes(asOf, income(LI, '2025', amount));
  await syncAs('old bytes', of('2026-02-01', '1'));
  await syncAs('corrected bytes', of('2026-03-01', '2'));
  const again = await syncAs('old bytes', of('2026-04-01', '1'));
  expect(again.deliveries.map(({ outcome }) => outcome)).toEqual(['already-known']);
  expect(await yuan()).toEqual([2]);
  await checkInvariants(ctx);
});

test('a correction that is taken back under the same name counts', async () => {
  const of = (amount: string) => incomes('2026-02-01', income(LI, '2025', amount));
  for (const amount of ['1', '2', '1']) await syncAs(`bytes ${amount}`, of(amount));
  expect(await yuan()).toEqual([1]);
  const again = await syncAs('bytes 1', of('1'));
  expect(again.deliveries.map(({ outcome }) => outcome)).toEqual(['already-known']);
  const copy = await syncAs('bytes 1', { ...of('1'), name: 'a copy' });
  expect(copy.deliveries.map(({ outcome }) => outcome)).toEqual(['already-known']);
  await checkInvariants(ctx);
});

test('a delivery dated after today is refused by name and holds nobody up', async () => {
  const outcome = await sync(
    incomes('2026-02-01', income(LI, '2024', '1')),
    incomes('2087-01-01', income(LI, '2025', '2')),
    incomes('2026-03-01', income(LI, '2026', '3')),
  );
  expect(outcome.deliveries.map((each) => each.outcome)).toEqual(['linked', 'refused', 'linked']);
  expect(outcome.error).toMatchObject({ code: 'source.dated-ahead' });
  expect(outcome.error?.chinese).toContain('2087-01-01');
  expect(await sql`select 1 from hub.batch where as_of > '2026-06-30'`).toHaveLength(0);
  const [feed] = await sql`select data_as_of::text from hub.feed where feed_id = 'income'`;
  expect(feed?.data_as_of).toBe('2026-03-01');
  expect(await yuan()).toEqual([1, 3]);
});
