/**
 * An official declares a spouse with a mistyped number, which is a stranger's. What registers hold of the
 * stranger must neither be shown nor become evidence, and that it was left out must be told.
 */
import { afterAll, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import { createReader, type Reader } from '../../src/read/index.ts';
import { fact, factList, same } from '../../src/rules/kit/words.ts';
import { deliveries, type Package } from '../harness/deliver.ts';
import { type LittleHub, littleHub } from '../harness/little-hub.ts';
import {
  declarations,
  declared,
  familyMember,
  home,
  income,
  LI,
  official,
  STRANGER,
  unit,
  WIFE,
} from '../harness/little-packages.ts';
import { askWith } from '../read/read-harness.ts';
import { testRule, traces } from '../rules/night-world.ts';

const words = { zh: '住宅', en: 'home' };
/** Two rules that read the household, each another register, and one that does not. */
const RULES = [
  testRule(
    'M01',
    (s) => `
      select p.official_id as person_id, '' as unit_code, p.unit_no as period, 'yellow' as severity,
        ${factList([fact('value', words, same('p.address'))])} as facts,
        jsonb_build_array(${s.evidence('p', { label: words, valueZh: 'p.address', valueEn: 'p.address' })}) as evidence
      from ${s.ofHousehold('property')} p`,
  ),
  testRule(
    'M02',
    (s) => `
      select i.official_id as person_id, '' as unit_code, i.tax_year::text as period, 'yellow' as severity,
        ${factList([fact('value', words, same('i.tax_year::text'))])} as facts,
        jsonb_agg(${s.evidence('i', { label: words, valueZh: `'x'`, valueEn: `'x'` })}) as evidence
      from ${s.ofHousehold('income')} i where i.relation <> 'self' group by 1, 3`,
  ),
  testRule(
    'M03',
    (s) => `
      select p.person_id, '' as unit_code, p.unit_no as period, 'yellow' as severity,
        ${factList([fact('value', words, same('p.address'))])} as facts,
        jsonb_build_array(${s.evidence('p', { label: words, valueZh: `'x'`, valueEn: `'x'` })}) as evidence
      from ${s.at('property')} p`,
  ),
];

let hub: LittleHub;
let sql: Sql;
let ctx: SyncContext;
let reader: Reader | undefined;
littleHub(async (given) => {
  hub = given;
  ({ sql, ctx } = given);
  await registerRules(sql, RULES);
});
afterAll(() => reader?.close());

const sync = async (...packages: Package[]) => {
  for (const each of packages) {
    const outcome = await syncFeed(ctx, each.feed, deliveries([each]), 'test');
    expect(outcome.error).toBeUndefined();
  }
};
const roster: Package = {
  ...{ feed: 'roster', asOf: '2026-01-05' },
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
/** An annual declaration, which states the family whole: what a later one leaves out has ended. */
const family = (asOf: string, id: string, name: string): Package =>
  declarations(asOf, declared('2025', { 家庭成员: [familyMember(name, id)] }));
const homes = (asOf: string, ...rows: Record<string, string>[]): Package => ({
  ...{ feed: 'homes', asOf },
  sheets: { homes: rows },
});

const night = (asOf: string, mode: 'auto' | 'full' = 'auto') =>
  correlate(
    {
      ...{ sql, log: silentLog, rules: RULES, identityKey: new Secret('key of this test') },
      clock: fixedClock(`${asOf}T02:00:00+08:00`),
    },
    { asOf, mode, requestedBy: 'test' },
  );

const TEXT = `query ($id: ID!) { cadre(id: $id) {
  warnings(first: 10) { nodes { ruleCode } }
  checks { rule { code } outcome reasonZh gaps { cause } }
  family { nodes { name person { homes { nodes { address } } } notChecked { cause reasonZh rule { code } } } } } }`;

type Told = {
  warnings: { ruleCode: string }[];
  checks: {
    rule: { code: string };
    outcome: string;
    reasonZh: string | null;
    gaps: { cause: string }[];
  }[];
  family: {
    name: string;
    person: { homes: unknown[] };
    notChecked: { cause: string; reasonZh: string; rule: { code: string } }[];
  }[];
};

type Listed<T> = { nodes: T[] };
type Member = Told['family'][number];
type Shown = Pick<Told, 'checks'> & {
  warnings: Listed<Told['warnings'][number]>;
  family: Listed<Omit<Member, 'person'> & { person: { homes: Listed<unknown> } }>;
};

/** What an analyst of the county is told of the official. */
async function told(): Promise<Told> {
  reader ??= createReader({
    ...{ schema, lanes: 1, databaseUrl: hub.database.logins.api },
    identityKey: new Secret('key of this test'),
    clock: fixedClock('2026-06-30T10:00:00+08:00'),
  });
  const [who] = await sql<{ person: string; authority: number }[]>`
    select p.person_id as person, p.managed_by[1] as authority from hub.person p where is_official`;
  if (!who) throw new Error('no official');
  const actor = { id: 'u', name: 'u', roles: ['analyst'], authorities: [who.authority] };
  const answer = await askWith(reader)(actor, TEXT, { id: `Cadre:${who.person}` });
  const { warnings, family: members, checks } = answer.cadre as Shown;
  return {
    warnings: warnings.nodes,
    checks,
    family: members.nodes.map(({ person, ...rest }) => ({
      ...rest,
      person: { homes: person.homes.nodes },
    })),
  };
}

const MISTYPED = [
  roster,
  family('2026-01-20', STRANGER, '王芳'),
  homes('2026-01-25', home('H1', STRANGER, { 权利人: '陈静' })),
];

test('G8 a stranger whose number was declared by mistake brings no warning, and every rule of the household says so', async () => {
  await sync(...MISTYPED);
  expect((await night('2026-01-31')).warnings.raised).toBe(0);
  const { warnings, checks, family: members } = await told();
  expect(warnings).toEqual([]);
  const outcomes = checks.map(({ rule, outcome, gaps }) => [
    rule.code,
    outcome,
    gaps.map(({ cause }) => cause),
  ]);
  // No register confirms the number, so what M02 did not find proves nothing either.
  expect(outcomes).toEqual([
    ['M01', 'NOT_CHECKABLE', ['NAME_DIFFERS']],
    ['M02', 'NOT_CHECKABLE', ['NAME_DIFFERS']],
    ['M03', 'SILENT', []],
  ]);
  expect(checks[0]?.reasonZh).toMatch(/^配偶的姓名与证件号码不符.*待核对/);
  expect(JSON.stringify([checks, members])).not.toMatch(/陈静|一号/);
  expect(members).toMatchObject([{ name: '王芳', person: { homes: [] } }]);
  expect(members[0]?.notChecked.map(({ rule }) => rule.code)).toEqual(['M01', 'M02']);
});

test('G8 D1 correcting the name or the number opens the rows to the next small night, as a full one would', async () => {
  for (const [id, name] of [
    [STRANGER, '陈 静'],
    [WIFE, '王芳'],
  ] as const) {
    await hub.startAnew();
    await registerRules(sql, RULES);
    await sync(
      ...MISTYPED,
      homes('2026-01-26', home('H1', STRANGER, { 权利人: '陈静' }), home('H2', WIFE)),
    );
    await night('2026-01-31');
    await sync(family('2026-02-10', id, name));
    expect(await night('2026-02-15')).toMatchObject({ mode: 'delta', warnings: { raised: 1 } });
    const small = await traces(sql);
    expect(await sql`select 1 from hub.rule_gap`).toHaveLength(0);
    expect((await night('2026-02-15', 'full')).warnings.raised).toBe(0);
    expect(await traces(sql)).toEqual(small);
    expect((await told()).family).toMatchObject([{ notChecked: [] }]);
  }
});

test('G8 a name mistaken later takes the rows away again, and the warning lapses', async () => {
  await sync(roster, family('2026-01-20', WIFE, '王芳'), homes('2026-01-25', home('H1', WIFE)));
  expect((await night('2026-01-31')).warnings.raised).toBe(1);
  await sync(family('2026-02-10', WIFE, '王方'));
  expect((await night('2026-02-15')).warnings.lapsed).toBe(1);
  expect((await told()).checks[0]).toMatchObject({ outcome: 'NOT_CHECKABLE' });
});

test('G8 where one register confirms a relative, another that has the number under another name is told for its rules alone', async () => {
  await sync(
    roster,
    family('2026-01-20', WIFE, '王芳'),
    homes('2026-01-25', home('H1', WIFE), home('H2', WIFE, { 权利人: '陈静' })),
    {
      feed: 'income',
      asOf: '2026-01-28',
      sheets: { income: [{ ...income(WIFE, '2024', '1000'), 姓名: '王 芳' }] },
    },
  );
  await night('2026-01-31');
  const gaps =
    await sql`select rule_id, cause, cardinality(relatives) as n from hub.rule_gap order by 1, 2`;
  expect([...gaps]).toEqual([{ rule_id: 'M01', cause: 'name-differs', n: 1 }]);
  const found =
    await sql`select rule_id, period from hub.finding where seen_to = 'infinity' order by 1`;
  expect([...found]).toEqual([
    { rule_id: 'M01', period: 'H1' },
    { rule_id: 'M02', period: '2024' },
  ]);
});
