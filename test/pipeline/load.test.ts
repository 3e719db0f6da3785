import { expect, test } from 'vitest';
import { copyJson, copyText } from '../../src/pipeline/copy.ts';
import { loadByStaging, loadRows } from '../../src/pipeline/load.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const columns = 'record_key, person_id, batch_id, ordinal, part, kind, digest, body, mention_name';

const UUID = '0'.repeat(32);

async function* lines(batchId: number): AsyncIterable<string> {
  const body = JSON.stringify(['tab\t', 'line\n', 'back\\slash', '\\N', '"', '𠮷']);
  for (let ordinal = 1; ordinal <= 500; ordinal++) {
    yield `${UUID}\t${UUID}\t${batchId}\t${ordinal}\t0\tincome\t${UUID}\t${copyJson(body)}\t${copyText('a\tb\\')}\n`;
  }
}

test('both ways of loading give the same rows, and neither changes a character', async () => {
  const worker = (await database.get()).as('worker', 2);
  for (const [batchId, load] of [
    [1, loadRows],
    [2, loadByStaging],
  ] as const) {
    await worker.begin((tx) =>
      load(tx, { table: 'record', columns, batchId, lines: lines(batchId) }),
    );
  }
  const rows =
    await worker`select batch_id::int, count(*)::int, min(mention_name) as name, min(body::text) as body,
    count(distinct body::text)::int as kinds from hub.record group by batch_id order by batch_id`;
  expect(rows.map(({ batch_id: _, ...row }) => row)).toEqual([
    { count: 500, name: 'a\tb\\', body: expect.stringContaining('𠮷'), kinds: 1 },
    { count: 500, name: 'a\tb\\', body: expect.stringContaining('back\\\\slash'), kinds: 1 },
  ]);
});

test('the loader may insert into the two logs and do nothing else', async () => {
  const owner = (await database.get()).as('owner', 1);
  const granted =
    await owner`select table_name, privilege_type from information_schema.role_table_grants
    where grantee = 'hub_loader' order by 1`;
  expect([...granted]).toEqual([
    { table_name: 'landed_page', privilege_type: 'INSERT' },
    { table_name: 'record', privilege_type: 'INSERT' },
  ]);
});
