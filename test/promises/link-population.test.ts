/** Who is in the graph, whose facts it holds, and who may see them. */

import { expect, test } from 'vitest';
import { rebuildGraph, type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deliveries, type Package } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { littleHub } from '../harness/little-hub.ts';
import {
  crossing,
  home,
  income,
  LI,
  official,
  relative,
  STRANGER,
  travelDocument,
  unit,
  WIFE,
  ZHAO,
} from '../harness/little-packages.ts';

let sql: Sql;
let ctx: SyncContext;

littleHub((hub) => {
  ({ sql, ctx } = hub);
});

const sync = async (...packages: Package[]) => {
  for (const each of packages) {
    const outcome = await syncFeed(ctx, each.feed, deliveries([each]), 'test');
    expect(outcome.error).toBeUndefined();
  }
};
const roster = (asOf: string, ...officials: Record<string, string>[]): Package => ({
  feed: 'roster',
  asOf,
  sheets: { units: [unit('U1', '财政局')], officials },
});
const family = (asOf: string, ...rows: Record<string, string>[]): Package => ({
  feed: 'family',
  asOf,
  sheets: { family: rows },
});
const homes = (asOf: string, ...rows: Record<string, string>[]): Package => ({
  feed: 'homes',
  asOf,
  sheets: { homes: rows },
});
const border = (
  asOf: string,
  documents: Record<string, string>[],
  crossings: Record<string, string>[],
): Package => ({ feed: 'border', asOf, sheets: { documents, crossings } });

test('C2 facts of a spouse that came before the declaration appear with it, and nobody else is profiled', async () => {
  await sync(homes('2026-01-10', home('H1', WIFE), home('H2', STRANGER)));
  await sync(family('2026-01-20', relative(LI, WIFE, '王芳')));
  expect(await sql`select 1 from hub.property`).toHaveLength(0);
  expect(await sql`select 1 from hub.kinship`).toHaveLength(0);
  await sync(roster('2026-02-01', official(LI, '李明')));
  const owned = await sql`select unit_no, known_from from hub.property`;
  expect([...owned]).toEqual([{ unit_no: 'H1', known_from: '2026-01-10' }]);
  const people = await sql`select name, is_official, sex from hub.person order by name`;
  expect(people.map(({ name }) => name).sort()).toEqual(['李明', '王芳'].sort());
  await checkInvariants(ctx);
});

/** Codes of the authorities a fact is seen by: of its own person, and through kinship. */
const sightOf = async (table: string) => {
  const codes = (column: string) => `array(select a.code from hub.authority a
    where a.authority_id = any(f.${column}) order by 1)`;
  const [row] =
    await sql.unsafe(`select ${codes('managed_by')} as own, ${codes('kin_managed_by')} as kin
    from hub.${table} f`);
  return row && { ...row };
};

test('G3 registers of the family are seen by the authorities of every official they stand with, old facts too', async () => {
  await sync(
    roster('2026-01-05', official(LI, '李明'), official(ZHAO, '赵强', { 管理权限: '市管' })),
    homes('2026-01-10', home('H1', WIFE)),
    family('2026-01-20', relative(LI, WIFE, '王芳')),
  );
  expect(await sightOf('property')).toEqual({ own: [], kin: ['county'] });
  await sync(family('2026-02-20', relative(ZHAO, WIFE, '王芳', '50')));
  expect(await sightOf('property')).toEqual({ own: [], kin: ['city', 'county'] });
  await sync(roster('2026-03-05', official(LI, '李明', { 管理权限: '市管' })));
  expect(await sightOf('property')).toEqual({ own: [], kin: ['city'] });
  await checkInvariants(ctx);
});

test('G3 an official who is the spouse of another keeps to their own authority, but for registers', async () => {
  await sync(
    roster('2026-01-05', official(LI, '李明'), official(ZHAO, '王芳', { 管理权限: '市管' })),
    family('2026-01-20', relative(LI, ZHAO, '王芳')),
    homes('2026-01-25', home('H1', ZHAO)),
    border(
      '2026-02-01',
      [travelDocument('E10000001', ZHAO, '王芳')],
      [crossing('E10000001', '王芳', '出', '2026-01-02 10:00:00')],
    ),
  );
  for (const table of ['property', 'travel_document', 'crossing', 'trip']) {
    expect([table, await sightOf(table)]).toEqual([table, { own: ['city'], kin: ['county'] }]);
  }
  const [row] = await sql`select array(select a.code from hub.authority a
    where a.authority_id = any(p.managed_by)) as codes from hub.person p where p.name = '王芳'`;
  expect(row?.codes).toEqual(['city']);
  await checkInvariants(ctx);
});

test('G3 a register that has the number under another name stays closed until the names agree', async () => {
  await sync(
    roster('2026-01-05', official(LI, '李明')),
    homes('2026-01-10', home('H1', STRANGER, { 权利人: '陈 静' })),
    family('2026-01-20', relative(LI, STRANGER, '王芳')),
  );
  expect(await sightOf('property')).toEqual({ own: [], kin: [] });
  // Spaces and the kind of dot say nothing.
  await sync(family('2026-02-20', relative(LI, STRANGER, '陈静')));
  expect(await sightOf('property')).toEqual({ own: [], kin: ['county'] });
  await sync(homes('2026-03-10', home('H1', STRANGER, { 权利人: '王芳' })));
  const newest = await sql`select kin_managed_by from hub.property where known_to = 'infinity'`;
  expect(newest).toMatchObject([{ kin_managed_by: null }]);
  await sync(
    family('2026-04-20', relative(LI, STRANGER, '阿依•古丽')),
    homes('2026-04-25', home('H1', STRANGER, { 权利人: '阿依·古丽' })),
  );
  const dotted = await sql`select 1 from hub.property
    where known_to = 'infinity' and kin_managed_by is not null`;
  expect(dotted).toHaveLength(1);
  await checkInvariants(ctx);
});

test('D1 only persons whose facts changed are noted for the next night', async () => {
  await sync(roster('2026-01-05', official(LI, '李明'), official(ZHAO, '赵强')));
  await sync({
    feed: 'income',
    asOf: '2026-02-01',
    sheets: { income: [income(LI, '2025', '1'), income(ZHAO, '2025', '2')] },
  });
  const highest = async () =>
    Number((await sql`select max(change_no) as no from hub.changed_subject`)[0]?.no);
  const before = await highest();
  await sync({
    feed: 'income',
    asOf: '2026-03-01',
    sheets: { income: [income(LI, '2025', '1'), income(ZHAO, '2025', '3')] },
  });
  const changed =
    await sql`select p.name from hub.changed_subject c join hub.person p on p.person_id = c.subject_id where c.change_no > ${before}`;
  expect(changed.map(({ name }) => name)).toEqual(['赵强']);
});

test('D1 a batch that was landed early and linked late is noted above what a night has seen', async () => {
  await sync(roster('2026-01-05', official(LI, '李明')));
  const [held] = await sql`
    insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds,
      state, received_at)
    values ('income', '2026-01-07', 'delta', 'x', 'x', 1, '{"income": []}', '{}', 'landed', now())
    returning batch_id`;
  await sync(roster('2026-01-06', official(LI, '李明', { 职务层次: '132' })));
  const seen = Number((await sql`select max(change_no) as no from hub.changed_subject`)[0]?.no);
  await sql`with page as (
      insert into hub.record_page (digest, sheet, kinds, has_mentions, fields, bodies)
      values (gen_random_uuid(), 'income', '{income}', false,
        '{"income": ["taxYear", "item", "payerName", "payerCode", "grossFen", "isSettled"]}',
        '[[2025, "wages", "x", "x", "1", true]]')
      returning page_id
    ), listed as (
      insert into hub.batch_page (batch_id, first_ordinal, page_id) select ${held?.batch_id}, 1, page_id from page)
    insert into hub.record (record_key, person_id, digest, page_id, slot, "row", kind)
    select gen_random_uuid(), p.person_id, gen_random_uuid(), g.page_id, 0, 0, 'income' from hub.person p, page g`;
  await sql`update hub.batch set state = 'normalised', kinds = '{income}' where batch_id = ${held?.batch_id}`;
  await syncFeed(ctx, 'income', deliveries([]), 'test');
  expect(await sql`select 1 from hub.income`).toHaveLength(1);
  const noted = await sql`select 1 from hub.changed_subject where change_no > ${seen}`;
  expect(noted).toHaveLength(1);
});

test('C3 a crossing before its document waits in quarantine and is used when the document comes', async () => {
  await sync(roster('2026-01-05', official(LI, '李明')));
  await sync(
    border('2026-02-01', [], [crossing('E10000001', '李明', '出', '2026-01-02 10:00:00')]),
  );
  const [held] = await sql`select reason, "column", message_zh from hub.quarantine`;
  expect(held).toMatchObject({ reason: 'person.unknown', column: '证件号码' });
  await sync(border('2026-02-02', [travelDocument('E10000001', LI, '李明')], []));
  expect(await sql`select 1 from hub.quarantine`).toHaveLength(0);
  expect(await sql`select 1 from hub.crossing`).toHaveLength(1);
  await checkInvariants(ctx);
});

test('C8 a crossing under another name than the holder is never linked', async () => {
  await sync(roster('2026-01-05', official(LI, '李明')));
  await sync(
    border(
      '2026-02-01',
      [travelDocument('E10000001', LI, '李明')],
      [crossing('E10000001', '李鸣', '出', '2026-01-02 10:00:00')],
    ),
  );
  expect(await sql`select 1 from hub.crossing`).toHaveLength(0);
  const held = await sql`select reason, "column" from hub.quarantine`;
  expect([...held]).toEqual([{ reason: 'person.name-differs', column: '姓名' }]);
});

test('C6 a corrected holder takes the crossings and trips with the document', async () => {
  await sync(roster('2026-01-05', official(LI, '李明'), official(ZHAO, '李明')));
  const names = () => sql`select person_id from hub.trip`;
  await sync(
    border(
      '2026-02-01',
      [travelDocument('E10000001', LI, '李明')],
      [crossing('E10000001', '李明', '出', '2026-01-02 10:00:00')],
    ),
  );
  const [first] = await names();
  await sync(border('2026-03-01', [travelDocument('E10000001', ZHAO, '李明')], []));
  const after = await names();
  expect(after).toHaveLength(1);
  expect(after[0]?.person_id).not.toBe(first?.person_id);
  await checkInvariants(ctx);
});

test('C2 trips pair an exit with the next entry of the person, over two documents; halves stay incomplete', async () => {
  await sync(roster('2026-01-05', official(LI, '李明')));
  await sync(
    border(
      '2026-06-01',
      [travelDocument('E10000001', LI, '李明'), travelDocument('E10000002', LI, '李明')],
      [
        crossing('E10000001', '李明', '入', '2026-01-01 08:00:00'),
        crossing('E10000001', '李明', '出', '2026-02-01 23:30:00'),
        crossing('E10000002', '李明', '出', '2026-02-01 23:30:20'),
        crossing('E10000002', '李明', '入', '2026-02-05 08:00:00'),
        crossing('E10000001', '李明', '出', '2026-03-01 08:00:00'),
        crossing('E10000001', '李明', '出', '2026-04-01 08:00:00'),
      ],
    ),
  );
  const trips = await sql`select left_on, returned_on, is_complete from hub.trip
    order by coalesce(left_on, returned_on)`;
  expect([...trips]).toEqual([
    { left_on: null, returned_on: '2026-01-01', is_complete: false },
    { left_on: '2026-02-01', returned_on: '2026-02-05', is_complete: true },
    { left_on: '2026-03-01', returned_on: null, is_complete: false },
    { left_on: '2026-04-01', returned_on: null, is_complete: false },
  ]);
});

test('C12 a rebuild finds what was changed behind the back of the log', async () => {
  await sync(roster('2026-01-05', official(LI, '李明')), homes('2026-01-10', home('H1', LI)));
  const before = await graphDigests(sql);
  await sql`update hub.property set area_m2 = 1`;
  expect(await graphDigests(sql)).not.toEqual(before);
  await rebuildGraph(ctx);
  expect(await graphDigests(sql)).toEqual(before);
});

test('C12 pages written before the columns were in today’s order say what they said', async () => {
  await sync(
    roster('2026-01-05', official(LI, '李明')),
    { feed: 'income', asOf: '2026-02-01', sheets: { income: [income(LI, '2024', '1')] } },
    { feed: 'income', asOf: '2026-03-01', sheets: { income: [income(LI, '2025', '2')] } },
  );
  const said = () => sql`select to_jsonb(i) as fact from hub.income i order by tax_year`;
  const before = [...(await said())];
  await sql`
    update hub.record_page g set bodies = jsonb_build_array((select jsonb_agg(v order by n desc)
        from jsonb_array_elements(g.bodies->0) with ordinality e (v, n))),
      fields = jsonb_build_object('income', (select jsonb_agg(f order by n desc)
        from jsonb_array_elements(g.fields->'income') with ordinality e (f, n)))
    where g.page_id = (select min(page_id) from hub.record_page where sheet = 'income')`;
  await rebuildGraph(ctx);
  expect([...(await said())]).toEqual(before);
  await sql`
    update hub.record_page set fields = jsonb_set(fields, '{income}', replace((fields->'income')::text,
      '"deductionFen"', '"goneFen"')::jsonb) where sheet = 'income'`;
  await rebuildGraph(ctx);
  expect([...(await said())]).toEqual(
    before.map(({ fact }) => ({ fact: { ...fact, deduction_fen: null } })),
  );
});
