/** A row of a full feed that cannot be read is there all the same: it ends nothing that it can be known by. */
import { expect, test } from 'vitest';
import type { Package } from '../harness/deliver.ts';
import { checkInvariants } from '../harness/invariants.ts';
import { type LittleHub, littleHub, syncWell } from '../harness/little-hub.ts';
import { home, LI, ROSTER_OF_LI } from '../harness/little-packages.ts';

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
const [A, B, C] = [home('H1', LI), home('H2', LI), home('H3', LI)];
const unread = home('H2', LI, { 面积: '八十八' });

const held = async () =>
  (
    await sql`select unit_no || ' ' || known_from || '/' || known_to as home from hub.property order by unit_no, known_from`
  ).map(({ home: one }) => String(one));

test('a row that cannot be read does not end the fact it is about, until it is gone or corrected', async () => {
  await sync(homes('2026-02-01', A, B, C));
  await sync(homes('2026-03-01', A, unread, C));
  expect(await held()).toContain('H2 2026-02-01/infinity');
  await checkInvariants(ctx);
  await sync(homes('2026-04-01', A, unread, C));
  expect(await held()).toContain('H2 2026-02-01/infinity');
  await sync(homes('2026-05-01', A, C));
  expect(await held()).toContain('H2 2026-02-01/2026-05-01');
  await checkInvariants(ctx);
});

test('a corrected row goes on from where the unreadable one kept it', async () => {
  await sync(homes('2026-02-01', A, B, C));
  await sync(homes('2026-03-01', A, unread, C));
  await sync(homes('2026-04-01', A, home('H2', LI, { 面积: '90' }), C));
  expect(await held()).toEqual([
    'H1 2026-02-01/infinity',
    'H2 2026-02-01/2026-04-01',
    'H2 2026-04-01/infinity',
    'H3 2026-02-01/infinity',
  ]);
  await checkInvariants(ctx);
});

test('an unreadable row makes no fact, and one whose key cannot be read keeps none', async () => {
  await sync(homes('2026-02-01', A, B, C));
  await sync(
    homes('2026-03-01', A, C, home('H4', LI, { 面积: '无' }), home('H2', `${LI.slice(0, 17)}?`)),
  );
  expect(await held()).toEqual([
    'H1 2026-02-01/infinity',
    'H2 2026-02-01/2026-03-01',
    'H3 2026-02-01/infinity',
  ]);
  await checkInvariants(ctx);
});

test('rows that cannot be read count as kept rows of the delivery before', async () => {
  await sync(homes('2026-02-01', A, B, C));
  const { deliveries: outcomes } = await sync(homes('2026-03-01', A, unread));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['linked']);
  expect(await held()).toEqual([
    'H1 2026-02-01/infinity',
    'H2 2026-02-01/infinity',
    'H3 2026-02-01/2026-03-01',
  ]);
});

test('a row is known by a key that can be read in full, never by what is left of one', () => {
  const header = Object.keys(home('H2', LI));
  const known = (row: Record<string, string>) =>
    ctx.connectors.get('homes')?.identifier('homes', header)(Object.values(row));
  expect(known(unread)).toHaveLength(1);
  expect(known(home('H2', `${LI.slice(0, 17)}?`))).toEqual([]);
  expect(known(home('', LI))).toEqual([]);
});
