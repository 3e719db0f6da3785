/** What departments get wrong costs the wrong rows, or the delivery; never the facts already held. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HubError } from '../../src/base/errors.ts';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deliveriesFrom } from '../../src/transports/index.ts';
import { deliveries, littleCounty, type Package, residentId } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import { home, income, LI, official, PACKAGES, unit } from '../harness/little-packages.ts';

let sql: Sql;
let owner: Sql;
let ctx: SyncContext;

littleHub((hub) => {
  ({ sql, owner, ctx } = hub);
});

const sync = (...packages: Package[]) =>
  syncFeed(ctx, packages[0]?.feed ?? '', deliveries(packages), 'test');

const incomes = (asOf: string, rows: Record<string, string | null>[]): Package => ({
  feed: 'income',
  asOf,
  sheets: { income: rows },
});

test('B5 a stream that breaks leaves nothing of its delivery, and the next delivery is taken', async () => {
  const broken: Package = {
    ...incomes('2026-01-31', [income(LI, '2024', '1'), income(LI, '2025', '2')]),
    breaksAfter: { rows: 1, error: new HubError('source.truncated', { feed: 'income' }) },
  };
  const outcome = await sync(broken, incomes('2026-02-28', [income(LI, '2025', '3')]));
  expect(outcome).toMatchObject({ state: 'failed', error: { code: 'source.truncated' } });
  expect(outcome.deliveries.map((each) => each.outcome)).toEqual(['refused', 'linked']);
  const landed = await sql`select sum(row_count)::int as n from hub.landed_page`;
  expect(landed[0]?.n).toBe(1);
  const [run] = await sql`select state, error_code, error_zh from hub.sync_run`;
  expect(run).toMatchObject({ state: 'failed', error_code: 'source.truncated' });
  expect(run?.error_zh).toContain('不完整');
});

test('B9 a missing column stops the delivery where the contract says stop, by name', async () => {
  const { 收入额: _gone, ...row } = income(LI, '2025', '1');
  const outcome = await sync(incomes('2026-01-31', [row]));
  expect(outcome.error).toMatchObject({
    code: 'source.columns-changed',
    details: { columns: '− 收入额' },
  });
  expect(await sql`select 1 from hub.batch`).toHaveLength(0);
});

test('B9 a missing column sends its rows to quarantine where the contract says so', async () => {
  const { 用途: _gone, ...row } = home('H1', LI);
  const outcome = await sync({ feed: 'homes', asOf: '2026-01-31', sheets: { homes: [row] } });
  expect(outcome.deliveries[0]).toMatchObject({ outcome: 'refused' });
  const [run] = await sql`select drift from hub.sync_run`;
  expect(run?.drift).toEqual(['− homes.用途']);
});

test('B9 an added column is heard of and moves no value', async () => {
  const added = await sync(incomes('2026-01-31', [{ 新列: 'x', ...income(LI, '2025', '1') }]));
  expect(added.state).toBe('done');
  const [run] = await sql`select drift from hub.sync_run`;
  expect(run?.drift).toEqual(['+ income.新列']);
  const [record] = await sql`
    select bodies->0->>(array_position(array(select jsonb_array_elements_text(fields->'income')),
      'grossFen') - 1) as fen from hub.record_page`;
  expect(record?.fen).toBe('100');
});

test('B11 poison rows go to quarantine, the rest are used, and every row is accounted for', async () => {
  await sync(...PACKAGES.filter(({ feed }) => feed === 'roster'));
  const rows = [
    income(LI, '2020', '1'),
    { ...income(LI, '2021', '1'), 单位: 'a\u0000b' },
    { ...income(LI, '2022', '1'), 单位: '\ud800' },
    { ...income(LI, '2023', '1'), 单位: '长'.repeat(400_000) },
    income(LI, '2024', '99999999999999999999'),
    { ...income(LI, '2025', '1'), 单位: 'tab\there "quoted" \\ and\nline' },
    ...[2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017].map((year) => income(LI, `${year}`, '1')),
  ];
  const outcome = await sync(incomes('2026-01-31', rows));
  expect(outcome.error).toBeUndefined();
  const held =
    await sql`select ordinal, message_zh, message_en from hub.quarantine order by ordinal`;
  expect(held.map(({ ordinal }) => ordinal)).toEqual([2, 3, 4, 5]);
  expect(held[3]?.message_zh).toContain('“收入额”');
  expect(JSON.stringify(held)).not.toContain('99999999999999999999');
  const [kept] = await sql`select payer_name from hub.income where tax_year = 2025`;
  expect(kept?.payer_name).toContain('"quoted" \\ and');
  await checkInvariants(ctx);
});

test('B11 rows that two stray quotes run together are returned line by line; the rows after them are used', async () => {
  await sync(...PACKAGES.filter(({ feed }) => feed === 'roster'));
  const lines: Record<string, string>[] = Array.from({ length: 60 }, (_, n) => home(`H${n}`, LI));
  const columns = Object.keys(lines[0] ?? {});
  const text = [columns, ...lines.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.join(','))
    .map((line, n) =>
      n === 2 ? line.replace(',', ',"') : n === 4 ? line.replace(/,([^,]*)$/, '",$1') : line,
    );
  const folder = mkdtempSync(join(tmpdir(), 'hub-quotes-'));
  const file = join(folder, 'homes_2026-01-31.csv');
  writeFileSync(file, `${text.join('\n')}\n`);
  const homes = (await littleCounty()).get('homes');
  if (!homes) throw new Error('no feed homes');
  const outcome = await syncFeed(ctx, 'homes', deliveriesFrom(homes, file), 'test');
  rmSync(folder, { recursive: true });
  expect(outcome.error).toBeUndefined();
  const held = await sql`select ordinal, reason, message_zh from hub.quarantine order by ordinal`;
  expect(held.map(({ ordinal, reason }) => [ordinal, reason])).toEqual([
    [2, 'row.shape'],
    [3, 'row.shape'],
    [4, 'row.shape'],
  ]);
  expect(held[0]?.message_zh).toContain('引号是否配对');
  const [used] = await sql`select count(*)::int as n from hub.property where known_to = 'infinity'`;
  expect(used?.n).toBe(57);
  await checkInvariants(ctx);
});

test('B12 one broken row in a hundred: exactly those wait in quarantine; above the limit nothing is used', async () => {
  await sync(...PACKAGES.filter(({ feed }) => feed === 'roster'));
  const many = (broken: (n: number) => boolean) =>
    Array.from({ length: 5000 }, (_, n) => ({
      ...income(LI, String(1990 + (n % 30)), broken(n) ? 'x' : '1'),
      单位代码: `P${n}`,
    }));
  await sync(
    incomes(
      '2026-01-31',
      many((n) => n % 100 === 0),
    ),
  );
  const [batch] =
    await sql`select rows_landed, rows_recorded, rows_quarantined from hub.batch where feed_id = 'income'`;
  expect(batch).toEqual({ rows_landed: 5000, rows_recorded: 4950, rows_quarantined: 50 });
  const before = await graphDigests(sql);
  const outcome = await sync(
    incomes(
      '2026-02-28',
      many((n) => n % 2 === 0),
    ),
  );
  expect(outcome.error).toMatchObject({ code: 'source.assertion-failed' });
  expect(await graphDigests(sql)).toEqual(before);
  const [refused] = await sql`select state, refused_zh from hub.batch where as_of = '2026-02-28'`;
  expect(refused).toMatchObject({ state: 'refused' });
  expect(refused?.refused_zh).toContain('整批未使用');
  await checkInvariants(ctx);
});

const homes = (asOf: string, count: number): Package => ({
  feed: 'homes',
  asOf,
  sheets: { homes: Array.from({ length: count }, (_, n) => home(`H${n}`, LI)) },
});

test('B13 an empty delivery, or one that lost most rows, deletes nobody', async () => {
  await sync(...PACKAGES.filter(({ feed }) => feed === 'roster'));
  await sync(homes('2026-01-31', 10));
  const before = await graphDigests(sql);
  const empty = await sync({ ...homes('2026-02-28', 0), name: 'empty' });
  expect(empty.error).toMatchObject({ code: 'source.assertion-failed' });
  const fewer = await sync(homes('2026-03-31', 4));
  expect(fewer.error).toMatchObject({ code: 'source.assertion-failed' });
  const after = await graphDigests(sql);
  expect(after).toEqual(before);
  expect((await sync(homes('2026-04-30', 6))).state).toBe('done');
});

test('C4 a row that leaves a full feed ends at that snapshot and keeps its history', async () => {
  await sync(...PACKAGES.filter(({ feed }) => feed === 'roster'));
  await sync(homes('2026-01-31', 3));
  await sync(homes('2026-02-28', 2));
  await sync(homes('2026-03-31', 3));
  const rows =
    await sql`select known_from, known_to from hub.property where unit_no = 'H2' order by known_from`;
  expect([...rows]).toEqual([
    { known_from: '2026-01-31', known_to: '2026-02-28' },
    { known_from: '2026-03-31', known_to: 'infinity' },
  ]);
  const kept = await sql`select known_from, known_to from hub.property where unit_no = 'H0'`;
  expect([...kept]).toEqual([{ known_from: '2026-01-31', known_to: 'infinity' }]);
});

test('C8 one person under 18 digits, small x and full width; a wrong check digit never matches', async () => {
  const withX =
    Array.from({ length: 40 }, (_, n) => residentId(n)).find((id) => id.endsWith('X')) ?? '';
  expect(withX).toMatch(/X$/);
  const wide = [...withX]
    .map((c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0))
    .join('');
  await sync({
    feed: 'roster',
    asOf: '2026-01-05',
    sheets: { units: [unit('U1', '财政局')], officials: [official(withX, '李明')] },
  });
  const wrong = `${withX.slice(0, 17)}${'0'}`;
  await sync(
    incomes('2026-01-31', [
      income(withX, '2021', '1'),
      income(withX.toLowerCase(), '2022', '1'),
      income(wide, '2023', '1'),
      income(wrong, '2024', '1'),
    ]),
  );
  const years = await sql`select tax_year from hub.income order by tax_year`;
  expect(years.map(({ tax_year }) => tax_year)).toEqual([2021, 2022, 2023]);
  const [held] = await sql`select reason, "column" from hub.quarantine`;
  expect(held).toEqual({ reason: 'value.bad-check-digit', column: '身份证号' });
});

test('K6 no table holds a cell that says who complained', async () => {
  const canaries = ['举报人欧阳不存在', '19999999999'];
  const outcome = await sync({
    feed: 'petition',
    asOf: '2026-01-31',
    sheets: {
      petitions: [
        {
          编号: 'A1',
          渠道: 'letter',
          举报人: canaries[0] ?? '',
          署名: '是',
          证件号: LI,
          收到: '2026-01-02',
          电话: canaries[1] ?? '',
          类别: 'property',
        },
      ],
    },
  });
  expect(outcome.state).toBe('done');
  const tables = await owner<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('hub', 'staging')`;
  let rows = 0;
  for (const { name } of tables) {
    for (const { text } of await owner.unsafe<{ text: string }[]>(
      `select t::text as text from ${name} t`,
    )) {
      rows += 1;
      for (const canary of canaries) expect(text.includes(canary), name).toBe(false);
    }
  }
  expect(rows).toBeGreaterThan(0);
});

test('K6 an unknown column in a sheet with sealed columns stops at the door', async () => {
  const outcome = await sync({
    feed: 'petition',
    asOf: '2026-01-31',
    sheets: {
      petitions: [
        {
          编号: 'A1',
          渠道: 'letter',
          署名: '是',
          证件号: LI,
          收到: '2026-01-02',
          类别: 'x',
          举报人姓名: '欧阳',
        },
      ],
    },
  });
  expect(outcome.error).toMatchObject({ code: 'source.columns-changed' });
  expect(await sql`select 1 from hub.landed_page`).toHaveLength(0);
});
