/** What is stated whole: a declaration by its person, year and kind, a full sheet by its next delivery. */
import { expect, test } from 'vitest';
import { parseManifest } from '../../connectors/kit/check-manifest.ts';
import { openFeed } from '../../connectors/kit/open-feed.ts';
import { littleCounty, type Package, residentId } from '../harness/deliver.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { type LittleHub, littleHub, syncWell } from '../harness/little-hub.ts';
import {
  declarations,
  declared,
  declaredHome,
  familyMember,
  home,
  LI,
  ROSTER_OF_LI,
  SON,
  WIFE,
} from '../harness/little-packages.ts';

const [H1, H2] = ['999901001001GB00001F00010001', '999901001001GB00001F00010002'];
let sql: LittleHub['sql'];
let ctx: LittleHub['ctx'];

littleHub(async (hub) => {
  ({ sql, ctx } = hub);
  await syncWell(ctx, [ROSTER_OF_LI]);
});

const sync = (...packages: Package[]) => syncWell(ctx, packages);

/** `unit year known-from/known-to` of every declared home. */
const homes = async () => {
  const rows = await sql`select right(unit_no, 1) as unit, year, known_from::text as "from",
    known_to::text as "to" from hub.declared_property order by unit_no, known_from`;
  return rows.map(({ unit: no, year, from, to }) => `${no} ${year} ${from}/${to}`);
};
const relatives = async () =>
  (
    await sql`select relative_name as name from hub.kinship where known_to = 'infinity' order by 1`
  ).map(({ name }) => String(name));

test('what a corrected declaration no longer says has ended', async () => {
  await sync(
    declarations('2026-02-01', declared('2025', { 房产: [declaredHome(H1), declaredHome(H2)] })),
  );
  await sync(declarations('2026-03-01', declared('2025', { 房产: [declaredHome(H2)] })));
  expect(await homes()).toEqual(['1 2025 2026-02-01/2026-03-01', '2 2025 2026-02-01/infinity']);
  await checkInvariants(ctx);
});

test('a declaration that takes back every row of a section ends them all, and may give them back', async () => {
  const some = declared('2025', { 房产: [declaredHome(H1), declaredHome(H2)] });
  await sync(declarations('2026-02-01', some));
  await sync(declarations('2026-03-01', declared('2025', { 无此类情况: ['房产'] })));
  expect(await sql`select 1 from hub.declared_property where known_to = 'infinity'`).toHaveLength(
    0,
  );
  await sync(declarations('2026-04-01', some));
  expect(await homes()).toEqual([
    '1 2025 2026-02-01/2026-03-01',
    '1 2025 2026-04-01/infinity',
    '2 2025 2026-02-01/2026-03-01',
    '2 2025 2026-04-01/infinity',
  ]);
  await checkInvariants(ctx);
});

test('another year and another kind of declaration take nothing away', async () => {
  await sync(declarations('2026-02-01', declared('2025', { 房产: [declaredHome(H1)] })));
  await sync(
    declarations(
      '2026-03-01',
      declared('2025', { 报告类型: '变更报告', 房产: [declaredHome(H2)] }),
    ),
    declarations('2026-04-01', declared('2024')),
  );
  expect(await homes()).toEqual(['1 2025 2026-02-01/infinity', '2 2025 2026-03-01/infinity']);
  await checkInvariants(ctx);
});

test('of two versions of a declaration in one delivery the later counts, with all its rows', async () => {
  await sync(
    declarations(
      '2026-02-01',
      declared('2025', { 房产: [declaredHome(H1), declaredHome(H2)] }),
      declared('2025', { 房产: [declaredHome(H2)] }),
    ),
  );
  expect(await homes()).toEqual(['2 2025 2026-02-01/infinity']);
  const [batch] =
    await sql`select rows_superseded as n from hub.batch where feed_id = 'declaration'`;
  expect(batch?.n).toBe(1);
  await checkInvariants(ctx);
});

test('a mistyped relative goes with the corrected declaration', async () => {
  const stranger = residentId(9);
  const family = async () =>
    (await sql`select relative_id_number as id from hub.kinship where known_to = 'infinity'`).map(
      ({ id }) => String(id),
    );
  await sync(
    declarations('2026-02-01', declared('2025', { 家庭成员: [familyMember('王芳', stranger)] })),
  );
  expect(await family()).toEqual([stranger]);
  await sync(
    declarations('2026-03-01', declared('2025', { 家庭成员: [familyMember('王芳', WIFE)] })),
  );
  expect(await family()).toEqual([WIFE]);
  await checkInvariants(ctx);
});

test('a relative whom a declaration of another year still names stays', async () => {
  const [wife, son] = [familyMember('王芳', WIFE), familyMember('李小明', SON, '子')];
  await sync(
    declarations(
      '2026-02-01',
      declared('2024', { 家庭成员: [wife] }),
      declared('2025', { 家庭成员: [wife, son] }),
    ),
  );
  expect(await relatives()).toEqual(['李小明', '王芳']);
  await sync(declarations('2026-03-01', declared('2025')));
  expect(await relatives()).toEqual(['王芳']);
  await checkInvariants(ctx);
  await sync(declarations('2026-04-01', declared('2024')));
  expect(await relatives()).toEqual([]);
  await checkInvariants(ctx);
});

test('a declaration sent again unchanged changes nothing, whatever lies beside it', async () => {
  const [wife, son] = [familyMember('王芳', WIFE), familyMember('李小明', SON, '子')];
  const first = declared('2024', { 家庭成员: [{ ...wife, 共同生活: '否' }, son] });
  await sync(declarations('2026-02-01', first, declared('2025', { 家庭成员: [wife] })));
  const held = () =>
    sql`select relative_name, is_co_living, batch_id, ordinal, known_from from hub.kinship order by 1`;
  const before = [...(await held())];
  const changes = await sql`select 1 from hub.changed_subject`;
  await sync(declarations('2026-03-01', first));
  expect([...(await held())]).toEqual(before);
  expect(await sql`select 1 from hub.changed_subject`).toHaveLength(changes.length);
  await checkInvariants(ctx);
  expect([...(await held())]).toEqual(before);
});

test('a section stated as empty that has rows is returned, and what was held stays', async () => {
  await sync(declarations('2026-02-01', declared('2025', { 房产: [declaredHome(H1)] })));
  const ok = declared('2024');
  const contradictions: Record<string, unknown>[] = [
    { 无此类情况: ['房产'], 房产: [declaredHome(H2)] },
    { 无此类情况: '家庭成员、基金', 家庭成员: [familyMember('王芳', WIFE)] },
    {
      无此类情况: ['基金'],
      投资与债权债务: [
        { 持有人: '李明', 类别: '基金', 名称: '甲', '金额（万元）': '1', 是否市值: '是' },
      ],
    },
  ];
  const { connectors } = ctx;
  for (const more of contradictions) {
    const result = connectors
      .get('declaration')
      ?.interpret({ sheet: 'declarations', cells: declared('2025', more) });
    expect(result).toEqual({ rejection: { reason: 'row.contradicts', column: '无此类情况' } });
  }
  const loose = new Map(connectors);
  const feed = connectors.get('declaration');
  if (!feed) throw new Error('no declarations');
  const assert = { ...feed.manifest.assert, badRowsOver: 1 };
  loose.set('declaration', { ...feed, manifest: { ...feed.manifest, assert } });
  ctx = { ...ctx, connectors: loose };
  await sync(declarations('2026-03-01', ok, declared('2025', contradictions[0])));
  expect(await homes()).toEqual(['1 2025 2026-02-01/infinity']);
  const [held] = await sql`select reason, message_zh from hub.quarantine`;
  expect(held).toMatchObject({ reason: 'row.contradicts' });
  expect(held?.message_zh).toContain('无此类情况');
  await checkInvariants(ctx);
});

/** Two sheets of one full feed that fill one table, each delivered as a file of its own. */
async function twoSheets() {
  const { homes: feed } = Object.fromEntries(await littleCounty());
  if (!feed) throw new Error('no homes');
  const { homes } = feed.manifest.sheets;
  if (!homes) throw new Error('no sheet');
  const sheets = { homes, shops: { ...homes, source: 'shops' } };
  const connector = await openFeed({ ...feed.manifest, sheets }, feed.folder);
  ctx = { ...ctx, connectors: new Map([...ctx.connectors, ['homes', connector]]) };
}
const sheetOf = (asOf: string, sheet: string, ...rows: ReturnType<typeof home>[]): Package => ({
  feed: 'homes',
  asOf,
  sheets: { [sheet]: rows },
});
const living = async () =>
  (
    await sql`select unit_no || ' ' || area_m2 as home from hub.property where known_to = 'infinity' order by 1`
  ).map(({ home: one }) => String(one));

test('a full sheet delivered as a file of its own ends nothing of another sheet of its table', async () => {
  await twoSheets();
  await sync(sheetOf('2026-02-01', 'homes', home('H1', LI), home('H2', LI), home('H3', LI)));
  await sync(sheetOf('2026-02-01', 'shops', home('S1', LI), home('S2', LI)));
  expect(await living()).toEqual(['H1 88.50', 'H2 88.50', 'H3 88.50', 'S1 88.50', 'S2 88.50']);
  await sync(sheetOf('2026-03-01', 'homes', home('H1', LI), home('H3', LI)));
  expect(await living()).toEqual(['H1 88.50', 'H3 88.50', 'S1 88.50', 'S2 88.50']);
  await sync(sheetOf('2026-03-01', 'shops', home('S2', LI)));
  expect(await living()).toEqual(['H1 88.50', 'H3 88.50', 'S2 88.50']);
  await checkInvariants(ctx);
});

test('what two full sheets state lives until neither has it, and what comes last counts', async () => {
  await twoSheets();
  const more = { 面积: '90' };
  await sync(sheetOf('2026-02-01', 'homes', home('X', LI), home('H1', LI)));
  await sync(sheetOf('2026-02-10', 'shops', home('X', LI, more), home('S1', LI)));
  expect(await living()).toEqual(['H1 88.50', 'S1 88.50', 'X 90.00']);
  await sync(sheetOf('2026-03-01', 'homes', home('X', LI), home('H1', LI)));
  expect(await living()).toEqual(['H1 88.50', 'S1 88.50', 'X 90.00']);
  await sync(sheetOf('2026-03-10', 'shops', home('S1', LI)));
  expect(await living()).toEqual(['H1 88.50', 'S1 88.50', 'X 88.50']);
  await sync(sheetOf('2026-04-01', 'homes', home('H1', LI)));
  expect(await living()).toEqual(['H1 88.50', 'S1 88.50']);
  await checkInvariants(ctx);
});

test('a feed that states its rows whole says so of records it has', async () => {
  const manifest = (await littleCounty()).get('declaration')?.manifest;
  const { declarations: sheet } = manifest?.sheets ?? {};
  const withSheet = (change: object) => ({
    ...manifest,
    sheets: { declarations: { ...sheet, ...change } },
  });
  expect(() => parseManifest('declaration', withSheet({}))).not.toThrow();
  expect(() => parseManifest('declaration', withSheet({ furtherRecords: [] }))).toThrow(
    /furtherRecords/,
  );
  expect(() =>
    parseManifest('declaration', withSheet({ furtherRecords: ['declaration'] })),
  ).toThrow(/itself/);
});
