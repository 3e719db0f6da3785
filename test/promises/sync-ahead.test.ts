/** A date that has not come yet costs its row, until it has come; it never moves a night. */
import { expect, test } from 'vitest';
import type { Package } from '../harness/deliver.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { type LittleHub, littleHub, syncWell } from '../harness/little-hub.ts';
import {
  declarations,
  declared,
  declaredHome,
  home,
  income,
  LI,
  ROSTER_OF_LI,
  travelDocument,
} from '../harness/little-packages.ts';

let sql: LittleHub['sql'];
let ctx: LittleHub['ctx'];

littleHub(async (hub) => {
  ({ sql, ctx } = hub);
  await syncWell(ctx, [ROSTER_OF_LI]);
});

const sync = (...packages: Package[]) => syncWell(ctx, packages);

const homes = (asOf: string, ...rows: ReturnType<typeof home>[]): Package => ({
  feed: 'homes',
  asOf,
  sheets: { homes: rows },
});
const living = async () =>
  (await sql`select unit_no as no from hub.property where known_to = 'infinity' order by 1`).map(
    ({ no }) => String(no),
  );
const held = async () =>
  (await sql`select reason, "column" from hub.quarantine order by batch_id, ordinal`).map(
    ({ reason, column }) => `${reason} ${column}`,
  );

test('a row that tells of a day to come is returned, with its column and without its value', async () => {
  await sync(homes('2026-02-01', home('H1', LI), home('H2', LI, { 登记: '2087-03-01' })));
  expect(await living()).toEqual(['H1']);
  expect(await held()).toEqual(['value.in-future 登记']);
  const [row] = await sql`select message_zh as zh, message_en as en from hub.quarantine`;
  expect(row?.zh).toContain('晚于');
  expect(`${row?.zh}${row?.en}`).not.toContain('2087');
  await checkInvariants(ctx);
});

test('the end of a term may lie ahead; a year, and a date nested in a declaration, may not', async () => {
  await sync({
    feed: 'border',
    asOf: '2026-02-01',
    sheets: { documents: [travelDocument('E10000001', LI, '李明')] },
  });
  expect(await sql`select 1 from hub.travel_document where expires_on = '2030-01-01'`).toHaveLength(
    1,
  );
  await sync({
    feed: 'income',
    asOf: '2026-02-01',
    sheets: {
      income: [
        income(LI, '2024', '1'),
        income(LI, '2025', '1'),
        income(LI, '2026', '1'),
        income(LI, '2027', '1'),
      ],
    },
  });
  expect(await held()).toEqual(['value.in-future 年度']);
  const feed = ctx.connectors.get('declaration');
  const read = (more: Record<string, unknown>) =>
    feed?.interpret(
      { sheet: 'declarations', cells: declared('2025', more) },
      { lastDay: '2026-03-04', latest: '' },
    );
  expect(
    read({ 房产: [declaredHome('999901001001GB00001F00010001', { 交易时间: '2062-06' })] }),
  ).toEqual({
    rejection: { reason: 'value.in-future', column: '房产.交易时间' },
  });
  const passport = {
    种类: '普通护照',
    号码: 'E10000001',
    签发日期: null,
    有效期至: '2062-06-01',
    保管机构: null,
  };
  expect(read({ 因私证件: [passport] })).toHaveProperty('records');
});

test('a row a few days ahead of the date its delivery is named by is taken', async () => {
  await sync(homes('2026-01-31', home('H1', LI, { 登记: '2026-02-20' })));
  expect(await living()).toEqual(['H1']);
});

test('rows that lay ahead are read anew when their day has come, and not before', async () => {
  const rows = [home('H1', LI), home('H2', LI, { 登记: '2026-05-20' }), home('H3', LI)];
  await sync(homes('2026-02-01', ...rows));
  expect(await living()).toEqual(['H1', 'H3']);
  await sync(homes('2026-03-01', ...rows));
  expect(await living()).toEqual(['H1', 'H3']);
  await sync(homes('2026-06-01', ...rows));
  expect(await living()).toEqual(['H1', 'H2', 'H3']);
  await sync(homes('2026-04-01', ...rows));
  expect(await held()).toEqual(Array(3).fill('value.in-future 登记'));
  expect(await living()).toEqual(['H1', 'H2', 'H3']);
  await checkInvariants(ctx);
});

test('a declaration dated in a year to come ends nothing', async () => {
  const loose = ctx.connectors.get('declaration');
  if (!loose) throw new Error('no declarations');
  const assert = { ...loose.manifest.assert, badRowsOver: 1 };
  const connector = { ...loose, manifest: { ...loose.manifest, assert } };
  ctx = { ...ctx, connectors: new Map([...ctx.connectors, ['declaration', connector]]) };
  const home1 = { 房产: [declaredHome('999901001001GB00001F00010001')] };
  await sync(declarations('2026-02-01', declared('2025', home1)));
  await sync(declarations('2026-03-01', declared('2025', { 签字日期: '2062-01-01' })));
  expect(await held()).toEqual(['value.in-future 签字日期']);
  expect(await sql`select 1 from hub.declared_property where known_to = 'infinity'`).toHaveLength(
    1,
  );
  await checkInvariants(ctx);
});
