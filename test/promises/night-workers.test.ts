/** A night on several workers finds what one worker finds, whoever dies meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ruleProblems } from '../../src/rules/kit/check-rule.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { runUntilDone, startChild } from '../harness/child.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { lockIsAwaited } from '../harness/lock-waits.ts';
import { until } from '../harness/until.ts';
import {
  aboutEveryone,
  GATE,
  gatedRules,
  nightWorld,
  testRule,
  traces,
} from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const AS_OF = '2026-01-31';
const complaints = ['2025-09-01', '2025-10-01', '2025-11-01'].map((receivedOn) => ({
  petition: { receivedOn },
}));

test('D1 however a night is cut and on however many workers, the findings are the same', async () => {
  const world = await nightWorld(database.as('worker', 8));
  for (const name of ['a', 'b', 'c', 'd', 'e']) await world.person(name);
  await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.person('spouse', [{ property: { of: 'spouse', registeredOn: '2018-03-01' } }]);
  await world.person('complaints', complaints);
  await world.person('stacked', [
    ...complaints,
    { vehicle: { registeredOn: '2025-03-01', priceWan: 30 } },
  ]);
  const full = { mode: 'full' } as const;
  const whole = await world.night(AS_OF, full, { workers: 1 });
  const found = whole.rules.filter(({ findings }) => findings > 0).map(({ ruleId }) => ruleId);
  expect(found).toEqual(['A01', 'C03', 'V01', 'X01']);
  const before = await traces(world.sql);
  const runs =
    await world.sql`select rule_id, state, subjects, findings, gaps from hub.rule_run order by rule_id`;
  for (const [partSize, workers] of [
    [1, 1],
    [2, 3],
    [1, 6],
    [4, 2],
  ] as const) {
    const night = await world.night(AS_OF, full, { partSize, workers });
    expect(night.findingsDigest).toBe(whole.findingsDigest);
    expect(await traces(world.sql)).toEqual(before);
    const again = await world.sql`
      select rule_id, state, subjects, findings, gaps from hub.rule_run
      where night_id = ${night.nightId} order by rule_id`;
    expect([...again]).toEqual([...runs]);
  }
});

test('D2 a rule that stacks findings sees the snapshot of the night, or nothing: reading everyone is refused', async () => {
  const late = testRule(
    'M04',
    (s) => `${aboutEveryone(`(select count(*) from ${s.at('property')} p)`)(s)}`,
    {
      ...{ isAfterOthers: true, family: 'cross-source' },
    },
  );
  const everyone = testRule(
    'M05',
    (s) => `${aboutEveryone(`(select count(*) from ${s.everyone('property')} p)`)(s)}`,
    {
      ...{ isAfterOthers: true, family: 'cross-source' },
    },
  );
  expect([...ruleProblems(everyone)].join()).toContain('reads everyone');
  const world = await nightWorld(database.as('worker'), [
    testRule('M02', aboutEveryone()),
    late,
    everyone,
  ]);
  const { personId } = await world.person('one', [{ property: {} }]);
  const takeAway = async () => {
    await world.sql`delete from hub.property`;
  };
  let started = Promise.resolve();
  const onParts = () => {
    started = takeAway();
  };
  const night = await world.night(AS_OF, {}, { onParts });
  await started;
  expect(night.rules.map(({ state }) => state)).toEqual(['evaluated', 'evaluated', 'failed']);
  const [found] = await world.sql`
    select facts->0->>'valueEn' as value from hub.finding where rule_id = 'M04' and person_id = ${personId}`;
  expect(found?.value).toBe('1');
});

test('D4 a rule that fails takes nothing with it: what it had in common with others is made again', async () => {
  const common =
    (more: string): RuleDefinition['findings'] =>
    (s) =>
      `
    with ${s.shared('homes', `select p.person_id, count(*) as n from ${s.at('property')} p group by 1`)}
    select x.* from (${aboutEveryone(`(select max(n) from homes)`)(s)}) x where ${more}`;
  const rules = [
    testRule('M01', common('1 / (select count(*) from homes where n < 0) = 1')),
    testRule('M02', common('true')),
    testRule('M03', common('true'), { family: 'audit' }),
  ];
  const world = await nightWorld(database.as('worker'), rules);
  await world.person('one', [{ property: {} }]);
  const night = await world.night(AS_OF);
  expect(night.rules.map(({ state, findings }) => [state, findings])).toEqual([
    ['failed', 0],
    ['evaluated', 1],
    ['evaluated', 1],
  ]);
});

/** A night of several parts, held in its first one. */
async function heldNight(people = 6) {
  const worker = database.as('worker', 8);
  const world = await nightWorld(worker, gatedRules(''));
  const ids = [];
  for (let i = 0; i < people; i += 1) ids.push((await world.person(`p${i}`)).personId);
  const gated = [...ids].sort()[0] ?? '';
  const rules = gatedRules(gated);
  const [holder, watcher] = [await database.as('owner', 1).reserve(), database.as('owner', 1)];
  await holder`select pg_advisory_lock(${GATE})`;
  const night = world.night(AS_OF, {}, { workers: 1, partSize: 1, rules });
  await lockIsAwaited(watcher, { advisory: GATE });
  const [row] = await watcher`select night_id from hub.night where state = 'running'`;
  const args = [database.url.reveal(), String(row?.night_id), gated];
  const done = async () => {
    const [lease] = await watcher`select token from hub.lease where name = 'night'`;
    const rows = await watcher.unsafe(`select part_no from staging.night_done_${lease?.token}`);
    return rows.length;
  };
  const open = async () => {
    await holder`select pg_advisory_unlock(${GATE})`;
    holder.release();
  };
  return { world, night, rules, args, done, open };
}

test.each(['night.part-evaluated', 'night.part-committed'])(
  'D5 a helper killed at %s leaves its part to another; nothing is missing or doubled',
  async (place) => {
    const { world, night, rules, args, done, open } = await heldNight();
    const killed = await startChild('help-night.ts', args, { HUB_FAILPOINT: place }).ended;
    expect(killed.signal).toBe('SIGKILL');
    expect(await done()).toBe(place === 'night.part-committed' ? 1 : 0);
    const second = startChild('help-night.ts', args);
    await until(async () => (await done()) === 5);
    await open();
    const outcome = await night;
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(outcome.rules.map(({ findings }) => findings)).toEqual([6, 6, 6]);
    expect(outcome.warnings.raised).toBe(18);
    const alone = await world.night(AS_OF, { mode: 'full' }, { workers: 1, rules });
    expect(alone.findingsDigest).toBe(outcome.findingsDigest);
    expect(alone.warnings).toMatchObject({ raised: 0, changed: 0 });
  },
);

test('D5 helpers killed at random leave the findings one worker alone would have', async () => {
  const { world, night, rules, args, done, open } = await heldNight(16);
  const moments = Array.from({ length: 4 }, () => Math.floor(Math.random() * 4));
  let reached = 0;
  for (const further of moments) {
    const helper = startChild('help-night.ts', args);
    // Fifteen of the sixteen can be done while the first is held.
    const goal = Math.min(15, reached + further);
    await until(async () => (await done()) >= goal);
    helper.kill('SIGKILL');
    await helper.ended;
    reached = await done();
  }
  const last = startChild('help-night.ts', args);
  await open();
  await until(async () => (await done().catch(() => 32)) >= 18);
  last.kill('SIGKILL');
  await last.ended;
  const outcome = await night;
  const said = `killed after ${moments.join(', ')} parts`;
  expect(
    outcome.rules.map(({ findings }) => findings),
    said,
  ).toEqual([16, 16, 16]);
  const alone = await world.night(AS_OF, { mode: 'full' }, { workers: 1, rules });
  expect(alone.findingsDigest, said).toBe(outcome.findingsDigest);
  expect(alone.warnings, said).toMatchObject({ raised: 0, changed: 0, lapsed: 0 });
});

test('D5 a helper of a night whose process was killed ends by itself, and the next night finds everything', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
  const url = database.url.reveal();
  const killed = await startChild('run-night.ts', [url, AS_OF], { HUB_FAILPOINT: 'night.prepared' })
    .ended;
  expect(killed.signal).toBe('SIGKILL');
  const [row] = await world.sql`select night_id from hub.night`;
  const helper = await startChild('help-night.ts', [url, String(row?.night_id)]).ended;
  expect(helper).toMatchObject({ code: 0 });
  expect(helper.errors).toContain('night.help-over');
  await runUntilDone('run-night.ts', [url, AS_OF]);
  expect(await world.sql`select rule_id from hub.warning`).toMatchObject([{ rule_id: 'A01' }]);
});

test('a helper with another rule book stays out, and one that comes too late finds nothing to do', async () => {
  const { night, args, done, open } = await heldNight();
  const other = await startChild('help-night.ts', [...args.slice(0, 2), 'x']).ended;
  expect(other.errors).toContain('night.other-rule-book');
  expect(await done()).toBe(0);
  await open();
  await night;
  expect(await startChild('help-night.ts', args).ended).toMatchObject({ code: 0, errors: '' });
});
