import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseSource } from '../../src/base/feed-settings.ts';
import { Secret } from '../../src/base/secret.ts';
import { postgres } from '../../src/platform/driver.ts';
import { pull } from '../../src/transports/index.ts';
import { testDatabase } from '../harness/database.ts';
import { feedNamed, listening, outcome, outcomes, take } from './feeds.ts';

const database = testDatabase();
const exitEntry = feedNamed('exit-entry');
let settings: DatabaseSource;
let department: ReturnType<typeof postgres>;

beforeAll(async () => {
  const { url } = await database.get();
  department = postgres(url.reveal(), { max: 1, onnotice: () => undefined });
  await department.unsafe(`
    create schema exchange;
    set search_path = exchange;
    create table exchange_delivery (feed text, as_of date, sequence int, rows int, sealed_at timestamptz);
    create table exchange_document (as_of date, sequence int, row_no int, zjhm text, "姓名" text, qfrq date);
    create table exchange_crossing (as_of date, sequence int, row_no int, zjhm text, crjsj timestamp);
  `);
  settings = {
    kind: 'front-end-database',
    isEnabled: true,
    schedule: undefined,
    maxBytes: 1_000_000,
    databaseUrl: url,
    schema: 'exchange',
    tables: {},
  };
});
afterAll(() => department.end());

/** A delivery of `documents` and one crossing; sealed unless told otherwise. */
async function deliver(
  asOf: string,
  change: { documents?: number; rows?: number; sealed?: boolean } = {},
) {
  const { documents = 2, rows = documents + 1, sealed = true } = change;
  // Written backwards: only row_no says the order.
  await department`insert into exchange_document
    select ${asOf}::date, 1, n, 'E' || n, '张' || n, date '2020-02-29' from generate_series(${documents}::int, 1, -1) n`;
  await department`insert into exchange_crossing values (${asOf}, 1, 1, 'E1', '2026-01-02 03:04:05')`;
  await department`insert into exchange_delivery
    values ('exit-entry', ${asOf}, 1, ${rows}, ${sealed ? new Date('2026-06-30') : null})`;
}

const clear = () => department`truncate exchange_delivery, exchange_document, exchange_crossing`;

test('sealed deliveries arrive oldest first, rows by number, cells as delivered', async () => {
  await clear();
  await deliver('2026-06-30');
  await deliver('2026-05-31', { documents: 3 });
  await department`insert into exchange_delivery values ('another-feed', '2026-01-31', 1, 0, now())`;
  const taken = await take(pull(exitEntry, settings, listening().context));
  expect(taken.map((it) => [it.asOf, it.name, it.rows.length])).toEqual([
    ['2026-05-31', 'exit-entry_2026-05-31_1', 4],
    ['2026-06-30', 'exit-entry_2026-06-30_1', 3],
  ]);
  expect(taken[1]?.rows).toEqual([
    { sheet: 'documents', header: ['zjhm', '姓名', 'qfrq'], cells: ['E1', '张1', '2020-02-29'] },
    { sheet: 'documents', header: ['zjhm', '姓名', 'qfrq'], cells: ['E2', '张2', '2020-02-29'] },
    { sheet: 'crossings', header: ['zjhm', 'crjsj'], cells: ['E1', '2026-01-02 03:04:05'] },
  ]);
});

test('a table may have another name than the sheet, where the feeds file says so', async () => {
  await clear();
  await deliver('2026-06-30');
  await department.unsafe('alter table exchange_crossing rename to "出入境记录"');
  const renamed = { ...settings, tables: { crossings: '出入境记录' } };
  const named = await outcome(pull(exitEntry, renamed, listening().context));
  const unnamed = await outcome(pull(exitEntry, settings, listening().context));
  await department.unsafe('alter table "出入境记录" rename to exchange_crossing');
  expect([named, unnamed]).toEqual(['1 taken', 'source.columns-changed']);
});

test('a delivery known by its digest is not delivered twice; a changed cell is another digest', async () => {
  await clear();
  await deliver('2026-06-30');
  const { context, digests } = listening();
  const [first] = await take(pull(exitEntry, settings, context));
  digests.add(first?.digest ?? '');
  expect(await outcome(pull(exitEntry, settings, context))).toBe('0 taken');
  await department`update exchange_document set zjhm = 'E9' where row_no = 2`;
  expect(await outcome(pull(exitEntry, settings, context))).toBe('1 taken');
});

describe('B5 a delivery that is not whole does not exist', () => {
  test('not sealed', async () => {
    await clear();
    await deliver('2026-06-30', { sealed: false });
    expect(await outcome(pull(exitEntry, settings, listening().context))).toBe('0 taken');
  });

  test.each([
    ['fewer', 4],
    ['more', 2],
  ])('%s rows than the seal says', async (_, rows) => {
    await clear();
    await deliver('2026-06-30', { rows });
    expect(await outcome(pull(exitEntry, settings, listening().context))).toBe('source.truncated');
  });

  test('and does not hold up the others', async () => {
    await clear();
    await deliver('2026-05-31', { rows: 99 });
    await deliver('2026-06-30');
    expect(await outcomes(pull(exitEntry, settings, listening().context))).toEqual([
      '2026-05-31 source.truncated',
      '2026-06-30 3 rows',
    ]);
  });

  test('over the limit of its feed', async () => {
    await clear();
    await deliver('2026-06-30', { documents: 5000 });
    const small = { ...settings, maxBytes: 10_000 };
    expect(await outcome(pull(exitEntry, small, listening().context))).toBe('source.too-large');
  });
});

test('the hub only reads: its connection refuses to write', async () => {
  await clear();
  await deliver('2026-06-30');
  await department.unsafe(`create function exchange.spy() returns text language sql volatile as
    $$ insert into exchange.exchange_delivery values ('spy', now(), 1, 0, now()) returning feed $$`);
  await department.unsafe('alter table exchange.exchange_crossing rename to kept');
  await department.unsafe(`create view exchange.exchange_crossing as
    select as_of, sequence, row_no, exchange.spy() as zjhm from exchange.kept`);
  const result = await outcome(pull(exitEntry, settings, listening().context));
  await department.unsafe(
    'drop view exchange.exchange_crossing; alter table exchange.kept rename to exchange_crossing',
  );
  expect(result).toBe('source.unavailable');
  expect(await department`select 1 from exchange_delivery where feed = 'spy'`).toHaveLength(0);
});

test('B3 B4 a server that is gone is tried again later; a wrong database or schema is a setting', async () => {
  const at = (change: (url: URL) => void): DatabaseSource => {
    const url = new URL(settings.databaseUrl.reveal());
    change(url);
    return { ...settings, databaseUrl: new Secret(url.href) };
  };
  const gone = at((url) => {
    url.port = '1';
  });
  const elsewhere = at((url) => {
    url.pathname = '/no_such_database';
  });
  const run = (source: DatabaseSource) => outcome(pull(exitEntry, source, listening().context));
  expect(await run(gone)).toBe('source.unavailable');
  expect(await run(elsewhere)).toBe('source.refused');
  expect(await run({ ...settings, schema: 'no_such_schema' })).toBe('source.refused');
});

test('no connection is left behind, not even by a run that stops in the middle', async () => {
  await clear();
  await deliver('2026-05-31');
  await deliver('2026-06-30');
  for await (const _ of pull(exitEntry, settings, listening().context)) break;
  const left = () => department`select 1 from pg_stat_activity
    where application_name = 'integrity-hub-exchange' and datname = current_database()`;
  await expect.poll(async () => (await left()).length, { timeout: 60_000 }).toBe(0);
});
