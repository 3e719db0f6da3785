import { expect, test } from 'vitest';
import { copyJson, copyText } from '../../src/pipeline/copy.ts';
import { loadByStaging, loadRows } from '../../src/pipeline/load.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const columns = 'page_id, digest, sheet, kinds, has_mentions, fields, bodies';

async function* lines(batchId: number): AsyncIterable<string> {
  const bodies = JSON.stringify(['tab\t', 'line\n', 'back\\slash', '\\N', '"', '𠮷']);
  for (let n = 1; n <= 500; n++) {
    const digest = String(batchId * 1000 + n).padStart(32, '0');
    yield `${batchId * 1000 + n}\t${digest}\t${copyText('a\tb\\')}\t{income}\tf\t{}\t${copyJson(bodies)}\n`;
  }
}

test('both ways of loading give the same rows, and neither changes a character', async () => {
  const worker = (await database.get()).as('worker', 2);
  for (const [batchId, load] of [
    [1, loadRows],
    [2, loadByStaging],
  ] as const) {
    await worker.begin((tx) =>
      load(tx, { table: 'record_page', columns, batchId, lines: lines(batchId) }),
    );
  }
  const rows = await worker`select count(*)::int, min(sheet) as sheet, min(bodies::text) as bodies,
    count(distinct bodies::text)::int as kinds from hub.record_page group by page_id / 1000 order by page_id / 1000`;
  expect([...rows]).toEqual([
    { count: 500, sheet: 'a\tb\\', bodies: expect.stringContaining('𠮷'), kinds: 1 },
    { count: 500, sheet: 'a\tb\\', bodies: expect.stringContaining('back\\\\slash'), kinds: 1 },
  ]);
});

test('the loader may insert into the logs and do nothing else', async () => {
  const owner = (await database.get()).as('owner', 1);
  const granted =
    await owner`select table_name, privilege_type from information_schema.role_table_grants
    where grantee = 'hub_loader' order by 1`;
  expect([...granted]).toEqual([
    { table_name: 'landed_page', privilege_type: 'INSERT' },
    { table_name: 'record', privilege_type: 'INSERT' },
    { table_name: 'record_page', privilege_type: 'INSERT' },
  ]);
});
