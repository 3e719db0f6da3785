/** A warning keeps its identity and what people decided, whatever the data do. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastSeenOn } from '../../schema/warning/last-seen.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { aboutEveryone, nightWorld, testRule } from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const home = [{ property: { registeredOn: '2018-03-01', areaM2: 90 } }];

test('D9 corrected evidence changes the warning and keeps the old facts in an event', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  await world.night('2026-01-25');
  const [raised] = await world.sql`select * from hub.warning`;
  await world.sql`update hub.warning set state = 'proposed', proposed_by = 'u1', assignee_id = 'u2'`;
  await world.end('property', personId, '2026-01-30');
  await world.add(
    'home',
    [{ property: { registeredOn: '2018-03-01', areaM2: 144 } }],
    '2026-01-30',
  );
  expect((await world.night('2026-01-31')).warnings).toEqual({
    raised: 0,
    changed: 1,
    lapsed: 0,
    seenAgain: 0,
  });
  const warnings = await world.sql`select * from hub.warning`;
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({
    warning_id: raised?.warning_id,
    state: 'proposed',
    assignee_id: 'u2',
    first_seen_on: '2026-01-25',
    last_seen_on: '2026-01-31',
  });
  expect(JSON.stringify(warnings[0]?.facts)).toContain('144.00');
  const events =
    await world.sql`select kind, actor_id, detail from hub.warning_event order by event_no`;
  expect(events.map(({ kind }) => kind)).toEqual(['raised', 'evidence-changed']);
  expect(JSON.stringify(events[1]?.detail)).toContain('90.00');
  const evidence = await world.sql`select value_zh from hub.warning_evidence order by position`;
  expect(evidence[0]?.value_zh).toContain('144.00');
});

test('D9 withdrawn evidence lapses the warning without deciding it; back again, it is the same warning', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  await world.night('2026-01-25');
  await world.sql`update hub.warning set state = 'concluded', conclusion = 'data-error', concluded_by = 'u1'`;
  await world.end('property', personId, '2026-01-30');
  expect((await world.night('2026-01-31')).warnings.lapsed).toBe(1);
  expect(await world.sql`select state, conclusion, lapsed_on from hub.warning`).toMatchObject([
    { state: 'concluded', conclusion: 'data-error', lapsed_on: '2026-01-31' },
  ]);
  await world.add('home', home, '2026-02-02');
  expect((await world.night('2026-02-03')).warnings).toEqual({
    raised: 0,
    changed: 0,
    lapsed: 0,
    seenAgain: 1,
  });
  expect(await world.sql`select state, lapsed_on from hub.warning`).toMatchObject([
    { state: 'concluded', lapsed_on: null },
  ]);
  const events = await world.sql`select kind from hub.warning_event order by event_no`;
  expect(events.map(({ kind }) => kind)).toEqual(['raised', 'lapsed', 'seen-again']);
  const findings = await world.sql`select seen_from, seen_to from hub.finding order by seen_from`;
  expect([...findings]).toEqual([
    { seen_from: '2026-01-25', seen_to: '2026-01-31' },
    { seen_from: '2026-02-03', seen_to: 'infinity' },
  ]);
});

test('D9 an official who left the service is no longer asked about, and the warning says so', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  await world.night('2026-01-25');
  await world.end('official', personId, '2026-01-30');
  expect((await world.night('2026-01-31')).warnings.lapsed).toBe(1);
});

test('C12 the same subject in another installation of the same key is the same warning', async () => {
  const world = await nightWorld(database.as('worker'));
  await world.person('home', home);
  await world.night('2026-01-25');
  const [first] = await world.sql`select warning_id from hub.warning`;
  const other = await createTestDatabase();
  const twin = await nightWorld(other.as('worker'));
  await twin.person('home', home);
  await twin.night('2026-01-31');
  const [second] = await twin.sql`select warning_id from hub.warning`;
  await other.drop();
  expect(second?.warning_id).toBe(first?.warning_id);
});

test('D9 a warning, its evidence and its events belong to the authority of the official', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  await world.night('2026-01-25');
  await world.sql`insert into hub.authority (code, name) values ('city', '市管')`;
  await world.sql`update hub.official set authority_code = 'city' where person_id = ${personId}`;
  await world.night('2026-01-31', { mode: 'full' });
  const [city] =
    await world.sql`select array[authority_id] as id from hub.authority where code = 'city'`;
  const rows = await world.sql`
    select managed_by from hub.warning union all select managed_by from hub.warning_evidence
    union all select managed_by from hub.warning_event`;
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(row.managed_by).toEqual(city?.id);
  const events = await world.sql`select kind from hub.warning_event`;
  expect(events).toHaveLength(1);
});

test('D7 a warning cites the rule and the kit that computed what it says, and every night its own', async () => {
  const rules = (value: string, kitVersion: number) => [
    testRule('M01', aboutEveryone(value), { kitVersion }),
  ];
  const world = await nightWorld(database.as('worker'), rules(`'x'`, 1));
  await world.person('somebody');
  const cited = async (asOf: string, value: string, kitVersion: number) => {
    const book = rules(value, kitVersion);
    await registerRules(world.sql, book);
    const { nightId } = await world.night(asOf, { mode: 'full' }, { rules: book });
    const [row] = await world.sql`
      select w.rule_version, w.kit_version, r.kit_version as computed_with
      from hub.warning w, hub.rule_run r where r.night_id = ${nightId}`;
    return { ...row };
  };
  const first = { rule_version: 1, kit_version: 1, computed_with: 1 };
  expect(await cited('2026-01-25', `'x'`, 1)).toEqual(first);
  expect(await cited('2026-01-26', `'x'`, 2)).toEqual({ ...first, computed_with: 2 });
  expect(await cited('2026-01-27', `'y'`, 2).catch((error) => error.code)).toBe(
    'rule.changed-without-version',
  );
  expect(await cited('2026-01-27', `'y'`, 3)).toEqual({
    rule_version: 1,
    kit_version: 3,
    computed_with: 3,
  });
});

test('a warning was last seen when a night last saw it, not when it last changed', async () => {
  const world = await nightWorld(database.as('worker'));
  const { personId } = await world.person('home', home);
  const seen = async () => {
    const [row] = await world.sql.unsafe(
      `select first_seen_on, ${lastSeenOn('w')} as last_seen_on, lapsed_on from hub.warning w`,
    );
    return [row?.first_seen_on, row?.last_seen_on, row?.lapsed_on];
  };
  await world.night('2026-01-25');
  await world.night('2026-01-27');
  expect(await seen()).toEqual(['2026-01-25', '2026-01-27', null]);
  expect(await world.sql`select 1 from hub.warning_event`).toHaveLength(1);
  await world.night('2026-01-20');
  expect(await seen()).toEqual(['2026-01-25', '2026-01-27', null]);
  await world.end('property', personId, '2026-01-29');
  await world.night('2026-01-30');
  expect(await seen()).toEqual(['2026-01-25', '2026-01-27', '2026-01-30']);
  await world.night('2026-01-31');
  expect(await seen()).toEqual(['2026-01-25', '2026-01-27', '2026-01-30']);
});

test('G3 evidence about a relative is seen through kinship alone, and follows the official', async () => {
  const relative = '00000000-0000-4000-8000-00000000000f';
  const words = { zh: '某', en: 'some' };
  const findings: RuleDefinition['findings'] = (s) => {
    const evidence = s.evidence('o', { label: words, valueZh: `'x'`, valueEn: `'x'` });
    const ofRelative = `${evidence} || jsonb_build_object('subjectId', '${relative}')`;
    return `
      select sc.person_id, '' as unit_code, 'now' as period, 'yellow' as severity, '[]'::jsonb as facts,
        jsonb_build_array(${evidence}, ${ofRelative}) as evidence
      from scope sc join ${s.at('official')} o using (person_id)`;
  };
  const world = await nightWorld(database.as('worker'), [testRule('M01', findings)]);
  const { personId } = await world.person('one');
  const sight = async () => [
    ...(await world.sql`
      select e.subject_id = e.person_id::text as own,
        array(select a.code from hub.authority a where a.authority_id = any(e.managed_by)) as seen,
        array(select a.code from hub.authority a where a.authority_id = any(e.kin_managed_by)) as kin
      from hub.warning_evidence e order by e.position`),
  ];
  await world.night('2026-01-25');
  expect(await sight()).toEqual([
    { own: true, seen: ['county'], kin: [] },
    { own: false, seen: [], kin: ['county'] },
  ]);
  await world.sql`insert into hub.authority (code, name) values ('city', '市管')`;
  await world.sql`update hub.official set authority_code = 'city' where person_id = ${personId}`;
  await world.night('2026-01-31', { mode: 'full' });
  expect(await sight()).toEqual([
    { own: true, seen: ['city'], kin: [] },
    { own: false, seen: [], kin: ['city'] },
  ]);
});
