import { expect, test } from 'vitest';
import { copyJson, copyText } from '../../src/pipeline/copy.ts';
import { loadByStaging, loadRows } from '../../src/pipeline/load.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const columns = 'batch_id, ordinal, sheet, cells, digest';

async function* lines(batchId: number): AsyncIterable<string> {
  const cells = JSON.stringify(['tab\t', 'line\n', 'back\\slash', '\\N', '"', '\u0000', '𠮷']);
  for (let ordinal = 1; ordinal <= 500; ordinal++) {
    yield `${batchId}\t${ordinal}\t${copyText('a\tb\\')}\t${copyJson(cells)}\t${'0'.repeat(32)}\n`;
  }
}

test('both ways of loading give the same rows, and neither changes a character', async () => {
  const worker = (await database.get()).as('worker', 2);
  for (const [batchId, load] of [
    [1, loadRows],
    [2, loadByStaging],
  ] as const) {
    await worker.begin((tx) =>
      load(tx, { table: 'landed_row', columns, batchId, lines: lines(batchId) }),
    );
  }
  const rows =
    await worker`select batch_id::int, count(*)::int, min(sheet) as sheet, min(cells::text) as cells,
    count(distinct cells::text)::int as kinds from hub.landed_row group by batch_id order by batch_id`;
  expect(rows.map(({ batch_id: _, ...row }) => row)).toEqual([
    { count: 500, sheet: 'a\tb\\', cells: expect.stringContaining('𠮷'), kinds: 1 },
    { count: 500, sheet: 'a\tb\\', cells: expect.stringContaining('back\\\\slash'), kinds: 1 },
  ]);
});

test('the loader may insert into the two logs and do nothing else', async () => {
  const owner = (await database.get()).as('owner', 1);
  const granted =
    await owner`select table_name, privilege_type from information_schema.role_table_grants
    where grantee = 'hub_loader' order by 1`;
  expect([...granted]).toEqual([
    { table_name: 'landed_row', privilege_type: 'INSERT' },
    { table_name: 'record', privilege_type: 'INSERT' },
  ]);
});
