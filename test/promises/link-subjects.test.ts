/** Facts about no person: companies are linked, followed, woken by and cited like people. */

import { expect, test } from 'vitest';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { personsChangedSince } from '../../src/pipeline/link/changes.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deliveries, type Package } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import {
  company,
  LI,
  official,
  relative,
  STRANGER,
  shareholder,
  unit,
  WIFE,
} from '../harness/little-packages.ts';
import { testRule } from '../rules/night-world.ts';

let sql: Sql;
let ctx: SyncContext;
let startAnew: () => Promise<void>;

littleHub((hub) => {
  ({ sql, ctx, startAnew } = hub);
});

const sync = async (...packages: Package[]) => {
  for (const each of packages) {
    const outcome = await syncFeed(ctx, each.feed, deliveries([each]), 'test');
    expect(outcome.error).toBeUndefined();
  }
};
const ROSTER: Package = {
  feed: 'roster',
  asOf: '2026-01-05',
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
const FAMILY: Package = {
  feed: 'family',
  asOf: '2026-01-20',
  sheets: { family: [relative(LI, WIFE, '王芳')] },
};
const companies = (asOf: string, sheets: Package['sheets']): Package => ({
  feed: 'companies',
  asOf,
  sheets,
});
const FIRST = companies('2026-01-10', {
  companies: [company('虚构商贸有限公司'), company('无码合作社', { 信用代码: null })],
  shareholders: [shareholder(WIFE, '虚构商贸有限公司'), shareholder(STRANGER, '虚构商贸有限公司')],
});
const SECOND = companies('2026-02-10', {
  companies: [company('虚构商贸有限公司', { 状态: 'cancelled' })],
  shareholders: [shareholder(WIFE, '虚构商贸有限公司', { 比例: '30' })],
});

test('C2 facts about a company keep their history, and its edges hold for the population only', async () => {
  await sync(ROSTER, FAMILY, FIRST, SECOND);
  const told =
    await sql`select name, state, known_from, known_to from hub.company order by known_from, name`;
  expect(told.map((row) => [row.name, row.state, row.known_from, row.known_to])).toEqual([
    ['无码合作社', 'active', '2026-01-10', 'infinity'],
    ['虚构商贸有限公司', 'active', '2026-01-10', '2026-02-10'],
    ['虚构商贸有限公司', 'cancelled', '2026-02-10', 'infinity'],
  ]);
  const edges =
    await sql`select s.share_percent::float8 as share, c.name from hub.company_shareholder s
    join hub.company c on c.company_id = s.company_id and c.known_to = 'infinity' where s.known_to = 'infinity'`;
  expect([...edges]).toEqual([{ share: 30, name: '虚构商贸有限公司' }]);
  expect(
    await sql`select 1 from hub.company_shareholder where managed_by = '{}' and kin_managed_by is null`,
  ).toHaveLength(0);
  await checkInvariants(ctx);
});

test('C2 a company is found by its code, or else by name and address, however they are typed', async () => {
  await sync(
    ROSTER,
    FAMILY,
    companies('2026-01-10', {
      companies: [
        company('虚构商贸有限公司'),
        company('（无码）合作社', { 信用代码: null, 住所: '临江县 二号' }),
      ],
      shareholders: [
        shareholder(WIFE, '改了名的公司', { 企业信用代码: '９１９９９９０１ma00000017' }),
        shareholder(LI, '(无码)合作社', { 企业信用代码: null, 企业住所: '临江县二号' }),
      ],
    }),
  );
  const named =
    await sql`select c.name from hub.company_shareholder s join hub.company c using (company_id) order by 1`;
  expect(named.map(({ name }) => name).sort()).toEqual(['虚构商贸有限公司', '（无码）合作社']);
});

test('B10 a row that does not say which company it is about is returned, with the column to fill in', async () => {
  await sync(
    companies('2026-01-10', {
      companies: [company('虚构商贸有限公司'), company('无人知晓', { 信用代码: null, 住所: null })],
      shareholders: [
        shareholder(WIFE, '虚构商贸有限公司'),
        shareholder(WIFE, '无人知晓', { 企业信用代码: null, 企业住所: null }),
      ],
    }),
  );
  const held = await sql`select reason, "column" from hub.quarantine order by ordinal`;
  expect([...held]).toEqual([
    { reason: 'value.missing', column: '信用代码' },
    { reason: 'value.missing', column: '企业信用代码' },
  ]);
});

test('C2 company, edge, family and roster give one graph in every order of arrival', async () => {
  const packages = [ROSTER, FAMILY, FIRST, SECOND];
  await sync(...packages);
  const expected = await graphDigests(sql);
  expect(expected.company?.startsWith('0:')).toBe(false);
  const orders = [
    [3, 2, 1, 0],
    [2, 0, 3, 1],
    [1, 3, 0, 2],
    [3, 0, 2, 1],
  ];
  for (const order of orders) {
    await startAnew();
    await sync(...order.flatMap((index) => packages[index] ?? []));
    expect(await graphDigests(sql), `order ${order}`).toEqual(expected);
  }
});

test('D1 a changed company wakes whoever is tied to it, and nobody else', async () => {
  await sync(ROSTER, FAMILY, FIRST);
  const [seen] = await sql<{ no: number }[]>`
    select max(change_no)::float8 as no from hub.changed_subject`;
  await sync(
    companies('2026-02-10', {
      companies: [company('虚构商贸有限公司', { 状态: 'cancelled' })],
      shareholders: [],
    }),
  );
  const since = { asOf: '2026-02-10', lastChangeNo: seen?.no ?? 0 };
  const woken = await sql.unsafe(
    `select name from hub.person join (${await personsChangedSince(since)}) w using (person_id)`,
  );
  expect(woken.map(({ name }) => name)).toEqual(['王芳']);
});

const words = { zh: '企业', en: 'company' };
/** Asks about every official whose household holds a company that is active. */
const HELD = testRule(
  'M01',
  (s) => `
    select e.official_id as person_id, '' as unit_code, 'now' as period, 'yellow' as severity,
      jsonb_build_array(jsonb_build_object('name', 'value', 'labelZh', '值', 'labelEn', 'value',
        'valueZh', c.name, 'valueEn', c.name)) as facts,
      jsonb_build_array(
        ${s.evidence('c', { about: 'company', label: words, valueZh: 'c.state', valueEn: 'c.state' })},
        ${s.evidence('e', { label: words, valueZh: `'x'`, valueEn: `'x'` })}) as evidence
    from ${s.ofHousehold('company_shareholder')} e
    join ${s.at('company')} c on c.company_id = e.company_id and c.state = 'active'`,
);

test('D1 a rule reads companies on full and small nights, and its evidence names the company', async () => {
  await registerRules(sql, [HELD]);
  const night = (asOf: string) =>
    correlate({ ...ctx, rules: [HELD] }, { asOf, mode: 'auto', requestedBy: 'test' });
  await sync(ROSTER, FAMILY, FIRST);
  const first = await night('2026-01-31');
  expect([first.mode, first.warnings.raised]).toEqual(['full', 1]);
  const cited =
    await sql`select e.feed_id, e.subject_kind, e.subject_id = c.company_id::text as is_company
    from hub.warning_evidence e, (select distinct company_id from hub.company_shareholder) c order by e.position`;
  expect([...cited]).toEqual([
    { feed_id: 'companies', subject_kind: 'company', is_company: true },
    { feed_id: 'companies', subject_kind: 'person', is_company: false },
  ]);
  await sync(
    companies('2026-02-10', {
      companies: [company('虚构商贸有限公司', { 状态: 'cancelled' })],
      shareholders: [],
    }),
  );
  const second = await night('2026-02-28');
  expect([second.mode, second.persons, second.warnings.lapsed]).toEqual(['delta', 1, 1]);
});
