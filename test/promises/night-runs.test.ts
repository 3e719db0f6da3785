/** One night over one snapshot: the same answer every time, and no answer where there is none. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import { connect } from '../../src/platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { lockIsAwaited } from '../harness/lock-waits.ts';
import { until } from '../harness/until.ts';
import { aboutEveryone, GATE, nightWorld, testRule, traces } from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** A rule that waits until the test opens the gate. */
const gate = testRule(
  'M00',
  (s) => `${aboutEveryone()(s)} where (select pg_advisory_xact_lock(${GATE})) is null`,
);

async function closeGate() {
  const holder = await database.as('owner', 1).reserve();
  await holder`select pg_advisory_lock(${GATE})`;
  const watcher = database.as('owner', 1);
  return {
    waiting: () => lockIsAwaited(watcher, { advisory: GATE }),
    open: async () => {
      await holder`select pg_advisory_unlock(${GATE})`;
      holder.release();
    },
  };
}

test('D1 the same snapshot gives the same findings: twice, in another row order, in another time zone', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.person('trip', [
    { crossing: { direction: 'exit', crossedAt: '2025-05-01 00:30+08', region: 'HKG' } },
    { crossing: { direction: 'entry', crossedAt: '2025-05-03 23:30+08', region: 'HKG' } },
  ]);
  const cars = ['2025-03-01', '2025-04-01', '2025-05-01'].map((registeredOn) => ({
    vehicle: { registeredOn, priceWan: 30 },
  }));
  await world.person('cars', cars);
  const first = await world.night('2026-01-31', { mode: 'full' });
  expect(first.rules.reduce((sum, { findings }) => sum + findings, 0)).toBeGreaterThan(3);
  const owner = database.as('owner', 1);
  for (const table of ['property', 'vehicle', 'income', 'official', 'crossing', 'declaration']) {
    await owner.unsafe(`create temp table copy as select * from hub.${table} order by digest desc`);
    await owner.unsafe(`delete from hub.${table}`);
    await owner.unsafe(`insert into hub.${table} select * from copy`);
    await owner.unsafe('drop table copy');
  }
  const abroad = connect(database.url, { role: 'worker', max: 5 });
  const connections = await Promise.all(Array.from({ length: 5 }, () => abroad.reserve()));
  for (const connection of connections) {
    await connection`set timezone = 'America/Los_Angeles'`;
    connection.release();
  }
  const second = await world.night('2026-01-31', { mode: 'full' }, { sql: abroad });
  await abroad.end();
  expect(second.findingsDigest).toBe(first.findingsDigest);
  expect(second.warnings).toEqual({ raised: 0, changed: 0, lapsed: 0, seenAgain: 0 });
});

test('D1 a night that finds the same changes no row', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.person('gap', [
    { crossing: { direction: 'exit', crossedAt: '2025-05-01 09:00+08' } },
  ]);
  await world.night('2026-01-31', { mode: 'full' });
  const before = await traces(world.sql);
  await world.night('2026-02-01', { mode: 'full' });
  expect(await traces(world.sql)).toEqual(before);
});

test('D2 facts that change while rules run do not show in that night', async () => {
  const worker = database.as('worker', 6);
  const rules = [gate, testRule('M01', aboutEveryone(`(select count(*) from hub.property)`))];
  const world = await nightWorld(worker, rules);
  const { personId } = await world.person('one', [{ property: {} }]);
  const door = await closeGate();
  const night = world.night('2026-01-31');
  await door.waiting();
  await worker`delete from hub.property`;
  await door.open();
  await night;
  const [found] = await worker`
    select facts->0->>'valueEn' as value from hub.finding where rule_id = 'M01' and person_id = ${personId}`;
  expect(found?.value).toBe('1');
});

test('D3 ten nights started at once: one works, nine yield at once and say so', async () => {
  const worker = database.as('worker', 16);
  const world = await nightWorld(worker, [gate]);
  await world.person('one');
  const door = await closeGate();
  let refused = 0;
  const starts = Array.from({ length: 10 }, () =>
    world.night('2026-01-31').catch((error: unknown) => {
      refused += 1;
      return error;
    }),
  );
  await until(async () => refused === 9);
  const [running] = await worker`select count(*)::int as n from hub.night where state = 'running'`;
  expect(running?.n).toBe(1);
  await door.open();
  const results = await Promise.all(starts);
  expect(results.filter((result) => result instanceof Error)).toHaveLength(9);
  for (const error of results.filter((result) => result instanceof Error)) {
    expect(error).toMatchObject({ code: 'run.busy' });
  }
  expect(await worker`select state from hub.night`).toMatchObject([{ state: 'done' }]);
});

test('A8 a night whose turn another has taken raises nothing', async () => {
  const worker = database.as('worker', 8);
  const world = await nightWorld(worker, [gate, testRule('M01', aboutEveryone())]);
  await world.person('one');
  const door = await closeGate();
  const night = world.night('2026-01-31');
  await door.waiting();
  await worker`update hub.lease set token = token + 1, holder = 'another' where name = 'night'`;
  await door.open();
  await expect(night).rejects.toMatchObject({ code: 'run.superseded' });
  expect([...(await worker`select rule_id from hub.warning`)]).toEqual([]);
  expect([...(await worker`select rule_id from hub.finding`)]).toEqual([]);
});

test('D4 a rule that throws or takes too long is reported as not evaluated; the others finish', async () => {
  const good = [
    testRule('M01', aboutEveryone()),
    testRule('M02', aboutEveryone()),
    testRule('M03', aboutEveryone()),
  ];
  const world = await nightWorld(database.as('worker'), good);
  await world.person('one');
  await world.night('2026-01-31');
  const before = await traces(world.sql);
  const bad = [
    testRule('M01', (s) => `${aboutEveryone()(s)} where 1 / (select 0) = 1`, { version: 2 }),
    testRule('M02', (s) => `${aboutEveryone()(s)} where (select pg_sleep(600)) is not null`, {
      version: 2,
    }),
    testRule('M03', aboutEveryone()),
  ];
  await registerRules(world.sql, bad);
  const night = await world.night(
    '2026-02-01',
    { mode: 'full' },
    { rules: bad, ruleTimeoutMs: 300 },
  );
  expect(night.rules.map(({ ruleId, state }) => [ruleId, state])).toEqual([
    ['M01', 'failed'],
    ['M02', 'failed'],
    ['M03', 'evaluated'],
  ]);
  const runs = await world.sql`
    select rule_id, state, reason_en from hub.rule_run where night_id = ${night.nightId} order by rule_id`;
  expect(runs.map(({ reason_en }) => reason_en)).toEqual([
    'Failed; not evaluated this time',
    'Took too long; not evaluated this time',
    null,
  ]);
  expect(await traces(world.sql)).toEqual(before);
});

test('D4 a rule that gives two findings for one subject and period fails', async () => {
  const doubled = testRule(
    'M01',
    (s) => `${aboutEveryone()(s)} union all ${aboutEveryone(`'y'`)(s)}`,
  );
  const world = await nightWorld(database.as('worker'), [doubled]);
  await world.person('one');
  expect((await world.night('2026-01-31')).rules).toMatchObject([{ state: 'failed' }]);
});

test('D6 a late feed makes its rules stale and closes nothing; fresh data are judged for everyone again', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.night('2026-01-31');
  const before = await traces(world.sql);
  await world.end('property', personId, '2026-03-01');
  const late = await world.night('2026-04-15');
  expect(late.rules.find(({ ruleId }) => ruleId === 'A01')).toMatchObject({ state: 'stale' });
  const { warnings } = await traces(world.sql);
  expect(warnings).toBe(before.warnings);
  await world.deliver('2026-04-16');
  const fresh = await world.night('2026-04-16');
  expect(fresh.rules.find(({ ruleId }) => ruleId === 'A01')).toMatchObject({
    state: 'evaluated',
    scope: 'everyone',
  });
  expect(fresh.warnings.lapsed).toBe(1);
});

test('D6 without any delivery a rule is not checkable, which is apart from "nothing found"', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.sql`delete from hub.batch where feed_id = 'real-estate'`;
  const night = await world.night('2026-01-31');
  expect(night.rules.find(({ ruleId }) => ruleId === 'A01')).toMatchObject({
    state: 'not-checkable',
    findings: 0,
  });
  expect(night.rules.find(({ ruleId }) => ruleId === 'T01')).toMatchObject({ state: 'evaluated' });
});

test('D7 a rule whose query changed under the same version does not register', async () => {
  const worker = database.as('worker');
  await registerRules(worker, [testRule('M01', aboutEveryone())]);
  await expect(
    registerRules(worker, [testRule('M01', aboutEveryone(`'y'`), { source: 'edited' })]),
  ).rejects.toMatchObject({
    code: 'rule.changed-without-version',
    details: { changed: 'M01 (findings)', ids: 'M01' },
  });
  await registerRules(worker, [testRule('M01', aboutEveryone(`'y'`), { version: 2 })]);
  expect(await worker`select version from hub.rule`).toMatchObject([{ version: 2 }]);
});

test('D8 a rule that asks about everyone is held: no warning, and the run says so', async () => {
  const world = await nightWorld(database.as('worker'), [testRule('M01', aboutEveryone())]);
  for (let i = 0; i < 60; i += 1) await world.person(`p${i}`);
  const night = await world.night('2026-01-31');
  expect(night.rules).toMatchObject([{ state: 'held', findings: 60 }]);
  expect(night.warnings.raised).toBe(0);
  expect(
    await world.sql`select 1 from hub.warning union all select 1 from hub.finding`,
  ).toHaveLength(0);
  await world.sql`
    insert into hub.rule_parameter (rule_id, name, valid_from, value, label_zh, label_en, basis, author, reason)
    values ('M01', 'surgePercent', '2026-02-01', '100', '', '', '', 'u1', 'reviewed')`;
  const released = await world.night('2026-02-01');
  expect(released).toMatchObject({ warnings: { raised: 60 } });
});
