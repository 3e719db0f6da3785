/** What a night could not answer is said everywhere, and bars no later night from answering it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { aboutEveryone, nightWorld, testRule } from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const home = [{ property: { registeredOn: '2018-03-01' } }];
const fails = testRule('M01', (s) => `${aboutEveryone()(s)} where 1 / (select 0) = 1`);
const works = testRule('M02', aboutEveryone());

test('D6 a night with unanswered rules says so in its outcome, its record and the log', async () => {
  const missing = testRule('M03', aboutEveryone(), { feeds: ['income'] });
  const world = await nightWorld(database.as('worker'), [fails, works, missing]);
  await world.person('one');
  await world.sql`delete from hub.batch where feed_id = 'income'`;
  const lines: string[] = [];
  const night = await world.night('2026-01-31', {}, { log: createLog((line) => lines.push(line)) });
  expect(night.states).toEqual({ evaluated: 1, stale: 0, 'not-checkable': 1, failed: 1, held: 0 });
  const [row] = await world.sql`
    select rules_evaluated, rules_stale, rules_not_checkable, rules_failed, rules_held, attempts from hub.night`;
  expect(row).toEqual({
    ...{
      rules_evaluated: 1,
      rules_stale: 0,
      rules_not_checkable: 1,
      rules_failed: 1,
      rules_held: 0,
    },
    attempts: 1,
  });
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    ...{
      event: 'night.done',
      level: 'warn',
      rules: 1,
      failed: 1,
      notCheckable: 1,
      stale: 0,
      held: 0,
    },
  });
});

test('D6 a night in which nothing was evaluated does not turn earlier dates into repeats', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', home);
  const ahead = await world.night('2027-01-31');
  expect(ahead.states).toMatchObject({ evaluated: 0 });
  const today = await world.night('2026-01-31');
  expect(today).toMatchObject({ isRepeat: false, warnings: { raised: 1 } });
});

test('D6 a night that lost the changes it could not judge leaves them to the next', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  await world.night('2026-01-31');
  await world.end('property', personId, '2026-02-01');
  await world.night('2026-12-31');
  const next = await world.night('2026-02-02');
  expect(next).toMatchObject({ isRepeat: false, mode: 'delta', warnings: { lapsed: 1 } });
});

test('D6 a night ahead of its time holds back only the rules it evaluated', async () => {
  const roster = testRule('M01', aboutEveryone());
  const house = testRule('M02', aboutEveryone(), { feeds: ['real-estate'], family: 'audit' });
  const world = await nightWorld(database.as('worker'), [roster, house]);
  await world.person('one');
  expect((await world.night('2026-12-31')).states).toMatchObject({ evaluated: 1, stale: 1 });
  const today = await world.night('2026-01-31');
  expect(today).toMatchObject({ isRepeat: false, warnings: { raised: 1 } });
  expect(today.rules.map(({ isRepeat }) => isRepeat)).toEqual([true, false]);
  expect(today.comparison).toMatchObject({ onlyRepeated: 1 });
  await world.deliver('2026-02-01');
  const small = await world.night('2026-02-01');
  expect(small.rules.map(({ scope }) => scope)).toEqual(['everyone', 'changed']);
});

test('a rule that failed once looks at everyone the next time, although the night was done', async () => {
  const world = await nightWorld(database.as('worker'), [fails, works]);
  await world.person('one');
  await world.night('2026-01-31');
  const mended = [testRule('M01', aboutEveryone(), { version: 2 }), works];
  const next = await world.night('2026-02-01', {}, { rules: mended });
  expect(next.rules.map(({ scope, state }) => [scope, state])).toEqual([
    ['everyone', 'evaluated'],
    ['changed', 'evaluated'],
  ]);
  expect(next.warnings.raised).toBe(1);
});

test('a night begun again under its id counts its attempts; one on record as done is not begun again', async () => {
  const world = await nightWorld(database.as('worker'), [works]);
  await world.person('one');
  const nightId = '00000000-0000-4000-8000-000000000001';
  const stop = AbortSignal.abort();
  await expect(world.night('2026-01-31', { nightId }, { signal: stop })).rejects.toMatchObject({
    code: 'run.stopped',
  });
  await world.night('2026-01-31', { nightId });
  await expect(world.night('2026-01-31', { nightId })).rejects.toMatchObject({
    code: 'run.superseded',
  });
  expect(await world.sql`select state, attempts, warnings_new from hub.night`).toMatchObject([
    { state: 'done', attempts: 2, warnings_new: 1 },
  ]);
});

test('progress counts the parts of a night and the steps of its commit, and reaches the end last', async () => {
  const world = await nightWorld(database.as('worker', 6));
  for (const name of ['a', 'b', 'c', 'd']) await world.person(name, home);
  const told: [number, number | undefined][] = [];
  const onProgress = (_step: string, done: number, total?: number) => told.push([done, total]);
  await world.night('2026-01-31', {}, { partSize: 2, workers: 1, onProgress });
  // C03 looks across persons, the others in two ranges, X01 after them in two; then three steps.
  const steps = [...new Set(told.map(([done, total]) => `${done}/${total}`))];
  expect(steps).toEqual(['0/8', '1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']);
});
