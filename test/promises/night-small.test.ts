/** A small night costs what changed and answers as a full one would; a past night answers as it did. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { nightWorld, traces } from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const home = [{ property: { registeredOn: '2018-03-01' } }];
const complaints = ['2025-09-01', '2025-10-01', '2025-11-01'].map((receivedOn) => ({
  petition: { receivedOn },
}));

test('D1 small nights leave what full nights would leave', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('quiet');
  await world.person('home', home);
  const seller = await world.person('seller', home);
  await world.person('spouse', [{ property: { of: 'spouse', registeredOn: '2018-03-01' } }]);
  await world.person('complaints', complaints);
  await world.person('stacked', [
    ...complaints,
    { vehicle: { registeredOn: '2025-03-01', priceWan: 30 } },
  ]);
  const first = await world.night('2026-01-25');
  expect(first.mode).toBe('full');
  await world.deliver('2026-01-30');
  await world.end('property', seller.personId, '2026-01-30');
  await world.add(
    'quiet',
    [{ vehicle: { registeredOn: '2025-06-01', priceWan: 40 } }],
    '2026-01-30',
  );
  await world.add(
    'home',
    [{ property: { of: 'spouse', registeredOn: '2019-01-01' } }],
    '2026-01-30',
  );
  await world.person('late', [{ post: { startedOn: '2010-01-01' } }], '2026-01-30');
  const small = await world.night('2026-01-31');
  expect(small).toMatchObject({ mode: 'delta', persons: 4 });
  expect(small.warnings).toMatchObject({ lapsed: 1 });
  const before = await traces(world.sql);
  const full = await world.night('2026-01-31', { mode: 'full' });
  expect(full.warnings).toEqual({ raised: 0, changed: 0, lapsed: 0, seenAgain: 0 });
  expect(await traces(world.sql)).toEqual(before);
});

test('D1 a night without changes looks at nobody and changes nothing', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', home);
  await world.person('stacked', [
    ...complaints,
    { vehicle: { registeredOn: '2025-03-01', priceWan: 30 } },
  ]);
  await world.night('2026-01-25');
  const before = await traces(world.sql);
  expect(await world.night('2026-01-26')).toMatchObject({ mode: 'delta', persons: 0 });
  expect(await traces(world.sql)).toEqual(before);
});

test('D1 the passing of days alone wakes those whose clock ran out', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('ten years', [{ post: { startedOn: '2016-01-28' } }]);
  await world.person('nine years', [{ post: { startedOn: '2017-01-28' } }]);
  await world.person(
    'complaints',
    ['2025-01-28', '2025-09-01', '2025-10-01'].map((receivedOn) => ({ petition: { receivedOn } })),
  );
  expect((await world.night('2026-01-25')).warnings.raised).toBe(1);
  const night = await world.night('2026-01-28');
  expect(night).toMatchObject({ mode: 'delta', persons: 2, warnings: { raised: 1, lapsed: 1 } });
});

test('D1 facts delivered ahead of a night are judged on the day they are known', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.deliver('2026-02-10');
  await world.person('ahead', home, '2026-02-10');
  expect((await world.night('2026-02-01')).warnings.raised).toBe(0);
  expect(await world.night('2026-02-10')).toMatchObject({ mode: 'delta', warnings: { raised: 1 } });
});

test('D1 a changed parameter makes its rule look at everyone again, and only that rule', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('nine', [{ post: { startedOn: '2017-01-10' } }]);
  expect((await world.night('2026-01-25')).warnings.raised).toBe(0);
  await world.sql`
    insert into hub.rule_parameter (rule_id, name, valid_from, value, label_zh, label_en, basis, author, reason)
    values ('T01', 'years', '2026-01-26', '9', '', '', '', 'u1', 'local rule')`;
  const night = await world.night('2026-01-26');
  expect(
    night.rules.filter(({ scope }) => scope === 'everyone').map(({ ruleId }) => ruleId),
  ).toEqual(['T01', 'X01']);
  expect(night.warnings.raised).toBe(1);
});

test('D1 a past night repeated after later deliveries finds what it found, and changes nothing', async () => {
  const world = await nightWorld(database.as('worker'));
  const seller = await world.person('seller', home);
  await world.person('complaints', complaints);
  const first = await world.night('2026-01-31');
  await world.deliver('2026-02-20');
  await world.end('property', seller.personId, '2026-02-20');
  await world.person('later', home, '2026-02-20');
  await world.night('2026-02-20');
  const before = await traces(world.sql);
  const again = await world.night('2026-01-31');
  expect(again.isRepeat).toBe(true);
  expect(again.findingsDigest).toBe(first.findingsDigest);
  expect(again.comparison).toEqual({ onlyStored: 0, onlyRepeated: 0, different: 0 });
  expect(await traces(world.sql)).toEqual(before);
  expect(await world.night('2026-02-21')).toMatchObject({ mode: 'delta', persons: 0 });
});
