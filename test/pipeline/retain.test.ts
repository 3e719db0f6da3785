import { expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { registerFeeds, retainLanded, syncFeed } from '../../src/pipeline/index.ts';
import { keptSince } from '../../src/pipeline/land/retain.ts';
import { testDatabase } from '../harness/database.ts';
import { deliveries, littleCounty, type Package, syncContext } from '../harness/deliver.ts';
import { home, LI, official, unit } from '../harness/little-packages.ts';

const database = testDatabase();

test('months are kept whole', () => {
  expect(keptSince('2026-06-30', 1)).toBe('2026-05-01');
  expect(keptSince('2026-01-31', 12)).toBe('2025-01-01');
});

test('L6 old deliveries go, except what facts of today came from; what was cited stays readable', async () => {
  const { as } = await database.get();
  const [worker, owner] = [as('worker', 6), as('owner', 1)];
  await registerFeeds(worker, await littleCounty());
  for (const [month, from, to] of [
    ['2024_01', '2024-01-01', '2024-02-01'],
    ['2024_02', '2024-02-01', '2024-03-01'],
  ]) {
    await owner.unsafe(`create table parts.landed_page_${month} partition of hub.landed_page
      for values from ('${from}') to ('${to}')`);
  }
  const ctx = await syncContext(worker);
  const sync = (on: string, delivered: Package) =>
    syncFeed(
      { ...ctx, clock: fixedClock(`${on}T04:00:00Z`) },
      delivered.feed,
      deliveries([delivered]),
      'test',
    );
  await sync('2024-02-05', {
    feed: 'roster',
    asOf: '2024-02-05',
    sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
  });
  const homes = (asOf: string, price: string) => ({
    feed: 'homes',
    asOf,
    sheets: { homes: [home('H1', LI, { 价格: price }), home('H2', LI, { 面积: 'groß' })] },
  });
  await sync('2024-01-10', homes('2024-01-10', '1'));
  await sync('2026-06-01', homes('2026-06-01', '2'));

  const keep = (keepMonths: number) =>
    retainLanded({
      sql: worker,
      clock: fixedClock('2026-06-30T04:00:00Z'),
      log: silentLog,
      keepMonths,
    });
  expect(await keep(30)).toBe(0);
  expect(await keep(12)).toBe(1);
  const pages =
    await worker`select landed_on::text as on, sheet from hub.landed_page order by 1, 2`;
  expect([...pages]).toEqual([
    { on: '2024-02-05', sheet: 'officials' },
    { on: '2024-02-05', sheet: 'units' },
    { on: '2026-06-01', sheet: 'homes' },
  ]);
  const parts = await owner`select relname as name from pg_class
    where relnamespace = 'parts'::regnamespace and relname like 'landed_page_2024%' and relkind = 'r'`;
  expect([...parts]).toEqual([{ name: 'landed_page_2024_02' }]);
  const held = await worker`select cells::text like '%groß%' as shown from hub.quarantine`;
  expect([...held]).toEqual([{ shown: true }, { shown: true }]);
});

test('L6 the coming months have their partition, and the workers may neither make nor drop another table', async () => {
  const { as } = await database.get();
  const [worker, owner] = [as('worker', 1), as('owner', 1)];
  await worker`select hub.make_partitions()`;
  const [made] = await owner`select count(*)::int as n from pg_class
    where relnamespace = 'parts'::regnamespace and relkind = 'r'
      and relname >= 'landed_page_' || to_char(current_date, 'YYYY_MM')
      and relname like 'landed_page_2%'`;
  expect(made?.n).toBe(4);
  for (const statement of [
    'drop table hub.batch_page',
    'create table hub.x (y int)',
    'select * from parts.landed_page_rest',
    'drop table parts.landed_page_rest',
  ]) {
    await expect(worker.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  }
  const api = as('api', 1);
  await expect(api`select hub.make_partitions()`).rejects.toMatchObject({ code: '42501' });
  await expect(api`select 1 from hub.landed_page`).rejects.toMatchObject({ code: '42501' });
});
